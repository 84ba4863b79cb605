//! Everything that one open page knows, and what changes on which event. It
//! touches no document, no worker and no clock: `browser` brings events and the
//! time, and carries out what is asked for here.
//!
//! The state and what can be asked of it are here; what a reader does to the
//! form is in `form`, the CSRs of the form in `csr`, the CA that the reader
//! brings in `brought`, the work in `work`, and what becomes of the files in
//! `files`.

mod brought;
mod csr;
mod files;
mod form;
mod work;

pub use brought::Brought;
pub use csr::CsrFacts;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use self::{brought::Reading, csr::CsrForm};
use super::{
    chapter,
    chapters::{
        break_it::Drills,
        diagnose::Diagnosis,
        dry_run::{Builds, DryRun},
        export::Exporting,
        inspect::Inspector,
        renew_and_revoke::Signing,
    },
    event::{Alarm, Event},
    jobs::Jobs,
    link,
    wish::Wish,
};
use crate::{
    etcd::{
        commands::{Commands, Form, commands, with_few_clients},
        deployment::Deployment,
        facts::release::Offer,
        plan::{
            AuthoritySource, CheckedPlan, Fault, Field, IdentityField, IdentityPlan,
            IntermediatePlan, MemberField, Plan, Preset,
        },
    },
    lab::{
        IssuedAuthority, Lab, archive_stem,
        making::{Making, Progress},
    },
    pki::name::common_name,
};

/// What the page is told to say about the last thing that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Notice {
    /// Nothing has happened.
    #[default]
    Nothing,
    /// Files were made.
    Made,
    /// The files were up to date already.
    Unchanged,
    /// The work was stopped. What was there before still is.
    Cancelled,
    /// Fields keep the work from starting.
    Faults,
    /// The CA that the reader brings is being read first.
    Reading,
    /// The work failed, with the reason.
    Failed(String),
    /// A worker ended unexpectedly; the work goes on.
    WorkerLost(String),
    /// A link filled the form.
    LinkRead,
    /// A link could not be used, with the reason.
    LinkRefused(String),
    /// Everything was forgotten.
    Forgotten,
}

/// One open page.
#[derive(Default)]
pub struct Session {
    plan: Plan,
    /// The plans of other presets, as they were left.
    put_aside: HashMap<Preset, Plan>,
    /// The intermediate CA, as it was left when none was wanted any more.
    intermediate: Option<IntermediatePlan>,
    /// Of each identity, the server's first.
    csr_forms: Vec<CsrForm>,
    faults: Vec<Fault>,
    /// Fields whose faults are shown: those that were left faulty.
    revealed: BTreeSet<Field>,
    /// Faults that are not the plan's: files that were refused before they were
    /// read, a passphrase that is missing.
    refused_files: BTreeMap<Field, String>,
    /// The last plan without faults: its commands are shown before there are
    /// files.
    checked: Option<CheckedPlan>,
    brought: Brought,
    pub(super) lab: Option<Lab>,
    making: Option<Making>,
    /// Whether making is to begin as soon as the CA is read.
    make_when_read: bool,
    jobs: Jobs,
    /// The build of etcd that is asked in chapters 5 to 7.
    pub(super) builds: Builds,
    pub(super) dry_run: DryRun,
    pub(super) drills: Drills,
    pub(super) diagnosis: Diagnosis,
    pub(super) inspector: Inspector,
    pub(super) signing: Signing,
    /// Names of private keys that were downloaded.
    saved: BTreeSet<String>,
    /// The form that etcd is run in.
    form: Form,
    exporting: Exporting,
    notice: Notice,
    asking_to_forget: bool,
    /// Whether the form is looked at soon anyway.
    check_is_due: bool,
    /// What the browser is still to do.
    wishes: Vec<Wish>,
}

/// An archive's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveKind {
    /// `.tar`, which keeps the files' modes.
    Tar,
    /// `.zip`.
    Zip,
}

impl Session {
    /// A page just opened: the tutorial's plan, nothing made.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let mut session = Self {
            plan: Plan::default(),
            ..Self::default()
        };
        session.fit_csr_forms();
        session.check(now);
        session
    }

    /// The plan as it stands in the form.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The files, where there are any.
    #[must_use]
    pub fn lab(&self) -> Option<&Lab> {
        self.lab.as_ref()
    }

    /// How far the work is, while there is work.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.making.as_ref().map(Making::progress)
    }

    /// What to say about the last thing that happened.
    #[must_use]
    pub fn notice(&self) -> &Notice {
        &self.notice
    }

    /// The work on other forms of the files.
    #[must_use]
    pub fn exporting(&self) -> &Exporting {
        &self.exporting
    }

    /// Whether the reader is being asked if everything is to be forgotten.
    #[must_use]
    pub fn asks_to_forget(&self) -> bool {
        self.asking_to_forget
    }

    /// The CA that the reader brings, once it is read.
    #[must_use]
    pub fn brought(&self) -> Option<&IssuedAuthority> {
        match &self.brought.state {
            Reading::Read(authority) => Some(authority),
            _ => None,
        }
    }

    /// Whether a worker is reading the CA that the reader brings.
    #[must_use]
    pub fn reads_authority(&self) -> bool {
        matches!(self.brought.state, Reading::Wanted | Reading::UnderWay)
            && self.plan.authority.source == AuthoritySource::Bring
    }

    /// The identities of the plan, the server first.
    fn identity(&self, index: usize) -> Option<&IdentityPlan> {
        match index.checked_sub(1) {
            None => Some(&self.plan.server),
            Some(client) => self.plan.clients.get(client),
        }
    }

    /// The number of identities that have a form: the server, and each client
    /// that is named one by one.
    #[must_use]
    pub fn identity_count(&self) -> usize {
        1 + self.plan.clients.len()
    }

    /// The number of members that the plan names.
    #[must_use]
    pub fn member_count(&self) -> usize {
        if self.plan.preset.has_members() {
            self.plan.members.len()
        } else {
            0
        }
    }

    /// The identities that have a form now: without the server, where there are
    /// members or none is wanted.
    #[must_use]
    pub fn identities(&self) -> std::ops::Range<usize> {
        usize::from(!self.plan.preset.has_server())..self.identity_count()
    }

    /// The number of clients, those that are named in one text included, as far
    /// as it can be read.
    #[must_use]
    pub fn client_count(&self) -> usize {
        self.plan.clients.len() + self.plan.many_clients.count()
    }

    /// The last plan without faults.
    #[must_use]
    pub fn checked(&self) -> Option<&CheckedPlan> {
        self.checked.as_ref()
    }

    /// Whether the key of the CA that the reader brings asks for a passphrase.
    #[must_use]
    pub fn asks_for_passphrase(&self) -> bool {
        self.brought.is_encrypted()
    }

    /// A field's text with its fault mended, where that is plain.
    #[must_use]
    pub fn mended(&self, field: Field) -> Option<&str> {
        self.fault(field)?;
        let mut faults = self.faults.iter();
        let fault = faults.find(|fault| fault.field == field)?;
        fault.mended.as_deref()
    }

    /// The text that belongs into a field, but for the CA that the reader
    /// brings: a key is not handed about.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        let csr = |index: usize| self.csr_forms.get(index).map(|form| form.text.as_str());
        match field {
            Field::Server(IdentityField::Csr) => csr(0),
            Field::Client(index, IdentityField::Csr) => csr(index + 1),
            field => self.plan.text(field),
        }
    }

    /// Every field that the form has now, in its order.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Field::SINGLE.to_vec();
        if self.plan.preset.has_server() {
            fields.extend(IdentityField::ALL.map(Field::Server));
        }
        for member in 0..self.member_count() {
            fields.extend(MemberField::ALL.map(|field| Field::Member(member, field)));
        }
        for client in 0..self.plan.clients.len() {
            fields.extend(IdentityField::ALL.map(|field| Field::Client(client, field)));
        }
        fields.sort();
        fields
    }

    /// The fault to show beside a field.
    #[must_use]
    pub fn fault(&self, field: Field) -> Option<&str> {
        if let Some(message) = self.refused_files.get(&field) {
            return Some(message);
        }
        if !self.revealed.contains(&field) {
            return None;
        }
        self.faults
            .iter()
            .find(|fault| fault.field == field)
            .map(|fault| fault.message.as_str())
    }

    /// The number of fields with a fault, shown or not.
    #[must_use]
    pub fn fault_count(&self) -> usize {
        let fields: BTreeSet<Field> = self.faults.iter().map(|fault| fault.field).collect();
        fields.len()
    }

    /// Something happened; gives what the browser is to do.
    #[must_use]
    pub fn on(&mut self, event: Event, now: Timestamp) -> Vec<Wish> {
        chapter::answer(self, event, now);
        self.take_wishes()
    }

    /// What the browser is to do because of the work: see [`Self::job_done`].
    #[must_use]
    pub fn take_wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    /// Has the browser do something.
    pub(super) fn wish(&mut self, wish: Wish) {
        self.wishes.push(wish);
    }

    /// Moves the focus to an element, in the place of any before.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an identifier is small, and most are made for the call"
    )]
    pub(super) fn focus_on(&mut self, id: impl ToString) {
        self.wishes.retain(|wish| !matches!(wish, Wish::Focus(_)));
        self.wishes.push(Wish::Focus(id.to_string()));
    }

    /// Has the form looked at again a moment later, so that typing stays light.
    pub(super) fn check_soon(&mut self) {
        if !self.check_is_due {
            self.check_is_due = true;
            self.wishes.push(Wish::Wake(Alarm::Check, 120));
        }
    }

    /// The moment is over.
    pub(super) fn check_now(&mut self, now: Timestamp) {
        self.check_is_due = false;
        self.check(now);
    }

    /// The build of etcd that chapters 5, 6 and 7 are about.
    #[must_use]
    pub fn build(&self) -> Offer {
        self.builds.chosen(self.commands_plan().etcd)
    }

    /// What the commands are for: the files, or the plan where there are none.
    #[must_use]
    pub fn deployment(&self) -> Option<Deployment> {
        if let Some(lab) = &self.lab {
            return Some(lab.deployment());
        }
        let checked = self.checked.as_ref()?;
        let made = checked.authorities.first();
        let name = match made.and_then(|authority| authority.request.as_ref()) {
            Some(authority) => common_name(authority.options.subject.as_name()),
            None => self
                .brought()
                .and_then(|brought| brought.common_name.clone()),
        };
        let archive = format!("{}.tar", archive_stem(name.as_deref()));
        Some(checked.deployment(&archive))
    }

    /// How many clients there are beyond the first few, if there are.
    #[must_use]
    pub fn clients_beyond(&self, few: usize) -> Option<usize> {
        let clients = self.deployment()?.clients.len();
        clients.checked_sub(few).filter(|others| *others > 0)
    }

    /// The commands that are shown: those of the first few clients.
    #[must_use]
    pub fn commands(&self) -> Option<Commands> {
        self.deployment().map(with_few_clients).map(commands)
    }

    /// The form that etcd is run in.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// Another form is chosen.
    pub fn choose_form(&mut self, form: Form) {
        self.form = form;
    }

    /// The host, port and folder that the shown commands are for.
    #[must_use]
    pub fn commands_plan(&self) -> &Plan {
        self.lab.as_ref().map_or(&self.plan, Lab::plan)
    }

    /// Whether the form asks for other certificates than those that were made.
    #[must_use]
    pub fn is_ahead_of_files(&self) -> bool {
        self.lab.as_ref().is_some_and(|lab| {
            !self.plan.asks_for_the_same_certificates(lab.plan())
                || self.plan.authority.source == AuthoritySource::Bring
                    && self.brought().map(|brought| &brought.certificate)
                        != Some(&lab.authority().certificate)
        })
    }

    /// The link's fragment for the plan in the form.
    #[must_use]
    pub fn fragment(&self) -> String {
        link::fragment(&self.plan)
    }
}
