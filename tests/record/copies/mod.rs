//! A text as it looks once it was copied: out of a terminal, a journal, a container's
//! log, a log store, a mail, with a part of it lost. What it says stays the same, but
//! for what a cut took away.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A text and how it was copied.
pub(crate) struct Copied {
    /// How.
    pub(crate) how: &'static str,
    /// What came of it.
    pub(crate) text: String,
    /// Whether a part of it is lost.
    pub(crate) is_cut: bool,
}

fn each_line(text: &str, change: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = text.lines().map(change).collect();
    lines.join("\n")
}

/// Each line behind the same letters.
pub(crate) fn prefixed(text: &str, prefix: &str) -> String {
    each_line(text, |line| format!("{prefix}{line}"))
}

/// Lines broken after so many letters, wherever that is.
pub(crate) fn wrapped(text: &str, columns: usize) -> String {
    each_line(text, |line| {
        let letters: Vec<char> = line.chars().collect();
        let parts: Vec<String> = letters
            .chunks(columns)
            .map(|part| part.iter().collect())
            .collect();
        parts.join("\n")
    })
}

/// Lines broken at blanks, as a mail or an editor breaks them.
pub(crate) fn wrapped_at_words(text: &str, columns: usize) -> String {
    each_line(text, |line| {
        let mut lines: Vec<String> = vec![String::new()];
        for word in line.split(' ') {
            let last = lines.last_mut().unwrap();
            if last.is_empty() || last.chars().count() + 1 + word.chars().count() <= columns {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
        lines.join("\n")
    })
}

/// Another day and another network.
pub(crate) fn elsewhere(text: &str) -> String {
    let mut text = text.to_owned();
    for (one, other) in [
        ("2021-", "2029-"),
        ("2022-", "2030-"),
        ("2023-", "2031-"),
        ("2024-", "2028-"),
        ("2025-", "2027-"),
        ("10.0.", "172.31."),
        ("192.168.", "10.77."),
        ("192.0.2.", "198.51.100."),
    ] {
        text = text.replace(one, other);
    }
    text
}

/// Two texts, a line of the one and a line of the other.
fn interleaved(text: &str, other: &str) -> String {
    let mut others = other.lines();
    let mut both = String::new();
    for line in text.lines() {
        writeln!(both, "{line}").unwrap();
        if let Some(other) = others.next() {
            writeln!(both, "{other}").unwrap();
        }
    }
    both
}

/// Lines of JSON, each around a line of the text.
fn in_objects(text: &str, object: impl Fn(&str) -> Value) -> String {
    each_line(text, |line| object(line).to_string())
}

/// A text in every way that people copy it, with lines of a healthy etcd's log, plain
/// and in JSON, for the two logs that are mixed.
pub(crate) fn of(text: &str, plain_log: &str, json_log: &str) -> Vec<Copied> {
    let prefixed = |prefix: &str| prefixed(text, prefix);
    let letters = text.chars().count();
    let without_last = |count: usize| text.chars().take(letters - letters.min(count)).collect();
    let whole = [
        ("CRLF", text.replace('\n', "\r\n")),
        (
            "colours",
            each_line(text, |line| format!("\u{1b}[33m{line}\u{1b}[0m")),
        ),
        ("journal", prefixed("Nov 28 12:00:00 node-a etcd[123]: ")),
        ("CRI", prefixed("2026-11-28T12:00:00.123456789Z stderr F ")),
        ("compose", prefixed("etcd-1  | ")),
        ("kubectl", prefixed("[pod/etcd-0/etcd] ")),
        ("quoted mail", prefixed("> ")),
        ("line numbers", {
            let lines: Vec<String> = text
                .lines()
                .enumerate()
                .map(|(number, line)| format!("{:4}\t{line}", number + 1))
                .collect();
            lines.join("\n")
        }),
        ("wrapped at 80", wrapped(text, 80)),
        ("wrapped at 100", wrapped(text, 100)),
        ("wrapped at 132", wrapped(text, 132)),
        ("wrapped at words by 80", wrapped_at_words(text, 80)),
        ("wrapped at words by 72", wrapped_at_words(text, 72)),
        ("wrapped at words by 120", wrapped_at_words(text, 120)),
        (
            "Docker’s JSON",
            in_objects(
                text,
                |line| json!({"log": format!("{line}\n"), "stream": "stderr", "time": "2026-11-28T12:00:00.1Z"}),
            ),
        ),
        (
            "the journal’s JSON",
            in_objects(
                text,
                |line| json!({"_SYSTEMD_UNIT": "etcd.service", "PRIORITY": "6", "MESSAGE": line, "_PID": "812"}),
            ),
        ),
        (
            "a log store’s JSON",
            json!({"streams": [{"stream": {"app": "etcd"}, "values": text
                .lines()
                .map(|line| json!(["1795881664000000000", line]))
                .collect::<Vec<_>>()}]})
            .to_string(),
        ),
        (
            "a log store’s JSON, indented",
            serde_json::to_string_pretty(&json!({"events": text
                .lines()
                .map(|line| json!({"timestamp": 1_795_881_664_000_u64, "message": line}))
                .collect::<Vec<_>>()}))
            .unwrap(),
        ),
        ("one string of JSON", json!(text).to_string()),
        (
            "HTML",
            text.replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;")
                .replace('<', "&lt;")
                .replace('>', "&gt;"),
        ),
        ("elsewhere", elsewhere(text)),
        ("mixed with a plain log", interleaved(text, plain_log)),
        ("mixed with a log of JSON", interleaved(text, json_log)),
        ("letter case", text.to_uppercase()),
        (
            "prose",
            format!("It does not work:\n\n```\n{text}\n```\nWhat can I do?"),
        ),
    ];
    let cut = [
        ("cut before by 5", text.chars().skip(5).collect()),
        ("cut before by 12", text.chars().skip(12).collect()),
        ("cut before by 40", text.chars().skip(40).collect()),
        ("cut behind by 6", without_last(6)),
        ("cut behind by 20", without_last(20)),
        (
            "each line cut at 200",
            each_line(text, |line| line.chars().take(200).collect()),
        ),
    ];
    let copied =
        |is_cut: bool| move |(how, text): (&'static str, String)| Copied { how, text, is_cut };
    whole
        .into_iter()
        .map(copied(false))
        .chain(cut.into_iter().map(copied(true)))
        .collect()
}
