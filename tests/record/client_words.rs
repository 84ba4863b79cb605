//! What clients of 46 kinds print when etcd refuses them, or they etcd: measured
//! against real etcds 3.7.3 and 3.5.35 on 2026-11-28, one line of
//! `client-words.jsonl` a text: client, refusal, release of etcd, the words, and the
//! error of etcd's own log line. The words alone must leave the true rule open; with
//! the log's line beside them it must come first. Where it can't, the line stands in
//! `client-words-different.txt` with the reason; one that is right again fails.
//! `CLIENT_WORDS=all cargo test --test client_words -- --nocapture` prints the table.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use etcd_pki_lab::{Diagnosed, Evidence};

/// The refusals, by the letters of the table, and the rules behind each.
const REFUSALS: &[(&str, &[&str])] = &[
    ("a12", &["client-certificate-required"]),
    ("a13", &["client-certificate-required"]),
    ("b", &["client-ca-known"]),
    ("c", &["signature-fits-issuer"]),
    ("d", &["validity-ends"]),
    ("e", &["validity-begins"]),
    ("f", &["usage-client"]),
    ("g", &["server-ca-known"]),
    ("h", &["common-name-is-no-host", "address-san", "host-san"]),
    ("i", &["address-san", "host-san"]),
    ("j", &["host-san"]),
    ("k", &["validity-ends"]),
    ("l", &["validity-begins"]),
    ("m", &["usage-server"]),
    ("n", &["tls-endpoint"]),
    ("o", &["plain-endpoint"]),
    ("p", &["key-fits-certificate"]),
    ("q1", &["pem"]),
    ("q2", &["key-not-encrypted"]),
    ("q3", &["file-exists"]),
    ("r", &["common-tls-version"]),
    ("s", &["not-revoked"]),
    ("t", &["allowed-hostname"]),
    ("u1", &["common-name-is-user"]),
    ("u2", &["common-name-is-user"]),
    ("v", &["something-listens"]),
    ("w", &["something-listens"]),
    ("ok", &[]),
];

/// How well a text was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    /// The true rule comes first.
    Right,
    /// It is among those that the words leave open.
    Open,
    /// A later finding has it.
    Later,
    /// Nothing was recognised.
    Unknown,
    /// Others were named, or a fault where there is none.
    Wrong,
}

fn diagnosed(text: String) -> Diagnosed {
    let evidence = Evidence {
        text,
        build: "3.7.3".to_owned(),
        now: "2026-11-28T16:00:00Z".parse().unwrap(),
        ..Evidence::default()
    };
    evidence.diagnose()
}

fn came(diagnosed: &Diagnosed, wanted: &[&str]) -> Came {
    let faults: Vec<_> = diagnosed
        .clues
        .iter()
        .filter(|clue| !clue.rules.is_empty() && !clue.is_harmless())
        .collect();
    let has = |rule: &str| wanted.contains(&rule);
    match faults.first() {
        None if wanted.is_empty() => Came::Right,
        None => Came::Unknown,
        Some(first) if first.rules.first().is_some_and(|rule| has(rule.id())) => Came::Right,
        Some(first) if first.rules.iter().any(|rule| has(rule.id())) => Came::Open,
        Some(_)
            if faults
                .iter()
                .any(|clue| clue.rules.iter().any(|rule| has(rule.id()))) =>
        {
            Came::Later
        }
        Some(_) => Came::Wrong,
    }
}

#[test]
fn what_clients_print_leads_to_what_was_refused() {
    let all = std::env::var("CLIENT_WORDS").is_ok_and(|it| it == "all");
    let rules: BTreeMap<&str, &[&str]> = REFUSALS.iter().copied().collect();
    let known: BTreeSet<&str> = include_str!("client-words-different.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split(':').next().unwrap().trim())
        .collect();
    let mut counts: BTreeMap<(&str, Came), usize> = BTreeMap::new();
    let mut worst: BTreeMap<String, Came> = BTreeMap::new();
    for line in include_str!("client-words.jsonl").lines() {
        let cell: Vec<String> = serde_json::from_str(line).unwrap();
        let [client, refusal, _, words, log] = cell.as_slice() else {
            unreachable!("{line}");
        };
        let wanted = &rules[refusal.as_str()];
        let log_line = serde_json::json!({
            "level": "warn", "ts": "2026-11-28T15:53:41.014259Z", "caller": "embed/config_logging.go:194",
            "msg": "rejected connection on client endpoint", "remote-addr": "127.0.0.1:40000",
            "server-name": "", "error": log,
        });
        for (with, text) in [
            ("words", words.clone()),
            ("log", format!("{words}\n{log_line}")),
        ] {
            if with == "log" && log.is_empty() {
                continue;
            }
            let came = came(&diagnosed(text), wanted);
            *counts.entry((with, came)).or_default() += 1;
            let worst = worst
                .entry(format!("{client} {refusal} {with}"))
                .or_insert(came);
            *worst = (*worst).max(came);
        }
    }
    println!("{counts:?}");
    // With the words alone, what they leave open is enough; with the log's line a
    // client's own exact words and the log's are both there.
    let wrong: BTreeSet<&str> = worst
        .iter()
        .filter(|(cell, came)| {
            **came > Came::Open || all && cell.ends_with("log") && **came > Came::Right
        })
        .map(|(cell, _)| cell.as_str())
        .collect();
    if all {
        for cell in &wrong {
            println!("{cell}: {:?}", worst[*cell]);
        }
        return;
    }
    let unexpected: Vec<_> = wrong.difference(&known).collect();
    let right_again: Vec<_> = known.difference(&wrong).collect();
    assert!(unexpected.is_empty(), "not as expected: {unexpected:#?}");
    assert!(right_again.is_empty(), "right again: {right_again:#?}");
}
