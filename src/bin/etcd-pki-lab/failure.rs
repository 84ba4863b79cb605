//! Why a subcommand could not do what was asked: what failed, with the file or the
//! option that it is about, and the way out.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::Utf8Error;

use etcd_pki_lab::{CommandLineError, LinkError, Preset, Role};

/// Where the passphrase of the CA's key may be, beside a file.
pub(crate) const PASSPHRASE_VARIABLE: &str = "CA_PASSPHRASE";

/// Why a subcommand ended.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A file or folder could not be read, made or written.
    File {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that must be text is none.
    NotText {
        /// Its path.
        path: PathBuf,
        /// Where it ceases to be.
        source: Utf8Error,
    },
    /// A file is not the JSON that it should be.
    Json {
        /// Its path.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// Command lines that are none.
    CommandLine {
        /// The file that has them.
        path: PathBuf,
        /// Why.
        source: CommandLineError,
    },
    /// Standard input can't be read.
    Input(io::Error),
    /// Standard output was closed or is full.
    Output(io::Error),
    /// Neither a preset's name, nor a file, nor a link.
    NoPlan {
        /// What was given.
        text: String,
    },
    /// A plan's link that can't be read.
    Link(LinkError),
    /// The plan makes its own CA, and one was named.
    AuthorityNotWanted,
    /// Something that the plan needs was neither named nor lies in the folder.
    Missing {
        /// What it is: `the CA's certificate`.
        what: &'static str,
        /// The option that names it.
        option: &'static str,
        /// Where it would have been found.
        there: PathBuf,
    },
    /// The CA that was brought is not taken.
    AuthorityRefused {
        /// Whether its private key is at fault, or its certificate.
        key: bool,
        /// Whether a passphrase mends it.
        passphrase: bool,
        /// What is wrong, and what to do.
        message: String,
    },
    /// `--usage` for a plan that signs no CSR.
    UsageNotWanted {
        /// The usage.
        usage: Role,
        /// The plan's preset.
        preset: Preset,
    },
    /// The plan has faults.
    Plan {
        /// Each with the field that it is about, as the plan's text names it.
        faults: Vec<(String, String)>,
    },
    /// The work itself failed.
    Work(Box<dyn Error + Send + Sync>),
    /// The work ended before all was done.
    Unfinished,
    /// What an earlier run wrote first lies there still: it was ended in the middle.
    Interrupted {
        /// Its folder.
        path: PathBuf,
    },
    /// A file is there that would be overwritten.
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
            Self::AuthorityRefused {
                passphrase: true, ..
            } => format!(
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
            Self::File { .. }
            | Self::Json { .. }
            | Self::CommandLine { .. }
            | Self::Input(_)
            | Self::Output(_)
            | Self::Link(_)
            | Self::AuthorityRefused { .. }
            | Self::Work(_)
            | Self::Plan { .. } => return None,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, source } => write!(formatter, "{}: {source}", path.display()),
            Self::NotText { path, source } => {
                write!(formatter, "{} is no text: {source}", path.display())
            }
            Self::Json { path, source } => write!(formatter, "{}: {source}", path.display()),
            Self::CommandLine { path, source } => write!(formatter, "{}: {source}", path.display()),
            Self::Input(source) => write!(formatter, "standard input: {source}"),
            Self::Output(source) => write!(formatter, "standard output: {source}"),
            Self::NoPlan { text } => {
                write!(
                    formatter,
                    "“{text}” is no preset, no file and no plan's link"
                )
            }
            Self::Link(error) => write!(formatter, "the plan in this link can't be used: {error}"),
            Self::AuthorityNotWanted => formatter.write_str("this plan makes a CA of its own"),
            Self::Missing { what, .. } => write!(formatter, "{what} is missing"),
            Self::AuthorityRefused { key, message, .. } => {
                let what = if *key { "private key" } else { "certificate" };
                write!(formatter, "the CA's {what}: {message}")
            }
            Self::UsageNotWanted { usage, preset } => write!(
                formatter,
                "--usage {usage} says what a CSR is signed for, and the plan is {preset}"
            ),
            Self::Plan { faults } => {
                formatter.write_str("the plan can't be made:")?;
                faults
                    .iter()
                    .try_for_each(|(field, message)| write!(formatter, "\n{field}: {message}"))
            }
            Self::Work(error) => error.fmt(formatter),
            Self::Unfinished => formatter.write_str("the work ended early"),
            Self::Interrupted { path } => write!(
                formatter,
                "an earlier run was ended before it was done: {} is still there",
                path.display()
            ),
            Self::InTheWay { path, private_key } => {
                let lost = if *private_key {
                    ", and a private key would be lost"
                } else {
                    ""
                };
                write!(formatter, "{} is there already{lost}", path.display())
            }
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File { source, .. } | Self::Input(source) | Self::Output(source) => Some(source),
            Self::NotText { source, .. } => Some(source),
            Self::Json { source, .. } => Some(source),
            Self::CommandLine { source, .. } => Some(source),
            Self::Link(error) => Some(error),
            Self::Work(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
