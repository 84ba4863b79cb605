//! Agreement with the real thing: the project's own cases are put to real
//! etcds and etcdctls, and to this crate. What was measured is kept in
//! `tests/record/answers`, where every run of the tests compares all cases with it;
//! here a sample of them is measured again.
//!
//! The builds lie in `target/tools/etcd-VERSION/` (or in the folder that
//! `ETCD_TOOLS` names). `ETCD_MEASURE=all` measures everything and writes the
//! record anew, with `ETCD_ONLY=CASE,BEGIN*` only these cases and with
//! `ETCD_BUILDS=VERSION,…` only with these builds; `ETCD_MEASURE=N` measures every
//! Nth case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use etcd_pki_lab::etcd::judge::reading::command_line::CommandLine;
use serde_json::{Value, json};

use crate::cases::{self, Case};
use crate::ports::free_ports;
use crate::record::{self, Measured, VERSIONS, compare, normalized};

pub(crate) fn tools() -> PathBuf {
    if let Some(folder) = std::env::var_os("ETCD_TOOLS") {
        return PathBuf::from(folder);
    }
    // CARGO_TARGET_TMPDIR is `tmp` in the target folder.
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap_or(Path::new("target"))
        .join("tools")
}

/// The builds that are measured again: the newest of each series, and 3.4.23.
/// What the others of the record said stays as it was.
const MEASURED_AGAIN: [&str; 4] = ["3.4.23", "3.5.35", "3.6.16", "3.7.3"];

/// The builds to measure with, each of which must be there.
pub(crate) fn builds() -> Vec<&'static str> {
    let only = std::env::var("ETCD_BUILDS").ok();
    let is_meant = |version: &str| {
        only.as_ref()
            .is_none_or(|list| list.split(',').any(|one| one == version))
    };
    let mut builds: Vec<&str> = if only.is_some() {
        VERSIONS.to_vec()
    } else {
        MEASURED_AGAIN.to_vec()
    };
    builds.retain(|version| is_meant(version));
    for version in &builds {
        let program = tools().join(format!("etcd-{version}/etcd"));
        assert!(
            program.is_file(),
            "{} is not there; run `cargo xtask test verdict`",
            program.display()
        );
    }
    builds
}

/// The errors of rejected connections in etcd's log.
pub(crate) fn rejections(log: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in log.lines() {
        if line.starts_with('{') {
            let Ok(entry) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let message = entry["msg"].as_str().unwrap_or_default();
            if message.starts_with("rejected connection") {
                found.insert(entry["error"].as_str().unwrap_or_default().to_owned());
            }
        } else if let Some((_, rest)) = line.split_once("(error ")
            && let Some((quoted, _)) = rest.split_once(", ServerName")
        {
            let text = serde_json::from_str(quoted).unwrap_or_else(|_| quoted.to_owned());
            found.insert(text);
        }
    }
    found.retain(|text| text != "EOF" && !text.ends_with("connection reset by peer"));
    found
}

pub(crate) fn command(folder: &Path, tools: &Path, line: &str, program: &'static str) -> Command {
    let line = CommandLine::parse(line, program).expect("a command line");
    let mut command = Command::new(tools.join(program));
    command
        .current_dir(folder)
        .args(&line.arguments)
        .envs(&line.environment)
        .stdin(Stdio::null());
    // etcd would remark on variables that begin with its name.
    for variable in ["ETCD_TOOLS", "ETCD_MEASURE", "ETCD_ONLY", "ETCD_BUILDS"] {
        command.env_remove(variable);
    }
    command
}

/// The lines in which etcd says why it ends, without times and places.
fn last_words(log: &str) -> Vec<String> {
    let telling = [" C | ", " E | ", "flag", "invalid", "error", "panic: "];
    log.lines()
        .filter_map(|line| {
            if line.starts_with('{') {
                let entry: Value = serde_json::from_str(line).ok()?;
                let level = entry["level"].as_str().unwrap_or_default();
                let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
                return matches!(level, "warn" | "error" | "fatal" | "panic")
                    .then(|| format!("{}: {}", text("msg"), text("error")));
            }
            telling
                .iter()
                .any(|word| line.contains(word))
                .then(|| line.to_owned())
        })
        .take(20)
        .collect()
}

/// Puts a case to real programs, again when another had taken the port or the
/// answer came too late.
fn measure(case: &Case, version: &str) -> Measured {
    let mut measured = measure_once(case, version);
    for _ in 0..3 {
        let clash = measured
            .etcd
            .iter()
            .any(|line| line.contains("address already in use"));
        // A machine under load can be too slow for the client's patience.
        let late = measured.verdict == "fail"
            && measured.etcd.is_empty()
            && measured.etcdctl.contains("context deadline exceeded");
        if !clash && !late {
            break;
        }
        measured = measure_once(case, version);
    }
    measured
}

/// Puts a case to real programs.
fn measure_once(case: &Case, version: &str) -> Measured {
    static COUNTER: AtomicUsize = AtomicUsize::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("case-{number}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    for (name, content) in &case.files {
        let path = folder.join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).expect("a folder");
            continue;
        }
        fs::create_dir_all(path.parent().unwrap_or(&folder)).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    let tools = tools().join(format!("etcd-{version}"));
    let [port, peer_port] = free_ports();
    let ported = |line: &str| {
        line.replace(":2379", &format!(":{port}"))
            .replace(":2380", &format!(":{peer_port}"))
    };
    let config = folder.join("etcd.yml");
    if let Ok(text) = fs::read_to_string(&config) {
        fs::write(&config, ported(&text)).expect("a file");
    }
    let peer = format!("http://127.0.0.1:{peer_port}");
    let log_path = folder.join("etcd.log");
    let log_file = fs::File::create(&log_path).expect("a file");
    let mut etcd = command(&folder, &tools, &ported(&case.server), "etcd");
    // With a config file etcd reads no other flag.
    let named = case.server.to_lowercase().replace('_', "-");
    if !named.contains("config-file") {
        let usual = [
            ("data-dir", "--data-dir=data".to_owned()),
            ("listen-peer-urls", format!("--listen-peer-urls={peer}")),
            (
                "initial-advertise-peer-urls",
                format!("--initial-advertise-peer-urls={peer}"),
            ),
            (
                "initial-cluster",
                format!("--initial-cluster=default={peer}"),
            ),
        ];
        // A case that names one of these is about it.
        let speaks_of_peers = case.id.starts_with("peer-");
        for (flag, argument) in usual {
            let given = named.contains(&format!("--{flag}="));
            let is_default = speaks_of_peers && flag == "initial-cluster";
            if !given && !is_default {
                etcd.arg(argument);
            }
        }
    }
    let mut etcd = etcd
        .stdout(log_file.try_clone().expect("a handle"))
        .stderr(log_file)
        .spawn()
        .expect("etcd runs");
    let unported = |text: &str| {
        text.replace(&format!(":{port}"), ":2379")
            .replace(&format!(":{peer_port}"), ":2380")
    };
    let log = || unported(&fs::read_to_string(&log_path).unwrap_or_default());
    let begun = Instant::now();
    let mut ended = false;
    while begun.elapsed() < Duration::from_secs(20) {
        if etcd.try_wait().ok().flatten().is_some() {
            ended = true;
            break;
        }
        if log().contains("serving client") || log().contains("serving insecure client") {
            std::thread::sleep(Duration::from_millis(200));
            ended = etcd.try_wait().ok().flatten().is_some();
            break;
        }
        std::thread::sleep(Duration::from_millis(40));
    }
    if ended {
        let _ = etcd.wait();
        let measured = Measured {
            verdict: "server-start-fail".to_owned(),
            etcd: last_words(&log()),
            etcdctl: String::new(),
            gateway: None,
        };
        let _ = fs::remove_dir_all(&folder);
        return measured;
    }
    let output = command(&folder, &tools, &ported(&case.client), "etcdctl")
        .args(["--command-timeout=1500ms", "--dial-timeout=1500ms"])
        .env("ETCDCTL_API", "3")
        .output()
        .expect("etcdctl runs");
    let mut etcdctl = unported(&String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        etcdctl.clear();
    }
    // The gateway's own connection is tried at once, and again each second.
    std::thread::sleep(Duration::from_millis(100));
    let etcd_log: Vec<String> = rejections(&log()).into_iter().collect();
    let gateway = gateway_status(&folder, &ported(&case.client));
    // Since 3.7 etcd's own connection is only made for the first request. curl's
    // was refused by nobody, if there is a status.
    let etcd_log = if gateway.is_some() {
        std::thread::sleep(Duration::from_millis(100));
        rejections(&log()).into_iter().collect()
    } else {
        etcd_log
    };
    let _ = etcd.kill();
    let _ = etcd.wait();
    let _ = fs::remove_dir_all(&folder);
    Measured {
        verdict: if output.status.success() {
            "ok"
        } else {
            "fail"
        }
        .to_owned(),
        etcd: if output.status.success() {
            Vec::new()
        } else {
            etcd_log
        },
        etcdctl,
        gateway,
    }
}

/// A `put` through the gateway by curl, with the files of etcdctl.
fn gateway_status(folder: &Path, line: &str) -> Option<u16> {
    let line = CommandLine::parse(line, "etcdctl").ok()?;
    let value = |flag: &str| {
        let prefix = format!("--{flag}=");
        line.arguments
            .iter()
            .find_map(|word| word.strip_prefix(&prefix).map(str::to_owned))
    };
    let endpoint = value("endpoints")?;
    let mut curl = Command::new("curl");
    curl.current_dir(folder)
        .args(["-s", "-o", "/dev/null", "-m", "5", "-w", "%{http_code}"]);
    for flag in ["cacert", "cert", "key"] {
        if let Some(value) = value(flag) {
            curl.args([format!("--{flag}"), value]);
        }
    }
    let output = curl
        .args(["-d", "{\"key\":\"aw==\",\"value\":\"dg==\"}"])
        .arg(format!("{endpoint}/v3/kv/put"))
        .output()
        .ok()?;
    String::from_utf8_lossy(&output.stdout)
        .parse()
        .ok()
        .filter(|status| *status != 0)
}

fn to_json(measured: &Measured) -> Value {
    // Stack traces only tell where a release was built.
    let etcdctl = normalized(&measured.etcdctl)
        .lines()
        .map(|line| line.split(",\"stacktrace\"").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    json!({"verdict": measured.verdict, "etcd": measured.etcd, "etcdctl": etcdctl, "gateway": measured.gateway})
}

/// Measures cases, several at a time: they mostly wait.
fn measure_all(chosen: &[(&Case, &'static str)]) -> BTreeMap<(String, String), Measured> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while let Some((case, version)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let measured = measure(case, version);
                    let place = (case.id.clone(), (*version).to_owned());
                    results
                        .lock()
                        .expect("no thread panicked")
                        .insert(place, measured);
                }
            });
        }
    });
    results.into_inner().expect("no thread panicked")
}

/// Whether a case is meant: by its id, or by the begin of it before a `*`.
fn matches(wanted: &str, id: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(begin) => id.starts_with(begin),
        None => wanted == id,
    }
}

#[test]
fn real_etcds_answer_as_recorded_and_as_judged() {
    let cases = cases::all();
    let mode = std::env::var("ETCD_MEASURE").unwrap_or_default();
    let here = builds();
    if mode == "all" {
        let only = std::env::var("ETCD_ONLY").ok();
        let wanted = |id: &str| {
            only.as_ref()
                .is_none_or(|list| list.split(',').any(|one| matches(one, id)))
        };
        let chosen: Vec<(&Case, &'static str)> = here
            .iter()
            .flat_map(|version| cases.iter().map(move |case| (case, *version)))
            .filter(|(case, _)| wanted(&case.id))
            .collect();
        let mut measured = record::read();
        measured.retain(|(id, _), _| cases.iter().any(|case| case.id == *id));
        measured.extend(measure_all(&chosen));
        let lines: Vec<String> = measured
            .iter()
            .map(|((case, version), measured)| {
                json!({"case": case, "etcd": version, "measured": to_json(measured)}).to_string()
            })
            .collect();
        fs::write(record::path(), format!("[\n{}\n]\n", lines.join(",\n")))
            .expect("the record is written");
    }
    if mode != "all" {
        let step = mode.parse().unwrap_or(25);
        println!("a sample, measured again with {here:?}:");
        let chosen: Vec<(&Case, &'static str)> = here
            .iter()
            .flat_map(|version| cases.iter().map(move |case| (case, *version)))
            .step_by(step)
            .collect();
        compare(&cases, &measure_all(&chosen), false);
    }
}
