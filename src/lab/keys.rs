//! The making of RSA keys by many workers at once: which search or assembly is
//! next, and what is done with what comes back. It knows nothing of whose keys
//! they are, and starts no worker.

use super::task::{Outcome, PrimeBytes, Secret, Task};
use crate::pki::rsa_key::ModulusBits;

/// The two kinds of work that a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStep {
    /// Finding a prime.
    Prime,
    /// Making a key of two primes.
    Assembly,
}

/// Keys under way. Primes are all drawn alike, so whichever two come first make
/// the next key, and every worker that has nothing better to do looks for
/// another.
pub struct KeyMaking {
    size: ModulusBits,
    count: usize,
    assemblies_begun: usize,
    done: usize,
    primes: Vec<PrimeBytes>,
    candidates: u64,
}

impl KeyMaking {
    /// Begins to make so many keys of 2048 bits.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self::of_size(ModulusBits::Rsa2048, count)
    }

    /// Begins to make so many keys of a size.
    #[must_use]
    pub fn of_size(size: ModulusBits, count: usize) -> Self {
        Self {
            size,
            count,
            assemblies_begun: 0,
            done: 0,
            primes: Vec::new(),
            candidates: 0,
        }
    }

    /// The next task that can be given out, or nothing while all that is left
    /// waits for tasks in hand.
    pub fn next_task(&mut self) -> Option<(KeyStep, Task)> {
        if self.assemblies_begun == self.count {
            return None;
        }
        if self.primes.len() >= 2
            && let (Some(p), Some(q)) = (self.primes.pop(), self.primes.pop())
        {
            self.assemblies_begun += 1;
            return Some((KeyStep::Assembly, Task::AssembleKey { p, q }));
        }
        Some((KeyStep::Prime, Task::FindPrime { size: self.size }))
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
    /// The sentence for the reader if the task failed.
    pub fn complete(&mut self, step: KeyStep, outcome: Outcome) -> Result<Option<Secret>, String> {
        match (step, outcome) {
            (KeyStep::Prime, Outcome::Prime(prime)) => {
                self.primes.push(prime);
                Ok(None)
            }
            (KeyStep::Assembly, Outcome::Key(key)) => {
                self.done += 1;
                Ok(Some(key))
            }
            (KeyStep::Assembly, Outcome::PrimesRefused) => {
                self.assemblies_begun -= 1;
                Ok(None)
            }
            (_, outcome) => Err(outcome.unexpected()),
        }
    }

    /// Takes note that a task in hand tried this many candidates for primes.
    pub fn report(&mut self, candidates: u32) {
        self.candidates += u64::from(candidates);
    }

    /// Whether the primes that are there are too few for the keys that are not
    /// yet being assembled. If not, every search in hand is superfluous.
    #[must_use]
    pub fn wants_primes(&self) -> bool {
        self.primes.len() < 2 * (self.count - self.assemblies_begun)
    }

    /// The keys to make.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The keys that are made.
    #[must_use]
    pub fn done(&self) -> usize {
        self.done
    }

    /// The primes that are found, two for each key, and no more than that.
    #[must_use]
    pub fn primes_done(&self) -> usize {
        (2 * self.assemblies_begun + self.primes.len()).min(2 * self.count)
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
    use crate::lab::task::Workbench;

    #[test]
    fn idle_workers_search_until_the_last_prime_is_there_and_then_stop() {
        let mut keys = KeyMaking::new(1);
        let mut workbench = Workbench::default();
        let mut find = |keys: &mut KeyMaking| {
            let (step, task) = keys.next_task().unwrap();
            assert_eq!(step, KeyStep::Prime);
            let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
            assert!(keys.complete(step, outcome).unwrap().is_none());
        };
        // Three workers look; two primes are enough.
        for _ in 0..3 {
            assert!(matches!(
                keys.next_task(),
                Some((KeyStep::Prime, Task::FindPrime { .. }))
            ));
        }
        find(&mut keys);
        assert!(keys.wants_primes());
        find(&mut keys);
        assert!(!keys.wants_primes());
        assert_eq!(keys.primes_done(), 2);
        let (step, task) = keys.next_task().unwrap();
        assert_eq!(step, KeyStep::Assembly);
        assert!(keys.next_task().is_none());
        let outcome = workbench.finish(task, &mut UnwrapErr(SysRng));
        assert!(keys.complete(step, outcome).unwrap().is_some());
        assert_eq!(keys.done(), 1);
    }

    #[test]
    fn primes_that_make_no_key_are_replaced() {
        let mut keys = KeyMaking::new(1);
        let mut workbench = Workbench::default();
        for _ in 0..2 {
            let (step, task) = keys.next_task().unwrap();
            keys.complete(step, workbench.finish(task, &mut UnwrapErr(SysRng)))
                .unwrap();
        }
        let (step, _) = keys.next_task().unwrap();
        keys.complete(step, Outcome::PrimesRefused).unwrap();
        assert!(keys.wants_primes());
        assert!(matches!(keys.next_task(), Some((KeyStep::Prime, _))));
    }
}
