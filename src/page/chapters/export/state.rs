//! Which other forms are wanted, and how far they are. A passphrase stays here
//! and in the tasks, and is no part of a plan.

use std::collections::{BTreeMap, VecDeque};

use zeroize::Zeroizing;

use crate::{
    lab::{
        Lab, LabFile,
        job::export::{ExportOrder, Formats, orders},
        wire::{Outcome, Task},
    },
    page::{event::OtherForm, jobs::OrderNumber},
};

/// The work on other forms.
#[derive(Default)]
pub struct Exporting {
    formats: Formats,
    passphrase: Zeroizing<String>,
    queue: VecDeque<(OrderNumber, ExportOrder)>,
    /// What is done, in the order of the files.
    pub(super) done: BTreeMap<OrderNumber, Vec<LabFile>>,
    pub(super) count: usize,
    pub(super) failure: Option<String>,
    /// Whether it was pressed with no form chosen.
    pub(super) nothing_chosen: bool,
    /// Counts the presses, so that the outcome of an older one is ignored.
    attempt: u32,
}

impl Exporting {
    /// A box was ticked, or its tick taken away.
    pub(in crate::page) fn choose(&mut self, form: OtherForm, on: bool) {
        *match form {
            OtherForm::Der => &mut self.formats.der,
            OtherForm::Encrypted => &mut self.formats.encrypted,
            OtherForm::Pkcs12 => &mut self.formats.pkcs12,
            OtherForm::Secret => &mut self.formats.secret,
        } = on;
        self.nothing_chosen = false;
    }

    pub(super) fn is_chosen(&self, form: OtherForm) -> bool {
        match form {
            OtherForm::Der => self.formats.der,
            OtherForm::Encrypted => self.formats.encrypted,
            OtherForm::Pkcs12 => self.formats.pkcs12,
            OtherForm::Secret => self.formats.secret,
        }
    }

    /// The passphrase was typed.
    pub(in crate::page) fn type_passphrase(&mut self, text: &str) {
        self.passphrase = Zeroizing::new(text.to_owned());
    }

    /// Begins, for the files that are there.
    ///
    /// # Errors
    ///
    /// If a passphrase is missing.
    pub(in crate::page) fn begin(&mut self, lab: &Lab) -> Result<(), PassphraseMissing> {
        if self.formats.needs_passphrase() && self.passphrase.is_empty() {
            return Err(PassphraseMissing);
        }
        self.forget();
        if !self.formats.any() {
            self.nothing_chosen = true;
            return Ok(());
        }
        let orders = orders(lab, self.formats, &self.passphrase);
        self.count = orders.len();
        self.queue = orders.into_iter().enumerate().collect();
        Ok(())
    }

    /// Drops what was made, and what is still to be made.
    pub(in crate::page) fn forget(&mut self) {
        self.attempt = self.attempt.wrapping_add(1);
        self.queue.clear();
        self.done.clear();
        self.count = 0;
        self.failure = None;
    }

    /// The next task, and the press that it is for.
    pub(in crate::page) fn next_task(&mut self) -> Option<((u32, OrderNumber), Task)> {
        let (number, order) = self.queue.pop_front()?;
        Some(((self.attempt, number), Task::Export(Box::new(order))))
    }

    /// Takes back what came of a task.
    pub(in crate::page) fn complete(
        &mut self,
        (attempt, number): (u32, OrderNumber),
        outcome: Outcome,
    ) {
        if attempt != self.attempt {
            return;
        }
        let files = match outcome {
            Outcome::Exported(files) => Ok(files),
            outcome => Err(outcome.unexpected().to_string()),
        };
        match files {
            Ok(files) => {
                self.done.insert(number, files);
            }
            Err(message) => {
                self.forget();
                self.failure = Some(message);
            }
        }
    }

    /// The files, once all are made.
    pub fn files(&self) -> impl Iterator<Item = &LabFile> {
        let complete = self.done.len() == self.count;
        self.done.values().flatten().filter(move |_| complete)
    }
}

/// A form that wants a passphrase was chosen, and none was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a passphrase; whoever opens these files needs it")]
pub(in crate::page) struct PassphraseMissing;
