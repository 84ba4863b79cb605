//! The work: the press of the button, what the workers have in hand, and what is
//! done with what comes back.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{
    super::jobs::{JobNumber, Lost, Purpose},
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
            self.focus = Some(fault.field.to_string());
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
            self.focus = Some("files-heading".to_owned());
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
                self.focus = Some("progress-text".to_owned());
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
        if let Some((errand, task)) = self.desk.next_task(now) {
            return Some(self.jobs.give(Purpose::Desk(errand), task));
        }
        let build = self.build();
        if let Some((trial, task)) = self.trials.next_task(self.lab.as_ref(), build, now) {
            return Some(self.jobs.give(Purpose::Try(trial), task));
        }
        let (number, task) = self.making.as_mut()?.next_task()?;
        Some(self.jobs.give(Purpose::Make(number), task))
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
        match self.jobs.done(number) {
            None => {}
            Some(Purpose::Read(attempt)) => self.authority_read(attempt, outcome, now),
            Some(Purpose::Export(order)) => self.exporting.complete(order, outcome),
            Some(Purpose::Desk(errand)) => self.desk_done(errand, outcome),
            Some(Purpose::Try(trial)) => self.trials.done(trial, outcome),
            Some(Purpose::Make(task)) => {
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
            Lost::ForGood(Purpose::Make(_)) => self.fail(&format!(
                "a worker of this page ended twice over the same task ({reason})"
            )),
            Lost::ForGood(Purpose::Export(order)) => {
                let message = format!("a worker of this page ended twice over it ({reason})");
                self.exporting.complete(order, Outcome::Failed { message });
            }
            Lost::ForGood(Purpose::Desk(errand)) => {
                let message = format!(
                    "a worker of this page ended twice over it ({reason}); please report this"
                );
                self.desk_done(errand, Outcome::Failed { message });
            }
            Lost::ForGood(Purpose::Try(trial)) => {
                let message = format!("a worker of this page ended twice over it ({reason})");
                self.trials.done(trial, Outcome::Failed { message });
            }
            Lost::ForGood(Purpose::Read(attempt)) => {
                let message = format!(
                    "a worker of this page ended twice while reading this CA ({reason}); please report this"
                );
                self.authority_read(attempt, Outcome::Failed { message }, now);
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
        self.focus = Some("files-heading".to_owned());
    }

    fn fail(&mut self, message: &str) {
        self.stop_making();
        self.notice = Notice::Failed(format!("{message}; press “Make the files” to try again"));
        self.focus = Some("make".to_owned());
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

    /// The work is to stop. Whoever calls this ends all workers.
    pub fn cancel(&mut self) {
        let under_way = self.making.is_some() || self.make_when_read;
        self.make_when_read = false;
        self.stop_making();
        self.jobs.all_ended();
        if under_way {
            self.notice = Notice::Cancelled;
            self.focus = Some("make".to_owned());
        }
    }
}
