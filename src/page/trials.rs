//! What is tried out rather than made: the dry runs of chapter 5, the drills of
//! chapter 6 and the diagnosis of chapter 7. The session asks here for tasks and
//! brings back what came of them; each of the three keeps its own state.

use jiff::Timestamp;

use super::{
    diagnosis::Diagnosis,
    drills::Drills,
    dry_run::{Builds, DryRun},
};
use crate::lab::{
    Lab,
    judging::FilesByPath,
    task::{Outcome, Task},
};

/// What a task was for. The number tells an answer that is still wanted from
/// one that came too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// A dry run of a command.
    DryRun(u32),
    /// The making of a drill.
    Drill(u32),
    /// The dry run of a drill.
    DrillVerdict(u32),
    /// A part of the diagnosis.
    Diagnosis(u32),
}

/// All three.
#[derive(Default)]
pub struct Trials {
    /// The build of etcd that all of them are about.
    pub builds: Builds,
    /// Chapter 5.
    pub dry_run: DryRun,
    /// Chapter 6.
    pub drills: Drills,
    /// Chapter 7.
    pub diagnosis: Diagnosis,
}

impl Trials {
    /// The next task, if there is something to try.
    pub fn next_task(&mut self, lab: Option<&Lab>, now: Timestamp) -> Option<(Trial, Task)> {
        let build = self.builds.chosen();
        if let Some((number, task)) = self.dry_run.next_task(lab, build, now) {
            return Some((Trial::DryRun(number), task));
        }
        if let Some((number, task)) = self.diagnosis.next_task(lab, build, now) {
            return Some((Trial::Diagnosis(number), task));
        }
        self.drills.next_task(lab, build, now)
    }

    /// Takes what came of a task.
    pub fn done(&mut self, trial: Trial, outcome: Outcome) {
        match trial {
            Trial::DryRun(number) => self.dry_run.done(number, outcome),
            Trial::Drill(number) => self.drills.made(number, outcome),
            Trial::DrillVerdict(number) => self.drills.judged(number, outcome),
            Trial::Diagnosis(number) => self.diagnosis.done(number, outcome),
        }
    }

    /// Another build of etcd was chosen: everything is asked of it again.
    pub fn choose_build(&mut self, id: &str) {
        if self.builds.choose(id) {
            self.dry_run.again();
            self.drills.again();
            self.diagnosis.again();
        }
    }
}

/// The files of a lab under the paths that its commands name them with.
#[must_use]
pub fn files_by_path(lab: &Lab) -> FilesByPath {
    let directory = lab.plan().directory.trim().trim_end_matches('/').to_owned();
    lab.files()
        .into_iter()
        .map(|file| {
            let path = format!("{directory}/{}", file.name);
            (path, file.contents.as_bytes().to_vec().into())
        })
        .collect()
}
