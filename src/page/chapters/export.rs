//! The files in other forms: what is wanted, how far it is, and its place on the
//! page. A passphrase stays here and in the tasks, and is no part of a plan.

use std::collections::{BTreeMap, VecDeque};

use maud::{Markup, html};
use zeroize::Zeroizing;

use crate::page::{
    event::{OtherForm, Press, Tick},
    field::{passphrase, tick},
    jobs::OrderNumber,
    session::Session,
    view::View,
    words::count,
};
use crate::{
    etcd::plan::Field,
    lab::{
        Lab, LabFile,
        job::export::{ExportOrder, Formats, orders},
        wire::{Outcome, Task},
    },
};

/// The work on other forms.
#[derive(Default)]
pub struct Exporting {
    formats: Formats,
    pub(in crate::page) passphrase: Zeroizing<String>,
    queue: VecDeque<(OrderNumber, ExportOrder)>,
    /// What is done, in the order of the files.
    done: BTreeMap<OrderNumber, Vec<LabFile>>,
    count: usize,
    failure: Option<String>,
    /// Whether it was pressed with no form chosen.
    nothing_chosen: bool,
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

    fn is_chosen(&self, form: OtherForm) -> bool {
        match form {
            OtherForm::Der => self.formats.der,
            OtherForm::Encrypted => self.formats.encrypted,
            OtherForm::Pkcs12 => self.formats.pkcs12,
            OtherForm::Secret => self.formats.secret,
        }
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

/// What is shown of the other forms.
pub(super) fn show(session: &Session, view: &mut View) {
    view.region("formats-status", status(session));
    for form in OtherForm::ALL {
        view.choose(Tick::OtherForm(form), session.exporting().is_chosen(form));
    }
}

/// The fields. They are the same whatever is in them.
pub(super) fn form() -> Markup {
    html! {
        details.more #formats-details {
            summary { "Other forms: DER, keys under a passphrase, PKCS#12, Kubernetes Secrets" }
            p { "etcd reads the files above, and no key under a passphrase. These are for browsers, Java, Windows, Kubernetes and safe-keeping." }
            (tick(Tick::OtherForm(OtherForm::Der), "DER", "each certificate and key, for programs that read no PEM"))
            (tick(Tick::OtherForm(OtherForm::Encrypted), "Keys under a passphrase", "PKCS#8 with AES-256, as openssl pkey opens it"))
            (tick(Tick::OtherForm(OtherForm::Pkcs12), "PKCS#12", "key, certificate and chain in one .p12 file"))
            (tick(Tick::OtherForm(OtherForm::Secret), "Kubernetes Secret", "one for each certificate and key, of the type kubernetes.io/tls, with the CA"))
            (passphrase(Field::ExportPassphrase, "Passphrase", &html! {
                "For encrypted keys and PKCS#12. Guessing it is made slow, so each file takes about a second."
            }))
            div.row { button type="button" #export data-action=(Press::Export) { "Make these forms too" } }
            div #formats-status role="status" aria-live="polite" {}
        }
    }
}

/// How far it is, and what there is.
fn status(session: &Session) -> Markup {
    let exporting = session.exporting();
    html! {
        @if exporting.nothing_chosen { p.bad { "Choose at least one form first." } }
        @if let Some(message) = &exporting.failure { p.bad { "This did not work: " (message) ". The files above are still there." } }
        @if exporting.count > 0 {
            @if exporting.done.len() < exporting.count {
                p { (exporting.done.len()) " of " (count(exporting.count, "certificate", "certificates")) " written in other forms" }
            } @else {
                p.good { "Made, and in both archives from now on:" }
                ul.files {
                    @for file in exporting.files().take(SHOWN) {
                        li.file {
                            div.file-name { code { (file.name) } span.hint { @if file.kind.mode() == 0o600 { "holds a private key · mode 0600" } @else { "mode 0644" } } }
                            div.file-actions {
                                button type="button" data-action=(Press::Download(file.name.clone())) aria-label={ "Download " (file.name) } { "Download" }
                            }
                        }
                    }
                }
                @let more = exporting.files().count().saturating_sub(SHOWN);
                @if more > 0 { p.hint { "And " (more) " more, which the archive has." } }
            }
        }
    }
}

/// How many of many are shown.
const SHOWN: usize = 24;
