//! A glance at what was signed earlier, before anything is pressed: the certificate
//! that is to be renewed, and the CRL that the next one follows. A worker reads
//! them, as it reads what Inspect is given.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::{
    lab::{
        file::GivenFile,
        wire::{Outcome, Task},
    },
    page::{
        chapters::inspect::extension_value,
        words::{count, day, remaining},
    },
    pki::inspection::{
        Content,
        certificate::CertificateFacts,
        extension::{ExtensionFacts, ExtensionValue},
        revocation_list::RevocationListFacts,
    },
};

/// The most serial numbers of a CRL that are shown one by one.
const LISTED: usize = 20;

/// How far the reading of one text is.
#[derive(Default)]
pub(super) struct Glance {
    attempt: u32,
    sight: Sight,
}

#[derive(Default)]
enum Sight {
    /// Nothing is there, or nothing that can be shown: the press says why.
    #[default]
    Nothing,
    Wanted,
    UnderWay,
    Certificate(Box<CertificateFacts>),
    List(Box<RevocationListFacts>),
}

impl Glance {
    /// The text changed.
    pub(super) fn changed(&mut self, text: &str) {
        self.attempt = self.attempt.wrapping_add(1);
        self.sight = if text.trim().is_empty() {
            Sight::Nothing
        } else {
            Sight::Wanted
        };
    }

    /// The task of reading it, and which of the attempts it is.
    pub(super) fn next_task(&mut self, text: &str, now: Timestamp) -> Option<(u32, Task)> {
        if !matches!(self.sight, Sight::Wanted) {
            return None;
        }
        self.sight = Sight::UnderWay;
        let task = Task::Inspect {
            files: vec![GivenFile::new("", text.as_bytes())],
            passphrase: None,
            now,
        };
        Some((self.attempt, task))
    }

    /// Takes what came of an attempt, if it was the last one: of a chain its
    /// first certificate.
    pub(super) fn done(&mut self, attempt: u32, outcome: &Outcome) {
        if attempt != self.attempt {
            return;
        }
        self.sight = match outcome {
            Outcome::Inspected(inspected) => {
                let items = &inspected.inspection.items;
                items
                    .iter()
                    .find_map(|item| match &item.content {
                        Content::Certificate(facts) => Some(Sight::Certificate(facts.clone())),
                        Content::RevocationList(facts) => Some(Sight::List(facts.clone())),
                        _ => None,
                    })
                    .unwrap_or_default()
            }
            _ => Sight::Nothing,
        };
    }

    /// What was seen.
    pub(super) fn shown(&self, now: Timestamp) -> Markup {
        match &self.sight {
            Sight::Nothing | Sight::Wanted | Sight::UnderWay => html! {},
            Sight::Certificate(facts) => certificate(facts, now),
            Sight::List(facts) => list(facts),
        }
    }
}

fn certificate(facts: &CertificateFacts, now: Timestamp) -> Markup {
    let said = |is_it: fn(&ExtensionValue) -> bool| {
        let find = |extension: &&ExtensionFacts| is_it(&extension.value);
        facts.extensions.iter().find(find)
    };
    let rows = [
        (
            "SANs",
            said(|value| matches!(value, ExtensionValue::SubjectAlternativeName(_))),
        ),
        (
            "Key usage",
            said(|value| matches!(value, ExtensionValue::KeyUsage(_))),
        ),
        (
            "Extended key usage",
            said(|value| matches!(value, ExtensionValue::ExtendedKeyUsage(_))),
        ),
    ];
    html! {
        div.read {
            dl {
                dt { "Subject" } dd { (facts.subject.text) }
                dt { "Issuer" } dd { (facts.issuer.text) }
                @for (name, extension) in rows {
                    @if let Some(extension) = extension {
                        dt { (name) } dd { (extension_value(&extension.value)) }
                    }
                }
                dt { "Valid" }
                dd {
                    "from " (day(facts.life.not_before)) " to " (day(facts.life.not_after)) ": "
                    @if facts.life.not_after <= now { "it has ended" } @else { (remaining(facts.life.not_after, now)) " left" }
                }
                dt { "Serial" } dd.fingerprint { (facts.serial_number) }
            }
        }
    }
}

fn list(facts: &RevocationListFacts) -> Markup {
    html! {
        div.read {
            dl {
                dt { "Issuer" } dd { (facts.issuer.text) }
                @if let Some(number) = &facts.number { dt { "Number" } dd { "0x" (number) } }
                dt { "Made" } dd { (day(facts.this_update)) }
                @if let Some(due) = facts.next_update { dt { "Next one due by" } dd { (day(due)) } }
                dt { "Revokes" }
                dd {
                    (count(facts.count, "certificate", "certificates"))
                    @for entry in facts.revoked.iter().take(LISTED) { br; span.fingerprint { (entry.serial_number) } }
                    @if facts.count > LISTED { br; "and " (facts.count - LISTED) " more" }
                }
            }
        }
    }
}
