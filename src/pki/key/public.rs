//! Public keys: reading, writing, and checking signatures.

use const_oid::{ObjectIdentifier, db};
use der::{Document, Encode};
use ed25519_dalek as ed25519;
use p256::ecdsa as p256_ecdsa;
use p384::ecdsa as p384_ecdsa;
use rsa::{pkcs1v15, traits::PublicKeyParts};
use sha2::{Digest, Sha256, Sha384, Sha512};
use signature::{Verifier, hazmat::PrehashVerifier};
use spki::{AlgorithmIdentifierOwned, DecodePublicKey, EncodePublicKey, SubjectPublicKeyInfoOwned};

use super::{KeyError, KeyType, rsa_size, unsupported};
use crate::pki::ml_dsa::{self, ParameterSet};
use crate::pki::object_identifier;

/// A public key of one of the same kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA of any size that etcd takes.
    Rsa(Box<rsa::PublicKey>),
    /// ECDSA on P-256.
    EcdsaP256(p256_ecdsa::VerifyingKey),
    /// ECDSA on P-384.
    EcdsaP384(p384_ecdsa::VerifyingKey),
    /// Ed25519.
    Ed25519(Box<ed25519::VerifyingKey>),
    /// ML-DSA.
    MlDsa(Box<ml_dsa::VerifyingKey>),
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo`, as it stands in a CSR or certificate.
    ///
    /// # Errors
    ///
    /// An algorithm or size that this program does not take, or no valid key.
    pub fn from_spki(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, KeyError> {
        let der = spki.to_der().map_err(|_| KeyError::Malformed)?;
        let malformed = |_| KeyError::Malformed;
        match spki.algorithm.oid {
            db::rfc5912::RSA_ENCRYPTION => {
                let key = rsa::PublicKey::from_public_key_der(&der).map_err(malformed)?;
                rsa_size(&key)?;
                Ok(Self::Rsa(Box::new(key)))
            }
            db::rfc5912::ID_EC_PUBLIC_KEY => {
                let curve = spki
                    .algorithm
                    .parameters
                    .as_ref()
                    .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok())
                    .ok_or(KeyError::Malformed)?;
                match curve {
                    db::rfc5912::SECP_256_R_1 => {
                        p256_ecdsa::VerifyingKey::from_public_key_der(&der)
                            .map(Self::EcdsaP256)
                            .map_err(malformed)
                    }
                    db::rfc5912::SECP_384_R_1 => {
                        p384_ecdsa::VerifyingKey::from_public_key_der(&der)
                            .map(Self::EcdsaP384)
                            .map_err(malformed)
                    }
                    curve => Err(unsupported(curve)),
                }
            }
            db::rfc8410::ID_ED_25519 => ed25519::VerifyingKey::from_public_key_der(&der)
                .map(|key| Self::Ed25519(Box::new(key)))
                .map_err(malformed),
            algorithm => match ParameterSet::named(algorithm) {
                Some(_) if spki.algorithm.parameters.is_some() => Err(KeyError::Malformed),
                Some(set) => spki
                    .subject_public_key
                    .as_bytes()
                    .and_then(|bytes| ml_dsa::VerifyingKey::new(set, bytes).ok())
                    .map(|key| Self::MlDsa(Box::new(key)))
                    .ok_or(KeyError::Malformed),
                None => Err(unsupported(algorithm)),
            },
        }
    }

    /// The key as a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    ///
    /// Only if the encoder fails, which no valid key makes it do.
    pub fn to_spki(&self) -> Result<SubjectPublicKeyInfoOwned, KeyError> {
        SubjectPublicKeyInfoOwned::from_key(self).map_err(|_| KeyError::Malformed)
    }

    /// Whether keys of this kind can carry TLS 1.2's RSA key transport, and so
    /// may have the key usage keyEncipherment (RFC 5246 section 7.4.2).
    #[must_use]
    pub fn enciphers_keys(&self) -> bool {
        matches!(self, Self::Rsa(_))
    }

    /// The kind of key to make in this one's place: the same, or, of RSA in a
    /// size that is not made here, the next longer one.
    #[must_use]
    pub fn kind_in_its_place(&self) -> KeyType {
        match self {
            Self::Rsa(key) => match key.n().bit_width() {
                ..=2048 => KeyType::Rsa2048,
                2049..=3072 => KeyType::Rsa3072,
                _ => KeyType::Rsa4096,
            },
            Self::EcdsaP256(_) => KeyType::P256,
            Self::EcdsaP384(_) => KeyType::P384,
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::MlDsa(key) => match key.parameter_set() {
                ParameterSet::MlDsa44 => KeyType::MlDsa44,
                ParameterSet::MlDsa65 => KeyType::MlDsa65,
                ParameterSet::MlDsa87 => KeyType::MlDsa87,
            },
        }
    }

    /// What people call the key: `RSA 2048`, `P-256`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Rsa(key) => format!("RSA {}", key.n().bit_width()),
            Self::EcdsaP256(_) => "P-256".to_owned(),
            Self::EcdsaP384(_) => "P-384".to_owned(),
            Self::Ed25519(_) => "Ed25519".to_owned(),
            Self::MlDsa(key) => key.parameter_set().to_string(),
        }
    }

    /// Checks a signature made with `algorithm`: RSA PKCS#1 v1.5 or ECDSA with
    /// SHA-256, SHA-384 or SHA-512, Ed25519, or ML-DSA without parameters. SHA-1 and MD5 are refused, as
    /// current Go refuses them.
    ///
    /// # Errors
    ///
    /// Which of the two it was: an algorithm that is not taken, or a signature
    /// that is not this key's.
    pub fn verify(
        &self,
        message: &[u8],
        algorithm: &AlgorithmIdentifierOwned,
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        let verified = match (self, algorithm.oid) {
            (Self::Rsa(key), db::rfc5912::SHA_256_WITH_RSA_ENCRYPTION) => verify_rsa(
                &pkcs1v15::VerifyingKey::<Sha256>::new((**key).clone()),
                message,
                signature,
            ),
            (Self::Rsa(key), db::rfc5912::SHA_384_WITH_RSA_ENCRYPTION) => verify_rsa(
                &pkcs1v15::VerifyingKey::<Sha384>::new((**key).clone()),
                message,
                signature,
            ),
            (Self::Rsa(key), db::rfc5912::SHA_512_WITH_RSA_ENCRYPTION) => verify_rsa(
                &pkcs1v15::VerifyingKey::<Sha512>::new((**key).clone()),
                message,
                signature,
            ),
            (Self::EcdsaP256(key), oid) => match ecdsa_digest(oid, message) {
                Some(digest) => p256_ecdsa::Signature::from_der(signature)
                    .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()),
                None => return Err(SignatureFault::UnsupportedAlgorithm { oid }),
            },
            (Self::EcdsaP384(key), oid) => match ecdsa_digest(oid, message) {
                Some(digest) => p384_ecdsa::Signature::from_der(signature)
                    .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok()),
                None => return Err(SignatureFault::UnsupportedAlgorithm { oid }),
            },
            (Self::Ed25519(key), db::rfc8410::ID_ED_25519) => {
                ed25519::Signature::from_slice(signature)
                    .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
            }
            (Self::MlDsa(key), _) if *algorithm == key.parameter_set().algorithm() => {
                key.verifies(message, signature)
            }
            (_, oid) => {
                return Err(SignatureFault::UnsupportedAlgorithm { oid });
            }
        };
        if verified {
            Ok(())
        } else {
            Err(SignatureFault::Wrong)
        }
    }
}

/// Why a signature was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// The algorithm is weak, unknown or not one for this key.
    #[error("signatures with {} are not accepted", object_identifier::name(*.oid).map_or_else(|| .oid.to_string(), str::to_owned))]
    UnsupportedAlgorithm {
        /// The signature algorithm.
        oid: ObjectIdentifier,
    },
    /// The signature was not made by this key over these bytes.
    #[error("the signature is not this key's")]
    Wrong,
}

fn verify_rsa<D>(key: &pkcs1v15::VerifyingKey<D>, message: &[u8], signature: &[u8]) -> bool
where
    pkcs1v15::VerifyingKey<D>: Verifier<pkcs1v15::Signature>,
    D: Digest,
{
    pkcs1v15::Signature::try_from(signature)
        .is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

/// The digest that an ECDSA signature of this algorithm is over: RFC 5758
/// section 3.2 binds no curve to one hash.
fn ecdsa_digest(algorithm: ObjectIdentifier, message: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        db::rfc5912::ECDSA_WITH_SHA_256 => Some(Sha256::digest(message).to_vec()),
        db::rfc5912::ECDSA_WITH_SHA_384 => Some(Sha384::digest(message).to_vec()),
        db::rfc5912::ECDSA_WITH_SHA_512 => Some(Sha512::digest(message).to_vec()),
        _ => None,
    }
}

impl EncodePublicKey for PublicKey {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        match self {
            Self::Rsa(key) => key.to_public_key_der(),
            Self::EcdsaP256(key) => key.to_public_key_der(),
            Self::EcdsaP384(key) => key.to_public_key_der(),
            Self::Ed25519(key) => key.to_public_key_der(),
            Self::MlDsa(key) => key.to_spki(),
        }
    }
}
