//! The work itself, one file a job: values in, values out. Whoever runs it, a
//! worker or a test, gives the random generator; a [`Workbench`] cuts what takes
//! long into turns.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub mod diagnose;
pub mod drill;
mod error;
pub mod export;
pub mod inspect;
pub mod judge;
pub mod key;
pub mod make;
pub mod read_authority;
pub mod renew;
pub mod revoke;
pub mod signing;

pub use error::JobError;

#[cfg(test)]
mod random_tests;

pub use lab_worker::bench::Bench;

use lab_worker::{bench, keys::KeyWork, random::Watch};
use rand_core::{CryptoRng, TryCryptoRng};

use self::make::IssuedLeaf;
use super::wire::{Outcome, Task};
use crate::pki::{authority::Authority, inspection::anatomy::Anatomy};

/// What one turn at the bench came to.
pub type Turn = bench::Turn<Outcome>;

/// Where tasks are worked on, one after the other. It keeps what is costly to
/// make and holds no secret between two tasks: the table of small primes.
#[derive(Default)]
pub struct Workbench {
    keys: KeyWork,
    /// The task's CA, once it is read, and what it has issued.
    authority: Option<Authority>,
    issued: Vec<IssuedLeaf>,
    task: Option<Task>,
    watch: Watch,
}

impl Bench for Workbench {
    type Task = Task;
    type Outcome = Outcome;

    fn begin(&mut self, task: Task) {
        self.stop();
        self.task = Some(task);
    }

    fn stop(&mut self) {
        self.keys.stop();
        self.authority = None;
        self.issued.clear();
        self.task = None;
        self.watch.rest();
    }

    fn is_busy(&self) -> bool {
        self.task.is_some()
    }

    fn turn<R: TryCryptoRng + ?Sized>(&mut self, rng: &mut R) -> Option<Turn> {
        self.task.as_ref()?;
        let mut watch = std::mem::take(&mut self.watch);
        let turn = watch.over(rng, |rng| self.work(rng));
        self.watch = watch;
        let turn = turn.unwrap_or_else(|fault| {
            let message = fault.to_string();
            Some(Turn::Done(Outcome::Failed { message }))
        });
        if let Some(Turn::Done(_)) = turn {
            self.stop();
        }
        turn
    }
}

impl Workbench {
    fn work<R: CryptoRng>(&mut self, rng: &mut R) -> Option<Turn> {
        Some(match self.task.as_ref()? {
            Task::Rsa(task) => match self.keys.turn(task, rng) {
                bench::Turn::Working { candidates } => Turn::Working { candidates },
                bench::Turn::Done(outcome) => Turn::Done(outcome.into()),
            },
            Task::Issue {
                authority,
                leaves,
                now,
            } => match leaves.get(self.issued.len()) {
                Some(leaf) => match leaf.issue_by(&mut self.authority, authority, *now, rng) {
                    Ok(leaf) => {
                        self.issued.push(leaf);
                        Turn::Working { candidates: 0 }
                    }
                    Err(error) => Turn::Done(error.into()),
                },
                None => Turn::Done(Outcome::Issued(std::mem::take(&mut self.issued))),
            },
            task => Turn::Done(task.perform(rng).unwrap_or_else(Outcome::from)),
        })
    }

    /// Works on a task to its end.
    pub fn finish<R: TryCryptoRng + ?Sized>(&mut self, task: Task, rng: &mut R) -> Outcome {
        self.begin(task);
        loop {
            match self.turn(rng) {
                Some(Turn::Working { .. }) => {}
                Some(Turn::Done(outcome)) => return outcome,
                None => return JobError::NoTask.into(),
            }
        }
    }
}

impl Task {
    /// Does work that is not worth cutting into turns.
    fn perform<R: CryptoRng + ?Sized>(&self, rng: &mut R) -> Result<Outcome, JobError> {
        Ok(match self {
            Self::Rsa(_) | Self::Issue { .. } => return Err(JobError::InTurns),
            Self::GenerateKey { key_type } => Outcome::Key(key::generate(*key_type, rng)?),
            Self::ReadAuthority {
                authority,
                passphrase,
                now,
            } => match read_authority::read(authority, passphrase.as_ref(), *now) {
                Ok(authority) => Outcome::Authority(read_authority::plainest(&authority)?),
                Err(refused) => Outcome::AuthorityRefused {
                    key: refused.is_of_key(),
                    passphrase: refused.is_of_passphrase(),
                    message: refused.to_string(),
                },
            },
            Self::MakeAuthority {
                options,
                issuer,
                key,
                now,
            } => {
                let authority = make::authority(options, issuer.as_ref(), key, *now, rng)?;
                Outcome::Authority(read_authority::plainest(&authority)?)
            }
            Self::Export(order) => Outcome::Exported(order.perform(rng)?),
            Self::Renew(renewal) => match renewal.perform(rng) {
                Ok(renewed) => Outcome::Renewed(Box::new(renewed)),
                Err(error) => Outcome::SigningRefused(error.into()),
            },
            Self::Revoke(revocation) => match revocation.perform(rng) {
                Ok(list) => Outcome::Revoked(Box::new(list)),
                Err(error) => Outcome::SigningRefused(error.into()),
            },
            Self::Inspect {
                files,
                passphrase,
                now,
            } => Outcome::Inspected(Box::new(inspect::look(files, passphrase.as_ref(), *now))),
            Self::Dissect { pem } => {
                let anatomy = Anatomy::of_pem(pem).ok_or(JobError::NotShown)?;
                Outcome::Dissected(Box::new(anatomy))
            }
            Self::Judge(inquiry) => Outcome::Verdict(Box::new(inquiry.judge()?)),
            Self::Diagnose(evidence) => Outcome::Diagnosed(Box::new(evidence.diagnose())),
            Self::Drill(order) => {
                let (set, basis) = order.perform(rng)?;
                Outcome::Drilled(Box::new(set), Box::new(basis))
            }
        })
    }
}

impl From<JobError> for Outcome {
    fn from(error: JobError) -> Self {
        Self::Failed {
            message: error.to_string(),
        }
    }
}
