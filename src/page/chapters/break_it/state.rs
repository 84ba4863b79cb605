//! Which drill is on show, which is wanted next, and what it is made with.

use std::io;

use jiff::Timestamp;

use crate::{
    etcd::plan::Preset,
    lab::{
        Lab,
        drills::{Basis, Drill, DrillSet, Seed, Site},
        job::{
            drill::DrillOrder,
            judge::{FilesByPath, Inquiry},
        },
        wire::{Outcome, PemPair, Secret, Task},
    },
    page::{
        chapters::dry_run::State,
        jobs::{Circumstances, Purpose},
        picture::Picture,
        wish::FileForDisk,
    },
    pki::purposes::Purposes,
};

/// What is on show, and what is wanted next.
#[derive(Default)]
pub struct Drills {
    wanted: Option<(Drill, bool)>,
    making: Option<(Drill, bool)>,
    making_number: u32,
    pub(super) shown: Option<Shown>,
    pub(super) failed: Option<String>,
    /// What drills are made with, and when the lab was made that it is from.
    basis: Option<(Box<Basis>, Option<Timestamp>)>,
    basis_wanted_of: Option<Timestamp>,
    next: u32,
}

/// A drill on show.
pub(super) struct Shown {
    pub(super) set: Box<DrillSet>,
    /// What is drawn of it.
    picture: Picture,
    number: u32,
    pub(super) state: State,
}

impl Shown {
    /// Who shows what to whom, and what came of it.
    pub(super) fn picture(&self) -> Picture {
        self.picture.when(self.state.let_in())
    }
}

impl Drills {
    /// A drill was pressed, or its mend.
    pub fn press(&mut self, drill: Drill, mended: bool) {
        self.wanted = Some((drill, mended));
        self.failed = None;
    }

    /// Asks again what etcd says.
    pub fn again(&mut self) {
        if let Some(shown) = &mut self.shown {
            shown.state = State::Wanted;
        }
    }

    /// The drill that was pressed last, and whether it was its mend.
    #[must_use]
    pub fn current(&self) -> Option<(Drill, bool)> {
        self.wanted.or(self.making).or_else(|| {
            self.shown
                .as_ref()
                .map(|shown| (shown.set.drill, shown.set.mended))
        })
    }

    /// The files on show.
    #[must_use]
    pub fn set(&self) -> Option<&DrillSet> {
        self.shown.as_ref().map(|shown| &*shown.set)
    }

    /// The archive of the files on show; nothing, where no drill is on show.
    ///
    /// # Errors
    ///
    /// If the archive can't be written.
    pub(in crate::page) fn archive(&self) -> Option<io::Result<FileForDisk>> {
        let set = self.set()?;
        let name = format!("{}.tar", set.drill.folder());
        Some(set.tar().map(|contents| FileForDisk { name, contents }))
    }

    fn number(&mut self) -> u32 {
        self.next = self.next.wrapping_add(1);
        self.next
    }

    /// The next task: to make a drill, or to say what etcd says of it.
    pub fn next_task(&mut self, circumstances: Circumstances<'_>) -> Option<(Purpose, Task)> {
        let Circumstances {
            lab, build, now, ..
        } = circumstances;
        if let Some((drill, mended)) = self.wanted.take() {
            self.making = Some((drill, mended));
            let made = lab.map(Lab::made);
            let basis = match &self.basis {
                Some((basis, of)) if *of == made => Some(basis.clone()),
                _ => None,
            };
            self.basis_wanted_of = made;
            let task = Task::Drill(Box::new(DrillOrder {
                drill,
                mended,
                basis,
                seed: lab.map(seed).unwrap_or_default(),
                site: site(lab),
                now,
            }));
            self.making_number = self.number();
            return Some((Purpose::Drill(self.making_number), task));
        }
        let waits = self.shown.as_ref().map(|shown| &shown.state);
        if !matches!(waits, Some(State::Wanted)) {
            return None;
        }
        let number = self.number();
        let shown = self.shown.as_mut()?;
        shown.state = State::UnderWay;
        shown.number = number;
        let set = &shown.set;
        let files: FilesByPath = set
            .files
            .iter()
            .map(|file| (set.path(&file.name), file.contents.clone()))
            .collect();
        let inquiry = Inquiry {
            server: set.etcd.clone(),
            client: set.etcdctl.clone(),
            files,
            build: build.spelling(),
            now,
            users: set.users.clone(),
            earlier: Vec::new(),
        };
        Some((
            Purpose::DrillVerdict(number),
            Task::Judge(Box::new(inquiry)),
        ))
    }

    /// A drill is made.
    pub fn made(&mut self, number: u32, outcome: Outcome) {
        if number != self.making_number || self.making.is_none() {
            return;
        }
        self.making = None;
        match outcome {
            Outcome::Drilled(set, basis) => {
                self.basis = Some((basis, self.basis_wanted_of));
                self.shown = Some(Shown {
                    picture: Picture::of_drill(&set),
                    set,
                    number: 0,
                    state: State::Wanted,
                });
            }
            outcome => self.failed = Some(outcome.unexpected().to_string()),
        }
    }

    /// What etcd says is known.
    pub fn judged(&mut self, number: u32, outcome: Outcome) {
        if let Some(shown) = &mut self.shown
            && shown.number == number
        {
            shown.state = State::of(outcome);
        }
    }
}

/// What of the page's own the drills are made with.
fn seed(lab: &Lab) -> Seed {
    let authority = lab.authority();
    let key = |purposes: Purposes| {
        let mut identities = lab.identities().iter();
        let identity = identities.find(|it| it.purposes() == purposes && it.key.is_some())?;
        identity.key.as_ref().map(|key| Secret(key.to_string()))
    };
    Seed {
        authority: Some(PemPair {
            certificate: authority.certificate.clone(),
            key: authority.key.to_string(),
        }),
        server_key: key(Purposes::ServerAndClient),
        client_key: key(Purposes::Client),
    }
}

fn site(lab: Option<&Lab>) -> Site {
    let plan = lab.map(Lab::plan).cloned().unwrap_or_default();
    let directory = plan.directory.trim();
    Site {
        // In kubeadm's own folder lies nothing but what kubeadm makes.
        directory: match plan.preset {
            Preset::Kubeadm => format!("{}-lab", directory.trim_end_matches('/')),
            _ => directory.to_owned(),
        },
        port: plan.port.trim().to_owned(),
    }
}
