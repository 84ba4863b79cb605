//! Why a job failed: the error of whoever could not do it, and few of its own.

use std::{error::Error, fmt};

use rsa_key::{AssembleError, JudgeError, PrimeBytesError};

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

/// Why a job failed, which no checked plan makes it do.
#[derive(Debug)]
pub enum JobError {
    /// Bytes are no find of this program's.
    Prime(PrimeBytesError),
    /// The judge could not judge.
    Judge(JudgeError),
    /// Two primes make no key.
    Assemble(AssembleError),
    /// A private key can't be made, read or written.
    Key(KeyError),
    /// A CSR can't be made, read or written.
    Request(RequestError),
    /// A certificate can't be read or written.
    Certificate(CertificateError),
    /// A chain can't be read.
    Chain(ChainError),
    /// A CA can't be read.
    Authority(AuthorityError),
    /// A certificate can't be issued.
    Issue(IssueError),
    /// A PKCS#12 file can't be written.
    Pkcs12(Pkcs12Error),
    /// A question for the verdict can't be answered.
    Inquiry(InquiryError),
    /// A drill can't be made.
    Drill(DrillError),
    /// A certificate is wanted for a subject whose key is not here.
    KeyMissing,
    /// This is done in turns, at a workbench.
    InTurns,
    /// The workbench is empty.
    NoTask,
}

impl JobError {
    /// The error of whoever could not do it.
    fn cause(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Prime(error) => Some(error),
            Self::Judge(error) => Some(error),
            Self::Assemble(error) => Some(error),
            Self::Key(error) => Some(error),
            Self::Request(error) => Some(error),
            Self::Certificate(error) => Some(error),
            Self::Chain(error) => Some(error),
            Self::Authority(error) => Some(error),
            Self::Issue(error) => Some(error),
            Self::Pkcs12(error) => Some(error),
            Self::Inquiry(error) => Some(error),
            Self::Drill(error) => Some(error),
            Self::KeyMissing | Self::InTurns | Self::NoTask => None,
        }
    }
}

impl fmt::Display for JobError {
    /// The words of whoever could not do it: they are for the reader.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyMissing => formatter.write_str("the private key is missing"),
            Self::InTurns => formatter.write_str("this is done in turns"),
            Self::NoTask => formatter.write_str("there is no task"),
            error => match error.cause() {
                Some(cause) => fmt::Display::fmt(cause, formatter),
                None => Ok(()),
            },
        }
    }
}

impl Error for JobError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // Its words are the cause's own, so that what lies behind it comes next.
        self.cause()?.source()
    }
}

/// Each error under its own name, for `?`.
macro_rules! from {
    ($($variant:ident($error:ty)),+) => { $(
        impl From<$error> for JobError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )+ };
}

from!(
    Prime(PrimeBytesError),
    Judge(JudgeError),
    Assemble(AssembleError),
    Key(KeyError),
    Request(RequestError),
    Certificate(CertificateError),
    Chain(ChainError),
    Authority(AuthorityError),
    Issue(IssueError),
    Pkcs12(Pkcs12Error),
    Inquiry(InquiryError),
    Drill(DrillError)
);
