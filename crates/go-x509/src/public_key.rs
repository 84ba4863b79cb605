//! Public keys as Go's `crypto/x509` reads them out of a certificate
//! (`parser.go`, `parsePublicKey`; up to Go 1.16 `x509.go`).

use const_oid::ObjectIdentifier;

use crate::asn1::{Asn1Error, Field, Structure, ValueKind, unmarshal};
use crate::der::{Reader, tag};
use crate::ml_dsa::ParameterSet;
use crate::version::GoBuild;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P224: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.33");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// The elliptic curves that Go knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// `secp224r1`
    P224,
    /// `prime256v1`
    P256,
    /// `secp384r1`
    P384,
    /// `secp521r1`
    P521,
}

impl Curve {
    /// `namedCurveFromOID`: secp256k1 and the Brainpool curves are not there.
    #[must_use]
    pub(crate) fn from_object_identifier(contents: &[u8]) -> Option<Self> {
        [
            (P224, Self::P224),
            (P256, Self::P256),
            (P384, Self::P384),
            (P521, Self::P521),
        ]
        .into_iter()
        .find_map(|(name, curve)| (name.as_bytes() == contents).then_some(curve))
    }

    /// Bytes of a coordinate and of a private key.
    #[must_use]
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::P224 => 28,
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::P224 => "P224",
            Self::P256 => "P256",
            Self::P384 => "P384",
            Self::P521 => "P521",
        }
    }

    /// Whether these bytes are an uncompressed point on the curve.
    fn has_point(self, point: &[u8]) -> bool {
        if point.first() != Some(&4) || point.len() != 1 + 2 * self.size() {
            return false;
        }
        match self {
            Self::P224 => p224::PublicKey::from_sec1_bytes(point).is_ok(),
            Self::P256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
            Self::P384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
            Self::P521 => p521::PublicKey::from_sec1_bytes(point).is_ok(),
        }
    }
}

/// Why Go does not take the key of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// RSA: the parameters are not NULL.
    #[error("x509: RSA key missing NULL parameters")]
    RsaParameters,
    /// RSA: it is no SEQUENCE.
    #[error("x509: invalid RSA public key")]
    Rsa,
    /// RSA: the modulus is no INTEGER.
    #[error("x509: invalid RSA modulus")]
    RsaModulus,
    /// RSA: the exponent is none.
    #[error("x509: invalid RSA public exponent")]
    RsaExponent,
    /// RSA, up to Go 1.16: it can't be read.
    #[error(transparent)]
    RsaAsn1(Asn1Error),
    /// RSA, up to Go 1.16: more follows.
    #[error("x509: trailing data after RSA public key")]
    RsaTrailingData,
    /// RSA: the modulus is zero or negative.
    #[error("x509: RSA modulus is not a positive number")]
    RsaModulusNotPositive,
    /// RSA: the exponent is.
    #[error("x509: RSA public exponent is not a positive number")]
    RsaExponentNotPositive,
    /// ECDSA: the parameters name no curve.
    #[error("x509: invalid ECDSA parameters")]
    CurveParameters,
    /// The same, as Go up to 1.16 says it.
    #[error("x509: failed to parse ECDSA parameters as named curve")]
    CurveParametersByReflection,
    /// ECDSA: Go doesn't know the curve.
    #[error("x509: unsupported elliptic curve")]
    Curve,
    /// ECDSA: no point of the curve; Go up to 1.25 says no more.
    #[error("x509: failed to unmarshal elliptic curve point")]
    Point,
    /// ECDSA: a point that is not given by both coordinates.
    #[error("ecdsa: invalid uncompressed public key")]
    CompressedPoint,
    /// ECDSA: both coordinates, and they are none of the curve's.
    #[error("{} point not on curve", .0.name())]
    PointNotOnCurve(Curve),
    /// ECDSA: a point of a wrong length.
    #[error("invalid {} point encoding", .0.name())]
    PointEncoding(Curve),
    /// Ed25519: there are parameters.
    #[error("x509: Ed25519 key encoded with illegal parameters")]
    Ed25519Parameters,
    /// Ed25519: it is not 32 bytes long.
    #[error("x509: wrong Ed25519 public key size")]
    Ed25519Length,
    /// ML-DSA: there are parameters.
    #[error("x509: ML-DSA key encoded with illegal parameters")]
    MlDsaParameters,
    /// ML-DSA: a wrong length.
    #[error("mldsa: invalid public key length")]
    MlDsaLength,
    /// DSA: it is no INTEGER.
    #[error("x509: invalid DSA public key")]
    Dsa,
    /// DSA: the parameters are not three.
    #[error("x509: invalid DSA parameters")]
    DsaParameters,
    /// DSA: one of them or the key is zero or negative.
    #[error("x509: zero or negative DSA parameter")]
    DsaNotPositive,
}

/// What kind of key a certificate says it has, even when it can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicKeyAlgorithm {
    /// None that Go knows, such as RSASSA-PSS keys and Ed448.
    Unknown,
    /// `rsaEncryption`
    Rsa,
    /// DSA
    Dsa,
    /// `id-ecPublicKey`
    Ecdsa,
    /// Ed25519
    Ed25519,
    /// ML-DSA, since Go 1.27
    MlDsa(ParameterSet),
}

impl PublicKeyAlgorithm {
    /// `getPublicKeyAlgorithmFromOID`
    #[must_use]
    pub(crate) fn from_object_identifier(contents: &[u8], go: GoBuild) -> Self {
        match contents {
            _ if contents == RSA.as_bytes() => Self::Rsa,
            _ if contents == DSA.as_bytes() => Self::Dsa,
            _ if contents == EC.as_bytes() => Self::Ecdsa,
            _ if contents == ED25519.as_bytes() => Self::Ed25519,
            _ => ParameterSet::from_object_identifier(contents)
                .filter(|_| go.knows_ml_dsa())
                .map_or(Self::Unknown, Self::MlDsa),
        }
    }

    /// How Go names it in messages.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "0",
            Self::Rsa => "RSA",
            Self::Dsa => "DSA",
            Self::Ecdsa => "ECDSA",
            Self::Ed25519 => "Ed25519",
            Self::MlDsa(_) => "ML-DSA",
        }
    }
}

/// A public key that Go can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// An RSA key.
    Rsa {
        /// The modulus, big-endian, without leading zeros.
        modulus: Vec<u8>,
        /// The public exponent.
        exponent: i64,
    },
    /// A point on a curve.
    Ecdsa {
        /// The curve.
        curve: Curve,
        /// The uncompressed point.
        point: Vec<u8>,
    },
    /// An Ed25519 key.
    Ed25519([u8; 32]),
    /// An ML-DSA key.
    MlDsa {
        /// Its parameter set.
        parameters: ParameterSet,
        /// The key (FIPS 204, algorithm 22).
        key: Vec<u8>,
    },
    /// A DSA key: its whole encoding, to compare.
    Dsa(Vec<u8>),
    /// An X25519 key, which only occurs as a private key: Go leaves it unread
    /// in certificates.
    X25519(Vec<u8>),
}

impl PublicKey {
    /// Go's name of the type, as `%T` prints it.
    #[must_use]
    pub(crate) const fn go_type(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "*rsa.PublicKey",
            Self::Ecdsa { .. } => "*ecdsa.PublicKey",
            Self::Ed25519(_) => "ed25519.PublicKey",
            Self::MlDsa { .. } => "*mldsa.PublicKey",
            Self::Dsa(_) => "*dsa.PublicKey",
            Self::X25519(_) => "*ecdh.PublicKey",
        }
    }

    /// Bits of an RSA modulus; 0 for other keys.
    #[must_use]
    pub fn rsa_bits(&self) -> usize {
        match self {
            Self::Rsa { modulus, .. } => bit_length(modulus),
            _ => 0,
        }
    }
}

/// Bits of a big-endian number.
#[must_use]
pub(crate) fn bit_length(number: &[u8]) -> usize {
    let start = number
        .iter()
        .position(|&byte| byte != 0)
        .unwrap_or(number.len());
    number.get(start).map_or(0, |first| {
        (number.len() - start) * 8 - usize::try_from(first.leading_zeros()).unwrap_or(0)
    })
}

fn is_positive(integer: &[u8]) -> bool {
    integer.first().is_some_and(|first| first & 0x80 == 0) && integer.iter().any(|&byte| byte != 0)
}

/// An integer's contents without leading zeros.
#[must_use]
pub(crate) fn unsigned(integer: &[u8]) -> Vec<u8> {
    let start = integer
        .iter()
        .position(|&byte| byte != 0)
        .unwrap_or(integer.len());
    integer.get(start..).unwrap_or_default().to_vec()
}

/// Reads the key of a certificate: the parameters of its algorithm (their
/// whole encoding, empty if absent) and its bits, right aligned. `None` for a
/// kind that Go doesn't know.
///
/// # Errors
///
/// See [`PublicKeyError`].
pub(crate) fn parse(
    algorithm: PublicKeyAlgorithm,
    parameters: &[u8],
    data: &[u8],
    go: GoBuild,
) -> Result<Option<PublicKey>, PublicKeyError> {
    use PublicKeyError as Refused;
    match algorithm {
        PublicKeyAlgorithm::Unknown => Ok(None),
        PublicKeyAlgorithm::Rsa => {
            if parameters != [tag::NULL, 0] {
                return Err(Refused::RsaParameters);
            }
            rsa(data, go).map(Some)
        }
        PublicKeyAlgorithm::Ecdsa => {
            let mut reader = Reader(parameters);
            let name = reader.object_identifier();
            let Some(name) = name else {
                return Err(if go.reads_certificates_by_hand() {
                    Refused::CurveParameters
                } else {
                    Refused::CurveParametersByReflection
                });
            };
            let Some(curve) = Curve::from_object_identifier(name) else {
                return Err(Refused::Curve);
            };
            if curve.has_point(data) {
                return Ok(Some(PublicKey::Ecdsa {
                    curve,
                    point: data.to_vec(),
                }));
            }
            if !go.parses_points_by_ecdsa() {
                return Err(Refused::Point);
            }
            Err(if data.first() != Some(&4) {
                Refused::CompressedPoint
            } else if data.len() == 1 + 2 * curve.size() {
                Refused::PointNotOnCurve(curve)
            } else {
                Refused::PointEncoding(curve)
            })
        }
        PublicKeyAlgorithm::Ed25519 => {
            if !parameters.is_empty() {
                return Err(Refused::Ed25519Parameters);
            }
            let key = <[u8; 32]>::try_from(data).map_err(|_| Refused::Ed25519Length)?;
            Ok(Some(PublicKey::Ed25519(key)))
        }
        PublicKeyAlgorithm::MlDsa(set) => {
            if !parameters.is_empty() {
                return Err(Refused::MlDsaParameters);
            }
            if data.len() != set.public_key_length() {
                return Err(Refused::MlDsaLength);
            }
            Ok(Some(PublicKey::MlDsa {
                parameters: set,
                key: data.to_vec(),
            }))
        }
        PublicKeyAlgorithm::Dsa => dsa(parameters, data).map(Some),
    }
}

fn rsa(data: &[u8], go: GoBuild) -> Result<PublicKey, PublicKeyError> {
    static PKCS1_PUBLIC_KEY: ValueKind = ValueKind::Structure(&Structure {
        name: "pkcs1PublicKey",
        fields: &[
            Field::new(ValueKind::BigInteger),
            Field::new(ValueKind::Integer),
        ],
    });
    let (modulus, exponent) = if go.reads_certificates_by_hand() {
        let mut key = Reader(data)
            .contents(tag::SEQUENCE)
            .ok_or(PublicKeyError::Rsa)?;
        let modulus = key
            .integer_bytes(tag::INTEGER)
            .ok_or(PublicKeyError::RsaModulus)?;
        (
            modulus,
            key.small_integer().ok_or(PublicKeyError::RsaExponent)?,
        )
    } else {
        let (key, rest) = unmarshal(data, &PKCS1_PUBLIC_KEY).map_err(PublicKeyError::RsaAsn1)?;
        if !rest.is_empty() {
            return Err(PublicKeyError::RsaTrailingData);
        }
        (key.field(0).bytes(), key.field(1).number())
    };
    if !is_positive(modulus) {
        return Err(PublicKeyError::RsaModulusNotPositive);
    }
    if exponent <= 0 {
        return Err(PublicKeyError::RsaExponentNotPositive);
    }
    Ok(PublicKey::Rsa {
        modulus: unsigned(modulus),
        exponent,
    })
}

fn dsa(parameters: &[u8], data: &[u8]) -> Result<PublicKey, PublicKeyError> {
    let y = Reader(data)
        .integer_bytes(tag::INTEGER)
        .ok_or(PublicKeyError::Dsa)?;
    let numbers = Reader(parameters)
        .contents(tag::SEQUENCE)
        .and_then(|mut sequence| {
            Some([
                sequence.integer_bytes(tag::INTEGER)?,
                sequence.integer_bytes(tag::INTEGER)?,
                sequence.integer_bytes(tag::INTEGER)?,
            ])
        });
    let Some(numbers) = numbers else {
        return Err(PublicKeyError::DsaParameters);
    };
    if !is_positive(y) || !numbers.into_iter().all(is_positive) {
        return Err(PublicKeyError::DsaNotPositive);
    }
    Ok(PublicKey::Dsa([parameters, data].concat()))
}
