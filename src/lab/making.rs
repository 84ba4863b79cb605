//! The order of the work: which task is next, and what is done with what comes
//! back. It starts no worker and keeps no clock, so the page drives it with
//! workers and the tests drive it in a loop.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rand_core::CryptoRng;

use super::{
    IssuedAuthority, IssuedIdentity, Lab,
    task::{Outcome, PemPair, Secret, Task},
};
use crate::{
    etcd::plan::{AuthoritySource, CheckedPlan, Fault, IdentityPlan, Plan},
    pki::authority::Usage,
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
    /// The certificates that are issued.
    pub certificates_done: usize,
    /// The certificates to issue.
    pub certificates: usize,
    /// The candidates for primes that have been tried.
    pub candidates: u64,
    /// How many candidates so many keys take on average.
    pub candidates_expected: u64,
}

/// Odd numbers of 1024 bits that are looked at for the two primes of one key,
/// on average: the natural logarithm of 2^1024, by the prime number theorem.
const CANDIDATES_EXPECTED_PER_KEY: u64 = 710;

impl Progress {
    /// The whole as a fraction from 0 to 1. A key takes nearly all of the time.
    /// Keys in the making count by the candidates tried for them, and never as
    /// done: primes are found by luck.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a few thousand steps at most")]
    pub fn fraction(self) -> f64 {
        const KEY: f64 = 10.0;
        let all = self.keys as f64 * KEY + self.certificates as f64;
        let by_luck = self.candidates as f64 / CANDIDATES_EXPECTED_PER_KEY as f64;
        let done = self.keys_done as f64;
        let left = self.keys as f64 - done;
        // Halfway through what is left when as much was tried as one expects.
        let begun = if left > 0.0 && by_luck > done {
            left * (1.0 - 0.5_f64.powf((by_luck - done) / left))
        } else {
            0.0
        };
        if all > 0.0 {
            ((done + begun) * KEY + self.certificates_done as f64) / all
        } else {
            1.0
        }
    }
}

/// Work under way.
pub struct Making {
    plan: Plan,
    checked: CheckedPlan,
    now: Timestamp,
    keys_wanted: VecDeque<Owner>,
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
        let owner = self.keys_wanted.pop_front()?;
        Some((Step::Key(owner), Task::MakeKey))
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
    pub fn report(&mut self, candidates: u64) {
        self.candidates += candidates;
    }

    /// Takes back tasks in hand whose outcome is no longer wanted; whoever
    /// works on them should stop.
    pub fn abandoned(&mut self) -> Vec<TaskNumber> {
        Vec::new()
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
        Progress {
            keys_done: self.key_count - self.keys_wanted.len() - keys_in_hand,
            keys: self.key_count,
            certificates_done: self.issue_count - authority_left - identities_left,
            certificates: self.issue_count,
            candidates: self.candidates,
            candidates_expected: self.key_count as u64 * CANDIDATES_EXPECTED_PER_KEY,
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
    while let Some((number, task)) = making.next_task() {
        making
            .complete(number, task.perform(rng))
            .map_err(MakeError::Task)?;
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
