//! Why files could not be made.

use std::{error::Error, fmt};

use crate::{
    etcd::plan::Fault,
    lab::{issued::IssuedError, wire::Unanswered},
};

/// Why the work can't go on.
#[derive(Debug)]
pub enum WorkError {
    /// A task has no answer.
    Task(Unanswered),
    /// What a worker made can't be read.
    Unreadable(IssuedError),
    /// Nothing could be given out although something is left to do.
    Stalled,
}

impl fmt::Display for WorkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(error) => error.fmt(formatter),
            Self::Unreadable(error) => error.fmt(formatter),
            Self::Stalled => formatter.write_str("the work ended early; please report this"),
        }
    }
}

impl Error for WorkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Task(error) => error.source(),
            Self::Unreadable(error) => error.source(),
            Self::Stalled => None,
        }
    }
}

impl From<Unanswered> for WorkError {
    fn from(error: Unanswered) -> Self {
        Self::Task(error)
    }
}

impl From<IssuedError> for WorkError {
    fn from(error: IssuedError) -> Self {
        Self::Unreadable(error)
    }
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
