//! Chapter 6: one press makes a deliberate mistake, the next mends it. The
//! files are really issued, by a worker, with the CA and the keys on the page
//! or, before there are any, with some of the drills' own; what etcd says of
//! them is worked out like any verdict.

use std::io;

use jiff::Timestamp;
use maud::{Markup, html};

use super::dry_run::{self, State};
use crate::etcd::facts::release::Offer;
use crate::page::{
    command::command, event::Press, id::Id, jobs::Purpose, session::Session, view::View,
    wish::FileForDisk,
};
use crate::{
    lab::{
        Lab,
        drills::{Basis, Drill, DrillSet, Place, Seed},
        job::drill::DrillOrder,
        job::judge::{FilesByPath, Inquiry},
        wire::{Outcome, PemPair, Secret, Task},
    },
    pki::purposes::Purposes,
};

/// What is on show, and what is wanted next.
#[derive(Default)]
pub struct Drills {
    wanted: Option<(Drill, bool)>,
    making: Option<(Drill, bool)>,
    making_number: u32,
    shown: Option<Shown>,
    failed: Option<String>,
    /// What drills are made with, and when the lab was made that it is from.
    basis: Option<(Box<Basis>, Option<Timestamp>)>,
    basis_wanted_of: Option<Timestamp>,
    next: u32,
}

/// A drill on show.
struct Shown {
    set: Box<DrillSet>,
    number: u32,
    state: State,
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
    pub fn next_task(
        &mut self,
        lab: Option<&Lab>,
        build: Offer,
        now: Timestamp,
    ) -> Option<(Purpose, Task)> {
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
                place: place(lab),
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

fn place(lab: Option<&Lab>) -> Place {
    let plan = lab.map(Lab::plan).cloned().unwrap_or_default();
    Place {
        directory: plan.directory.trim().to_owned(),
        port: plan.port.trim().to_owned(),
    }
}

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    view.region("drill-list", list(session));
    view.region("drill-status", spoken(session));
    view.region("drill-panel", panel(session));
}

/// The buttons.
fn list(session: &Session) -> Markup {
    let current = session.drills.current().map(|(drill, _)| drill);
    html! {
        div.drills {
            @for drill in Drill::all() {
                button type="button" id=(Id::Drill(drill)) data-action=(Press::Drill(drill))
                    aria-pressed=(if current == Some(drill) { "true" } else { "false" }) {
                    (drill.title())
                }
            }
        }
    }
}

/// The drill on show.
fn panel(session: &Session) -> Markup {
    let drills = &session.drills;
    let Some((drill, mended)) = drills.current() else {
        return html! {
            p.before {
                "Press one. The page makes the files"
                @if session.lab().is_some() { " with your CA and keys, beside your files" }
                @else { " with a CA of its own, since nothing is made above yet" }
                ", and shows what etcd and etcdctl say to it."
            }
        };
    };
    let ready = drills
        .shown
        .as_ref()
        .filter(|shown| (shown.set.drill, shown.set.mended) == (drill, mended));
    html! {
        section.card.drill aria-labelledby="drill-title" {
            h3 #drill-title tabindex="-1" {
                (drill.title())
                @if mended { " " span.good { "mended" } }
            }
            p {
                @if mended { (drill.mend()) } @else { (drill.mistake()) }
            }
            div.row {
                @if mended {
                    button type="button" #drill-break data-action=(Press::Drill(drill)) { "Break it again" }
                } @else {
                    button.primary type="button" #drill-mend data-action=(Press::DrillMend(drill)) { "Mend it" }
                }
            }
            @if let Some(reason) = &drills.failed {
                p.bad { "This did not work: " (reason) ". Press the button again." }
            } @else if let Some(shown) = ready {
                (on_show(session, shown))
            } @else {
                p.reading { "Making the files…" }
            }
        }
    }
}

/// How far the drill is and what came of it, for those who hear it.
fn spoken(session: &Session) -> Markup {
    let drills = &session.drills;
    let Some(current) = drills.current() else {
        return html! {};
    };
    let ready = drills
        .shown
        .as_ref()
        .filter(|shown| (shown.set.drill, shown.set.mended) == current);
    html! {
        @if let Some(reason) = &drills.failed { "This did not work: " (reason) "." }
        @else if let Some(shown) = ready { (dry_run::told(&shown.state)) }
        @else { "Making the files…" }
    }
}

fn on_show(session: &Session, shown: &Shown) -> Markup {
    let set = &shown.set;
    let folder = set.drill.folder();
    let build = session.build();
    html! {
        h4 { "What etcd " (build.version) " and etcdctl say" }
        div #drill-outcome { (dry_run::state(&shown.state)) }
        h4 { "Try it for real" }
        div.row {
            button type="button" #drill-download data-action=(Press::DrillDownload) {
                "Download " (folder) ".tar"
            }
            span.hint {
                @for (index, file) in set.files.iter().enumerate() {
                    @if index > 0 { ", " }
                    code { (file.name) }
                }
                " in a folder " code { (folder) } " of their own; your files stay as they are."
            }
        }
        (command("drill-unpack", &set.unpack()))
        (command("drill-etcd", &set.etcd))
        @if let Some(preparation) = &set.preparation {
            p.prints { "Once, to turn authentication on:" }
            (command("drill-preparation", preparation))
        }
        (command("drill-etcdctl", &set.etcdctl))
        @if let Some(gateway) = &set.gateway {
            p.prints { "And the gateway, with curl:" }
            (command("drill-gateway", gateway))
        }
    }
}
