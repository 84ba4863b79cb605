//! Renewal: a certificate made again from an old one, with the same subject,
//! subject alternative names and usages, a new serial number and a new life.

use jiff::Timestamp;
use rand_core::CryptoRng;

use super::{
    super::{
        certificate::Certificate,
        issuing::Template,
        key::{KeyError, PublicKey},
        name::openssl_spelling,
        signing_error::SigningError,
        validity::Days,
    },
    Authority, IssueError,
};

/// Why a certificate can't be renewed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewalError {
    /// It is a CA's, which would take everything below it along.
    #[error(
        "{subject} is a CA; bring it with its key to renew it, or choose a server’s or client’s certificate"
    )]
    Authority {
        /// Its subject, in OpenSSL's spelling.
        subject: String,
    },
    /// Its key is to be kept, and can't be used.
    #[error("the old certificate's key can't be kept: {0}; renew it with a new key")]
    Key(#[source] KeyError),
    /// It can't be issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
}

impl From<SigningError> for RenewalError {
    fn from(error: SigningError) -> Self {
        Self::Issue(error.into())
    }
}

impl Authority {
    /// Issues an old certificate again (see [`Template::again`]), for its old key
    /// or, with `new_key`, another one. The new one is of version 3 with key
    /// identifiers, whatever the old one was.
    ///
    /// It may be an old certificate of another CA; whether it is of this one says
    /// [`Certificate::check_signed_by`].
    ///
    /// # Errors
    ///
    /// If the old one is a CA's, if its key is to stay and can't be used, or as
    /// [`Authority::issue`].
    pub fn renew<R: CryptoRng + ?Sized>(
        &self,
        old: &Certificate,
        new_key: Option<&PublicKey>,
        days: Days,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<Certificate, RenewalError> {
        if old.is_authority() {
            return Err(RenewalError::Authority {
                subject: openssl_spelling(old.subject()),
            });
        }
        let template = match new_key {
            Some(key) => Template::again(old, key, days)?,
            None => Template::again(old, &old.public_key().map_err(RenewalError::Key)?, days)?,
        };
        Ok(self.sign(&template, now, rng)?)
    }
}
