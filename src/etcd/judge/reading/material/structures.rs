//! What has a form of its own in a text: PEM, JSON, YAML. A text that is cut, or no
//! YAML from some line on, is read as far as it goes. Lines are taken only where
//! something in them was of use.

use std::borrow::Cow;
use std::ops::Range;

use super::page::Page;
use super::reader::Reader;
use super::{blocks, log, tree};

impl Reader {
    /// PEM, JSON and YAML.
    pub(super) fn structures(&mut self, page: &mut Page) {
        let mut number = 0;
        let mut tried = 0;
        while number < page.len() {
            let line = page.free(number);
            let may_be_member = line.is_some_and(|line| line.trim_start().starts_with('"'));
            if may_be_member && number >= tried {
                // What is none is not looked at again from its next line on.
                match self.members(page, number) {
                    Ok(next) => {
                        number = next;
                        continue;
                    }
                    Err(end) => tried = end,
                }
            }
            let Some(line) = page.free(number) else {
                number += 1;
                continue;
            };
            let next = if line.trim_start().starts_with(['{', '[']) {
                self.json(page, number, 0)
            } else if let Some(start) = line.find("=> {").filter(|_| !line.contains("\"level\"")) {
                // Ansible's results.
                self.json(page, number, start + 3)
            } else if line.contains("-----BEGIN ") {
                blocks::read(self, page, number)
            } else if line.contains("{\"") {
                log::read(self, page, number);
                None
            } else if is_yaml(line) {
                Some(self.yaml(page, number))
            } else {
                None
            };
            number = next.unwrap_or(number + 1).max(number + 1);
        }
    }

    /// A JSON value that begins on a line, behind `start` of its bytes; the line
    /// behind it.
    fn json(&mut self, page: &mut Page, number: usize, start: usize) -> Option<usize> {
        let line = page.free(number)?;
        if line.starts_with("{\"level\"") || line.starts_with("{\"ts\"") {
            log::read(self, page, number);
            return None;
        }
        let all = page.text(&(number..page.len()));
        let behind = all.get(start..)?.trim_start();
        if !may_be_json(behind) || self.patience == 0 {
            return None;
        }
        let mut values =
            serde_json::Deserializer::from_str(behind).into_iter::<serde_json::Value>();
        let first = values.next();
        let length = values.byte_offset();
        let Some(Ok(value)) = first else {
            let height = first.and_then(Result::err).map_or(1, |error| error.line());
            let lines = number..(number + height.max(1)).min(page.len());
            return self.no_json(page, &lines);
        };
        let height = behind
            .get(..length)
            .unwrap_or_default()
            .matches('\n')
            .count()
            + 1;
        let lines = number..number + height;
        let item = tree::Item::of_json(value, &lines);
        if !log::entry(self, page, &item) {
            self.walk(page, &item, "", 0);
            if self.depth == 0 && page.free(number).is_none() {
                self.keep_output(&item);
            }
        }
        Some(lines.end)
    }

    /// Members of a JSON object without its braces, as people cite a part of a file; the
    /// line behind them, be they read or not.
    fn members(&mut self, page: &mut Page, number: usize) -> Result<usize, usize> {
        const LEAST: usize = 2;
        let is_member = |line: &str| {
            let line = line.trim();
            line.starts_with('"') && line.contains("\":") || line.starts_with(['}', ']'])
        };
        let mut end = number;
        while page.free(end).is_some_and(is_member) {
            end += 1;
        }
        let lines = number..end;
        let text = page.text(&lines);
        if lines.len() < LEAST || !is_of_interest(text) || text.len() > self.budget {
            return Err(end);
        }
        self.budget -= text.len();
        let value = serde_json::from_str::<serde_json::Value>(&as_object(text));
        let item = tree::Item::of_json(value.map_err(|_| end)?, &lines);
        let is_read = self.client_form(page, &item, "")
            || self.configuration(page, &item, "")
            || self.container(page, &item, "");
        if is_read { Ok(end) } else { Err(end) }
    }

    /// What a program printed stands in Ansible's results beside its call, and is
    /// text to look for words in.
    fn keep_output(&mut self, item: &tree::Item) {
        for key in ["stderr", "stdout", "msg", "message", "error"] {
            let text = item.get(key).and_then(tree::Item::text);
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                self.material.rest.push_str(text);
                self.material.rest.push('\n');
            }
        }
        for result in item
            .get("results")
            .map(tree::Item::list)
            .unwrap_or_default()
        {
            self.keep_output(result);
        }
    }

    /// What begins as JSON and is none from its last line on: a log's entry, or a
    /// text that is cut or shortened, of which the begin can be read.
    fn no_json(&mut self, page: &mut Page, lines: &Range<usize>) -> Option<usize> {
        // A failure at every line must not cost more than the lines.
        const DEAR: usize = 16;
        let text = page.text(lines);
        self.patience = self.patience.saturating_sub(text.len() * DEAR);
        if page.free(lines.start).is_some_and(log::is_of_interest) {
            log::read(self, page, lines.start);
            return None;
        }
        if lines.len() < 3 || !is_of_interest(text) || text.len() > self.budget {
            return None;
        }
        self.budget -= text.len();
        for document in tree::yaml(text).documents {
            let document = moved(document, lines.start);
            self.walk(page, &document, "", 0);
        }
        Some(lines.end)
    }

    /// YAML that begins on a line; the line behind it.
    fn yaml(&mut self, page: &mut Page, number: usize) -> usize {
        let region = yaml_region(page, number);
        let text = page.text(&region);
        if !is_of_interest(text) {
            return region.end;
        }
        let Some(budget) = self.budget.checked_sub(text.len()) else {
            return region.end;
        };
        self.budget = budget;
        let plain = without_templates(text);
        let text = plain.as_deref().unwrap_or(text);
        let mut read = tree::yaml(text);
        // What stands right before a mistake is lost with it; without the mistake
        // it is not.
        if let Some(line) = read.stops {
            for height in [line + 1, line] {
                let begin: String = text.split_inclusive('\n').take(height).collect();
                let again = tree::yaml(&begin);
                if again.stops.is_none() {
                    read.documents = again.documents;
                    break;
                }
            }
        }
        for document in read.documents {
            let document = moved(document, region.start);
            self.walk(page, &document, "", 0);
        }
        match read.stops {
            Some(line) => (region.start + line).max(number + 1),
            None => region.end,
        }
    }
}

/// Members of a JSON object with their braces.
pub(super) fn as_object(members: &str) -> String {
    format!("{{{}}}", members.trim_end().trim_end_matches(','))
}

/// A tree with its lines counted from another one.
fn moved(mut item: tree::Item, by: usize) -> tree::Item {
    item.lines = item.lines.start + by..item.lines.end + by;
    item.node = match item.node {
        tree::Node::List(items) => {
            tree::Node::List(items.into_iter().map(|item| moved(item, by)).collect())
        }
        tree::Node::Map(pairs) => tree::Node::Map(
            pairs
                .into_iter()
                .map(|(key, item)| (key, moved(item, by)))
                .collect(),
        ),
        node => node,
    };
    item
}

/// Whether a text may be JSON, by what stands behind its first letter.
fn may_be_json(text: &str) -> bool {
    let mut letters = text
        .chars()
        .skip(1)
        .skip_while(|letter| letter.is_whitespace());
    letters
        .next()
        .is_some_and(|letter| "\"{}[]-0123456789tfn".contains(letter))
}

pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line may begin YAML: an item of a list, or a key.
fn is_yaml(line: &str) -> bool {
    const LONGEST_KEY: usize = 80;
    let line = line.trim();
    let line = line.strip_prefix(BOLD).unwrap_or(line);
    if line == "-" || line == "---" {
        return true;
    }
    if let Some(item) = line.strip_prefix("- ") {
        return !item.is_empty();
    }
    let quoted = line.starts_with(['"', '\'']);
    let plain = |letter: char| {
        letter.is_ascii_alphanumeric()
            || "_ ./-<*$".contains(letter)
            || quoted && "\"'".contains(letter)
    };
    let Some(colon) = line
        .char_indices()
        .take(LONGEST_KEY)
        .find(|(_, letter)| !plain(*letter))
    else {
        return false;
    };
    let behind = line.get(colon.0 + 1..).unwrap_or_default();
    colon.1 == ':'
        && colon.0 > 0
        && !line.starts_with(['$', '*', ' '])
        && (behind.is_empty() || behind.starts_with([' ', '\t']))
}

/// The lines from `number` on that may be one YAML text.
fn yaml_region(page: &Page, number: usize) -> Range<usize> {
    let base = page.line(number).map_or(0, indentation);
    let mut end = number + 1;
    let mut last = end;
    while let Some(line) = page.free(end) {
        let trimmed = line.trim();
        let belongs = is_yaml(line)
            || indentation(line) > base
            || trimmed.starts_with([']', '}'])
            || trimmed == "..."
            || trimmed.starts_with("{{");
        if belongs {
            last = end + 1;
        } else if !(trimmed.is_empty() || trimmed.starts_with('#')) {
            break;
        }
        end += 1;
    }
    number..last
}

/// Whether a text is worth a YAML parser's time.
fn is_of_interest(text: &str) -> bool {
    [
        "etcd",
        "ETCD",
        "-----BEGIN",
        "LS0tLS1C",
        "-urls",
        "-file",
        "cert",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// Who shows a line of a manifest in Markdown may write it bold.
const BOLD: &str = "**";

/// Lines that are a template's alone, and tabs, keep a YAML parser from reading
/// the others. Lines stay where they are.
fn without_templates(text: &str) -> Option<String> {
    let closes = |line: &str| line.trim_start().starts_with([']', '}']);
    let mut lines = text.lines().peekable();
    let mut described = Vec::new();
    while let Some(line) = lines.next() {
        described.push(lines.peek().is_some_and(|next| is_described(line, next)));
    }
    if !text.contains("{{")
        && !text.contains("{%")
        && !text.contains('\t')
        && !text.contains(BOLD)
        && !text.lines().any(closes)
        && !described.contains(&true)
    {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let trimmed = line.trim();
        if described.get(number) == Some(&true)
            && let Some((key, _)) = line.split_once(':')
        {
            plain.push_str(key);
            plain.push_str(":\n");
            continue;
        }
        let template = trimmed.starts_with("{{") || trimmed.starts_with("{%");
        if template {
            plain.push('\n');
        } else if closes(line) {
            // Go's reader does not mind where a list ends; this one does.
            plain.push_str(&" ".repeat(40));
            plain.push_str(line);
        } else {
            let blanks = indentation(line);
            let (blank, rest) = line.split_at(blanks.min(line.len()));
            let rest = without_bold(rest);
            plain.push_str(&blank.replace('\t', "  "));
            plain.push_str(&rest.replace('\t', " "));
        }
    }
    Some(plain)
}

/// A line without the asterisks that begin and end bold letters.
fn without_bold(line: &str) -> Cow<'_, str> {
    let (text, end) = line.split_at(line.trim_end().len());
    let bare = text.strip_prefix(BOLD).unwrap_or(text);
    let bare = bare.strip_suffix(BOLD).unwrap_or(bare);
    if bare.len() == text.len() {
        Cow::Borrowed(line)
    } else {
        Cow::Owned(format!("{bare}{end}"))
    }
}

/// Whether a line gives a key both a value and, below it, keys, as `kubectl
/// describe` does and YAML doesn't.
fn is_described(line: &str, next: &str) -> bool {
    let value = line.split_once(':').map_or("", |(_, value)| value);
    value.starts_with("  ")
        && !value.trim().is_empty()
        && indentation(next) > indentation(line)
        && is_yaml(next)
        && next.contains(':')
}
