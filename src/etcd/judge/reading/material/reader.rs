//! Goes over a text: first what has a form of its own (PEM, JSON, YAML), then,
//! line by line, calls, variables and lists of processes. What it finds goes
//! into a [`Material`]; nothing is judged.

use std::collections::BTreeMap;
use std::ops::Range;

use super::page::{Origin, Page};
use super::shell::{self, Call, Effect, Shell};
use super::{
    Coat, Cut, FileCoat, FoundFile, Given, Invocation, Material, Place, Program, Remark, Source,
    Through, Unused, Use, archive, blocks, choice, described, log, process, tree,
};

/// Texts within texts, as in a `ConfigMap` in a log.
pub(super) const DEEPEST: usize = 4;
/// So many calls at most: nobody compares more.
const MOST_INVOCATIONS: usize = 2_000;
/// So many variables at most, for the same reason.
const MOST_VARIABLES: usize = 1_000;
/// So many lines make one call at most.
const MOST_LINES: usize = 200;

/// A variable that was set on a line of its own.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) place: Place,
    /// It holds from its line on only: a shell's.
    pub(super) exported: bool,
    /// The container in which it was set.
    pub(super) container: Option<String>,
}

#[derive(Default)]
pub(super) struct Reader {
    pub(super) material: Material,
    pub(super) variables: Vec<Variable>,
    pub(super) told: log::Told,
    /// How many bytes of YAML may still be looked at.
    budget: usize,
    /// And how many bytes of what seemed to be JSON and is none.
    patience: usize,
    pub(super) depth: usize,
    /// The shell that was opened in a container or on another machine.
    inside: (Option<String>, Option<String>),
}

impl Reader {
    pub(super) fn read(mut self, text: &str, files: &[Given<'_>]) -> Material {
        const LEAST_BUDGET: usize = 1 << 20;
        let size: usize = files.iter().map(|file| file.bytes.len()).sum();
        self.budget = (size + text.len()) * 8 + LEAST_BUDGET;
        self.patience = (size + text.len()) / 8 + LEAST_BUDGET / 4;
        let origin = Origin {
            source: Source::Pasted,
            fixed: None,
            name: None,
        };
        self.text(text, origin);
        for file in files {
            self.file(file.name, file.bytes);
        }
        choice::finish(&mut self);
        self.material
    }

    /// A file that was given, or one of an archive.
    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) {
        let source = Source::File {
            name: name.to_owned(),
        };
        let whole = Place {
            source: source.clone(),
            bytes: 0..bytes.len(),
        };
        match archive::open(name, bytes) {
            Ok(Some(members)) => {
                self.material.used.push((whole.clone(), Use::File));
                for member in members {
                    self.material.files.push(FoundFile {
                        name: Some(member.name.clone()),
                        bytes: member.bytes.clone(),
                        coat: FileCoat::Archive,
                        place: whole.clone(),
                    });
                    if self.depth < DEEPEST {
                        self.depth += 1;
                        self.file(&member.name, &member.bytes);
                        self.depth -= 1;
                    }
                }
                return;
            }
            Ok(None) => {}
            Err(error) => {
                self.material
                    .unused
                    .push((whole, Unused::Archive { error }));
                return;
            }
        }
        // DER, a database, a picture.
        let begin = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
        let binary = begin.contains(&0) && !name.ends_with("cmdline")
            || begin.first() == Some(&0x30)
                && begin.len() > 1
                && begin.get(1).is_some_and(|byte| *byte >= 0x80);
        if begin.is_empty() || binary {
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        let origin = Origin {
            source,
            fixed: None,
            name: Some(name.to_owned()),
        };
        self.text(&text, origin);
    }

    /// A text, or one within another one.
    pub(super) fn text(&mut self, text: &str, origin: Origin) {
        let mut page = Page::new(text, origin);
        self.structures(&mut page);
        self.lines(&mut page);
        if self.depth == 0 {
            self.material.rest.push_str(&page.rest());
        }
    }

    /// A text that stands within another one.
    pub(super) fn inner(&mut self, text: &str, name: &str, place: &Place) {
        if self.depth >= DEEPEST || text.len() > self.budget {
            return;
        }
        self.budget -= text.len();
        self.depth += 1;
        let inside = std::mem::take(&mut self.inside);
        self.text(
            text,
            Origin {
                source: place.source.clone(),
                fixed: Some(place.bytes.clone()),
                name: Some(name.to_owned()),
            },
        );
        self.inside = inside;
        self.depth -= 1;
    }

    /// PEM, JSON and YAML.
    fn structures(&mut self, page: &mut Page) {
        let mut number = 0;
        while number < page.len() {
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
        }
        Some(lines.end)
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

    /// Calls, variables, units, processes and certificates in words.
    fn lines(&mut self, page: &mut Page) {
        let mut shell = Shell::default();
        let mut number = 0;
        while number < page.len() {
            let Some(line) = page.free(number) else {
                number += 1;
                continue;
            };
            let next = if described::begins(line) {
                Some(described::read(self, page, number))
            } else if let Some(next) = self.unit(page, number, &mut shell) {
                Some(next)
            } else if let Some(next) = process::read(self, page, number) {
                Some(next)
            } else if log::told(&mut self.told, page, number) {
                None
            } else {
                self.shell_line(page, number, &mut shell)
            };
            number = next.unwrap_or(number + 1).max(number + 1);
        }
    }

    /// `ExecStart=`, `Environment=` and `CMD [...]`.
    fn unit(&mut self, page: &mut Page, number: usize, shell: &mut Shell) -> Option<usize> {
        let line = page.free(number)?.trim_start();
        let (key, _) = line.split_once(['=', ' '])?;
        match key {
            "ExecStart" | "ExecStartPre" | "ExecStartPost" | "Environment" => {
                let (text, lines) = continued(page, number);
                let value = text.trim_start().split_once('=')?.1.to_owned();
                let stops = page
                    .free(lines.end)
                    .is_some_and(|next| next.trim_start().starts_with("--"));
                if key == "Environment" {
                    let words = shlex::split(&value)
                        .unwrap_or_else(|| value.split_whitespace().map(str::to_owned).collect());
                    for word in &words {
                        if let Some((name, value)) = shell::assignment(word) {
                            self.variable(page, &lines, name, value, false);
                        }
                    }
                    page.take(&lines);
                    return Some(lines.end);
                }
                // Prefixes of systemd.exec(5).
                let value = value.trim_start_matches(['-', '@', ':', '+', '!']);
                let (effects, remark) = lenient(shell, value);
                let remark = remark.or(stops.then_some(Remark::NotContinued));
                let taken = self.effects(page, &lines, effects, Coat::Unit, remark.as_ref());
                if taken {
                    page.take(&lines);
                }
                Some(lines.end)
            }
            "CMD" | "ENTRYPOINT" => {
                let (_, value) = line.split_once(' ')?;
                let words: Vec<String> = serde_json::from_str(value.trim()).ok()?;
                let effects = shell.run_words(&words);
                let lines = number..number + 1;
                if self.effects(page, &lines, effects, Coat::Manifest, None) {
                    page.take(&lines);
                }
                Some(lines.end)
            }
            _ => None,
        }
    }

    /// A line that a shell was given.
    fn shell_line(&mut self, page: &mut Page, number: usize, shell: &mut Shell) -> Option<usize> {
        let line = page.free(number)?;
        if line.len() > 1 << 20 || !may_be_shell(line, shell) {
            return None;
        }
        let (mut text, mut lines) = continued(page, number);
        if !is_worth(&text, shell) {
            return None;
        }
        let mut remarks = Vec::new();
        let trimmed = text.trim();
        if let Some(bold) = trimmed
            .strip_prefix("**")
            .and_then(|it| it.strip_suffix("**"))
        {
            text = bold.to_owned();
        }
        let joined = join_more(page, &mut text, &mut lines);
        remarks.extend(joined);
        if text.contains(".exe") || has_drive(&text) {
            text = text.replace('\\', "/");
        }
        if let Some(rest) = text.trim_start().get(..5)
            && rest.eq_ignore_ascii_case("$env:")
        {
            // PowerShell's variables.
            let assignment = text.trim_start().get(5..).unwrap_or_default();
            text = format!("export {}", assignment.replace(" = ", "="));
        }
        let Some((start, mut effects, open)) = first_call(&text, shell, page, &mut lines) else {
            // An environment file may hold what no shell would take.
            let line = page.free(number)?.trim();
            let (name, value) = shell::assignment(line)?;
            let (name, value) = (name.to_owned(), value.to_owned());
            let value = value.trim().trim_matches(['"', '\'']);
            let lines = number..number + 1;
            if self.variable(page, &lines, &name, value, false) {
                page.take(&lines);
            }
            return Some(number + 1);
        };
        if open {
            remarks.push(Remark::OpenQuote);
        }
        let prompt = text.get(..start).unwrap_or_default().to_owned();
        if let Some(host) = host_of_prompt(&prompt) {
            for effect in &mut effects {
                if let Effect::Call(call) = effect
                    && call.machine.is_none()
                {
                    call.machine = Some(host.to_owned());
                }
            }
        }
        let first = remarks.first().cloned();
        let before = self.material.invocations.len();
        let taken = self.effects(page, &lines, effects, Coat::Line, first.as_ref());
        for invocation in self.material.invocations.iter_mut().skip(before) {
            for remark in remarks.iter().skip(1) {
                invocation.remarks.push(remark.clone());
            }
        }
        if taken {
            page.take(&lines);
            return Some(lines.end);
        }
        None
    }

    /// Takes what a command does; whether anything of it matters.
    pub(super) fn effects(
        &mut self,
        page: &Page,
        lines: &Range<usize>,
        effects: Vec<Effect>,
        coat: Coat,
        remark: Option<&Remark>,
    ) -> bool {
        let mut taken = false;
        for effect in effects {
            match effect {
                Effect::Call(call) => {
                    taken |= self.call(page, lines, call, coat, remark.cloned());
                }
                Effect::Set {
                    name,
                    value,
                    exported,
                } => {
                    taken |= self.variable(page, lines, &name, &value, exported);
                }
                Effect::Enter { machine, container } => {
                    self.inside = (machine, container);
                }
            }
        }
        taken
    }

    /// Takes a call.
    pub(super) fn call(
        &mut self,
        page: &Page,
        lines: &Range<usize>,
        call: Call,
        coat: Coat,
        remark: Option<Remark>,
    ) -> bool {
        if self.material.invocations.len() >= MOST_INVOCATIONS {
            let place = page.place(lines);
            self.material.unused.push((place, Unused::TooMuch));
            return false;
        }
        let mut remarks: Vec<Remark> = remark.into_iter().collect();
        if page.cleaned.has_typographic(&page.range(lines)) {
            remarks.push(Remark::Typographic);
        }
        let mut arguments = call.arguments;
        let shortened = |word: &String| {
            word.ends_with('…') || word == "..." || word == "[...]" || word.ends_with("=...")
        };
        let cut = arguments.iter().any(shortened).then_some(Cut::Ellipsis);
        // A prompt's or a sentence's remains.
        if coat == Coat::Line && call.program == Program::Etcd {
            arguments.retain(|word| word != "&");
        }
        for through in &call.through {
            if let Through::Sudo { lost, .. } = through {
                for name in lost.iter().filter(|name| name.starts_with("ETCD")) {
                    remarks.push(Remark::VariableLost {
                        name: name.clone(),
                        by: "sudo".to_owned(),
                    });
                }
            }
        }
        // Neither reads the other's variables.
        let others = match call.program {
            Program::Etcd => "ETCDCTL_",
            _ => "ETCD_",
        };
        let environment: BTreeMap<String, String> = call
            .environment
            .into_iter()
            .filter(|(name, _)| !name.starts_with(others))
            .collect();
        let place = page.place(lines);
        self.material
            .used
            .push((place.clone(), Use::Invocation(call.program)));
        let (machine, container) = self.inside.clone();
        self.material.invocations.push(Invocation {
            program: call.program,
            environment,
            arguments,
            machine: call.machine.or(machine),
            container: call.container.or(container),
            through: call.through,
            coat,
            place,
            cut,
            remarks,
        });
        true
    }

    /// Takes a variable; whether it is one of etcd's or etcdctl's.
    pub(super) fn variable(
        &mut self,
        page: &Page,
        lines: &Range<usize>,
        name: &str,
        value: &str,
        exported: bool,
    ) -> bool {
        let place = page.place(lines);
        let known = name.starts_with("ETCD_") || name.starts_with("ETCDCTL_");
        if self.variables.len() >= MOST_VARIABLES {
            return false;
        }
        if known {
            self.material.used.push((place.clone(), Use::Variables));
        }
        self.variables.push(Variable {
            name: name.to_owned(),
            value: value.to_owned(),
            place,
            exported,
            container: self.inside.1.clone(),
        });
        known
    }
}

/// The first place in a line at which a command begins that matters, and
/// what it does.
fn first_call(
    text: &str,
    shell: &mut Shell,
    page: &Page,
    lines: &mut Range<usize>,
) -> Option<(usize, Vec<Effect>, bool)> {
    let places = beginnings(text);
    let mut fallback = None;
    for (rank, start) in places.iter().copied().enumerate() {
        let mut command = text.get(start..)?.to_owned();
        if let Some(rest) = text.get(..start)
            && rest.ends_with('`')
        {
            command = command.trim_end().trim_end_matches('`').to_owned();
        }
        let mut effects = shell.run(&command);
        let mut end = lines.end;
        // A quote that goes on below.
        while effects.is_err() && end < page.len() && end - lines.start < MOST_LINES.min(40) {
            let Some(next) = page.free(end) else { break };
            command.push('\n');
            command.push_str(next);
            end += 1;
            effects = shell.run(&command);
        }
        match effects {
            Ok(effects) => {
                if effects
                    .iter()
                    .any(|effect| is_plausible(effect, rank > 0, &command))
                {
                    lines.end = end;
                    return Some((start, effects, false));
                }
            }
            // A comment's apostrophe.
            Err(shell::OpenQuote) if text.get(..start).is_some_and(|it| it.trim() == "#") => {}
            Err(shell::OpenQuote) if fallback.is_none() => {
                let command = text.get(start..).unwrap_or_default();
                let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
                let effects = shell.run_words(&words);
                let calls = |effect: &Effect| {
                    matches!(effect, Effect::Call(_)) && is_plausible(effect, rank > 0, command)
                };
                if effects.iter().any(calls) {
                    fallback = Some((start, effects, true));
                }
            }
            Err(shell::OpenQuote) => {}
        }
    }
    fallback
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

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line may begin YAML: an item of a list, or a key.
fn is_yaml(line: &str) -> bool {
    const LONGEST_KEY: usize = 80;
    let line = line.trim();
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
            plain.push_str(&blank.replace('\t', "  "));
            plain.push_str(&rest.replace('\t', " "));
        }
    }
    Some(plain)
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

/// A line with those that continue it.
fn continued(page: &Page, number: usize) -> (String, Range<usize>) {
    let mut text = page.line(number).unwrap_or_default().to_owned();
    let mut end = number + 1;
    while end - number < MOST_LINES {
        let trimmed = text.trim_end();
        let caret = trimmed.ends_with(" ^") || trimmed.ends_with(" `");
        let next = page.free(end);
        let goes_on = trimmed.ends_with('\\')
            || caret && next.is_some_and(|next| next.trim_start().starts_with('-'));
        let Some(next) = next.filter(|_| goes_on) else {
            break;
        };
        let length = trimmed.len() - 1;
        text.truncate(length);
        let next = next.strip_prefix("> ").unwrap_or(next);
        end += 1;
        // systemd.syntax(7): a comment within is left out.
        if next.trim_start().starts_with('#') || next.trim().is_empty() {
            if next.trim().is_empty() {
                break;
            }
            text.push_str(" \\");
            continue;
        }
        text.push(' ');
        text.push_str(next.trim_start());
    }
    let trimmed = text.trim_end().trim_end_matches('\\');
    text.truncate(trimmed.len());
    (text, number..end)
}

/// Takes lines that belong to a call though nothing says so: flags on lines of
/// their own, and a line that was wrapped at an edge.
fn join_more(page: &Page, text: &mut String, lines: &mut Range<usize>) -> Option<Remark> {
    const EDGES: Range<usize> = 60..200;
    let mut remark = None;
    let mut last = page.line(lines.end - 1)?.to_owned();
    while lines.end - lines.start < MOST_LINES {
        let Some(next) = page.free(lines.end) else {
            break;
        };
        let trimmed = next.trim();
        let flag = trimmed
            .strip_prefix('-')
            .map(|rest| rest.strip_prefix('-').unwrap_or(rest))
            .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_lowercase()));
        if flag && calls_one(text) {
            let (more, behind) = continued(page, lines.end);
            text.push(' ');
            text.push_str(more.trim_start());
            lines.end = behind.end;
            page.line(lines.end - 1)?.clone_into(&mut last);
            remark = Some(Remark::LinesJoined);
            continue;
        }
        // Wrapped: the line ends at the edge, or its next word had no room.
        let width = last.chars().count();
        let word = trimmed
            .split(char::is_whitespace)
            .next()
            .unwrap_or_default();
        let no_room = (60..=80).contains(&width) && width + 1 + word.chars().count() > 80;
        let at_edge = EDGES.contains(&width)
            && (width == 80
                || page
                    .line(lines.end - 1)
                    .zip(page.line(lines.start))
                    .is_some_and(|(one, first)| {
                        lines.end - lines.start > 1 && one.chars().count() == first.chars().count()
                    }));
        if trimmed.is_empty() || !(no_room || at_edge) || !calls_one(text) || is_output(trimmed) {
            break;
        }
        let glued = width == 80 && !text.ends_with(' ')
            || text.ends_with(['-', '/', '=', ',', ':', '.'])
            || at_edge && !no_room;
        if !glued {
            text.push(' ');
        }
        text.push_str(if glued { next } else { trimmed });
        next.clone_into(&mut last);
        lines.end += 1;
        remark = Some(Remark::Unwrapped);
    }
    remark
}

/// Whether a text calls one of the programs, as far as a glance tells.
fn calls_one(text: &str) -> bool {
    text.contains("etcd") || text.contains("curl ")
}

/// Whether a line is what a program printed, or begins something else.
fn is_output(line: &str) -> bool {
    let begins = [
        "Error", "error", "{", "[", "+--", "|", "20", "curl:", "panic", "-----", "❯", "➜", "http",
        "client:", "context ",
    ];
    let within = [
        " is healthy",
        " is unhealthy",
        ", started, ",
        "# ",
        "$ ",
        "~]",
        "failed",
    ];
    begins.iter().any(|word| line.starts_with(word))
        || within.iter().any(|word| line.contains(word))
}

/// Whether a line is worth looking at at all.
fn may_be_shell(line: &str, shell: &Shell) -> bool {
    line.trim_end().ends_with('\\') || is_worth(line, shell)
}

fn is_worth(line: &str, shell: &Shell) -> bool {
    let words = [
        "for ", "$env:", "$Env:", "etcd", "ETCD", "curl", "alias ", "export ", "exec", "ssh ",
    ];
    words.iter().any(|word| line.contains(word))
        || shell::assignment(line.trim_start()).is_some()
        || shell.knows(line)
}

/// `C:\`
fn has_drive(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|three| matches!(three, [letter, b':', b'\\'] if letter.is_ascii_uppercase()))
}

/// Where in a line a command may begin: at its begin, behind a prompt, a number
/// of the history, a list's mark.
fn beginnings(line: &str) -> Vec<usize> {
    const FARTHEST: usize = 160;
    const MOST: usize = 10;
    let first = indentation(line);
    let mut places = vec![first];
    let trimmed = line.get(first..).unwrap_or_default();
    let mut add = |place: usize| {
        let behind = line.get(place..).unwrap_or_default();
        let place = place + (behind.len() - behind.trim_start_matches('`').len());
        if places.len() < MOST && !places.contains(&place) {
            places.push(place);
        }
    };
    if trimmed.starts_with('`') {
        add(first);
    }
    let digits = trimmed.trim_start_matches(|letter: char| letter.is_ascii_digit());
    if digits.len() < trimmed.len() && digits.starts_with(' ') {
        add(line.len() - digits.trim_start().len());
    }
    for (place, letter) in line.char_indices().take(FARTHEST) {
        let behind = line.get(place + letter.len_utf8()..).unwrap_or_default();
        let mark = "$#%>❯➜»λ+*-•:`".contains(letter);
        if !mark || !behind.starts_with(' ') {
            continue;
        }
        let words = behind.trim_start();
        if letter == ':' {
            let before = line
                .get(first..place)
                .unwrap_or_default()
                .to_ascii_lowercase();
            let labels = [
                "command",
                "cmd",
                "running",
                "run",
                "ran",
                "exec",
                "executing",
                "use",
                "using",
            ];
            // etcdctl's own `--debug` says `cURL Command: …`.
            let of_etcdctl = before.starts_with("curl");
            if of_etcdctl || !labels.iter().any(|label| before.ends_with(label)) {
                continue;
            }
        }
        if "+*-•".contains(letter)
            && line
                .get(first..place)
                .is_some_and(|before| !before.trim_matches(['+', ' ']).is_empty())
        {
            continue;
        }
        add(line.len() - words.len());
        // `➜  ~ etcdctl`: the folder comes behind it.
        if letter == '➜'
            && let Some((_, rest)) = words.split_once(' ')
        {
            add(line.len() - rest.trim_start().len());
        }
    }
    places
}

/// The machine that a prompt names: `[root@node-a ~]#`, `root@node-a:~#`.
fn host_of_prompt(prompt: &str) -> Option<&str> {
    let (_, rest) = prompt.split_once('@')?;
    let end =
        rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-._".contains(letter)))?;
    let host = rest.get(..end)?;
    (!host.is_empty()).then_some(host)
}

/// Runs a line, and its words as they stand where a quote is open.
fn lenient(shell: &mut Shell, line: &str) -> (Vec<Effect>, Option<Remark>) {
    if let Ok(effects) = shell.run(line) {
        return (effects, None);
    }
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    (shell.run_words(&words), Some(Remark::OpenQuote))
}

/// Words that begin a command of etcdctl's, of version 2 or 3, and etcdutl's.
const COMMANDS: &[&str] = &[
    "put",
    "get",
    "del",
    "txn",
    "watch",
    "lease",
    "member",
    "endpoint",
    "user",
    "role",
    "auth",
    "snapshot",
    "version",
    "compaction",
    "defrag",
    "alarm",
    "lock",
    "elect",
    "check",
    "move-leader",
    "make-mirror",
    "migrate",
    "downgrade",
    "completion",
    "help",
    "backup",
    "cluster-health",
    "mk",
    "mkdir",
    "rm",
    "rmdir",
    "ls",
    "set",
    "setdir",
    "update",
    "updatedir",
    "exec-watch",
    "status",
    "hashkv",
    "import",
];

/// Whether what seems to be a call is one, and not prose.
fn is_plausible(effect: &Effect, prompted: bool, line: &str) -> bool {
    let call = match effect {
        Effect::Call(call) => call,
        // In front of a comment's words stands what looks like a prompt.
        Effect::Set { exported, .. } => return *exported || !prompted,
        Effect::Enter { .. } => return true,
    };
    let sure = prompted || call.by_path || !call.environment.is_empty() || !call.through.is_empty();
    let first = call.arguments.first().map_or("", String::as_str);
    let flag = first
        .strip_prefix('-')
        .map(|rest| rest.strip_prefix('-').unwrap_or(rest))
        .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphabetic()));
    match call.program {
        Program::Etcd => {
            flag || first.is_empty()
                && (prompted
                    || call.by_path && call.through.is_empty()
                    || call
                        .environment
                        .iter()
                        .any(|(name, _)| name.starts_with("ETCD_")))
        }
        Program::Etcdctl | Program::Etcdutl => {
            let prose = !sure
                && line.split_whitespace().count() > 8
                && line.trim_end().ends_with(['.', ':', ','])
                && !line.contains(" -");
            flag || COMMANDS.contains(&first) && !prose
                || first.is_empty() && sure && !call.environment.is_empty()
        }
        Program::Curl => call.arguments.iter().any(|word| is_etcd_url(word)),
    }
}

/// Whether a word is a URL at which etcd is asked.
fn is_etcd_url(word: &str) -> bool {
    let ports = [
        ":2379", ":2380", ":4001", ":7001", ":2381", ":12379", ":22379", ":32379",
    ];
    let paths = ["/v2/", "/v3/", "/v3beta/", "/v3alpha/", "etcd"];
    let url = word.contains("://") || word.contains(':');
    url && (ports.iter().any(|port| word.contains(port))
        || paths.iter().any(|path| word.contains(path)))
}
