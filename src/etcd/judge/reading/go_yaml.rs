//! YAML as go-yaml reads it (`gopkg.in/yaml.v2`, through `sigs.k8s.io/yaml`): YAML
//! 1.1, in which `yes` is a boolean, and its words for what is none.

use std::{borrow::Cow, collections::BTreeMap, error::Error, fmt};

use saphyr::{ScanError, Yaml, YamlLoader};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, SpannedEventReceiver as _};

/// Why a text is no YAML, in go-yaml's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// The line that it tells, if it tells one.
    line: Option<usize>,
    words: Cow<'static, str>,
}

impl fmt::Display for YamlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}: ")?;
        }
        formatter.write_str(&self.words)
    }
}

impl Error for YamlError {}

/// The text with a space for each tab behind a colon, which saphyr does not take.
#[must_use]
pub fn spaced(content: &str) -> String {
    content.replace(":\t", ": ")
}

/// The documents of a text. Of a key that stands twice the last value counts: so did
/// every etcd that was measured (3.4.23 to 3.7.3).
///
/// What lies deeper than any of etcd's keys is passed over, so that no nesting takes
/// the stack and no key of it is looked at in vain.
///
/// # Errors
///
/// What go-yaml says of it.
pub fn load(content: &str) -> Result<Vec<Yaml<'_>>, YamlError> {
    if let Some(words) = refused_before(content) {
        return Err(at(0, words));
    }
    let documents = documents(content).map_err(|error| words(&error, content))?;
    if let Some(line) = stray_tab(content) {
        return Err(at(line, VIOLATES));
    }
    Ok(documents.into_iter().map(resolved).collect())
}

/// The documents as saphyr reads them, their scalars as they are written.
fn documents(content: &str) -> Result<Vec<Yaml<'_>>, ScanError> {
    let mut loader = YamlLoader::default();
    loader.allow_duplicate_keys(true);
    loader.early_parse(false);
    let mut depth = 0_usize;
    let mut nodes = Nodes::default();
    for event in Parser::new_from_str(content) {
        let (event, span) = event?;
        let (begins, ends) = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => (true, false),
            Event::SequenceEnd | Event::MappingEnd => (false, true),
            _ => (false, false),
        };
        if begins && depth >= MOST_LEVELS {
            return Err(ScanError::new(
                span.start,
                format!("exceeded max depth of {MOST_LEVELS}"),
            ));
        }
        depth -= usize::from(ends);
        nodes.count(&event, &span)?;
        // At the deepest level that is kept a collection is an empty one.
        if depth <= DEEPEST {
            loader.on_event(event, span);
        }
        depth += usize::from(begins);
    }
    match loader.error() {
        Some(error) => Err(error.clone()),
        None => Ok(loader.into_documents()),
    }
}

/// So deep is what is kept: a list in a section lies in the third level.
const DEEPEST: usize = 8;

/// go-yaml's own limit (`max_flow_level` and `max_indents` of its `scannerc.go`).
const MOST_LEVELS: usize = 10_000;

/// So many nodes at most, aliases counted as often as they are used: as many as
/// go-yaml decodes without a look at what part of them is aliases
/// (`alias_ratio_range_low` of its `decode.go`).
const MOST_NODES: usize = 400_000;

/// Counts nodes, and those that stand behind each anchor.
#[derive(Default)]
struct Nodes {
    all: usize,
    sizes: BTreeMap<usize, usize>,
    /// The collections that are open: their anchors, and how many nodes were
    /// there before.
    open: Vec<(usize, usize)>,
}

impl Nodes {
    fn count(&mut self, event: &Event<'_>, span: &Span) -> Result<(), ScanError> {
        match event {
            Event::Scalar(_, _, anchor, _) => {
                self.all += 1;
                self.sizes.insert(*anchor, 1);
            }
            Event::Alias(anchor) => {
                self.all += self.sizes.get(anchor).copied().unwrap_or(1);
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                self.open.push((*anchor, self.all));
                self.all += 1;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, before)) = self.open.pop() {
                    self.sizes.insert(anchor, self.all - before);
                }
            }
            _ => {}
        }
        if self.all > MOST_NODES {
            return Err(ScanError::new_str(
                span.start,
                "document contains excessive aliasing",
            ));
        }
        Ok(())
    }
}

/// What saphyr takes and go-yaml refuses before it reads anything: control
/// characters, directives other than those of YAML 1.1, a tab in front of all.
fn refused_before(content: &str) -> Option<&'static str> {
    let is_control = |letter: char| letter.is_control() && !"\t\n\r\u{85}".contains(letter);
    if content.contains(is_control) {
        return Some("control characters are not allowed");
    }
    let mut words = content.split_ascii_whitespace();
    match words.next() {
        Some("%YAML") if words.next() != Some("1.1") => Some("found incompatible YAML document"),
        Some("%YAML" | "%TAG") => None,
        Some(word) if word.starts_with('%') && content.starts_with('%') => {
            Some("found unknown directive name")
        }
        _ if content.starts_with('\t') => Some(NO_TOKEN),
        _ => None,
    }
}

const VIOLATES: &str = "found a tab character that violates indentation";
const NO_TOKEN: &str = "found character that cannot start any token";

/// The line of a tab that stands alone behind a plain scalar, which saphyr overlooks.
fn stray_tab(content: &str) -> Option<usize> {
    let mut follows_plain = false;
    for (number, line) in content.lines().enumerate() {
        if follows_plain && line.starts_with('\t') && line.trim().is_empty() {
            return Some(number + 1);
        }
        let value = line.split_once(": ").map_or("", |(_, value)| value.trim());
        let is_plain = |begin: char| !"\"'|>[{#&!*".contains(begin);
        follows_plain = value.chars().next().is_some_and(is_plain);
    }
    None
}

/// Words, with the line where there is one.
fn at(line: usize, words: impl Into<Cow<'static, str>>) -> YamlError {
    YamlError {
        line: (line > 0).then_some(line),
        words: words.into(),
    }
}

/// A node with the values of YAML 1.1.
fn resolved(node: Yaml<'_>) -> Yaml<'_> {
    match node {
        Yaml::Representation(text, ScalarStyle::Plain, None) => {
            if let Some(value) = boolean(&text) {
                return Yaml::value_from_str(if value { "true" } else { "false" });
            }
            let digits = text.replace('_', "");
            let is_number = digits.len() < text.len() && digits.parse::<i64>().is_ok();
            if is_number {
                return Yaml::value_from_cow(digits.into());
            }
            scalar(Yaml::Representation(text, ScalarStyle::Plain, None))
        }
        Yaml::Sequence(items) => Yaml::Sequence(items.into_iter().map(resolved).collect()),
        Yaml::Mapping(fields) => Yaml::Mapping(
            fields
                .into_iter()
                .map(|(key, value)| (scalar(key), resolved(value)))
                .collect(),
        ),
        node => scalar(node),
    }
}

/// A node as saphyr reads it, which is YAML 1.2.
fn scalar(mut node: Yaml<'_>) -> Yaml<'_> {
    node.parse_representation();
    node
}

/// The words of YAML 1.1 that YAML 1.2 takes for texts.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// What is in saphyr's words, go-yaml's own, and whether go-yaml's parser says them,
/// and not its scanner.
#[rustfmt::skip]
const WORDS: [(&str, &str, bool); 6] = [
    ("simple key expect", "could not find expected ':'", false),
    ("expected ',' or ']'", "did not find expected ',' or ']'", true),
    ("illegal placement of ':'", "did not find expected ',' or ']'", true),
    ("misplaced bracket", "did not find expected node content", true),
    ("unexpected character: ", NO_TOKEN, false),
    ("tab", NO_TOKEN, false),
];

/// go-yaml's words for what saphyr found. The parser's lines, unlike the scanner's,
/// count from zero, and the first line is not told (`yaml.v2`, `(*parser).fail`).
fn words(error: &ScanError, content: &str) -> YamlError {
    let (line, info) = (error.marker().line(), error.info());
    let index = error.marker().index();
    if info.contains("scanning a plain scalar, found a tab") {
        // saphyr tells where the scalar begins.
        let lines = content.lines().enumerate().skip(line);
        let mut tabs = lines.filter(|(_, line)| line.trim_start_matches(' ').starts_with('\t'));
        return at(tabs.next().map_or(line, |(number, _)| number + 1), VIOLATES);
    }
    if info.contains("unknown anchor") {
        let behind = content
            .chars()
            .skip(index)
            .skip_while(|letter| *letter == '*');
        let name: String = behind
            .take_while(|letter| letter.is_alphanumeric())
            .collect();
        return at(0, format!("unknown anchor '{name}' referenced"));
    }
    if info.contains("quoted scalar") && !info.contains("escape") {
        return unclosed(content, index);
    }
    let known = WORDS.iter().find(|(part, ..)| info.contains(part));
    let (reason, is_parsers) = known.map_or_else(
        || {
            let reason = info
                .strip_prefix("while ")
                .and_then(|rest| rest.split_once(", "));
            let is_parsers = info.starts_with("while parsing");
            let reason = reason.map_or(info, |(_, reason)| reason);
            (Cow::Owned(reason.to_owned()), is_parsers)
        },
        |(_, words, is_parsers)| (Cow::Borrowed(*words), *is_parsers),
    );
    let told = if is_parsers || line == 1 {
        line.saturating_sub(1)
    } else {
        line
    };
    at(told, reason)
}

/// A quoted scalar that begins here and goes on over the line's end: go-yaml reads it
/// up to its other quote, whatever the indentation.
fn unclosed(content: &str, index: usize) -> YamlError {
    let mut rest = content.chars().skip(index);
    let quote = rest.next().unwrap_or('"');
    let before = content
        .chars()
        .take(index)
        .filter(|letter| *letter == '\n')
        .count();
    let inside: String = rest.take_while(|letter| *letter != quote).collect();
    let lines = before + inside.matches('\n').count();
    let length = index + 1 + inside.chars().count();
    if length >= content.chars().count() {
        return at(lines + 1, "found unexpected end of stream");
    }
    at(lines, "did not find expected key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_is_a_boolean_unless_it_is_quoted() {
        let read = |text| load(text).unwrap().remove(0);
        assert_eq!(read("yes").as_bool(), Some(true));
        assert_eq!(read("Off").as_bool(), Some(false));
        assert_eq!(read("'yes'").as_str(), Some("yes"));
        assert_eq!(read("10_000").as_integer(), Some(10_000));
    }

    #[test]
    fn a_quote_that_another_line_closes_is_read_to_there() {
        let text = "name: \"a\nlog-level: \"x\n";
        assert_eq!(load(text), Err(at(1, "did not find expected key")));
    }
}
