//! What was given to be diagnosed, and what is known of it. A text of many
//! megabytes is handed to the workers in parts, and what comes back is put
//! together here.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
};

use crate::{
    lab::{
        file::GivenFile,
        job::diagnose::{Diagnosed, Evidence},
        wire::{Outcome, Task},
    },
    page::{chapters::dry_run::files_by_path, event::Alarm, input::LONGEST, jobs::Circumstances},
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
    pub(super) text: String,
    pub(super) files: Vec<GivenFile>,
    /// Texts that are too long for the field, with their names. They become text
    /// piece by piece: to look at megabytes at once would hold up the page.
    pub(super) long: Vec<(String, Vec<u8>)>,
    pub(super) refused: Option<String>,
    parts: VecDeque<Part>,
    in_hand: BTreeMap<u32, Part>,
    next: u32,
    /// How often the text changed.
    typed: u32,
    pub(super) known: Diagnosed,
    many_parts: bool,
    pub(super) finished: bool,
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

    pub(in crate::page) fn is_empty(&self) -> bool {
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
    pub fn next_task(&mut self, circumstances: Circumstances<'_>) -> Option<(u32, Task)> {
        let part = self.parts.pop_front()?;
        let Circumstances { lab, now, .. } = circumstances;
        let evidence = Evidence {
            build: circumstances.build.spelling(),
            is_build_chosen: circumstances.is_build_chosen,
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
            if has_text
                && self.known.clues.is_empty()
                && self.known.judged.is_none()
                && !self.known.healthy
            {
                self.known.unknown = true;
            }
        }
    }

    /// The command lines with the mistake mended, to put into the field. PEM
    /// that was pasted there is kept as files.
    pub fn mend(&mut self) -> Option<String> {
        let mended = self.known.mended.take()?;
        self.files.extend(mended.pasted);
        self.text.clone_from(&mended.text);
        self.begin();
        Some(mended.text)
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
