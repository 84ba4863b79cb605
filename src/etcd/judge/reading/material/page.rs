//! A text as lines, of which some are taken already, and the way from them to
//! the bytes that were pasted.

use std::ops::Range;

use super::cleaned::Cleaned;
use super::{Passage, Source};

/// Where a text comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) source: Source,
    /// The bytes there, for a text that stands within another one.
    pub(super) fixed: Option<Range<usize>>,
    /// Its name, where it has one.
    pub(super) name: Option<String>,
}

#[derive(Debug)]
pub(super) struct Page {
    pub(super) cleaned: Cleaned,
    lines: Vec<Range<usize>>,
    taken: Vec<bool>,
    pub(super) origin: Origin,
}

impl Page {
    pub(super) fn new(text: &str, origin: Origin) -> Self {
        let cleaned = Cleaned::new(text);
        let mut lines = Vec::new();
        let mut start = 0;
        for line in cleaned.text.split_inclusive('\n') {
            let end = start + line.len();
            lines.push(start..end - usize::from(line.ends_with('\n')));
            start = end;
        }
        let taken = vec![false; lines.len()];
        Self {
            cleaned,
            lines,
            taken,
            origin,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// A line; none behind the last.
    pub(super) fn line(&self, number: usize) -> Option<&str> {
        self.cleaned.text.get(self.lines.get(number)?.clone())
    }

    /// A line that is not taken yet.
    pub(super) fn free(&self, number: usize) -> Option<&str> {
        let taken = self.taken.get(number)?;
        if *taken { None } else { self.line(number) }
    }

    /// The bytes of lines in the cleaned text.
    pub(super) fn range(&self, lines: &Range<usize>) -> Range<usize> {
        let start = self.lines.get(lines.start).map_or(0, |line| line.start);
        let last = lines.end.saturating_sub(1).max(lines.start);
        let end = self.lines.get(last).or(self.lines.last());
        start..end.map_or(start, |line| line.end).max(start)
    }

    pub(super) fn text(&self, lines: &Range<usize>) -> &str {
        self.cleaned.text.get(self.range(lines)).unwrap_or_default()
    }

    /// Where lines stand in what was pasted, without the blanks before the first.
    pub(super) fn place(&self, lines: &Range<usize>) -> Passage {
        let bytes = self.origin.fixed.clone().unwrap_or_else(|| {
            let range = self.range(lines);
            let text = self.cleaned.text.get(range.clone()).unwrap_or_default();
            let blanks = text.len() - text.trim_start().len();
            self.cleaned.bytes(range.start + blanks..range.end)
        });
        Passage {
            source: self.origin.source.clone(),
            bytes,
        }
    }

    pub(super) fn take(&mut self, lines: &Range<usize>) {
        let end = lines.end.min(self.taken.len());
        if let Some(taken) = self.taken.get_mut(lines.start.min(end)..end) {
            taken.fill(true);
        }
    }

    /// What was not taken.
    pub(super) fn rest(&self) -> String {
        let mut rest = String::new();
        for number in 0..self.len() {
            if let Some(line) = self.free(number) {
                rest.push_str(line);
                rest.push('\n');
            }
        }
        rest
    }

    /// A file's name in one of the lines above, as `cat server.crt` or
    /// `server.crt:` says it.
    pub(super) fn name_above(&self, line: usize) -> Option<String> {
        const ENDINGS: [&str; 9] = [
            ".crt", ".pem", ".key", ".cert", ".crl", ".yml", ".yaml", ".conf", ".json",
        ];
        let above = (line.saturating_sub(2)..line).rev();
        for number in above {
            let text = self.line(number)?;
            if text.contains("-----") {
                return None;
            }
            let words =
                text.split(|letter: char| letter.is_whitespace() || "\"'`=".contains(letter));
            let name = words
                .map(|word| {
                    word.trim_end_matches([':', ',', ')'])
                        .trim_start_matches('(')
                })
                .rfind(|word| {
                    ENDINGS
                        .iter()
                        .any(|ending| word.ends_with(ending) && word.len() > ending.len())
                });
            if let Some(name) = name {
                return Some(name.to_owned());
            }
            if !text.trim().is_empty() {
                return None;
            }
        }
        None
    }
}
