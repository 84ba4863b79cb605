//! Private keys as `crypto/tls` reads them: PKCS#1, PKCS#8 and SEC1, found by
//! trying (`tls.go`, `parsePrivateKey`). What is kept is only the public key
//! that belongs to it, for that is what is compared with the certificate.

use std::error::Error;
use std::fmt;

use const_oid::ObjectIdentifier;
use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero};

use crate::asn1::{ALGORITHM_IDENTIFIER, Field, Kind, Structure, Value, unmarshal};
use crate::der::{Reader, tag};
use crate::ml_dsa::{ParameterSet, SEED_LENGTH};
use crate::public_key::{Curve, PublicKey, bit_length, unsigned};
use crate::version::GoBuild;

/// Why a private key could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivateKeyError {
    /// None of the three forms fits: encrypted, damaged, or of a kind that Go
    /// doesn't know. Go 1.27 adds what PKCS#8 lacked.
    Unreadable(Option<String>),
    /// PKCS#8 with a key that is not for signatures (X25519).
    NotForSignatures,
}

impl fmt::Display for PrivateKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(None) => formatter.write_str("tls: failed to parse private key"),
            Self::Unreadable(Some(reason)) => {
                write!(formatter, "tls: failed to parse private key: {reason}")
            }
            Self::NotForSignatures => {
                formatter.write_str("tls: found unknown private key type in PKCS#8 wrapping")
            }
        }
    }
}

impl Error for PrivateKeyError {}

static PKCS8: Kind = Kind::Structure(&Structure {
    name: "pkcs8",
    fields: &[
        Field::new(Kind::Integer),
        Field::new(Kind::Structure(&ALGORITHM_IDENTIFIER)),
        Field::new(Kind::Bytes),
    ],
});

static PKCS1: Kind = Kind::Structure(&Structure {
    name: "pkcs1PrivateKey",
    fields: &[
        Field::new(Kind::Integer),
        Field::new(Kind::BigInteger),
        Field::new(Kind::Integer),
        Field::new(Kind::BigInteger),
        Field::new(Kind::BigInteger),
        Field::new(Kind::BigInteger),
        Field::optional(Kind::BigInteger),
        Field::optional(Kind::BigInteger),
        Field::optional(Kind::BigInteger),
        Field::optional(Kind::List("", &ADDITIONAL_PRIME)),
    ],
});

static ADDITIONAL_PRIME: Kind = Kind::Structure(&Structure {
    name: "pkcs1AdditionalRSAPrime",
    fields: &[
        Field::new(Kind::BigInteger),
        Field::new(Kind::BigInteger),
        Field::new(Kind::BigInteger),
    ],
});

static SEC1: Kind = Kind::Structure(&Structure {
    name: "ecPrivateKey",
    fields: &[
        Field::new(Kind::Integer),
        Field::new(Kind::Bytes),
        Field::optional(Kind::ObjectIdentifier).explicitly_tagged(0),
        Field::optional(Kind::BitString).explicitly_tagged(1),
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

/// `ParsePKCS8PrivateKey`
fn pkcs8(der: &[u8], go: GoBuild) -> Result<PublicKey, String> {
    let (key, _) = match unmarshal(der, &PKCS8) {
        Ok(read) => read,
        Err(error) => {
            let other = |kind| unmarshal(der, kind).is_ok();
            return Err(if other(&SEC1) {
                "x509: failed to parse private key (use ParseECPrivateKey instead for this key format)"
                    .to_owned()
            } else if other(&PKCS1) {
                "x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)"
                    .to_owned()
            } else {
                error.to_string()
            });
        }
    };
    let algorithm = key.field(1).field(0).bytes();
    let parameters = key.field(1).field(1).bytes();
    let contents = key.field(2).bytes();
    if algorithm == RSA.as_bytes() {
        return pkcs1(contents, go).map_err(|error| {
            format!("x509: failed to parse RSA private key embedded in PKCS#8: {error}")
        });
    }
    if algorithm == EC.as_bytes() {
        let curve = Reader(parameters).object_identifier();
        return sec1(curve, contents, go).map_err(|error| {
            format!("x509: failed to parse EC private key embedded in PKCS#8: {error}")
        });
    }
    if algorithm == ED25519.as_bytes() {
        if !parameters.is_empty() {
            return Err("x509: invalid Ed25519 private key parameters".to_owned());
        }
        let (seed, _) = unmarshal(contents, &Kind::Bytes)
            .map_err(|error| format!("x509: invalid Ed25519 private key: {error}"))?;
        let bytes = seed.bytes();
        let seed = <[u8; 32]>::try_from(bytes)
            .map_err(|_| format!("x509: invalid Ed25519 private key length: {}", bytes.len()))?;
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
    Err(format!(
        "x509: PKCS#8 wrapping contained private key with unknown algorithm: {}",
        super::der::dotted(algorithm)
    ))
}

/// The seed of an ML-DSA key; of the three forms of RFC 9881, section 6, Go
/// takes this one only.
fn ml_dsa(set: ParameterSet, parameters: &[u8], contents: &[u8]) -> Result<PublicKey, String> {
    if !parameters.is_empty() {
        return Err("x509: invalid ML-DSA private key parameters".to_owned());
    }
    let length = || {
        format!(
            "x509: invalid ML-DSA private key length: {}",
            contents.len()
        )
    };
    match contents.first() {
        None => return Err(length()),
        Some(0x80) => {}
        Some(0x04) => {
            let text = "x509: semi-expanded ML-DSA private keys without seed are not supported";
            return Err(text.to_owned());
        }
        Some(0x30) => {
            return Err(
                "x509: ML-DSA private keys with both seed and expanded key are not supported, use \
                 e.g. \"openssl pkey -provparam ml-dsa.output_formats=seed-only\" to convert to a \
                 seed-only key"
                    .to_owned(),
            );
        }
        Some(tag) => {
            return Err(format!(
                "x509: invalid ML-DSA private key: invalid ASN.1 tag {tag:02x}"
            ));
        }
    }
    let seed = contents
        .get(2..)
        .and_then(|seed| <&[u8; SEED_LENGTH]>::try_from(seed).ok())
        .ok_or_else(length)?;
    if contents.get(1).copied().map(usize::from) != Some(SEED_LENGTH) {
        return Err("x509: invalid ML-DSA private key ASN.1 encoding".to_owned());
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
fn pkcs1(der: &[u8], go: GoBuild) -> Result<PublicKey, String> {
    let (key, rest) = unmarshal(der, &PKCS1).map_err(|error| error.to_string())?;
    if !rest.is_empty() {
        return Err("asn1: syntax error: trailing data".to_owned());
    }
    if key.field(0).number() > 1 {
        return Err("x509: unsupported private key version".to_owned());
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
        return Err("x509: private key contains zero or negative value".to_owned());
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
        return Err("crypto/rsa: invalid modulus".to_owned());
    }
    if exponent < 2 || exponent > i64::from(i32::MAX) {
        return Err("crypto/rsa: public exponent too small".to_owned());
    }
    let product = primes.iter().fold(BoxedUint::one(), |product, prime| {
        product.concatenating_mul(&number(prime))
    });
    if product.to_be_bytes_trimmed_vartime().as_ref() != modulus.as_slice() {
        return Err("crypto/rsa: invalid modulus".to_owned());
    }
    let public = number(&exponent.to_be_bytes());
    for prime in &primes {
        let below = number(&minus_one(prime));
        if bit_length(prime) < 2
            || !product_modulo(&public, &number(&private), &below)
                .is_some_and(|value| is_one(&value))
        {
            return Err("crypto/rsa: invalid exponents".to_owned());
        }
    }
    if go.checks_rsa_public_keys()
        && (exponent % 2 == 0
            || bit_length(&modulus).is_multiple_of(8)
                && modulus.last().is_some_and(|last| last % 2 == 0))
    {
        return Err("crypto/rsa: public exponent is even".to_owned());
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
) -> Result<(), String> {
    for (prime, reduced) in primes.iter().zip([dp, dq]) {
        let below = number(&minus_one(prime));
        let expected = product_modulo(&number(private), &BoxedUint::one(), &below);
        if expected.is_none_or(|value| value.to_be_bytes_trimmed_vartime().as_ref() != reduced) {
            return Err("crypto/rsa: invalid CRT exponent".to_owned());
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
        Err("crypto/rsa: invalid CRT coefficient".to_owned())
    }
}

/// `parseECPrivateKey`: the curve of the PKCS#8 wrapping wins over the key's.
fn sec1(curve: Option<&[u8]>, der: &[u8], go: GoBuild) -> Result<PublicKey, String> {
    let (key, _) = unmarshal(der, &SEC1)
        .map_err(|error| format!("x509: failed to parse EC private key: {error}"))?;
    if key.field(0).number() != 1 {
        return Err(format!(
            "x509: unknown EC private key version {}",
            key.field(0).number()
        ));
    }
    let named = curve.unwrap_or_else(|| key.field(2).bytes());
    let curve = Curve::from_object_identifier(named).ok_or("x509: unknown elliptic curve")?;
    let scalar = unsigned(key.field(1).bytes());
    if scalar.len() > curve.size() {
        return Err("x509: invalid private key length".to_owned());
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
    let point = point.ok_or("x509: invalid elliptic curve private key value")?;
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
