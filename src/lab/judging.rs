//! A question for the verdict and its answer as values that travel between the
//! page and its workers: two command lines and the files they name in, what
//! both terminals would show and the rule that decided out.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::file::FileBytes;
use crate::etcd::facts::release::{EtcdBuild, VersionError};
use crate::etcd::facts::rule::Rule;
use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::command_line::{CommandLine, CommandLineError};
use crate::etcd::judge::{self, Step, Verdict};
use crate::etcd::telling::checks::{Check, checks};
use crate::etcd::telling::transcript::{Transcript, transcript};

/// Files by the paths with which command lines name them.
pub type FilesByPath = BTreeMap<String, FileBytes>;

/// What is asked.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Inquiry {
    /// etcd's command line.
    pub server: String,
    /// etcdctl's; empty to ask about etcd's start only.
    pub client: String,
    /// The files.
    pub files: FilesByPath,
    /// The build of both, as [`EtcdBuild::parse`] reads it.
    pub build: String,
    /// The time on both sides.
    pub now: Timestamp,
    /// With authentication on: the users.
    pub users: Option<Vec<String>>,
    /// Commands of etcdctl that were run before: what they put, a `get` finds.
    pub earlier: Vec<String>,
}

/// Why a question can't be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InquiryError {
    /// The build is none that is known.
    Build(VersionError),
    /// A text is no command line of its program.
    CommandLine(CommandLineError),
}

impl fmt::Display for InquiryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(error) => error.fmt(formatter),
            Self::CommandLine(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for InquiryError {}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The outcome.
    pub verdict: Verdict,
    /// Where it was decided.
    pub step: Step,
    /// What both terminals show.
    pub transcript: Transcript,
    /// Every check in its order.
    pub checks: Vec<Check>,
    /// What decided.
    pub rule: Rule,
    /// The path of the file at fault.
    pub file: Option<String>,
    /// The field or flag at fault.
    pub field: String,
    /// What to do; empty when all is well.
    pub mend: String,
    /// The status that etcd's gateway answers with, when it is asked with the
    /// client's files.
    pub gateway: Option<u16>,
    /// Whether etcd's log tells of its own gateway being refused.
    pub gateway_refused: bool,
}

impl Judged {
    /// Whether etcdctl works and so does the gateway.
    #[must_use]
    pub fn all_is_well(&self) -> bool {
        self.verdict == Verdict::Accepted && !self.gateway_refused
    }
}

impl Inquiry {
    /// Answers.
    ///
    /// # Errors
    ///
    /// A build that is not known, or a text that is no command line.
    pub fn judge(&self) -> Result<Judged, InquiryError> {
        let build = EtcdBuild::parse(&self.build).map_err(InquiryError::Build)?;
        let files: BTreeMap<String, Vec<u8>> = self
            .files
            .iter()
            .map(|(path, bytes)| (path.clone(), bytes.0.to_vec()))
            .collect();
        let question = judge::Question {
            server: &self.server,
            client: &self.client,
            files: &files,
            server_build: build,
            client_build: build,
            now: self.now,
            users: self.users.as_deref(),
        };
        let answer = judge::judge(&question).map_err(InquiryError::CommandLine)?;
        let stored = stored(&self.earlier, &build);
        let gateway_refused = !answer.gateway_log.is_empty();
        let judged = Judged {
            verdict: answer.verdict,
            step: answer.step,
            transcript: transcript(&question, &answer, &stored),
            checks: checks(&question, &answer),
            rule: answer.rule,
            file: answer.file.clone(),
            field: answer.field.clone(),
            mend: answer.mend.clone(),
            gateway: answer.gateway,
            gateway_refused,
        };
        // The question's own copies may hold keys.
        for (_, mut bytes) in files {
            zeroize::Zeroize::zeroize(&mut bytes);
        }
        Ok(judged)
    }
}

/// What `put` commands have written, in their order.
fn stored(earlier: &[String], build: &EtcdBuild) -> Vec<(String, String)> {
    let of = |command: &String| {
        let line = CommandLine::parse(command, "etcdctl").ok()?;
        let client = ClientConfiguration::read(&line, build).ok()?;
        match client.command.as_slice() {
            [put, key, value] if put == "put" => Some((key.clone(), value.clone())),
            _ => None,
        }
    };
    earlier.iter().filter_map(of).collect()
}
