//! Signatures on certificates: which algorithms Go knows, which it refuses as
//! insecure, and their verification (`crypto/x509` x509.go,
//! `getSignatureAlgorithmFromAI` and `checkSignature`).

use const_oid::ObjectIdentifier;
use crypto_bigint::BoxedUint;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use sha2::{Digest, Sha256, Sha384, Sha512};
use signature::Verifier;
use signature::hazmat::PrehashVerifier;

use crate::der::{Reader, tag};
use crate::ml_dsa::{MlDsaFault, ParameterSet};
use crate::public_key::{Curve, PublicKey, PublicKeyAlgorithm, bit_length};
use crate::version::GoBuild;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1
    Sha1,
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1::Sha1::digest(data).to_vec(),
            Self::Sha256 => Sha256::digest(data).to_vec(),
            Self::Sha384 => Sha384::digest(data).to_vec(),
            Self::Sha512 => Sha512::digest(data).to_vec(),
        }
    }

    /// The DER of `DigestInfo` before the digest (RFC 8017, section 9.2).
    const fn digest_info(self) -> &'static [u8] {
        match self {
            Self::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
            Self::Sha256 => {
                b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
            }
            Self::Sha384 => {
                b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
            }
            Self::Sha512 => {
                b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
            }
        }
    }
}

/// The signature algorithms that Go tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// One that Go doesn't know, or with parameters that it doesn't take.
    Unknown,
    /// MD2 with RSA, known by name up to Go 1.20's removal.
    Md2Rsa,
    /// MD5 with RSA
    Md5Rsa,
    /// PKCS#1 v1.5
    Rsa(Hash),
    /// RSASSA-PSS with MGF1, one hash, and a salt of its length
    RsaPss(Hash),
    /// DSA
    Dsa(Hash),
    /// ECDSA
    Ecdsa(Hash),
    /// Ed25519
    Ed25519,
    /// ML-DSA with no context, since Go 1.27
    MlDsa(ParameterSet),
}

const MD2_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.2");
const MD5_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
const SHA1_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const SHA256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SHA384_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const SHA512_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const DSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.3");
const DSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.2");
const ECDSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// The OID of sha1WithRSASignature in old Microsoft certificates.
const ISO_SHA1_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.29");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

impl SignatureAlgorithm {
    /// `getSignatureAlgorithmFromAI`: an algorithm's object identifier and
    /// the whole encoding of its parameters, which may be empty.
    #[must_use]
    pub(crate) fn from_identifier(algorithm: &[u8], parameters: &[u8], go: GoBuild) -> Self {
        if algorithm == RSA_PSS.as_bytes() {
            return rsa_pss_hash(parameters).map_or(Self::Unknown, Self::RsaPss);
        }
        if algorithm == ED25519.as_bytes() {
            return if parameters.is_empty() {
                Self::Ed25519
            } else {
                Self::Unknown
            };
        }
        let post_quantum = ParameterSet::from_object_identifier(algorithm);
        if let Some(set) = post_quantum.filter(|_| go.knows_ml_dsa() && parameters.is_empty()) {
            return Self::MlDsa(set);
        }
        [
            (MD2_RSA, Self::Md2Rsa),
            (MD5_RSA, Self::Md5Rsa),
            (SHA1_RSA, Self::Rsa(Hash::Sha1)),
            (ISO_SHA1_RSA, Self::Rsa(Hash::Sha1)),
            (SHA256_RSA, Self::Rsa(Hash::Sha256)),
            (SHA384_RSA, Self::Rsa(Hash::Sha384)),
            (SHA512_RSA, Self::Rsa(Hash::Sha512)),
            (DSA_SHA1, Self::Dsa(Hash::Sha1)),
            (DSA_SHA256, Self::Dsa(Hash::Sha256)),
            (ECDSA_SHA1, Self::Ecdsa(Hash::Sha1)),
            (ECDSA_SHA256, Self::Ecdsa(Hash::Sha256)),
            (ECDSA_SHA384, Self::Ecdsa(Hash::Sha384)),
            (ECDSA_SHA512, Self::Ecdsa(Hash::Sha512)),
        ]
        .into_iter()
        .find_map(|(identifier, known)| (identifier.as_bytes() == algorithm).then_some(known))
        .unwrap_or(Self::Unknown)
    }

    /// How Go names it in messages.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "0",
            Self::Md2Rsa => "MD2-RSA",
            Self::Md5Rsa => "MD5-RSA",
            Self::Rsa(Hash::Sha1) => "SHA1-RSA",
            Self::Rsa(Hash::Sha256) => "SHA256-RSA",
            Self::Rsa(Hash::Sha384) => "SHA384-RSA",
            Self::Rsa(Hash::Sha512) => "SHA512-RSA",
            Self::RsaPss(Hash::Sha1 | Hash::Sha256) => "SHA256-RSAPSS",
            Self::RsaPss(Hash::Sha384) => "SHA384-RSAPSS",
            Self::RsaPss(Hash::Sha512) => "SHA512-RSAPSS",
            Self::Dsa(Hash::Sha1) => "DSA-SHA1",
            Self::Dsa(_) => "DSA-SHA256",
            Self::Ecdsa(Hash::Sha1) => "ECDSA-SHA1",
            Self::Ecdsa(Hash::Sha256) => "ECDSA-SHA256",
            Self::Ecdsa(Hash::Sha384) => "ECDSA-SHA384",
            Self::Ecdsa(Hash::Sha512) => "ECDSA-SHA512",
            Self::Ed25519 => "Ed25519",
            Self::MlDsa(set) => set.name(),
        }
    }

    const fn key_algorithm(self) -> PublicKeyAlgorithm {
        match self {
            Self::Unknown => PublicKeyAlgorithm::Unknown,
            Self::Md2Rsa | Self::Md5Rsa | Self::Rsa(_) | Self::RsaPss(_) => PublicKeyAlgorithm::Rsa,
            Self::Dsa(_) => PublicKeyAlgorithm::Dsa,
            Self::Ecdsa(_) => PublicKeyAlgorithm::Ecdsa,
            Self::Ed25519 => PublicKeyAlgorithm::Ed25519,
            Self::MlDsa(set) => PublicKeyAlgorithm::MlDsa(set),
        }
    }

    const fn hash(self) -> Option<Hash> {
        match self {
            Self::Rsa(hash) | Self::RsaPss(hash) | Self::Dsa(hash) | Self::Ecdsa(hash) => {
                Some(hash)
            }
            Self::Unknown | Self::Md2Rsa | Self::Md5Rsa | Self::Ed25519 | Self::MlDsa(_) => None,
        }
    }
}

/// The one hash of RSASSA-PSS parameters that Go takes: the same hash for
/// message and mask, a salt of its length, the default trailer.
fn rsa_pss_hash(parameters: &[u8]) -> Option<Hash> {
    let null_or_absent = |rest: &Reader<'_>| rest.is_empty() || rest.0.starts_with(&[tag::NULL, 0]);
    let mut sequence = Reader(parameters).contents(tag::SEQUENCE)?;
    let mut hash = sequence
        .contents(tag::constructed(0))?
        .contents(tag::SEQUENCE)?;
    let hash_name = hash.object_identifier()?;
    let mut mask = sequence
        .contents(tag::constructed(1))?
        .contents(tag::SEQUENCE)?;
    let mask_name = mask.object_identifier()?;
    let mut mask_hash = mask.contents(tag::SEQUENCE)?;
    let mask_hash_name = mask_hash.object_identifier()?;
    let salt = sequence.contents(tag::constructed(2))?.small_integer()?;
    let trailer = match sequence.optional(tag::constructed(3))? {
        Some(mut trailer) => trailer.small_integer()?,
        None => 1,
    };
    let plain = null_or_absent(&hash)
        && null_or_absent(&mask_hash)
        && mask_name == MGF1.as_bytes()
        && mask_hash_name == hash_name
        && trailer == 1;
    [
        (SHA256, 32, Hash::Sha256),
        (SHA384, 48, Hash::Sha384),
        (SHA512, 64, Hash::Sha512),
    ]
    .into_iter()
    .find_map(|(name, length, hash)| {
        (plain && name.as_bytes() == hash_name && salt == length).then_some(hash)
    })
}

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Neither Go nor this crate can verify the algorithm.
    #[error("x509: cannot verify signature: algorithm unimplemented")]
    Unsupported,
    /// MD5, or SHA-1 since Go 1.18; whether Go names the way to override it.
    #[error("x509: cannot verify signature: insecure algorithm {}{}", .algorithm.name(), if *.names_override { " (temporarily override with GODEBUG=x509sha1=1)" } else { "" })]
    Insecure {
        /// The algorithm.
        algorithm: SignatureAlgorithm,
        /// Whether the text names `GODEBUG=x509sha1=1`.
        names_override: bool,
    },
    /// The algorithm is for another kind of key than the issuer has.
    #[error("x509: signature algorithm specifies an {} public key, but have public key of type {key}", .algorithm.name())]
    KeyMismatch {
        /// What the algorithm is for.
        algorithm: PublicKeyAlgorithm,
        /// Go's type of the issuer's key.
        key: &'static str,
    },
    /// The RSA signature is wrong.
    #[error("crypto/rsa: verification error")]
    Rsa,
    /// The issuer's RSA key is shorter than 1024 bits.
    #[error(
        "crypto/rsa: {0}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
    )]
    ShortRsaKey(usize),
    /// The issuer's RSA key can't be used: Go's text.
    #[error("{0}")]
    UnusableRsaKey(&'static str),
    /// The ECDSA signature is wrong or not in DER.
    #[error("x509: ECDSA verification failure")]
    Ecdsa,
    /// The Ed25519 signature is wrong.
    #[error("x509: Ed25519 verification failure")]
    Ed25519,
    /// The DSA signature is wrong (up to Go 1.15).
    #[error("x509: DSA verification failure")]
    Dsa,
    /// The ML-DSA signature is of another parameter set than the issuer's key.
    #[error("x509: signature algorithm specifies an ML-DSA public key with {} parameters, but \
                 have a public key with {} parameters", .algorithm.name(), .key.name())]
    OtherParameters {
        /// The signature's.
        algorithm: ParameterSet,
        /// The key's.
        key: ParameterSet,
    },
    /// The ML-DSA signature is wrong.
    #[error("x509: ML-DSA verification failure: {0}")]
    MlDsa(#[source] MlDsaFault),
}

/// `checkSignature`: whether `signature` over `signed` was made with `key`.
///
/// # Errors
///
/// See [`SignatureError`].
pub fn verify(
    algorithm: SignatureAlgorithm,
    signed: &[u8],
    signature: &[u8],
    key: &PublicKey,
    go: GoBuild,
) -> Result<(), SignatureError> {
    let insecure = SignatureError::Insecure {
        algorithm,
        names_override: go.names_the_sha1_override() && algorithm.hash() == Some(Hash::Sha1),
    };
    match algorithm {
        SignatureAlgorithm::Unknown | SignatureAlgorithm::Md2Rsa => {
            return Err(SignatureError::Unsupported);
        }
        SignatureAlgorithm::Md5Rsa => return Err(insecure),
        _ if algorithm.hash() == Some(Hash::Sha1) && go.refuses_sha1() => return Err(insecure),
        _ => {}
    }
    let mismatch = || {
        Err(SignatureError::KeyMismatch {
            algorithm: algorithm.key_algorithm(),
            key: key.go_type(),
        })
    };
    match (key, algorithm) {
        (PublicKey::Rsa { modulus, exponent }, SignatureAlgorithm::Rsa(hash)) => {
            check_rsa_key(key, go)?;
            verify_pkcs1(modulus, *exponent, hash, &hash.digest(signed), signature)
        }
        (PublicKey::Rsa { modulus, exponent }, SignatureAlgorithm::RsaPss(hash)) => {
            check_rsa_key(key, go)?;
            verify_pss(modulus, *exponent, hash, &hash.digest(signed), signature)
        }
        (PublicKey::Ecdsa { curve, point }, SignatureAlgorithm::Ecdsa(hash)) => {
            verify_ecdsa(*curve, point, &hash.digest(signed), signature)
                .ok_or(SignatureError::Ecdsa)
        }
        (PublicKey::Ed25519(key), SignatureAlgorithm::Ed25519) => {
            verify_ed25519(key, signed, signature).ok_or(SignatureError::Ed25519)
        }
        (PublicKey::MlDsa { parameters, key }, SignatureAlgorithm::MlDsa(set)) => {
            if *parameters != set {
                return Err(SignatureError::OtherParameters {
                    algorithm: set,
                    key: *parameters,
                });
            }
            set.verify(key, signed, signature)
                .map_err(SignatureError::MlDsa)
        }
        (PublicKey::Dsa(_) | PublicKey::X25519(_), _) => Err(SignatureError::Unsupported),
        (
            PublicKey::Rsa { .. }
            | PublicKey::Ecdsa { .. }
            | PublicKey::Ed25519(_)
            | PublicKey::MlDsa { .. },
            _,
        ) => mismatch(),
    }
}

/// What Go 1.24 and later demand of an RSA key before they verify with it
/// (`checkPublicKeySize`, `checkPublicKey`).
fn check_rsa_key(key: &PublicKey, go: GoBuild) -> Result<(), SignatureError> {
    let PublicKey::Rsa { modulus, exponent } = key else {
        return Ok(());
    };
    if go.refuses_short_rsa_keys() && bit_length(modulus) < 1024 {
        return Err(SignatureError::ShortRsaKey(bit_length(modulus)));
    }
    let complaint =
        if go.checks_rsa_public_keys() && modulus.last().is_some_and(|last| last % 2 == 0) {
            Some("crypto/rsa: public modulus is even")
        } else if go.checks_rsa_public_keys() && *exponent < 2 {
            Some("crypto/rsa: public exponent too small or negative")
        } else if go.checks_rsa_public_keys() && exponent % 2 == 0 {
            Some("crypto/rsa: public exponent is even")
        } else if go.checks_rsa_public_keys() && *exponent > i64::from(i32::MAX) {
            Some("crypto/rsa: public exponent too large")
        } else {
            None
        };
    complaint.map_or(Ok(()), |text| Err(SignatureError::UnusableRsaKey(text)))
}

/// The largest modulus that is computed with, in bits. Go has no such limit;
/// past it a verification would take longer than a reader waits.
const LARGEST_MODULUS: usize = 16 * 1024;

/// `signature ^ exponent mod modulus`, in as many bytes as the modulus has.
fn rsa_encrypt(modulus: &[u8], exponent: i64, signature: &[u8]) -> Option<Vec<u8>> {
    if signature.len() != modulus.len()
        || bit_length(modulus) > LARGEST_MODULUS
        || signature >= modulus
        || exponent < 2
    {
        return None;
    }
    let precision = u32::try_from(modulus.len() * 8).ok()?.next_multiple_of(64);
    let odd = BoxedUint::from_be_slice(modulus, precision)
        .ok()?
        .to_odd()
        .into_option()?;
    let parameters = BoxedMontyParams::new_vartime(odd);
    let base = BoxedUint::from_be_slice(signature, precision).ok()?;
    let exponent = u64::try_from(exponent).ok()?;
    let bits = 64 - exponent.leading_zeros();
    let power = BoxedMontyForm::new(base, &parameters)
        .pow_bounded_exp(&BoxedUint::from(exponent), bits)
        .retrieve();
    let bytes = power.to_be_bytes();
    Some(
        bytes
            .get(bytes.len().checked_sub(modulus.len())?..)?
            .to_vec(),
    )
}

/// RFC 8017, section 8.2.2.
fn verify_pkcs1(
    modulus: &[u8],
    exponent: i64,
    hash: Hash,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let message = rsa_encrypt(modulus, exponent, signature).ok_or(SignatureError::Rsa)?;
    let info = [hash.digest_info(), digest].concat();
    let padding = message
        .len()
        .checked_sub(info.len() + 3)
        .filter(|&length| length >= 8);
    let padding = padding.ok_or(SignatureError::Rsa)?;
    let expected = [&[0, 1][..], &vec![0xff; padding], &[0], &info].concat();
    if message == expected {
        Ok(())
    } else {
        Err(SignatureError::Rsa)
    }
}

/// RFC 8017, section 8.1.2, with a salt as long as the hash.
fn verify_pss(
    modulus: &[u8],
    exponent: i64,
    hash: Hash,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    verify_pss_encoding(modulus, exponent, hash, digest, signature).ok_or(SignatureError::Rsa)
}

fn verify_pss_encoding(
    modulus: &[u8],
    exponent: i64,
    hash: Hash,
    digest: &[u8],
    signature: &[u8],
) -> Option<()> {
    let message = rsa_encrypt(modulus, exponent, signature)?;
    let bits = bit_length(modulus).checked_sub(1)?;
    let length = bits.div_ceil(8);
    let (zeros, message) = message.split_at(message.len().checked_sub(length)?);
    let masked_length = length.checked_sub(digest.len() + 1)?;
    let (masked, rest) = message.split_at_checked(masked_length)?;
    let (seed, trailer) = rest.split_at_checked(digest.len())?;
    let unused = u32::try_from(8 * length - bits).ok()?;
    let first_bits = u8::try_from(0xff_u32 >> unused).ok()?;
    if zeros.iter().any(|&byte| byte != 0)
        || trailer != [0xbc]
        || masked.first()? & !first_bits != 0
    {
        return None;
    }
    let mask = (0_u32..).flat_map(|counter| hash.digest(&[seed, &counter.to_be_bytes()].concat()));
    let mut block: Vec<u8> = masked
        .iter()
        .zip(mask)
        .map(|(one, other)| one ^ other)
        .collect();
    *block.first_mut()? &= first_bits;
    let salt_start = masked_length.checked_sub(digest.len())?;
    let (padding, salt) = block.split_at_checked(salt_start)?;
    let (one, zeros) = padding.split_last()?;
    let expected = hash.digest(&[&[0; 8][..], digest, salt].concat());
    (*one == 1 && zeros.iter().all(|&byte| byte == 0) && expected == seed).then_some(())
}

/// The two numbers of an `ECDSA-Sig-Value`, each in `size` bytes. Raw `r‖s`
/// is no DER and fails (`crypto/ecdsa`, `parseSignature`).
fn ecdsa_numbers(signature: &[u8], size: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut outer = Reader(signature);
    let mut sequence = outer.contents(tag::SEQUENCE)?;
    let mut number = || {
        let bytes = sequence
            .integer_bytes(tag::INTEGER)
            .filter(|bytes| bytes.first().is_some_and(|first| first & 0x80 == 0))?;
        let bytes = super::public_key::unsigned(bytes);
        let mut padded = vec![0; size.checked_sub(bytes.len())?];
        padded.extend_from_slice(&bytes);
        Some(padded)
    };
    let numbers = (number()?, number()?);
    (outer.is_empty() && sequence.is_empty()).then_some(numbers)
}

macro_rules! verify_on {
    ($curve:ident, $point:expr, $digest:expr, $r:expr, $s:expr, $size:literal) => {{
        let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes($point).ok()?;
        let r = <[u8; $size]>::try_from($r.as_slice()).ok()?;
        let s = <[u8; $size]>::try_from($s.as_slice()).ok()?;
        let signature = $curve::ecdsa::Signature::from_scalars(r, s).ok()?;
        key.verify_prehash($digest, &signature).ok()
    }};
}

fn verify_ecdsa(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let size = curve.size();
    let (r, s) = ecdsa_numbers(signature, size)?;
    // A digest shorter than the group order counts as that number.
    let mut padded = vec![0; size.saturating_sub(digest.len())];
    padded.extend_from_slice(digest);
    match curve {
        Curve::P224 => verify_on!(p224, point, &padded, r, s, 28),
        Curve::P256 => verify_on!(p256, point, &padded, r, s, 32),
        Curve::P384 => verify_on!(p384, point, &padded, r, s, 48),
        Curve::P521 => verify_on!(p521, point, &padded, r, s, 66),
    }
}

fn verify_ed25519(key: &[u8; 32], signed: &[u8], signature: &[u8]) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(key).ok()?;
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    key.verify(signed, &signature).ok()
}
