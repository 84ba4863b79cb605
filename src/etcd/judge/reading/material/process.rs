//! Lists of processes: `ps`, `pgrep -a`, `systemctl status`, `docker top`,
//! `/proc/…/cmdline`. Words are split at blanks there, for no list says where
//! the quotes were; a line that the screen has cut is said to be cut.

use super::page::Page;
use super::reader::Reader;
use super::shell::{Call, Effect, Shell};
use super::{Coat, Cut, Program};
use super::{flags, words};

/// A process' command, without what the list says before it.
fn command(line: &str) -> Option<Vec<String>> {
    if line.contains('\0') {
        let words: Vec<String> = line
            .trim()
            .split('\0')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let first = words.first()?;
        return (Program::named(words::base(first)) == Some(Program::Etcd)).then_some(words);
    }
    if let Some(words) = glued(line.trim()) {
        return Some(words);
    }
    if !line.contains("etcd ") && !line.contains("ExecStart=") {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    // `Process: 1 ExecStart=/usr/bin/etcd … (code=exited, status=1/FAILURE)`
    if words.first() == Some(&"Process:") {
        let (_, behind) = line.split_once("ExecStart=")?;
        let behind = behind.split(" (code=").next().unwrap_or(behind);
        return Some(behind.split_whitespace().map(str::to_owned).collect());
    }
    let place = words.iter().enumerate().position(|(place, word)| {
        let flag = words
            .get(place + 1)
            .is_some_and(|next| next.starts_with('-') && next.len() > 1);
        place > 0 && flag && Program::named(words::base(word)) == Some(Program::Etcd)
    })?;
    let before = words.get(..place)?;
    let tree = before
        .first()
        .is_some_and(|word| word.starts_with(['└', '├', '│', '\u{203a}']));
    let number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let time = |word: &&str| {
        word.contains(':')
            && word
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'-' || byte == b'.')
    };
    let listed = before.iter().any(number) && (before.iter().any(time) || place == 1);
    if !(tree || listed) {
        return None;
    }
    Some(
        words
            .get(place..)?
            .iter()
            .map(|&word| word.to_owned())
            .collect(),
    )
}

/// `/proc/…/cmdline` without the zeros between its words, which terminals don't
/// show: the words end where the next flag begins.
fn glued(line: &str) -> Option<Vec<String>> {
    let place = line.find("etcd--")?;
    let before = line.get(..place)?;
    if before.contains(char::is_whitespace) || !(before.is_empty() || before.ends_with('/')) {
        return None;
    }
    let (program, mut rest) = line.split_at_checked(place + 4)?;
    let mut words = vec![program.to_owned()];
    while let Some(behind) = rest.strip_prefix("--") {
        let next = behind.match_indices("--").find(|(place, _)| {
            let name = behind.get(place + 2..).unwrap_or_default();
            begins_with_flag(name).is_some()
        });
        let end = next.map_or(behind.len(), |(place, _)| place);
        let (word, after) = behind.split_at(end);
        match begins_with_flag(word) {
            Some(name) if name.len() < word.len() && !word.starts_with(&format!("{name}=")) => {
                words.push(format!("--{name}"));
                words.push(word.get(name.len()..).unwrap_or_default().to_owned());
            }
            _ => words.push(format!("--{word}")),
        }
        rest = after;
    }
    Some(words)
}

/// The longest of etcd's flags with which a text begins.
fn begins_with_flag(text: &str) -> Option<&'static str> {
    const LONGEST: usize = 64;
    let plain = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'-' || byte.is_ascii_digit();
    let end = text.bytes().take(LONGEST).take_while(plain).count();
    let name = text.get(..end)?;
    flags::all()
        .filter(|flag| name.starts_with(flag))
        .max_by_key(|flag| flag.len())
}

/// Whether a word is the begin of a flag of etcd's, and none itself.
fn is_begin_of_flag(word: &str) -> bool {
    let Some(name) = word.strip_prefix("--") else {
        return false;
    };
    !name.is_empty()
        && flags::all().any(|flag| flag.starts_with(name))
        && !flags::all().any(|flag| flag == name)
}

/// Reads such a line; the line behind it.
pub(super) fn read(reader: &mut Reader, page: &mut Page, number: usize) -> Option<usize> {
    let line = page.free(number)?;
    if !line.contains("etcd") {
        return None;
    }
    let mut words = command(line)?;
    let mut cut = None;
    if let Some(last) = words.last_mut() {
        if last.ends_with('>') {
            last.pop();
            cut = Some(Cut::Screen);
        } else if last.ends_with('…') || last.ends_with("...") {
            cut = Some(Cut::Ellipsis);
        } else if is_begin_of_flag(last) {
            cut = Some(Cut::Flag);
        }
    }
    let name = words::base(words.first().map_or("", String::as_str));
    let calls: Vec<Effect> = if Program::named(name) == Some(Program::Etcd) {
        vec![Effect::Call(Call {
            by_path: true,
            ..Call::etcd(words.get(1..).unwrap_or_default().to_vec())
        })]
    } else {
        // `bash -c` has lost its quotes: all behind it is the script.
        let script = words
            .iter()
            .position(|word| word == "-c")
            .map_or(0, |place| place + 1);
        let script = words.get(script..).unwrap_or_default().join(" ");
        Shell::default().run(&script).unwrap_or_default()
    };
    let lines = number..number + 1;
    let before = reader.material.invocations.len();
    if !reader.effects(page, &lines, calls, Coat::Process, None) {
        return None;
    }
    for invocation in reader.material.invocations.iter_mut().skip(before) {
        invocation.cut = cut.or(invocation.cut);
    }
    page.take(&lines);
    Some(number + 1)
}
