//! The work: the press of the button, what the workers have in hand, and what is
//! done with what comes back.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{
    super::{
        chapters::renew_and_revoke,
        jobs::{JobNumber, Lost, Purpose},
        wish::{Wish, Workers},
    },
    Notice, Session,
    brought::Reading,
};
use crate::{
    etcd::plan::{AuthoritySource, Fault, Field},
    lab::{
        IssuedAuthority, Lab,
        making::Making,
        wire::{Outcome, PemPair, Secret, Task},
    },
};

/// The work.
impl Session {
    /// The button was pressed. Faults are shown and the focus goes to the first;
    /// without any, the work begins.
    pub fn press_make(&mut self, now: Timestamp) {
        if self.making.is_some() {
            return;
        }
        self.check(now);
        self.reveal_all();
        if let Some(fault) = self.faults.first() {
            self.focus_on(fault.field);
            self.notice = Notice::Faults;
            return;
        }
        if self.reads_authority() {
            self.make_when_read = true;
            self.notice = Notice::Reading;
            return;
        }
        if self.lab.is_some() && !self.is_ahead_of_files() {
            self.notice = Notice::Unchanged;
            self.focus_on("files-heading");
            return;
        }
        let brought = match self.plan.authority.source {
            AuthoritySource::Bring => self.brought(),
            AuthoritySource::Make => None,
        };
        match Making::start(&self.plan, brought, self.lab.as_ref(), now) {
            Ok(making) => {
                self.making = Some(making);
                self.refused_files.clear();
                self.notice = Notice::Nothing;
                // The button makes room for this.
                self.focus_on("progress-text");
                self.finish_making();
            }
            Err(faults) => {
                self.faults = faults;
                self.reveal_all();
                self.notice = Notice::Faults;
            }
        }
    }

    /// The next task for a worker that has nothing to do.
    pub fn next_job(&mut self, now: Timestamp) -> Option<(JobNumber, Task)> {
        if let Some(job) = self.jobs.give_again() {
            return Some(job);
        }
        if matches!(self.brought.state, Reading::Wanted) {
            self.brought.state = Reading::UnderWay;
            let task = Task::ReadAuthority {
                authority: PemPair {
                    certificate: self.brought.certificate.clone(),
                    key: self.brought.key.to_string(),
                },
                passphrase: (!self.brought.passphrase.is_empty())
                    .then(|| Secret(self.brought.passphrase.to_string())),
                now,
            };
            return Some(self.jobs.give(Purpose::Read(self.brought.attempt), task));
        }
        if let Some((order, task)) = self.exporting.next_task() {
            return Some(self.jobs.give(Purpose::Export(order), task));
        }
        if let Some((purpose, task)) = self.chapters_task(now) {
            return Some(self.jobs.give(purpose, task));
        }
        let (number, task) = self.making.as_mut()?.next_task()?;
        Some(self.jobs.give(Purpose::Make(number), task))
    }

    /// The next task of a chapter below the files.
    fn chapters_task(&mut self, now: Timestamp) -> Option<(Purpose, Task)> {
        if let Some((attempt, task)) = self.inspector.next_task(now) {
            return Some((Purpose::Inspect(attempt), task));
        }
        if let Some(signing) = self.signing.next_task() {
            return Some(signing);
        }
        let build = self.build();
        let lab = self.lab.as_ref();
        if let Some((number, task)) = self.dry_run.next_task(lab, build, now) {
            return Some((Purpose::DryRun(number), task));
        }
        if let Some((number, task)) = self.diagnosis.next_task(lab, build, now) {
            return Some((Purpose::Diagnose(number), task));
        }
        self.drills.next_task(lab, build, now)
    }

    /// A worker tried this many candidates for primes since it last said so.
    pub fn job_tried(&mut self, number: JobNumber, candidates: u32) {
        if let (Some(Purpose::Make(task)), Some(making)) =
            (self.jobs.purpose(number), &mut self.making)
        {
            making.report(task, candidates);
        }
    }

    /// Whether a task is one of those that make files.
    #[must_use]
    pub fn is_making(&self, number: JobNumber) -> bool {
        matches!(self.jobs.purpose(number), Some(Purpose::Make(_)))
    }

    /// A worker is done with a task.
    pub fn job_done(&mut self, number: JobNumber, outcome: Outcome, now: Timestamp) {
        if let Some(purpose) = self.jobs.done(number) {
            self.settle(purpose, outcome, now);
        }
    }

    /// Takes what came of a task to whom it is for.
    fn settle(&mut self, purpose: Purpose, outcome: Outcome, now: Timestamp) {
        match purpose {
            Purpose::Read(attempt) => self.authority_read(attempt, outcome, now),
            Purpose::Export(order) => self.exporting.complete(order, outcome),
            Purpose::Inspect(attempt) => self.inspector.done(attempt, outcome),
            Purpose::Renew => renew_and_revoke::renewal_done(self, outcome),
            Purpose::Revoke => renew_and_revoke::revocation_done(self, outcome),
            Purpose::DryRun(number) => self.dry_run.done(number, outcome),
            Purpose::Drill(number) => self.drills.made(number, outcome),
            Purpose::DrillVerdict(number) => self.drills.judged(number, outcome),
            Purpose::Diagnose(number) => self.diagnosis.done(number, outcome),
            Purpose::Make(task) => {
                let Some(making) = &mut self.making else {
                    return;
                };
                match making.complete(task, outcome) {
                    Ok(()) => {
                        let abandoned = making.abandoned();
                        self.jobs.drop_where(|purpose| {
                            matches!(purpose, Purpose::Make(task) if abandoned.contains(&task))
                        });
                        self.finish_making();
                    }
                    Err(error) => self.fail(&error.to_string()),
                }
            }
        }
    }

    fn authority_read(&mut self, attempt: u32, outcome: Outcome, now: Timestamp) {
        if attempt != self.brought.attempt {
            return;
        }
        let refused = |field: Field, message: String| Reading::Refused(Fault::new(field, message));
        self.brought.state = match outcome {
            Outcome::Authority(pair) => match IssuedAuthority::read(&pair) {
                Ok(authority) => Reading::Read(Box::new(authority)),
                Err(error) => refused(Field::AuthorityCertificate, error.to_string()),
            },
            Outcome::AuthorityRefused {
                passphrase: true,
                message,
                ..
            } => refused(Field::AuthorityPassphrase, message),
            Outcome::AuthorityRefused {
                key: true, message, ..
            } => refused(Field::AuthorityKey, message),
            outcome => refused(
                Field::AuthorityCertificate,
                outcome.unexpected().to_string(),
            ),
        };
        self.check(now);
        self.reveal_all();
        if std::mem::take(&mut self.make_when_read) {
            self.notice = Notice::Nothing;
            self.press_make(now);
        }
    }

    /// A worker ended without an answer, with what is known of the reason.
    pub fn worker_lost(&mut self, in_hand: Option<JobNumber>, reason: &str, now: Timestamp) {
        match in_hand.map_or(Lost::Forgotten, |number| self.jobs.lost(number)) {
            Lost::Again | Lost::Forgotten => {
                self.notice = Notice::WorkerLost(reason.to_owned());
            }
            Lost::ForGood(purpose) => {
                let message = match purpose {
                    Purpose::Make(_) => {
                        return self.fail(&format!(
                            "a worker of this page ended twice over the same task ({reason})"
                        ));
                    }
                    Purpose::Read(_) => format!(
                        "a worker of this page ended twice while reading this CA ({reason}); please report this"
                    ),
                    Purpose::Inspect(_) | Purpose::Renew | Purpose::Revoke => format!(
                        "a worker of this page ended twice over it ({reason}); please report this"
                    ),
                    Purpose::Export(_)
                    | Purpose::DryRun(_)
                    | Purpose::Drill(_)
                    | Purpose::DrillVerdict(_)
                    | Purpose::Diagnose(_) => {
                        format!("a worker of this page ended twice over it ({reason})")
                    }
                };
                self.settle(purpose, Outcome::Failed { message }, now);
            }
        }
    }

    fn finish_making(&mut self) {
        let Some(mut lab) = self.making.as_ref().and_then(Making::finish) else {
            return;
        };
        // Its CA may be the same still.
        if let Some(list) = self.lab.as_ref().and_then(Lab::revocation_list) {
            lab.revoke(list);
        }
        self.stop_making();
        // A key that was kept and downloaded before is still downloaded.
        let before: HashMap<String, _> = self.lab.iter().flat_map(Lab::private_keys).collect();
        let after: HashMap<String, _> = lab.private_keys().collect();
        self.saved.retain(|name| {
            let key = after.get(name);
            key.is_some() && key == before.get(name)
        });
        self.lab = Some(lab);
        // What was written in other forms is of the files before.
        self.exporting.forget();
        self.notice = Notice::Made;
        self.focus_on("files-heading");
    }

    fn fail(&mut self, message: &str) {
        self.stop_making();
        self.notice = Notice::Failed(format!("{message}; press “Make the files” to try again"));
        self.focus_on("make");
    }

    fn stop_making(&mut self) {
        self.making = None;
        self.jobs
            .drop_where(|purpose| matches!(purpose, Purpose::Make(_)));
    }

    /// The tasks whose workers should stop.
    pub fn stops(&mut self) -> Vec<JobNumber> {
        self.jobs.stops()
    }

    /// All workers were ended, because the page is put aside. What they had in
    /// hand is given out again if the page comes back.
    pub fn workers_ended(&mut self) {
        self.jobs.all_ended();
    }

    /// The work is to stop.
    pub(in crate::page) fn cancel(&mut self) {
        self.wish(Wish::Workers(Workers::Restart));
        let under_way = self.making.is_some() || self.make_when_read;
        self.make_when_read = false;
        self.stop_making();
        self.jobs.all_ended();
        if under_way {
            self.notice = Notice::Cancelled;
            self.focus_on("make");
        }
    }
}
