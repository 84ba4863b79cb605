//! The order of the work: which task is next, and what is done with what comes
//! back. It starts no worker and keeps no clock, so the page drives it with
//! workers and the tests drive it in a loop.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    error::Error,
    fmt,
};

use jiff::Timestamp;
use rand_core::CryptoRng;
use rsa_key::ModulusBits;

use super::{
    issued::{IssuedAuthority, IssuedError, IssuedIdentity, Lab},
    job::{
        Workbench,
        make::{IssuedLeaf, Leaf, LeafKey},
    },
    keys::{KeyMaking, KeyWork},
    wire::{Outcome, PemPair, Secret, Task, Unanswered},
};
use crate::{
    etcd::plan::{
        AuthoritySource, CheckedAuthority, CheckedIdentity, CheckedPlan, ExistingAuthorities,
        Fault, Plan,
    },
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

/// How far the work has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The private keys that are made.
    pub keys_done: usize,
    /// The private keys to make.
    pub keys: usize,
    /// The primes that are found, two for each RSA key.
    pub primes_done: usize,
    /// The primes to find.
    pub primes: usize,
    /// The certificates that are issued.
    pub certificates_done: usize,
    /// The certificates to issue.
    pub certificates: usize,
    /// The candidates for primes that have been tried.
    pub candidates: u64,
    /// The candidates that it takes on average. It is a lottery: now and then it
    /// takes twice as many.
    pub candidates_expected: u64,
    /// The work done so far, and all of it, in a unit of their own.
    work: (f64, f64),
}

impl Progress {
    /// The whole as a fraction from 0 to 1. Finding primes takes nearly all of
    /// the time. A prime that is being looked for counts by the candidates
    /// tried, and never as found: it is found by luck.
    #[must_use]
    pub fn fraction(self) -> f64 {
        let (done, all) = self.work;
        if all == 0.0 { 1.0 } else { done / all }
    }
}

/// What one prime of a size costs, with a certificate's signature as 1. Both the
/// candidates and the time for each grow with the size.
fn cost_of_prime(size: ModulusBits) -> f64 {
    match size {
        ModulusBits::Rsa2048 => 10.0,
        ModulusBits::Rsa3072 => 45.0,
        ModulusBits::Rsa4096 => 130.0,
    }
}

/// The work on RSA keys of one size: done, and all of it.
#[expect(
    clippy::cast_precision_loss,
    reason = "a few million candidates at most"
)]
fn work_on(keys: &KeyMaking) -> (f64, f64) {
    let primes = 2.0 * keys.count() as f64;
    let found = keys.primes_done() as f64;
    let left = primes - found;
    let by_luck = primes * keys.candidates() as f64 / keys.candidates_expected().max(1) as f64;
    // Halfway through what is left when as much was tried as one expects.
    let begun = if left > 0.0 && by_luck > found {
        left * (1.0 - 0.5_f64.powf((by_luck - found) / left))
    } else {
        0.0
    };
    let cost = cost_of_prime(keys.size());
    ((found + begun) * cost, primes * cost)
}

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
    /// [`Task::ReadAuthority`]. What `previous` has and the plan still asks for
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
                keys: KeyMaking::of_size(size, 1),
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

/// What was made before, found by the stem of its files.
struct Previous<'a> {
    lab: &'a Lab,
    identities: HashMap<&'a str, usize>,
}

impl<'a> Previous<'a> {
    fn new(lab: &'a Lab) -> Self {
        let identities = lab.identities.iter().enumerate();
        Self {
            lab,
            identities: identities
                .map(|(place, identity)| (identity.stem(), place))
                .collect(),
        }
    }

    /// An authority, if the same is wanted again from the same issuer.
    fn authority(
        &self,
        wanted: &CheckedAuthority,
        issuer: Option<&IssuedAuthority>,
    ) -> Option<IssuedAuthority> {
        let known = &self.lab.checked.authorities;
        let place = known.iter().position(|known| {
            let signer = known.issuer.map(|issuer| &self.lab.authorities[issuer]);
            known.path == wanted.path
                && known.request == wanted.request
                && signer.map(|signer| &signer.certificate)
                    == issuer.map(|issuer| &issuer.certificate)
        })?;
        self.lab.authorities.get(place).cloned()
    }

    /// A certificate, if the same is wanted again from the same issuer.
    fn identity(
        &self,
        wanted: &CheckedIdentity,
        issuer: &IssuedAuthority,
    ) -> Option<IssuedIdentity> {
        let place = *self.identities.get(wanted.path().as_str())?;
        let known = self.lab.checked.identities.get(place)?;
        let signer = self.lab.authorities.get(known.issuer)?;
        let same = signer.certificate == issuer.certificate && known.request == wanted.request;
        let known = self.lab.identities.get(place)?;
        same.then(|| known.clone())
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
        making.complete(number, outcome).map_err(MakeError::Work)?;
    }
    making.finish().ok_or(MakeError::Work(WorkError::Stalled))
}

/// Why the work can't go on.
#[derive(Debug)]
pub enum WorkError {
    /// A task has no answer.
    Task(Unanswered),
    /// What a worker made can't be read.
    Unreadable(IssuedError),
    /// Nothing could be given out although something is left to do.
    Stalled,
}

impl fmt::Display for WorkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(error) => error.fmt(formatter),
            Self::Unreadable(error) => error.fmt(formatter),
            Self::Stalled => formatter.write_str("the work ended early; please report this"),
        }
    }
}

impl Error for WorkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Task(error) => error.source(),
            Self::Unreadable(error) => error.source(),
            Self::Stalled => None,
        }
    }
}

impl From<Unanswered> for WorkError {
    fn from(error: Unanswered) -> Self {
        Self::Task(error)
    }
}

impl From<IssuedError> for WorkError {
    fn from(error: IssuedError) -> Self {
        Self::Unreadable(error)
    }
}

/// Why a lab could not be made.
#[derive(Debug)]
pub enum MakeError {
    /// The plan's faults.
    Plan(Vec<Fault>),
    /// The work could not go on.
    Work(WorkError),
}

impl fmt::Display for MakeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(faults) => {
                let lines = faults
                    .iter()
                    .map(|fault| format!("{}: {}", fault.field, fault.message));
                formatter.write_str(&lines.collect::<Vec<_>>().join("\n"))
            }
            Self::Work(error) => error.fmt(formatter),
        }
    }
}

impl Error for MakeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Plan(_) => None,
            Self::Work(error) => error.source(),
        }
    }
}

#[cfg(test)]
mod tests {
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::{
        etcd::plan::{IntermediatePlan, Preset},
        lab::FileKind,
        pki::{certificate::Certificate, pem, subject_alternative_name::SubjectAlternativeName},
    };

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    /// A preset with keys that are made at once.
    fn quick(preset: Preset) -> Plan {
        Plan {
            key_type: KeyType::P256,
            ..Plan::preset(preset)
        }
    }

    fn made(plan: &Plan) -> Lab {
        make(plan, None, now(), &mut UnwrapErr(SysRng)).unwrap()
    }

    fn finish(mut making: Making) -> Lab {
        let mut workbench = Workbench::default();
        while let Some((number, task)) = making.next_task() {
            let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
            making.complete(number, outcome).unwrap();
        }
        making.finish().unwrap()
    }

    fn contents(lab: &Lab, name: &str) -> String {
        let mut files = lab.files().into_iter();
        let file = files.find(|file| file.name == name);
        let file = file.unwrap_or_else(|| panic!("{name} is missing"));
        file.text().unwrap().to_owned()
    }

    /// The certificates of a file.
    fn certificates(lab: &Lab, name: &str) -> Vec<Certificate> {
        pem::blocks(&contents(lab, name))
            .unwrap()
            .iter()
            .map(|block| Certificate::from_der(&block.der).unwrap())
            .collect()
    }

    #[test]
    fn a_certificate_of_an_intermediate_is_followed_by_it_and_not_by_the_root() {
        let mut plan = quick(Preset::Tutorial);
        plan.authority.intermediate = Some(IntermediatePlan::default());
        plan.authority.path_length = "1".to_owned();
        plan.authority.permitted = "localhost, 127.0.0.0/8, ::1/128".to_owned();
        let lab = made(&plan);
        let [leaf, intermediate] = certificates(&lab, "etcd.crt").try_into().unwrap();
        let [root] = certificates(&lab, "ca.crt").try_into().unwrap();
        assert!(leaf.check_signed_by(&intermediate).is_ok());
        assert!(intermediate.check_signed_by(&root).is_ok());
        assert_eq!(root.path_length(), Some(1));
        assert_eq!(intermediate.path_length(), Some(0));
        assert_eq!(root.name_constraints().permitted.len(), 3);
        assert_eq!(certificates(&lab, "intermediate.crt"), [intermediate]);
        assert!(contents(&lab, "intermediate.key").contains("PRIVATE KEY"));
    }

    #[test]
    fn separate_authorities_sign_what_is_theirs() {
        let mut plan = quick(Preset::Cluster);
        plan.separate_authorities = true;
        let lab = made(&plan);
        let one = |name: &str| certificates(&lab, name).remove(0);
        assert!(one("m1-server.crt").check_signed_by(&one("ca.crt")).is_ok());
        assert!(
            one("m3-peer.crt")
                .check_signed_by(&one("peer-ca.crt"))
                .is_ok()
        );
        assert!(
            one("client.crt")
                .check_signed_by(&one("client-ca.crt"))
                .is_ok()
        );
        assert_eq!(
            certificates(&lab, "trusted-clients.crt"),
            [one("client-ca.crt"), one("ca.crt")]
        );
    }

    #[test]
    fn each_control_plane_node_has_a_whole_set() {
        let mut plan = quick(Preset::Kubeadm);
        let mut second = plan.members[0].clone();
        second.name = "node2".to_owned();
        second.hosts = "192.0.2.11".to_owned();
        plan.members.push(second);
        let lab = made(&plan);
        for node in ["node1", "node2"] {
            for stem in [
                "etcd/server",
                "etcd/peer",
                "etcd/healthcheck-client",
                "apiserver-etcd-client",
            ] {
                assert!(contents(&lab, &format!("{node}/{stem}.key")).contains("PRIVATE KEY"));
                let leaf = certificates(&lab, &format!("{node}/{stem}.crt")).remove(0);
                assert!(
                    leaf.check_signed_by(&certificates(&lab, "etcd/ca.crt")[0])
                        .is_ok()
                );
            }
            assert_eq!(
                contents(&lab, &format!("{node}/etcd/ca.crt")),
                contents(&lab, "etcd/ca.crt")
            );
        }
        let ca = certificates(&lab, "etcd/ca.crt").remove(0);
        let names: Vec<_> = ca.names().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["DNS:etcd-ca"]);
        let node2 = certificates(&lab, "node2/etcd/peer.crt").remove(0);
        let address: SubjectAlternativeName = "192.0.2.11".parse().unwrap();
        assert!(node2.names().contains(&address));
    }

    #[test]
    fn what_is_unchanged_is_kept_and_what_its_issuer_changed_is_not() {
        let mut plan = quick(Preset::Cluster);
        plan.separate_authorities = true;
        let before = made(&plan);
        let again = |plan: &Plan| finish(Making::start(plan, None, Some(&before), now()).unwrap());
        let same = |lab: &Lab, name: &str| contents(lab, name) == contents(&before, name);

        plan.clients[1].days = "30".to_owned();
        let after = again(&plan);
        assert!(same(&after, "ca.key") && same(&after, "m1-server.key"));
        assert!(same(&after, "root.crt") && !same(&after, "client.crt"));

        plan.authority.peer_subject = "CN=other".to_owned();
        let after = again(&plan);
        assert!(same(&after, "ca.crt") && same(&after, "m2-server.crt"));
        assert!(!same(&after, "peer-ca.crt") && !same(&after, "m2-peer.crt"));

        // A member less needs nothing new.
        plan = before.plan().clone();
        plan.members.pop();
        let making = Making::start(&plan, None, Some(&before), now()).unwrap();
        assert_eq!(making.progress().certificates, 0);
        assert!(making.is_done());
    }

    #[test]
    fn an_answer_without_the_certificates_that_were_asked_for_ends_the_work_with_a_word() {
        let mut making = Making::start(&quick(Preset::Tutorial), None, None, now()).unwrap();
        let mut workbench = Workbench::default();
        let fault = loop {
            let (number, task) = making.next_task().unwrap();
            let outcome = match workbench.finish(task, &mut UnwrapErr(SysRng)) {
                Outcome::Issued(_) => Outcome::Issued(Vec::new()),
                outcome => outcome,
            };
            if let Err(fault) = making.complete(number, outcome) {
                break fault;
            }
        };
        assert!(fault.to_string().contains("another question"), "{fault}");
    }

    #[test]
    fn work_of_which_nothing_can_be_given_out_is_said_to_have_stalled() {
        let mut making = Making::start(&quick(Preset::Tutorial), None, None, now()).unwrap();
        let (number, task) = making.next_task().unwrap();
        assert!(making.next_task().is_none(), "all wait for the CA's key");
        // As if a CA had been lost that certificates still wait for.
        making.authorities_to_make.clear();
        let outcome = Workbench::default().finish(task, &mut UnwrapErr(SysRng));
        let fault = making.complete(number, outcome).unwrap_err();
        assert!(matches!(fault, WorkError::Stalled), "{fault}");
    }

    #[test]
    fn keys_of_several_kinds_are_made_in_one_go() {
        let mut plan = quick(Preset::Tutorial);
        plan.server.key_type = Some(KeyType::Ed25519);
        plan.clients[0].key_type = Some(KeyType::P384);
        let lab = made(&plan);
        let kind = |name: &str| {
            let certificate = certificates(&lab, name).remove(0);
            certificate.public_key().unwrap().describe()
        };
        assert_eq!(kind("ca.crt"), "P-256");
        assert_eq!(kind("etcd.crt"), "Ed25519");
        assert_eq!(kind("client.crt"), "P-384");
    }

    #[test]
    fn a_thousand_clients_are_a_thousand_pairs() {
        let mut plan = quick(Preset::Tutorial);
        plan.key_type = KeyType::Ed25519;
        plan.many_clients.names = "app-{1..1000}".to_owned();
        let making = Making::start(&plan, None, None, now()).unwrap();
        assert_eq!(making.progress().keys, 1003);
        assert_eq!(making.progress().certificates, 1003);
        let lab = finish(making);
        let files = lab.files();
        let keys = files
            .iter()
            .filter(|file| file.kind == FileKind::PrivateKey)
            .count();
        assert_eq!(keys, 1003);
        let last = certificates(&lab, "app-1000.crt").remove(0);
        assert!(
            last.check_signed_by(&certificates(&lab, "ca.crt")[0])
                .is_ok()
        );
    }

    #[test]
    fn progress_grows_to_its_end() {
        let mut plan = quick(Preset::Cluster);
        plan.authority.intermediate = Some(IntermediatePlan::default());
        let mut making = Making::start(&plan, None, None, now()).unwrap();
        let mut workbench = Workbench::default();
        let mut before = 0.0;
        while let Some((number, task)) = making.next_task() {
            let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
            making.complete(number, outcome).unwrap();
            let fraction = making.progress().fraction();
            assert!(fraction > before && fraction <= 1.0, "{fraction}");
            before = fraction;
        }
        assert!((before - 1.0).abs() < f64::EPSILON);
    }
}
