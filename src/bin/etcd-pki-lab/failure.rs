//! Why a subcommand could not do what was asked: what failed, with the file or the
//! option that it is about, and the way out.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::str::Utf8Error;

use etcd_pki_lab::script::plan::NotTaken;
use etcd_pki_lab::{CommandLineError, LinkError, Preset, Role};

/// Where the passphrase of the CA's key may be, beside a file.
pub(crate) const PASSPHRASE_VARIABLE: &str = "CA_PASSPHRASE";

/// Why a subcommand ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file or folder could not be read, made or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that must be text is none.
    #[error("{} is no text: {source}", .path.display())]
    NotText {
        /// Its path.
        path: PathBuf,
        /// Where it ceases to be.
        source: Utf8Error,
    },
    /// A file is not the JSON that it should be.
    #[error("{}: {source}", .path.display())]
    Json {
        /// Its path.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// Command lines that are none.
    #[error("{}: {source}", .path.display())]
    CommandLine {
        /// The file that has them.
        path: PathBuf,
        /// Why.
        source: CommandLineError,
    },
    /// Standard input can't be read.
    #[error("standard input: {0}")]
    Input(#[source] io::Error),
    /// Standard output was closed or is full.
    #[error("standard output: {0}")]
    Output(#[source] io::Error),
    /// An archive can't be written.
    #[error("an archive: {0}")]
    Archive(#[source] io::Error),
    /// No release of etcd is known to ask about.
    #[error("no release of etcd was named; add --etcd 3.7.3")]
    NoRelease,
    /// Neither a preset's name, nor a file, nor a link.
    #[error("“{text}” is no preset, no file and no plan's link")]
    NoPlan {
        /// What was given.
        text: String,
    },
    /// A plan's link that can't be read.
    #[error("the plan in this link can't be used: {0}")]
    Link(#[source] LinkError),
    /// The plan makes its own CA, and one was named.
    #[error("this plan makes a CA of its own")]
    AuthorityNotWanted,
    /// Something that the plan needs was neither named nor lies in the folder.
    #[error("{what} is missing")]
    Missing {
        /// What it is: `the CA's certificate`.
        what: &'static str,
        /// The option that names it.
        option: &'static str,
        /// Where it would have been found.
        there: PathBuf,
    },
    /// The CA that was brought is not taken.
    #[error(transparent)]
    AuthorityRefused(NotTaken),
    /// `--usage` for a plan that signs no CSR.
    #[error("--usage {usage} says what a CSR is signed for, and the plan is {preset}")]
    UsageNotWanted {
        /// The usage.
        usage: Role,
        /// The plan's preset.
        preset: Preset,
    },
    /// The plan has faults.
    #[error("the plan can't be made:\n{}", each(.faults))]
    Plan {
        /// Each with the field that it is about, as the plan's text names it.
        faults: Vec<(String, String)>,
    },
    /// The work itself failed.
    #[error(transparent)]
    Work(Box<dyn Error + Send + Sync>),
    /// The work ended before all was done.
    #[error("the work ended early")]
    Unfinished,
    /// What an earlier run wrote first lies there still: it was ended in the middle.
    #[error("an earlier run was ended before it was done: {} is still there", .path.display())]
    Interrupted {
        /// Its folder.
        path: PathBuf,
    },
    /// A file is there that would be overwritten.
    #[error("{} is there already{}", .path.display(), if *.private_key { ", and a private key would be lost" } else { "" })]
    InTheWay {
        /// Its path.
        path: PathBuf,
        /// Whether a private key would be lost.
        private_key: bool,
    },
}

impl Failure {
    /// A failure to do something with a file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        |source| Self::File { path, source }
    }

    /// What to do about it, where the failure does not say so itself.
    pub(crate) fn way_out(&self) -> Option<String> {
        Some(match self {
            Self::NoPlan { .. } => {
                "Presets are tutorial, cluster, kubeadm, client-only and sign-csr; a plan may also be a JSON file, or the text of a plan's link.".to_owned()
            }
            Self::AuthorityNotWanted => {
                "Leave --ca-cert and --ca-key out, or set authority.source to “bring” in the plan.".to_owned()
            }
            Self::Missing { option, there, .. } => {
                format!("Name it with {option} FILE, or put it at {}.", there.display())
            }
            Self::AuthorityRefused(NotTaken {
                passphrase: true, ..
            }) => format!(
                "The passphrase comes from --ca-passphrase-file FILE or from the environment variable {PASSPHRASE_VARIABLE}."
            ),
            Self::UsageNotWanted { .. } => "Use --usage with sign-csr.".to_owned(),
            Self::Unfinished => "Please report this, with the plan.".to_owned(),
            Self::InTheWay { .. } => {
                "Nothing was written. Choose an empty folder, or say --overwrite.".to_owned()
            }
            Self::Interrupted { path } => format!(
                "Its files are in {0}/new, those that it was to replace in {0}/old. Put back what you need and remove that folder.",
                path.display()
            ),
            Self::NotText { .. } => "Give a text file, in UTF-8.".to_owned(),
            Self::NoRelease
            | Self::File { .. }
            | Self::Json { .. }
            | Self::CommandLine { .. }
            | Self::Archive(_)
            | Self::Input(_)
            | Self::Output(_)
            | Self::Link(_)
            | Self::AuthorityRefused(_)
            | Self::Work(_)
            | Self::Plan { .. } => return None,
        })
    }
}

/// Each fault on a line of its own.
fn each(faults: &[(String, String)]) -> String {
    let lines = faults
        .iter()
        .map(|(field, message)| format!("{field}: {message}"));
    lines.collect::<Vec<_>>().join("\n")
}
