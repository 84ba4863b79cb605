//! What is asked of etcd, and how far each question is: for which build, about
//! which command, and what a worker answered.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    etcd::{
        facts::release::{Offer, Series},
        judge::Verdict,
    },
    lab::{
        Lab,
        job::judge::{FilesByPath, Inquiry, Judged},
        wire::{Outcome, Task},
    },
    page::{event::Request, jobs::Circumstances},
};

/// Which build is asked about.
#[derive(Default)]
pub struct Builds {
    chosen: Option<Offer>,
}

impl Builds {
    /// The build: the one that was chosen, else the one that stands for the
    /// series that the commands are for, as a link or a step back may bring
    /// another series.
    #[must_use]
    pub fn chosen(&self, series: Series) -> Offer {
        let chosen = self.chosen;
        chosen
            .filter(|build| build.version.series() == series)
            .unwrap_or_else(|| series.offer())
    }

    /// Whether somebody chose a build, or a series other than the newest.
    #[must_use]
    pub fn is_chosen(&self, series: Series) -> bool {
        self.chosen.is_some() || series != Series::LATEST
    }

    /// Chooses. Says whether that changed anything.
    pub(in crate::page) fn choose(&mut self, build: Offer) -> bool {
        self.chosen.replace(build) != Some(build)
    }
}

/// How far a question is.
pub(in crate::page::chapters) enum State {
    /// A worker is to answer.
    Wanted,
    /// One does.
    UnderWay,
    /// It is answered.
    Done(Box<Judged>),
    /// It can't be answered, for this reason.
    Failed(String),
}

/// A command that was pressed.
pub(super) struct Run {
    pub(super) number: u32,
    pub(super) build: Offer,
    /// The command's text at the press, and etcd's.
    pub(super) script: String,
    pub(super) etcd: String,
    /// The commands of etcdctl that stand before it on the page.
    earlier: Vec<String>,
    /// When the files were made.
    pub(super) made: Timestamp,
    pub(super) state: State,
}

/// Every command that was pressed.
#[derive(Default)]
pub struct DryRun {
    pub(super) runs: BTreeMap<Request, Run>,
    next: u32,
}

impl DryRun {
    /// *Run* was pressed.
    pub fn press(
        &mut self,
        request: Request,
        script: &str,
        etcd: &str,
        earlier: Vec<String>,
        made: Timestamp,
        build: Offer,
    ) {
        self.next = self.next.wrapping_add(1);
        let run = Run {
            number: self.next,
            build,
            script: script.to_owned(),
            etcd: etcd.to_owned(),
            earlier,
            made,
            state: State::Wanted,
        };
        self.runs.insert(request, run);
    }

    /// Whether the last question that was answered let somebody in.
    pub(in crate::page) fn last_let_in(&self) -> Option<bool> {
        let answered = self.runs.values();
        let answered = answered.filter_map(|run| Some((run.number, run.state.let_in()?)));
        answered
            .max_by_key(|(number, _)| *number)
            .map(|last| last.1)
    }

    /// The next question.
    pub fn next_task(&mut self, circumstances: Circumstances<'_>) -> Option<(u32, Task)> {
        let Circumstances {
            lab, build, now, ..
        } = circumstances;
        let lab = lab?;
        let run = self
            .runs
            .values_mut()
            .find(|run| matches!(run.state, State::Wanted))?;
        run.state = State::UnderWay;
        run.build = build;
        let inquiry = Inquiry {
            server: run.etcd.clone(),
            client: run.script.clone(),
            files: files_by_path(lab),
            build: build.spelling(),
            now,
            users: None,
            earlier: run.earlier.clone(),
        };
        Some((run.number, Task::Judge(Box::new(inquiry))))
    }

    /// Takes an answer.
    pub fn done(&mut self, number: u32, outcome: Outcome) {
        if let Some(run) = self.runs.values_mut().find(|run| run.number == number) {
            run.state = State::of(outcome);
        }
    }
}

impl State {
    /// What came of a question.
    pub(in crate::page::chapters) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Verdict(judged) => Self::Done(judged),
            outcome => Self::Failed(outcome.unexpected().to_string()),
        }
    }

    /// Whether etcd let in who asked, once that is known.
    pub(in crate::page::chapters) fn let_in(&self) -> Option<bool> {
        match self {
            Self::Done(judged) => Some(judged.finding.verdict == Verdict::Accepted),
            Self::Wanted | Self::UnderWay | Self::Failed(_) => None,
        }
    }
}

/// The files of a lab under the paths that its commands name them with: those
/// of the clients' machine, and those of each member's, where the folder of the
/// member's own files goes into its directory.
pub(in crate::page::chapters) fn files_by_path(lab: &Lab) -> FilesByPath {
    let deployment = lab.deployment();
    let mut places = vec![(lab.plan().directory.trim().to_owned(), None)];
    for member in &deployment.members {
        let folder = member.archive_folder.clone();
        places.push((member.directory.as_str().to_owned(), folder));
    }
    let mut files = FilesByPath::new();
    for file in lab.files() {
        for (directory, folder) in &places {
            let name = match folder {
                None => Some(file.name.as_str()),
                Some(folder) => file
                    .name
                    .strip_prefix(folder.as_str())
                    .and_then(|name| name.strip_prefix('/')),
            };
            if let Some(name) = name {
                let path = format!("{}/{name}", directory.trim_end_matches('/'));
                files.insert(path, file.contents.clone());
            }
        }
    }
    files
}
