//! Asks for verdicts from scripts: one JSON object a line, one line a folder.
//!
//! ```text
//! cargo run --release --example verdict -- FOLDER… --etcd 3.5.30
//! cargo run --release --example verdict -- FOLDER… --etcd 3.4.23 --at 2026-11-23T16:10:00Z
//! cargo run --release --example verdict -- FOLDER… --etcd 3.6.0 --etcdctl 3.5.16
//! ```
//!
//! Each folder has a `case.json` with the command lines `server` and `client`
//! and beside it the files that they name. Without `--at` the time is the
//! case's `measured`, else now.
//!
//! A case may also have `peer`: the command line of another member, which
//! connects to the peer port of `server`. Then the answer has an object `peer`
//! with the verdict, what the one that dials logs (`dialer`), what `server` logs
//! (`etcd`), and the rule, file and mend. Beside it may stand `from`, the
//! address that the dialer is seen with, and `names`, an object of host names
//! and lists of addresses, since nothing is looked up.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use etcd_pki_lab::etcd::facts::release::EtcdBuild;
use etcd_pki_lab::etcd::judge::cause::{self, Cause};
use etcd_pki_lab::etcd::judge::peer::{PeerMember, PeerQuestion, judge_peer};
use etcd_pki_lab::etcd::judge::reading::command_line::CommandLineError;
use etcd_pki_lab::etcd::judge::{Question, judge};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What the command line asks for.
struct Arguments {
    folders: Vec<PathBuf>,
    server: EtcdBuild,
    client: EtcdBuild,
    at: Option<Timestamp>,
}

fn arguments() -> Result<Arguments, String> {
    use lexopt::prelude::{Long, Value as Word};
    let mut parser = lexopt::Parser::from_env();
    let (mut folders, mut server, mut client, mut at) = (Vec::new(), None, None, None);
    let text = |parser: &mut lexopt::Parser| -> Result<String, String> {
        let word = parser.value().map_err(|error| error.to_string())?;
        word.into_string()
            .map_err(|word| format!("{} is not UTF-8", word.display()))
    };
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Long("etcd") => {
                server =
                    Some(EtcdBuild::parse(&text(&mut parser)?).map_err(|error| error.to_string())?);
            }
            Long("etcdctl") => {
                client =
                    Some(EtcdBuild::parse(&text(&mut parser)?).map_err(|error| error.to_string())?);
            }
            Long("at") => {
                let time = text(&mut parser)?;
                at = Some(
                    time.parse()
                        .map_err(|error| format!("--at {time}: {error}"))?,
                );
            }
            Word(folder) => folders.push(PathBuf::from(folder)),
            other => return Err(other.unexpected().to_string()),
        }
    }
    let server = server.ok_or("--etcd VERSION is missing, for example --etcd 3.5.30")?;
    if folders.is_empty() {
        return Err("no folder was given".to_owned());
    }
    Ok(Arguments {
        folders,
        server,
        client: client.unwrap_or(server),
        at,
    })
}

/// Folders in folders end here, in case one links to itself.
const LONGEST_PREFIX: usize = 200;

/// The files beside `case.json`, in folders too, and those that the command
/// lines name by absolute paths.
fn files(folder: &Path, lines: &[&str]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = BTreeMap::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((place, prefix)) = folders.pop() {
        for entry in fs::read_dir(place).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_file() {
                files.insert(name, fs::read(entry.path()).map_err(failed)?);
            } else if entry.path().is_dir() && prefix.len() < LONGEST_PREFIX {
                // A folder that nothing lies in is one, too.
                files.insert(format!("{name}/"), Vec::new());
                folders.push((entry.path(), format!("{name}/")));
            }
        }
    }
    for word in lines
        .iter()
        .flat_map(|line| line.split([' ', '=', '\'', '"']))
    {
        if !word.starts_with('/') {
            continue;
        }
        if Path::new(word).is_dir() {
            files.insert(format!("{}/", word.trim_end_matches('/')), Vec::new());
        } else if let Ok(content) = fs::read(word) {
            files.insert(word.to_owned(), content);
        }
    }
    Ok(files)
}

fn answer(folder: &Path, arguments: &Arguments) -> Result<Value, String> {
    let path = folder.join("case.json");
    let text = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let case: Value =
        serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let line = |name: &str| case.get(name).and_then(Value::as_str).unwrap_or_default();
    let measured = case
        .get("measured")
        .and_then(Value::as_str)
        .and_then(|time| time.parse().ok());
    let files = files(folder, &[line("server"), line("client")])?;
    let question = Question {
        server: line("server"),
        client: line("client"),
        files: &files,
        server_build: arguments.server,
        client_build: arguments.client,
        now: arguments.at.or(measured).unwrap_or_else(Timestamp::now),
        users: None,
    };
    let answer = judge(&question).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut object = json!({
        "verdict": answer.verdict.word(),
        "step": format!("{:?}", answer.step),
        "etcdctl": answer.etcdctl,
        "etcd": answer.etcd,
        "assumes": answer.assumes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "gateway": answer.gateway,
        "gateway_log": answer.gateway_log,
        "rule": answer.rule.id,
        "sentence": answer.rule.sentence,
        "source": answer.rule.source,
        "file": answer.file,
        "field": answer.field,
        "mend": answer.mend,
    });
    if let Some(dialer) = case.get("peer").and_then(Value::as_str) {
        let peer = peer(&case, dialer, &question)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        object["peer"] = peer;
    }
    Ok(object)
}

/// Whether the member of `dialer` gets through to the one of `question`.
fn peer(case: &Value, dialer: &str, question: &Question<'_>) -> Result<Value, CommandLineError> {
    let names: BTreeMap<String, Vec<String>> = case
        .get("names")
        .and_then(|names| serde_json::from_value(names.clone()).ok())
        .unwrap_or_default();
    let member = |line| PeerMember {
        line,
        files: question.files,
        build: question.server_build,
    };
    let answer = judge_peer(&PeerQuestion {
        dialer: member(dialer),
        listener: member(question.server),
        now: question.now,
        from: case.get("from").and_then(Value::as_str),
        names: &names,
    })?;
    let rule = answer.cause.as_ref().map_or(cause::ACCEPTED, Cause::rule);
    Ok(json!({
        "verdict": answer.verdict.word(),
        "step": format!("{:?}", answer.step),
        "dialer": answer.dialer,
        "etcd": answer.listener,
        "rule": rule.id,
        "sentence": rule.sentence,
        "source": rule.source,
        "file": answer.file,
        "field": answer.field,
        "mend": answer.mend,
    }))
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(reason) => {
            eprintln!(
                "{reason}\nusage: verdict FOLDER… --etcd 3.5.30 [--etcdctl 3.5.16] [--at 2026-11-23T16:10:00Z]\n\
                 Each FOLDER has a case.json: {{\"server\": \"etcd …\", \"client\": \"etcdctl …\"}}, and with\n\
                 \"peer\": \"etcd …\" it is also told whether that member gets through to server's peer port\n\
                 (\"from\": its address, \"names\": {{\"host\": [\"address\"]}})."
            );
            return ExitCode::FAILURE;
        }
    };
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    for folder in &arguments.folders {
        let line = answer(folder, &arguments).unwrap_or_else(|reason| {
            code = ExitCode::FAILURE;
            json!({ "error": reason })
        });
        if writeln!(output, "{line}").is_err() {
            return ExitCode::FAILURE;
        }
    }
    code
}
