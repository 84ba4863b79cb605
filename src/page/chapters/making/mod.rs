//! The bar with the button: what will be made, how far it is, what came of it.

use maud::{Markup, html};

mod button;

pub(in crate::page) use self::button::{cancel, complete, fail, press};

use super::needs;
use crate::page::{
    element::PageElement,
    place::Place,
    session::{Notice, Session},
    view::View,
    words::{count, curly, day},
};
use crate::{
    etcd::{
        plan::{AuthoritySource, Plan, Preset},
        role::Role,
    },
    lab::{self, Lab, making::Progress},
};

/// What is shown of it.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region(PageElement::PlanSummary, plan_summary(session));
    view.region(PageElement::Status, status(session));
    view.region(PageElement::Report, report(session));
    let progress = session.progress();
    if let Some(progress) = progress {
        show_progress(progress, view);
    }
    view.hide(PageElement::Making, progress.is_none());
    view.hide(PageElement::Make, progress.is_some());
    view.hide(PageElement::PlanSummary, progress.is_some());
}

/// What is shown of how far the work is.
pub(in crate::page) fn show_progress(progress: Progress, view: &mut View) {
    view.region(
        PageElement::ProgressText,
        html! { (progress_text(progress)) },
    );
    let candidates = candidates_text(progress);
    view.region(PageElement::ProgressCandidates, html! { (candidates) });
    view.fraction = progress.fraction();
}

/// What a press would make.
fn plan_summary(session: &Session) -> Markup {
    let plan = session.form.plan();
    let brought = plan.authority.source == AuthoritySource::Bring;
    let names = file_names(session);
    let makes_keys = session.form.checked().is_some_and(|checked| {
        checked.authorities.iter().any(|one| !one.is_brought())
            || checked
                .identities
                .iter()
                .any(|one| one.key_type().is_some())
    });
    html! {
        @if names.is_empty() {
            strong { "Files" } " as soon as the form above is complete"
        } @else {
            @if *plan == Plan::default() && session.files.lab().is_none() { "Nothing needs to be filled in. " }
            strong { (count(names.len(), "file", "files")) ": " }
            (needs::wanted(session))
            @if brought { " from your own CA" }
            // With a CSR and a CA that was brought no key is made.
            @if makes_keys { ", with " (plan.key_type) " keys" }
            ", for " code { (plan.directory.trim()) }
        }
    }
}

/// The names of the files that the plan asks for, as far as it could be read.
pub(super) fn file_names(session: &Session) -> Vec<String> {
    let names = session
        .form
        .checked()
        .map(lab::file_names)
        .unwrap_or_default();
    names.into_iter().map(|(name, _)| name).collect()
}

/// How far the work is, in words that change seldom: they are read aloud.
fn progress_text(progress: Progress) -> String {
    let part = |done: usize, all: usize, one: &str, many: &str| {
        format!("{done} of {}", count(all, one, many))
    };
    let mut parts = Vec::new();
    if progress.keys > 0 {
        parts.push(part(progress.keys_done, progress.keys, "key", "keys"));
    }
    parts.push(part(
        progress.certificates_done,
        progress.certificates,
        "certificate",
        "certificates",
    ));
    format!("Making {}", parts.join(", "))
}

/// The candidates for primes, which change all the time and are not read aloud.
fn candidates_text(progress: Progress) -> String {
    if progress.primes == 0 {
        return String::new();
    }
    let tried = if progress.candidates == 0 {
        String::new()
    } else {
        format!(
            "{} candidates for primes tried, about {} expected. ",
            thousands(progress.candidates),
            thousands(progress.candidates_expected)
        )
    };
    format!("{tried}Finding primes is a lottery: it may take half as long or three times as long.")
}

/// `1,234`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What did not work in another place than Make, whose own status is out of
/// sight there; and a link that can't be used, which nobody looks for below a form.
fn report(session: &Session) -> Markup {
    let is_here = session.place != Place::Make && session.reported_in == session.place;
    html! {
        @match &session.notice {
            Notice::Failed(reason) if is_here => p.bad { "This did not work: " (curly(reason)) "." }
            Notice::LinkRefused(reason) => p.bad {
                "This link can’t be used: " (curly(reason)) ". The form is as it was."
            }
            _ => {}
        }
    }
}

/// What to say about the last thing that happened.
fn status(session: &Session) -> Markup {
    html! {
        @match (&session.notice, session.files.lab()) {
            (Notice::Nothing, _) => {}
            (Notice::Made | Notice::Unchanged, Some(_)) if session.is_ahead_of_files() => p {
                "The form has changed since the files were made. What is marked “not made yet” is made by another press; what did not change is kept."
            }
            (Notice::Made, Some(lab)) => { p.good { "Made. " (ends(lab)) } p { (next(lab)) } }
            (Notice::Made, None) => {}
            (Notice::Unchanged, _) => p {
                "The files below are up to date with the form, so nothing new was made. For new keys, press “Forget everything” at the end of the page first."
            }
            (Notice::Cancelled, Some(_)) => p { "Cancelled. The files made before are still there." }
            (Notice::Cancelled, None) => p { "Cancelled. Nothing was made." }
            (Notice::Faults, _) => p.bad {
                (count(session.form.fault_count(), "field needs", "fields need"))
                " another look before anything can be made."
                @if session.files.lab().is_some() { " The files made before are still there." }
            }
            (Notice::Reading, _) => p { "Reading your CA first…" }
            (Notice::Failed(reason), lab) => p.bad {
                "This did not work: " (curly(reason)) "."
                @if lab.is_some() { " The files made before are still there." }
            }
            (Notice::WorkerLost(reason), _) => p.bad {
                "A worker of this page ended unexpectedly (" (curly(reason)) "). Another took its place, and the work goes on."
            }
            (Notice::LinkRead, _) => p {
                "The link you followed filled this form. Look it over before you make anything."
            }
            // It is said on top.
            (Notice::LinkRefused(_), _) => {}
            (Notice::Forgotten, _) => p { "Forgotten. The form is back at its beginning, and no key is left in this tab’s workers." }
        }
    }
}

/// Until when each certificate is valid.
fn ends(lab: &Lab) -> String {
    let mut parts = vec![format!(
        "The CA is valid until {}",
        day(lab.authority().validity.not_after)
    )];
    for identity in lab.identities().iter().take(4) {
        parts.push(format!(
            "{} until {}",
            match lab.plan().preset {
                Preset::Tutorial if identity.role == Role::Server => "the server",
                _ => identity.stem(),
            },
            day(identity.validity.not_after)
        ));
    }
    let more = lab.identities().len().saturating_sub(4);
    if more > 0 {
        parts.push(format!("{more} more below"));
    }
    format!("{}.", parts.join(", "))
}

fn next(lab: &Lab) -> Markup {
    let directory = lab.plan().directory.trim();
    html! {
        @match lab.plan().preset {
            Preset::SignCsr => "Next: download the certificate, and give it to whoever made the CSR: it belongs beside its key. Step 4 has the paths.",
            Preset::ClientOnly => {
                "Next: download the archive, and unpack it in " code { (directory) }
                " on the client’s machine. Step 5 has its commands."
            }
            Preset::Cluster | Preset::Kubeadm => {
                "Next: download the archive of each machine, and bring it there by the lines beside it. Step 4 starts etcd."
            }
            Preset::Tutorial => {
                "Next: download the archive, unpack it in " code { (directory) }
                " on the machine that runs etcd, and start etcd with the command in step 4."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(1), "1");
        assert_eq!(thousands(2130), "2,130");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
