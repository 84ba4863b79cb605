//! Reading a CA that the reader brings: its chain and its key, whatever stands
//! around them, in their plainest form, or which of its two files is at fault.

use jiff::Timestamp;

use super::JobError;
use crate::{
    lab::wire::{Outcome, PemPair, Secret},
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
) -> Result<Outcome, JobError> {
    let passphrase = passphrase.map_or("", |passphrase| &passphrase.0);
    let read = Chain::from_pem(&authority.certificate)
        .map_err(AuthorityError::Chain)
        .and_then(|chain| {
            let key = PrivateKey::from_encrypted_pem(&authority.key, passphrase)
                .map_err(AuthorityError::Key)?;
            Authority::new(chain, key, now)
        });
    match read {
        Ok(authority) => Ok(Outcome::Authority(PemPair::of(&authority)?)),
        Err(error) => Ok(Outcome::AuthorityRefused {
            key: matches!(
                error,
                AuthorityError::Key(_) | AuthorityError::KeyMismatch { .. }
            ),
            passphrase: matches!(
                error,
                AuthorityError::Key(KeyError::Encryption(
                    EncryptionError::PassphraseMissing | EncryptionError::WrongPassphrase
                ))
            ),
            message: error.to_string(),
        }),
    }
}

impl PemPair {
    /// A CA in its plainest form.
    pub(super) fn of(authority: &Authority) -> Result<Self, JobError> {
        Ok(Self {
            certificate: authority.chain().to_pem()?,
            key: authority.key().to_pem()?.to_string(),
        })
    }
}
