//! The making of RSA keys by many workers at once: which search, judgement or
//! assembly is next, and what is done with what comes back. It knows nothing of
//! whose keys they are, and starts no worker.
//!
//! A key is assembled of two finds while both of them are still being judged on
//! other workers. It is given away when both are judged prime, and never before.

use rsa_key::ModulusBits;

use super::wire::{KeyTask, Outcome, PrimeBytes, Secret, Task, Unanswered};

/// The number of a find; no two are the same.
type FindNumber = u32;

/// The kinds of work that a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyWork {
    /// Finding what is very likely a prime.
    Prime,
    /// Judging this find.
    Judgement(FindNumber),
    /// Making a key of two finds, of which this is the first.
    Assembly(FindNumber),
}

/// Keys under way. Primes are all drawn alike, so whichever two come first make
/// the next key, and every worker that has nothing better to do looks for
/// another.
pub struct KeyMaking {
    size: ModulusBits,
    count: usize,
    done: usize,
    /// Finds without a partner.
    single: Vec<Find>,
    pairs: Vec<Finds>,
    next: FindNumber,
    candidates: u64,
}

/// What a search found, and what the judge said so far.
struct Find {
    number: FindNumber,
    bytes: PrimeBytes,
    judgement: Judgement,
}

/// How far a find is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judgement {
    NotBegun,
    InHand,
    Prime,
}

impl Find {
    fn is_prime(&self) -> bool {
        self.judgement == Judgement::Prime
    }
}

/// Two finds, and the key of them.
struct Finds {
    finds: [Find; 2],
    key: PairKey,
}

enum PairKey {
    NotBegun,
    InHand,
    Assembled(Secret),
    /// The assembly failed, for this reason. If both are prime, that is a fault;
    /// otherwise it comes as no surprise.
    Failed(Unanswered),
}

impl KeyMaking {
    /// Begins to make so many keys of a size.
    #[must_use]
    pub fn new(size: ModulusBits, count: usize) -> Self {
        Self {
            size,
            count,
            done: 0,
            single: Vec::new(),
            pairs: Vec::new(),
            next: 0,
            candidates: 0,
        }
    }

    /// The next task that can be given out, or nothing while all that is left
    /// waits for tasks in hand.
    pub fn next_task(&mut self) -> Option<(KeyWork, Task)> {
        for pair in &mut self.pairs {
            if matches!(pair.key, PairKey::NotBegun) {
                pair.key = PairKey::InHand;
                let [p, q] = pair.finds.each_ref().map(|find| find.bytes.clone());
                let step = KeyWork::Assembly(pair.finds[0].number);
                return Some((step, Task::Rsa(KeyTask::AssembleKey { p, q })));
            }
        }
        let mut finds = self.pairs.iter_mut().flat_map(|pair| &mut pair.finds);
        if let Some(find) = finds.find(|find| find.judgement == Judgement::NotBegun) {
            find.judgement = Judgement::InHand;
            let prime = find.bytes.clone();
            let step = KeyWork::Judgement(find.number);
            return Some((step, Task::Rsa(KeyTask::JudgePrime { prime })));
        }
        let search = Task::Rsa(KeyTask::FindPrime { size: self.size });
        self.wants_primes().then_some((KeyWork::Prime, search))
    }

    /// The size of the keys.
    #[must_use]
    pub fn size(&self) -> ModulusBits {
        self.size
    }

    /// One key more is wanted.
    pub fn want_one_more(&mut self) {
        self.count += 1;
    }

    /// Takes back what came of a task: a key, or nothing yet.
    ///
    /// # Errors
    ///
    /// Why the task failed.
    pub fn complete(
        &mut self,
        step: KeyWork,
        outcome: Outcome,
    ) -> Result<Option<Secret>, Unanswered> {
        match (step, outcome) {
            (KeyWork::Prime, Outcome::Prime(bytes)) => {
                self.add(bytes);
                Ok(None)
            }
            (KeyWork::Judgement(number), Outcome::Judged(true)) => {
                let finds = self.pairs.iter_mut().flat_map(|pair| &mut pair.finds);
                for find in finds.chain(&mut self.single) {
                    if find.number == number {
                        find.judgement = Judgement::Prime;
                    }
                }
                self.finished()
            }
            (KeyWork::Judgement(number), Outcome::Judged(false)) => {
                self.drop_finds(|find| find.number == number);
                Ok(None)
            }
            (KeyWork::Assembly(number), Outcome::PrimesRefused) => {
                let of_pair = |pair: &Finds| pair.finds[0].number == number;
                self.pairs.retain(|pair| !of_pair(pair));
                Ok(None)
            }
            (KeyWork::Assembly(number), outcome) => {
                let mut pairs = self.pairs.iter_mut();
                if let Some(pair) = pairs.find(|pair| pair.finds[0].number == number) {
                    pair.key = match outcome {
                        Outcome::Key(key) => PairKey::Assembled(key),
                        outcome => PairKey::Failed(outcome.unexpected()),
                    };
                }
                self.finished()
            }
            (_, outcome) => Err(outcome.unexpected()),
        }
    }

    fn add(&mut self, bytes: PrimeBytes) {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.single.push(Find {
            number,
            bytes,
            judgement: Judgement::NotBegun,
        });
        self.pair_up();
    }

    /// Makes pairs of finds, as many as keys are left to make.
    fn pair_up(&mut self) {
        while self.done + self.pairs.len() < self.count
            && self.single.len() >= 2
            && let (Some(p), Some(q)) = (self.single.pop(), self.single.pop())
        {
            let (finds, key) = ([p, q], PairKey::NotBegun);
            self.pairs.push(Finds { finds, key });
        }
    }

    /// Lets go of finds that are no primes. Their partners get others.
    fn drop_finds(&mut self, composite: impl Fn(&Find) -> bool) {
        let (broken, whole) = std::mem::take(&mut self.pairs)
            .into_iter()
            .partition(|pair: &Finds| pair.finds.iter().any(&composite));
        self.pairs = whole;
        self.single
            .extend(broken.into_iter().flat_map(|pair| pair.finds));
        self.single.retain(|find| !composite(find));
        self.pair_up();
    }

    /// A key whose primes are judged so.
    fn finished(&mut self) -> Result<Option<Secret>, Unanswered> {
        let place = self.pairs.iter().position(|pair| {
            let is_over = matches!(pair.key, PairKey::Assembled(_) | PairKey::Failed(_));
            is_over && pair.finds.iter().all(Find::is_prime)
        });
        match place.map(|place| self.pairs.swap_remove(place).key) {
            Some(PairKey::Assembled(key)) => {
                self.done += 1;
                Ok(Some(key))
            }
            Some(PairKey::Failed(reason)) => Err(reason),
            _ => Ok(None),
        }
    }

    /// Takes note that a task in hand tried this many candidates for primes.
    pub fn report(&mut self, candidates: u32) {
        self.candidates += u64::from(candidates);
    }

    /// Whether there are too few finds for the keys to make. If not, every
    /// search in hand is superfluous.
    #[must_use]
    pub fn wants_primes(&self) -> bool {
        self.found() < 2 * self.count
    }

    fn found(&self) -> usize {
        2 * (self.done + self.pairs.len()) + self.single.len()
    }

    /// The keys to make.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The keys that are made; who measures asks for them.
    #[cfg(any(test, feature = "bench"))]
    #[must_use]
    pub fn done(&self) -> usize {
        self.done
    }

    /// The primes that are found, two for each key, and no more than that.
    #[must_use]
    pub fn primes_done(&self) -> usize {
        self.found().min(2 * self.count)
    }

    /// The candidates for primes that have been tried.
    #[must_use]
    pub fn candidates(&self) -> u64 {
        self.candidates
    }

    /// The candidates that it takes on average to find all primes. It is a
    /// lottery: now and then it takes twice as many.
    #[must_use]
    pub fn candidates_expected(&self) -> u64 {
        2 * self.count as u64 * u64::from(self.size.expected_candidates())
    }
}

#[cfg(test)]
mod tests {
    use getrandom::{SysRng, rand_core::UnwrapErr};

    use super::*;
    use crate::lab::job::Workbench;

    fn perform(task: Task) -> Outcome {
        Workbench::default().finish(task, &mut UnwrapErr(SysRng))
    }

    /// Gives out every task that can be given out now, but searches.
    fn given_out(keys: &mut KeyMaking) -> Vec<(KeyWork, Task)> {
        std::iter::from_fn(|| keys.next_task().filter(|(step, _)| *step != KeyWork::Prime))
            .collect()
    }

    fn find(keys: &mut KeyMaking) {
        let (step, task) = keys.next_task().unwrap();
        assert_eq!(step, KeyWork::Prime);
        assert!(keys.complete(step, perform(task)).unwrap().is_none());
    }

    #[test]
    fn idle_workers_search_until_the_last_prime_is_there_and_then_judge() {
        let mut keys = KeyMaking::new(ModulusBits::Rsa2048, 1);
        // Three workers look; two primes are enough.
        for _ in 0..3 {
            assert!(matches!(
                keys.next_task(),
                Some((KeyWork::Prime, Task::Rsa(KeyTask::FindPrime { .. })))
            ));
        }
        find(&mut keys);
        assert!(keys.wants_primes());
        find(&mut keys);
        assert!(!keys.wants_primes());
        assert_eq!(keys.primes_done(), 2);
        let tasks = given_out(&mut keys);
        assert_eq!(
            tasks.iter().map(|(step, _)| *step).collect::<Vec<_>>(),
            [
                KeyWork::Assembly(1),
                KeyWork::Judgement(1),
                KeyWork::Judgement(0),
            ]
        );
        let mut made = Vec::new();
        for (step, task) in tasks {
            made.push(keys.complete(step, perform(task)).unwrap().is_some());
        }
        assert_eq!(made, [false, false, true]);
        assert_eq!(keys.done(), 1);
        assert!(keys.next_task().is_none());
    }

    #[test]
    fn a_key_is_kept_back_until_both_primes_are_judged_whatever_comes_first() {
        for last in 0..3 {
            let mut keys = KeyMaking::new(ModulusBits::Rsa2048, 1);
            find(&mut keys);
            find(&mut keys);
            let mut tasks = given_out(&mut keys);
            let kept = tasks.remove(last);
            for (step, task) in tasks {
                assert!(keys.complete(step, perform(task)).unwrap().is_none());
            }
            let (step, task) = kept;
            assert!(keys.complete(step, perform(task)).unwrap().is_some());
        }
    }

    #[test]
    fn a_composite_find_costs_its_key_and_not_its_partner() {
        for composite in [0, 1] {
            let mut keys = KeyMaking::new(ModulusBits::Rsa2048, 1);
            find(&mut keys);
            find(&mut keys);
            let tasks = given_out(&mut keys);
            let refused = tasks.iter().position(
                |(step, _)| matches!(step, KeyWork::Judgement(number) if *number == composite),
            );
            for (place, (step, task)) in tasks.into_iter().enumerate() {
                let outcome = if Some(place) == refused {
                    Outcome::Judged(false)
                } else {
                    perform(task)
                };
                assert!(keys.complete(step, outcome).unwrap().is_none());
            }
            assert_eq!(keys.primes_done(), 1);
            find(&mut keys);
            let mut made = 0;
            for (step, task) in given_out(&mut keys) {
                made += usize::from(keys.complete(step, perform(task)).unwrap().is_some());
            }
            assert_eq!(made, 1);
        }
    }

    #[test]
    fn a_failed_assembly_is_a_fault_only_if_both_are_prime() {
        let failed = || Outcome::Failed {
            message: "no key".to_owned(),
        };
        let mut keys = KeyMaking::new(ModulusBits::Rsa2048, 1);
        find(&mut keys);
        find(&mut keys);
        let mut tasks = given_out(&mut keys);
        let (step, _) = tasks.remove(0);
        assert!(keys.complete(step, failed()).unwrap().is_none());
        let (last, _) = tasks.pop().unwrap();
        for (step, task) in tasks {
            assert!(keys.complete(step, perform(task)).unwrap().is_none());
        }
        let fault = keys.complete(last, Outcome::Judged(true));
        assert_eq!(fault.err().unwrap().to_string(), "no key");
    }

    #[test]
    fn primes_that_make_no_key_are_replaced() {
        let mut keys = KeyMaking::new(ModulusBits::Rsa2048, 1);
        find(&mut keys);
        find(&mut keys);
        let (step, _) = keys.next_task().unwrap();
        keys.complete(step, Outcome::PrimesRefused).unwrap();
        assert!(keys.wants_primes());
        assert!(matches!(keys.next_task(), Some((KeyWork::Prime, _))));
    }
}
