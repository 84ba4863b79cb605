//! Real clients are refused by real etcds, and what both say is held against the
//! verdict. Few are asked each time. `CLIENT_SPEECH=all`, which `cargo xtask
//! client-words` sets, asks every client at hand for every refusal, and writes what it
//! heard into `tests/record/client-words-measured.jsonl`. `CLIENT_SPEECH_FAMILIES`,
//! `CLIENT_SPEECH_CLIENTS`, `CLIENT_SPEECH_ETCD` and `CLIENT_SPEECH_REFUSALS` then choose
//! some, by the beginnings of their names.

#![allow(
    clippy::unwrap_used,
    reason = "a judge says by panicking that it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use etcd_pki_lab::etcd::judge::client::{ClientAnswer, judge_client};
use etcd_pki_lab::{EtcdBuild, Question, Verdict, clients};
use jiff::Timestamp;
use support::drivers::{Driver, Speaker, Told};
use support::etcd::{Etcd, Version};
use support::free_ports;
use support::refusals::{REFUSALS, Refusal, plain};
use support::shell::{Output, Shell};
use tempfile::TempDir;

/// Whom the test asks each time, and for what: words that no race decides.
const ASKED: &[&str] = &[
    "curl-openssl",
    "go-clientv3",
    "py-requests",
    "py-grpcio",
    "node-https",
    "java-httpsurl",
    "rust-etcd-client-rustls",
    "gnutls-cli",
    "nss-tstclnt",
];
const ASKED_FOR: &[&str] = &["ok", "g", "k", "m", "q3"];

/// A driver ends with this where its client has no option that the question needs.
const CANT_BE_ASKED: i32 = 75;

/// What one client said of one refusal, and etcd of it.
struct Heard {
    speaker: Speaker,
    letter: &'static str,
    release: &'static str,
    words: String,
    log: String,
    served: bool,
    expected: ClientAnswer,
}

impl Heard {
    /// What the verdict foretold otherwise.
    fn faults(&self) -> Vec<String> {
        let (words, expected) = (plain(&self.words), &self.expected);
        let mut faults = Vec::new();
        let foretold_served = expected.verdict == Verdict::Accepted;
        if foretold_served != self.served {
            faults.push(format!("is served: {}", self.served));
        }
        let says = expected.says.iter().map(|part| plain(part));
        let is_said =
            |part: String| words.contains(&part) || words.contains(&part.replace('"', "\\\""));
        if !foretold_served && !says.into_iter().any(is_said) {
            faults.push(format!("foretold {:?}", expected.says));
        }
        if !expected
            .logs
            .iter()
            .any(|log| plain(log) == plain(&self.log))
        {
            faults.push(format!(
                "etcd logs {:?}, foretold {:?}",
                self.log, expected.logs
            ));
        }
        faults
    }

    fn cell(&self) -> String {
        let Speaker { client, version } = &self.speaker;
        format!("{client} {} {} {version}", self.letter, self.release)
    }
}

/// The certificates of the refusals, as old as the record's were.
fn material() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let make = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/record/client-cells/make.sh"
    );
    let day = |days: i64| {
        let hours = jiff::SignedDuration::from_hours(24 * days);
        let time = Timestamp::now() + hours;
        time.strftime("%y%m%d%H%M%SZ").to_string()
    };
    let script = format!("bash '{make}' . {} {}", day(-2), day(5));
    let shell = Shell::in_folder(folder.path()).at_most(Duration::from_mins(10));
    shell.run(&script).succeeded();
    folder
}

/// What etcd logged of the connections that it refused, after so many bytes.
fn refusal_logged(log: &str, after: usize) -> String {
    let lines = log.get(after..).unwrap_or_default().lines();
    let rejected = lines
        .filter(|line| line.contains("rejected connection"))
        .filter_map(error_logged);
    // A client that hangs up was not refused.
    let mut refused = rejected.filter(|error| !error.ends_with("connection reset by peer"));
    refused.next().unwrap_or_default()
}

/// The error of a line: 3.4 writes no JSON.
fn error_logged(line: &str) -> Option<String> {
    let Ok(line) = serde_json::from_str::<serde_json::Value>(line) else {
        let (_, error) = line.split_once("(error \"")?;
        return Some(error.split_once("\", ServerName")?.0.to_owned());
    };
    Some(line["error"].as_str()?.to_owned())
}

/// Without ports, and without the paths of this machine.
fn masked(words: &str, port: u16) -> String {
    let home = env::var("HOME").unwrap_or_else(|_| "/root".to_owned());
    let words = words
        .replace(&*support::target().to_string_lossy(), "TARGET")
        .replace(env!("CARGO_MANIFEST_DIR"), "SOURCES")
        .replace(&home, "HOME")
        .replace(&format!("port={port}"), "port=PORT");
    // Its own port is new each time.
    let mut parts = words.split("127.0.0.1:");
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|digit: char| digit.is_ascii_digit());
        masked += "127.0.0.1:";
        masked += if rest.len() < part.len() { "PORT" } else { "" };
        masked += rest;
    }
    masked.replace(&format!(":{port}"), ":PORT")
}

/// A client hears of a refusal.
fn hear(
    driver: &Driver,
    speaker: &Speaker,
    letter: &'static str,
    version: Version,
    (folder, etcd, port): (&str, Option<&Etcd>, u16),
) -> Option<Heard> {
    let refusal = asked(letter);
    let endpoint = refusal.endpoint(port);
    // What etcd logs of the client before comes late now and then.
    thread::sleep(Duration::from_millis(300));
    let before = etcd.map_or(0, |etcd| etcd.log().len());
    let files = refusal.files(&speaker.client, folder);
    let told = Told {
        endpoint: &endpoint,
        files: &files,
        only_tls12: letter == "r",
    };
    let said = driver.speak(
        speaker,
        &told,
        (letter == "wildcard").then_some("node.test"),
    );
    thread::sleep(Duration::from_millis(200));
    let log = etcd.map_or(String::new(), |etcd| refusal_logged(&etcd.log(), before));
    let Output {
        stdout,
        stderr,
        status,
    } = said;
    // A trace names where the client's library lies: on this machine alone.
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    let said = format!("{stdout}{stderr}").replace(folder, "PKI");
    let words = masked(&said.replace(&*tools.to_string_lossy(), "/opt"), port);
    if status == Some(CANT_BE_ASKED) {
        return None;
    }
    Some(Heard {
        speaker: speaker.clone(),
        letter,
        release: version.number(),
        words: words.trim().chars().take(3000).collect(),
        log: log.replace(folder, "PKI"),
        served: status == Some(0),
        expected: foretold(speaker, letter, version, Path::new(folder), port),
    })
}

/// The refusal; where roles are on, whoever asks is Alice.
fn asked(letter: &str) -> Refusal {
    let refusal = Refusal::of(letter);
    match letter {
        "u1" | "u2" => Refusal {
            certificate: "alice.crt",
            key: "alice.key",
            ..refusal
        },
        // etcd listens elsewhere: the client is told a port where nobody does.
        "v" => Refusal {
            listens: "https://127.0.0.1:2379",
            ..refusal
        },
        _ => refusal,
    }
}

fn foretold(
    speaker: &Speaker,
    letter: &str,
    version: Version,
    folder: &Path,
    port: u16,
) -> ClientAnswer {
    let files: BTreeMap<String, Vec<u8>> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((format!("PKI/{name}"), fs::read(&path).ok()?))
        })
        .collect();
    let build = EtcdBuild::parse(version.number()).unwrap();
    let refusal = asked(letter);
    let listens = if letter == "v" { 1 } else { port };
    let nobody: &[String] = &[];
    let question = Question {
        server: &refusal.etcd("PKI", listens),
        client: &refusal.etcdctl(&speaker.client, "PKI", port),
        files: &files,
        server_build: build,
        client_build: build,
        now: Timestamp::now(),
        users: matches!(letter, "u1" | "u2").then_some(nobody),
    };
    let client = clients::named(&speaker.client).unwrap();
    judge_client(&question, client, letter == "r").unwrap()
}

/// Each speaker is put to a refusal by an etcd.
fn put(
    letter: &'static str,
    version: Version,
    speakers: &[(Driver, Speaker)],
    material: &Path,
) -> Vec<Heard> {
    let folder = material.to_string_lossy().into_owned();
    let [port] = free_ports();
    let refusal = asked(letter);
    let etcd = (letter != "v").then(|| {
        let mut etcd = Etcd::start(version, &refusal.etcd(&folder, port), material);
        etcd.ready().unwrap();
        etcd
    });
    if matches!(letter, "u1" | "u2") {
        let told = format!(
            "etcdctl --endpoints=https://127.0.0.1:{port} --cacert=ca.crt --cert=client.crt --key=client.key"
        );
        let alice = if letter == "u2" {
            format!("{told} user add alice:alice")
        } else {
            String::new()
        };
        let roles = format!(
            "set -e\n{told} user add root:root\n{told} user grant-role root root\n{alice}\n{told} auth enable"
        );
        let shell = Shell::in_folder(material).with_etcd(version);
        shell.run(&roles).succeeded();
    }
    let heard = |(driver, speaker): &(Driver, Speaker)| {
        let heard = hear(
            driver,
            speaker,
            letter,
            version,
            (&folder, etcd.as_ref(), port),
        );
        if let Some(heard) = &heard {
            println!("{}: {:?}", heard.cell(), heard.faults());
        }
        heard
    };
    speakers
        .iter()
        .filter(|(_, speaker)| !(matches!(letter, "u1" | "u2") && speaker.client.ends_with("-ec")))
        .filter_map(heard)
        .collect()
}

/// All that speak, whose driver is installed first.
fn speakers(
    is_family: impl Fn(&str) -> bool,
    is_asked: impl Fn(&Speaker) -> bool,
) -> Vec<(Driver, Speaker)> {
    let mut all = Vec::new();
    for driver in Driver::all() {
        if !is_family(&driver.family) {
            continue;
        }
        driver.install("install");
        for speaker in driver.speakers() {
            if is_asked(&speaker) {
                all.push((driver.clone(), speaker));
            }
        }
    }
    all
}

/// Writes what was heard in the place of what was heard before of the same cells.
fn keep(heard: &[Heard]) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/record/client-words-measured.jsonl");
    let mut cells: BTreeMap<String, String> = fs::read_to_string(&path)
        .unwrap_or_default()
        .lines()
        .map(|line| {
            let [client, letter, release, _, _, version, _]: [String; 7] =
                serde_json::from_str(line).unwrap();
            (
                format!("{client} {letter} {release} {version}"),
                line.to_owned(),
            )
        })
        .collect();
    for each in heard {
        let Speaker { client, version } = &each.speaker;
        let row: [&str; 7] = [
            client,
            each.letter,
            each.release,
            &each.words,
            &each.log,
            version,
            if each.served { "served" } else { "refused" },
        ];
        cells.insert(each.cell(), serde_json::to_string(&row).unwrap());
    }
    let lines: Vec<String> = cells.into_values().map(|line| line + "\n").collect();
    fs::write(path, lines.concat()).unwrap();
}

#[test]
fn what_clients_and_etcd_say_of_a_refusal_is_what_the_verdict_foretells() {
    let all = env::var("CLIENT_SPEECH").is_ok_and(|it| it == "all");
    let chosen = |name: &str| env::var(name).unwrap_or_default();
    let (families, ids, releases, refusals) = (
        chosen("CLIENT_SPEECH_FAMILIES"),
        chosen("CLIENT_SPEECH_CLIENTS"),
        chosen("CLIENT_SPEECH_ETCD"),
        chosen("CLIENT_SPEECH_REFUSALS"),
    );
    let names = |list: &str, name: &str| list.split(',').any(|start| name.starts_with(start));
    let is_family = |family: &str| !all || names(&families, family);
    let speakers = speakers(is_family, |speaker| {
        if all {
            names(&ids, &speaker.client)
        } else {
            ASKED.contains(&speaker.client.as_str())
        }
    });
    let versions: Vec<Version> = [Version::V3_7_3, Version::V3_5_35, Version::V3_4_23]
        .into_iter()
        .filter(|version| {
            if all {
                names(&releases, version.number())
            } else {
                *version == Version::V3_7_3
            }
        })
        .collect();
    let letters: Vec<&'static str> = REFUSALS
        .iter()
        .map(|(letter, _)| *letter)
        .filter(|letter| {
            if all {
                names(&refusals, letter)
            } else {
                ASKED_FOR.contains(letter)
            }
        })
        .collect();
    let mut work: Vec<(&'static str, Version)> = Vec::new();
    for version in versions {
        let can_be_asked = |letter: &&&'static str| {
            // 3.4 has no flag for TLS versions.
            version != Version::V3_4_23 || !asked(letter).options.contains("-version=TLS")
        };
        let asked = letters.iter().filter(can_be_asked);
        work.extend(asked.map(|letter| (*letter, version)));
    }
    let material = material();
    let mut heard = Vec::new();
    for pair in work.chunks(2) {
        thread::scope(|scope| {
            let (speakers, material) = (&speakers, material.path());
            let both: Vec<_> = pair
                .iter()
                .map(|(letter, version)| scope.spawn(|| put(letter, *version, speakers, material)))
                .collect();
            for one in both {
                heard.extend(one.join().unwrap());
            }
        });
        if all {
            keep(&heard);
        }
    }
    let wrong: BTreeMap<String, (Vec<String>, &str)> = heard
        .iter()
        .filter(|each| !each.faults().is_empty())
        .map(|each| (each.cell(), (each.faults(), each.words.as_str())))
        .collect();
    println!("{} cells, {} not as foretold", heard.len(), wrong.len());
    if all {
        for (cell, (faults, words)) in &wrong {
            let words: String = words.chars().take(600).collect();
            println!("{cell}: {faults:?}\n    printed: {words}");
        }
        return;
    }
    assert!(wrong.is_empty(), "not as foretold: {wrong:#?}");
}
