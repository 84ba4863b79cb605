//! A text line by line: calls behind prompts, variables, units, and the lines that
//! belong together though they were wrapped or have lost their backslashes.

use std::ops::Range;

use super::page::Page;
use super::prompt::{beginnings, container_prefix, host_of_prompt, is_plausible};
use super::reader::Reader;
use super::shell::{Effect, Shell};
use super::words::{OpenQuote, assignment};
use super::{Caveat, Coat, described, process};

/// So many lines make one call at most.
const MOST_LINES: usize = 200;

/// A section's header in a unit that begins one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    Unit,
    Service,
}

impl Header {
    fn of(line: &str) -> Option<Self> {
        match line.trim() {
            "[Unit]" => Some(Self::Unit),
            "[Service]" => Some(Self::Service),
            _ => None,
        }
    }
}

impl Reader {
    /// Calls, variables, units, processes and certificates in words.
    pub(super) fn lines(&mut self, page: &mut Page) {
        let mut shell = Shell::default();
        let mut header = Header::Service;
        let mut number = 0;
        while number < page.len() {
            let Some(line) = page.free(number) else {
                number += 1;
                continue;
            };
            if let Some(next) = Header::of(line) {
                // `[Service]` below `[Unit]` is of the same unit.
                if (header, next) != (Header::Unit, Header::Service) {
                    self.units.push(page.place(&(number..number + 1)));
                }
                header = next;
            }
            let next = if described::begins(line) {
                Some(described::read(self, page, number))
            } else if let Some(next) = self.braced_form(page, number) {
                Some(next)
            } else if let Some(next) = self.nixos(page, number) {
                Some(next)
            } else if let Some(next) = self.unit(page, number, &mut shell) {
                Some(next)
            } else if let Some(next) = process::read(self, page, number) {
                Some(next)
            } else if self.told.line(page, number) {
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
                        if let Some((name, value)) = assignment(word) {
                            let before = self.variables.len();
                            self.variable(page, &lines, name, value, false);
                            for variable in self.variables.iter_mut().skip(before) {
                                variable.in_unit = true;
                            }
                        }
                    }
                    page.take(&lines);
                    return Some(lines.end);
                }
                // Prefixes of systemd.exec(5).
                let value = value.trim_start_matches(['-', '@', ':', '+', '!']);
                // `continued` leaves one of two.
                let ends_with_two = |line: usize| {
                    let text = page.line(line).unwrap_or_default();
                    text.trim_end().ends_with(r"\\")
                };
                let is_doubled =
                    lines.clone().any(ends_with_two) && !is_here_document(page, number);
                let is_continued = lines.clone().any(ends_with_two);
                let value = if is_continued {
                    value.replace('\\', " ")
                } else {
                    value.to_owned()
                };
                let (effects, caveat) = lenient(shell, &value);
                let caveat = caveat
                    .or(is_doubled.then_some(Caveat::DoubledBackslash))
                    .or(stops.then_some(Caveat::NotContinued));
                let taken = self.effects(page, &lines, effects, Coat::Unit, caveat.as_ref());
                if taken {
                    page.take(&lines);
                }
                Some(lines.end)
            }
            // The line stays one of the text: it tells whoever reads it no more.
            "EnvironmentFile" => {
                let lines = number..number + 1;
                let by = line.trim_end().to_owned();
                self.environment_files.push((page.place(&lines), by));
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
        let mut caveats = Vec::new();
        let trimmed = text.trim();
        if let Some(bold) = trimmed
            .strip_prefix("**")
            .and_then(|it| it.strip_suffix("**"))
        {
            text = bold.to_owned();
        }
        let joined = join_more(page, &mut text, &mut lines);
        caveats.extend(joined);
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
            let (name, value) = assignment(line)?;
            let (name, value) = (name.to_owned(), value.to_owned());
            let value = value.trim().trim_matches(['"', '\'']);
            let lines = number..number + 1;
            if self.variable(page, &lines, &name, value, false) {
                page.take(&lines);
            }
            return Some(number + 1);
        };
        if open {
            caveats.push(Caveat::OpenQuote);
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
        let first = caveats.first().cloned();
        let before = self.material.invocations.len();
        let taken = self.effects(page, &lines, effects, Coat::Line, first.as_ref());
        for invocation in self.material.invocations.iter_mut().skip(before) {
            for caveat in caveats.iter().skip(1) {
                invocation.caveats.push(caveat.clone());
            }
            invocation.is_cited = is_cited(&text, start);
        }
        if taken {
            // What a sentence cites leaves the sentence, which may cite an answer too.
            if !is_cited(&text, start) {
                page.take(&lines);
            }
            return Some(lines.end);
        }
        None
    }
}

/// Whether the command that begins there stands between backticks, and words around them.
fn is_cited(text: &str, start: usize) -> bool {
    let (before, behind) = text.split_at_checked(start).unwrap_or((text, ""));
    let around = before
        .strip_suffix('`')
        .zip(behind.split_once('`').map(|(_, after)| after));
    around.is_some_and(|(before, after)| {
        let has_words = |text: &str| text.chars().any(char::is_alphabetic);
        has_words(before) || has_words(after)
    })
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
            // In a sentence it ends at the next one.
            let (quoted, _) = command.split_once('`').unwrap_or((&command, ""));
            command = quoted.to_owned();
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
            Err(OpenQuote) if text.get(..start).is_some_and(|it| it.trim() == "#") => {}
            Err(OpenQuote) if fallback.is_none() => {
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
            Err(OpenQuote) => {}
        }
    }
    fallback
}

/// A line with those that continue it.
fn continued(page: &Page, number: usize) -> (String, Range<usize>) {
    let mut text = page.line(number).unwrap_or_default().to_owned();
    let mut end = number + 1;
    while end - number < MOST_LINES {
        // Words were wrapped, and the backslash had no room.
        if page.free(end).is_some_and(|next| next.trim() == "\\")
            && !text.trim_end().ends_with('\\')
        {
            text.push_str(" \\");
            end += 1;
        }
        let trimmed = text.trim_end();
        let caret = trimmed.ends_with(" ^") || trimmed.ends_with(" `");
        let next = page.free(end);
        let goes_on = trimmed.ends_with('\\')
            || caret && next.is_some_and(|next| next.trim_start().starts_with('-'));
        // A fence ends whatever stands in it.
        let Some(next) = next.filter(|next| goes_on && !next.trim_start().starts_with("```"))
        else {
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
fn join_more(page: &Page, text: &mut String, lines: &mut Range<usize>) -> Option<Caveat> {
    const EDGES: Range<usize> = 60..200;
    let mut caveat = None;
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
            caveat = Some(Caveat::LinesJoined);
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
        let is_entry = !container_prefix(trimmed).is_empty();
        if trimmed.is_empty()
            || is_entry
            || !(no_room || at_edge)
            || !calls_one(text)
            || is_output(trimmed)
        {
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
        caveat = Some(Caveat::Unwrapped);
    }
    caveat
}

/// Whether a line stands in a shell's here-document whose word has no quotes: the shell
/// makes one backslash of two there (POSIX Shell, 2.7.4).
fn is_here_document(page: &Page, number: usize) -> bool {
    let above = (number.saturating_sub(MOST_LINES)..number).rev();
    for (place, line) in above.filter_map(|number| Some((number, page.line(number)?))) {
        let Some((_, behind)) = line.split_once("<<") else {
            continue;
        };
        let word = behind.trim_start_matches('-').trim_start();
        let end = word.find(|letter: char| !(letter == '_' || letter.is_ascii_alphanumeric()));
        let (word, _) = word.split_at(end.unwrap_or(word.len()));
        let ends = |line: usize| page.line(line).is_some_and(|line| line.trim() == word);
        let last = page.len().min(place + 1 + MOST_LINES);
        return !word.is_empty() && !(place + 1..number).any(ends) && (number..last).any(ends);
    }
    false
}

/// What K3s calls etcd.
const DATASTORE: &str = "--datastore-endpoint";

/// Whether a text calls one of the programs, as far as a glance tells.
fn calls_one(text: &str) -> bool {
    ["etcd", "curl ", DATASTORE]
        .iter()
        .any(|word| text.contains(word))
}

/// Whether a line, which a pager may have numbered, is what a program printed, or begins
/// something else.
fn is_output(line: &str) -> bool {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_digit());
    let numbered = line.split_once(['\t', ' ', ':']);
    let line = numbered
        .filter(|(number, _)| is_number(number))
        .map_or(line, |(_, rest)| rest.trim_start());
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
        DATASTORE,
    ];
    words.iter().any(|word| line.contains(word))
        || assignment(line.trim_start()).is_some()
        || shell.knows(line)
}

/// `C:\`
fn has_drive(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|three| matches!(three, [letter, b':', b'\\'] if letter.is_ascii_uppercase()))
}

/// Runs a line, and its words as they stand where a quote is open.
fn lenient(shell: &mut Shell, line: &str) -> (Vec<Effect>, Option<Caveat>) {
    if let Ok(effects) = shell.run(line) {
        return (effects, None);
    }
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    (shell.run_words(&words), Some(Caveat::OpenQuote))
}
