//! Characters that nobody sees as they are: control characters, those that Unicode
//! lets a display leave out, those that turn the order of others around, and those
//! that mean nothing until two people agree. Two names that differ in one of them
//! look alike, and etcd takes them for two. Every name that a reader writes or
//! brings is held against them, at the place where it becomes a name.

use std::fmt;

use icu_properties::{
    CodePointSetData,
    props::{BidiControl, DefaultIgnorableCodePoint},
};

/// A character that nobody sees as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unseen {
    character: char,
    kind: Kind,
}

/// Why it is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Control,
    Ignorable,
    Bidirectional,
    PrivateUse,
}

impl Unseen {
    /// The first one of a text.
    #[must_use]
    pub fn first_in(text: &str) -> Option<Self> {
        text.chars().find_map(|character| {
            let kind = kind_of(character)?;
            Some(Self { character, kind })
        })
    }

    /// The character.
    #[must_use]
    pub fn character(self) -> char {
        self.character
    }
}

/// By the properties of the Unicode Character Database (UAX #44), and its chapter
/// 23 for separators, annotations and private use, whose places never change. The
/// joiners of emoji and of Arabic or Indic letters are among them: a name says the
/// same without.
fn kind_of(character: char) -> Option<Kind> {
    match character {
        // What nearly all names are made of.
        ' '..='~' => None,
        '\u{2028}' | '\u{2029}' => Some(Kind::Control),
        '\u{fff9}'..='\u{fffb}' => Some(Kind::Ignorable),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Some(Kind::PrivateUse),
        _ if character.is_control() => Some(Kind::Control),
        _ if CodePointSetData::new::<BidiControl>().contains(character) => {
            Some(Kind::Bidirectional)
        }
        _ if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character) => {
            Some(Kind::Ignorable)
        }
        _ => None,
    }
}

impl fmt::Display for Unseen {
    /// In a sentence, behind “holds”.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = u32::from(self.character);
        match self.kind {
            Kind::Control => write!(
                formatter,
                "the control character U+{code:04X}, which cannot be seen"
            ),
            Kind::Ignorable => write!(formatter, "U+{code:04X}, which cannot be seen"),
            Kind::Bidirectional => write!(
                formatter,
                "U+{code:04X}, which cannot be seen and turns the order of letters around"
            ),
            Kind::PrivateUse => write!(
                formatter,
                "U+{code:04X}, a character for private use, which everybody sees differently"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found_and_said_by_its_number() {
        for (text, said) in [
            ("a\nb", "the control character U+000A"),
            ("a\u{85}", "the control character U+0085"),
            ("a\u{2028}b", "the control character U+2028"),
            ("ro\u{200b}ot", "U+200B, which cannot be seen"),
            ("ro\u{ad}ot", "U+00AD, which cannot be seen"),
            ("root\u{3164}", "U+3164, which cannot be seen"),
            ("root\u{fe0f}", "U+FE0F, which cannot be seen"),
            ("root\u{e0061}", "U+E0061, which cannot be seen"),
            ("\u{feff}root", "U+FEFF, which cannot be seen"),
            ("\u{202e}toor", "U+202E, which cannot be seen and turns"),
            ("a\u{2067}b", "U+2067, which cannot be seen and turns"),
            ("a\u{61c}b", "U+061C, which cannot be seen and turns"),
            ("\u{f8ff}", "U+F8FF, a character for private use"),
            ("\u{10fffd}", "U+10FFFD, a character for private use"),
        ] {
            let found = Unseen::first_in(text).map(|unseen| unseen.to_string());
            assert!(
                found.as_ref().is_some_and(|found| found.starts_with(said)),
                "{text:?}: {found:?}"
            );
        }
    }

    #[test]
    fn letters_of_every_alphabet_are_seen() {
        for text in [
            "client",
            "é",
            "e\u{301}",
            "ß",
            "Ω",
            "ж",
            "שלום",
            "علي",
            "漢字",
            "ひらがな",
            "한국",
            "हिन्दी",
            "🙂",
            "a b",
            "\u{a0}",
            "\u{3000}",
            "\u{fffd}",
        ] {
            assert_eq!(Unseen::first_in(text), None, "{text:?}");
        }
    }
}
