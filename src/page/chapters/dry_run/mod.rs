//! Dry runs: a press on *Run* beside a command shows what a terminal would, for
//! the build of etcd that the reader chose, worked out from the files on the
//! page and the very text of the command. Nothing runs; a worker judges.

use std::cmp::Reverse;

use maud::{Markup, html};

mod state;
mod verdict;

pub use self::state::{Builds, DryRun};
pub(super) use self::{
    state::{State, files_by_path},
    verdict::{foretold, outcome, rule, state, terminals, told, verdict},
};

use self::verdict::{folded, told_of_wished};
use crate::{
    etcd::{
        commands::Commands,
        facts::release::{Offer, offers},
        role::Role,
    },
    lab::Lab,
    page::{
        element::PageElement,
        event::{Choice, Operation, Press, Request},
        id::Id,
        place::Place,
        session::Session,
        view::View,
        words::count,
    },
};

/// *Run* was pressed beside a command.
pub(in crate::page) fn run(session: &mut Session, request: Request) {
    let (Some(lab), Some(commands)) = (session.files.lab(), session.commands()) else {
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

/// Another etcd was chosen: whatever was asked is asked of that one, in the words that
/// the commands now have.
pub(in crate::page) fn again(session: &mut Session) {
    let asked: Vec<Request> = session.dry_run.runs.keys().copied().collect();
    for request in asked {
        run(session, request);
    }
}

/// The text of a command.
fn script(commands: &Commands, request: Request) -> Option<&str> {
    let form = if request.verified {
        &commands.verified
    } else {
        &commands.unverified
    };
    Some(match request.operation {
        Operation::WithoutCertificate => &form.without_certificate,
        Operation::Put(client) => &form.clients.get(client)?.put,
        Operation::Get(client) => &form.clients.get(client)?.get,
    })
}

/// Whether each key that the members start with is among the files.
fn has_etcds_keys(lab: &Lab) -> bool {
    let mut identities = lab.identities().iter();
    identities.all(|identity| identity.role == Role::Client || identity.key.is_some())
}

/// What is shown beside the commands.
pub(super) fn show(session: &Session, view: &mut View) {
    // The choice stands where what it decides is shown, and once on the page.
    for place in Place::ALL {
        if let Some(id) = builds_region(place) {
            let here = place == session.place;
            view.region(
                id,
                if here {
                    builds()
                } else {
                    html! {}
                },
            );
        }
    }
    view.region(PageElement::DryRunStatus, spoken(session));
    let build = session.build();
    if builds_region(session.place).is_some() {
        view.region(PageElement::BuildsSummary, summary(build));
        view.region(PageElement::BuildNotices, notices(build));
        for other in offers() {
            view.choose(Choice::Build(other), other == build);
        }
    }
}

/// Where a place has the choice of a build, if it shows what etcd says.
fn builds_region(place: Place) -> Option<PageElement> {
    match place {
        Place::Make => Some(PageElement::Builds),
        Place::BreakIt => Some(PageElement::BuildsOfDrills),
        Place::Diagnose => Some(PageElement::BuildsOfDiagnosis),
        Place::Inspect | Place::RenewAndRevoke => None,
    }
}

/// The choice of a build, the newest release first.
fn builds() -> Markup {
    let mut builds = offers();
    builds.sort_by_key(|build| Reverse(build.version));
    html! {
        details.card #builds-details {
            summary { span.summary #builds-summary {} span.change { "Change" } }
            div.card-body {
        fieldset.builds {
            legend { "Which etcd do you run?" }
            @for build in builds {
                span.build {
                    input id=(Choice::Build(build)) type="radio" name="etcd-build";
                    label for=(Choice::Build(build)) { (build.version) " " span.hint { (build.from) } }
                }
            }
        }
        p.hint {
            "Choose the build nearest to yours (" code { "etcd --version" } " tells it): what etcd says depends on the Go that built it too. Commands, dry runs, drills and diagnoses follow."
        }
        div.notices #build-notices {}
            }
        }
    }
}

/// The build in one line.
fn summary(build: Offer) -> Markup {
    html! {
        span.label { "etcd" }
        span.subject { (build.version) }
        span.facts { (build.from) }
    }
}

/// How long a build’s series is mended, and the published notices that the build
/// lacks the mend for.
fn notices(build: Offer) -> Markup {
    let series = build.version.series();
    let notices = build.version.notices();
    let newest = series.newest();
    html! {
        p.hint {
            "etcd " (series) ": newest release " (newest)
            @if let Some(date) = newest.date() { " of " (date) }
            "; " (series.support()) "."
        }
        @if !notices.is_empty() {
            details.more {
                summary { "etcd " (build.version) " lacks the mends of " (count(notices.len(), "notice", "notices")) " about certificates, names or roles" }
                ul {
                    @for notice in notices {
                        li {
                            (notice.words) " " (notice.number) ", "
                            @match notice.mended_in(series) {
                                Some(release) => { "mended in " (release) "." }
                                None => { "not mended in " (series) "." }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The *Run* button of a command, and what came of it. `script` is what the
/// page shows now, and `etcd` the line that starts what it asks: an answer about
/// other texts is not shown beside it.
pub(super) fn beside(session: &Session, etcd: &str, request: Request, script: &str) -> Markup {
    let Some(lab) = session.files.lab() else {
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
            @if let Some(run) = run {
                (folded(&run.state, is_to_fail(request), &format!("{}-log", Id::Answer(request))))
            }
        }
    }
}

/// What came of the last press of *Run*, in a few words, for those who hear it.
fn spoken(session: &Session) -> Markup {
    let runs = session.dry_run.runs.iter();
    match runs.max_by_key(|(_, run)| run.number) {
        None => html! {},
        Some((request, run)) if is_to_fail(*request) => told_of_wished(&run.state),
        Some((_, run)) => told(&run.state),
    }
}

/// Whether a command is there to show that etcd refuses it.
fn is_to_fail(request: Request) -> bool {
    request.operation == Operation::WithoutCertificate
}
