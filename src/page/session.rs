//! Everything that one open page knows, and what changes on which event. It
//! touches no document, no worker and no clock: `browser` brings events and the
//! time, and carries out what is asked for here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    jobs::{JobNumber, Jobs, Lost, Purpose},
    link,
    trials::Trials,
};
use crate::{
    etcd::{
        commands::{Commands, commands},
        plan::{AuthoritySource, CheckedPlan, Fault, Field, IdentityField, IdentityPlan, Plan},
    },
    lab::{
        FileKind, IssuedAuthority, Lab, archive, archive_stem,
        making::{Making, Progress},
        task::{Outcome, PemPair, Task},
    },
    pki::{
        certificate::Certificate,
        certification_request::CertificationRequest,
        name::{common_name, openssl_spelling},
        pem::{self, PemError},
        subject_alternative_name::SubjectAlternativeName,
    },
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

/// The CA that the reader brings.
#[derive(Default)]
pub struct Brought {
    certificate: String,
    key: Zeroizing<String>,
    state: Reading,
    /// Counts the attempts, so that the outcome for an older text is ignored.
    attempt: u32,
}

/// How far the CA that the reader brings is known.
#[derive(Default)]
enum Reading {
    /// Something is still to be given.
    #[default]
    Incomplete,
    /// Both are there; a worker is to read them.
    Wanted,
    /// A worker reads them.
    UnderWay,
    /// It can be used.
    Read(Box<IssuedAuthority>),
    /// It can't.
    Refused(Fault),
}

/// What the form holds about a CSR, for one identity.
#[derive(Default)]
struct CsrForm {
    /// Whether there is a CSR rather than a key to make here.
    chosen: bool,
    /// The text, kept while the other way is chosen.
    text: String,
    /// The text that `facts` is about.
    looked_at: String,
    facts: Option<CsrFacts>,
    /// The names before the CSR's were put there, and after.
    filled: Option<(String, String)>,
}

/// What a CSR that could be read asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsrFacts {
    /// Its subject, in OpenSSL's spelling.
    pub subject: String,
    /// What kind of key it holds.
    pub key: String,
    /// The DNS names and addresses that it asks for.
    pub names: Vec<String>,
    /// What else it asks for and will not get.
    pub left_out: Vec<String>,
}

/// One open page.
#[derive(Default)]
pub struct Session {
    plan: Plan,
    /// Of each identity, the server's first.
    csr_forms: Vec<CsrForm>,
    faults: Vec<Fault>,
    /// Fields whose faults are shown: those that were left faulty.
    revealed: BTreeSet<Field>,
    /// Files that were refused before they were read.
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
    /// What is tried out: dry runs, drills.
    pub trials: Trials,
    /// Names of private keys that were downloaded.
    saved: BTreeSet<String>,
    notice: Notice,
    asking_to_forget: bool,
    focus: Option<String>,
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

    /// The number of identities.
    #[must_use]
    pub fn identity_count(&self) -> usize {
        1 + self.plan.clients.len()
    }

    /// Whether an identity has a CSR rather than a key to be made here.
    #[must_use]
    pub fn has_csr(&self, index: usize) -> bool {
        self.csr_forms.get(index).is_some_and(|form| form.chosen)
    }

    /// What an identity's CSR asks for, if there is one and it can be read.
    #[must_use]
    pub fn csr_facts(&self, index: usize) -> Option<&CsrFacts> {
        let form = self.csr_forms.get(index).filter(|form| form.chosen)?;
        form.facts.as_ref()
    }

    /// The text that belongs into a field, but for the CA that the reader
    /// brings: a key is not handed about.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        let identity = |index: usize, field: IdentityField| {
            let plan = self.identity(index)?;
            Some(match field {
                IdentityField::Name => &plan.name,
                IdentityField::Subject => &plan.subject,
                IdentityField::Names => &plan.names,
                IdentityField::Days => &plan.days,
                IdentityField::Csr => &self.csr_forms.get(index)?.text,
            })
        };
        match field {
            Field::AuthoritySubject => Some(&self.plan.authority.subject),
            Field::AuthorityDays => Some(&self.plan.authority.days),
            Field::AuthorityCertificate | Field::AuthorityKey => None,
            Field::Server(field) => identity(0, field).map(String::as_str),
            Field::Client(index, field) => identity(index + 1, field).map(String::as_str),
            Field::Host => Some(&self.plan.host),
            Field::Port => Some(&self.plan.port),
            Field::Directory => Some(&self.plan.directory),
        }
    }

    /// Every field that the form has now, in its order.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        const IDENTITY: [IdentityField; 5] = [
            IdentityField::Name,
            IdentityField::Subject,
            IdentityField::Names,
            IdentityField::Days,
            IdentityField::Csr,
        ];
        let mut fields = vec![
            Field::AuthoritySubject,
            Field::AuthorityDays,
            Field::AuthorityCertificate,
            Field::AuthorityKey,
        ];
        fields.extend(IDENTITY.map(Field::Server));
        for client in 0..self.plan.clients.len() {
            fields.extend(IDENTITY.map(|field| Field::Client(client, field)));
        }
        fields.extend([Field::Host, Field::Port, Field::Directory]);
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

    /// Moves the focus to an element.
    pub fn focus_on(&mut self, id: &str) {
        self.focus = Some(id.to_owned());
    }

    /// Where the focus is to go, once.
    pub fn take_focus(&mut self) -> Option<String> {
        self.focus.take()
    }

    /// The commands: those of the files, or of the plan where there are none.
    #[must_use]
    pub fn commands(&self) -> Option<Commands> {
        if let Some(lab) = &self.lab {
            return Some(lab.commands());
        }
        let checked = self.checked.as_ref()?;
        let name = match &checked.authority {
            Some(authority) => common_name(authority.subject.as_name()),
            None => self
                .brought()
                .and_then(|brought| brought.common_name.clone()),
        };
        Some(commands(
            checked,
            &format!("{}.tar", archive_stem(name.as_deref())),
        ))
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
            let made = lab.plan();
            self.plan.authority != made.authority
                || self.plan.server != made.server
                || self.plan.clients != made.clients
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

/// What a reader does to the form.
impl Session {
    /// Text was typed. Whoever calls this calls [`Self::check`] a moment later.
    pub fn type_text(&mut self, field: Field, text: &str) {
        self.refused_files.remove(&field);
        match field {
            Field::AuthorityCertificate => {
                if self.brought.certificate != text {
                    text.clone_into(&mut self.brought.certificate);
                    self.brought.read_again();
                }
            }
            Field::AuthorityKey => {
                if self.brought.key.as_str() != text {
                    self.brought.key = Zeroizing::new(text.to_owned());
                    self.brought.read_again();
                }
            }
            Field::Server(IdentityField::Csr) => self.type_csr(0, text),
            Field::Client(index, IdentityField::Csr) => self.type_csr(index + 1, text),
            field => {
                if let Some(place) = self.plan.text_mut(field) {
                    text.clone_into(place);
                }
            }
        }
    }

    fn type_csr(&mut self, index: usize, text: &str) {
        if let Some(form) = self.csr_forms.get_mut(index) {
            text.clone_into(&mut form.text);
        }
        self.settle_csr(index);
    }

    /// Puts a CSR into the plan if that way is chosen, and out of it if not.
    fn settle_csr(&mut self, index: usize) {
        let Some(form) = self.csr_forms.get(index) else {
            return;
        };
        let text = if form.chosen {
            form.text.clone()
        } else {
            String::new()
        };
        if let Some(plan) = self.identity_mut(index) {
            plan.csr = text;
        }
    }

    fn identity_mut(&mut self, index: usize) -> Option<&mut IdentityPlan> {
        match index.checked_sub(1) {
            None => Some(&mut self.plan.server),
            Some(client) => self.plan.clients.get_mut(client),
        }
    }

    /// A field was left: from now on its fault is shown, and that of every
    /// other field that this one made faulty.
    pub fn leave(&mut self, field: Field, now: Timestamp) {
        self.check(now);
        for fault in &self.faults {
            if fault.field == field || !self.awaits(fault.field) {
                self.revealed.insert(fault.field);
            }
        }
    }

    /// Whether nothing has been given yet where something must be: no reason to
    /// complain before the reader gets there.
    fn awaits(&self, field: Field) -> bool {
        let empty_csr = |index: usize| {
            self.csr_forms
                .get(index)
                .is_some_and(|form| form.text.trim().is_empty())
        };
        match field {
            Field::AuthorityCertificate => self.brought.certificate.trim().is_empty(),
            Field::AuthorityKey => self.brought.key.trim().is_empty(),
            Field::Server(IdentityField::Csr) => empty_csr(0),
            Field::Client(index, IdentityField::Csr) => empty_csr(index + 1),
            _ => false,
        }
    }

    /// A CA is to be made here, or the reader brings one.
    pub fn choose_authority(&mut self, source: AuthoritySource, now: Timestamp) {
        self.plan.authority.source = source;
        self.check(now);
    }

    /// An identity's key is to be made here, or there is a CSR.
    pub fn choose_csr(&mut self, index: usize, chosen: bool, now: Timestamp) {
        if let Some(form) = self.csr_forms.get_mut(index) {
            form.chosen = chosen;
        }
        self.settle_csr(index);
        self.check(now);
    }

    /// One more client, under the next free name.
    pub fn add_client(&mut self, now: Timestamp) {
        if self.plan.clients.len() >= link::MAXIMUM_CLIENTS {
            return;
        }
        // One of so many names is free.
        let name = (2..=link::MAXIMUM_CLIENTS + 2)
            .map(|number| format!("client-{number}"))
            .find(|name| {
                self.plan
                    .clients
                    .iter()
                    .all(|client| client.name.trim() != name)
                    && self.plan.server.name.trim() != name
            })
            .unwrap_or_default();
        self.plan.clients.push(IdentityPlan {
            subject: format!("CN={name}"),
            name,
            ..IdentityPlan::default()
        });
        self.fit_csr_forms();
        self.check(now);
        let field = Field::Client(self.plan.clients.len() - 1, IdentityField::Name);
        self.focus = Some(field.to_string());
    }

    /// Takes a client out of the plan. One always stays.
    pub fn remove_client(&mut self, index: usize, now: Timestamp) {
        if self.plan.clients.len() < 2 || index >= self.plan.clients.len() {
            return;
        }
        self.plan.clients.remove(index);
        self.csr_forms.remove(index + 1);
        let shifted = |field: Field| match field {
            Field::Client(place, _) if place == index => None,
            Field::Client(place, field) if place > index => Some(Field::Client(place - 1, field)),
            field => Some(field),
        };
        self.revealed = self.revealed.iter().copied().filter_map(shifted).collect();
        self.refused_files = std::mem::take(&mut self.refused_files)
            .into_iter()
            .filter_map(|(field, message)| Some((shifted(field)?, message)))
            .collect();
        self.check(now);
        self.focus = Some("add-client".to_owned());
    }

    /// A file of this size may be read for a field.
    ///
    /// # Errors
    ///
    /// Nothing is to be read: the file is too large, which now stands beside
    /// the field.
    pub fn admit_file(&mut self, field: Field, size: usize) -> Result<(), PemError> {
        if size <= pem::MAXIMUM_LENGTH {
            return Ok(());
        }
        let error = PemError::TooLarge { length: size };
        self.refused_files.insert(field, error.to_string());
        Err(error)
    }

    /// Fills the form with a plan from a link.
    pub fn open_link(&mut self, fragment: &str, now: Timestamp) {
        match link::plan(fragment) {
            Ok(None) => {}
            Ok(Some(plan)) => {
                self.plan = plan;
                self.csr_forms.clear();
                self.fit_csr_forms();
                self.revealed.clear();
                self.refused_files.clear();
                self.check(now);
                self.reveal_all();
                self.notice = Notice::LinkRead;
            }
            Err(error) => self.notice = Notice::LinkRefused(error.to_string()),
        }
    }

    /// As many CSR forms as identities, each filled from the plan when new.
    fn fit_csr_forms(&mut self) {
        self.csr_forms.truncate(self.identity_count());
        for index in self.csr_forms.len()..self.identity_count() {
            let text = self.identity(index).map(|plan| plan.csr.clone());
            let text = text.unwrap_or_default();
            let chosen = !text.trim().is_empty();
            self.csr_forms.push(CsrForm {
                chosen,
                // A link says itself which names there are to be.
                looked_at: if chosen { text.clone() } else { String::new() },
                facts: facts(&text),
                text,
                filled: None,
            });
        }
    }

    fn reveal_all(&mut self) {
        self.revealed
            .extend(self.faults.iter().map(|fault| fault.field));
    }

    /// Looks at the whole form again: at each CSR that is new, at the CA that
    /// the reader brings, and at every field. Commands follow at once.
    pub fn check(&mut self, now: Timestamp) {
        for index in 0..self.csr_forms.len() {
            self.look_at_csr(index);
        }
        // What is made already is not held against its CA's end again: a day
        // later the same days would be too many.
        let authority = match self.plan.authority.source {
            _ if !self.is_ahead_of_files() && self.lab.is_some() => None,
            AuthoritySource::Bring => self.brought(),
            AuthoritySource::Make => self
                .lab
                .as_ref()
                .and_then(|lab| lab.authority_for(&self.plan)),
        }
        .map(|authority| authority.validity);
        self.faults.clear();
        match self.plan.check(authority, now) {
            Ok(checked) => self.checked = Some(checked),
            Err(faults) => self.faults = faults,
        }
        if self.plan.authority.source == AuthoritySource::Bring {
            let faults = self.brought.faults();
            self.faults.extend(faults);
        }
        for (index, form) in self.csr_forms.iter().enumerate() {
            if form.chosen && form.text.trim().is_empty() {
                let field = IdentityField::Csr;
                self.faults.push(Fault {
                    field: match index.checked_sub(1) {
                        None => Field::Server(field),
                        Some(client) => Field::Client(client, field),
                    },
                    message: PemError::Empty.to_string(),
                });
            }
        }
        self.faults.sort_by_key(|fault| fault.field);
        // What is right is no longer complained about, nor as soon as it is
        // touched again.
        let faults = &self.faults;
        self.revealed
            .retain(|field| faults.iter().any(|fault| fault.field == *field));
        if self.notice == Notice::Faults && self.faults.is_empty() {
            self.notice = Notice::Nothing;
        }
        self.follow(now);
    }

    /// Brings the commands of files that are there up to date with the host,
    /// the port and the folder of the form.
    fn follow(&mut self, now: Timestamp) {
        if let Some(lab) = &mut self.lab {
            let wanted = Plan {
                host: self.plan.host.clone(),
                port: self.plan.port.clone(),
                directory: self.plan.directory.clone(),
                ..lab.plan().clone()
            };
            if wanted != *lab.plan()
                && let Ok(checked) = wanted.check(None, now)
            {
                lab.follow(&wanted, &checked);
            }
        }
    }

    /// Reads a CSR that is new, and puts the names that it asks for into the
    /// form, where they can be seen and changed.
    fn look_at_csr(&mut self, index: usize) {
        let names = self.identity(index).map(|plan| plan.names.clone());
        let untouched = match index {
            0 => Plan::default().server.names,
            _ => String::new(),
        };
        let (Some(form), Some(names)) = (self.csr_forms.get_mut(index), names) else {
            return;
        };
        if !form.chosen || form.text == form.looked_at {
            return;
        }
        form.looked_at.clone_from(&form.text);
        form.facts = facts(&form.text);
        let Some(facts) = &form.facts else {
            return;
        };
        // The names of an earlier CSR make way for those of the new one.
        let before = match form.filled.take() {
            Some((before, after)) if after == names => before,
            _ => names,
        };
        if facts.names.is_empty() {
            if let Some(plan) = self.identity_mut(index) {
                plan.names = before;
            }
            return;
        }
        let mut filled: Vec<String> = Vec::new();
        if before.trim() != untouched {
            filled.push(before.trim().trim_end_matches(',').to_owned());
        }
        for name in &facts.names {
            if !before.split([',', ' ', '\n']).any(|there| there == name) || filled.is_empty() {
                filled.push(name.clone());
            }
        }
        let after = filled.join(", ");
        form.filled = Some((before, after.clone()));
        if let Some(plan) = self.identity_mut(index) {
            plan.names = after;
        }
    }
}

fn facts(text: &str) -> Option<CsrFacts> {
    let request = CertificationRequest::from_pem(text).ok()?;
    Some(CsrFacts {
        subject: openssl_spelling(request.subject()),
        key: request.public_key().describe(),
        names: request
            .names()
            .iter()
            .map(|name| match name {
                SubjectAlternativeName::Dns(name) => name.as_str().to_owned(),
                SubjectAlternativeName::Ip(address) => address.to_string(),
            })
            .collect(),
        left_out: request.other_names().to_vec(),
    })
}

impl Brought {
    /// The text changed.
    fn read_again(&mut self) {
        self.attempt = self.attempt.wrapping_add(1);
        let complete = !self.certificate.trim().is_empty() && !self.key.trim().is_empty();
        self.state = if complete {
            Reading::Wanted
        } else {
            Reading::Incomplete
        };
    }

    /// What is wrong with it, or missing.
    fn faults(&self) -> Vec<Fault> {
        let fault = |field: Field, message: String| Fault { field, message };
        match &self.state {
            Reading::Wanted | Reading::UnderWay | Reading::Read(_) => Vec::new(),
            Reading::Refused(fault) => vec![fault.clone()],
            Reading::Incomplete => {
                // What is there can be looked at before the rest comes. A key
                // only from outside: reading it whole is a worker's work.
                let certificate = Certificate::from_pem(&self.certificate)
                    .err()
                    .map(|error| fault(Field::AuthorityCertificate, error.to_string()));
                let key = pem::blocks(&self.key)
                    .err()
                    .map(|error| fault(Field::AuthorityKey, error.to_string()));
                certificate.into_iter().chain(key).collect()
            }
        }
    }
}

/// The work.
impl Session {
    /// The button was pressed. Faults are shown and the focus goes to the first;
    /// without any, the work begins.
    pub fn press_make(&mut self, now: Timestamp) {
        if self.making.is_some() {
            return;
        }
        self.check(now);
        self.reveal_all();
        if let Some(fault) = self.faults.first() {
            self.focus = Some(fault.field.to_string());
            self.notice = Notice::Faults;
            return;
        }
        if self.reads_authority() {
            self.make_when_read = true;
            self.notice = Notice::Reading;
            return;
        }
        if self.lab.is_some() && !self.is_ahead_of_files() {
            self.notice = Notice::Unchanged;
            self.focus = Some("files-heading".to_owned());
            return;
        }
        let brought = match self.plan.authority.source {
            AuthoritySource::Bring => self.brought(),
            AuthoritySource::Make => None,
        };
        match Making::start(&self.plan, brought, self.lab.as_ref(), now) {
            Ok(making) => {
                self.making = Some(making);
                self.refused_files.clear();
                self.notice = Notice::Nothing;
                self.finish_making();
            }
            Err(faults) => {
                self.faults = faults;
                self.reveal_all();
                self.notice = Notice::Faults;
            }
        }
    }

    /// The next task for a worker that has nothing to do.
    pub fn next_job(&mut self, now: Timestamp) -> Option<(JobNumber, Task)> {
        if let Some(job) = self.jobs.give_again() {
            return Some(job);
        }
        if matches!(self.brought.state, Reading::Wanted) {
            self.brought.state = Reading::UnderWay;
            let task = Task::ReadAuthority {
                authority: PemPair {
                    certificate: self.brought.certificate.clone(),
                    key: self.brought.key.to_string(),
                },
                now,
            };
            return Some(self.jobs.give(Purpose::Read(self.brought.attempt), task));
        }
        if let Some((trial, task)) = self.trials.next_task(self.lab.as_ref(), now) {
            return Some(self.jobs.give(Purpose::Try(trial), task));
        }
        let (number, task) = self.making.as_mut()?.next_task()?;
        Some(self.jobs.give(Purpose::Make(number), task))
    }

    /// A worker tried this many candidates for primes since it last said so.
    pub fn job_tried(&mut self, number: JobNumber, candidates: u32) {
        if let (Some(Purpose::Make(_)), Some(making)) =
            (self.jobs.purpose(number), &mut self.making)
        {
            making.report(candidates);
        }
    }

    /// A worker is done with a task.
    pub fn job_done(&mut self, number: JobNumber, outcome: Outcome, now: Timestamp) {
        match self.jobs.done(number) {
            None => {}
            Some(Purpose::Read(attempt)) => self.authority_read(attempt, outcome, now),
            Some(Purpose::Try(trial)) => self.trials.done(trial, outcome),
            Some(Purpose::Make(task)) => {
                let Some(making) = &mut self.making else {
                    return;
                };
                match making.complete(task, outcome) {
                    Ok(()) => {
                        let abandoned = making.abandoned();
                        self.jobs.drop_where(|purpose| {
                            matches!(purpose, Purpose::Make(task) if abandoned.contains(&task))
                        });
                        self.finish_making();
                    }
                    Err(message) => self.fail(message),
                }
            }
        }
    }

    fn authority_read(&mut self, attempt: u32, outcome: Outcome, now: Timestamp) {
        if attempt != self.brought.attempt {
            return;
        }
        let refused = |field: Field, message: String| Reading::Refused(Fault { field, message });
        self.brought.state = match outcome {
            Outcome::Authority(pair) => match IssuedAuthority::read(&pair) {
                Ok(authority) => Reading::Read(Box::new(authority)),
                Err(message) => refused(Field::AuthorityCertificate, message),
            },
            Outcome::AuthorityRefused { key: true, message } => {
                refused(Field::AuthorityKey, message)
            }
            outcome => refused(Field::AuthorityCertificate, outcome.unexpected()),
        };
        self.check(now);
        self.reveal_all();
        if std::mem::take(&mut self.make_when_read) {
            self.notice = Notice::Nothing;
            self.press_make(now);
        }
    }

    /// A worker ended without an answer, with what is known of the reason.
    pub fn worker_lost(&mut self, in_hand: Option<JobNumber>, reason: &str, now: Timestamp) {
        match in_hand.map_or(Lost::Forgotten, |number| self.jobs.lost(number)) {
            Lost::Again | Lost::Forgotten => {
                self.notice = Notice::WorkerLost(reason.to_owned());
            }
            Lost::ForGood(Purpose::Make(_)) => self.fail(format!(
                "a worker of this page ended twice over the same task ({reason})"
            )),
            Lost::ForGood(Purpose::Try(trial)) => {
                let message = format!("a worker of this page ended twice over it ({reason})");
                self.trials.done(trial, Outcome::Failed { message });
            }
            Lost::ForGood(Purpose::Read(attempt)) => {
                let message = format!(
                    "a worker of this page ended twice while reading this CA ({reason}); please report this"
                );
                self.authority_read(attempt, Outcome::Failed { message }, now);
            }
        }
    }

    fn finish_making(&mut self) {
        let Some(lab) = self.making.as_ref().and_then(Making::finish) else {
            return;
        };
        self.stop_making();
        // A key that was kept and downloaded before is still downloaded.
        let before = self.lab.as_ref().map(Lab::files).unwrap_or_default();
        let files = lab.files();
        self.saved.retain(|name| {
            let of = |files: &[crate::lab::LabFile]| {
                files
                    .iter()
                    .find(|file| file.name == *name)
                    .map(|file| file.contents.clone())
            };
            of(&before).is_some() && of(&before) == of(&files)
        });
        self.lab = Some(lab);
        self.notice = Notice::Made;
        self.focus = Some("files-heading".to_owned());
    }

    fn fail(&mut self, message: String) {
        self.stop_making();
        self.notice = Notice::Failed(message);
    }

    fn stop_making(&mut self) {
        self.making = None;
        self.jobs
            .drop_where(|purpose| matches!(purpose, Purpose::Make(_)));
    }

    /// The tasks whose workers should stop.
    pub fn stops(&mut self) -> Vec<JobNumber> {
        self.jobs.stops()
    }

    /// All workers were ended, because the page is put aside. What they had in
    /// hand is given out again if the page comes back.
    pub fn workers_ended(&mut self) {
        self.jobs.all_ended();
    }

    /// The work is to stop. Whoever calls this ends all workers.
    pub fn cancel(&mut self) {
        let under_way = self.making.is_some() || self.make_when_read;
        self.make_when_read = false;
        self.stop_making();
        self.jobs.all_ended();
        if under_way {
            self.notice = Notice::Cancelled;
            self.focus = Some("make".to_owned());
        }
    }
}

/// What a reader does with the files, and with all of it.
impl Session {
    /// The text of a file.
    #[must_use]
    pub fn contents(&self, name: &str) -> Option<Zeroizing<String>> {
        self.lab
            .as_ref()?
            .files()
            .into_iter()
            .find(|file| file.name == name)
            .map(|file| file.contents)
    }

    /// A file was downloaded.
    pub fn downloaded(&mut self, name: &str) {
        self.saved.insert(name.to_owned());
    }

    /// The archive was downloaded, and every file with it.
    pub fn archive_downloaded(&mut self) {
        let files = self.lab.as_ref().map(Lab::files).unwrap_or_default();
        self.saved = files.into_iter().map(|file| file.name).collect();
    }

    /// All files as one, with its name.
    ///
    /// # Errors
    ///
    /// The sentence for the reader, which no checked plan leads to; or nothing,
    /// where there are no files.
    pub fn archive(
        &self,
        kind: ArchiveKind,
    ) -> Result<(String, Zeroizing<Vec<u8>>), Option<String>> {
        let lab = self.lab.as_ref().ok_or(None)?;
        let stem = lab.archive_stem();
        match kind {
            ArchiveKind::Tar => archive::tar(lab)
                .map(|bytes| (format!("{stem}.tar"), bytes))
                .map_err(|error| Some(error.to_string())),
            ArchiveKind::Zip => archive::zip(lab)
                .map(|bytes| (format!("{stem}.zip"), bytes))
                .map_err(|error| Some(error.to_string())),
        }
    }

    /// Whether leaving the page would lose a private key that was made here.
    #[must_use]
    pub fn has_unsaved_keys(&self) -> bool {
        self.lab.as_ref().is_some_and(|lab| {
            lab.files()
                .iter()
                .any(|file| file.kind == FileKind::PrivateKey && !self.saved.contains(&file.name))
        })
    }

    /// Something that the browser was asked to do did not work.
    pub fn report(&mut self, message: String) {
        self.notice = Notice::Failed(message);
    }

    /// Asks whether everything is to be forgotten, or takes the question back.
    pub fn ask_to_forget(&mut self, asking: bool) {
        self.asking_to_forget = asking;
        let place = if asking { "forget-cancel" } else { "forget" };
        self.focus = Some(place.to_owned());
    }

    /// Forgets everything: the form, the CA that was brought, the files. Whoever
    /// calls this ends all workers and empties the inputs.
    pub fn forget(&mut self, now: Timestamp) {
        // The numbers of tasks go on: a late answer must not be taken for an
        // answer to a new question.
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.forget();
        *self = Self::new(now);
        self.jobs = jobs;
        self.notice = Notice::Forgotten;
        self.focus = Some("make".to_owned());
    }
}
