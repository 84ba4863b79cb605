//! What clients of 46 kinds print when etcd refuses them, or they etcd: measured
//! against real etcds 3.7.3 and 3.5.35, one line of `client-words.jsonl` and of
//! `client-words-measured.jsonl` a text: client, refusal, release of etcd, the words,
//! the error of etcd's own log line; in the second also the client's release, and
//! whether it was served. The words alone must leave the true rule open, and tell what
//! etcd's log says if it is that; with the log's line beside them it must come first.
//! Where it can't, the line stands in `client-words-different.txt` with the reason; one
//! that is right again fails.
//! `CLIENT_WORDS=all cargo test --test client_words -- --nocapture` prints the table.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use etcd_pki_lab::etcd::telling::diagnosis::Clue;
use etcd_pki_lab::{Diagnosed, Evidence};

/// The refusals, by the letters of the table, and the rules behind each.
const REFUSALS: &[(&str, &[&str])] = &[
    ("a12", &["client-certificate-required"]),
    ("a13", &["client-certificate-required"]),
    ("b", &["client-ca-known"]),
    ("b12", &["client-ca-known"]),
    ("c", &["signature-fits-issuer"]),
    ("d", &["validity-ends"]),
    ("d12", &["validity-ends"]),
    ("e", &["validity-begins"]),
    ("f", &["usage-client"]),
    ("f12", &["usage-client"]),
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
    ("below", &["server-ca-known"]),
    ("p521-server", &["known-key-kind"]),
    ("p521-client", &["key-readable"]),
    ("p521-ca", &["known-key-kind", "server-ca-known"]),
    ("ed25519-server", &["known-key-kind"]),
    (
        "ed25519-client",
        &["key-readable", "client-certificate-required"],
    ),
    ("ed25519-ca", &["known-key-kind", "server-ca-known"]),
    ("unidentified", &["issuer-is-subject"]),
    ("lax-ca", &["intermediate-is-ca"]),
    ("any", &["usage-server"]),
    ("any-above", &["usage-server", "server-ca-known"]),
    ("common-name", &["name-constraints"]),
    ("policies", &["critical-extension"]),
    ("policies-above", &["critical-extension"]),
    ("usages", &["critical-extension"]),
    ("usages-above", &["critical-extension"]),
    ("wildcard", &["host-san"]),
];

/// How well a text was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    /// The true rule comes first.
    Right,
    /// It is among those that the words leave open.
    Open,
    /// It is, but what etcd's log says of it isn't told.
    Untold,
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

/// What etcd's own log says of a client that did otherwise than it was asked: it kept
/// its certificate at home, or spoke no TLS.
fn logged(log: &str) -> &'static [&'static str] {
    match log {
        "tls: client didn't provide a certificate" => &["client-certificate-required"],
        "tls: first record does not look like a TLS handshake" => &["tls-endpoint"],
        _ => &[],
    }
}

/// Whether it is told what of etcd's log decides for one of these rules: words that
/// this log has.
fn is_told(clue: &Clue, wanted: &[&str], log: &str) -> bool {
    let log = log.to_lowercase();
    let has = |words: &str| {
        let parts = words.trim_matches(['(', ')']).split('…');
        parts
            .into_iter()
            .all(|part| log.contains(&part.trim().to_lowercase()))
    };
    // Where the client refused, its own words are all that there is.
    let is_client_s = log.starts_with("remote error: ") || log.ends_with("bad record mac");
    let tells = clue.log_tells();
    log.is_empty()
        || is_client_s
        || tells
            .iter()
            .any(|(rule, words)| wanted.contains(&rule.id()) && has(words))
}

fn came(diagnosed: &Diagnosed, wanted: &[&str], log: &str) -> Came {
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
        Some(first) if first.rules.iter().any(|rule| has(rule.id())) => {
            if is_told(first, wanted, log) {
                Came::Open
            } else {
                Came::Untold
            }
        }
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
    let mut counts: BTreeMap<(&str, &str, Came), usize> = BTreeMap::new();
    let mut worst: BTreeMap<String, Came> = BTreeMap::new();
    let handed = include_str!("client-words.jsonl").lines();
    let measured = include_str!("client-words-measured.jsonl").lines();
    let cells = handed.map(|line| ("handed", line));
    for (set, line) in cells.chain(measured.map(|line| ("measured", line))) {
        let cell: Vec<String> = serde_json::from_str(line).unwrap();
        let [client, refusal, _, words, log, ..] = cell.as_slice() else {
            unreachable!("{line}");
        };
        let was_served = cell.get(6).is_some_and(|came| came == "served");
        let wanted = match rules[refusal.as_str()] {
            _ if was_served => Vec::new(),
            rules => [rules, logged(log)].concat(),
        };
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
            let came = came(&diagnosed(text), &wanted, log);
            *counts.entry((set, with, came)).or_default() += 1;
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
