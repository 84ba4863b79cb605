//! Where nothing is wrong, nothing is found: logs of healthy etcds, recorded from real
//! ones of four series (start, election, compaction, defragmentation, snapshot, members
//! added and removed, probes that hang up, stop), and the same answer to a text however
//! it was copied. `tests/record/healthy/record.sh` records the logs again.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use etcd_pki_lab::{Diagnosed, Evidence};

fn diagnosed(text: String) -> Diagnosed {
    let evidence = Evidence {
        text,
        build: "3.5.30".to_owned(),
        now: "2026-11-28T16:00:00Z".parse().unwrap(),
        ..Evidence::default()
    };
    evidence.diagnose()
}

/// The first fault, as rule; none where there is no fault.
fn first_fault(diagnosed: &Diagnosed) -> Option<&'static str> {
    let mut faults = diagnosed.clues.iter().filter(|clue| !clue.is_harmless());
    Some(
        faults
            .next()?
            .rules
            .first()
            .map_or("open", |rule| rule.id()),
    )
}

fn record() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/record"))
}

#[test]
fn a_healthy_etcd_has_no_fault() {
    let mut read = 0;
    for entry in fs::read_dir(record().join("healthy")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "log") {
            continue;
        }
        let found = diagnosed(fs::read_to_string(&path).unwrap());
        let faults: Vec<_> = found
            .clues
            .iter()
            .filter(|clue| !clue.is_harmless())
            .map(|clue| (clue.saying.words, &clue.line))
            .collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
        assert!(!found.unknown, "{}", path.display());
        read += 1;
    }
    assert!(read >= 40, "{read} logs");
}

/// The texts of the public threads, with the handed ones that are text alone.
fn texts() -> Vec<(String, String)> {
    let threads = fs::read_to_string(record().join("threads.txt")).unwrap();
    threads
        .split("\n== ")
        .skip(1)
        .map(|entry| {
            let (title, rest) = entry.split_once('\n').unwrap();
            let (_, text) = rest.split_once("--\n").unwrap();
            (title.to_owned(), text.trim_end().to_owned())
        })
        .collect()
}

fn each_line(text: &str, change: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = text.lines().map(change).collect();
    lines.join("\n")
}

/// Lines broken after so many letters, wherever that is.
fn wrapped(text: &str) -> String {
    each_line(text, |line| {
        let letters: Vec<char> = line.chars().collect();
        let parts: Vec<String> = letters
            .chunks(80)
            .map(|part| part.iter().collect())
            .collect();
        parts.join("\n")
    })
}

/// Another day and another network.
fn elsewhere(text: &str) -> String {
    let mut text = text.to_owned();
    for (one, other) in [
        ("2021-", "2029-"),
        ("2022-", "2030-"),
        ("2023-", "2031-"),
        ("2024-", "2028-"),
        ("2025-", "2027-"),
        ("10.0.", "172.31."),
        ("192.168.", "10.77."),
    ] {
        text = text.replace(one, other);
    }
    text
}

#[test]
fn a_text_is_answered_as_it_was_before_it_was_copied() {
    let healthy = fs::read_to_string(record().join("healthy/3.4.23-n3.log")).unwrap();
    let mut wrong = String::new();
    for (title, text) in texts() {
        let plain = diagnosed(text.clone());
        let wanted = first_fault(&plain);
        let prefixed = |prefix: &str| each_line(&text, |line| format!("{prefix}{line}"));
        let interleaved: Vec<&str> = text
            .lines()
            .zip(healthy.lines().take(20))
            .flat_map(|(one, other)| [one, other])
            .chain(text.lines().skip(20))
            .collect();
        for (how, copied) in [
            ("CRLF", text.replace('\n', "\r\n")),
            (
                "colours",
                each_line(&text, |line| format!("\u{1b}[33m{line}\u{1b}[0m")),
            ),
            ("journal", prefixed("Nov 28 12:00:00 node-a etcd[123]: ")),
            ("CRI", prefixed("2026-11-28T12:00:00.123456789Z stderr F ")),
            ("compose", prefixed("etcd-1  | ")),
            ("kubectl", prefixed("[pod/etcd-0/etcd] ")),
            ("wrapped", wrapped(&text)),
            ("elsewhere", elsewhere(&text)),
            ("cut before", text.chars().skip(12).collect()),
            ("interleaved", interleaved.join("\n")),
            ("letter case", text.to_uppercase()),
            (
                "prose",
                format!("It does not work:\n\n```\n{text}\n```\nWhat can I do?"),
            ),
        ] {
            let found = diagnosed(copied);
            let came = first_fault(&found);
            if came != wanted {
                writeln!(wrong, "{title}, {how}: {came:?}, not {wanted:?}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
