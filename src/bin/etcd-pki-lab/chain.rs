//! `chain`: what Go's `crypto/x509` says to certificate chains, JSON lines in and
//! one out for each, in their order. On the crate `go-x509` alone: nothing of etcd
//! is in it.

use std::fmt;
use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;

use clap::Args;
use go_x509::certificate::{Certificate, ExtendedKeyUsage};
use go_x509::chain::{VerifyOptions, verify};
use go_x509::pem;
use go_x509::pool::CertificatePool;
use go_x509::time::Time;
use go_x509::version::{GoBuild, GoVersion};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Ended;
use crate::failure::Failure;

const EXAMPLES: &str = "\
Each line of standard input is one chain:
  { \"id\": \"a\", \"kind\": \"server\", \"time\": \"2026-11-23T16:10:00Z\",
    \"name\": { \"dns\": \"etcd.example.com\" },
    \"roots\": [\"-----BEGIN CERTIFICATE-----…\"], \"intermediates\": [], \"leaf\": \"…\" }
kind is server or client, time may also be in seconds since 1970, name is { \"dns\": … }
or { \"ip\": … } or left out, and each of roots, intermediates and leaf is PEM: one text
or a list of texts. The answer is
  { \"id\": \"a\", \"accepted\": false, \"error\": \"x509: …\" }

Examples:
  etcd-pki-lab chain --go 1.27.3 < chains.jsonl
  etcd-pki-lab chain --go 1.24.0 --language 1.20 < chains.jsonl

A line that can't be read is answered with \"unread\" and why; then the status is 1.";

/// As which Go.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The release of Go, such as 1.27.3.
    #[arg(long, value_name = "VERSION", value_parser = go_version)]
    go: GoVersion,
    /// The version on the `go` line of the program's go.mod, which chooses Go's
    /// defaults; else that of the release.
    #[arg(long, value_name = "VERSION", value_parser = go_version)]
    language: Option<GoVersion>,
}

/// A text that names no release of Go.
#[derive(Debug, thiserror::Error)]
#[error("not a release of Go; write it as 1.27.3")]
struct NoGoVersion;

fn go_version(text: &str) -> Result<GoVersion, NoGoVersion> {
    GoVersion::parse(text).ok_or(NoGoVersion)
}

/// One chain.
#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    kind: LeafKind,
    time: Moment,
    #[serde(default)]
    name: Option<Name>,
    #[serde(default)]
    roots: Pem,
    #[serde(default)]
    intermediates: Pem,
    leaf: Pem,
}

/// What the leaf is used as.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LeafKind {
    Server,
    Client,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Seconds(i64),
    Text(Timestamp),
}

/// The name that was dialled.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Name {
    Dns(String),
    Ip(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Pem {
    One(String),
    Many(Vec<String>),
}

impl Default for Pem {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Pem {
    fn blocks(&self, go: GoBuild) -> impl Iterator<Item = Vec<u8>> {
        let texts = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        };
        texts
            .iter()
            .flat_map(move |text| pem::blocks(text.as_bytes(), go))
            .filter(|block| block.label == "CERTIFICATE")
            .map(|block| block.bytes)
    }

    /// As `AppendCertsFromPEM` does, what can't be read is left out.
    fn pool(&self, go: GoBuild) -> CertificatePool {
        let mut pool = CertificatePool::default();
        for der in self.blocks(go) {
            if let Ok(certificate) = Certificate::parse(&der, go) {
                pool.add(certificate);
            }
        }
        pool
    }
}

/// Why a line is no question.
#[derive(Debug)]
enum Unread {
    Json(serde_json::Error),
    Time(i64),
    NoLeaf,
}

impl fmt::Display for Unread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => error.fmt(formatter),
            Self::Time(seconds) => write!(formatter, "time: {seconds} is out of range"),
            Self::NoLeaf => formatter.write_str("leaf: there is no PEM block CERTIFICATE in it"),
        }
    }
}

/// Answers each line of standard input.
pub(crate) fn chain(options: &Options) -> Ended {
    let language = options.language.unwrap_or(options.go).minor;
    let go = GoBuild::new(options.go, language);
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    for (place, line) in io::stdin().lock().split(b'\n').enumerate() {
        let line = line.map_err(Failure::Input)?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = match serde_json::from_slice::<Question>(&line) {
            Ok(question) => answer(&question, go),
            Err(error) => Err(Unread::Json(error)),
        };
        let answer = answer.unwrap_or_else(|unread| {
            code = ExitCode::FAILURE;
            json!({ "line": place + 1, "unread": unread.to_string() })
        });
        writeln!(output, "{answer}").map_err(Failure::Output)?;
    }
    output.flush().map_err(Failure::Output)?;
    Ok(code)
}

fn answer(question: &Question, go: GoBuild) -> Result<Value, Unread> {
    let now = match &question.time {
        Moment::Text(time) => *time,
        Moment::Seconds(seconds) => {
            Timestamp::from_second(*seconds).map_err(|_| Unread::Time(*seconds))?
        }
    };
    let leaf = question.leaf.blocks(go).next().ok_or(Unread::NoLeaf)?;
    let error = match Certificate::parse(&leaf, go) {
        Err(error) => Some(error.text),
        Ok(leaf) => {
            let options = VerifyOptions {
                roots: &question.roots.pool(go),
                intermediates: &question.intermediates.pool(go),
                host: question.name.as_ref().map(|name| match name {
                    Name::Dns(name) | Name::Ip(name) => name.as_str(),
                }),
                usage: match question.kind {
                    LeafKind::Server => ExtendedKeyUsage::ServerAuth,
                    LeafKind::Client => ExtendedKeyUsage::ClientAuth,
                },
                now: Time::utc(now),
            };
            let refused = verify(&leaf, &options, go).err();
            refused.map(|refusal| refusal.to_string())
        }
    };
    Ok(json!({ "id": question.id, "accepted": error.is_none(), "error": error }))
}
