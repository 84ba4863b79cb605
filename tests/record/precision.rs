//! Where nothing is wrong, nothing is found: logs of healthy etcds, recorded from real
//! ones of four series (start, election, compaction, defragmentation, snapshot, members
//! added and removed, probes that hang up, stop), and the same answer to a text however
//! it was copied. `tests/record/healthy/record.sh` records the logs again.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod copies;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use etcd_pki_lab::etcd::facts::saying::Side;
use etcd_pki_lab::etcd::telling::diagnosis::Clue;
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

fn faults(diagnosed: &Diagnosed) -> impl Iterator<Item = &Clue> {
    diagnosed.clues.iter().filter(|clue| !clue.is_harmless())
}

/// What is said first: the rule, whose words it is, and whose fault; nothing where
/// there is no fault.
fn first(diagnosed: &Diagnosed) -> String {
    faults(diagnosed).next().map_or_else(
        || "no fault".to_owned(),
        |clue| {
            let rule = clue.rules.first().map_or("open", |rule| rule.id());
            format!("{rule} {:?} {:?}", clue.side, clue.whose)
        },
    )
}

/// Whether an answer that left open whose words these are is the same but for that: a
/// journal names the program that wrote the line.
fn is_told_more(wanted: &str, came: &str) -> bool {
    let rule = |answer: &str| answer.split(' ').next().map(str::to_owned);
    wanted.contains(" Either ") && rule(wanted) == rule(came)
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

/// The texts of the public threads, and the handed reports.
fn texts() -> Vec<(String, String)> {
    let threads = fs::read_to_string(record().join("threads.txt")).unwrap();
    let mut texts: Vec<(String, String)> = threads
        .split("\n== ")
        .skip(1)
        .map(|entry| {
            let (title, rest) = entry.split_once('\n').unwrap();
            let (_, text) = rest.split_once("--\n").unwrap();
            (title.to_owned(), text.trim_end().to_owned())
        })
        .collect();
    for entry in fs::read_dir(record().join("bug-reports")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(folder.join("input.txt")) else {
            continue;
        };
        if folder.join("answer.txt").exists() && !text.trim().is_empty() {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            texts.push((name, text.trim_end().to_owned()));
        }
    }
    texts.sort();
    texts
}

fn healthy(name: &str) -> String {
    fs::read_to_string(record().join("healthy").join(name)).unwrap()
}

/// Small letters without the backslashes of quoting.
fn bare(text: &str) -> String {
    text.to_lowercase().replace('\\', "")
}

/// Whether a text that was cut has no longer the words that told it, or is answered
/// as before but for whose words they are, or as one that is cut.
fn is_less(told: &Clue, found: &Diagnosed, text: &str) -> bool {
    let text = bare(text);
    let has = |words: &&str| text.contains(&bare(words));
    let words = std::iter::once(&told.saying.words).chain(told.saying.beside);
    if !words.into_iter().all(has) {
        return true;
    }
    faults(found).next().is_some_and(|clue| {
        clue.rules.first() == told.rules.first() && clue.side == Side::Either
            || clue.mend().contains("print the line whole")
    })
}

#[test]
fn a_text_is_answered_as_it_was_before_it_was_copied() {
    let (plain_log, json_log) = (healthy("3.4.23-n3.log"), healthy("3.6.16-n3.log"));
    let known: BTreeMap<&str, &str> = include_str!("copies/different.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").unwrap())
        .collect();
    let (mut alike, mut all, mut lost) = (0, 0, 0);
    let (mut wrong, mut right_again) = (String::new(), String::new());
    for (title, text) in texts() {
        let plain = diagnosed(text.clone());
        let wanted = first(&plain);
        for copied in copies::of(&text, &plain_log, &json_log) {
            all += 1;
            let found = diagnosed(copied.text.clone());
            let came = first(&found);
            let name = format!("{title}, {}", copied.how);
            let listed = known.contains_key(name.as_str());
            if came == wanted || copied.how == "journal" && is_told_more(&wanted, &came) {
                alike += 1;
                if listed {
                    writeln!(right_again, "{name}").unwrap();
                }
                continue;
            }
            // The words that told it, or whose words they are, are not there any more.
            let told = faults(&plain).next().or(plain.clues.first());
            if copied.is_cut && told.is_some_and(|clue| is_less(clue, &found, &copied.text)) {
                lost += 1;
                continue;
            }
            if !listed {
                writeln!(wrong, "{name}: {came}, not {wanted}").unwrap();
            }
        }
    }
    println!("{alike} of {all} are answered alike; {lost} lack the words by a cut");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(right_again.is_empty(), "no longer different: {right_again}");
}

/// Each log in some of the ways, each way with some of the logs of each series.
#[test]
fn a_healthy_log_has_no_fault_however_it_was_copied() {
    const SHARE: usize = 5;
    let (plain_log, json_log) = (healthy("3.4.23-n3.log"), healthy("3.6.16-n3.log"));
    let mut wrong = String::new();
    let mut logs: Vec<_> = fs::read_dir(record().join("healthy"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "log"))
        .collect();
    logs.sort();
    for (number, path) in logs.iter().enumerate() {
        let text = fs::read_to_string(path).unwrap();
        let copies = copies::of(&text, &plain_log, &json_log).into_iter();
        for copied in copies.skip(number % SHARE).step_by(SHARE) {
            for clue in faults(&diagnosed(copied.text)) {
                writeln!(
                    wrong,
                    "{}, {}: {} in {}",
                    path.display(),
                    copied.how,
                    clue.saying.words,
                    clue.line
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What clients print is logged by a logger of theirs, on another day, of another etcd.
#[test]
fn a_client_s_words_are_answered_alike_from_another_host_and_logger() {
    let (mut all, mut wrong) = (0, Vec::new());
    let words = fs::read_to_string(record().join("client-words.jsonl")).unwrap();
    for line in words.lines() {
        let cell: Vec<String> = serde_json::from_str(line).unwrap();
        let text = &cell[3];
        let plain = diagnosed(text.clone());
        let wanted = first(&plain);
        // Such as “closed”, which tell nothing within another line.
        let are_too_short = faults(&plain).next().is_some_and(|clue| clue.saying.alone);
        for (how, other) in [
            (
                "journal",
                copies::prefixed(text, "Nov 28 12:00:00 node-a app[123]: "),
            ),
            (
                "logger",
                copies::prefixed(text, "2026-11-28 12:00:00,123 - app - "),
            ),
            (
                "container",
                copies::prefixed(text, "2026-11-28T12:00:00.123456789Z stderr F "),
            ),
            (
                "host",
                text.replace("127.0.0.1", "10.9.8.7")
                    .replace("localhost", "etcd-7.example.test"),
            ),
            (
                "day",
                copies::elsewhere(&text.replace("2026-11-28", "2027-02-03")),
            ),
        ] {
            all += 1;
            let came = first(&diagnosed(other));
            let is_known = are_too_short && ["journal", "logger", "container"].contains(&how);
            let is_alike = came == wanted || how == "journal" && is_told_more(&wanted, &came);
            if !is_alike && !is_known {
                wrong.push(format!(
                    "{} {} {}, {how}: {came}, not {wanted}",
                    cell[0], cell[1], cell[2]
                ));
            }
        }
    }
    println!("{} of {all} are answered alike", all - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
