//! The work itself, one file a job: values in, values out. Whoever runs it, a
//! worker or a test, gives the random generator; a [`Workbench`] cuts what takes
//! long into turns.

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

use rand_core::{CryptoRng, TryCryptoRng};
use rsa_key::{ModulusBits, PrimeSearch, ProbablePrime};

use self::make::IssuedLeaf;
use super::{
    random::{Health, Watched},
    wire::{Outcome, PrimeBytes, Task},
};
use crate::pki::authority::Authority;

/// Where tasks are worked on, one after the other. It keeps what is costly to
/// make and holds no secret between two tasks: the table of small primes.
#[derive(Default)]
pub struct Workbench {
    /// The last search, for its size of keys.
    search: Option<PrimeSearch>,
    found: Option<ProbablePrime>,
    /// The rounds of the task that are passed.
    rounds: u32,
    /// The task's CA, once it is read, and what it has issued.
    authority: Option<Authority>,
    issued: Vec<IssuedLeaf>,
    task: Option<Task>,
    /// Whether the task's generator was examined.
    examined: bool,
    health: Health,
}

/// What one turn at the bench came to.
pub enum Turn {
    /// There is more to do.
    Working {
        /// The candidates for primes that this turn tried.
        candidates: u32,
    },
    /// The task is done.
    Done(Outcome),
}

/// Batches of four candidates in one turn: three milliseconds for a 2048-bit key,
/// so that a worker soon sees a message, and the page, where it has no workers,
/// stays answerable.
const BATCHES: u32 = 2;

impl Workbench {
    /// Takes up a task, and lets go of the one before.
    pub fn begin(&mut self, task: Task) {
        self.stop();
        self.task = Some(task);
    }

    /// Lets go of the task.
    pub fn stop(&mut self) {
        self.found = None;
        self.rounds = 0;
        self.authority = None;
        self.issued.clear();
        self.task = None;
        self.examined = false;
        self.health.forget();
    }

    /// Whether there is a task.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.task.is_some()
    }

    /// Goes on for a few hundredths of a second. Gives nothing if there is no
    /// task. Where the generator fails, so does the task.
    pub fn turn<R: TryCryptoRng + ?Sized>(&mut self, rng: &mut R) -> Option<Turn> {
        self.task.as_ref()?;
        let mut health = std::mem::take(&mut self.health);
        let mut watched = Watched::new(rng, &mut health);
        if !self.examined {
            self.examined = true;
            watched.examine();
        }
        let turn = self.work(&mut watched);
        let fault = health.take_fault();
        self.health = health;
        match fault {
            Some(fault) => {
                self.stop();
                let message = fault.to_string();
                Some(Turn::Done(Outcome::Failed { message }))
            }
            None => turn,
        }
    }

    fn work<R: CryptoRng>(&mut self, rng: &mut R) -> Option<Turn> {
        let turn = match self.task.as_ref()? {
            Task::FindPrime { size } => {
                let size = *size;
                self.find_prime(size, rng)
            }
            Task::JudgePrime { prime, rounds } => match key::judge(prime, rng) {
                Ok(true) if self.rounds + 1 < *rounds => {
                    self.rounds += 1;
                    Turn::Working { candidates: 0 }
                }
                Ok(passed) => Turn::Done(Outcome::Judged(passed)),
                Err(error) => Turn::Done(error.into()),
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
        };
        if let Turn::Done(_) = turn {
            self.stop();
        }
        Some(turn)
    }

    /// Searches for a moment, or tells what was found: each is a turn.
    fn find_prime<R: CryptoRng + ?Sized>(&mut self, size: ModulusBits, rng: &mut R) -> Turn {
        if let Some(prime) = self.found.take() {
            let bytes = PrimeBytes(prime.to_be_bytes().to_vec());
            return Turn::Done(Outcome::Prime(bytes));
        }
        // Its table is for one size; another size is rare enough to begin anew.
        if self.search.as_ref().map(PrimeSearch::size) != Some(size) {
            self.search = None;
        }
        let search = self.search.get_or_insert_with(|| PrimeSearch::new(size));
        let Ok(step) = search.step(BATCHES, rng);
        match step {
            rsa_key::Step::Searching { tried } => Turn::Working { candidates: tried },
            rsa_key::Step::Found { tried, prime } => {
                self.found = Some(prime);
                Turn::Working { candidates: tried }
            }
        }
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
            Self::FindPrime { .. } | Self::JudgePrime { .. } | Self::Issue { .. } => {
                return Err(JobError::InTurns);
            }
            Self::AssembleKey { p, q } => match key::assemble(p, q)? {
                Some(key) => Outcome::Key(key),
                None => Outcome::PrimesRefused,
            },
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
