//! The record of what real etcds and etcdctls did with the project's own cases, and
//! the comparison with what this crate says. `cargo xtask test verdict` measures a
//! sample again, and everything when it is told to: see `tests/judges/verdict`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::{Finding, Question, judge};
use jiff::Timestamp;
use serde_json::Value;

use crate::cases::Case;

/// The builds that were measured.
#[rustfmt::skip]
pub(crate) const VERSIONS: [&str; 7] = ["3.4.23", "3.5.1", "3.5.16", "3.5.30", "3.5.35", "3.6.16", "3.7.3"];
const DIFFERENT: &str = include_str!("different.txt");

/// Where the record lies.
pub(crate) fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/record/answers/measured.json")
}

/// What a real etcd and etcdctl did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    /// `ok`, `fail` or `server-start-fail`.
    pub verdict: String,
    /// The log's rejections, or its last words.
    pub etcd: Vec<String>,
    /// Everything etcdctl wrote to stderr.
    pub etcdctl: String,
    /// The status of curl's request through the gateway.
    pub gateway: Option<u16>,
}

/// Takes out ports and times, and which resolver was asked.
pub(crate) fn normalized(text: &str) -> String {
    let mut result = String::new();
    let text = without_resolver(text);
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let time = rest.get(..20).filter(|time| {
            time.bytes()
                .enumerate()
                .all(|(position, octet)| match position {
                    4 | 7 => octet == b'-',
                    10 => octet == b'T',
                    13 | 16 => octet == b':',
                    19 => octet == b'Z',
                    _ => octet.is_ascii_digit(),
                })
        });
        if time.is_some() {
            result.push_str("TIME");
            rest = &rest[20..];
            continue;
        }
        if let Some(after) = rest.strip_prefix("127.0.0.1:") {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let skip = if digits > 0 {
                digits
            } else if after.starts_with("PORT") {
                4
            } else {
                0
            };
            result.push_str("127.0.0.1:PORT");
            rest = &after[skip..];
            continue;
        }
        result.push(first);
        rest = &rest[first.len_utf8()..];
    }
    result
}

/// Go's words for a name that nobody knows, without ` on ADDRESS:53`.
fn without_resolver(text: &str) -> String {
    let mut parts = text.split(" on ");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(":53: ") {
            Some((address, rest)) if !address.contains(' ') => {
                result.extend([": ", rest]);
            }
            _ => result.extend([" on ", part]),
        }
    }
    result
}

pub(crate) fn answer(case: &Case, version: &str) -> Finding {
    answer_with_users(case, version, None)
}

/// The answer of an etcd with these users, with roles switched on.
pub(crate) fn answer_with_users(case: &Case, version: &str, users: Option<&[String]>) -> Finding {
    let build = EtcdBuild::parse(version).expect("a version");
    judge(&Question {
        server: &case.server,
        client: &case.client,
        files: &case.files,
        server_build: build,
        client_build: build,
        now: Timestamp::now(),
        users,
    })
    .expect("command lines")
}

/// What of an answer differs from what was measured.
fn differences(answer: &Finding, measured: &Measured, with_gateway: bool) -> Vec<String> {
    let mut found = Vec::new();
    if answer.verdict.word() != measured.verdict {
        found.push(format!(
            "verdict: here {}, etcd {}",
            answer.verdict.word(),
            measured.verdict
        ));
        return found;
    }
    let ours: BTreeSet<String> = answer
        .logged()
        .iter()
        .map(|text| normalized(text))
        .collect();
    if measured.verdict == "server-start-fail" {
        let log = normalized(&measured.etcd.join("\n"));
        // Up to 3.5.4 it is a race which of two errors ends etcd.
        let raced = |text: &str| {
            text.ends_with("use of closed network connection")
                && log.contains("http2: TLSConfig.CipherSuites")
        };
        let said = |text: &str| log.contains(text) || raced(text);
        for text in ours.iter().filter(|text| !said(text)) {
            found.push(format!("etcd: here {text:?}, etcd {log:?}"));
        }
        return found;
    }
    let theirs: BTreeSet<String> = measured.etcd.iter().map(|text| normalized(text)).collect();
    if measured.verdict == "fail" && ours != theirs {
        found.push(format!("etcd: here {ours:?}, etcd {theirs:?}"));
    }
    if measured.verdict == "fail" {
        let text = normalized(
            &measured
                .etcdctl
                .replace("\\\\\\\"", "\"")
                .replace("\\\"", "\""),
        );
        let text = text.replace("\\\\", "\\").replace("\\u0000", "\0");
        if !answer
            .dialer
            .iter()
            .any(|phrase| text.contains(&normalized(phrase)))
        {
            found.push(format!(
                "etcdctl: here {:?}, etcdctl {text:?}",
                answer.dialer
            ));
        }
    }
    if with_gateway && answer.gateway != measured.gateway {
        found.push(format!(
            "gateway: here {:?}, curl {:?}",
            answer.gateway, measured.gateway
        ));
    }
    found
}

fn from_json(value: &Value) -> Measured {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    Measured {
        verdict: text("verdict"),
        etcd: value["etcd"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|text| text.as_str().map(str::to_owned))
            .collect(),
        etcdctl: text("etcdctl"),
        gateway: value["gateway"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok()),
    }
}

/// The known differences: `version case: reason` a line.
fn known() -> BTreeMap<(String, String), &'static str> {
    DIFFERENT
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .filter_map(|line| {
            let (place, reason) = line.split_once(": ")?;
            let (version, case) = place.split_once(' ')?;
            Some(((case.to_owned(), version.to_owned()), reason))
        })
        .collect()
}

pub(crate) fn compare(cases: &[Case], measured: &BTreeMap<(String, String), Measured>, all: bool) {
    let known = known();
    let mut unexpected = Vec::new();
    let mut gone = Vec::new();
    for version in VERSIONS {
        let (mut count, mut verdicts, mut logs, mut prints, mut gateways) = (0, 0, 0, 0, 0);
        for case in cases {
            let place = (case.id.clone(), version.to_owned());
            let Some(measured) = measured.get(&place) else {
                continue;
            };
            // What curl makes of odd files and of flags is not etcd's doing.
            let with_gateway = !["file-", "line-", "etcdctl-"]
                .iter()
                .any(|begin| case.id.starts_with(begin));
            let found = differences(&answer(case, version), measured, with_gateway);
            count += 1;
            let has = |what: &str| found.iter().any(|text| text.starts_with(what));
            verdicts += usize::from(!has("verdict"));
            logs += usize::from(!has("verdict") && !has("etcd:"));
            prints += usize::from(!has("verdict") && !has("etcdctl"));
            gateways += usize::from(!has("gateway"));
            match (found.is_empty(), known.get(&place)) {
                (false, None) => {
                    unexpected.push(format!("{version} {}: {}", case.id, found.join("; ")));
                }
                (true, Some(_)) if all => gone.push(format!("{version} {}", case.id)),
                _ => {}
            }
        }
        println!(
            "{version}: {count} cases, verdicts {verdicts}, etcd's phrases {logs}, etcdctl's {prints}, gateway {gateways}"
        );
    }
    assert!(
        unexpected.is_empty() && gone.is_empty(),
        "{} answers differ:\n{}\nthese no longer differ, take them out of different.txt:\n{}",
        unexpected.len(),
        unexpected.join("\n"),
        gone.join("\n")
    );
}

/// The record of what was measured, by case and version.
pub(crate) fn read() -> BTreeMap<(String, String), Measured> {
    let text = fs::read(path()).expect("the record is there");
    let record: Vec<Value> = serde_json::from_slice(&text).expect("the record is JSON");
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    record
        .iter()
        .map(|entry| {
            let place = (text(entry, "case"), text(entry, "etcd"));
            (place, from_json(&entry["measured"]))
        })
        .collect()
}
