//! The ledger of tasks that workers have in hand: what each is for, so that its
//! outcome finds its place, and what is owed when a worker is lost. It knows no
//! worker.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use crate::{
    etcd::facts::release::Offer,
    lab::{Lab, making::TaskNumber, wire::Task},
};

/// The number under which a worker has a task. It is never given twice, so a
/// late message about a task of long ago is about nothing.
pub use lab_worker::message::JobNumber;

/// The number of a file in another form among those of one press.
pub type OrderNumber = usize;

/// What a task is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Reading the CA that the reader brings: which of the attempts.
    Read(u32),
    /// A part of the files to make.
    Make(TaskNumber),
    /// Files in other forms: of which press, and which of them.
    Export((u32, OrderNumber)),
    /// Looking at what was given: which of the attempts.
    Inspect(u32),
    /// Taking a thing apart of what was found: which of the attempts.
    Dissect(u32),
    /// Reading what is to be renewed or followed: which of the two, and which of
    /// the attempts.
    Glance(Earlier, u32),
    /// Renewing a certificate.
    Renew,
    /// Making a CRL.
    Revoke,
    /// A dry run of a command. Its number, as those that follow, tells an answer
    /// that is still wanted from one that came too late.
    DryRun(u32),
    /// The making of a drill.
    Drill(u32),
    /// The dry run of a drill.
    DrillVerdict(u32),
    /// A part of the diagnosis.
    Diagnose(u32),
}

/// What was signed earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// A certificate that is to be renewed.
    Certificate,
    /// The CRL before the one to make.
    List,
}

/// What the questions to etcd are made of beside what was asked.
#[derive(Clone, Copy)]
pub struct Circumstances<'a> {
    /// The files, where there are any.
    pub lab: Option<&'a Lab>,
    /// The build of etcd that is asked.
    pub build: Offer,
    /// Whether somebody chose it.
    pub is_build_chosen: bool,
    /// The time.
    pub now: Timestamp,
}

/// A task in hand.
struct Job {
    task: Task,
    purpose: Purpose,
    /// Whether a worker was lost over it before.
    again: bool,
}

/// What becomes of a task whose worker was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// It will be given out once more.
    Again,
    /// It was lost twice.
    ForGood(Purpose),
    /// Nobody wants it any more.
    Forgotten,
}

/// The tasks in hand, those to give out again, and those to stop.
#[derive(Default)]
pub struct Jobs {
    next: JobNumber,
    in_hand: BTreeMap<JobNumber, Job>,
    again: VecDeque<Job>,
    stops: Vec<JobNumber>,
}

impl Jobs {
    /// Enters a task that is given out now.
    pub fn give(&mut self, purpose: Purpose, task: Task) -> (JobNumber, Task) {
        self.enter(Job {
            task,
            purpose,
            again: false,
        })
    }

    /// A task that a lost worker left behind, entered anew.
    pub fn give_again(&mut self) -> Option<(JobNumber, Task)> {
        let job = self.again.pop_front()?;
        Some(self.enter(job))
    }

    fn enter(&mut self, job: Job) -> (JobNumber, Task) {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        let task = job.task.clone();
        self.in_hand.insert(number, job);
        (number, task)
    }

    /// What a task in hand is for.
    #[must_use]
    pub fn purpose(&self, number: JobNumber) -> Option<Purpose> {
        self.in_hand.get(&number).map(|job| job.purpose)
    }

    /// Strikes a task that is done.
    pub fn done(&mut self, number: JobNumber) -> Option<Purpose> {
        self.in_hand.remove(&number).map(|job| job.purpose)
    }

    /// The worker that had this task is no more.
    pub fn lost(&mut self, number: JobNumber) -> Lost {
        match self.in_hand.remove(&number) {
            None => Lost::Forgotten,
            Some(job) if job.again => Lost::ForGood(job.purpose),
            Some(job) => {
                self.again.push_back(Job { again: true, ..job });
                Lost::Again
            }
        }
    }

    /// Strikes every task that is no longer wanted; those in hand are to stop.
    pub fn drop_where(&mut self, unwanted: impl Fn(Purpose) -> bool) {
        self.again.retain(|job| !unwanted(job.purpose));
        let numbers: Vec<JobNumber> = self
            .in_hand
            .iter()
            .filter(|(_, job)| unwanted(job.purpose))
            .map(|(number, _)| *number)
            .collect();
        for number in &numbers {
            self.in_hand.remove(number);
        }
        self.stops.extend(numbers);
    }

    /// All workers are no more, on purpose: what is still wanted is given out
    /// again, without a grudge.
    pub fn all_ended(&mut self) {
        self.stops.clear();
        let jobs = std::mem::take(&mut self.in_hand);
        self.again.extend(jobs.into_values());
    }

    /// Strikes everything; there are no workers any more.
    pub fn forget(&mut self) {
        self.in_hand.clear();
        self.again.clear();
        self.stops.clear();
    }

    /// The tasks to stop, each once.
    pub fn stops(&mut self) -> Vec<JobNumber> {
        std::mem::take(&mut self.stops)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::wire::KeyTask;
    use rsa_key::ModulusBits;

    const FIND: Task = Task::Rsa(KeyTask::FindPrime {
        size: ModulusBits::Rsa2048,
    });

    #[test]
    fn a_task_that_loses_its_worker_is_given_once_more_and_no_more() {
        let mut jobs = Jobs::default();
        let (first, _) = jobs.give(Purpose::Make(7), FIND);
        assert_eq!(jobs.lost(first), Lost::Again);
        assert_eq!(jobs.lost(first), Lost::Forgotten);
        let (second, _) = jobs.give_again().unwrap();
        assert_ne!(first, second);
        assert_eq!(jobs.lost(second), Lost::ForGood(Purpose::Make(7)));
        assert!(jobs.give_again().is_none());
    }

    #[test]
    fn what_is_not_wanted_is_stopped_once_and_its_outcome_ignored() {
        let mut jobs = Jobs::default();
        let (read, _) = jobs.give(Purpose::Read(0), FIND);
        let (make, _) = jobs.give(Purpose::Make(0), FIND);
        jobs.drop_where(|purpose| matches!(purpose, Purpose::Make(_)));
        assert_eq!(jobs.stops(), [make]);
        assert!(jobs.stops().is_empty());
        assert_eq!(jobs.done(make), None);
        assert_eq!(jobs.done(read), Some(Purpose::Read(0)));
    }
}
