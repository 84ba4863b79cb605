//! Private and public keys of the kinds etcd takes, whatever the algorithm:
//! reading, writing, signing and checking signatures. How an RSA key is found
//! is not here but in [`rsa_key`].

mod kind;
mod public;

use rsa_key::{self, AssembleError};

use const_oid::{AssociatedOid, ObjectIdentifier, db};
use der::{
    Decode, Encode,
    asn1::{BitString, OctetStringRef},
};
use ed25519_dalek as ed25519;
use p256::elliptic_curve::Generate;
use p256::{NistP256, ecdsa as p256_ecdsa};
use p384::{NistP384, ecdsa as p384_ecdsa};
use pkcs1::DecodeRsaPrivateKey;
use pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rand_core::CryptoRng;
use rsa::{pkcs1v15, traits::PublicKeyParts};
use sha2::Sha256;
use signature::{Keypair, RandomizedSigner, SignatureEncoding, Signer};
use spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, SignatureBitStringEncoding};
use zeroize::Zeroizing;

pub use self::kind::KeyType;
pub use self::public::{PublicKey, SignatureFault};
use super::{
    ml_dsa::{self, ParameterSet},
    object_identifier,
    password_encryption::EncryptionError,
    pem::{self, PemError},
};

/// The label of a PKCS#8 key under a passphrase.
pub(super) const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// The label of OpenSSL's own form of DSA keys, which are told of by their name.
const DSA_LABEL: &str = "DSA PRIVATE KEY";

/// The labels of PEM blocks that hold private keys.
pub(super) const LABELS: &[&str] = &[
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    DSA_LABEL,
    ENCRYPTED_LABEL,
];

/// A private key. Its numbers are zeroized on drop by the crates that hold
/// them.
#[derive(Clone)]
pub enum PrivateKey {
    /// RSA, PKCS#1 v1.5 signatures with SHA-256.
    Rsa(Box<rsa::PrivateKey>),
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256(p256_ecdsa::SigningKey),
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384(p384_ecdsa::SigningKey),
    /// Ed25519 (RFC 8410).
    Ed25519(Box<ed25519::SigningKey>),
    /// ML-DSA (RFC 9881).
    MlDsa(Box<ml_dsa::SigningKey>),
}

/// Why a key can't be read or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is not PEM, or not the PEM of a private key.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A PKCS#8 key under a passphrase (`ENCRYPTED PRIVATE KEY`), where none is
    /// taken.
    #[error(
        "this private key is encrypted, and no passphrase is asked for here; take it off first, with: openssl pkey -in FILE -out NEWFILE"
    )]
    Encrypted,
    /// A key under a passphrase that can't be opened.
    #[error(transparent)]
    Encryption(#[from] EncryptionError),
    /// An RSA key can't be made.
    #[error(transparent)]
    Generation(AssembleError),
    /// The algorithm is none that this program can use.
    #[error(
        "keys of the type {algorithm} are not supported; use RSA, P-256, P-384, Ed25519 or ML-DSA"
    )]
    UnsupportedAlgorithm {
        /// The algorithm's name, or its object identifier.
        algorithm: String,
    },
    /// The numbers do not make a key: damaged, or not a key at all.
    #[error("this is no valid key: its contents are damaged; copy it again, whole")]
    Malformed,
    /// An RSA key outside 2048 to 4096 bits.
    #[error("an RSA key of {bits} bits is not supported; use 2048 to 4096 bits")]
    RsaSize {
        /// The modulus's length in bits.
        bits: u32,
    },
}

/// A signature as it stands in a certificate's or CSR's BIT STRING.
pub struct Signature(Vec<u8>);

impl SignatureBitStringEncoding for Signature {
    fn to_bitstring(&self) -> der::Result<BitString> {
        BitString::from_bytes(&self.0)
    }
}

impl PrivateKey {
    /// Makes a new key on this thread. For RSA that takes seconds; the page has
    /// its own tasks for the primes (see [`rsa_key`]).
    ///
    /// # Errors
    ///
    /// [`KeyError::Generation`] for RSA, if the new key does not pass its checks.
    pub fn generate<R: CryptoRng + ?Sized>(
        key_type: KeyType,
        rng: &mut R,
    ) -> Result<Self, KeyError> {
        if let Some(size) = key_type.modulus() {
            return rsa_key::generate(size, rng)
                .map_err(KeyError::Generation)
                .and_then(Self::from_rsa);
        }
        if let Some(set) = key_type.parameter_set() {
            let key = ml_dsa::SigningKey::generate(set, rng);
            return Ok(Self::MlDsa(Box::new(key)));
        }
        Ok(match key_type {
            KeyType::P384 => Self::EcdsaP384(p384_ecdsa::SigningKey::generate_from_rng(rng)),
            KeyType::Ed25519 => Self::Ed25519(Box::new(ed25519::SigningKey::generate(rng))),
            _ => Self::EcdsaP256(p256_ecdsa::SigningKey::generate_from_rng(rng)),
        })
    }

    /// Reads a private key from PEM: PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA
    /// PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`), as OpenSSL writes them. For a
    /// key that may be encrypted there is [`Self::from_encrypted_pem`].
    ///
    /// # Errors
    ///
    /// What is wrong with the text or the key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let block = pem::single(text, pem::PRIVATE_KEY, LABELS)?;
        Self::from_labelled(&block.label, &block.der)
    }

    /// Reads the contents of a PEM block with this label.
    pub(super) fn from_labelled(label: &str, der: &[u8]) -> Result<Self, KeyError> {
        match label {
            ENCRYPTED_LABEL => Err(KeyError::Encrypted),
            "RSA PRIVATE KEY" => Self::from_pkcs1(der),
            "EC PRIVATE KEY" => Self::from_sec1(der),
            DSA_LABEL => Err(unsupported(db::rfc5912::ID_DSA)),
            _ => Self::from_pkcs8(der),
        }
    }

    /// Reads a PKCS#8 `PrivateKeyInfo`.
    ///
    /// # Errors
    ///
    /// What is wrong with the key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let info = pkcs8::PrivateKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        let malformed = |_| KeyError::Malformed;
        match info.algorithm.oid {
            // Go asks for no NULL beside the algorithm of a private key, and some old
            // programs wrote none (`crypto/x509`, `ParsePKCS8PrivateKey`).
            db::rfc5912::RSA_ENCRYPTION => Self::from_pkcs1(info.private_key.as_bytes()),
            db::rfc5912::ID_EC_PUBLIC_KEY => match info.algorithm.parameters_oid() {
                Ok(db::rfc5912::SECP_256_R_1) => p256_ecdsa::SigningKey::from_pkcs8_der(der)
                    .map(Self::EcdsaP256)
                    .map_err(malformed),
                Ok(db::rfc5912::SECP_384_R_1) => p384_ecdsa::SigningKey::from_pkcs8_der(der)
                    .map(Self::EcdsaP384)
                    .map_err(malformed),
                Ok(curve) => Err(unsupported(curve)),
                Err(_) => Err(KeyError::Malformed),
            },
            db::rfc8410::ID_ED_25519 => ed25519::SigningKey::from_pkcs8_der(der)
                .map(|key| Self::Ed25519(Box::new(key)))
                .map_err(malformed),
            algorithm => match ParameterSet::named(algorithm) {
                Some(_) if info.algorithm.parameters.is_some() => Err(KeyError::Malformed),
                Some(set) => ml_dsa::SigningKey::from_contents(set, info.private_key.as_bytes())
                    .map(|key| Self::MlDsa(Box::new(key)))
                    .map_err(|ml_dsa::NotAKey| KeyError::Malformed),
                None => Err(unsupported(algorithm)),
            },
        }
    }

    /// Reads a PKCS#1 `RSAPrivateKey` (RFC 8017 appendix A.1.2). What is larger than a
    /// key that is taken is refused before anything is calculated with it: work and
    /// stack would grow with its size.
    fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        let numbers = pkcs1::RsaPrivateKeyRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        let bits = bit_width(numbers.modulus.as_bytes());
        if bits > MOST_RSA_BITS {
            return Err(KeyError::RsaSize { bits });
        }
        if !numbers_fit(&numbers) {
            return Err(KeyError::Malformed);
        }
        rsa::PrivateKey::from_pkcs1_der(der)
            .map_err(|_| KeyError::Malformed)
            .and_then(Self::from_rsa)
    }

    /// Reads a SEC 1 `ECPrivateKey` (RFC 5915), which must name its curve.
    ///
    /// # Errors
    ///
    /// What is wrong with the key.
    pub fn from_sec1(der: &[u8]) -> Result<Self, KeyError> {
        let key = sec1::EcPrivateKey::from_der(der).map_err(|_| KeyError::Malformed)?;
        let curve = key.parameters.and_then(sec1::EcParameters::named_curve);
        match curve {
            Some(NistP256::OID) => p256_ecdsa::SigningKey::from_slice(key.private_key)
                .map(Self::EcdsaP256)
                .map_err(|_| KeyError::Malformed),
            Some(NistP384::OID) => p384_ecdsa::SigningKey::from_slice(key.private_key)
                .map(Self::EcdsaP384)
                .map_err(|_| KeyError::Malformed),
            Some(curve) => Err(unsupported(curve)),
            None => Err(KeyError::Malformed),
        }
    }

    /// Takes an RSA key of 2048 to 4096 bits: fewer are too weak (NIST
    /// SP 800-131A), more are slower than anyone wants.
    ///
    /// # Errors
    ///
    /// Any other size.
    pub fn from_rsa(key: rsa::PrivateKey) -> Result<Self, KeyError> {
        rsa_size(key.as_public_key())?;
        Ok(Self::Rsa(Box::new(key)))
    }

    /// The key as PKCS#8 DER.
    ///
    /// # Errors
    ///
    /// Only if the encoder fails, which no valid key makes it do.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match self {
            Self::Rsa(key) => key.to_pkcs8_der(),
            Self::EcdsaP256(key) => ec_pkcs8(
                &Zeroizing::new(key.to_bytes()),
                key.verifying_key().to_sec1_point(false).as_bytes(),
                &NistP256::OID,
            ),
            Self::EcdsaP384(key) => ec_pkcs8(
                &Zeroizing::new(key.to_bytes()),
                key.verifying_key().to_sec1_point(false).as_bytes(),
                &NistP384::OID,
            ),
            // Without the public key: with it the structure is of version 2 (RFC
            // 5958), which OpenSSL 3.0 does not read.
            Self::Ed25519(key) => ed25519::pkcs8::KeypairBytes {
                secret_key: key.to_bytes(),
                public_key: None,
            }
            .to_pkcs8_der(),
            Self::MlDsa(key) => ml_dsa_pkcs8(key),
        }
        .map(|document| document.to_bytes())
        .map_err(|_| KeyError::Malformed)
    }

    /// The key as PKCS#8 PEM (`PRIVATE KEY`).
    ///
    /// # Errors
    ///
    /// As [`Self::to_pkcs8`].
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        pem::encode("PRIVATE KEY", &self.to_pkcs8()?)
            .map(Zeroizing::new)
            .map_err(|_| KeyError::Malformed)
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        match self {
            Self::Rsa(key) => PublicKey::Rsa(Box::new(key.to_public_key())),
            Self::EcdsaP256(key) => PublicKey::EcdsaP256(*key.verifying_key()),
            Self::EcdsaP384(key) => PublicKey::EcdsaP384(*key.verifying_key()),
            Self::Ed25519(key) => PublicKey::Ed25519(Box::new(key.verifying_key())),
            Self::MlDsa(key) => PublicKey::MlDsa(Box::new(key.verifying_key().clone())),
        }
    }
}

/// An EC key as PKCS#8 (RFC 5958, RFC 5915), from its secret and its public half.
/// The curves' own `to_pkcs8_der` writes the same, and calculates the public half
/// anew, which takes as long as a signature.
fn ec_pkcs8(
    secret: &[u8],
    public: &[u8],
    curve: &ObjectIdentifier,
) -> pkcs8::Result<der::SecretDocument> {
    let key = sec1::EcPrivateKey {
        private_key: secret,
        parameters: None,
        public_key: Some(public),
    };
    let key = Zeroizing::new(key.to_der()?);
    let algorithm = pkcs8::AlgorithmIdentifierRef {
        oid: sec1::ALGORITHM_OID,
        parameters: Some(curve.into()),
    };
    let info = pkcs8::PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&key)?);
    Ok(der::SecretDocument::encode_msg(&info)?)
}

/// An ML-DSA key as PKCS#8 (RFC 9881 section 6).
fn ml_dsa_pkcs8(key: &ml_dsa::SigningKey) -> pkcs8::Result<der::SecretDocument> {
    let contents = key.to_contents()?;
    let algorithm = pkcs8::AlgorithmIdentifierRef {
        oid: key.verifying_key().parameter_set().oid(),
        parameters: None,
    };
    let info = pkcs8::PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&contents)?);
    Ok(der::SecretDocument::encode_msg(&info)?)
}

fn unsupported(oid: ObjectIdentifier) -> KeyError {
    let algorithm = match oid {
        db::rfc5912::ID_RSASSA_PSS => "RSA-PSS".to_owned(),
        oid => object_identifier::name(oid).map_or_else(|| oid.to_string(), str::to_owned),
    };
    KeyError::UnsupportedAlgorithm { algorithm }
}

/// The bits of a number without leading zero bytes, as DER holds it.
fn bit_width(bytes: &[u8]) -> u32 {
    let leading = bytes.first().map_or(0, |byte| byte.leading_zeros());
    let bits = u32::try_from(bytes.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(8);
    bits.saturating_sub(leading)
}

/// Whether no number of an RSA key is longer than its modulus. None of a key's is, and
/// calculating with longer ones takes as long as they like.
pub(super) fn numbers_fit(key: &pkcs1::RsaPrivateKeyRef<'_>) -> bool {
    let most = key.modulus.as_bytes().len();
    [
        key.public_exponent,
        key.private_exponent,
        key.prime1,
        key.prime2,
        key.exponent1,
        key.exponent2,
        key.coefficient,
    ]
    .iter()
    .all(|number| number.as_bytes().len() <= most)
}

/// The largest RSA key that is taken.
const MOST_RSA_BITS: u32 = 4096;

fn rsa_size(key: &rsa::PublicKey) -> Result<(), KeyError> {
    let bits = key.n().bit_width();
    if (2048..=MOST_RSA_BITS).contains(&bits) {
        Ok(())
    } else {
        Err(KeyError::RsaSize { bits })
    }
}

// With the traits below a `PrivateKey` is what `x509-cert`'s builders call a
// signer, so that issuing is written once for all algorithms.

impl Keypair for PrivateKey {
    type VerifyingKey = PublicKey;

    fn verifying_key(&self) -> PublicKey {
        self.public_key()
    }
}

impl DynSignatureAlgorithmIdentifier for PrivateKey {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        match self {
            Self::Rsa(key) => pkcs1v15::SigningKey::<Sha256>::new((**key).clone())
                .signature_algorithm_identifier(),
            Self::EcdsaP256(key) => key.signature_algorithm_identifier(),
            Self::EcdsaP384(key) => key.signature_algorithm_identifier(),
            Self::Ed25519(key) => key.signature_algorithm_identifier(),
            Self::MlDsa(key) => Ok(key.verifying_key().parameter_set().algorithm()),
        }
    }
}

impl RandomizedSigner<Signature> for PrivateKey {
    /// Signs with the algorithm of [`DynSignatureAlgorithmIdentifier`]. The
    /// random generator blinds RSA's private operation and adds to ECDSA's
    /// deterministic nonce (RFC 6979 section 3.6), and hedges ML-DSA's; Ed25519
    /// needs none.
    fn try_sign_with_rng<R: rand_core::TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        message: &[u8],
    ) -> signature::Result<Signature> {
        match self {
            Self::Rsa(key) => pkcs1v15::SigningKey::<Sha256>::new((**key).clone())
                .try_sign_with_rng(rng, message)
                .map(|signature| signature.to_vec()),
            Self::EcdsaP256(key) => {
                RandomizedSigner::<p256_ecdsa::DerSignature>::try_sign_with_rng(key, rng, message)
                    .map(|signature| signature.to_vec())
            }
            Self::EcdsaP384(key) => {
                RandomizedSigner::<p384_ecdsa::DerSignature>::try_sign_with_rng(key, rng, message)
                    .map(|signature| signature.to_vec())
            }
            Self::Ed25519(key) => key.try_sign(message).map(|signature| signature.to_vec()),
            Self::MlDsa(key) => key.sign(rng, message),
        }
        .map(Signature)
    }
}

#[cfg(test)]
mod tests {
    use der::{Encode as _, asn1::UintRef};
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;

    #[test]
    fn a_key_made_in_the_place_of_another_is_of_its_kind_and_no_shorter() {
        for (bits, kind) in [
            (2048, KeyType::Rsa2048),
            (2049, KeyType::Rsa3072),
            (3072, KeyType::Rsa3072),
            (4000, KeyType::Rsa4096),
            (4096, KeyType::Rsa4096),
        ] {
            let modulus = rsa::BoxedUint::one_with_precision(4096)
                .shl(bits - 1)
                .wrapping_add(rsa::BoxedUint::one());
            let key = rsa::PublicKey::new(modulus, rsa::BoxedUint::from(65_537_u32)).unwrap();
            assert_eq!(
                PublicKey::Rsa(Box::new(key)).kind_in_its_place(),
                kind,
                "{bits}"
            );
        }
        for kind in KeyType::ALL
            .into_iter()
            .filter(|kind| kind.modulus().is_none())
        {
            let key = PrivateKey::generate(kind, &mut UnwrapErr(SysRng)).unwrap();
            assert_eq!(key.public_key().kind_in_its_place(), kind);
        }
    }

    #[test]
    fn numbers_that_no_key_has_are_refused_before_they_are_calculated_with() {
        let read = |modulus: usize, private_exponent: usize| {
            let bytes = [1; 1_000];
            let number = |length: usize| UintRef::new(&bytes[..length]).unwrap();
            let numbers = pkcs1::RsaPrivateKeyRef {
                modulus: number(modulus),
                public_exponent: number(3),
                private_exponent: number(private_exponent),
                prime1: number(128),
                prime2: number(128),
                exponent1: number(128),
                exponent2: number(128),
                coefficient: number(128),
                other_prime_infos: None,
            };
            PrivateKey::from_pkcs1(&numbers.to_der().unwrap()).err()
        };
        assert_eq!(read(513, 256), Some(KeyError::RsaSize { bits: 4097 }));
        assert_eq!(read(256, 257), Some(KeyError::Malformed));
    }

    #[test]
    fn ec_keys_are_written_as_their_curves_write_them() {
        for key_type in [KeyType::P256, KeyType::P384] {
            let key = PrivateKey::generate(key_type, &mut UnwrapErr(SysRng)).unwrap();
            let by_curve = match &key {
                PrivateKey::EcdsaP256(key) => key.to_pkcs8_der(),
                PrivateKey::EcdsaP384(key) => key.to_pkcs8_der(),
                _ => panic!("{key_type:?} is no key of a curve"),
            };
            assert_eq!(*key.to_pkcs8().unwrap(), *by_curve.unwrap().to_bytes());
        }
    }
}
