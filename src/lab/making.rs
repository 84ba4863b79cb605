//! The order of the work: which task is next, and what is done with what comes
//! back. It starts no worker and keeps no clock, so the page drives it with
//! workers and the tests drive it in a loop.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rand_core::CryptoRng;

use super::{
    IssuedAuthority, IssuedIdentity, Lab,
    keys::{KeyMaking, KeyStep},
    task::{Outcome, PemPair, Secret, Task, Workbench},
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Key(KeyStep),
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
    /// The candidates for primes that have been tried.
    pub candidates: u64,
    /// The candidates that it takes on average. It is a lottery: now and then it
    /// takes twice as many.
    pub candidates_expected: u64,
}

impl Progress {
    /// The whole as a fraction from 0 to 1. Finding primes takes nearly all of
    /// the time. A prime that is being looked for counts by the candidates
    /// tried, and never as found: it is found by luck.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a few million candidates at most"
    )]
    pub fn fraction(self) -> f64 {
        const PRIME: f64 = 10.0;
        let primes = 2.0 * self.keys as f64;
        let all = primes * PRIME + (self.keys + self.certificates) as f64;
        if all == 0.0 {
            return 1.0;
        }
        let found = self.primes_done as f64;
        let left = primes - found;
        let by_luck = primes * self.candidates as f64 / self.candidates_expected.max(1) as f64;
        // Halfway through what is left when as much was tried as one expects.
        let begun = if left > 0.0 && by_luck > found {
            left * (1.0 - 0.5_f64.powf((by_luck - found) / left))
        } else {
            0.0
        };
        ((found + begun) * PRIME + (self.keys_done + self.certificates_done) as f64) / all
    }
}

/// Work under way.
pub struct Making {
    plan: Plan,
    checked: CheckedPlan,
    now: Timestamp,
    keys: KeyMaking,
    /// Who gets the next key.
    without_key: VecDeque<Owner>,
    with_key: BTreeMap<Owner, Secret>,
    authority: Option<PemPair>,
    authority_given_out: bool,
    to_issue: VecDeque<usize>,
    issue_count: usize,
    identities: Vec<Option<IssuedIdentity>>,
    in_hand: BTreeMap<TaskNumber, Step>,
    next_number: TaskNumber,
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
        let mut without_key = VecDeque::new();
        if authority.is_none() {
            without_key.push_back(Owner::Authority);
        }
        let with_csr = |index: usize| match index {
            0 => !plan.server.csr.trim().is_empty(),
            _ => plan
                .clients
                .get(index - 1)
                .is_some_and(|client| !client.csr.trim().is_empty()),
        };
        without_key.extend(
            to_issue
                .iter()
                .filter(|index| !with_csr(**index))
                .map(|index| Owner::Identity(*index)),
        );
        Ok(Self {
            plan: plan.clone(),
            checked,
            now,
            keys: KeyMaking::new(without_key.len()),
            without_key,
            with_key: BTreeMap::new(),
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
            && let Some(key) = self.with_key.remove(&Owner::Authority)
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
                    || self.with_key.contains_key(&Owner::Identity(*index))
            });
            if let Some(index) = position.and_then(|position| self.to_issue.remove(position)) {
                let task = Task::Issue {
                    authority: authority.clone(),
                    identity: self.identity_plan(index).clone(),
                    server: index == 0,
                    key: self.with_key.get(&Owner::Identity(index)).cloned(),
                    now: self.now,
                };
                return Some((Step::Issue(index), task));
            }
        }
        let (step, task) = self.keys.next_task()?;
        Some((Step::Key(step), task))
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
            (Step::Key(step), outcome) => {
                // Keys are all alike too: whoever waits longest gets this one.
                if let Some(key) = self.keys.complete(step, outcome)?
                    && let Some(owner) = self.without_key.pop_front()
                {
                    self.with_key.insert(owner, key);
                }
            }
            (Step::Authority, Outcome::Authority(pair)) => self.authority = Some(pair),
            (Step::Issue(index), Outcome::Issued { certificate, csr }) => {
                let usage = if index == 0 {
                    Usage::Server
                } else {
                    Usage::Client
                };
                let key = self.with_key.remove(&Owner::Identity(index));
                let plan = self.identity_plan(index).clone();
                let issued = IssuedIdentity::read(&plan, usage, key.as_ref(), csr, certificate)?;
                self.identities[index] = Some(issued);
            }
            (_, outcome) => return Err(outcome.unexpected()),
        }
        Ok(())
    }

    /// Takes note that a task in hand tried this many candidates for primes.
    pub fn report(&mut self, candidates: u32) {
        self.keys.report(candidates);
    }

    /// Takes back tasks in hand whose outcome is no longer wanted; whoever
    /// works on them should stop.
    pub fn abandoned(&mut self) -> Vec<TaskNumber> {
        if self.keys.wants_primes() {
            return Vec::new();
        }
        let searches = self
            .in_hand
            .extract_if(.., |_, step| *step == Step::Key(KeyStep::Prime));
        searches.map(|(number, _)| number).collect()
    }

    /// How far the work has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let authority_left = usize::from(self.authority.is_none());
        let identities_left = self
            .identities
            .iter()
            .filter(|identity| identity.is_none())
            .count();
        Progress {
            keys_done: self.keys.done(),
            keys: self.keys.count(),
            primes_done: self.keys.primes_done(),
            certificates_done: self.issue_count - authority_left - identities_left,
            certificates: self.issue_count,
            candidates: self.keys.candidates(),
            candidates_expected: self.keys.candidates_expected(),
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
