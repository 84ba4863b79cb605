//! What is said to texts that people pasted in public threads: of each case in
//! `tests/record/bug-reports` and of each entry of `tests/record/threads.txt`, the
//! whole answer of `diagnose` is held against what was expected of it. An
//! expectation was written from the thread, not from what the program says; it is
//! not written by this test.
//!
//! An `answer.txt` has a line for each thing: `rule` and `rules` (the first
//! finding's, and what must be among those that it leaves open), `side`, `whose`,
//! `file`, `verdict` (`none` for none), `says` and `never` (words of the page's
//! answer, letter case aside), `read`, `fault: none`. `BUG_REPORTS=all cargo test
//! --test bug_reports -- --nocapture` prints the table.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/record/bug-reports")
}

/// What `diagnose` says to these files, by file, as JSON and as text.
fn diagnosed(files: &[PathBuf]) -> BTreeMap<String, (Value, String)> {
    let run = |options: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_etcd-pki-lab"))
            .arg("diagnose")
            .args(["--at", "2026-11-28T16:00:00Z"])
            .args(options)
            .args(files)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let json = run(&["--json"]);
    let text = run(&[]);
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for part in format!("\n{text}").split("\n== ").skip(1) {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        texts.insert(name.to_owned(), text.to_owned());
    }
    json.lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            let name = value["input"].as_str().unwrap().to_owned();
            let text = texts.remove(&name).unwrap_or_default();
            (name, (value, text))
        })
        .collect()
}

/// What of an expectation is not met.
fn unmet(expected: &str, value: &Value, text: &str) -> Vec<String> {
    let findings = value["findings"].as_array().cloned().unwrap_or_default();
    let faults: Vec<&Value> = findings
        .iter()
        .filter(|it| it["harmless"] != true)
        .collect();
    let null = Value::Null;
    let first: &Value = faults
        .first()
        .or(findings.first().as_ref())
        .copied()
        .unwrap_or(&null);
    let small = text.to_lowercase();
    let list = |key: &str| -> Vec<String> {
        let of = first[key].as_array().cloned().unwrap_or_default();
        of.iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect()
    };
    let mut unmet = Vec::new();
    for line in expected.lines().filter(|line| !line.trim().is_empty()) {
        let (key, wanted) = line.split_once(':').unwrap();
        let wanted = wanted.trim();
        let met = match key {
            "rule" => {
                let found = first["rule"].as_str().unwrap_or("none");
                wanted.split(" or ").any(|wanted| wanted == found)
            }
            "rules" => {
                let found = list("rules");
                wanted
                    .split(", ")
                    .all(|it| found.iter().any(|rule| rule == it))
            }
            "side" | "whose" | "file" => {
                let found = first[key].as_str().unwrap_or("none");
                wanted.split(" or ").any(|wanted| wanted == found)
            }
            "verdict" => value["verdict"]["verdict"].as_str().unwrap_or("none") == wanted,
            "says" => wanted
                .split(" or ")
                .any(|it| small.contains(&it.to_lowercase())),
            "never" => !small.contains(&wanted.to_lowercase()),
            "read" => value["read"].to_string().contains(wanted),
            "fault" => {
                faults.iter().all(|it| it["rule"].is_null())
                    && value["verdict"]["verdict"] != "server-start-fail"
            }
            _ => false,
        };
        if !met {
            unmet.push(line.to_owned());
        }
    }
    unmet
}

/// Holds the answers against what was expected; how many are right.
/// Asks of every case; each must be right, and there are at least so many.
fn judge(cases: &[(String, PathBuf, String)], least: usize) {
    let files: Vec<PathBuf> = cases.iter().map(|(_, file, _)| file.clone()).collect();
    let answers = diagnosed(&files);
    let (mut right, mut wrong) = (0, String::new());
    for (name, file, expected) in cases {
        let known = answers.get(&file.display().to_string());
        let (value, text) = known.cloned().unwrap_or_default();
        let unmet = unmet(expected, &value, &text);
        if unmet.is_empty() {
            right += 1;
        } else {
            let first = value["findings"][0].clone();
            writeln!(
                wrong,
                "== {name}: not {}\n   rule {} of {} side {} whose {} words {}",
                unmet.join("; "),
                first["rule"],
                first["rules"],
                first["side"],
                first["whose"],
                first["words"]
            )
            .unwrap();
            if std::env::var("BUG_REPORTS").is_ok_and(|it| it == "all") {
                writeln!(wrong, "{text}").unwrap();
            }
        }
    }
    println!("{right} of {} are right", cases.len());
    assert!(
        wrong.is_empty(),
        "{right} of {} are right\n{wrong}",
        cases.len()
    );
    assert!(cases.len() >= least, "{}", cases.len());
}

#[test]
fn handed_reports_are_answered_as_was_expected() {
    let mut cases = Vec::new();
    let place = tempfile::tempdir().unwrap();
    let mut folders: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    folders.sort();
    for case in folders {
        let Ok(expected) = fs::read_to_string(case.join("answer.txt")) else {
            continue;
        };
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        // What was given, without what is expected of it.
        let given = place.path().join(&name);
        fs::create_dir(&given).unwrap();
        for file in fs::read_dir(&case).unwrap().map(|it| it.unwrap().path()) {
            let base = file.file_name().unwrap();
            let empty = fs::metadata(&file).unwrap().len() == 0;
            let expects = ["answer.txt", "expected.md", "read.txt", "forms.txt"];
            if !empty && !expects.iter().any(|it| *it == base) {
                fs::copy(&file, given.join(base)).unwrap();
            }
        }
        let text = given.join("input.txt");
        let file = if text.exists() { text } else { given };
        cases.push((name, file, expected));
    }
    judge(&cases, 77);
}

/// Entries of `threads.txt`: a line `== owner/repo#number title`, the expectation,
/// a line `--`, and the text.
#[test]
fn further_public_threads_are_answered_as_was_expected() {
    let place = tempfile::tempdir().unwrap();
    let text = include_str!("threads.txt");
    let mut cases = Vec::new();
    for (number, entry) in text.split("\n== ").skip(1).enumerate() {
        let (title, rest) = entry.split_once('\n').unwrap();
        let (expected, text) = rest.split_once("--\n").unwrap();
        let path = place.path().join(format!("{number}.txt"));
        fs::File::create(&path)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        cases.push((title.to_owned(), path, expected.to_owned()));
    }
    judge(&cases, 819);
}
