//! Dry runs: a press on *Run* beside a command shows what a terminal would, for
//! the build of etcd that the reader chose, worked out from the files on the
//! page and the very text of the command. Nothing runs; a worker judges.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maud::{Markup, html};

use crate::etcd::commands::Commands;
use crate::etcd::facts::release::{Offer, Series, offers};
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::{Step, Verdict};
use crate::etcd::role::Role;
use crate::etcd::telling::checks::{Came, Check};
use crate::lab::Lab;
use crate::lab::job::judge::{FilesByPath, Inquiry, Judged};
use crate::lab::wire::{Outcome, Task};
use crate::page::{
    event::{Call, Choice, Press, Request},
    id::Id,
    session::Session,
    view::View,
};

/// Which build is asked about.
#[derive(Default)]
pub struct Builds {
    chosen: Option<Offer>,
}

impl Builds {
    /// The build: the one that was chosen, else the one that stands for the
    /// series that the commands are for.
    #[must_use]
    pub fn chosen(&self, series: Series) -> Offer {
        self.chosen.unwrap_or_else(|| series.offer())
    }

    /// Chooses. Says whether that changed anything.
    pub(in crate::page) fn choose(&mut self, build: Offer) -> bool {
        self.chosen.replace(build) != Some(build)
    }
}

/// How far a question is.
pub(super) enum State {
    /// A worker is to answer.
    Wanted,
    /// One does.
    UnderWay,
    /// It is answered.
    Done(Box<Judged>),
    /// It can't be answered, for this reason.
    Failed(String),
}

/// A command that was pressed.
struct Run {
    number: u32,
    build: Offer,
    /// The command's text at the press, and etcd's.
    script: String,
    etcd: String,
    /// The commands of etcdctl that stand before it on the page.
    earlier: Vec<String>,
    /// When the files were made.
    made: Timestamp,
    state: State,
}

/// Every command that was pressed.
#[derive(Default)]
pub struct DryRun {
    runs: BTreeMap<Request, Run>,
    next: u32,
}

impl DryRun {
    /// *Run* was pressed.
    pub fn press(
        &mut self,
        request: Request,
        script: &str,
        etcd: &str,
        earlier: Vec<String>,
        made: Timestamp,
        build: Offer,
    ) {
        self.next = self.next.wrapping_add(1);
        let run = Run {
            number: self.next,
            build,
            script: script.to_owned(),
            etcd: etcd.to_owned(),
            earlier,
            made,
            state: State::Wanted,
        };
        self.runs.insert(request, run);
    }

    /// Asks everything again.
    pub fn again(&mut self) {
        for run in self.runs.values_mut() {
            self.next = self.next.wrapping_add(1);
            run.number = self.next;
            run.state = State::Wanted;
        }
    }

    /// The next question.
    pub fn next_task(
        &mut self,
        lab: Option<&Lab>,
        build: Offer,
        now: Timestamp,
    ) -> Option<(u32, Task)> {
        let lab = lab?;
        let run = self
            .runs
            .values_mut()
            .find(|run| matches!(run.state, State::Wanted))?;
        run.state = State::UnderWay;
        run.build = build;
        let inquiry = Inquiry {
            server: run.etcd.clone(),
            client: run.script.clone(),
            files: files_by_path(lab),
            build: build.spelling(),
            now,
            users: None,
            earlier: run.earlier.clone(),
        };
        Some((run.number, Task::Judge(Box::new(inquiry))))
    }

    /// Takes an answer.
    pub fn done(&mut self, number: u32, outcome: Outcome) {
        if let Some(run) = self.runs.values_mut().find(|run| run.number == number) {
            run.state = State::of(outcome);
        }
    }
}

impl State {
    /// What came of a question.
    pub(super) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Verdict(judged) => Self::Done(judged),
            outcome => Self::Failed(outcome.unexpected().to_string()),
        }
    }
}

/// *Run* was pressed beside a command.
pub(in crate::page) fn run(session: &mut Session, request: Request) {
    let (Some(lab), Some(commands)) = (session.lab(), session.commands()) else {
        return;
    };
    let Some(script) = script(&commands, request) else {
        return;
    };
    let made = lab.made();
    let build = session.build();
    let earlier = [&commands.verified, &commands.unverified]
        .into_iter()
        .flat_map(|form| form.clients.iter().map(|client| client.put.clone()))
        .collect();
    let dry_run = &mut session.dry_run;
    dry_run.press(request, script, &commands.etcd, earlier, made, build);
}

/// The text of a command.
fn script(commands: &Commands, request: Request) -> Option<&str> {
    let form = if request.verified {
        &commands.verified
    } else {
        &commands.unverified
    };
    Some(match request.call {
        Call::WithoutCertificate => &form.without_certificate,
        Call::Put(client) => &form.clients.get(client)?.put,
        Call::Get(client) => &form.clients.get(client)?.get,
    })
}

/// Whether each key that the members start with is among the files.
fn has_etcds_keys(lab: &Lab) -> bool {
    let mut identities = lab.identities().iter();
    identities.all(|identity| identity.role == Role::Client || identity.key.is_some())
}

/// What is shown beside the commands.
pub(super) fn show(session: &Session, view: &mut View) {
    view.region("builds", builds());
    view.region("dry-run-status", spoken(session));
    let build = session.build();
    for other in offers() {
        view.choose(Choice::Build(other), other == build);
    }
}

/// The files of a lab under the paths that its commands name them with: those
/// of the clients' machine, and those of each member's, where the folder of the
/// member's own files goes into its directory.
pub(super) fn files_by_path(lab: &Lab) -> FilesByPath {
    let deployment = lab.deployment();
    let mut places = vec![(lab.plan().directory.trim().to_owned(), None)];
    for member in &deployment.members {
        let folder = member.archive_folder.clone();
        places.push((member.directory.as_str().to_owned(), folder));
    }
    let mut files = FilesByPath::new();
    for file in lab.files() {
        for (directory, folder) in &places {
            let name = match folder {
                None => Some(file.name.as_str()),
                Some(folder) => file
                    .name
                    .strip_prefix(folder.as_str())
                    .and_then(|name| name.strip_prefix('/')),
            };
            if let Some(name) = name {
                let path = format!("{}/{name}", directory.trim_end_matches('/'));
                files.insert(path, file.contents.clone());
            }
        }
    }
    files
}

/// The choice of a build.
fn builds() -> Markup {
    html! {
        fieldset.builds {
            legend { "Which etcd do you run?" }
            @for build in offers() {
                span.build {
                    input id=(Choice::Build(build)) type="radio" name="etcd-build";
                    label for=(Choice::Build(build)) { (build.version) " " span.hint { (build.from) } }
                }
            }
        }
        p.hint {
            "What etcd and etcdctl say depends on the version of Go that they were built with. Choose the build nearest to yours (" code { "etcd --version" } " tells it). Chapters 5, 6 and 7 follow."
        }
    }
}

/// The *Run* button of a command, and what came of it. `script` is what the
/// page shows now, and `etcd` the line that starts what it asks: an answer about
/// other texts is not shown beside it.
pub(super) fn beside(session: &Session, etcd: &str, request: Request, script: &str) -> Markup {
    let Some(lab) = session.lab() else {
        return html! {
            div.run {
                button type="button" id=(Id::Run(request)) data-action=(Press::MakeFirst) aria-describedby=(request) {
                    "Make the files first, then run this"
                }
            }
        };
    };
    // These files are for an etcd that runs elsewhere: nothing is known of it.
    if etcd.is_empty() {
        return html! {};
    }
    // Whoever made the CSR has the key, and etcd does not start without it.
    if !has_etcds_keys(lab) {
        return html! { p.hint { "Nothing can be run here: etcd’s private key is with whoever made its CSR." } };
    }
    let build = session.build();
    let run = session.dry_run.runs.get(&request).filter(|run| {
        run.script == script && run.etcd == etcd && run.made == lab.made() && run.build == build
    });
    html! {
        div.run {
            button type="button" id=(Id::Run(request)) data-action=(Press::Run(request)) aria-describedby=(request) { "Run" }
            span.hint { "shows what etcd " (build.version) " answers with the files above; nothing is sent" }
        }
        div.dry-run id=(Id::Answer(request)) {
            @if let Some(run) = run { (state(&run.state)) }
        }
    }
}

/// A question's answer, or how far it is.
pub(super) fn state(state: &State) -> Markup {
    match state {
        State::Wanted | State::UnderWay => html! { p.reading { "Working it out…" } },
        State::Failed(reason) => html! { p.bad { "This can’t be run: " (reason) "." } },
        State::Done(judged) => html! { (terminals(judged)) (verdict(judged)) },
    }
}

/// What came of the last press of *Run*, in a few words, for those who hear it.
fn spoken(session: &Session) -> Markup {
    let runs = session.dry_run.runs.values();
    match runs.max_by_key(|run| run.number) {
        None => html! {},
        Some(run) => told(&run.state),
    }
}

/// A question's answer in a sentence or two.
pub(super) fn told(state: &State) -> Markup {
    html! {
        @match state {
            State::Wanted | State::UnderWay => "Working it out…",
            State::Failed(reason) => { "This can’t be run: " (reason) "." }
            State::Done(judged) => { (outcome(judged)) }
        }
    }
}

/// What a seal says: of etcdctl only where its command line was judged.
fn passed(judged: &Judged) -> &'static str {
    if judged.transcript.etcdctl.is_empty() {
        "Passed: etcd takes these files."
    } else {
        "Passed: etcd and etcdctl take these files."
    }
}

/// A verdict in a sentence or two.
pub(super) fn outcome(judged: &Judged) -> Markup {
    html! {
        @if judged.finding.all_is_well() { (passed(judged)) }
        @else if judged.finding.verdict == Verdict::Accepted { "etcdctl works, and etcd’s own gateway does not." }
        @else if judged.finding.verdict == Verdict::ServerStartFailed { "etcd does not start. " (judged.finding.rule.sentence()) }
        @else { "Refused. " (judged.finding.rule.sentence()) }
    }
}

/// What both terminals show.
pub(super) fn terminals(judged: &Judged) -> Markup {
    let transcript = &judged.transcript;
    html! {
        @if judged.finding.verdict == Verdict::ServerStartFailed {
            p.prints { "etcd logs, and ends" }
            pre.printed.of-etcd { (transcript.etcd) }
        } @else {
            @if let Some((first, others)) = transcript.etcdctl.split_first() {
                p.prints {
                    "etcdctl prints"
                    @if transcript.status != 0 { ", and ends with status " (transcript.status) }
                }
                pre.printed.of-etcdctl { (first) }
                @if !others.is_empty() {
                    details.more {
                        summary { "Or, by chance, one of these" }
                        @for other in others { pre.printed.of-etcdctl { (other) } }
                    }
                }
            }
            @if !transcript.etcd.is_empty() {
                p.prints {
                    @if judged.finding.step == Step::Done { "etcd logs, about its own gateway" }
                    @else { "etcd logs, once for each try" }
                }
                pre.printed.of-etcd { (transcript.etcd) }
            }
        }
    }
}

/// The verdict: a seal, or the rule that decided with the file and the field at
/// fault; below it every check in its order.
pub(super) fn verdict(judged: &Judged) -> Markup {
    let count = judged
        .checks
        .iter()
        .filter(|check| check.came == Came::Passed)
        .count();
    html! {
        @if judged.finding.all_is_well() {
            div.seal {
                p.seal-title { span.mark aria-hidden="true" { "✓" } " " (passed(judged)) }
                p.hint { (count) " checks, in the order in which they are made:" }
                (checks(&judged.checks))
            }
        } @else {
            div.refused {
                @if judged.finding.verdict == Verdict::Accepted {
                    p.seal-title {
                        span.mark aria-hidden="true" { "!" }
                        " etcdctl works, and etcd’s own gateway does not"
                        @if let Some(status) = judged.finding.gateway { ": it answers " (status) }
                        "."
                    }
                    p {
                        "The gateway dials etcd as a client with the server’s certificate, and etcd refuses it as it would any client."
                    }
                } @else {
                    p.seal-title {
                        span.mark aria-hidden="true" { "✗" }
                        @if judged.finding.verdict == Verdict::ServerStartFailed { " etcd does not start." }
                        @else { " Refused." }
                    }
                    p { (judged.finding.rule.sentence()) }
                    dl {
                        @if let Some(file) = &judged.finding.file { dt { "File" } dd { code { (file) } } }
                        @if !judged.finding.field.is_empty() { dt { "At fault" } dd { (judged.finding.field) } }
                        @if !judged.finding.mend().is_empty() { dt { "Mend" } dd.mend { (judged.finding.mend()) } }
                        dt { "Rule" } dd { (rule(judged.finding.rule)) }
                    }
                }
                details.more {
                    summary { "Every check, in order" }
                    (checks(&judged.checks))
                }
            }
        }
    }
}

/// A rule's name and source, and where this page keeps it.
pub(super) fn rule(rule: Rule) -> Markup {
    html! {
        code.rule { (rule.id()) } ", as in " (rule.source())
        span.hint { " (here: " code { "src/etcd/facts/rule.rs" } ")" }
    }
}

fn checks(checks: &[Check]) -> Markup {
    html! {
        ol.checks {
            @for check in checks {
                li class=(word(check.came)) {
                    span.check-title {
                        (check.title) ": "
                        span.came { (word(check.came).replace('-', " ")) }
                    }
                    " " (check.sentence)
                    @if !check.rules.is_empty() {
                        " " span.rules {
                            @for (index, rule) in check.rules.iter().enumerate() {
                                @if index > 0 { " · " }
                                code { (rule.id()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn word(came: Came) -> &'static str {
    match came {
        Came::Passed => "passed",
        Came::Failed => "failed",
        Came::NotReached => "not-reached",
        Came::NotMade => "not-made",
    }
}
