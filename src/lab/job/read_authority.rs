//! Reading a CA that the reader brings: its chain and its key, whatever stands
//! around them, or which of its two files is at fault.

use jiff::Timestamp;

use super::error::JobError;
use crate::{
    lab::secret::{PemPair, Secret},
    pki::{
        authority::{Authority, AuthorityError},
        chain::Chain,
        key::{KeyError, PrivateKey},
        password_encryption::EncryptionError,
    },
};

pub(super) fn read(
    authority: &PemPair,
    passphrase: Option<&Secret>,
    now: Timestamp,
) -> Result<Authority, AuthorityRefused> {
    let passphrase = passphrase.map_or("", |passphrase| &passphrase.0);
    Chain::from_pem(&authority.certificate)
        .map_err(AuthorityError::Chain)
        .and_then(|chain| {
            let key = PrivateKey::from_encrypted_pem(&authority.key, passphrase)
                .map_err(AuthorityError::Key)?;
            Authority::new(chain, key, now)
        })
        .map_err(AuthorityRefused)
}

/// A CA in its plainest form: its chain and its key as PEM.
pub(super) fn plainest(authority: &Authority) -> Result<PemPair, JobError> {
    Ok(PemPair {
        certificate: authority.chain().to_pem()?,
        key: authority.key().to_pem()?.to_string(),
    })
}

/// Why a CA that is brought can't be taken.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct AuthorityRefused(AuthorityError);

impl AuthorityRefused {
    /// Whether the fault lies with the key rather than the certificate.
    pub(super) fn is_of_key(&self) -> bool {
        matches!(
            self.0,
            AuthorityError::Key(_) | AuthorityError::KeyMismatch { .. }
        )
    }

    /// Whether it is the key's passphrase that is missing or wrong.
    pub(super) fn is_of_passphrase(&self) -> bool {
        matches!(
            self.0,
            AuthorityError::Key(KeyError::Encryption(
                EncryptionError::PassphraseMissing | EncryptionError::WrongPassphrase
            ))
        )
    }
}
