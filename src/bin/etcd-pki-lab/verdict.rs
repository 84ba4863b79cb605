//! `verdict`: what etcd and etcdctl answer, one JSON object a line, one line a
//! folder, in the order of the folders. A folder is read as [`Case`] says, and what
//! stands in an answer is the library's matter.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use etcd_pki_lab::script::verdict::{self, JudgeAs, NoVerdict, Other};
use etcd_pki_lab::{EtcdBuild, clients};
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
    /// What one of them, or each, makes of it.
    Other(Other),
}

/// A name that no client has.
#[derive(Debug, thiserror::Error)]
#[error("no client is called so; --client list names them")]
struct UnknownClient;

impl Asked {
    fn parse(text: &str) -> Result<Self, UnknownClient> {
        match text {
            "list" => Ok(Self::List),
            name => Other::parse(name)
                .map(Self::Other)
                .map_err(|_| UnknownClient),
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
    let judge_as = JudgeAs {
        etcd: options.etcd,
        etcdctl: options.etcdctl,
        at: options.at,
        other: match options.client {
            Some(Asked::Other(other)) => Some(other),
            Some(Asked::List) | None => None,
        },
        only_tls12: options.only_tls12,
    };
    let now = Timestamp::now();
    verdict::answer(&case.lines, &case.files, &judge_as, now).map_err(|error| match error {
        NoVerdict::NoRelease => Failure::NoRelease,
        NoVerdict::CommandLine(source) => Failure::CommandLine {
            path: folder.join(Case::FILE),
            source,
        },
    })
}
