//! The facts about keys: what kind, how large, and a fingerprint by which the
//! two halves are found to belong together. Nothing of a private key's secret
//! numbers is kept.

use std::fmt;

use const_oid::{ObjectIdentifier, db};
use der::{
    Decode, Encode,
    asn1::{BitString, OctetStringRef},
};
use pkcs1::DecodeRsaPrivateKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::{
    algorithm::Named,
    unreadable::{DataKind, Unreadable},
};
use crate::pki::{
    key::numbers_fit,
    ml_dsa::{self, ParameterSet},
    name::hexadecimal,
};

/// What kind of key it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyKind {
    /// RSA.
    Rsa {
        /// The modulus's length in bits.
        bits: usize,
        /// The public exponent, in decimal where it is small.
        exponent: String,
    },
    /// A key on an elliptic curve.
    EllipticCurve {
        /// The curve: `P-256`.
        curve: Named,
    },
    /// Another kind, which has no size: `Ed25519`.
    Other {
        /// Its algorithm.
        algorithm: Named,
    },
}

impl fmt::Display for KeyKind {
    /// As people call it: `RSA 2048`, `P-256`, `Ed25519`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits, .. } => write!(formatter, "RSA {bits}"),
            Self::EllipticCurve { curve } => formatter.write_str(&curve.name),
            Self::Other { algorithm } => formatter.write_str(&algorithm.name),
        }
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKeyFacts {
    /// What kind.
    pub kind: KeyKind,
    /// The SHA-256 of its `SubjectPublicKeyInfo`, as
    /// `openssl pkey -pubin -outform DER | sha256sum` gives it.
    pub sha256: String,
}

/// The form a private key is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyForm {
    /// PKCS#8 (`PRIVATE KEY`), for every kind of key.
    Pkcs8,
    /// PKCS#1 (`RSA PRIVATE KEY`).
    Pkcs1,
    /// SEC 1 (`EC PRIVATE KEY`).
    Sec1,
    /// PKCS#8 with an ML-DSA key in another form than its seed alone (RFC 9881
    /// section 6).
    Expanded,
}

impl fmt::Display for KeyForm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pkcs8 => "PKCS#8",
            Self::Pkcs1 => "PKCS#1",
            Self::Sec1 => "SEC 1",
            Self::Expanded => "PKCS#8, expanded",
        })
    }
}

/// A private key: what may be told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateKeyFacts {
    /// What kind.
    pub kind: KeyKind,
    /// The form it is written in.
    pub form: KeyForm,
    /// Its public half, where this program can calculate it.
    pub public_key: Option<PublicKeyFacts>,
}

/// Something under a passphrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedFacts {
    /// What it is.
    pub kind: LockedKind,
    /// The scheme it is encrypted with; empty where that does not show.
    pub scheme: String,
    /// How the attempt to open it went.
    pub attempt: Attempt,
}

/// The kinds of things under a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LockedKind {
    /// A PKCS#8 key (`ENCRYPTED PRIVATE KEY`).
    Pkcs8,
    /// A key in OpenSSL's older form (`DEK-Info`).
    Traditional,
    /// A PKCS#12 file.
    Pkcs12,
}

/// How an attempt to open something went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attempt {
    /// No passphrase was given.
    NoPassphrase,
    /// The one that was given does not fit.
    WrongPassphrase,
    /// It can't be opened here whatever the passphrase: why.
    NotPossible {
        /// The sentence.
        reason: String,
    },
}

impl fmt::Display for LockedFacts {
    /// What it is, why it is closed, and what to do.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            LockedKind::Pkcs8 => "this private key is encrypted",
            LockedKind::Traditional => "this private key is encrypted in OpenSSL's older form",
            LockedKind::Pkcs12 => "this PKCS#12 file is encrypted",
        };
        formatter.write_str(what)?;
        if !self.scheme.is_empty() {
            write!(formatter, " ({})", self.scheme)?;
        }
        match &self.attempt {
            Attempt::NoPassphrase => write!(formatter, "; write its passphrase to look inside"),
            Attempt::WrongPassphrase => write!(
                formatter,
                ", and the passphrase that was given does not open it; write the right one"
            ),
            Attempt::NotPossible { reason } => write!(formatter, ", and {reason}"),
        }
    }
}

impl PublicKeyFacts {
    /// Reads a `SubjectPublicKeyInfo`, or a PKCS#1 `RSAPublicKey`.
    pub(super) fn read(der: &[u8]) -> der::Result<Self> {
        let spki = match SubjectPublicKeyInfoOwned::from_der(der) {
            Ok(spki) => spki,
            Err(error) => {
                let key = pkcs1::RsaPublicKeyRef::from_der(der).map_err(|_| error)?;
                rsa_spki(&key)?
            }
        };
        Ok(Self::of(&spki))
    }

    /// The facts about a public key, whatever its kind.
    pub(super) fn of(spki: &SubjectPublicKeyInfoOwned) -> Self {
        let other = || KeyKind::Other {
            algorithm: Named::new(spki.algorithm.oid),
        };
        let bytes = spki.subject_public_key.raw_bytes();
        let kind = match spki.algorithm.oid {
            db::rfc5912::RSA_ENCRYPTION | db::rfc5912::ID_RSASSA_PSS => {
                pkcs1::RsaPublicKeyRef::from_der(bytes)
                    .map_or_else(|_| other(), |key| rsa_kind(&key))
            }
            db::rfc5912::ID_EC_PUBLIC_KEY => {
                curve(&spki.algorithm).map_or_else(other, |curve| KeyKind::EllipticCurve {
                    curve: Named::new(curve),
                })
            }
            _ => other(),
        };
        Self {
            kind,
            sha256: hexadecimal(&Sha256::digest(spki.to_der().unwrap_or_default()), ":"),
        }
    }
}

fn curve(algorithm: &AlgorithmIdentifierOwned) -> Option<ObjectIdentifier> {
    algorithm.parameters.as_ref()?.decode_as().ok()
}

fn rsa_kind(key: &pkcs1::RsaPublicKeyRef<'_>) -> KeyKind {
    let modulus = key.modulus.as_bytes();
    let leading = modulus
        .first()
        .map_or(0, |first| first.leading_zeros() as usize);
    let exponent = key.public_exponent.as_bytes();
    KeyKind::Rsa {
        bits: (modulus.len() * 8).saturating_sub(leading),
        exponent: if exponent.len() <= 8 {
            exponent
                .iter()
                .fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
                .to_string()
        } else {
            format!("of {} bytes", exponent.len())
        },
    }
}

fn rsa_spki(key: &pkcs1::RsaPublicKeyRef<'_>) -> der::Result<SubjectPublicKeyInfoOwned> {
    Ok(SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned {
            oid: db::rfc5912::RSA_ENCRYPTION,
            parameters: Some(der::Any::null()),
        },
        subject_public_key: BitString::from_bytes(&key.to_der()?)?,
    })
}

fn curve_spki(curve: ObjectIdentifier, point: &[u8]) -> der::Result<SubjectPublicKeyInfoOwned> {
    Ok(SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned {
            oid: db::rfc5912::ID_EC_PUBLIC_KEY,
            parameters: Some(der::Any::encode_from(&curve)?),
        },
        subject_public_key: BitString::from_bytes(point)?,
    })
}

impl PrivateKeyFacts {
    /// Reads a private key: PKCS#8, PKCS#1 or SEC 1.
    pub(super) fn read(der: &[u8]) -> Result<Self, Unreadable> {
        let damaged = |error: &der::Error| Unreadable::damaged(DataKind::PrivateKey, error);
        if let Ok(key) = pkcs1::RsaPrivateKeyRef::from_der(der) {
            return rsa_private(&key, der, KeyForm::Pkcs1);
        }
        if let Ok(key) = sec1::EcPrivateKey::from_der(der) {
            let curve = key.parameters.and_then(sec1::EcParameters::named_curve);
            return curve_private(&key, curve, KeyForm::Sec1);
        }
        let info = pkcs8::PrivateKeyInfoRef::from_der(der).map_err(|error| damaged(&error))?;
        let inner = info.private_key.as_bytes();
        match info.algorithm.oid {
            db::rfc5912::RSA_ENCRYPTION => {
                let key =
                    pkcs1::RsaPrivateKeyRef::from_der(inner).map_err(|error| damaged(&error))?;
                rsa_private(&key, inner, KeyForm::Pkcs8)
            }
            db::rfc5912::ID_EC_PUBLIC_KEY => {
                let key = sec1::EcPrivateKey::from_der(inner).map_err(|error| damaged(&error))?;
                curve_private(&key, info.algorithm.parameters_oid().ok(), KeyForm::Pkcs8)
            }
            algorithm => {
                let mut form = KeyForm::Pkcs8;
                let public_key = match (algorithm, ParameterSet::named(algorithm)) {
                    (db::rfc8410::ID_ED_25519, _) => Some(ed25519_public(inner)?),
                    (_, Some(set)) => {
                        if !ml_dsa::is_seed(inner) {
                            form = KeyForm::Expanded;
                        }
                        Some(ml_dsa_public(set, inner)?)
                    }
                    (_, None) => None,
                };
                Ok(Self {
                    kind: KeyKind::Other {
                        algorithm: Named::new(algorithm),
                    },
                    form,
                    public_key,
                })
            }
        }
    }
}

/// A key whose numbers do not belong together.
fn unsound() -> Unreadable {
    Unreadable::Damaged {
        what: DataKind::PrivateKey,
        fault: "its numbers do not make a key".to_owned(),
    }
}

fn rsa_private(
    key: &pkcs1::RsaPrivateKeyRef<'_>,
    der: &[u8],
    form: KeyForm,
) -> Result<PrivateKeyFacts, Unreadable> {
    let public = pkcs1::RsaPublicKeyRef {
        modulus: key.modulus,
        public_exponent: key.public_exponent,
    };
    let spki = rsa_spki(&public).map_err(|_| unsound())?;
    let facts = PublicKeyFacts::of(&spki);
    // Of a usual size, its numbers are calculated with.
    if matches!(facts.kind, KeyKind::Rsa { bits, .. } if (1024..=4096).contains(&bits))
        && key.other_prime_infos.is_none()
        && (!numbers_fit(key) || rsa::PrivateKey::from_pkcs1_der(der).is_err())
    {
        return Err(unsound());
    }
    Ok(PrivateKeyFacts {
        kind: facts.kind.clone(),
        form,
        public_key: Some(facts),
    })
}

fn curve_private(
    key: &sec1::EcPrivateKey<'_>,
    curve: Option<ObjectIdentifier>,
    form: KeyForm,
) -> Result<PrivateKeyFacts, Unreadable> {
    let Some(curve) = curve else {
        return Err(Unreadable::Damaged {
            what: DataKind::PrivateKey,
            fault: "it does not name its curve".to_owned(),
        });
    };
    let scalar = key.private_key;
    let unsound = |_| unsound();
    let calculated = match curve {
        db::rfc5912::SECP_256_R_1 => Some(
            p256::ecdsa::SigningKey::from_slice(scalar)
                .map_err(unsound)?
                .verifying_key()
                .to_sec1_point(false)
                .to_bytes()
                .to_vec(),
        ),
        db::rfc5912::SECP_384_R_1 => Some(
            p384::ecdsa::SigningKey::from_slice(scalar)
                .map_err(unsound)?
                .verifying_key()
                .to_sec1_point(false)
                .to_bytes()
                .to_vec(),
        ),
        db::rfc5912::SECP_521_R_1 => Some(
            p521::ecdsa::SigningKey::from_slice(scalar)
                .map_err(unsound)?
                .verifying_key()
                .to_sec1_point(false)
                .to_bytes()
                .to_vec(),
        ),
        _ => key.public_key.map(<[u8]>::to_vec),
    };
    let public_key = calculated
        .and_then(|point| curve_spki(curve, &point).ok())
        .map(|spki| PublicKeyFacts::of(&spki));
    Ok(PrivateKeyFacts {
        kind: KeyKind::EllipticCurve {
            curve: Named::new(curve),
        },
        form,
        public_key,
    })
}

/// The public half of an Ed25519 key (RFC 8410 section 7).
fn ed25519_public(inner: &[u8]) -> Result<PublicKeyFacts, Unreadable> {
    let seed: [u8; 32] = <&OctetStringRef>::from_der(inner)
        .ok()
        .and_then(|seed| seed.as_bytes().try_into().ok())
        .ok_or_else(unsound)?;
    let point = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
    let spki = SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned {
            oid: db::rfc8410::ID_ED_25519,
            parameters: None,
        },
        subject_public_key: BitString::from_bytes(point.as_bytes()).map_err(|_| unsound())?,
    };
    Ok(PublicKeyFacts::of(&spki))
}

/// The public half of an ML-DSA key (RFC 9881 section 6).
fn ml_dsa_public(set: ParameterSet, inner: &[u8]) -> Result<PublicKeyFacts, Unreadable> {
    let key = ml_dsa::SigningKey::from_contents(set, inner).map_err(|_| unsound())?;
    let spki = key.verifying_key().to_spki().map_err(|_| unsound())?;
    PublicKeyFacts::read(spki.as_bytes()).map_err(|_| unsound())
}
