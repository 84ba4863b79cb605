//! Why a drill can't be made.

use std::error::Error;

use crate::pki::{certificate::CertificateError, chain::ChainError, key::KeyError};

/// Why a drill can't be made.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    /// A key of the page's can't be read back.
    #[error("the drill can't use what was made above: {0}; make the files again")]
    Key(#[source] KeyError),
    /// A certificate of the page's can't be read back.
    #[error("the drill can't use what was made above: {0}; make the files again")]
    Certificate(#[source] CertificateError),
    /// The CA of the page's can't be read back.
    #[error("the drill can't use what was made above: {0}; make the files again")]
    Authority(#[source] ChainError),
    /// The table has no row of this name, which no drill leads to.
    #[error("the drill is not in the table; please report this")]
    NoRow,
    /// Encoding, signing or encrypting failed.
    #[error("the drill could not be made: {0}; please report this")]
    Making(#[source] Box<dyn Error + Send + Sync>),
}

pub(super) fn making(error: impl Error + Send + Sync + 'static) -> DrillError {
    DrillError::Making(Box::new(error))
}
