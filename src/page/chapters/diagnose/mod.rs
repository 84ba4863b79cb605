//! Chapter 7: whatever the reader pastes or drops, and what it says.

use maud::{Markup, html};

mod state;

pub use self::state::Diagnosis;

use super::dry_run;
use crate::{
    etcd::{facts::saying::Side, telling::diagnosis::Clue},
    lab::job::diagnose::{Diagnosed, chains::ChainFinding},
    page::{event::Press, input::Input, session::Session, view::View},
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region("diagnosis-form", form());
    view.region("diagnosis-result", result(session));
    view.region("diagnosis-status", spoken(session));
}

/// The field, which is the same whatever is in it.
fn form() -> Markup {
    html! {
        div.field {
            label for=(Input::Diagnosis) { "An error, a log, command lines, certificates" }
            textarea id=(Input::Diagnosis) rows="7" data-drop=(Input::Diagnosis)
                placeholder="rejected connection from … (error \"tls: …\")"
                autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"
                aria-describedby="diagnosis-hint" {}
            div.file {
                label for="diagnosis-files" { "or choose files" }
                input id="diagnosis-files" type="file" multiple data-for=(Input::Diagnosis);
            }
            p.hint id="diagnosis-hint" {
                "Paste, drop or choose them. Best is everything at once: etcd’s command line, etcdctl’s, and the files that they name. Files made above are known already."
            }
        }
    }
}

/// What is known.
fn result(session: &Session) -> Markup {
    let diagnosis = &session.diagnosis;
    let known = &diagnosis.known;
    let build = session.build();
    html! {
        @if let Some(refused) = &diagnosis.refused { p.fault { (refused) } }
        @if !diagnosis.is_empty() {
            (given(diagnosis))
            @if !diagnosis.finished {
                p.reading { "Looking…" }
            } @else {
                (report(known, &build.version.to_string()))
            }
        }
    }
}

/// Everything that is known, as the etcd that is called `build` has it.
#[must_use]
pub fn report(known: &Diagnosed, build: &str) -> Markup {
    html! {
        @if !known.recognised.is_empty() {
            p.hint #diagnosis-kinds { "Recognised: " (known.recognised.join(", ")) "." }
        }
        @if let Some(judged) = &known.judged {
            h3 { "What etcd " (build) " and etcdctl say to this" }
            div #diagnosis-verdict { (dry_run::terminals(judged)) (dry_run::verdict(judged)) }
        }
        @if let Some(mended) = &known.mended {
            div.row {
                button.primary type="button" #diagnosis-mend data-action=(Press::DiagnosisMend) { (mended.label) }
                span.hint { "changes the command lines above, and looks at them again" }
            }
        }
        @if !known.chains.is_empty() { (chains(&known.chains)) }
        @if !known.clues.is_empty() { (clues(&known.clues)) }
        @if known.unknown {
            p.notice #diagnosis-unknown {
                "None of these words is one with which etcd, etcdctl or Go refuse a certificate. Look for lines with “rejected connection”, “Error:” or “tls:”, or give the command lines and the files."
            }
        }
        @for note in &known.notes { p.notice { (note) } }
    }
}

/// What was found, in a few words, for those who hear it.
fn spoken(session: &Session) -> Markup {
    let diagnosis = &session.diagnosis;
    let known = &diagnosis.known;
    html! {
        @if diagnosis.is_empty() {}
        @else if !diagnosis.finished { "Looking…" }
        @else {
            @if let Some(judged) = &known.judged { (dry_run::outcome(judged)) " " }
            @for chain in known.chains.iter().filter(|chain| chain.refused.is_some()) {
                (chain.file) " is refused. "
            }
            @if let Some(clue) = known.clues.first() { "Known words: “" (clue.saying.words) "”. " }
            @if known.unknown { "None of these words is known here." }
        }
    }
}

fn given(diagnosis: &Diagnosis) -> Markup {
    let files = diagnosis.files.iter().map(|file| &file.name);
    let names: Vec<&String> = files
        .chain(diagnosis.long.iter().map(|(name, _)| name))
        .collect();
    html! {
        div.row {
            @for name in names {
                span.evidence {
                    code { (name) } " "
                    button.quiet type="button" data-action=(Press::DiagnosisRemove(name.clone()))
                        aria-label={ "Take " (name) " away" } { "×" }
                }
            }
            button.quiet type="button" #diagnosis-clear data-action=(Press::DiagnosisClear) { "Clear" }
        }
    }
}

fn clues(clues: &[Clue]) -> Markup {
    html! {
        h3 { "What the text says" }
        @for (index, clue) in clues.iter().enumerate() {
            div.finding {
                p.seal-title {
                    @match clue.side {
                        Side::Etcd => "etcd’s log",
                        Side::Etcdctl => "etcdctl’s output",
                        Side::Either => "etcd’s or etcdctl’s words",
                    }
                    ": “" (clue.saying.words) "”"
                    @if index == 0 && clues.len() > 1 { " " span.hint { "the most telling" } }
                }
                @match clue.causes().as_slice() {
                    [] => {}
                    [only] => p { (sentence(only)) },
                    [first, others @ ..] => {
                        p { "Likeliest: " (first) "." }
                        ul { @for other in others { li { "Or: " (other) "." } } }
                    }
                }
                p.mend { strong { "Mend: " } (sentence(clue.saying.mend())) }
                pre.printed { (clue.line) }
            }
        }
    }
}

/// A text as a sentence: with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let capital: String = first.into_iter().flatten().collect();
    // The names of the two programs are written as they are called.
    if text.starts_with("etcd") {
        format!("{text}.")
    } else {
        format!("{capital}{}.", letters.as_str())
    }
}

fn chains(chains: &[ChainFinding]) -> Markup {
    html! {
        h3 { "The certificates by themselves" }
        @for chain in chains {
            div class=(if chain.refused.is_some() { "refused" } else { "seal" }) {
                p.seal-title {
                    span.mark aria-hidden="true" { @if chain.refused.is_some() { "✗" } @else { "✓" } }
                    " " code { (chain.file) } " as " (chain.checked_as) ", against "
                    (chain.against.join(", "))
                }
                @if let Some(refused) = &chain.refused {
                    pre.printed { (refused.text) }
                    p { (refused.rule.sentence()) }
                    dl {
                        dt { "At fault" } dd { (refused.rule.field()) }
                        dt { "Mend" } dd.mend { (refused.rule.mend()) }
                        dt { "Rule" } dd { (dry_run::rule(refused.rule)) }
                    }
                } @else {
                    p.hint { "Its chain, its dates and its usage are in order." }
                }
            }
        }
    }
}
