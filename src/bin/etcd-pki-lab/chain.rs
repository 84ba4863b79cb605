//! `chain`: what Go's `crypto/x509` says to certificate chains, JSON lines in and
//! one out for each, in their order. On the crate `go-x509` alone: nothing of etcd
//! is in it.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;

use clap::Args;
use etcd_pki_lab::script::chain::{ChainQuestion, Unread, answer, go_build, go_version};
use go_x509::version::GoVersion;
use serde_json::json;

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

/// Answers each line of standard input.
pub(crate) fn chain(options: &Options) -> Ended {
    let go = go_build(options.go, options.language);
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    for (place, line) in io::stdin().lock().split(b'\n').enumerate() {
        let line = line.map_err(Failure::Input)?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = serde_json::from_slice::<ChainQuestion>(&line)
            .map_err(Unread::Json)
            .and_then(|question| answer(&question, go));
        let answer = answer.unwrap_or_else(|unread| {
            code = ExitCode::FAILURE;
            json!({ "line": place + 1, "unread": unread.to_string() })
        });
        writeln!(output, "{answer}").map_err(Failure::Output)?;
    }
    output.flush().map_err(Failure::Output)?;
    Ok(code)
}
