//! The desk: where documents that somebody brings are looked at
//! ([`inspector`]). It holds what was given and what came of it; `browser`
//! brings events, workers do the work.

pub mod facts;
pub mod inspector;

use std::fmt;

use jiff::Timestamp;
use maud::Markup;

use self::inspector::Inspector;
use super::session::Session;
use crate::lab::task::{Outcome, Task};

/// What a task of the desk is for: which of the attempts, because the outcome
/// for an older one is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Looking at what was given.
    Inspect(u32),
}

/// An input of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// What is pasted to be looked at.
    Inspect,
    /// The passphrase for what is to be looked at.
    InspectPassphrase,
}

impl Input {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Inspect, Self::InspectPassphrase];

    /// The input of this identifier.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|input| input.to_string() == id)
    }
}

impl fmt::Display for Input {
    /// The element's identifier.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Inspect => "inspect-text",
            Self::InspectPassphrase => "inspect-passphrase",
        })
    }
}

/// Everything that lies on the desk.
#[derive(Default)]
pub struct Desk {
    /// What is looked at.
    pub inspector: Inspector,
}

impl Desk {
    /// Text was typed. Whoever calls this calls [`Self::look`] a moment later.
    pub fn type_text(&mut self, input: Input, text: &str) {
        match input {
            Input::Inspect => self.inspector.type_text(text),
            Input::InspectPassphrase => self.inspector.type_passphrase(text),
        }
    }

    /// Has whatever is new looked at.
    pub fn look(&mut self) {
        self.inspector.look();
    }

    /// The next task that can be given out.
    pub fn next_task(&mut self, now: Timestamp) -> Option<(Errand, Task)> {
        self.inspector
            .next_task(now)
            .map(|(attempt, task)| (Errand::Inspect(attempt), task))
    }

    /// Takes back what came of a task.
    pub fn done(&mut self, errand: Errand, outcome: Outcome) {
        match errand {
            Errand::Inspect(attempt) => self.inspector.done(attempt, outcome),
        }
    }
}

/// The regions of the desk, outer ones first.
#[must_use]
pub fn regions(session: &Session) -> Vec<(String, String)> {
    let region = |id: &str, markup: Markup| (id.to_owned(), markup.into_string());
    let desk = &session.desk;
    vec![
        region("inspect-form", inspector::form()),
        region("inspect-given", inspector::given(&desk.inspector)),
        ("inspection".to_owned(), inspector::shown(&desk.inspector)),
    ]
}

/// Which elements of the desk are not shown.
#[must_use]
pub fn hidden(session: &Session) -> Vec<(String, bool)> {
    vec![
        (
            "inspect-passphrase-field".to_owned(),
            !session.desk.inspector.asks_for_passphrase(),
        ),
        ("inspect-made".to_owned(), session.lab().is_none()),
    ]
}

/// Which radio buttons and boxes of the desk are chosen.
#[must_use]
pub fn chosen(_session: &Session) -> Vec<(String, bool)> {
    Vec::new()
}
