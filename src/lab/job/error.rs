//! Why a job failed: the error of whoever could not do it, and few of its own.

use crate::{
    lab::{drills::DrillError, job::judge::InquiryError},
    pki::{
        authority::{AuthorityError, IssueError},
        certificate::CertificateError,
        certification_request::RequestError,
        chain::ChainError,
        key::KeyError,
        pkcs12::Pkcs12Error,
    },
};

/// Why a job failed, which no checked plan makes it do: mostly in the words of
/// whoever could not do it, which are for the reader.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// A private key can't be made, read or written.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A CSR can't be made, read or written.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// A certificate can't be read or written.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A chain can't be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A CA can't be read.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A certificate can't be issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A PKCS#12 file can't be written.
    #[error(transparent)]
    Pkcs12(#[from] Pkcs12Error),
    /// A question for the verdict can't be answered.
    #[error(transparent)]
    Inquiry(#[from] InquiryError),
    /// A drill can't be made.
    #[error(transparent)]
    Drill(#[from] DrillError),
    /// A certificate is wanted for a subject whose key is not here.
    #[error("the private key is missing")]
    KeyMissing,
    /// What has no anatomy, or is damaged.
    #[error("its bytes can’t be shown")]
    NotShown,
    /// This is done in turns, at a workbench.
    #[error("this is done in turns")]
    InTurns,
    /// The workbench is empty.
    #[error("there is no task")]
    NoTask,
}
