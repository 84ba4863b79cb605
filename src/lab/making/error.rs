//! Why files could not be made.

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
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The plan's faults.
    #[error("{}", each(.0))]
    Plan(Vec<Fault>),
    /// The work could not go on.
    #[error(transparent)]
    Work(WorkError),
}

/// Each fault on a line of its own, behind its field.
fn each(faults: &[Fault]) -> String {
    let lines = faults
        .iter()
        .map(|fault| format!("{}: {}", fault.field, fault.message));
    lines.collect::<Vec<_>>().join("\n")
}
