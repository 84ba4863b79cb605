//! `verdict`: what etcd and etcdctl answer, one JSON object a line, one line a
//! folder, in the order of the folders. A folder is read as [`Case`] says. Where it
//! has `peer`, the answer has an object `peer` with the verdict, what the one that
//! dials logs (`dialer`), what `server` logs (`etcd`), and the rule, file and mend.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use etcd_pki_lab::{
    CommandLineError, EtcdBuild, PeerMember, PeerQuestion, Question, foretold_of, judge, judge_peer,
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

A line with \"error\" says why there is no verdict; then the status is 1.";

/// Which cases, which programs, and when.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Folders with a case.json each.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The release of etcd, such as 3.7.3; -debian or -upstream after it says who
    /// built it.
    #[arg(long, value_name = "VERSION", value_parser = EtcdBuild::parse)]
    etcd: EtcdBuild,
    /// The release of etcdctl; else etcd's.
    #[arg(long, value_name = "VERSION", value_parser = EtcdBuild::parse)]
    etcdctl: Option<EtcdBuild>,
    /// The time on both sides, such as 2026-11-23T16:10:00Z; else the case's
    /// `measured`, else now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// Answers for each folder.
pub(crate) fn verdict(options: &Options) -> Ended {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
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
    let question = Question {
        server: &case.server,
        client: &case.client,
        files: &case.files,
        server_build: options.etcd,
        client_build: options.etcdctl.unwrap_or(options.etcd),
        now: options.at.or(case.measured).unwrap_or_else(Timestamp::now),
        users: None,
    };
    let wrong = |source| Failure::CommandLine {
        path: folder.join(Case::FILE),
        source,
    };
    let answer = judge(&question).map_err(wrong)?;
    let foretold = foretold_of(&question, &answer).map_err(wrong)?;
    let mut object = json!({
        "verdict": answer.verdict.word(),
        "step": format!("{:?}", answer.stage),
        "etcdctl": answer.dialer,
        "etcd": answer.listener,
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
