//! How far something is that was pressed for: a renewal, or a CRL.

use crate::lab::{job::signing::SigningFault, wire::Task};

/// How far something is that was pressed for.
#[derive(Default)]
pub(super) enum Work<T> {
    /// Nothing was pressed.
    #[default]
    Idle,
    /// A worker is to do it.
    Wanted(Box<Task>),
    /// A worker does it.
    UnderWay,
    /// It is done.
    Done(Box<T>),
    /// It can't be done.
    Refused(SigningFault),
}

impl<T> Work<T> {
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Wanted(_) | Self::UnderWay)
    }

    pub(super) fn take_task(&mut self) -> Option<Task> {
        if !matches!(self, Self::Wanted(_)) {
            return None;
        }
        match std::mem::replace(self, Self::UnderWay) {
            Self::Wanted(task) => Some(*task),
            _ => None,
        }
    }

    pub(super) fn fault(&self) -> Option<&SigningFault> {
        match self {
            Self::Refused(fault) => Some(fault),
            _ => None,
        }
    }
}
