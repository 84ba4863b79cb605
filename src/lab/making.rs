//! The order of the work: which task is next, and what is done with what comes
//! back. It starts no worker and keeps no clock, so the page drives it with
//! workers and the tests drive it in a loop.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rand_core::CryptoRng;

use super::{
    IssuedAuthority, IssuedIdentity, Lab,
    task::{Outcome, PemPair, PrimeBytes, Secret, Task, Workbench},
};
use crate::{
    etcd::plan::{AuthoritySource, CheckedPlan, Fault, IdentityPlan, Plan},
    pki::{authority::Usage, rsa_key::ModulusBits},
};

/// Which certificate a key or a task belongs to: the CA, or the identity at
/// this place, the server's being 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The CA.
    Authority,
    /// A leaf.
    Identity(usize),
}

/// The kind of work a task in hand is, so that its outcome finds its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Prime,
    Key(Owner),
    Authority,
    Issue(usize),
}

/// The number under which a task was given out.
pub type TaskNumber = u32;

/// How far the work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The private keys that are made.
    pub keys_done: usize,
    /// The private keys to make.
    pub keys: usize,
    /// The primes that are found, two for each key.
    pub primes_done: usize,
    /// The certificates that are issued.
    pub certificates_done: usize,
    /// The certificates to issue.
    pub certificates: usize,
    /// The candidates for primes that have been tried, of
    /// [`Self::candidates_expected`] on average.
    pub candidates: u64,
}

impl Progress {
    /// The candidates that it takes on average to find all primes. It is a
    /// lottery: now and then it takes twice as many.
    #[must_use]
    pub fn candidates_expected(self) -> u64 {
        2 * self.keys as u64 * u64::from(ModulusBits::Rsa2048.expected_candidates())
    }
}

impl Progress {
    /// The whole as a fraction from 0 to 1. Primes take nearly all of the time.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a few thousand steps at most")]
    pub fn fraction(self) -> f64 {
        const PRIME: usize = 10;
        let all = 2 * self.keys * PRIME + self.keys + self.certificates;
        let done = self.primes_done * PRIME + self.keys_done + self.certificates_done;
        if all == 0 {
            1.0
        } else {
            done as f64 / all as f64
        }
    }
}

/// Work under way.
pub struct Making {
    plan: Plan,
    checked: CheckedPlan,
    now: Timestamp,
    keys_wanted: VecDeque<Owner>,
    primes: Vec<PrimeBytes>,
    keys: BTreeMap<Owner, Secret>,
    key_count: usize,
    authority: Option<PemPair>,
    authority_given_out: bool,
    to_issue: VecDeque<usize>,
    issue_count: usize,
    identities: Vec<Option<IssuedIdentity>>,
    in_hand: BTreeMap<TaskNumber, Step>,
    next_number: TaskNumber,
    candidates: u64,
}

impl Making {
    /// Begins. `brought` is the CA that the reader brings, already read by
    /// [`Task::ReadAuthority`]. What `previous` has and the plan still asks for
    /// is kept: its CA if that is unchanged, and then every certificate that
    /// is unchanged.
    ///
    /// # Errors
    ///
    /// The plan's faults; nothing has been started then.
    pub fn start(
        plan: &Plan,
        brought: Option<&IssuedAuthority>,
        previous: Option<&Lab>,
        now: Timestamp,
    ) -> Result<Self, Vec<Fault>> {
        let authority = match plan.authority.source {
            AuthoritySource::Bring => brought,
            AuthoritySource::Make => previous.and_then(|previous| previous.authority_for(plan)),
        };
        let checked = plan.check(authority.map(|authority| authority.validity), now)?;
        let kept = |index: usize, wanted: &IdentityPlan| {
            let previous = previous?;
            let same_authority = authority
                .is_some_and(|authority| authority.certificate == previous.authority.certificate);
            previous
                .identities
                .iter()
                .find(|identity| {
                    same_authority
                        && identity.plan == *wanted
                        && (identity.usage == Usage::Server) == (index == 0)
                })
                .cloned()
        };
        let identities: Vec<Option<IssuedIdentity>> = std::iter::once(&plan.server)
            .chain(&plan.clients)
            .enumerate()
            .map(|(index, wanted)| kept(index, wanted))
            .collect();
        let to_issue: VecDeque<usize> = (0..identities.len())
            .filter(|index| identities[*index].is_none())
            .collect();
        let mut keys_wanted = VecDeque::new();
        if authority.is_none() {
            keys_wanted.push_back(Owner::Authority);
        }
        let with_csr = |index: usize| match index {
            0 => !plan.server.csr.trim().is_empty(),
            _ => plan
                .clients
                .get(index - 1)
                .is_some_and(|client| !client.csr.trim().is_empty()),
        };
        keys_wanted.extend(
            to_issue
                .iter()
                .filter(|index| !with_csr(**index))
                .map(|index| Owner::Identity(*index)),
        );
        Ok(Self {
            plan: plan.clone(),
            checked,
            now,
            key_count: keys_wanted.len(),
            keys_wanted,
            primes: Vec::new(),
            keys: BTreeMap::new(),
            authority: authority.map(|authority| PemPair {
                certificate: authority.certificate.clone(),
                key: authority.key.to_string(),
            }),
            authority_given_out: authority.is_some(),
            issue_count: to_issue.len() + usize::from(authority.is_none()),
            to_issue,
            identities,
            in_hand: BTreeMap::new(),
            next_number: 0,
            candidates: 0,
        })
    }

    /// The next task that can be given out, or nothing while all that is left
    /// waits for tasks in hand.
    pub fn next_task(&mut self) -> Option<(TaskNumber, Task)> {
        let (step, task) = self.ready()?;
        let number = self.next_number;
        self.next_number += 1;
        self.in_hand.insert(number, step);
        Some((number, task))
    }

    fn ready(&mut self) -> Option<(Step, Task)> {
        if !self.authority_given_out
            && let Some(authority) = &self.plan_authority()
            && let Some(key) = self.keys.remove(&Owner::Authority)
        {
            self.authority_given_out = true;
            let task = Task::MakeAuthority {
                subject: authority.0.clone(),
                days: authority.1.clone(),
                key,
                now: self.now,
            };
            return Some((Step::Authority, task));
        }
        if let Some(authority) = &self.authority {
            let position = self.to_issue.iter().position(|index| {
                !self.identity_plan(*index).csr.trim().is_empty()
                    || self.keys.contains_key(&Owner::Identity(*index))
            });
            if let Some(index) = position.and_then(|position| self.to_issue.remove(position)) {
                let task = Task::Issue {
                    authority: authority.clone(),
                    identity: self.identity_plan(index).clone(),
                    server: index == 0,
                    key: self.keys.get(&Owner::Identity(index)).cloned(),
                    now: self.now,
                };
                return Some((Step::Issue(index), task));
            }
        }
        self.prime_work()
    }

    /// Primes are all alike, so whichever two come first make the next key, and
    /// every worker that has nothing better to do looks for another.
    fn prime_work(&mut self) -> Option<(Step, Task)> {
        let owner = *self.keys_wanted.front()?;
        if self.primes.len() >= 2
            && let (Some(p), Some(q)) = (self.primes.pop(), self.primes.pop())
        {
            self.keys_wanted.pop_front();
            return Some((Step::Key(owner), Task::AssembleKey { p, q }));
        }
        self.wants_primes()
            .then_some((Step::Prime, Task::FindPrime))
    }

    /// Whether the primes that are there are too few for the keys that are not
    /// yet being assembled.
    fn wants_primes(&self) -> bool {
        self.primes.len() < 2 * self.keys_wanted.len()
    }

    fn plan_authority(&self) -> Option<(String, String)> {
        let authority = &self.plan.authority;
        (authority.source == AuthoritySource::Make)
            .then(|| (authority.subject.clone(), authority.days.clone()))
    }

    fn identity_plan(&self, index: usize) -> &IdentityPlan {
        index
            .checked_sub(1)
            .and_then(|client| self.plan.clients.get(client))
            .unwrap_or(&self.plan.server)
    }

    /// Takes back what came of a task.
    ///
    /// # Errors
    ///
    /// The sentence for the reader if the task failed. The work is over then.
    pub fn complete(&mut self, number: TaskNumber, outcome: Outcome) -> Result<(), String> {
        let Some(step) = self.in_hand.remove(&number) else {
            return Ok(());
        };
        match (step, outcome) {
            (Step::Prime, Outcome::Prime(prime)) => self.primes.push(prime),
            (Step::Key(owner), Outcome::PrimesRefused) => self.keys_wanted.push_front(owner),
            (Step::Key(owner), Outcome::Key(key)) => {
                self.keys.insert(owner, key);
            }
            (Step::Authority, Outcome::Authority(pair)) => self.authority = Some(pair),
            (Step::Issue(index), Outcome::Issued { certificate, csr }) => {
                let usage = if index == 0 {
                    Usage::Server
                } else {
                    Usage::Client
                };
                let key = self.keys.remove(&Owner::Identity(index));
                let plan = self.identity_plan(index).clone();
                let issued = IssuedIdentity::read(&plan, usage, key.as_ref(), csr, certificate)?;
                self.identities[index] = Some(issued);
            }
            (_, Outcome::Failed { message } | Outcome::AuthorityRefused { message, .. }) => {
                return Err(message);
            }
            _ => {
                return Err(
                    "a worker answered another question than it was asked; please report this"
                        .to_owned(),
                );
            }
        }
        Ok(())
    }

    /// Takes note that a task in hand tried this many candidates for primes.
    pub fn report(&mut self, candidates: u32) {
        self.candidates += u64::from(candidates);
    }

    /// Takes back tasks in hand whose outcome is no longer wanted; whoever
    /// works on them should stop.
    pub fn abandoned(&mut self) -> Vec<TaskNumber> {
        if self.wants_primes() {
            return Vec::new();
        }
        let searches = self.in_hand.extract_if(.., |_, step| *step == Step::Prime);
        searches.map(|(number, _)| number).collect()
    }

    /// How far the work has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let keys_in_hand = self
            .in_hand
            .values()
            .filter(|step| matches!(step, Step::Key(_)))
            .count();
        let authority_left = usize::from(self.authority.is_none());
        let identities_left = self
            .identities
            .iter()
            .filter(|identity| identity.is_none())
            .count();
        let keys_begun = self.key_count - self.keys_wanted.len();
        Progress {
            keys_done: keys_begun - keys_in_hand,
            primes_done: 2 * keys_begun + self.primes.len().min(2 * self.keys_wanted.len()),
            keys: self.key_count,
            certificates_done: self.issue_count - authority_left - identities_left,
            certificates: self.issue_count,
            candidates: self.candidates,
        }
    }

    /// The lab, once nothing is left to do.
    #[must_use]
    pub fn finish(&self) -> Option<Lab> {
        let identities = self
            .identities
            .iter()
            .cloned()
            .collect::<Option<Vec<_>>>()?;
        let authority = IssuedAuthority::read(self.authority.as_ref()?).ok()?;
        Some(Lab {
            plan: self.plan.clone(),
            checked: self.checked.clone(),
            made: self.now,
            authority,
            identities,
        })
    }
}

/// Makes a whole lab at once, where there are no workers: for tests and tools.
///
/// # Errors
///
/// The plan's faults, or the sentence of a task that failed.
pub fn make<R: CryptoRng + ?Sized>(
    plan: &Plan,
    brought: Option<&IssuedAuthority>,
    now: Timestamp,
    rng: &mut R,
) -> Result<Lab, MakeError> {
    let mut making = Making::start(plan, brought, None, now).map_err(MakeError::Plan)?;
    let mut workbench = Workbench::default();
    while let Some((number, task)) = making.next_task() {
        let outcome = workbench.finish(task, rng);
        making.complete(number, outcome).map_err(MakeError::Task)?;
    }
    making
        .finish()
        .ok_or_else(|| MakeError::Task("the work ended early".to_owned()))
}

/// Why a lab could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MakeError {
    /// The plan's faults.
    Plan(Vec<Fault>),
    /// A task failed.
    Task(String),
}
