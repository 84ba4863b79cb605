//! The laboratory without a browser: what the page makes, says and reads, for
//! scripts. It is no part of the page: clap and what else stands here are never
//! compiled to wasm. One file for each subcommand; what a question for the verdict
//! is read from stands in [`case`].
//!
//! The status is 0 when all went well, 1 when something is wrong with what was
//! given (an error says what, and what to do about it), 2 when the command line is.

mod case;
mod chain;
mod diagnose;
mod failure;
mod inspect;
mod make;
mod plain_text;
mod verdict;
mod writing;

use std::io::{self, Read as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use zeroize::Zeroizing;

use failure::Failure;

const EXAMPLES: &str = "\
Examples:
  etcd-pki-lab make tutorial pki
      A CA, an etcd server's and a client's files, and the commands that use them.
  etcd-pki-lab verdict pki --etcd 3.7.3
      What etcd 3.7.3 answers to the command lines in pki/case.json.
  etcd-pki-lab diagnose etcd.log
      Which rule failed, whose it is, and what to do.
  etcd-pki-lab inspect ca.crt etcd.crt etcd.key
      What each is, and what etcd makes of it.

Each subcommand's --help has more.";

/// etcd PKI Lab without a browser: make a PKI for etcd, ask what etcd would
/// answer, and read what is at hand.
#[derive(Debug, Parser)]
#[command(name = "etcd-pki-lab", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    subcommand: Wanted,
}

#[derive(Debug, Subcommand)]
enum Wanted {
    /// Make the files of a plan: all of them, or none.
    Make(make::Options),
    /// Say what etcd and etcdctl answer to command lines and their files.
    Verdict(verdict::Options),
    /// Say what is wrong, from logs, output, command lines and files.
    Diagnose(diagnose::Options),
    /// Read certificates, CSRs, CRLs, keys and archives for people.
    Inspect(inspect::Options),
    /// Say what Go's crypto/x509 answers to certificate chains.
    Chain(chain::Options),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().subcommand {
        Wanted::Make(options) => make::make(&options),
        Wanted::Verdict(options) => verdict::verdict(&options),
        Wanted::Diagnose(options) => diagnose::diagnose(&options),
        Wanted::Inspect(options) => inspect::inspect(&options),
        Wanted::Chain(options) => chain::chain(&options),
    };
    done.unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        if let Some(way_out) = failure.way_out() {
            eprintln!("{way_out}");
        }
        ExitCode::FAILURE
    })
}

/// What a subcommand ends with: a status that says whether something in it failed,
/// or the failure that ended it.
type Ended = Result<ExitCode, Failure>;

/// All of standard input; there may be a key in it.
fn standard_input() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(Failure::Input)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn every_subcommand_takes_its_arguments() {
        Arguments::command().debug_assert();
    }
}
