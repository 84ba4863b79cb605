//! Diagnose: whatever the reader pastes or drops, and what it says.

use maud::{Markup, html};

mod state;

pub use self::state::Diagnosis;

use super::dry_run;
use crate::{
    etcd::{
        facts::saying::Side,
        judge::Verdict,
        telling::diagnosis::{Clue, Party},
    },
    lab::job::diagnose::{Diagnosed, Marked, chains::ChainFinding},
    page::{
        element::PageElement,
        event::Press,
        field::evidence,
        input::Input,
        session::Session,
        view::View,
        words::{curly, with_code},
    },
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region(PageElement::DiagnosisForm, form());
    view.region(PageElement::DiagnosisResult, result(session));
    view.region(PageElement::DiagnosisStatus, spoken(session));
}

/// The field, which is the same whatever is in it.
fn form() -> Markup {
    evidence(
        Input::Diagnosis,
        "An error, a log, command lines, certificates",
        "rejected connection from … (error \"tls: …\")",
        7,
        "Paste, drop or choose them. Best is everything at once: etcd’s command line, etcdctl’s, and the files that they name. Files made here are known already.",
    )
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
                (known.report(&build.version.to_string()))
                (read_back(&diagnosis.text, &known.marks))
            }
        }
    }
}

impl Diagnosed {
    /// Everything that is known, as the etcd that is called `build` has it: the verdict in
    /// one line, then what to do, then why, then the evidence.
    #[must_use]
    pub fn report(&self, build: &str) -> Markup {
        let headline = headline(self);
        let build = self.judged_as.as_deref().unwrap_or(build);
        html! {
            @if let Some((mark, line)) = &headline {
                p.seal-title #diagnosis-answer { span.mark aria-hidden="true" { (mark) } " " (with_code(line)) }
            }
            @if !self.recognised.is_empty() {
                p.hint #diagnosis-kinds { "Recognised: " (self.recognised.join(", ")) "." }
            }
            @if let Some(judged) = &self.judged {
                h3 { "What etcd " (build) " and etcdctl say to this" }
                div #diagnosis-verdict {
                    // No seal beside words that tell of a fault.
                    @if judged.finding.all_is_well() && self.clues.iter().any(|clue| !clue.is_harmless()) {
                        p.notice {
                            "The command lines and their files are in order by themselves. What the text below says is of something else, or of another time."
                        }
                    } @else {
                        (dry_run::verdict(judged))
                    }
                    (dry_run::terminals(judged))
                    (dry_run::foretold(judged))
                }
            }
            @if let Some(mended) = &self.mended {
                div.row {
                    button.primary type="button" #diagnosis-mend data-action=(Press::DiagnosisMend) { (mended.label) }
                    span.hint { "changes the command lines above, and looks at them again" }
                }
            }
            @if !self.chains.is_empty() { (chains(&self.chains)) }
            @if !self.clues.is_empty() {
                (clues(&self.clues, headline.as_ref().map(|(_, line)| line.as_str())))
            }
            @if self.unknown {
                p.notice #diagnosis-unknown {
                    "None of these words is one with which etcd, a client or their TLS libraries refuse a certificate. Look for lines with “rejected connection”, “Error:” or “tls:”, or give the command lines and the files."
                }
            }
            @for note in &self.notes { p.notice { (curly(note)) } }
        }
    }
}

/// The pasted text, with what was recognised in it marked: what is not marked was used
/// for nothing.
fn read_back(text: &str, marks: &[Marked]) -> Markup {
    let mut parts: Vec<(&str, Option<&Marked>)> = Vec::new();
    let mut place = 0;
    for mark in marks {
        parts.push((text.get(place..mark.begin).unwrap_or_default(), None));
        parts.push((
            text.get(mark.begin..mark.end).unwrap_or_default(),
            Some(mark),
        ));
        place = mark.end;
    }
    parts.push((text.get(place..).unwrap_or_default(), None));
    html! {
        @if !marks.is_empty() {
            details.more #diagnosis-read-back {
                summary { "What was read of the text" }
                p.hint { "What is marked was used, as what is said behind it; the rest tells nothing that is known here." }
                pre.printed {
                    @for (part, mark) in parts {
                        @match mark {
                            Some(mark) => { mark { (part) } span.hint { " [" (curly(&mark.what)) "] " } }
                            None => (part),
                        }
                    }
                }
            }
        }
    }
}

/// The verdict in one line, with its mark.
fn headline(known: &Diagnosed) -> Option<(&'static str, String)> {
    if let Some(judged) = known
        .judged
        .as_ref()
        .filter(|judged| !judged.finding.all_is_well())
    {
        let line = match judged.finding.verdict {
            Verdict::Accepted => "etcdctl works, and etcd’s own gateway does not.",
            Verdict::Refused => "Refused.",
            Verdict::ServerStartFailed => "etcd does not start.",
        };
        return Some((
            "✗",
            format!("{line} {}", curly(judged.finding.rule.sentence())),
        ));
    }
    let chain = known
        .chains
        .iter()
        .find_map(|chain| Some((chain, chain.refused.as_ref()?)));
    if let Some((chain, refused)) = chain {
        return Some((
            "✗",
            format!(
                "{} is refused. {}",
                chain.file,
                curly(refused.rule.sentence())
            ),
        ));
    }
    let (faults, harmless): (Vec<&Clue>, Vec<&Clue>) =
        known.clues.iter().partition(|clue| !clue.is_harmless());
    let cause = |clue: &Clue| sentence(clue.causes().first().copied().unwrap_or_default());
    if let Some(clue) = faults.first() {
        let line = match clue.causes().as_slice() {
            [first, _, ..] => format!("Likeliest: {}.", curly(first)),
            _ => cause(clue),
        };
        return Some(("✗", line));
    }
    if let Some(clue) = harmless.first() {
        return Some(("✓", format!("No fault of TLS here: {}", cause(clue))));
    }
    known.healthy.then(|| {
        (
            "✓",
            "No fault: these are lines of etcd’s log, and none of them tells of one.".to_owned(),
        )
    })
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
            @if let Some(clue) = known.clues.first() { "Known words: “" (quoted(clue)) "”. " }
            @if known.healthy { "No fault: these are lines of etcd’s log, and none of them tells of one." }
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

/// What each line of the text tells. An only cause that the verdict has said above is not
/// said again.
fn clues(clues: &[Clue], verdict: Option<&str>) -> Markup {
    let is_said = |cause: &str| verdict.is_some_and(|line| line.ends_with(&sentence(cause)));
    html! {
        h3 { "What the text says" }
        @for (index, clue) in clues.iter().enumerate() {
            div.finding {
                p.seal-title {
                    (speaker(clue)) ": “" (quoted(clue)) "”"
                    @if index == 0 && clues.len() > 1 { " " span.hint { "the most telling" } }
                }
                p.mend { strong { "Mend: " } (with_code(&sentence(&clue.mend()))) }
                @if let Some(detail) = &clue.detail { p { strong { "It says: " } (sentence(detail)) } }
                @match clue.causes().as_slice() {
                    [] => {}
                    [only] => @if !is_said(only) { p { strong { "Why: " } (with_code(&sentence(only))) } },
                    [first, others @ ..] => {
                        p { strong { "Why: " } "Likeliest: " (with_code(&curly(first))) "." }
                        ul { @for other in others { li { "Or: " (with_code(&curly(other))) "." } } }
                    }
                }
                @let tells = clue.log_tells();
                @if !tells.is_empty() {
                    p { "Which it was, etcd’s log says at “rejected connection”:" }
                    ul {
                        @for (rule, words) in tells {
                            li { "“" (words) "”: " (curly(rule.sentence())) }
                        }
                    }
                }
                pre.printed { (clue.line) }
            }
        }
    }
}

/// The words, without what stands around them in a log.
fn quoted(clue: &Clue) -> &'static str {
    clue.saying.words.trim_matches(['"', ' '])
}

/// Whose words they are.
fn speaker(clue: &Clue) -> Markup {
    let library = clue.saying.speaker.name();
    html! {
        @match clue.side {
            _ if clue.whose == Some(Party::Other) => "Not etcd’s words",
            Side::Etcd if clue.own_gateway => "etcd’s log, of its own gateway",
            Side::Etcd if clue.between_members => "etcd’s log, of another member",
            Side::Etcd => "etcd’s log",
            Side::Etcdctl => {
                (clue.program.as_deref().unwrap_or("a client")) "’s output"
                @if !library.is_empty() && library != "Go" { " (" (library) ")" }
            }
            Side::Either => "etcd’s or a client’s words",
        }
    }
}

/// A text as a sentence: with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let text = curly(text);
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
                    p { (curly(refused.rule.sentence())) }
                    dl {
                        dt { "At fault" } dd { (curly(&refused.field)) }
                        dt { "Mend" } dd.mend { (curly(&refused.mend)) }
                        dt { "Rule" } dd { (dry_run::rule(refused.rule)) }
                    }
                } @else {
                    p.hint { "Its chain, its dates and its usage are in order." }
                }
            }
        }
    }
}
