//! The desk: where documents that somebody brings are looked at
//! ([`inspector`]), renewed and revoked ([`signing`]). It holds what was given and what came of it; `browser`
//! brings events, workers do the work.

pub mod facts;
pub mod inspector;
pub mod signing;

use std::fmt;

use jiff::Timestamp;
use maud::Markup;

use self::{inspector::Inspector, signing::Signing};
use super::session::Session;
use crate::lab::task::{Outcome, Task};

/// What a task of the desk is for: which of the attempts, because the outcome
/// for an older one is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Looking at what was given.
    Inspect(u32),
    /// Renewing a certificate.
    Renew(u32),
    /// Making a CRL.
    Revoke(u32),
}

/// An input of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// What is pasted to be looked at.
    Inspect,
    /// The passphrase for what is to be looked at.
    InspectPassphrase,
    /// The certificate of a CA that is brought to sign.
    SignerCertificate,
    /// Its private key.
    SignerKey,
    /// The passphrase of that.
    SignerPassphrase,
    /// An old certificate that is to be renewed.
    Old,
    /// How long the new one is to be valid.
    RenewalDays,
    /// What is to be revoked.
    Revoked,
    /// The CRL's number.
    Number,
    /// When the next CRL is due.
    RevocationDays,
}

impl Input {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Inspect,
        Self::InspectPassphrase,
        Self::SignerCertificate,
        Self::SignerKey,
        Self::SignerPassphrase,
        Self::Old,
        Self::RenewalDays,
        Self::Revoked,
        Self::Number,
        Self::RevocationDays,
    ];

    /// What is in it at the beginning.
    #[must_use]
    pub fn initial(self) -> &'static str {
        match self {
            Self::RenewalDays => "365",
            Self::Number => "1",
            Self::RevocationDays => "30",
            _ => "",
        }
    }

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
            Self::SignerCertificate => "signer-certificate",
            Self::SignerKey => "signer-key",
            Self::SignerPassphrase => "signer-passphrase",
            Self::Old => "renew-certificate",
            Self::RenewalDays => "renew-days",
            Self::Revoked => "revoke-text",
            Self::Number => "revoke-number",
            Self::RevocationDays => "revoke-days",
        })
    }
}

/// Everything that lies on the desk.
#[derive(Default)]
pub struct Desk {
    /// What is looked at.
    pub inspector: Inspector,
    /// What is renewed and revoked.
    pub signing: Signing,
}

impl Desk {
    /// Text was typed. Whoever calls this calls [`Self::look`] a moment later.
    pub fn type_text(&mut self, input: Input, text: &str) {
        match input {
            Input::Inspect => self.inspector.type_text(text),
            Input::InspectPassphrase => self.inspector.type_passphrase(text),
            input => self.signing.type_text(input, text),
        }
    }

    /// A way was chosen. Says whether it was one of the desk's.
    pub fn choose(&mut self, id: &str) -> bool {
        self.signing.choose(id)
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
            .or_else(|| self.signing.next_task())
    }

    /// Takes back what came of a task.
    pub fn done(&mut self, errand: Errand, outcome: Outcome) {
        match errand {
            Errand::Inspect(attempt) => self.inspector.done(attempt, outcome),
            Errand::Renew(_) => self.signing.renewed(outcome),
            Errand::Revoke(_) => self.signing.listed(outcome),
        }
    }
}

impl Session {
    /// Takes back what came of a task of the desk; the focus goes to what is at
    /// fault.
    pub(super) fn desk_done(&mut self, errand: Errand, outcome: Outcome) {
        self.desk.done(errand, outcome);
        match errand {
            Errand::Inspect(_) => {}
            Errand::Renew(_) => self.focus_on_fault(true),
            Errand::Revoke(_) => self.focus_on_fault(false),
        }
    }
}

/// The regions of the desk, outer ones first.
#[must_use]
pub fn regions(session: &Session) -> Vec<(String, String)> {
    let region = |id: &str, markup: Markup| (id.to_owned(), markup.into_string());
    let desk = &session.desk;
    let mut regions = vec![
        region("inspect-form", inspector::form()),
        region("inspect-given", inspector::given(&desk.inspector)),
        ("inspection".to_owned(), inspector::shown(&desk.inspector)),
    ];
    regions.extend(signing::regions(session));
    regions
}

/// Which elements of the desk are not shown.
#[must_use]
pub fn hidden(session: &Session) -> Vec<(String, bool)> {
    let mut hidden = vec![
        (
            "inspect-passphrase-field".to_owned(),
            !session.desk.inspector.asks_for_passphrase(),
        ),
        ("inspect-made".to_owned(), session.lab().is_none()),
    ];
    hidden.extend(signing::hidden(session));
    hidden
}

/// Which radio buttons and boxes of the desk are chosen.
#[must_use]
pub fn chosen(session: &Session) -> Vec<(String, bool)> {
    signing::chosen(session)
}

/// Which buttons of the desk can't be pressed.
#[must_use]
pub fn disabled(session: &Session) -> Vec<(String, bool)> {
    signing::disabled(session)
}
