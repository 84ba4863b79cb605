//! The order of the work: which task is next, and what is done with what comes
//! back. It starts no worker and keeps no clock, so the page drives it with
//! workers and the tests drive it in a loop.

mod error;
mod previous;
mod progress;

pub use error::{MakeError, WorkError};
pub use progress::Progress;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rand_core::CryptoRng;
use rsa_key::ModulusBits;

use self::{previous::Previous, progress::work_on};
use super::{
    issued::{IssuedAuthority, IssuedIdentity, Lab},
    job::{
        Workbench,
        make::{IssuedLeaf, Leaf, LeafKey},
    },
    keys::{KeyMaking, KeyWork},
    wire::{Outcome, PemPair, Secret, Task},
};
use crate::{
    etcd::plan::{AuthoritySource, CheckedPlan, ExistingAuthorities, Fault, Plan},
    pki::key::KeyType,
};

/// A certificate of the checked plan, by its place there: what a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    /// An authority's.
    Authority(usize),
    /// An identity's.
    Identity(usize),
}

/// What a task in hand is for, so that its outcome finds its place.
#[derive(Clone, Debug, PartialEq, Eq)]
enum InHand {
    /// An RSA key, by the place of its size in [`Making::rsa`].
    Rsa(usize, KeyWork),
    /// A CA's key of another kind.
    Key(usize),
    /// A CA.
    Authority(usize),
    /// Certificates of these identities.
    Issue(Vec<usize>),
}

/// The most certificates that one task issues: a tenth of a second's work at
/// worst, so that progress moves.
const MOST_LEAVES: usize = 16;

/// The number under which a task was given out.
pub type TaskNumber = u32;

/// RSA keys of one size, and who waits for them.
struct RsaKeys {
    keys: KeyMaking,
    /// Who gets the next key.
    waiting: VecDeque<Wanted>,
}

/// Work under way.
pub struct Making {
    plan: Plan,
    checked: CheckedPlan,
    now: Timestamp,
    rsa: Vec<RsaKeys>,
    /// Keys of other kinds, for CAs, that are not begun. A leaf's is made where its
    /// certificate is issued.
    to_generate: VecDeque<(usize, KeyType)>,
    keys_done: usize,
    keys: usize,
    with_key: BTreeMap<Wanted, Secret>,
    authorities: Vec<Option<IssuedAuthority>>,
    authorities_to_make: VecDeque<usize>,
    identities: Vec<Option<IssuedIdentity>>,
    /// Identities that wait for their issuer and nothing else.
    ready: VecDeque<usize>,
    certificates_done: usize,
    certificates: usize,
    in_hand: BTreeMap<TaskNumber, InHand>,
    /// A task that was looked for to know that there is one, and waits to be
    /// given out.
    drawn: Option<(InHand, Task)>,
    next_number: TaskNumber,
}

impl Making {
    /// Begins. `brought` is the CA that the reader brings, already read by
    /// `Task::ReadAuthority`. What `previous` has and the plan still asks for
    /// is kept: each CA that is unchanged and whose issuer is kept, and each
    /// certificate likewise.
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
        let checked = plan.check(Some(&existing(plan, brought, previous)), now)?;
        let previous = previous.map(Previous::new);
        let mut authorities: Vec<Option<IssuedAuthority>> = Vec::new();
        for authority in &checked.authorities {
            let issuer = authority
                .issuer
                .map(|issuer| authorities.get(issuer).and_then(Option::as_ref));
            let known = match (&authority.request, issuer) {
                (None, _) => brought.cloned(),
                // Its issuer is made anew.
                (Some(_), Some(None)) => None,
                (Some(_), issuer) => previous
                    .as_ref()
                    .and_then(|previous| previous.authority(authority, issuer.flatten())),
            };
            authorities.push(known);
        }
        let identities: Vec<Option<IssuedIdentity>> = checked
            .identities
            .iter()
            .map(|identity| {
                let issuer = authorities.get(identity.issuer)?.as_ref()?;
                previous.as_ref()?.identity(identity, issuer)
            })
            .collect();
        let mut making = Self {
            plan: plan.clone(),
            now,
            rsa: Vec::new(),
            to_generate: VecDeque::new(),
            keys_done: 0,
            keys: 0,
            with_key: BTreeMap::new(),
            authorities_to_make: VecDeque::new(),
            ready: VecDeque::new(),
            certificates_done: 0,
            certificates: 0,
            in_hand: BTreeMap::new(),
            drawn: None,
            next_number: 0,
            authorities,
            identities,
            checked,
        };
        making.order_work();
        Ok(making)
    }

    /// Puts what is missing in its order: the authorities first, so that what
    /// they sign can be issued as soon as its key is there.
    fn order_work(&mut self) {
        let authorities = self.checked.authorities.iter().enumerate();
        let missing: Vec<(usize, KeyType)> = authorities
            .filter(|(place, _)| self.authorities[*place].is_none())
            .filter_map(|(place, authority)| Some((place, authority.request.as_ref()?.key_type)))
            .collect();
        for (place, key_type) in missing {
            self.authorities_to_make.push_back(place);
            self.certificates += 1;
            self.keys += 1;
            match key_type.modulus() {
                Some(size) => self.want_rsa(size, Wanted::Authority(place)),
                None => self.to_generate.push_back((place, key_type)),
            }
        }
        for place in 0..self.checked.identities.len() {
            if self.identities[place].is_some() {
                continue;
            }
            self.certificates += 1;
            let key_type = self.checked.identities[place].key_type();
            self.keys += usize::from(key_type.is_some());
            match key_type.and_then(KeyType::modulus) {
                Some(size) => self.want_rsa(size, Wanted::Identity(place)),
                None => self.ready.push_back(place),
            }
        }
    }

    fn want_rsa(&mut self, size: ModulusBits, wanted: Wanted) {
        let known = self.rsa.iter_mut().find(|rsa| rsa.keys.size() == size);
        if let Some(rsa) = known {
            rsa.keys.want_one_more();
            rsa.waiting.push_back(wanted);
        } else {
            self.rsa.push(RsaKeys {
                keys: KeyMaking::new(size, 1),
                waiting: VecDeque::from([wanted]),
            });
        }
    }

    /// The next task that can be given out, or nothing while all that is left
    /// waits for tasks in hand.
    pub fn next_task(&mut self) -> Option<(TaskNumber, Task)> {
        let (work, task) = self.drawn.take().or_else(|| self.ready())?;
        let number = self.next_number;
        self.next_number += 1;
        self.in_hand.insert(number, work);
        Some((number, task))
    }

    fn ready(&mut self) -> Option<(InHand, Task)> {
        self.authority_task()
            .or_else(|| self.issue_task())
            .or_else(|| self.key_task())
    }

    fn pair(authority: &IssuedAuthority) -> PemPair {
        PemPair {
            certificate: authority.certificate.clone() + &authority.above,
            key: authority.key.to_string(),
        }
    }

    fn authority_task(&mut self) -> Option<(InHand, Task)> {
        let position = self.authorities_to_make.iter().position(|place| {
            let issuer = self.checked.authorities[*place].issuer;
            self.with_key.contains_key(&Wanted::Authority(*place))
                && issuer.is_none_or(|issuer| self.authorities[issuer].is_some())
        })?;
        let place = self.authorities_to_make.remove(position)?;
        let authority = &self.checked.authorities[place];
        let issuer = authority
            .issuer
            .and_then(|issuer| self.authorities[issuer].as_ref());
        let task = Task::MakeAuthority {
            options: Box::new(authority.request.as_ref()?.options.clone()),
            issuer: issuer.map(Self::pair),
            key: self.with_key.remove(&Wanted::Authority(place))?,
            now: self.now,
        };
        Some((InHand::Authority(place), task))
    }

    /// A share of the certificates that one CA can issue now: an eighth of them, so
    /// that no worker is without.
    fn issue_task(&mut self) -> Option<(InHand, Task)> {
        let issuer_of = |place: &usize| self.checked.identities[*place].issuer;
        let issuer = self
            .ready
            .iter()
            .map(issuer_of)
            .find(|issuer| self.authorities[*issuer].is_some())?;
        let authority = Self::pair(self.authorities[issuer].as_ref()?);
        let places: Vec<usize> = {
            let ready = || self.ready.iter().filter(|place| issuer_of(place) == issuer);
            let share = ready().count().div_ceil(8).min(MOST_LEAVES);
            ready().take(share).copied().collect()
        };
        self.ready.retain(|place| !places.contains(place));
        let task = Task::Issue {
            authority,
            leaves: places.iter().map(|place| self.leaf(*place)).collect(),
            now: self.now,
        };
        Some((InHand::Issue(places), task))
    }

    fn leaf(&self, place: usize) -> Leaf {
        let identity = &self.checked.identities[place];
        let made = self.with_key.get(&Wanted::Identity(place));
        Leaf {
            request: identity.request.clone(),
            key: match (made, identity.key_type()) {
                (Some(key), _) => LeafKey::Made(key.clone()),
                (None, Some(key_type)) => LeafKey::ToMake(key_type),
                (None, None) => LeafKey::Elsewhere,
            },
        }
    }

    fn key_task(&mut self) -> Option<(InHand, Task)> {
        if let Some((place, key_type)) = self.to_generate.pop_front() {
            return Some((InHand::Key(place), Task::GenerateKey { key_type }));
        }
        let mut sizes = self.rsa.iter_mut().enumerate();
        sizes.find_map(|(place, rsa)| {
            let (work, task) = rsa.keys.next_task()?;
            Some((InHand::Rsa(place, work), task))
        })
    }

    /// Takes back what came of a task.
    ///
    /// # Errors
    ///
    /// Why the task failed, or that nothing more can be done although it did
    /// not. The work is over then.
    pub fn complete(&mut self, number: TaskNumber, outcome: Outcome) -> Result<(), WorkError> {
        let Some(work) = self.in_hand.remove(&number) else {
            return Ok(());
        };
        self.take(work, outcome)?;
        if self.in_hand.is_empty() && !self.is_done() && self.drawn.is_none() {
            self.drawn = self.ready();
            if self.drawn.is_none() {
                return Err(WorkError::Stalled);
            }
        }
        Ok(())
    }

    fn take(&mut self, work: InHand, outcome: Outcome) -> Result<(), WorkError> {
        match (work, outcome) {
            (InHand::Rsa(place, work), outcome) => {
                // Keys of a size are all alike: whoever waits longest gets it.
                if let Some(rsa) = self.rsa.get_mut(place)
                    && let Some(key) = rsa.keys.complete(work, outcome)?
                    && let Some(wanted) = rsa.waiting.pop_front()
                {
                    self.take_key(wanted, key);
                }
            }
            (InHand::Key(place), Outcome::Key(key)) => self.take_key(Wanted::Authority(place), key),
            (InHand::Authority(place), Outcome::Authority(pair)) => {
                self.authorities[place] = Some(IssuedAuthority::read(&pair)?);
                self.certificates_done += 1;
            }
            (InHand::Issue(places), Outcome::Issued(leaves)) if places.len() == leaves.len() => {
                for (place, leaf) in places.into_iter().zip(leaves) {
                    self.take_leaf(place, leaf)?;
                }
            }
            (_, outcome) => return Err(outcome.unexpected().into()),
        }
        Ok(())
    }

    fn take_key(&mut self, wanted: Wanted, key: Secret) {
        self.keys_done += 1;
        self.with_key.insert(wanted, key);
        if let Wanted::Identity(place) = wanted {
            self.ready.push_back(place);
        }
    }

    fn take_leaf(&mut self, place: usize, leaf: IssuedLeaf) -> Result<(), WorkError> {
        self.keys_done += usize::from(leaf.key.is_some());
        let key = leaf
            .key
            .or_else(|| self.with_key.remove(&Wanted::Identity(place)));
        let request = &self.checked.identities[place];
        let issued = IssuedIdentity::read(request, key.as_ref(), leaf.csr, leaf.certificate)?;
        self.identities[place] = Some(issued);
        self.certificates_done += 1;
        Ok(())
    }

    /// Takes note that a task in hand tried this many candidates for primes.
    pub fn report(&mut self, number: TaskNumber, candidates: u32) {
        if let Some(InHand::Rsa(place, _)) = self.in_hand.get(&number)
            && let Some(rsa) = self.rsa.get_mut(*place)
        {
            rsa.keys.report(candidates);
        }
    }

    /// Takes back tasks in hand whose outcome is no longer wanted; whoever
    /// works on them should stop.
    pub fn abandoned(&mut self) -> Vec<TaskNumber> {
        let rsa = &self.rsa;
        let searches = self.in_hand.extract_if(.., |_, work| match work {
            InHand::Rsa(place, KeyWork::Prime) => {
                rsa.get(*place).is_some_and(|rsa| !rsa.keys.wants_primes())
            }
            _ => false,
        });
        searches.map(|(number, _)| number).collect()
    }

    /// How far the work has come.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "some ten thousand keys at most")]
    pub fn progress(&self) -> Progress {
        let rsa = || self.rsa.iter().map(|rsa| &rsa.keys);
        let work = rsa().map(work_on).fold(
            (
                (self.keys_done + self.certificates_done) as f64,
                (self.keys + self.certificates) as f64,
            ),
            |sum, work| (sum.0 + work.0, sum.1 + work.1),
        );
        Progress {
            keys_done: self.keys_done,
            keys: self.keys,
            primes_done: rsa().map(KeyMaking::primes_done).sum(),
            primes: rsa().map(|keys| 2 * keys.count()).sum(),
            certificates_done: self.certificates_done,
            certificates: self.certificates,
            candidates: rsa().map(KeyMaking::candidates).sum(),
            candidates_expected: rsa().map(KeyMaking::candidates_expected).sum(),
            work,
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.certificates_done == self.certificates
    }

    /// The lab, once nothing is left to do.
    #[must_use]
    pub fn finish(&self) -> Option<Lab> {
        if !self.is_done() {
            return None;
        }
        Some(Lab {
            plan: self.plan.clone(),
            checked: self.checked.clone(),
            made: self.now,
            authorities: self.authorities.iter().cloned().collect::<Option<_>>()?,
            identities: self.identities.iter().cloned().collect::<Option<_>>()?,
            revocation_list: None,
        })
    }
}

/// What is known of the authorities that will sign: those that exist already.
#[must_use]
pub fn existing(
    plan: &Plan,
    brought: Option<&IssuedAuthority>,
    previous: Option<&Lab>,
) -> ExistingAuthorities {
    let mut existing = previous
        .map(|previous| previous.existing_for(plan))
        .unwrap_or_default();
    if plan.authority.source == AuthoritySource::Bring {
        let stem = plan.authority_stem();
        existing.remove(&stem);
        existing.extend(brought.map(|brought| (stem, brought.existing())));
    }
    existing
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
        making.complete(number, outcome).map_err(MakeError::Work)?;
    }
    making.finish().ok_or(MakeError::Work(WorkError::Stalled))
}

#[cfg(test)]
mod tests;
