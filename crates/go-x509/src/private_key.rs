//! Private keys as `crypto/tls` reads them: PKCS#1, PKCS#8 and SEC1, found by
//! trying (`tls.go`, `parsePrivateKey`). What is kept is only the public key
//! that belongs to it, for that is what is compared with the certificate.

use const_oid::ObjectIdentifier;
use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero};

use crate::asn1::{ALGORITHM_IDENTIFIER, Asn1Error, Field, Structure, Value, ValueKind, unmarshal};
use crate::der::{Reader, dotted, tag};
use crate::ml_dsa::{ParameterSet, SEED_LENGTH};
use crate::public_key::{Curve, PublicKey, bit_length, unsigned};
use crate::version::GoBuild;

/// Why a private key could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    /// None of the three forms fits: encrypted, damaged, or of a kind that Go
    /// doesn't know. Go 1.27 adds what PKCS#8 lacked.
    #[error("tls: failed to parse private key{}", .0.as_ref().map_or_else(String::new, |fault| format!(": {fault}")))]
    Unreadable(#[source] Option<PrivateKeyFault>),
    /// PKCS#8 with a key that is not for signatures (X25519).
    #[error("tls: found unknown private key type in PKCS#8 wrapping")]
    NotForSignatures,
}

/// What one of the three forms lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyFault {
    /// It can't be read.
    #[error(transparent)]
    Asn1(Asn1Error),
    /// It is of another form, for which Go has this function.
    #[error("x509: failed to parse private key (use {function} instead for this key format)")]
    OtherForm {
        /// `ParseECPrivateKey` or `ParsePKCS1PrivateKey`.
        function: &'static str,
    },
    /// The key inside of PKCS#8.
    #[error("x509: failed to parse {kind} private key embedded in PKCS#8: {fault}")]
    Embedded {
        /// `RSA` or `EC`.
        kind: &'static str,
        /// What it lacks.
        #[source]
        fault: Box<PrivateKeyFault>,
    },
    /// PKCS#8 with a key of a kind that Go doesn't know.
    #[error("x509: PKCS#8 wrapping contained private key with unknown algorithm: {identifier}")]
    UnknownAlgorithm {
        /// The object identifier, with dots.
        identifier: String,
    },
    /// There are parameters where there are to be none.
    #[error("x509: invalid {kind} private key parameters")]
    Parameters {
        /// `Ed25519` or `ML-DSA`.
        kind: &'static str,
    },
    /// The seed has another length.
    #[error("x509: invalid {kind} private key length: {length}")]
    Length {
        /// `Ed25519` or `ML-DSA`.
        kind: &'static str,
        /// So many bytes.
        length: usize,
    },
    /// Ed25519: the seed is no OCTET STRING.
    #[error("x509: invalid Ed25519 private key: {0}")]
    Seed(#[source] Asn1Error),
    /// ML-DSA: the expanded key without its seed.
    #[error("x509: semi-expanded ML-DSA private keys without seed are not supported")]
    ExpandedAlone,
    /// ML-DSA: the expanded key beside its seed.
    #[error(
        "x509: ML-DSA private keys with both seed and expanded key are not supported, use e.g. \"openssl pkey -provparam ml-dsa.output_formats=seed-only\" to convert to a seed-only key"
    )]
    ExpandedToo,
    /// ML-DSA: none of the three forms of RFC 9881 section 6.
    #[error("x509: invalid ML-DSA private key: invalid ASN.1 tag {0:02x}")]
    Tag(u8),
    /// ML-DSA: the seed's length is not as it says.
    #[error("x509: invalid ML-DSA private key ASN.1 encoding")]
    Encoding,
    /// RSA: more follows.
    #[error("asn1: syntax error: trailing data")]
    TrailingData,
    /// RSA: a version that nobody knows.
    #[error("x509: unsupported private key version")]
    RsaVersion,
    /// RSA: a number is zero or negative.
    #[error("x509: private key contains zero or negative value")]
    NotPositive,
    /// RSA: the modulus is not the primes' product.
    #[error("crypto/rsa: invalid modulus")]
    Modulus,
    /// RSA: the exponent is out of range.
    #[error("crypto/rsa: public exponent too small")]
    ExponentTooSmall,
    /// RSA: the exponents do not belong together.
    #[error("crypto/rsa: invalid exponents")]
    Exponents,
    /// RSA: the exponent is even, or the modulus.
    #[error("crypto/rsa: public exponent is even")]
    ExponentEven,
    /// RSA: an exponent of the CRT is not as the others make it.
    #[error("crypto/rsa: invalid CRT exponent")]
    CrtExponent,
    /// RSA: the coefficient of the CRT is not.
    #[error("crypto/rsa: invalid CRT coefficient")]
    CrtCoefficient,
    /// EC: it can't be read.
    #[error("x509: failed to parse EC private key: {0}")]
    Ec(#[source] Asn1Error),
    /// EC: a version that nobody knows.
    #[error("x509: unknown EC private key version {0}")]
    EcVersion(i64),
    /// EC: Go doesn't know the curve.
    #[error("x509: unknown elliptic curve")]
    Curve,
    /// EC: it is longer than the curve's.
    #[error("x509: invalid private key length")]
    EcLength,
    /// EC: zero, or more than the curve's order.
    #[error("x509: invalid elliptic curve private key value")]
    EcValue,
}

static PKCS8: ValueKind = ValueKind::Structure(&Structure {
    name: "pkcs8",
    fields: &[
        Field::new(ValueKind::Integer),
        Field::new(ValueKind::Structure(&ALGORITHM_IDENTIFIER)),
        Field::new(ValueKind::Bytes),
    ],
});

static PKCS1: ValueKind = ValueKind::Structure(&Structure {
    name: "pkcs1PrivateKey",
    fields: &[
        Field::new(ValueKind::Integer),
        Field::new(ValueKind::BigInteger),
        Field::new(ValueKind::Integer),
        Field::new(ValueKind::BigInteger),
        Field::new(ValueKind::BigInteger),
        Field::new(ValueKind::BigInteger),
        Field::optional(ValueKind::BigInteger),
        Field::optional(ValueKind::BigInteger),
        Field::optional(ValueKind::BigInteger),
        Field::optional(ValueKind::List("", &ADDITIONAL_PRIME)),
    ],
});

static ADDITIONAL_PRIME: ValueKind = ValueKind::Structure(&Structure {
    name: "pkcs1AdditionalRSAPrime",
    fields: &[
        Field::new(ValueKind::BigInteger),
        Field::new(ValueKind::BigInteger),
        Field::new(ValueKind::BigInteger),
    ],
});

static SEC1: ValueKind = ValueKind::Structure(&Structure {
    name: "ecPrivateKey",
    fields: &[
        Field::new(ValueKind::Integer),
        Field::new(ValueKind::Bytes),
        Field::optional(ValueKind::ObjectIdentifier).explicitly_tagged(0),
        Field::optional(ValueKind::BitString).explicitly_tagged(1),
    ],
});

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

/// `parsePrivateKey`: the public key of a private key.
///
/// # Errors
///
/// See [`PrivateKeyError`].
pub fn parse(der: &[u8], go: GoBuild) -> Result<PublicKey, PrivateKeyError> {
    if let Ok(key) = pkcs1(der, go) {
        return Ok(key);
    }
    let reason = match pkcs8(der, go) {
        Ok(PublicKey::X25519(_)) => return Err(PrivateKeyError::NotForSignatures),
        Ok(key) => return Ok(key),
        Err(reason) => reason,
    };
    sec1(None, der, go)
        .map_err(|_| PrivateKeyError::Unreadable(go.explains_private_keys().then_some(reason)))
}

fn embedded(kind: &'static str) -> impl FnOnce(PrivateKeyFault) -> PrivateKeyFault {
    move |fault| PrivateKeyFault::Embedded {
        kind,
        fault: Box::new(fault),
    }
}

/// `ParsePKCS8PrivateKey`
fn pkcs8(der: &[u8], go: GoBuild) -> Result<PublicKey, PrivateKeyFault> {
    let (key, _) = match unmarshal(der, &PKCS8) {
        Ok(read) => read,
        Err(error) => {
            let other = |kind| unmarshal(der, kind).is_ok();
            return Err(if other(&SEC1) {
                PrivateKeyFault::OtherForm {
                    function: "ParseECPrivateKey",
                }
            } else if other(&PKCS1) {
                PrivateKeyFault::OtherForm {
                    function: "ParsePKCS1PrivateKey",
                }
            } else {
                PrivateKeyFault::Asn1(error)
            });
        }
    };
    let algorithm = key.field(1).field(0).bytes();
    let parameters = key.field(1).field(1).bytes();
    let contents = key.field(2).bytes();
    if algorithm == RSA.as_bytes() {
        return pkcs1(contents, go).map_err(embedded("RSA"));
    }
    if algorithm == EC.as_bytes() {
        let curve = Reader(parameters).object_identifier();
        return sec1(curve, contents, go).map_err(embedded("EC"));
    }
    if algorithm == ED25519.as_bytes() {
        if !parameters.is_empty() {
            return Err(PrivateKeyFault::Parameters { kind: "Ed25519" });
        }
        let (seed, _) = unmarshal(contents, &ValueKind::Bytes).map_err(PrivateKeyFault::Seed)?;
        let bytes = seed.bytes();
        let seed = <[u8; 32]>::try_from(bytes).map_err(|_| PrivateKeyFault::Length {
            kind: "Ed25519",
            length: bytes.len(),
        })?;
        let key = ed25519_dalek::SigningKey::from_bytes(&seed);
        return Ok(PublicKey::Ed25519(key.verifying_key().to_bytes()));
    }
    if go.knows_ml_dsa()
        && let Some(set) = ParameterSet::from_object_identifier(algorithm)
    {
        return ml_dsa(set, parameters, contents);
    }
    if algorithm == X25519.as_bytes() && go.reads_x25519_keys() {
        return Ok(PublicKey::X25519(contents.to_vec()));
    }
    Err(PrivateKeyFault::UnknownAlgorithm {
        identifier: dotted(algorithm),
    })
}

/// The seed of an ML-DSA key; of the three forms of RFC 9881, section 6, Go
/// takes this one only.
fn ml_dsa(
    set: ParameterSet,
    parameters: &[u8],
    contents: &[u8],
) -> Result<PublicKey, PrivateKeyFault> {
    if !parameters.is_empty() {
        return Err(PrivateKeyFault::Parameters { kind: "ML-DSA" });
    }
    let length = PrivateKeyFault::Length {
        kind: "ML-DSA",
        length: contents.len(),
    };
    match contents.first() {
        None => return Err(length),
        Some(0x80) => {}
        Some(0x04) => return Err(PrivateKeyFault::ExpandedAlone),
        Some(0x30) => return Err(PrivateKeyFault::ExpandedToo),
        Some(&tag) => return Err(PrivateKeyFault::Tag(tag)),
    }
    let seed = contents
        .get(2..)
        .and_then(|seed| <&[u8; SEED_LENGTH]>::try_from(seed).ok())
        .ok_or(length)?;
    if contents.get(1).copied().map(usize::from) != Some(SEED_LENGTH) {
        return Err(PrivateKeyFault::Encoding);
    }
    Ok(PublicKey::MlDsa {
        parameters: set,
        key: set.public_key(seed),
    })
}

fn number(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(bytes)
}

/// The product of two numbers modulo a third; `None` for a zero modulus.
fn product_modulo(one: &BoxedUint, other: &BoxedUint, modulus: &BoxedUint) -> Option<BoxedUint> {
    let modulus = NonZero::new(modulus.clone()).into_option()?;
    Some(one.concatenating_mul(other).rem_vartime(&modulus))
}

fn is_one(value: &BoxedUint) -> bool {
    *value.to_be_bytes_trimmed_vartime() == [1]
}

fn minus_one(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for byte in bytes.iter_mut().rev() {
        let (difference, borrow) = byte.overflowing_sub(1);
        *byte = difference;
        if !borrow {
            break;
        }
    }
    unsigned(&bytes)
}

/// `ParsePKCS1PrivateKey` and `(*PrivateKey).Validate`
fn pkcs1(der: &[u8], go: GoBuild) -> Result<PublicKey, PrivateKeyFault> {
    let (key, rest) = unmarshal(der, &PKCS1).map_err(PrivateKeyFault::Asn1)?;
    if !rest.is_empty() {
        return Err(PrivateKeyFault::TrailingData);
    }
    if key.field(0).number() > 1 {
        return Err(PrivateKeyFault::RsaVersion);
    }
    let negative_or_zero = |position: usize| {
        let bytes = key.field(position).bytes();
        bytes.first().is_none_or(|first| first & 0x80 != 0) || bytes.iter().all(|&byte| byte == 0)
    };
    let present = |position: usize| !matches!(key.field(position), Value::Absent);
    let crt = go.checks_rsa_crt_values();
    if [1, 3, 4, 5].into_iter().any(negative_or_zero)
        || crt && (6..9).any(|position| present(position) && negative_or_zero(position))
    {
        return Err(PrivateKeyFault::NotPositive);
    }
    let value = |position: usize| unsigned(key.field(position).bytes());
    let (modulus, exponent, private) = (value(1), key.field(2).number(), value(3));
    let mut primes = vec![value(4), value(5)];
    primes.extend(
        key.field(9)
            .fields()
            .iter()
            .map(|prime| unsigned(prime.field(0).bytes())),
    );
    if bit_length(&modulus) > 16 * 1024
        || primes
            .iter()
            .chain([&private])
            .any(|value| value.len() > 4096)
    {
        // Go would compute with it; nothing that is pasted may take so long.
        return Err(PrivateKeyFault::Modulus);
    }
    if exponent < 2 || exponent > i64::from(i32::MAX) {
        return Err(PrivateKeyFault::ExponentTooSmall);
    }
    let product = primes.iter().fold(BoxedUint::one(), |product, prime| {
        product.concatenating_mul(&number(prime))
    });
    if product.to_be_bytes_trimmed_vartime().as_ref() != modulus.as_slice() {
        return Err(PrivateKeyFault::Modulus);
    }
    let public = number(&exponent.to_be_bytes());
    for prime in &primes {
        let below = number(&minus_one(prime));
        if bit_length(prime) < 2
            || !product_modulo(&public, &number(&private), &below)
                .is_some_and(|value| is_one(&value))
        {
            return Err(PrivateKeyFault::Exponents);
        }
    }
    if go.checks_rsa_public_keys()
        && (exponent % 2 == 0
            || bit_length(&modulus).is_multiple_of(8)
                && modulus.last().is_some_and(|last| last % 2 == 0))
    {
        return Err(PrivateKeyFault::ExponentEven);
    }
    if crt && go.language >= 24 && primes.len() == 2 && (6..9).all(present) {
        check_crt(&primes, &value(6), &value(7), &value(8), &private)?;
    }
    Ok(PublicKey::Rsa { modulus, exponent })
}

/// The CRT values against the others (`checkPrivateKey`).
fn check_crt(
    primes: &[Vec<u8>],
    dp: &[u8],
    dq: &[u8],
    inverse: &[u8],
    private: &[u8],
) -> Result<(), PrivateKeyFault> {
    for (prime, reduced) in primes.iter().zip([dp, dq]) {
        let below = number(&minus_one(prime));
        let expected = product_modulo(&number(private), &BoxedUint::one(), &below);
        if expected.is_none_or(|value| value.to_be_bytes_trimmed_vartime().as_ref() != reduced) {
            return Err(PrivateKeyFault::CrtExponent);
        }
    }
    let fits = match primes {
        [p, q] => product_modulo(&number(q), &number(inverse), &number(p))
            .is_some_and(|value| is_one(&value)),
        _ => true,
    };
    if fits {
        Ok(())
    } else {
        Err(PrivateKeyFault::CrtCoefficient)
    }
}

/// `parseECPrivateKey`: the curve of the PKCS#8 wrapping wins over the key's.
fn sec1(curve: Option<&[u8]>, der: &[u8], go: GoBuild) -> Result<PublicKey, PrivateKeyFault> {
    let (key, _) = unmarshal(der, &SEC1).map_err(PrivateKeyFault::Ec)?;
    let version = key.field(0).number();
    if version != 1 {
        return Err(PrivateKeyFault::EcVersion(version));
    }
    let named = curve.unwrap_or_else(|| key.field(2).bytes());
    let curve = Curve::from_object_identifier(named).ok_or(PrivateKeyFault::Curve)?;
    let scalar = unsigned(key.field(1).bytes());
    if scalar.len() > curve.size() {
        return Err(PrivateKeyFault::EcLength);
    }
    if scalar.is_empty() && !go.refuses_zero_as_private_key() {
        // The point at infinity, which is no certificate's.
        let point = Vec::new();
        return Ok(PublicKey::Ecdsa { curve, point });
    }
    let mut padded = vec![0; curve.size() - scalar.len()];
    padded.extend_from_slice(&scalar);
    let point = match curve {
        Curve::P224 => p224::SecretKey::from_slice(&padded)
            .ok()
            .map(|key| uncompressed(&key.public_key())),
        Curve::P256 => p256::SecretKey::from_slice(&padded)
            .ok()
            .map(|key| uncompressed(&key.public_key())),
        Curve::P384 => p384::SecretKey::from_slice(&padded)
            .ok()
            .map(|key| uncompressed(&key.public_key())),
        Curve::P521 => p521::SecretKey::from_slice(&padded)
            .ok()
            .map(|key| uncompressed(&key.public_key())),
    };
    let point = point.ok_or(PrivateKeyFault::EcValue)?;
    Ok(PublicKey::Ecdsa { curve, point })
}

fn uncompressed<K: p256::elliptic_curve::sec1::ToSec1Point<C>, C>(key: &K) -> Vec<u8>
where
    C: p256::elliptic_curve::Curve,
    p256::elliptic_curve::FieldBytesSize<C>: p256::elliptic_curve::sec1::ModulusSize,
{
    key.to_sec1_point(false).as_bytes().to_vec()
}

/// Whether the PEM label is one that `crypto/tls` takes for a private key.
#[must_use]
pub(crate) fn is_private_key_label(label: &str) -> bool {
    label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY")
}

/// Whether the key is encrypted, which Go can't say: by PKCS#8's structure
/// or by the headers of the old form.
#[must_use]
pub fn is_encrypted(block: &super::pem::Block) -> bool {
    let header = block
        .headers
        .iter()
        .any(|(key, _)| key == "DEK-Info" || key == "Proc-Type");
    let wrapped = || {
        let mut sequence = Reader(&block.bytes).contents(tag::SEQUENCE)?;
        sequence.contents(tag::SEQUENCE)?;
        sequence.contents(tag::OCTET_STRING)?;
        Some(sequence.is_empty())
    };
    header || block.label == "ENCRYPTED PRIVATE KEY" || wrapped() == Some(true)
}
