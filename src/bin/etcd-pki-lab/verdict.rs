//! `verdict`: what etcd and etcdctl answer, one JSON object a line, one line a
//! folder, in the order of the folders. A folder is read as [`Case`] says. Where it
//! has `peer`, the answer has an object `peer` with the verdict, what the one that
//! dials logs (`dialer`), what `server` logs (`etcd`), and the rule, file and mend.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use etcd_pki_lab::{
    Client, CommandLineError, EtcdBuild, PeerMember, PeerQuestion, Question, clients, foretold_of,
    judge, judge_client, judge_peer,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Ended;
use crate::case::Case;
use crate::failure::Failure;

const EXAMPLES: &str = "\
Each FOLDER has a case.json with the two command lines, and beside it lie the files
that they name:
  { \"server\": \"etcd --cert-file=etcd.crt …\", \"client\": \"etcdctl --cacert=ca.crt put k v\" }
With \"peer\": \"etcd …\" it is also told whether that member gets through to server's
peer port (\"from\": its address, \"names\": {\"host\": [\"address\"]}).

Examples:
  etcd-pki-lab verdict pki --etcd 3.7.3
  etcd-pki-lab verdict cases/* --etcd 3.4.23 --at 2026-11-23T16:10:00Z
  etcd-pki-lab verdict pki --etcd 3.6.0 --etcdctl 3.5.16
  etcd-pki-lab verdict pki --etcd 3.7.3 --client py-grpcio
      What grpcio makes of the files and the endpoint that etcdctl is given.
  etcd-pki-lab verdict --client list
      The clients that can be asked about.

A line with \"error\" says why there is no verdict; then the status is 1.";

/// Which cases, which programs, and when.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Folders with a case.json each.
    #[arg(required_unless_present = "client", value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The release of etcd, such as 3.7.3; -debian or -upstream after it says who
    /// built it.
    #[arg(long, required_unless_present = "client", value_name = "VERSION", value_parser = EtcdBuild::parse)]
    etcd: Option<EtcdBuild>,
    /// The release of etcdctl; else etcd's.
    #[arg(long, value_name = "VERSION", value_parser = EtcdBuild::parse)]
    etcdctl: Option<EtcdBuild>,
    /// The time on both sides, such as 2026-11-23T16:10:00Z; else the case's
    /// `measured`, else now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Another client in etcdctl's place, such as py-grpcio; `list` names them, and
    /// `all` asks them all. The newest etcd is asked where none is named.
    #[arg(long, value_name = "NAME", value_parser = Asked::parse)]
    client: Option<Asked>,
    /// That client is limited to TLS 1.2.
    #[arg(long, requires = "client")]
    only_tls12: bool,
}

/// What `--client` asks for.
#[derive(Clone, Copy, Debug)]
enum Asked {
    /// The names of all.
    List,
    /// What each of them makes of it.
    All,
    /// One of them.
    Client(&'static Client),
}

/// A name that no client has.
#[derive(Debug, thiserror::Error)]
#[error("no client is called so; --client list names them")]
struct UnknownClient;

impl Asked {
    fn parse(text: &str) -> Result<Self, UnknownClient> {
        match text {
            "list" => Ok(Self::List),
            "all" => Ok(Self::All),
            name => clients::named(name).map(Self::Client).ok_or(UnknownClient),
        }
    }
}

/// Answers for each folder.
pub(crate) fn verdict(options: &Options) -> Ended {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    if let Some(Asked::List) = options.client {
        for client in clients::all() {
            let (id, version, library) = (client.id, client.version, client.library.name);
            writeln!(output, "{id}: {version}, {library}").map_err(Failure::Output)?;
        }
    }
    for folder in &options.folders {
        let line = answer(folder, options).unwrap_or_else(|failure| {
            code = ExitCode::FAILURE;
            json!({ "error": failure.to_string() })
        });
        writeln!(output, "{line}").map_err(Failure::Output)?;
    }
    output.flush().map_err(Failure::Output)?;
    Ok(code)
}

fn answer(folder: &Path, options: &Options) -> Result<Value, Failure> {
    let case = Case::read(folder)?;
    let newest = || EtcdBuild::oldest_and_newest().pop();
    let build = options.etcd.or_else(newest);
    let build = build.ok_or(Failure::NoRelease)?;
    let question = Question {
        server: &case.server,
        client: &case.client,
        files: &case.files,
        server_build: build,
        client_build: options.etcdctl.unwrap_or(build),
        now: options.at.or(case.measured).unwrap_or_else(Timestamp::now),
        users: None,
    };
    let wrong = |source| Failure::CommandLine {
        path: folder.join(Case::FILE),
        source,
    };
    let only_tls12 = options.only_tls12;
    match options.client {
        Some(Asked::Client(client)) => {
            return of_client(client, &question, only_tls12).map_err(wrong);
        }
        Some(Asked::All) => {
            let answers = clients::all().map(|client| of_client(client, &question, only_tls12));
            let answers: Result<Vec<Value>, _> = answers.collect();
            return answers
                .map(|clients| json!({ "clients": clients }))
                .map_err(wrong);
        }
        Some(Asked::List) | None => {}
    }
    let answer = judge(&question).map_err(wrong)?;
    let foretold = foretold_of(&question, &answer).map_err(wrong)?;
    let mut object = json!({
        "verdict": answer.verdict.word(),
        "step": format!("{:?}", answer.stage),
        "etcdctl": answer.dialer,
        "etcd": answer.logged_among_others(),
        "assumes": answer.assumes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "foretold": foretold.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "gateway": answer.gateway,
        "gateway_log": answer.gateway_log,
        "rule": answer.rule.id(),
        "sentence": answer.rule.sentence(),
        "source": answer.rule.source(),
        "file": answer.file,
        "field": answer.field,
        "mend": answer.mend(),
    });
    if let Some(dialer) = &case.peer {
        object["peer"] = peer(&case, dialer, &question).map_err(wrong)?;
    }
    Ok(object)
}

/// What another client makes of it.
fn of_client(
    client: &Client,
    question: &Question<'_>,
    only_tls12: bool,
) -> Result<Value, CommandLineError> {
    let answer = judge_client(question, client, only_tls12)?;
    Ok(json!({
        "verdict": answer.verdict.word(),
        "client": client.id,
        "version": client.version,
        "library": client.library.name,
        "refuser": answer.refuser.word(),
        "says": answer.says,
        "etcd": answer.logs,
        "why": answer.why,
        "rule": answer.rule.id(),
        "sentence": answer.rule.sentence(),
        "source": answer.rule.source(),
        "file": answer.file,
        "field": answer.field(),
        "mend": answer.mend(),
    }))
}

/// Whether the member of `dialer` gets through to the one of `question`.
fn peer(case: &Case, dialer: &str, question: &Question<'_>) -> Result<Value, CommandLineError> {
    let member = |line| PeerMember {
        line,
        files: question.files,
        build: question.server_build,
    };
    let answer = judge_peer(&PeerQuestion {
        dialer: member(dialer),
        listener: member(question.server),
        now: question.now,
        from: case.from.as_deref(),
        names: &case.names,
    })?;
    Ok(json!({
        "verdict": answer.verdict.word(),
        "step": format!("{:?}", answer.stage),
        "dialer": answer.dialer,
        "etcd": answer.listener,
        "rule": answer.rule.id(),
        "sentence": answer.rule.sentence(),
        "source": answer.rule.source(),
        "file": answer.file,
        "field": answer.field,
        "mend": answer.mend(),
    }))
}
