//! Everything that one open page knows: the form, the files, what each chapter
//! keeps, and what the browser is still to do. What is of a chapter alone is that
//! chapter's; here is what several of them ask, and what must follow when one of
//! them changed. It touches no document, no worker and no clock.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    chapters::{
        break_it::Drills,
        diagnose::Diagnosis,
        dry_run::{Builds, DryRun},
        files::Files,
        inspect::Inspector,
        renew_and_revoke::Signing,
    },
    element::PageElement,
    event::Alarm,
    form::PlanForm,
    id::Id,
    input::Input,
    jobs::Jobs,
    link,
    place::Place,
    wish::{Wish, Workers},
};
use crate::{
    etcd::{
        commands::{Commands, Form, commands, with_few_clients},
        deployment::Deployment,
        facts::release::Offer,
        plan::{AuthoritySource, Field, Plan, Preset},
    },
    lab::{
        Lab, archive_stem,
        making::{Making, Progress, existing},
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
    /// The plan as it stands in the form.
    pub(super) form: PlanForm,
    /// What was made, where anything was.
    pub(super) files: Files,
    /// The making of files, while it is under way.
    pub(super) making: Option<Making>,
    /// Whether making is to begin as soon as the CA is read.
    pub(super) make_when_read: bool,
    /// What to say about the last thing that happened.
    pub(super) notice: Notice,
    /// When something happened last.
    pub(super) seen: Timestamp,
    /// The place that is shown.
    pub(super) place: Place,
    /// The place in which it was last reported that something did not work.
    pub(super) reported_in: Place,
    /// What workers have in hand.
    pub(super) jobs: Jobs,
    /// The form that etcd is run in, once it was chosen.
    pub(super) run_form: Option<Form>,
    /// The build of etcd that is asked.
    pub(super) builds: Builds,
    pub(super) dry_run: DryRun,
    pub(super) drills: Drills,
    pub(super) diagnosis: Diagnosis,
    pub(super) inspector: Inspector,
    pub(super) signing: Signing,
    /// Whether the reader is being asked if everything is to be forgotten.
    pub(super) asks_to_forget: bool,
    /// Whether the form is looked at soon anyway.
    check_is_due: bool,
    /// The fragment of the page's address, once the page was opened.
    address: Option<String>,
    /// The field that was typed into last, and the one that the newest step of the
    /// address is for: a field is one step, however long it is typed into.
    typed_in: Option<Field>,
    step_for: Option<Field>,
    /// What the browser is still to do.
    wishes: Vec<Wish>,
}

impl Session {
    /// A page just opened: the tutorial's plan, nothing made.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let mut session = Self {
            seen: now,
            ..Self::default()
        };
        session.check(now);
        session
    }

    /// The form that etcd is run in: what was chosen, or what the plan is at home in.
    pub(super) fn run_as(&self) -> Form {
        let kubeadm = self.form.plan().preset == Preset::Kubeadm;
        let [first, ..] = Form::in_order(kubeadm);
        self.run_form.unwrap_or(first)
    }

    /// How far the work is, while there is work.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.making.as_ref().map(Making::progress)
    }

    /// Whether leaving the page would lose a private key that was made here.
    #[must_use]
    pub fn has_unsaved_keys(&self) -> bool {
        self.files.has_unsaved_key() || self.signing.has_unsaved_key()
    }

    /// The build of etcd that dry runs, drills and diagnoses are about.
    #[must_use]
    pub fn build(&self) -> Offer {
        self.builds.chosen(self.commands_plan().etcd)
    }

    /// Whether somebody chose it.
    #[must_use]
    pub fn is_build_chosen(&self) -> bool {
        self.builds.is_chosen(self.commands_plan().etcd)
    }

    /// What the commands are for: the files, or the plan where there are none.
    #[must_use]
    pub fn deployment(&self) -> Option<Deployment> {
        if let Some(lab) = self.files.lab() {
            return Some(lab.deployment());
        }
        let checked = self.form.checked()?;
        let made = checked.authorities.first();
        // The fingerprint of a CA that is not made yet is not known yet.
        let unmade = |name: Option<&str>| format!("{}-FINGERPRINT", archive_stem(name));
        let stem = match (
            made.and_then(|authority| authority.request.as_ref()),
            self.form.brought(),
        ) {
            (Some(authority), _) => {
                unmade(common_name(authority.options.subject.as_name()).as_deref())
            }
            (None, Some(brought)) => brought.archive_stem(),
            (None, None) => unmade(None),
        };
        Some(checked.deployment(&format!("{stem}.tar")))
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

    /// The host, port and folder that the shown commands are for.
    #[must_use]
    pub fn commands_plan(&self) -> &Plan {
        self.files.lab().map_or(self.form.plan(), Lab::plan)
    }

    /// Whether the form asks for other certificates than those that were made.
    #[must_use]
    pub fn is_ahead_of_files(&self) -> bool {
        let plan = self.form.plan();
        self.files.lab().is_some_and(|lab| {
            !plan.asks_for_the_same_certificates(lab.plan())
                || plan.authority.source == AuthoritySource::Bring
                    && self
                        .form
                        .brought()
                        .is_none_or(|brought| !brought.has_the_file_of(lab.authority()))
        })
    }

    /// Whether files were made, and the form asks for another such part than they were
    /// made with.
    pub(super) fn is_unmade<'a, T: PartialEq>(&'a self, part: impl Fn(&'a Plan) -> T) -> bool {
        let lab = self.files.lab();
        lab.is_some_and(|lab| part(lab.plan()) != part(self.form.plan()))
    }

    /// The link's fragment for the plan in the form.
    #[must_use]
    pub fn fragment(&self) -> String {
        link::fragment(self.form.plan())
    }

    /// Text was typed into a field. Whoever calls this calls [`Self::check`] a
    /// moment later.
    pub(super) fn type_text(&mut self, field: Field, text: &str) {
        self.typed_in = Some(field);
        self.form.type_text(field, text);
        if field == Field::ExportPassphrase {
            self.files.exporting.type_passphrase(text);
        }
    }

    /// A field was left: from now on its fault is shown, and that of every
    /// other field that this one made faulty.
    pub(super) fn leave(&mut self, field: Field, now: Timestamp) {
        self.look(now);
        self.form.reveal(field);
        self.address_typing();
    }

    /// Changes the form, and looks at it again.
    pub(super) fn change(&mut self, now: Timestamp, change: impl FnOnce(&mut PlanForm)) {
        change(&mut self.form);
        self.check(now);
    }

    /// Looks at the whole form again, after a press or a choice: that is a step which
    /// one can go back from.
    pub(super) fn check(&mut self, now: Timestamp) {
        self.look(now);
        self.step_for = None;
        self.address_plan(Wish::Address);
    }

    /// Looks at the whole form again: at each CSR that is new, at the CA that
    /// the reader brings, and at every field. Commands follow at once.
    fn look(&mut self, now: Timestamp) {
        self.form.read_requests();
        self.inspector.look();
        // What is made already is not held against its CA's end again: a day
        // later the same days would be too many.
        let lab = self.files.lab();
        let made = lab.is_some() && !self.is_ahead_of_files();
        let known = (!made).then(|| existing(self.form.plan(), self.form.brought(), lab));
        self.form.check(known.as_ref(), now);
        if self.notice == Notice::Faults && self.form.fault_count() == 0 {
            self.notice = Notice::Nothing;
        }
        self.files.follow(self.form.plan(), now);
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
        self.look(now);
        self.address_typing();
    }

    /// Another plan fills the form, from the page's address.
    pub(super) fn open(&mut self, plan: Plan, now: Timestamp) {
        self.form.open(plan);
        self.look(now);
        self.form.reveal_given();
        self.step_for = None;
    }

    /// The page has this fragment now, by the browser's doing.
    pub(super) fn is_addressed(&mut self, fragment: &str) {
        let bare = fragment.is_empty() || fragment == "#";
        self.address = Some(if bare { "#make" } else { fragment }.to_owned());
    }

    /// Has the address say the plan, as what was typed last changed it.
    fn address_typing(&mut self) {
        if self.step_for == self.typed_in {
            self.address_plan(Wish::Readdress);
        } else {
            self.address_plan(Wish::Address);
        }
    }

    /// Has the address say the plan, where Make is shown and it says another one. A
    /// plan too long for any link stays out of it.
    pub(super) fn address_plan(&mut self, wish: fn(String) -> Wish) {
        let (Place::Make, Some(address)) = (self.place, &self.address) else {
            return;
        };
        let fragment = self.fragment();
        if *address != fragment && fragment.len() <= link::MAXIMUM_LENGTH {
            self.step_for = self.typed_in;
            self.address = Some(fragment.clone());
            self.wish(wish(fragment));
        }
    }

    /// Something that the browser was asked to do did not work.
    pub(super) fn report(&mut self, message: String) {
        self.notice = Notice::Failed(message);
        self.reported_in = self.place;
    }

    /// Forgets everything: the form, the CA that was brought, the files, what
    /// stands in the inputs.
    pub(super) fn forget(&mut self, now: Timestamp) {
        // The numbers of tasks go on: a late answer must not be taken for an
        // answer to a new question.
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.forget();
        let (place, address) = (self.place, self.address.take());
        *self = Self::new(now);
        (self.place, self.address) = (place, address);
        self.go(Place::Make);
        self.address_plan(Wish::Readdress);
        self.jobs = jobs;
        self.notice = Notice::Forgotten;
        self.wish(Wish::Workers(Workers::End));
        let fields = self.form.fields().into_iter();
        let kept_elsewhere = fields.filter(|field| self.form.text(*field).is_none());
        let inputs: Vec<Input> = kept_elsewhere
            .map(Input::Plan)
            .chain(Input::beside_the_plan())
            .collect();
        for input in inputs {
            let text = Zeroizing::new(input.initial().to_owned());
            self.wish(Wish::SetText(input, text));
        }
        self.wish(Wish::ForgetChosenFiles);
        self.focus_on(PageElement::Make);
    }

    /// Shows another place, and has the address say so.
    pub(super) fn go(&mut self, place: Place) {
        if self.place != place {
            self.place = place;
            let fragment = match place {
                Place::Make => self.fragment(),
                place => format!("#{}", place.address()),
            };
            self.address = Some(fragment.clone());
            self.wish(Wish::Address(fragment));
        }
    }

    /// Has the browser do something.
    pub(super) fn wish(&mut self, wish: Wish) {
        self.wishes.push(wish);
    }

    /// Moves the focus to an element, in the place of any before.
    pub(super) fn focus_on(&mut self, id: impl Into<Id>) {
        self.wishes.retain(|wish| !matches!(wish, Wish::Focus(_)));
        self.wishes.push(Wish::Focus(id.into()));
    }

    /// What the browser is to do since this was asked last.
    #[must_use]
    pub fn take_wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }
}
