//! `tls.X509KeyPair`: a certificate file and a key file that must belong
//! together. etcd calls it at its start and at each handshake, etcdctl before
//! it connects.

use crate::certificate::{Certificate, CertificateError};
use crate::pem;
use crate::private_key::{self, PrivateKeyError};
use crate::public_key::PublicKey;
use crate::version::GoBuild;

/// A certificate with its chain, and that the key fits.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// What is sent: the DER of each `CERTIFICATE` block of the file.
    pub chain: Vec<Vec<u8>>,
    /// The first of them, read.
    pub leaf: Certificate,
}

/// Why two files are no key pair.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyPairError {
    /// The certificate file has no PEM block at all: it is empty, DER,
    /// indented, or begins with a byte-order mark.
    #[error("tls: failed to find any PEM data in certificate input")]
    NoPemInCertificate,
    /// Its only block is a private key.
    #[error(
        "tls: failed to find certificate PEM data in certificate input, but did find a \
                 private key; PEM inputs may have been switched"
    )]
    Swapped,
    /// It has blocks, but none labelled `CERTIFICATE`: their labels.
    #[error("tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping \
                 PEM blocks of the following types: [{}]", .0.join(" "))]
    NoCertificateBlock(Vec<String>),
    /// The key file has no PEM block.
    #[error("tls: failed to find any PEM data in key input")]
    NoPemInKey,
    /// Its only block is a certificate.
    #[error("tls: found a certificate rather than a key in the PEM for the private key")]
    CertificateForKey,
    /// It has blocks, but no private key: their labels.
    #[error("tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input \
                 after skipping PEM blocks of the following types: [{}]", .0.join(" "))]
    NoKeyBlock(Vec<String>),
    /// The first certificate can't be read.
    #[error(transparent)]
    Certificate(CertificateError),
    /// The private key can't be read.
    #[error("{error}")]
    Key {
        /// Go's complaint.
        #[source]
        error: PrivateKeyError,
        /// Whether the key is encrypted.
        encrypted: bool,
    },
    /// The key is of another kind than the certificate's.
    #[error("tls: private key type does not match public key type")]
    OtherKeyType,
    /// The key is another one than the certificate's; also when the leaf is
    /// not the first certificate of the file.
    #[error("tls: private key does not match public key")]
    OtherKey,
    /// The certificate's key is of a kind that `crypto/tls` can't use.
    #[error("tls: unknown public key algorithm")]
    UnknownPublicKey,
}

/// Which of the two files is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The certificate file.
    Certificate,
    /// The key file.
    Key,
}

impl KeyPairError {
    /// The file to look at first.
    #[must_use]
    pub const fn half(&self) -> Half {
        match self {
            Self::NoPemInCertificate
            | Self::Swapped
            | Self::NoCertificateBlock(_)
            | Self::Certificate(_)
            | Self::UnknownPublicKey => Half::Certificate,
            _ => Half::Key,
        }
    }
}

/// `tls.X509KeyPair`
///
/// # Errors
///
/// See [`KeyPairError`].
pub fn load(
    certificate_file: &[u8],
    key_file: &[u8],
    go: GoBuild,
) -> Result<KeyPair, KeyPairError> {
    let mut chain = Vec::new();
    let mut skipped = Vec::new();
    for block in pem::blocks(certificate_file, go) {
        if block.label == "CERTIFICATE" {
            chain.push(block.bytes);
        } else {
            skipped.push(block.label);
        }
    }
    let Some(first) = chain.first() else {
        return Err(match skipped.as_slice() {
            [] => KeyPairError::NoPemInCertificate,
            [label] if label.ends_with("PRIVATE KEY") => KeyPairError::Swapped,
            _ => KeyPairError::NoCertificateBlock(skipped),
        });
    };
    let mut skipped = Vec::new();
    let mut key_block = None;
    for block in pem::blocks(key_file, go) {
        if private_key::is_private_key_label(&block.label) {
            key_block = Some(block);
            break;
        }
        skipped.push(block.label);
    }
    let Some(key_block) = key_block else {
        return Err(match skipped.as_slice() {
            [] => KeyPairError::NoPemInKey,
            [label] if label == "CERTIFICATE" => KeyPairError::CertificateForKey,
            _ => KeyPairError::NoKeyBlock(skipped),
        });
    };
    let leaf = Certificate::parse(first, go).map_err(KeyPairError::Certificate)?;
    let key = private_key::parse(&key_block.bytes, go).map_err(|error| KeyPairError::Key {
        error,
        encrypted: private_key::is_encrypted(&key_block),
    })?;
    let Some(public_key) = &leaf.public_key else {
        return Err(KeyPairError::UnknownPublicKey);
    };
    let same = match (public_key, &key) {
        (PublicKey::Rsa { .. }, PublicKey::Rsa { .. }) if go.compares_whole_keys() => {
            *public_key == key
        }
        (PublicKey::Rsa { modulus, .. }, PublicKey::Rsa { modulus: other, .. }) => modulus == other,
        (PublicKey::Ecdsa { point, .. }, PublicKey::Ecdsa { point: other, .. }) => point == other,
        (PublicKey::Ed25519(one), PublicKey::Ed25519(other)) => one == other,
        (PublicKey::MlDsa { .. }, PublicKey::MlDsa { .. }) => *public_key == key,
        (PublicKey::Dsa(_) | PublicKey::X25519(_), _) => {
            return Err(KeyPairError::UnknownPublicKey);
        }
        _ => return Err(KeyPairError::OtherKeyType),
    };
    if same {
        Ok(KeyPair { chain, leaf })
    } else {
        Err(KeyPairError::OtherKey)
    }
}
