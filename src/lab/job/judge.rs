//! A question for the verdict and its answer as values that travel between the
//! page and its workers: two command lines and the files they name in, what
//! both terminals would show and the finding out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::etcd::facts::release::{EtcdBuild, VersionError};
use crate::etcd::judge::case::{Etcd, Etcdctl};
use crate::etcd::judge::reading::command_line::CommandLineError;
use crate::etcd::judge::{Case, Files, Finding};
use crate::etcd::telling::checks::{Check, checks};
use crate::etcd::telling::foretold::{Foretold, foretold};
use crate::etcd::telling::takers::{Taker, takers};
use crate::etcd::telling::transcript::{Transcript, transcript};
use crate::lab::file::FileBytes;

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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InquiryError {
    /// The build is none that is known.
    #[error(transparent)]
    Build(#[from] VersionError),
    /// A text is no command line of its program.
    #[error(transparent)]
    CommandLine(#[from] CommandLineError),
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// What decided, and what to do.
    pub finding: Finding,
    /// What both terminals show.
    pub transcript: Transcript,
    /// Every check in its order.
    pub checks: Vec<Check>,
    /// What will surprise, whatever decided.
    pub foretold: Vec<Foretold>,
    /// Who else takes these files.
    pub takers: Vec<Taker>,
}

impl Judged {
    /// Judges a case. `stored` is what earlier commands wrote: keys and values. What starts
    /// as a proxy of the v2 API is no member, whatever the rules for one say of it.
    pub(super) fn of(
        case: &Case<'_>,
        stored: &[(String, String)],
    ) -> Result<Self, CommandLineError> {
        if case.etcd.is_old_proxy() {
            return Err(CommandLineError::OldProxy);
        }
        let finding = case.judge()?;
        Ok(Self {
            transcript: transcript(case, &finding, stored),
            checks: checks(case, &finding),
            foretold: foretold(case, &finding),
            takers: takers(case, &finding),
            finding,
        })
    }
}

impl Inquiry {
    /// Answers. The files are lent to the judge, who keeps no copy of a key.
    ///
    /// # Errors
    ///
    /// A build that is not known, or a text that is no command line.
    pub fn judge(&self) -> Result<Judged, InquiryError> {
        let build = EtcdBuild::parse(&self.build)?;
        let case = Case {
            etcd: Etcd::told(&self.server, Files::from(&self.files), build)?,
            etcdctl: Etcdctl::asked(&self.client, build),
            now: self.now,
            users: self.users.as_deref(),
        };
        Ok(Judged::of(&case, &stored(&self.earlier, build))?)
    }
}

/// What `put` commands have written, in their order.
fn stored(earlier: &[String], build: EtcdBuild) -> Vec<(String, String)> {
    let of = |command: &String| {
        let client = Etcdctl::asked(command, build)?.configuration.ok()?;
        match client.command.as_slice() {
            [put, key, value] if put == "put" => Some((key.clone(), value.clone())),
            _ => None,
        }
    };
    earlier.iter().filter_map(of).collect()
}
