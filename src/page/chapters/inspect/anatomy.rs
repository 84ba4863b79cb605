//! The anatomy of one thing that was found: its fields, its bytes and its PEM beside
//! each other. Each element has a number, which stands as `data-part` wherever a part
//! of it is shown; `browser` marks all of them when a reader points at one, and puts
//! the sentence of its field where it is read.

use std::{
    fmt::Write as _,
    iter::{Enumerate, Peekable},
    slice,
};

use maud::{Markup, PreEscaped, Render, html};

use super::report::{kind_within, title};
use crate::{
    etcd::telling::anatomy::in_etcd,
    lab::wire::{Outcome, Task},
    page::{
        event::Press,
        words::{count, curly},
    },
    pki::inspection::{
        Content,
        anatomy::{Anatomy, Concern, Element, PEM_WIDTH, PemPosition, base64_character},
    },
};

/// Bytes in a line.
const ROW: usize = 16;

/// What is taken apart, and how far that is.
#[derive(Default)]
pub(in crate::page) struct Dissection {
    state: State,
    /// Counts the attempts, so that a late answer is ignored.
    attempt: u32,
    /// What is shown.
    markup: String,
}

/// How far it is.
#[derive(Default)]
enum State {
    /// Nothing is taken apart.
    #[default]
    Nothing,
    /// A worker is to do it.
    Wanted(Subject),
    /// A worker does it.
    UnderWay(Subject),
    /// It is on show.
    Shown(Subject),
}

/// What is taken apart.
#[derive(Clone)]
struct Subject {
    /// Its place among what was found.
    place: usize,
    /// Whose it is, in words: `the certificate /CN=client`.
    whose: String,
    pem: String,
}

impl Dissection {
    /// A thing is to be taken apart, where it is one that may be shown.
    pub(super) fn begin(&mut self, place: usize, content: &Content) {
        self.close();
        if let Some(pem) = content.pem() {
            let whose = format!("{} {}", kind_within(content), title(content));
            let subject = Subject {
                place,
                whose,
                pem: pem.to_owned(),
            };
            self.markup = frame(&subject, &html! { p.reading { "Reading…" } }).into_string();
            self.state = State::Wanted(subject);
        }
    }

    /// It is put away; the place of what was on show.
    pub(in crate::page) fn close(&mut self) -> Option<usize> {
        self.attempt = self.attempt.wrapping_add(1);
        self.markup.clear();
        match std::mem::take(&mut self.state) {
            State::Nothing => None,
            State::Wanted(subject) | State::UnderWay(subject) | State::Shown(subject) => {
                Some(subject.place)
            }
        }
    }

    pub(in crate::page) fn next_task(&mut self) -> Option<(u32, Task)> {
        match std::mem::take(&mut self.state) {
            State::Wanted(subject) => {
                let pem = subject.pem.clone();
                self.state = State::UnderWay(subject);
                Some((self.attempt, Task::Dissect { pem }))
            }
            state => {
                self.state = state;
                None
            }
        }
    }

    pub(in crate::page) fn done(&mut self, attempt: u32, outcome: Outcome) {
        if attempt != self.attempt {
            return;
        }
        if let State::UnderWay(subject) = std::mem::take(&mut self.state) {
            let inside = match outcome {
                Outcome::Dissected(anatomy) => dissected(&anatomy),
                outcome => {
                    let why = outcome.unexpected().to_string();
                    html! { p.fault role="alert" { (curly(&why)) } }
                }
            };
            self.markup = frame(&subject, &inside).into_string();
            self.state = State::Shown(subject);
        }
    }

    /// What is shown of it.
    pub(super) fn shown(&self) -> &str {
        &self.markup
    }
}

fn frame(subject: &Subject, inside: &Markup) -> Markup {
    html! {
        section.anatomy aria-labelledby="anatomy-heading" {
            div.anatomy-top {
                h3 #anatomy-heading tabindex="-1" { "Anatomy of the " (subject.whose) }
                button.quiet type="button" data-action=(Press::AnatomyClose) { "Close" }
            }
            (inside)
        }
    }
}

/// The three panes, and above them what is said of the field that is chosen.
fn dissected(anatomy: &Anatomy) -> Markup {
    html! {
        p.hint {
            "Point at a field, a byte or a letter, or go through the fields with the arrow keys: what belongs together is marked in all three."
        }
        @if anatomy.is_cut() {
            p.notice {
                "Only the first " (count(anatomy.bytes.len(), "byte", "bytes")) " of " (anatomy.length) " are shown: the rest would be too much to look at."
            }
        }
        div.said-of-part #anatomy-said data-part-said role="status" {
            @if let Some(first) = anatomy.elements.first() { (said(first)) }
        }
        div.anatomy-panes data-parts {
            div.pane-fields {
                h4 #anatomy-fields { "Fields" }
                div.pane data-pane role="radiogroup" aria-labelledby="anatomy-fields" {
                    (Tree { anatomy, place: 0, depth: 0 })
                }
            }
            div.pane-bytes {
                h4 #anatomy-bytes { "DER, as bytes" }
                div.pane.lined data-pane tabindex="0" role="region" aria-labelledby="anatomy-bytes" {
                    pre.gutter aria-hidden="true" { (offsets(anatomy)) }
                    pre.letters { (PreEscaped(bytes(anatomy))) }
                }
            }
            div.pane-pem {
                h4 #anatomy-pem { "PEM, as letters" }
                div.pane.lined data-pane tabindex="0" role="region" aria-labelledby="anatomy-pem" {
                    pre.gutter aria-hidden="true" { (line_numbers(anatomy)) }
                    pre.letters { (PreEscaped(letters(anatomy))) }
                }
            }
        }
    }
}

/// What a concern is called in the style sheet.
const fn class(concern: Concern) -> &'static str {
    match concern {
        Concern::Names => "of-names",
        Concern::Times => "of-times",
        Concern::Key => "of-key",
        Concern::Uses => "of-uses",
        Concern::Signature => "of-signature",
    }
}

fn class_of(element: &Element) -> &'static str {
    element.field.concern().map_or("", class)
}

/// The elements from `place` on that are `depth` deep, as a list.
struct Tree<'a> {
    anatomy: &'a Anatomy,
    place: usize,
    depth: usize,
}

impl Render for Tree<'_> {
    fn render(&self) -> Markup {
        let elements = self.anatomy.elements.iter().enumerate().skip(self.place);
        let level = elements
            .take_while(|(_, element)| element.depth >= self.depth)
            .filter(|(_, element)| element.depth == self.depth);
        html! {
            ol.parts {
                @for (number, element) in level {
                    li class=(class_of(element)) {
                        label.part data-part=(number) {
                            input type="radio" name="anatomy-part" value=(number) checked[number == 0];
                            span.part-name { (element.field.name()) }
                            " " span.part-tag { (element.tag) }
                            @if !element.value.is_empty() {
                                " " span.part-value { (element.value) }
                            }
                        }
                        template data-said=(number) { (said(element)) }
                        @if self.has_inner(number) {
                            (Tree { anatomy: self.anatomy, place: number + 1, depth: self.depth + 1 })
                        }
                    }
                }
            }
        }
    }
}

impl Tree<'_> {
    /// Whether there is something in an element.
    fn has_inner(&self, number: usize) -> bool {
        let next = self.anatomy.elements.get(number + 1);
        next.is_some_and(|next| next.depth > self.depth)
    }
}

/// What is said of an element: what it is, where it stands, and what etcd does.
fn said(element: &Element) -> Markup {
    let (from, to) = element.in_pem();
    html! {
        p.part-title {
            strong { (element.field.name()) }
            " " span.part-tag { (element.tag) }
            @if !element.value.is_empty() { " " span.part-value { (element.value) } }
        }
        p { (element.field.sentence()) " " span.hint { (element.field.source()) } }
        @if let Some(sentence) = in_etcd(element.field) {
            p { strong.in-etcd { "etcd" } " " (sentence) }
        }
        p.hint {
            (count(element.header + element.length, "byte", "bytes")) " from byte " (element.offset)
            @if element.header > 0 {
                ": " (element.header) " for tag and length, " (element.length) " inside"
            }
            ". In the PEM " (between(from, to)) "."
        }
    }
}

/// `line 3, columns 4 to 20`; `line 3, column 4, to line 5, column 20`.
fn between(from: PemPosition, to: PemPosition) -> String {
    if from.line == to.line {
        format!(
            "line {}, columns {} to {}",
            from.line, from.column, to.column
        )
    } else {
        format!(
            "line {}, column {}, to line {}, column {}",
            from.line, from.column, to.line, to.column
        )
    }
}

/// The number of each line's first byte, in hexadecimal as the bytes are.
fn offsets(anatomy: &Anatomy) -> String {
    let rows = 0..anatomy.bytes.len().div_ceil(ROW);
    let offsets: Vec<String> = rows.map(|row| format!("{:04x}", row * ROW)).collect();
    offsets.join("\n")
}

fn line_numbers(anatomy: &Anatomy) -> String {
    let lines = base64(anatomy).len().div_ceil(PEM_WIDTH) + 2;
    let numbers: Vec<String> = (1..=lines).map(|line| line.to_string()).collect();
    numbers.join("\n")
}

/// Opens and closes the elements around places of a text, in which each of them is
/// one stretch and lies within the one that it is in.
struct Nesting<'a> {
    rest: Peekable<Enumerate<slice::Iter<'a, Element>>>,
    /// Where those that are open end, innermost last.
    open: Vec<usize>,
    /// From which byte to which place of the text.
    to_text: fn(usize) -> usize,
    markup: String,
}

impl<'a> Nesting<'a> {
    fn of(anatomy: &'a Anatomy, to_text: fn(usize) -> usize) -> Self {
        Self {
            rest: anatomy.elements.iter().enumerate().peekable(),
            open: Vec::new(),
            to_text,
            markup: String::new(),
        }
    }

    /// Closes what ends before a place.
    fn close(&mut self, place: usize) {
        while self.open.last().is_some_and(|end| *end <= place) {
            self.open.pop();
            self.markup.push_str("</b>");
        }
    }

    /// Opens what begins at a place.
    fn open(&mut self, place: usize) {
        while let Some((number, element)) = self.rest.peek()
            && (self.to_text)(element.offset) <= place
        {
            let class = class_of(element);
            let tag = html! { b class=(class) data-part=(number) {} }.into_string();
            self.markup.push_str(tag.trim_end_matches("</b>"));
            self.open.push((self.to_text)(element.end()));
            self.rest.next();
        }
    }

    fn end(mut self) -> String {
        self.close(usize::MAX);
        self.markup
    }
}

/// The bytes in hexadecimal, sixteen a line with a gap in the middle, so that a
/// narrow pane breaks each line there.
fn bytes(anatomy: &Anatomy) -> String {
    let mut nesting = Nesting::of(anatomy, |byte| byte);
    for (place, byte) in anatomy.bytes.iter().enumerate() {
        nesting.close(place);
        if place > 0 {
            nesting.markup.push_str(match place % ROW {
                0 => "\n",
                8 => "  ",
                _ => " ",
            });
        }
        nesting.open(place);
        // Writing to a string never fails.
        let _ = write!(nesting.markup, "{byte:02x}");
    }
    nesting.end()
}

/// The base64 of what is shown.
fn base64(anatomy: &Anatomy) -> String {
    use base64ct::Encoding as _;
    base64ct::Base64::encode_string(&anatomy.bytes)
}

/// The PEM, with its boundary lines.
fn letters(anatomy: &Anatomy) -> String {
    let mut nesting = Nesting::of(anatomy, base64_character);
    let boundary = |word: &str| html! { "-----" (word) " " (anatomy.label) "-----" }.into_string();
    nesting.markup.push_str(&boundary("BEGIN"));
    for (place, letter) in base64(anatomy).chars().enumerate() {
        // What ends the whole goes on to the last letter, which may fill up.
        if place < base64_character(anatomy.bytes.len()) {
            nesting.close(place);
        }
        if place % PEM_WIDTH == 0 {
            nesting.markup.push('\n');
        }
        nesting.open(place);
        nesting.markup.push(letter);
    }
    let mut markup = nesting.end();
    markup.push('\n');
    markup.push_str(&if anatomy.is_cut() {
        "…".to_owned()
    } else {
        boundary("END")
    });
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    const TUTORIAL: &str = include_str!("../../../../tests/fixtures/tutorial-client.crt");
    const MANY: &str = include_str!("../../../../tests/fixtures/many-extensions.crt");

    /// The text of some markup.
    fn plain(markup: &str) -> String {
        let mut parts = markup.split('<');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            text.push_str(part.split_once('>').unwrap().1);
        }
        text
    }

    #[test]
    fn the_bytes_and_the_letters_are_those_of_the_certificate() {
        for pem in [TUTORIAL, MANY] {
            let anatomy = Anatomy::of_pem(pem).unwrap();
            let shown = plain(&bytes(&anatomy));
            let digits: String = shown.split_whitespace().collect();
            let wanted = base16ct::lower::encode_string(&anatomy.bytes);
            assert_eq!(digits, wanted);
            assert!(shown.lines().all(|line| line.len() <= 3 * ROW));
            assert_eq!(plain(&letters(&anatomy)), pem.trim_end());
        }
    }

    #[test]
    fn every_element_is_one_stretch_of_each_pane_and_has_a_sentence() {
        let anatomy = Anatomy::of_pem(MANY).unwrap();
        let markup = dissected(&anatomy).into_string();
        for (number, element) in anatomy.elements.iter().enumerate() {
            let part = format!(" data-part=\"{number}\"");
            assert_eq!(markup.matches(&part).count(), 3, "{element:?}");
            let said = format!(" data-said=\"{number}\"");
            assert_eq!(markup.matches(&said).count(), 1);
            // What is marked among the bytes is what the element has.
            let shown = bytes(&anatomy);
            let begin = shown.find(&part).unwrap();
            let inside = stretch(&shown[begin..]);
            assert_eq!(
                plain(inside).split_whitespace().count(),
                element.header + element.length,
                "{element:?}"
            );
        }
        assert_eq!(markup.matches(" checked>").count(), 1);
        assert!(!markup.contains(" style="));
    }

    /// What stands in the element whose tag's rest a text begins with.
    fn stretch(text: &str) -> &str {
        let (_, inside) = text.split_once('>').unwrap();
        let mut depth = 0_usize;
        for (place, _) in inside.match_indices('<') {
            if !inside[place..].starts_with("</") {
                depth += 1;
            } else if depth == 0 {
                return &inside[..place];
            } else {
                depth -= 1;
            }
        }
        inside
    }

    #[test]
    fn what_is_too_large_is_cut_with_a_word() {
        let inner = [0x30, 0x00].repeat(3_000);
        let length = u16::try_from(inner.len()).unwrap().to_be_bytes();
        let der = [&[0x30, 0x82, length[0], length[1]], inner.as_slice()].concat();
        let pem = crate::pki::pem::encode("X509 CRL", &der).unwrap();
        let markup = dissected(&Anatomy::of_pem(&pem).unwrap()).into_string();
        assert!(markup.contains("Only the first 802 bytes of 6004 are shown"));
        assert!(!plain(&markup).contains("-----END"));
    }

    #[test]
    fn a_place_is_told_as_an_editor_tells_it() {
        let place = |line, column| PemPosition { line, column };
        assert_eq!(
            between(place(3, 4), place(3, 20)),
            "line 3, columns 4 to 20"
        );
        assert_eq!(
            between(place(3, 4), place(5, 20)),
            "line 3, column 4, to line 5, column 20"
        );
    }
}
