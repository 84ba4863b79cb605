//! What others measured: 184 cases, each put to real etcds and etcdctls of eight
//! builds, in `etcds.jsonl`. Its first line says which Go built each, then every
//! file has a line, shared by all cases that have it, and every case, with the same
//! words of several builds said once. Which answers still differ is kept in
//! `etcds-different.txt`; one that no longer does must be taken out there.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::{Question, judge};
use serde_json::Value;

use crate::record::normalized;

const RECORD: &str = include_str!("etcds.jsonl");
const DIFFERENT: &str = include_str!("etcds-different.txt");

fn texts(value: &Value) -> BTreeSet<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(normalized)
        .collect()
}

/// The known differences: `build case` a line, with the reason behind a colon.
fn known() -> BTreeSet<&'static str> {
    DIFFERENT
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split_once(": ").expect("a reason").0)
        .collect()
}

/// What a build of etcd said of a case, and what this crate says instead; nothing
/// where both are the same.
fn difference(
    case: &Value,
    files: &BTreeMap<String, Vec<u8>>,
    version: &str,
    said: &Value,
) -> Option<String> {
    let line = |name: &str| case[name].as_str().expect("a text");
    let build = EtcdBuild::parse(version).expect("a version");
    let answer = judge(&Question::new(
        line("server"),
        line("client"),
        files,
        build,
        line("measured").parse().expect("a time"),
    ))
    .expect("command lines");
    if said["verdict"] != answer.verdict.word() {
        return Some(format!(
            "verdict: here {}, etcd {}",
            answer.verdict.word(),
            said["verdict"]
        ));
    }
    let own: BTreeSet<String> = answer
        .logged_among_others()
        .iter()
        .map(|text| normalized(text))
        .collect();
    let printed: BTreeSet<String> = answer.dialer.iter().map(|text| normalized(text)).collect();
    let (log, print) = (
        texts(&said["etcd_phrases"]),
        texts(&said["etcdctl_phrases"]),
    );
    if own != log {
        return Some(format!("etcd: here {own:?}, etcd {log:?}"));
    }
    if !print.is_subset(&printed) || print.is_empty() != printed.is_empty() {
        return Some(format!("etcdctl: here {printed:?}, etcdctl {print:?}"));
    }
    let status = said["gateway"].as_u64().map(|status| status as u16);
    let status = status.map(|status| Some(status).filter(|status| *status != 0));
    if status.is_some_and(|status| status != answer.gateway) {
        return Some(format!(
            "gateway: here {:?}, curl {status:?}",
            answer.gateway
        ));
    }
    None
}

#[test]
fn measured_cases_get_the_measured_answers() {
    let mut lines = RECORD
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let head = lines.next().expect("the first line");
    let builds = head["go"].as_object().expect("the builds");
    let mut files: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let known = known();
    let mut unexpected = Vec::new();
    let mut found: BTreeSet<String> = BTreeSet::new();
    for line in lines {
        if let Some(number) = line["file"].as_u64() {
            let content = match line["text"].as_str() {
                Some(text) => text.as_bytes().to_vec(),
                None => STANDARD
                    .decode(line["base64"].as_str().expect("base64"))
                    .expect("base64"),
            };
            files.insert(number, content);
            continue;
        }
        let case = line;
        let id = case["case"].as_str().expect("an id");
        let mut own: BTreeMap<String, Vec<u8>> = case["files"]
            .as_object()
            .expect("files")
            .iter()
            .map(|(name, number)| {
                let number = number.as_u64().expect("a number");
                (name.clone(), files[&number].clone())
            })
            .collect();
        // A case names a file of the machine that is no PEM.
        own.insert("/etc/hostname".to_owned(), b"host\n".to_vec());
        for result in case["results"].as_array().expect("results") {
            for version in result["etcd"].as_array().expect("builds") {
                let version = version.as_str().expect("a build");
                assert!(builds.contains_key(version), "{version}");
                *count.entry(version.to_owned()).or_default() += 1;
                let place = format!("{version} {id}");
                let difference = difference(&case, &own, version, &result["said"]);
                if let Some(difference) = difference {
                    if !known.contains(place.as_str()) {
                        unexpected.push(format!("{place}: {difference}"));
                    }
                    found.insert(place);
                }
            }
        }
    }
    assert_eq!(count.len(), builds.len(), "{count:?}");
    assert!(count.values().all(|count| *count == 184), "{count:?}");
    let gone: Vec<&&str> = known
        .iter()
        .filter(|place| !found.contains(**place))
        .collect();
    assert!(
        unexpected.is_empty() && gone.is_empty(),
        "{} answers differ:\n{}\nthese no longer differ, take them out of etcds-different.txt:\n{gone:?}",
        unexpected.len(),
        unexpected.join("\n"),
    );
}
