//! Why files could not be made.

use std::{error::Error, fmt};

use crate::{
    etcd::plan::Fault,
    lab::{issued::IssuedError, wire::Unanswered},
};

/// Why the work can't go on.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// A task has no answer.
    #[error(transparent)]
    Task(#[from] Unanswered),
    /// What a worker made can't be read.
    #[error(transparent)]
    Unreadable(#[from] IssuedError),
    /// Nothing could be given out although something is left to do.
    #[error("the work ended early; please report this")]
    Stalled,
}

/// Why a lab could not be made.
#[derive(Debug)]
pub enum MakeError {
    /// The plan's faults.
    Plan(Vec<Fault>),
    /// The work could not go on.
    Work(WorkError),
}

impl fmt::Display for MakeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(faults) => {
                let lines = faults
                    .iter()
                    .map(|fault| format!("{}: {}", fault.field, fault.message));
                formatter.write_str(&lines.collect::<Vec<_>>().join("\n"))
            }
            Self::Work(error) => error.fmt(formatter),
        }
    }
}

impl Error for MakeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Plan(_) => None,
            Self::Work(error) => error.source(),
        }
    }
}
