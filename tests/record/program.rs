//! The program for scripts, run as its users run it: what it prints, what it
//! writes, with which status it ends, and what it says when something is wrong.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A plan whose keys are made in a moment.
const PLAN: &str = r#"{"key_type":"p256"}"#;

/// What a run of the program came to.
struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Its standard output as JSON, line by line.
    fn lines(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-pki-lab"));
    command
        .current_dir(folder)
        .args(arguments)
        .env_remove("CA_PASSPHRASE");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = program(folder, arguments);
    command.stdin(Stdio::null()).output().unwrap().into()
}

fn run_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = program(folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // What it answers while it reads must find room.
    let writer = std::thread::spawn(move || {
        // It may end before it has read everything.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output.into()
}

/// A folder with a plan in `plan.json`.
fn with_plan(plan: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("plan.json"), plan).unwrap();
    folder
}

/// A folder with the tutorial's files in `pki`, made with short keys, and a
/// `case.json` that names them.
fn made() -> TempDir {
    let folder = with_plan(PLAN);
    let ran = run(folder.path(), &["make", "plan.json", "pki"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    fs::write(
        folder.path().join("pki/case.json"),
        r#"{
            "server": "etcd --cert-file=etcd.crt --key-file=etcd.key --client-cert-auth --trusted-ca-file=ca.crt --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379",
            "client": "ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.crt put k v"
        }"#,
    )
    .unwrap();
    folder
}

/// Every file below a folder, by its path from there.
fn files_in(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(place) = folders.pop() {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap();
                found.push(name.to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn help_names_every_subcommand_and_each_has_worked_examples() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["--help"]);
    assert_eq!(help.status, 0);
    for subcommand in ["make", "verdict", "diagnose", "inspect", "chain"] {
        assert!(help.stdout.contains(&format!("\n  {subcommand} ")));
        let help = run(folder.path(), &[subcommand, "--help"]);
        assert_eq!(help.status, 0);
        let example = format!("\n  etcd-pki-lab {subcommand}");
        assert!(help.stdout.contains(&example), "{}", help.stdout);
    }
}

#[test]
fn a_wrong_command_line_ends_with_status_2_and_says_what_is_right() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (&["mkae"][..], "make"),
        (&["make", "tutorial"], "<FOLDER>"),
        (
            &["make", "sign-csr", "pki", "--usage", "boss"],
            "client, server and peer",
        ),
        (&["verdict", "pki"], "--etcd <VERSION>"),
        (&["verdict", "pki", "--etcd", "2.3"], "write it as 3.7.3"),
    ] {
        let ran = run(folder.path(), arguments);
        assert_eq!(ran.status, 2, "{arguments:?}");
        assert!(
            ran.stderr.contains(says),
            "{arguments:?} says {}",
            ran.stderr
        );
    }
    assert_eq!(files_in(folder.path()), [""; 0]);
}

#[test]
fn make_writes_a_plans_files_and_keeps_keys_to_their_owner() {
    let folder = made();
    let pki = folder.path().join("pki");
    let names = files_in(&pki);
    for name in ["README", "ca.crt", "ca.key", "client.key", "commands.sh"] {
        assert!(names.iter().any(|it| it == name), "{name} in {names:?}");
    }
    assert!(!names.iter().any(|name| name.starts_with('.')), "{names:?}");
    let mode = |name: &str| fs::metadata(pki.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("ca.key"), 0o600);
    assert_eq!(mode(""), 0o700);
}

#[test]
fn make_reads_a_plan_from_a_link_too() {
    let folder = tempfile::tempdir().unwrap();
    // {"key_type":"p256"}
    let link = "https://example.com/lab.html#plan=eyJrZXlfdHlwZSI6InAyNTYifQ";
    let ran = run(folder.path(), &["make", link, "pki"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(folder.path().join("pki/ca.crt").is_file());
}

#[test]
fn make_writes_an_archive_for_each_that_gets_one() {
    let folder = TempDir::new().unwrap();
    let plan = r#"{"preset":"kubeadm","key_type":"p256","members":[
        {"name":"a","hosts":"192.0.2.10"},{"name":"b","hosts":"192.0.2.11"}]}"#;
    fs::write(folder.path().join("plan.json"), plan).unwrap();
    let ran = run(folder.path(), &["make", "plan.json", "out", "--archives"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let mut names: Vec<String> = fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    for (name, who) in names.iter().zip(["machine-a", "machine-b", "offline"]) {
        assert!(name.ends_with(&format!("-{who}.tar")), "{name}");
        assert!(
            ran.stdout.contains(&format!("\n{name}\n")),
            "{}",
            ran.stdout
        );
        let mode = fs::metadata(folder.path().join("out").join(name)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    }
    let bring = format!("scp {} root@192.0.2.10:", names[0]);
    assert!(
        ran.stdout.replace(" \\\n  ", " ").contains(&bring),
        "{}",
        ran.stdout
    );
    let again = run(folder.path(), &["make", "plan.json", "out", "--archives"]);
    assert_eq!(
        again.status, 0,
        "another CA has other names: {}",
        again.stderr
    );
}

#[test]
fn make_overwrites_nothing_unless_told_to() {
    let folder = made();
    let key = folder.path().join("pki/ca.key");
    let before = fs::read(&key).unwrap();
    let ran = run(folder.path(), &["make", "plan.json", "pki"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("is there already"), "{}", ran.stderr);
    assert!(ran.stderr.contains("say --overwrite"), "{}", ran.stderr);
    assert_eq!(fs::read(&key).unwrap(), before);

    let ran = run(folder.path(), &["make", "plan.json", "pki", "--overwrite"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_ne!(fs::read(&key).unwrap(), before);
}

#[test]
fn make_that_fails_half_way_leaves_everything_as_it_was() {
    // The folder stands where a file is to go, behind files that were moved before.
    let folder = made();
    let pki = folder.path().join("pki");
    fs::remove_file(pki.join("commands.sh")).unwrap();
    fs::create_dir(pki.join("commands.sh")).unwrap();
    let before: Vec<(String, Vec<u8>)> = files_in(&pki)
        .into_iter()
        .map(|name| (name.clone(), fs::read(pki.join(name)).unwrap()))
        .collect();
    let ran = run(folder.path(), &["make", "plan.json", "pki", "--overwrite"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("commands.sh"), "{}", ran.stderr);
    let after: Vec<(String, Vec<u8>)> = files_in(&pki)
        .into_iter()
        .map(|name| (name.clone(), fs::read(pki.join(name)).unwrap()))
        .collect();
    assert_eq!(after, before);
}

#[test]
fn make_with_a_file_where_a_folder_must_be_makes_no_folder_at_all() {
    // One client's file is a file, another's is to lie below it.
    let plan = r#"{"key_type":"p256","clients":[{"name":"ca.crt/x","subject":"CN=a"}]}"#;
    let folder = with_plan(plan);
    let ran = run(folder.path(), &["make", "plan.json", "pki"]);
    assert_eq!(ran.status, 1, "{}", ran.stdout);
    assert_eq!(files_in(folder.path()), ["plan.json"]);
    assert!(!folder.path().join("pki").exists());
}

#[test]
fn make_looks_out_for_what_an_interrupted_run_was_to_replace() {
    let folder = with_plan(PLAN);
    let left = folder.path().join("pki/.etcd-pki-lab-unfinished/old");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("ca.key"), "the only copy").unwrap();
    let ran = run(folder.path(), &["make", "plan.json", "pki"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("an earlier run"), "{}", ran.stderr);
    assert_eq!(fs::read(left.join("ca.key")).unwrap(), b"the only copy");
}

#[test]
fn make_takes_a_ca_from_the_folder_and_writes_it_not_again() {
    let folder = made();
    let plan = r#"{"preset":"client_only","key_type":"p256","authority":{"source":"bring"},"clients":[{"name":"second","subject":"CN=second"}]}"#;
    fs::write(folder.path().join("more.json"), plan).unwrap();
    let key = fs::read(folder.path().join("pki/ca.key")).unwrap();
    for name in ["README", "commands.sh"] {
        let _ = fs::remove_file(folder.path().join("pki").join(name));
    }
    let ran = run(folder.path(), &["make", "more.json", "pki", "--overwrite"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(folder.path().join("pki/second.crt").is_file());
    assert_eq!(fs::read(folder.path().join("pki/ca.key")).unwrap(), key);
}

#[test]
fn make_says_what_is_missing_and_how_to_give_it() {
    let folder = with_plan(r#"{"clients":[{"days":"100000"}]}"#);
    for (arguments, says) in [
        (
            &["make", "tutorail", "pki"][..],
            "Presets are tutorial, cluster",
        ),
        (
            &["make", "client-only", "pki"],
            "Name it with --ca-cert FILE, or put it at pki/ca.crt",
        ),
        (&["make", "sign-csr", "pki"], "--csr FILE, or put it at"),
        (
            &["make", "tutorial", "pki", "--ca-cert", "ca.crt"],
            "Leave --ca-cert and --ca-key out",
        ),
        (
            &["make", "tutorial", "pki", "--usage", "server"],
            "Use --usage with sign-csr",
        ),
        (&["make", "plan.json", "pki"], "clients[0].days: "),
        (&["make", ".", "pki"], "no preset, no file"),
    ] {
        let ran = run(folder.path(), arguments);
        assert_eq!(ran.status, 1, "{arguments:?}");
        assert!(
            ran.stderr.starts_with("error: ") && ran.stderr.contains(says),
            "{arguments:?} says {}",
            ran.stderr
        );
    }
    assert_eq!(files_in(folder.path()), ["plan.json"]);
}

#[test]
fn verdict_prints_one_line_of_json_a_folder_and_tells_of_those_without_a_case() {
    let folder = made();
    let ran = run(
        folder.path(),
        &["verdict", "pki", "nothing", "pki", "--etcd", "3.5.30"],
    );
    assert_eq!(ran.status, 1);
    let lines = ran.lines();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["verdict"], "fail");
    assert_eq!(lines[0]["rule"], "client-certificate-required");
    assert!(lines[0]["mend"].as_str().unwrap().contains("--cert"));
    let error = lines[1]["error"].as_str().unwrap();
    assert!(error.starts_with("nothing/case.json: "), "{error}");
    assert_eq!(lines[2], lines[0]);
}

#[test]
fn verdict_says_what_another_client_makes_of_the_same_files() {
    let folder = made();
    let asked = |client: &str| {
        let ran = run(
            folder.path(),
            &["verdict", "pki", "--etcd", "3.7.3", "--client", client],
        );
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        ran.lines().remove(0)
    };
    let answer = asked("py-httpx");
    assert_eq!(answer["verdict"], "fail", "{answer}");
    assert_eq!(answer["refuser"], "etcd");
    assert_eq!(answer["rule"], "client-certificate-required");
    let says = answer["says"][0].as_str().unwrap();
    assert!(
        says.starts_with("httpx.ReadError: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED]"),
        "{says}"
    );
    assert_eq!(
        answer["etcd"][0],
        "tls: client didn't provide a certificate"
    );
    let list = run(folder.path(), &["verdict", "--client", "list"]);
    assert!(
        list.stdout
            .contains("\njava-jetcd-tcnative: jetcd-core 0.8.5"),
        "{}",
        list.stdout
    );
    let unknown = run(folder.path(), &["verdict", "pki", "--client", "netscape"]);
    assert_eq!(unknown.status, 2);
    assert!(
        unknown.stderr.contains("--client list"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn verdict_judges_at_the_time_that_is_named_and_as_two_releases() {
    let folder = made();
    let of = |more: &[&str]| {
        let arguments = [&["verdict", "pki", "--etcd", "3.5.30"], more].concat();
        run(folder.path(), &arguments).lines().remove(0)
    };
    let late = of(&["--at", "2126-01-01T00:00:00Z"]);
    assert_eq!(late["rule"], "validity-ends");
    assert_ne!(of(&["--etcdctl", "3.4.23"])["etcdctl"], of(&[])["etcdctl"]);
}

#[test]
fn verdict_tells_of_a_peer_when_the_case_has_one() {
    let folder = made();
    let case = r#"{
        "server": "etcd --cert-file=etcd.crt --key-file=etcd.key --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379 --peer-cert-file=etcd.crt --peer-key-file=etcd.key --peer-client-cert-auth --peer-trusted-ca-file=ca.crt --listen-peer-urls=https://127.0.0.1:2380",
        "client": "",
        "peer": "etcd --peer-trusted-ca-file=ca.crt --initial-cluster=a=https://127.0.0.1:2380"
    }"#;
    fs::write(folder.path().join("pki/case.json"), case).unwrap();
    let ran = run(folder.path(), &["verdict", "pki", "--etcd", "3.5.30"]);
    let line = ran.lines().remove(0);
    assert_eq!(line["peer"]["rule"], "name-in-cluster", "{line}");
    assert!(line["peer"]["dialer"].is_array(), "{line}");
}

/// What etcd logs when a client shows a certificate of another CA.
const LOGGED: &str = r#"{"level":"warn","msg":"rejected connection on client endpoint","remote-addr":"127.0.0.1:50000","server-name":"","error":"tls: failed to verify certificate: x509: certificate signed by unknown authority"}"#;

#[test]
fn diagnose_reads_a_text_from_standard_input_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let said = run_with_input(folder.path(), &["diagnose"], LOGGED.as_bytes());
    assert_eq!(said.status, 0, "{}", said.stderr);
    assert!(said.stdout.contains("etcd’s log: "), "{}", said.stdout);
    assert!(said.stdout.contains("Mend: "), "{}", said.stdout);

    let ran = run_with_input(folder.path(), &["diagnose", "--json"], LOGGED.as_bytes());
    let line = ran.lines().remove(0);
    assert_eq!(line["input"], "standard input");
    let finding = &line["findings"][0];
    assert_eq!(finding["side"], "etcd");
    for field in ["rule", "words", "line", "mend"] {
        assert!(finding[field].is_string(), "{field} in {finding}");
    }
    assert_eq!(line["unknown"], false);
}

#[test]
fn diagnose_judges_a_folder_with_a_case_as_verdict_does() {
    let folder = made();
    // The log's times are the time of the question.
    let now = jiff::Timestamp::now().to_string();
    let of = |file: &str| {
        let ran = run(folder.path(), &["diagnose", "--json", "--at", &now, file]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        ran.lines().remove(0)
    };
    let diagnosed = of("pki");
    let verdict = run(folder.path(), &["verdict", "pki", "--etcd", "3.5.30"]);
    let verdict = verdict.lines().remove(0);
    assert_eq!(diagnosed["verdict"]["verdict"], verdict["verdict"]);
    let finding = &diagnosed["findings"][0];
    assert_eq!(finding["rule"], verdict["rule"]);
    assert_eq!(finding["whose"], "etcdctl");
    let mended = diagnosed["mended"]["text"].as_str().unwrap();
    assert!(mended.contains("--cert=client.crt"), "{mended}");
    // The case's file stands for its folder.
    assert_eq!(of("pki/case.json")["findings"], diagnosed["findings"]);
}

#[test]
fn diagnose_reads_what_a_text_names_and_lies_beside_it_and_nothing_else() {
    let folder = made();
    let pki = folder.path().join("pki");
    let text = "$ etcd --cert-file=/etc/etcd/etcd.crt --key-file=/etc/etcd/etcd.key --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379\nas the README says\n";
    fs::write(pki.join("etcd.log"), text).unwrap();
    let ran = run(folder.path(), &["diagnose", "--json", "pki/etcd.log"]);
    let line = ran.lines().remove(0);
    let mut files: Vec<&str> = line["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file.as_str().unwrap())
        .collect();
    files.sort_unstable();
    assert_eq!(files, ["etcd.crt", "etcd.key", "etcd.log"]);
    assert_eq!(line["verdict"]["verdict"], "ok", "{line}");
}

#[test]
fn diagnose_prints_one_line_for_each_file_and_goes_on_after_one_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.log"), LOGGED).unwrap();
    fs::write(folder.path().join("b.log"), "the cat sat on the mat\n").unwrap();
    fs::create_dir(folder.path().join("c")).unwrap();
    let files = ["a.log", "none.log", "b.log", "c"];
    let arguments = [&["diagnose", "--json"], &files[..]].concat();
    let ran = run(folder.path(), &arguments);
    assert_eq!(ran.status, 1);
    let lines = ran.lines();
    let inputs: Vec<&str> = lines
        .iter()
        .map(|line| line["input"].as_str().unwrap())
        .collect();
    assert_eq!(inputs, files);
    assert!(lines[1]["error"].as_str().unwrap().contains("none.log"));
    assert_eq!(lines[2]["unknown"], true);
    assert_eq!(lines[3]["findings"], Value::Array(Vec::new()));

    let arguments = [&["diagnose"], &files[..]].concat();
    let ran = run(folder.path(), &arguments);
    assert!(ran.stderr.contains("none.log"), "{}", ran.stderr);
    assert!(ran.stdout.contains("== b.log\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("None of these words"), "{}", ran.stdout);
}

#[test]
fn diagnose_takes_bytes_that_are_no_text_and_a_log_that_says_the_same_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let noise: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let log = format!("{LOGGED}\n").repeat(5_000);
    for input in [b"".as_slice(), &noise, log.as_bytes()] {
        let ran = run_with_input(folder.path(), &["diagnose", "--json"], input);
        assert_eq!((ran.status, ran.lines().len()), (0, 1), "{}", ran.stderr);
    }
}

#[test]
fn inspect_says_what_each_file_is_in_words_and_as_json() {
    let folder = made();
    let files = ["pki/ca.crt", "pki/etcd.crt", "pki/etcd.key"];
    let ran = run(folder.path(), &[&["inspect"], &files[..]].concat());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stdout
            .starts_with("Found: 2 certificates and 1 private key."),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("Who signed whom"), "{}", ran.stdout);
    assert!(!ran.stdout.contains(['<', '{']), "{}", ran.stdout);
    assert!(!ran.stdout.contains("PRIVATE KEY-----"), "{}", ran.stdout);

    let ran = run(
        folder.path(),
        &[&["inspect", "--json"], &files[..]].concat(),
    );
    let object = ran.lines().remove(0);
    assert_eq!(object["items"].as_array().unwrap().len(), 3);
    assert_eq!(object["items"][0]["locations"][0]["file"], "pki/ca.crt");
    assert!(!ran.stdout.contains("PRIVATE KEY-----"), "{}", ran.stdout);
}

#[test]
fn inspect_reads_standard_input_and_says_what_it_can_not_read() {
    let folder = made();
    let certificate = fs::read(folder.path().join("pki/ca.crt")).unwrap();
    let ran = run_with_input(folder.path(), &["inspect"], &certificate);
    assert!(ran.stdout.starts_with("Found: 1 certificate."));
    let ran = run_with_input(folder.path(), &["inspect"], b"hello");
    assert_eq!(ran.status, 1);
    assert!(ran.stdout.contains("can’t be read"), "{}", ran.stdout);
    let ran = run(folder.path(), &["inspect", "pki/none.crt"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.starts_with("error: pki/none.crt: "));
}

#[test]
fn chain_answers_each_line_in_gos_words() {
    let folder = made();
    let read = |name: &str| fs::read_to_string(folder.path().join("pki").join(name)).unwrap();
    let question = |kind: &str, name: Value, time: Value, roots: Value, leaf: &str| {
        serde_json::json!({
            "id": [kind, name], "kind": kind, "time": time, "name": name,
            "roots": roots, "intermediates": "", "leaf": leaf,
        })
    };
    let now = Value::from(jiff::Timestamp::now().as_second());
    let (ca, server, client) = (read("ca.crt"), read("etcd.crt"), read("client.crt"));
    let roots = Value::from(vec![ca]);
    let name = |kind: &str, name: &str| serde_json::json!({ kind: name });
    let of = |kind, name, leaf: &str| question(kind, name, now.clone(), roots.clone(), leaf);
    let questions = [
        of("server", name("ip", "127.0.0.1"), &server),
        of("client", Value::Null, &client),
        of("server", name("dns", "example.com"), &server),
        of("server", Value::Null, &client),
        question("client", Value::Null, now.clone(), Value::from(""), &client),
        question(
            "client",
            Value::Null,
            Value::from("2126-01-01T00:00:00Z"),
            roots.clone(),
            &client,
        ),
        of("client", Value::Null, "no PEM"),
    ];
    let mut lines = String::new();
    for question in &questions {
        lines.push_str(&question.to_string());
        lines.push('\n');
    }
    lines += "\nno JSON\n";
    let ran = run_with_input(
        folder.path(),
        &["chain", "--go", "1.27.3"],
        lines.as_bytes(),
    );
    assert_eq!(ran.status, 1);
    let answers = ran.lines();
    let errors: Vec<Option<&str>> = answers
        .iter()
        .map(|answer| answer["error"].as_str())
        .collect();
    assert_eq!(
        errors[..5],
        [
            None,
            None,
            Some("x509: certificate is valid for localhost, not example.com"),
            Some("x509: certificate specifies an incompatible key usage"),
            Some("x509: certificate signed by unknown authority"),
        ]
    );
    assert!(errors[5].unwrap().contains("is after "), "{errors:?}");
    assert_eq!(answers[0]["id"], questions[0]["id"]);
    let accepted = answers.iter().map(|answer| &answer["accepted"]);
    let accepted: Vec<&Value> = accepted.take(6).collect();
    assert_eq!(accepted, [true, true, false, false, false, false]);
    assert!(answers[6]["unread"].as_str().unwrap().starts_with("leaf"));
    assert_eq!(answers[7]["line"], 9);
}
