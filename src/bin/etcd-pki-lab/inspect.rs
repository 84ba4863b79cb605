//! `inspect`: certificates, chains, CSRs, CRLs, keys and archives, read for people,
//! in the words of the page's inspector, or as one JSON object. Private keys are
//! told of, never shown.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use etcd_pki_lab::script::inspection;
use etcd_pki_lab::{Content, GivenFile, Secret, look};
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::{Ended, plain_text, standard_input};

const EXAMPLES: &str = "\
Examples:
  etcd-pki-lab inspect ca.crt etcd.crt etcd.key
      What each is, who signed whom, which key is whose, and what etcd makes of it.
  openssl s_client -connect 127.0.0.1:2379 -showcerts < /dev/null | etcd-pki-lab inspect
  etcd-pki-lab inspect --json client.p12 --passphrase-file passphrase.txt";

/// What to look at.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The files; standard input without any.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// A file whose first line is tried on whatever is under a passphrase.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The time by which something has ended, such as 2026-11-23T16:10:00Z; else
    /// now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// Looks at the files.
pub(crate) fn inspect(options: &Options) -> Ended {
    let mut given = Vec::new();
    for path in &options.files {
        let bytes = Zeroizing::new(fs::read(path).map_err(Failure::file(path))?);
        given.push(GivenFile::new(&path.to_string_lossy(), &bytes));
    }
    if options.files.is_empty() {
        given.push(GivenFile::new("", &standard_input()?));
    }
    let passphrase = match &options.passphrase_file {
        Some(path) => {
            let bytes = Zeroizing::new(fs::read(path).map_err(Failure::file(path))?);
            let text = String::from_utf8_lossy(&bytes);
            Some(Secret(text.lines().next().unwrap_or_default().to_owned()))
        }
        None => None,
    };
    let now = options.at.unwrap_or_else(Timestamp::now);
    let inspected = look(&given, passphrase.as_ref(), now);
    let items = &inspected.inspection.items;
    let text = if options.json {
        format!("{}\n", inspection::answer(&inspected))
    } else {
        plain_text::of_markup(&inspected.report().into_string())
    };
    io::stdout()
        .write_all(text.as_bytes())
        .map_err(Failure::Output)?;
    let is_read = |content: &Content| !matches!(content, Content::Unreadable(_));
    let all_read = items.iter().all(|item| is_read(&item.content));
    Ok(if all_read && inspected.closed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
