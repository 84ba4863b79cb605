//! What certificates, CSRs and CRLs have in common: a part that is signed, and
//! a signature, which is checked here. Unlike
//! [`PublicKey::verify`](crate::pki::key::PublicKey::verify), which decides what
//! this program issues from, this also checks what is too weak to be trusted:
//! who signed whom is a fact all the same.

use const_oid::{AssociatedOid, ObjectIdentifier, db};
use der::{Decode, Encode, Sequence, asn1::BitStringRef};
use rsa::{pkcs1v15, pss};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use signature::{Verifier, hazmat::PrehashVerifier};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::algorithm::Named;
use crate::pki::{
    ml_dsa::{ParameterSet, VerifyingKey},
    object_identifier::ECDSA_WITH_SHA1,
};

/// The outer form of a certificate (RFC 5280 section 4.1), a CSR (RFC 2986
/// section 4.2) and a CRL (RFC 5280 section 5.1).
#[derive(Sequence)]
pub(super) struct Signed<'a> {
    /// What is signed.
    pub(super) contents: der::asn1::AnyRef<'a>,
    /// How it is signed.
    pub(super) algorithm: AlgorithmIdentifierOwned,
    /// The signature.
    pub(super) signature: BitStringRef<'a>,
}

/// Whether a signature holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureCheck {
    /// It was made by this key over these bytes.
    Holds,
    /// It was not.
    Wrong,
    /// It can't be checked here.
    NotChecked(NotChecked),
}

/// Why a signature can't be checked here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotChecked {
    /// An algorithm that this program does not calculate.
    Algorithm(Named),
    /// A key that this program does not calculate with.
    Key(String),
    /// Too many signatures were checked already.
    TooMany,
}

impl SignatureCheck {
    /// Checks the signature of a certificate, CSR or CRL with a key. The
    /// algorithms are those of RFC 8017, RFC 5758, RFC 8410 and RFC 9881.
    pub(super) fn of(document: &[u8], key: &SubjectPublicKeyInfoOwned) -> Self {
        let Ok(signed) = Signed::from_der(document) else {
            return Self::Wrong;
        };
        let (Ok(message), Some(signature)) =
            (signed.contents.to_der(), signed.signature.as_bytes())
        else {
            return Self::Wrong;
        };
        let algorithm = signed.algorithm.oid;
        let holds = match key.algorithm.oid {
            db::rfc5912::RSA_ENCRYPTION => rsa(key, &signed.algorithm, &message, signature),
            db::rfc5912::ID_EC_PUBLIC_KEY => ecdsa(key, algorithm, &message, signature),
            db::rfc8410::ID_ED_25519 => ed25519(key, algorithm, &message, signature),
            other => match ParameterSet::named(other) {
                Some(set) => ml_dsa(set, key, algorithm, &message, signature),
                None => Err(NotChecked::Key(Named::new(other).name)),
            },
        };
        match holds {
            Ok(true) => Self::Holds,
            Ok(false) => Self::Wrong,
            Err(reason) => Self::NotChecked(reason),
        }
    }
}

fn rsa(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, NotChecked> {
    use db::rfc5912 as named;
    let unusable = || NotChecked::Key("RSA of an unusual size".to_owned());
    let key = key.to_der().map_err(|_| unusable())?;
    // Takes 1024 to 8192 bits and exponents up to 2^33, so no key is slow.
    let key: rsa::PublicKey =
        spki::DecodePublicKey::from_public_key_der(&key).map_err(|_| unusable())?;
    Ok(match algorithm.oid {
        named::SHA_1_WITH_RSA_ENCRYPTION => rsa_pkcs1::<Sha1>(key, message, signature),
        named::SHA_224_WITH_RSA_ENCRYPTION => rsa_pkcs1::<Sha224>(key, message, signature),
        named::SHA_256_WITH_RSA_ENCRYPTION => rsa_pkcs1::<Sha256>(key, message, signature),
        named::SHA_384_WITH_RSA_ENCRYPTION => rsa_pkcs1::<Sha384>(key, message, signature),
        named::SHA_512_WITH_RSA_ENCRYPTION => rsa_pkcs1::<Sha512>(key, message, signature),
        named::ID_RSASSA_PSS => {
            let hash = algorithm
                .parameters
                .as_ref()
                .and_then(|parameters| parameters.decode_as::<pkcs1::RsaPssParamsOwned>().ok())
                .map(|parameters| parameters.hash.oid);
            match hash {
                Some(hash) if hash == Sha256::OID => rsa_pss::<Sha256>(key, message, signature),
                Some(hash) if hash == Sha384::OID => rsa_pss::<Sha384>(key, message, signature),
                Some(hash) if hash == Sha512::OID => rsa_pss::<Sha512>(key, message, signature),
                _ => return Err(NotChecked::Algorithm(Named::new(algorithm.oid))),
            }
        }
        other => return Err(NotChecked::Algorithm(Named::new(other))),
    })
}

fn rsa_pkcs1<D: Digest + AssociatedOid>(
    key: rsa::PublicKey,
    message: &[u8],
    signature: &[u8],
) -> bool
where
    pkcs1v15::VerifyingKey<D>: Verifier<pkcs1v15::Signature>,
{
    pkcs1v15::Signature::try_from(signature).is_ok_and(|signature| {
        pkcs1v15::VerifyingKey::<D>::new(key)
            .verify(message, &signature)
            .is_ok()
    })
}

fn rsa_pss<D: Digest>(key: rsa::PublicKey, message: &[u8], signature: &[u8]) -> bool
where
    pss::VerifyingKey<D>: Verifier<pss::Signature>,
{
    pss::Signature::try_from(signature).is_ok_and(|signature| {
        pss::VerifyingKey::<D>::new_with_auto_salt_len(key)
            .verify(message, &signature)
            .is_ok()
    })
}

fn ecdsa(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, NotChecked> {
    use db::rfc5912 as named;
    let digest = match algorithm {
        ECDSA_WITH_SHA1 => Sha1::digest(message).to_vec(),
        named::ECDSA_WITH_SHA_224 => Sha224::digest(message).to_vec(),
        named::ECDSA_WITH_SHA_256 => Sha256::digest(message).to_vec(),
        named::ECDSA_WITH_SHA_384 => Sha384::digest(message).to_vec(),
        named::ECDSA_WITH_SHA_512 => Sha512::digest(message).to_vec(),
        other => return Err(NotChecked::Algorithm(Named::new(other))),
    };
    let curve = key
        .algorithm
        .parameters
        .as_ref()
        .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
    let point = key.subject_public_key.as_bytes().unwrap_or_default();
    // A digest shorter than half the curve's order is that number, with zeros
    // in front (SEC 1 section 4.1.4).
    let padded = |size: usize| {
        let mut padded = vec![0; size.saturating_sub(digest.len())];
        padded.extend_from_slice(&digest);
        padded
    };
    Ok(match curve {
        Some(named::SECP_256_R_1) => p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .and_then(|key| {
                let signature = p256::ecdsa::Signature::from_der(signature)?;
                key.verify_prehash(&padded(32), &signature)
            })
            .is_ok(),
        Some(named::SECP_384_R_1) => p384::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .and_then(|key| {
                let signature = p384::ecdsa::Signature::from_der(signature)?;
                key.verify_prehash(&padded(48), &signature)
            })
            .is_ok(),
        Some(named::SECP_521_R_1) => p521::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .and_then(|key| {
                let signature = p521::ecdsa::Signature::from_der(signature)?;
                key.verify_prehash(&padded(66), &signature)
            })
            .is_ok(),
        Some(other) => return Err(NotChecked::Key(Named::new(other).name)),
        None => return Err(NotChecked::Key("a curve without a name".to_owned())),
    })
}

fn ed25519(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, NotChecked> {
    if algorithm != db::rfc8410::ID_ED_25519 {
        return Err(NotChecked::Algorithm(Named::new(algorithm)));
    }
    let key: Option<[u8; 32]> = key
        .subject_public_key
        .as_bytes()
        .and_then(|bytes| bytes.try_into().ok());
    Ok(key
        .and_then(|key| ed25519_dalek::VerifyingKey::from_bytes(&key).ok())
        .zip(ed25519_dalek::Signature::from_slice(signature).ok())
        .is_some_and(|(key, signature)| key.verify(message, &signature).is_ok()))
}

fn ml_dsa(
    set: ParameterSet,
    key: &SubjectPublicKeyInfoOwned,
    algorithm: ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, NotChecked> {
    if algorithm != set.oid() {
        return Err(NotChecked::Algorithm(Named::new(algorithm)));
    }
    Ok(key
        .subject_public_key
        .as_bytes()
        .and_then(|bytes| VerifyingKey::new(set, bytes).ok())
        .is_some_and(|key| key.verifies(message, signature)))
}
