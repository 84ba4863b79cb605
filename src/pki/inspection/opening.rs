//! Opening what is under a passphrase, for the inspector: which scheme it is
//! under, whether the passphrase fits, and what is inside. The encryption itself
//! is in [`password_encryption`], which bounds the work that a file asks for.

use der::{Decode, asn1::OctetString};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::{
    Content, Pkcs12Integrity,
    algorithm::Named,
    key::{Attempt, LockedFacts, LockedKind, PrivateKeyFacts},
    unreadable::{DataKind, Unreadable},
};
use crate::pki::{
    key,
    password_encryption::{self, Budget, EncryptionError},
    pem,
    pkcs12::{self, Pkcs12Error},
};

/// The most attempts with a passphrase in one inspection: each may take seconds
/// if a file asks for it.
pub(super) const MAXIMUM_ATTEMPTS: usize = 10;

/// `EncryptedPrivateKeyInfo` (RFC 5958 section 3), whatever the scheme.
#[derive(der::Sequence)]
struct Encrypted {
    algorithm: AlgorithmIdentifierOwned,
    data: OctetString,
}

/// Opens a PKCS#8 `EncryptedPrivateKeyInfo`.
pub(super) fn encrypted_private_key(
    der: &[u8],
    passphrase: Option<&str>,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, Attempt> {
    let encrypted = Encrypted::from_der(der).map_err(|_| EncryptionError::Malformed)?;
    let passphrase = passphrase.ok_or(Attempt::NoPassphrase)?;
    let opened = budget.one_file(|budget| {
        let data = encrypted.data.as_bytes();
        password_encryption::decrypt(&encrypted.algorithm, passphrase, data, budget)
    })?;
    checked(opened)
}

/// Opens a key in OpenSSL's older form, given as its PEM block.
pub(super) fn traditional(
    block: &str,
    passphrase: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, Attempt> {
    let passphrase = passphrase.ok_or(Attempt::NoPassphrase)?;
    let block = pem::single_maybe_encrypted(block, pem::PRIVATE_KEY, key::LABELS)
        .map_err(|_| EncryptionError::Malformed)?;
    let dek_info = block.dek_info.as_deref().unwrap_or_default();
    checked(password_encryption::decrypt_traditional(
        dek_info,
        passphrase.as_bytes(),
        &block.der,
    )?)
}

/// Of 256 wrong passphrases one passes the check of the padding; what comes out
/// is then no key.
fn checked(opened: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Attempt> {
    match PrivateKeyFacts::read(&opened) {
        Ok(_) => Ok(opened),
        Err(_) => Err(Attempt::WrongPassphrase),
    }
}

/// The things in a PKCS#12 file (RFC 7292), each as DER.
pub(super) type Contents = Vec<(DataKind, Zeroizing<Vec<u8>>)>;

/// Opens a PKCS#12 file. Some have an empty passphrase, which is tried where none
/// was given.
///
/// # Errors
///
/// What it is instead: locked, or unreadable.
pub(super) fn pkcs12(
    der: &[u8],
    passphrase: Option<&str>,
    budget: &mut Budget,
) -> Result<(Pkcs12Integrity, Contents), Box<Content>> {
    let read = budget.one_file(|budget| pkcs12::read(der, passphrase.unwrap_or_default(), budget));
    let contents = read.map_err(|error| {
        let attempt = match (error, passphrase) {
            (Pkcs12Error::Malformed, _) => {
                return Box::new(Content::Unreadable(Unreadable::Damaged {
                    what: DataKind::Pkcs12,
                    fault: "its contents cannot be read".to_owned(),
                }));
            }
            (
                Pkcs12Error::Encryption(
                    EncryptionError::WrongPassphrase | EncryptionError::PassphraseMissing,
                ),
                None,
            ) => Attempt::NoPassphrase,
            (Pkcs12Error::Encryption(EncryptionError::WrongPassphrase), Some(_)) => {
                Attempt::WrongPassphrase
            }
            (error, _) => Attempt::NotPossible {
                reason: error.to_string(),
            },
        };
        Box::new(Content::Locked(locked_pkcs12(attempt)))
    })?;
    let certificates = contents.certificates.iter().map(|certificate| {
        (
            DataKind::Certificate,
            Zeroizing::new(certificate.der().to_vec()),
        )
    });
    let keys = contents
        .keys
        .iter()
        .filter_map(|key| Some((DataKind::PrivateKey, key.to_pkcs8().ok()?)));
    let integrity = if contents.authenticated {
        Pkcs12Integrity::Mac
    } else {
        Pkcs12Integrity::Nothing
    };
    Ok((integrity, certificates.chain(keys).collect()))
}

/// A PKCS#12 file that stays closed.
pub(super) fn locked_pkcs12(attempt: Attempt) -> LockedFacts {
    LockedFacts {
        kind: LockedKind::Pkcs12,
        scheme: String::new(),
        attempt,
    }
}

impl From<EncryptionError> for Attempt {
    fn from(error: EncryptionError) -> Self {
        match error {
            EncryptionError::PassphraseMissing => Self::NoPassphrase,
            EncryptionError::WrongPassphrase => Self::WrongPassphrase,
            error => Self::NotPossible {
                reason: error.to_string(),
            },
        }
    }
}

/// The name of the scheme that a PKCS#8 key is encrypted with, if it has one.
pub(super) fn scheme(der: &[u8]) -> String {
    Encrypted::from_der(der)
        .map(|encrypted| Named::new(encrypted.algorithm.oid).name)
        .unwrap_or_default()
}
