//! Why a certificate, a CSR or a CRL could not be encoded or signed: what all that
//! signs in this room shares.

use x509_cert::builder;

/// Why something could not be encoded or signed, which no valid key and no valid
/// name makes happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// A value has no DER.
    #[error(transparent)]
    Encoding(#[from] der::Error),
    /// The public key has no DER.
    #[error(transparent)]
    PublicKey(#[from] spki::Error),
    /// The key did not sign. Why is not said: an error of the [`signature`] crate
    /// tells as little as it can, since it may tell of the key.
    #[error("the key did not sign")]
    Signature,
    /// A rule of `x509-cert`'s builder that is none of the above.
    #[error("the encoder refused it")]
    Builder,
}

impl From<signature::Error> for SigningError {
    fn from(_: signature::Error) -> Self {
        Self::Signature
    }
}

impl From<builder::Error> for SigningError {
    fn from(error: builder::Error) -> Self {
        match error {
            builder::Error::Asn1(error) => Self::Encoding(error),
            builder::Error::PublicKey(error) => Self::PublicKey(error),
            builder::Error::Signature(_) => Self::Signature,
            _ => Self::Builder,
        }
    }
}
