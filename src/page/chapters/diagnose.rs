//! Chapter 7: whatever the reader pastes or drops, and what it says. Kinds are
//! recognised, a text of many megabytes is handed to the workers in parts, and
//! what comes back is put together here.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
};

use jiff::Timestamp;
use maud::{Markup, html};

use super::dry_run::{self, files_by_path};
use crate::etcd::facts::release::Offer;
use crate::etcd::facts::saying::Side;
use crate::etcd::telling::diagnosis::Clue;
use crate::lab::Lab;
use crate::lab::{
    file::GivenFile,
    job::diagnose::{Diagnosed, Evidence, chains::ChainFinding, files_in},
    wire::{Outcome, Task},
};
use crate::page::{
    event::{Alarm, Press},
    input::{Input, LONGEST},
    session::Session,
    view::View,
};

/// The bytes of text that one task takes: short enough for the page's thread
/// to hand over in a moment.
const PART: usize = LONGEST;

/// A larger file is no log that anybody wants to wait for.
const MOST: usize = 64 << 20;

/// The most files at once.
const MOST_FILES: usize = 64;

/// What was given, and what is known of it.
#[derive(Default)]
pub struct Diagnosis {
    text: String,
    files: Vec<GivenFile>,
    /// Texts that are too long for the field, with their names. They become text
    /// piece by piece: to look at megabytes at once would hold up the page.
    long: Vec<(String, Vec<u8>)>,
    refused: Option<String>,
    parts: VecDeque<Part>,
    in_hand: BTreeMap<u32, Part>,
    next: u32,
    /// How often the text changed.
    typed: u32,
    known: Diagnosed,
    many_parts: bool,
    finished: bool,
}

/// A piece of work.
#[derive(Clone)]
enum Part {
    /// What is short: everything but long texts.
    All,
    /// A piece of a long text: which text, and where the piece begins and ends.
    Text(usize, Range<usize>),
    /// The telling lines of all pieces, to be put in order.
    Lines(String),
}

impl Diagnosis {
    /// The text in the field changed. It is looked at when it rests: see
    /// [`Self::rest`].
    pub fn type_text(&mut self, text: &str) -> Alarm {
        if self.text != text {
            text.clone_into(&mut self.text);
        }
        self.typed = self.typed.wrapping_add(1);
        Alarm::Diagnose(self.typed)
    }

    /// A moment has gone since the text changed for the time of this number.
    pub fn rest(&mut self, typed: u32) {
        if self.typed == typed {
            self.begin();
        }
    }

    /// A file of this size may be read.
    pub fn admits(&mut self, name: &str, size: usize) -> bool {
        let full = self.files.len() + self.long.len() >= MOST_FILES;
        self.refused = if size > MOST {
            Some(format!(
                "{name} has {} MB; {} MB is the most. Cut the part out that matters.",
                size / 1_000_000,
                MOST / 1_000_000
            ))
        } else if full {
            Some(format!(
                "{MOST_FILES} files are the most; clear some first."
            ))
        } else {
            None
        };
        self.refused.is_none()
    }

    /// A file was dropped.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) {
        if !self.admits(name, bytes.len()) {
            return;
        }
        self.files.retain(|file| file.name != name);
        self.long.retain(|(known, _)| known != name);
        if bytes.len() > PART {
            self.long.push((name.to_owned(), bytes));
        } else {
            self.files.push(GivenFile {
                name: name.to_owned(),
                contents: bytes.into(),
            });
        }
        self.begin();
    }

    /// A file is taken away again.
    pub fn remove(&mut self, name: &str) {
        self.files.retain(|file| file.name != name);
        self.long.retain(|(known, _)| known != name);
        self.begin();
    }

    /// Everything is taken away.
    pub fn clear(&mut self) {
        let (next, typed) = (self.next, self.typed);
        *self = Self {
            next,
            typed,
            ..Self::default()
        };
    }

    fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.files.is_empty() && self.long.is_empty()
    }

    /// Looks at everything, from the beginning.
    pub fn begin(&mut self) {
        self.known = Diagnosed::default();
        self.in_hand.clear();
        self.parts.clear();
        self.finished = self.is_empty();
        if self.finished {
            return;
        }
        self.parts.push_back(Part::All);
        for (place, (_, text)) in self.long.iter().enumerate() {
            let mut begin = 0;
            while let Some(rest) = text.get(begin..).filter(|rest| !rest.is_empty()) {
                let end = begin + end_of_part(rest);
                self.parts.push_back(Part::Text(place, begin..end));
                begin = end;
            }
        }
        self.many_parts = self.parts.len() > 1;
    }

    /// Asks again, for another build.
    pub fn again(&mut self) {
        if !self.is_empty() {
            self.begin();
        }
    }

    /// The next part to look at.
    pub fn next_task(
        &mut self,
        lab: Option<&Lab>,
        build: Offer,
        now: Timestamp,
    ) -> Option<(u32, Task)> {
        let part = self.parts.pop_front()?;
        let evidence = Evidence {
            build: build.spelling(),
            now,
            ..match &part {
                Part::All => Evidence {
                    text: self.text.clone(),
                    files: self.files.clone(),
                    own: lab.map(files_by_path).unwrap_or_default(),
                    ..Evidence::default()
                },
                Part::Text(place, piece) => Evidence {
                    text: self
                        .long
                        .get(*place)
                        .and_then(|(_, text)| text.get(piece.clone()))
                        .map(|piece| String::from_utf8_lossy(piece).into_owned())
                        .unwrap_or_default(),
                    words_alone: true,
                    ..Evidence::default()
                },
                Part::Lines(text) => Evidence {
                    text: text.clone(),
                    words_alone: true,
                    ..Evidence::default()
                },
            }
        };
        self.next = self.next.wrapping_add(1);
        self.in_hand.insert(self.next, part);
        Some((self.next, Task::Diagnose(Box::new(evidence))))
    }

    /// Takes what came of a part.
    pub fn done(&mut self, number: u32, outcome: Outcome) {
        let Some(part) = self.in_hand.remove(&number) else {
            return;
        };
        match (part, outcome) {
            (Part::Lines(_), Outcome::Diagnosed(diagnosed)) => {
                self.known.clues = diagnosed.clues;
                self.finished = true;
            }
            (_, Outcome::Diagnosed(diagnosed)) => self.known.merge(*diagnosed),
            (_, outcome) => self.known.notes.push(format!("{}.", outcome.unexpected())),
        }
        if self.parts.is_empty() && self.in_hand.is_empty() && !self.finished {
            self.put_together();
        }
    }

    /// All parts are there.
    fn put_together(&mut self) {
        if self.many_parts && self.known.clues.len() > 1 {
            let lines = self.known.clues.iter().map(|clue| &clue.line);
            let lines: Vec<&str> = lines.map(String::as_str).collect();
            self.many_parts = false;
            self.parts.push_back(Part::Lines(lines.join("\n")));
        } else {
            self.finished = true;
            let has_text = !self.long.is_empty();
            if has_text && self.known.clues.is_empty() && self.known.judged.is_none() {
                self.known.unknown = true;
            }
        }
    }

    /// The command lines with the mistake mended, to put into the field. PEM
    /// that was pasted there is kept as files.
    pub fn mend(&mut self) -> Option<String> {
        let text = self.known.mended.as_ref()?.text.clone();
        self.files.extend(files_in(&self.text));
        self.text.clone_from(&text);
        self.begin();
        Some(text)
    }
}

/// Where a part of a long text ends: behind its last line, or, where a line is
/// longer than a part, in the middle of it, before a character of UTF-8.
fn end_of_part(text: &[u8]) -> usize {
    let Some((part, rest)) = text.split_at_checked(PART) else {
        return text.len();
    };
    if let Some(place) = part.iter().rposition(|&byte| byte == b'\n') {
        return place + 1;
    }
    let continues = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
    if rest.first().is_none_or(|byte| !continues(byte)) {
        return PART;
    }
    // The character that is cut begins with the last byte that continues none.
    match part.iter().rposition(|byte| !continues(byte)) {
        Some(place) if place > 0 => place,
        _ => PART,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_behind_a_line_or_before_a_character() {
        let lines = "x".repeat(PART - 10) + "\n" + &"y".repeat(100);
        assert_eq!(end_of_part(lines.as_bytes()), PART - 9);
        let mut line = "x".repeat(PART - 2) + "\u{20ac}\u{20ac}";
        assert_eq!(end_of_part(line.as_bytes()), PART - 2);
        line.insert(0, 'x');
        assert_eq!(end_of_part(line.as_bytes()), PART - 1);
        line.insert(0, 'x');
        assert_eq!(end_of_part(line.as_bytes()), PART);
        // No text at all: any place is as good as another.
        assert_eq!(end_of_part(&vec![0x80; 2 * PART]), PART);
    }
}
