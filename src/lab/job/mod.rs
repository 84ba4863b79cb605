//! The work itself, one file a job: values in, values out. Whoever runs it, a
//! worker or a test, gives the random generator; a [`Workbench`] cuts what takes
//! long into turns.

pub mod drill;
pub mod export;
pub mod inspect;
pub mod key;
pub mod make;
pub mod read_authority;
pub mod renew;
pub mod revoke;
pub mod signing;

use std::{error::Error, fmt};

use rand_core::CryptoRng;
use rsa_key::{
    AssembleError, JudgeError, ModulusBits, PrimeBytesError, PrimeSearch, ProbablePrime,
};

use self::make::IssuedLeaf;
use super::{
    drills::DrillError,
    judging::InquiryError,
    wire::{Outcome, PrimeBytes, Task},
};
use crate::pki::{
    authority::{Authority, AuthorityError, IssueError},
    certificate::CertificateError,
    certification_request::RequestError,
    chain::ChainError,
    key::KeyError,
    pkcs12::Pkcs12Error,
};

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
    }

    /// Whether there is a task.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.task.is_some()
    }

    /// Goes on for a few hundredths of a second. Gives nothing if there is no
    /// task.
    pub fn turn<R: CryptoRng + ?Sized>(&mut self, rng: &mut R) -> Option<Turn> {
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
    pub fn finish<R: CryptoRng + ?Sized>(&mut self, task: Task, rng: &mut R) -> Outcome {
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
            Self::AssembleKey { p, q } => key::assemble(p, q)?,
            Self::GenerateKey { key_type } => key::generate(*key_type, rng)?,
            Self::ReadAuthority {
                authority,
                passphrase,
                now,
            } => read_authority::read(authority, passphrase.as_ref(), *now)?,
            Self::MakeAuthority {
                options,
                issuer,
                key,
                now,
            } => make::authority(options, issuer.as_ref(), key, *now, rng)?,
            Self::Export(order) => Outcome::Exported(order.perform(rng)?),
            Self::Renew(renewal) => match renewal.perform(rng) {
                Ok(renewed) => Outcome::Renewed(Box::new(renewed)),
                Err(fault) => Outcome::SigningRefused(fault),
            },
            Self::Revoke(revocation) => match revocation.perform(rng) {
                Ok(list) => Outcome::Revoked(Box::new(list)),
                Err(fault) => Outcome::SigningRefused(fault),
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

/// Why a job failed, which no checked plan makes it do.
#[derive(Debug)]
pub enum JobError {
    /// Bytes are no find of this program's.
    Prime(PrimeBytesError),
    /// The judge could not judge.
    Judge(JudgeError),
    /// Two primes make no key.
    Assemble(AssembleError),
    /// A private key can't be made, read or written.
    Key(KeyError),
    /// A CSR can't be made, read or written.
    Request(RequestError),
    /// A certificate can't be read or written.
    Certificate(CertificateError),
    /// A chain can't be read.
    Chain(ChainError),
    /// A CA can't be read.
    Authority(AuthorityError),
    /// A certificate can't be issued.
    Issue(IssueError),
    /// A PKCS#12 file can't be written.
    Pkcs12(Pkcs12Error),
    /// A question for the verdict can't be answered.
    Inquiry(InquiryError),
    /// A drill can't be made.
    Drill(DrillError),
    /// A certificate is wanted for a subject whose key is not here.
    KeyMissing,
    /// This is done in turns, at a workbench.
    InTurns,
    /// The workbench is empty.
    NoTask,
}

impl JobError {
    /// The error of whoever could not do it.
    fn cause(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Prime(error) => Some(error),
            Self::Judge(error) => Some(error),
            Self::Assemble(error) => Some(error),
            Self::Key(error) => Some(error),
            Self::Request(error) => Some(error),
            Self::Certificate(error) => Some(error),
            Self::Chain(error) => Some(error),
            Self::Authority(error) => Some(error),
            Self::Issue(error) => Some(error),
            Self::Pkcs12(error) => Some(error),
            Self::Inquiry(error) => Some(error),
            Self::Drill(error) => Some(error),
            Self::KeyMissing | Self::InTurns | Self::NoTask => None,
        }
    }
}

impl fmt::Display for JobError {
    /// The words of whoever could not do it: they are for the reader.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyMissing => formatter.write_str("the private key is missing"),
            Self::InTurns => formatter.write_str("this is done in turns"),
            Self::NoTask => formatter.write_str("there is no task"),
            error => match error.cause() {
                Some(cause) => fmt::Display::fmt(cause, formatter),
                None => Ok(()),
            },
        }
    }
}

impl Error for JobError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // Its words are the cause's own, so that what lies behind it comes next.
        self.cause()?.source()
    }
}

/// Each error under its own name, for `?`.
macro_rules! from {
    ($($variant:ident($error:ty)),+) => { $(
        impl From<$error> for JobError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )+ };
}

from!(
    Prime(PrimeBytesError),
    Judge(JudgeError),
    Assemble(AssembleError),
    Key(KeyError),
    Request(RequestError),
    Certificate(CertificateError),
    Chain(ChainError),
    Authority(AuthorityError),
    Issue(IssueError),
    Pkcs12(Pkcs12Error),
    Inquiry(InquiryError),
    Drill(DrillError)
);

impl From<JobError> for Outcome {
    fn from(error: JobError) -> Self {
        Self::Failed {
            message: error.to_string(),
        }
    }
}
