//! etcd's flags, variables and keys of the config file, one by one, as real etcds
//! took or refused them: `flags.jsonl` says which each release knows, `settings.jsonl`
//! in which words it refuses a value, or a file that is no YAML.

use std::collections::{BTreeMap, BTreeSet};

use etcd_pki_lab::etcd::facts::etcdctl_option::EtcdctlOption;
use etcd_pki_lab::etcd::facts::option::EtcdOption;
use etcd_pki_lab::etcd::facts::release::{EtcdBuild, EtcdVersion};
use etcd_pki_lab::etcd::judge::{Finding, Question, Verdict, judge};
use jiff::Timestamp;
use serde_json::Value;

const FLAGS: &str = include_str!("flags.jsonl");
const SETTINGS: &str = include_str!("settings.jsonl");

fn lines(record: &str) -> impl Iterator<Item = Value> + use<'_> {
    let lines = record.lines();
    lines.map(|line| serde_json::from_str(line).expect("a line of JSON"))
}

fn texts(value: &Value) -> Vec<&str> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(Value::as_str).collect()
}

/// Starts an etcd with a command line, and perhaps a config file.
fn start(server: &str, config_file: Option<&str>, version: &str) -> Finding {
    let build = EtcdBuild::parse(version).expect("a version");
    let mut files = BTreeMap::new();
    if let Some(text) = config_file {
        files.insert("c.yml".to_owned(), text.as_bytes().to_vec());
    }
    judge(&Question::new(
        server,
        "etcdctl get k",
        &files,
        build,
        Timestamp::now(),
    ))
    .expect("command lines")
}

fn start_with_file(text: &str, version: &str) -> Finding {
    start("etcd --config-file=c.yml", Some(text), version)
}

/// A member's own flags, and these as flags or as variables.
fn line(given: &str, as_variables: bool) -> String {
    let mut line = "etcd --data-dir=data --listen-client-urls=http://127.0.0.1:2379 \
                    --advertise-client-urls=http://127.0.0.1:2379 \
                    --listen-peer-urls=http://127.0.0.1:2380 \
                    --initial-advertise-peer-urls=http://127.0.0.1:2380"
        .to_owned();
    if !given.contains("--discovery") && !given.contains("--initial-cluster=") {
        line += " --initial-cluster=default=http://127.0.0.1:2380";
    }
    if !as_variables {
        return format!("{line} {given}");
    }
    let variables = given.split(' ').map(|word| {
        let word = word.trim_start_matches('-');
        let (name, value) = word.split_once('=').unwrap_or((word, "true"));
        format!("ETCD_{}='{value}'", name.to_uppercase().replace('-', "_"))
    });
    let variables: Vec<String> = variables.collect();
    format!("{} {line}", variables.join(" "))
}

/// The words with which etcd ends, if it does; without what 3.4 puts around them.
fn words(finding: &Finding) -> Option<String> {
    let words = finding.listener.first().map_or("", String::as_str);
    let words = words.trim_start_matches("etcdmain: ");
    let words = words.trim_start_matches("error verifying flags, ");
    let words = words.trim_end_matches(". See 'etcd --help'.");
    (finding.verdict == Verdict::ServerStartFailed).then(|| words.to_owned())
}

#[test]
fn a_setting_is_refused_in_the_words_of_the_release() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in lines(SETTINGS) {
        for said in case["said"].as_array().expect("answers") {
            for version in texts(&said["etcd"]) {
                count += 1;
                let (what, finding) = if let Some(text) = case["file"].as_str() {
                    (text.to_owned(), start_with_file(text, version))
                } else {
                    let flags = case["flags"].as_str();
                    let given = flags.or(case["variables"].as_str()).expect("flags");
                    let line = line(given, flags.is_none());
                    let finding = start(&line, None, version);
                    (line, finding)
                };
                let (ours, theirs) = (words(&finding), said["words"].as_str());
                if ours.as_deref() != theirs {
                    wrong.push(format!(
                        "{version} {what:?}:\n  here {ours:?}\n  etcd {theirs:?}"
                    ));
                }
            }
        }
    }
    println!("{} of {count} settings agree", count - wrong.len());
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn each_release_knows_the_flags_and_keys_that_it_was_seen_to_know() {
    let mut wrong = Vec::new();
    for row in lines(FLAGS) {
        let flag = row["flag"].as_str().expect("a flag");
        let name = flag.trim_start_matches('-');
        for said in row["said"].as_array().expect("answers") {
            for version in texts(&said["etcdctl"]) {
                let minor = EtcdVersion::parse(version).expect("a version").minor;
                let known = EtcdctlOption::of(None, minor).any(|option| option.name() == name);
                if known != (said["flag"] == "taken") {
                    wrong.push(format!("etcdctl {version} {flag}: here {known}"));
                }
            }
            for version in texts(&said["etcd"]) {
                let etcd = EtcdVersion::parse(version).expect("a version");
                let option = EtcdOption::named(name, etcd);
                if option.is_some() != (said["flag"] != "unknown") {
                    wrong.push(format!("{version} {flag}: here {option:?}"));
                }
                assert_eq!(
                    said["flag"] == "unknown",
                    said["variable"] == "unknown",
                    "{flag}"
                );
                let keys: BTreeSet<&str> = texts(&said["keys"]).into_iter().collect();
                for key in &keys {
                    let mut parts: Vec<&str> = key.split('/').collect();
                    let last = parts.pop().expect("a key");
                    let inner = format!("{last}: {{a: b}}");
                    let text = parts
                        .iter()
                        .rev()
                        .fold(inner, |inner, part| format!("{part}: {{{inner}}}"));
                    let words = words(&start_with_file(&text, version)).unwrap_or_default();
                    if !words.contains("cannot unmarshal object") {
                        wrong.push(format!("{version} {text}: here {words:?}"));
                    }
                }
                // The files of the measurement themselves had this one.
                if keys.is_empty() && name != "listen-client-urls" {
                    let text = format!("{name}: {{a: b}}");
                    let words = words(&start_with_file(&text, version));
                    if words.is_some() {
                        wrong.push(format!("{version} {text}: here {words:?}"));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
