//! A text without what terminals, word processors and web pages add to it:
//! colours, byte order marks, blanks that don't break, curly quotes, dashes. It
//! remembers where each part stood, so that what is read can be marked in the
//! text that was pasted.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use zeroize::Zeroizing;

/// A cleaned text and the way back.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    /// Keys may be in it.
    pub(super) text: Zeroizing<String>,
    /// From this byte of the cleaned text on, the original's bytes begin there.
    moves: Vec<(usize, usize)>,
    /// Where quotes or dashes stood that no shell knows, in the cleaned text.
    typographic: Vec<usize>,
}

/// The longest sequence that is taken for a terminal's.
const LONGEST_SEQUENCE: usize = 512;

/// Entities of HTML, for logs that were copied from a page's source.
const ENTITIES: &[(&str, char)] = &[
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&#39;", '\''),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&amp;", '&'),
];

impl Cleaned {
    pub(super) fn new(original: &str) -> Self {
        let mut cleaned = Self {
            text: Zeroizing::new(String::with_capacity(original.len())),
            ..Self::default()
        };
        let mut letters = original.char_indices().peekable();
        while let Some((place, letter)) = letters.next() {
            let rest = original.get(place..).unwrap_or_default();
            match letter {
                '\u{1b}' | '\u{9b}' => skip_sequence(letter, &mut letters),
                '[' if colour(rest).is_some() => {
                    for _ in 1..colour(rest).unwrap_or(1) {
                        letters.next();
                    }
                }
                '\r' => {
                    if letters.peek().is_none_or(|(_, next)| *next != '\n') {
                        cleaned.push(place, '\n');
                    }
                }
                // Marks that take no room, and those that this module's callers use.
                '\u{feff}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2060}'
                | '\u{ad}'
                | '\u{e000}'..='\u{e00f}' => {}
                '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
                    cleaned.push(place, ' ');
                }
                '\u{201c}'..='\u{201f}' => cleaned.push_for_typographic(place, "\""),
                '\u{2018}'..='\u{201b}' => cleaned.push_for_typographic(place, "'"),
                '\u{2010}' | '\u{2011}' | '\u{2212}' => cleaned.push_for_typographic(place, "-"),
                '\u{2012}'..='\u{2015}' if cleaned.is_flags_dash(rest) => {
                    cleaned.push_for_typographic(place, "--");
                }
                '&' => match ENTITIES.iter().find(|(name, _)| rest.starts_with(name)) {
                    Some((name, meant)) => {
                        for _ in 1..name.len() {
                            letters.next();
                        }
                        cleaned.push(place, *meant);
                    }
                    None => cleaned.push(place, letter),
                },
                letter => cleaned.push(place, letter),
            }
        }
        cleaned
    }

    fn push(&mut self, place: usize, letter: char) {
        let here = self.text.len();
        if self.original(here) != place {
            self.moves.push((here, place));
        }
        self.text.push(letter);
    }

    fn push_for_typographic(&mut self, place: usize, letters: &str) {
        self.typographic.push(self.text.len());
        for letter in letters.chars() {
            self.push(place, letter);
        }
    }

    /// Whether a long dash stands where a flag begins: Word makes one of `--`.
    fn is_flags_dash(&self, rest: &str) -> bool {
        let begins = self
            .text
            .ends_with(|letter: char| letter.is_whitespace() || "\"'`".contains(letter));
        begins
            && rest
                .chars()
                .nth(1)
                .is_some_and(|next| next.is_ascii_alphabetic())
    }

    /// Where a byte of the cleaned text stands in the original.
    fn original(&self, place: usize) -> usize {
        let after = self.moves.partition_point(|(here, _)| *here <= place);
        match after.checked_sub(1).and_then(|last| self.moves.get(last)) {
            Some((here, there)) => there + (place - here),
            None => place,
        }
    }

    /// The original's bytes for a range of the cleaned text.
    pub(super) fn bytes(&self, range: Range<usize>) -> Range<usize> {
        let last = range.end.saturating_sub(1).max(range.start);
        let width = self.text.get(last..range.end.max(last)).map_or(0, str::len);
        self.original(range.start)..self.original(last) + width
    }

    /// Whether the range holds quotes or dashes that no shell knows.
    pub(super) fn has_typographic(&self, range: &Range<usize>) -> bool {
        let first = self
            .typographic
            .partition_point(|place| *place < range.start);
        self.typographic
            .get(first)
            .is_some_and(|place| *place < range.end)
    }
}

/// The length of a colour whose escape character was lost: `[1;31m`.
fn colour(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('[')?;
    let end = inner.find(|letter: char| !(letter.is_ascii_digit() || letter == ';'))?;
    (end > 0 && end < 12 && inner.get(end..)?.starts_with('m')).then_some(end + 2)
}

/// A terminal's control sequence (ECMA-48): colours, titles, cursor movements.
fn skip_sequence(begin: char, letters: &mut Peekable<CharIndices<'_>>) {
    let kind = if begin == '\u{9b}' {
        Some('[')
    } else {
        letters.next().map(|(_, letter)| letter)
    };
    match kind {
        Some('[') => {
            for _ in 0..LONGEST_SEQUENCE {
                match letters.peek() {
                    Some((_, ' '..='?')) => {
                        letters.next();
                    }
                    Some((_, '@'..='~')) => {
                        letters.next();
                        return;
                    }
                    _ => return,
                }
            }
        }
        Some(']') => {
            for _ in 0..LONGEST_SEQUENCE {
                match letters.peek() {
                    None | Some((_, '\n')) => return,
                    Some((_, '\u{7}' | '\\')) => {
                        letters.next();
                        return;
                    }
                    Some(_) => {
                        letters.next();
                    }
                }
            }
        }
        Some('(' | ')') => {
            letters.next();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::Cleaned;

    #[test]
    fn what_terminals_and_word_processors_add_is_taken_away() {
        let original =
            "\u{feff}\u{1b}[1;32m$\u{1b}[0m etcdctl\u{a0}\u{2013}cacert=\u{201c}a b\u{201d}\r\nx";
        let cleaned = Cleaned::new(original);
        assert_eq!(cleaned.text.as_str(), "$ etcdctl --cacert=\"a b\"\nx");
        let place = cleaned.text.find("etcdctl").unwrap();
        let bytes = cleaned.bytes(place..place + 7);
        assert_eq!(original.get(bytes), Some("etcdctl"));
        let all = cleaned.bytes(0..cleaned.text.len());
        assert!(original.get(all.clone()).is_some() && all.end == original.len());
        assert!(cleaned.has_typographic(&(place..place + 12)));
        assert!(!cleaned.has_typographic(&(place..place + 7)));
    }

    #[test]
    fn a_dash_in_prose_and_a_list_in_brackets_stay() {
        let text = "it fails \u{2014} always \u{2014} [1, 2] [::1]:2379 a[0]";
        assert_eq!(Cleaned::new(text).text.as_str(), text);
    }
}
