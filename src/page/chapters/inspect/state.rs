//! What was given to be looked at, and how far it is known. The looking itself is
//! a worker's.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::anatomy::Dissection;
use crate::{
    lab::{
        FileKind, Lab,
        file::GivenFile,
        job::inspect::Inspected,
        wire::{Outcome, Secret, Task},
    },
    pki::inspection::{Content, MAXIMUM_LENGTH, unreadable::Unreadable},
};

/// What was given, and how far it is known.
#[derive(Default)]
pub struct Inspector {
    text: Zeroizing<String>,
    passphrase: Zeroizing<String>,
    pub(super) files: Vec<GivenFile>,
    pub(super) state: State,
    /// What is taken apart.
    pub(in crate::page) anatomy: Dissection,
    /// Counts the attempts, so that the outcome for what was given before is
    /// ignored.
    attempt: u32,
    /// Whether something under a passphrase was ever found in what is there.
    met_lock: bool,
}

/// How far what was given is known.
#[derive(Default)]
pub(super) enum State {
    /// There is nothing.
    #[default]
    Nothing,
    /// It has changed; it is not looked at while it is being typed.
    Changed,
    /// A worker is to look.
    Wanted,
    /// A worker looks.
    UnderWay,
    /// It was looked at, and this is what there is to show.
    Looked(Box<Inspected>, String),
    /// It can't be looked at.
    Refused(String),
}

impl Inspector {
    /// Text was typed or pasted.
    pub(in crate::page) fn type_text(&mut self, text: &str) {
        if self.text.as_str() != text {
            self.text = Zeroizing::new(text.to_owned());
            self.changed();
        }
    }

    /// The passphrase was typed.
    pub(in crate::page) fn type_passphrase(&mut self, text: &str) {
        if self.passphrase.as_str() != text {
            self.passphrase = Zeroizing::new(text.to_owned());
            self.changed();
        }
    }

    fn changed(&mut self) {
        self.attempt = self.attempt.wrapping_add(1);
        self.anatomy.close();
        self.state = if self.files.is_empty() && self.text.trim().is_empty() {
            self.met_lock = false;
            State::Nothing
        } else {
            State::Changed
        };
    }

    /// More bytes than can be looked at were pasted or chosen: nothing of them
    /// is read.
    pub fn refuse(&mut self, length: usize) {
        self.attempt = self.attempt.wrapping_add(1);
        self.state = State::Refused(Unreadable::TooLarge { length }.to_string());
    }

    /// Whether a file of this size may be read. If not, that is said.
    pub fn admits(&mut self, length: usize) -> bool {
        let there: usize = self.files.iter().map(|file| file.contents.len()).sum();
        let whole = there.saturating_add(length);
        let admitted = whole <= MAXIMUM_LENGTH;
        if !admitted {
            self.refuse(whole);
        }
        admitted
    }

    /// A file was chosen or dropped. One of the same name takes the place of the
    /// one before.
    pub fn add_file(&mut self, name: &str, bytes: &[u8]) {
        self.files.retain(|file| file.name != name);
        self.files.push(GivenFile::new(name, bytes));
        self.changed();
        self.look();
    }

    /// The files made on this page are to be looked at.
    pub fn add_lab(&mut self, lab: &Lab) {
        for file in lab.files() {
            if file.kind == FileKind::Document {
                continue;
            }
            self.add_file(&file.name, &file.contents);
        }
    }

    /// Nothing is to be looked at any more. Whoever calls this empties the
    /// inputs.
    pub fn clear(&mut self) {
        let attempt = self.attempt.wrapping_add(1);
        self.anatomy.close();
        *self = Self {
            attempt,
            anatomy: std::mem::take(&mut self.anatomy),
            ..Self::default()
        };
    }

    /// Has what has changed looked at.
    pub(in crate::page) fn look(&mut self) {
        if matches!(self.state, State::Changed) {
            self.state = State::Wanted;
        }
    }

    pub(in crate::page) fn next_task(&mut self, now: Timestamp) -> Option<(u32, Task)> {
        if !matches!(self.state, State::Wanted) {
            return None;
        }
        self.state = State::UnderWay;
        let mut files = self.files.clone();
        if !self.text.trim().is_empty() {
            files.insert(0, GivenFile::new("", self.text.as_bytes()));
        }
        let passphrase = (!self.passphrase.is_empty()).then(|| Secret(self.passphrase.to_string()));
        let task = Task::Inspect {
            files,
            passphrase,
            now,
        };
        Some((self.attempt, task))
    }

    pub(in crate::page) fn done(&mut self, attempt: u32, outcome: Outcome) {
        if attempt != self.attempt {
            return;
        }
        self.state = match outcome {
            Outcome::Inspected(inspected) => {
                self.met_lock |= inspected
                    .inspection
                    .items
                    .iter()
                    .any(|item| matches!(item.content, Content::Locked(_)));
                let markup = inspected.report().into_string();
                // A thing that is alone is what the reader wants to see.
                if let [item] = inspected.inspection.items.as_slice() {
                    self.anatomy.begin(0, &item.content);
                }
                State::Looked(inspected, markup)
            }
            outcome => State::Refused(outcome.unexpected().to_string()),
        };
    }

    /// What was found at this place is to be taken apart.
    pub(in crate::page) fn take_apart(&mut self, place: usize) {
        if let State::Looked(inspected, _) = &self.state
            && let Some(item) = inspected.inspection.items.get(place)
        {
            self.anatomy.begin(place, &item.content);
        }
    }

    /// Whether there is something that a passphrase may open.
    #[must_use]
    pub fn asks_for_passphrase(&self) -> bool {
        self.met_lock
    }
}
