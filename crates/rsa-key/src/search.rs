//! The search for one prime in small steps, so that a worker can answer between
//! two of them. It finds numbers that are very likely prime and promises no more:
//! [`judge_prime`](super::judge_prime) has to say so. The worker pool and
//! [`generate`](super::generate) call it.

#![expect(
    clippy::cast_possible_truncation,
    reason = "an interval has some thousand places; a limb is cut out of a wider sum"
)]

use crate::arithmetic::{BATCH, Filter};
use crate::kernels::{Chosen, Kernels};
use crate::limbs::little_endian_limbs;
use crate::prime::ProbablePrime;
use crate::sieve::Sieve;
use crate::size::ModulusBits;
use rand_core::TryCryptoRng;
use zeroize::{Zeroize, Zeroizing};

/// What a step of the search came to.
#[derive(Debug)]
pub enum Step {
    /// No prime yet.
    Searching {
        /// Odd numbers looked at in this step, those struck by the sieve included.
        tried: u32,
    },
    /// A number that passed the filter.
    Found {
        /// Odd numbers looked at in this step, the found one included.
        tried: u32,
        /// The find, to be judged.
        prime: ProbablePrime,
    },
}

/// Looks for primes of half the modulus' size with both top bits set and
/// `gcd(e, p − 1) = 1` (FIPS 186-5 A.1.3), one after the other, each from a
/// fresh random start.
///
/// The start is a random odd number; candidates are the odd numbers after it, up
/// to a bound of four times the prime's size in bits; if none of them is prime
/// (one time in 100,000) the next start is drawn. What that does to the
/// distribution: a prime is found with a probability proportional to the gap
/// before it, instead of a uniform one. J. Brandt and I. Damgård ("On generation
/// of probable primes by incremental search", CRYPTO '92,
/// DOI 10.1007/3-540-48071-4_26) show that under the prime tuple conjecture the
/// loss of entropy is a constant, whatever the size: with gaps as a Poisson
/// process leaves them it is `(1 − γ)/ln 2 ≈ 0.61` bits a prime. P.-A. Fouque and
/// M. Tibouchi ("Close to uniform prime number generation with fewer random
/// bits", ICALP 2014, DOI 10.1007/978-3-662-43948-7_82) show that the result of
/// such a search can be told from a uniform prime. The bound caps the favour that
/// a prime after a long gap has; it does not take it away. No two primes are ever
/// taken from one interval, so the two primes of a key are independent.
pub struct PrimeSearch {
    size: ModulusBits,
    sieve: Sieve,
    filter: Box<dyn Filter>,
    /// The interval's first number, little-endian; empty when one must be drawn.
    start: Zeroizing<Vec<u32>>,
    /// The first place in the interval not looked at yet.
    place: usize,
}

impl core::fmt::Debug for PrimeSearch {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("PrimeSearch")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl PrimeSearch {
    /// Prepares a search: the table of small primes and the kernel's room. A
    /// search can be used for any number of primes.
    #[must_use]
    pub fn new(size: ModulusBits) -> Self {
        Self::by::<Chosen>(size)
    }

    /// A search by one of the two kernels.
    pub(crate) fn by<K: Kernels>(size: ModulusBits) -> Self {
        let bits = size.prime_bits() as usize;
        Self {
            size,
            sieve: Sieve::new(bits / 32, 4 * bits),
            filter: K::filter(size),
            start: Zeroizing::new(Vec::new()),
            place: 0,
        }
    }

    /// The size of modulus that this search's primes are for.
    #[must_use]
    pub fn size(&self) -> ModulusBits {
        self.size
    }

    /// Tests up to `batches` batches of four candidates each; a batch of
    /// 1024-bit candidates takes one to two milliseconds.
    ///
    /// After [`Step::Found`] the next step begins the search for another prime.
    ///
    /// # Errors
    ///
    /// The random generator's own, when it fails at a fresh start; the search can
    /// go on afterwards.
    pub fn step<R: TryCryptoRng + ?Sized>(
        &mut self,
        batches: u32,
        rng: &mut R,
    ) -> Result<Step, R::Error> {
        let mut tried = 0;
        for _ in 0..batches {
            if self.start.is_empty() {
                self.begin(rng)?;
            }
            let before = self.place;
            let found = self.test_batch();
            tried += (self.place - before) as u32;
            if let Some(prime) = found {
                self.start.zeroize();
                return Ok(Step::Found { tried, prime });
            }
            if self.place == self.sieve.length() {
                self.start.zeroize();
            }
        }
        Ok(Step::Searching { tried })
    }

    /// Draws a start and sieves the interval after it.
    fn begin<R: TryCryptoRng + ?Sized>(&mut self, rng: &mut R) -> Result<(), R::Error> {
        let mut bytes = Zeroizing::new(vec![0; self.size.prime_bits() as usize / 8]);
        let mut start;
        loop {
            rng.try_fill_bytes(&mut bytes)?;
            start = little_endian_limbs(bytes.iter());
            start[0] |= 1;
            let top = start.len() - 1;
            start[top] |= 0xc000_0000;
            // An interval must not run over the top; 2^-900 of all draws would.
            if start[1..].iter().any(|limb| *limb != u32::MAX) {
                break;
            }
        }
        self.sieve.mark(&start);
        self.start = start;
        self.place = 0;
        Ok(())
    }

    /// Tests the next four survivors of the sieve and moves past them, or past
    /// the first of them that passes.
    fn test_batch(&mut self) -> Option<ProbablePrime> {
        let mut places = [None; BATCH];
        let mut from = self.place;
        for place in &mut places {
            *place = self.sieve.next_survivor(from);
            from = place.map_or(self.sieve.length(), |place| place + 1);
        }
        let Some(first) = places[0] else {
            self.place = self.sieve.length();
            return None;
        };
        // At the interval's end a lane may idle: it repeats the first candidate.
        let candidates = places.map(|place| Zeroizing::new(self.candidate(place.unwrap_or(first))));
        let limbs = candidates.each_ref().map(|candidate| candidate.as_slice());
        let passed = self.filter.passes_base_two(limbs);
        for ((place, passed), candidate) in places.iter().zip(passed).zip(&candidates) {
            if let (Some(place), true) = (place, passed) {
                self.place = place + 1;
                return Some(ProbablePrime::from_candidate(self.size, candidate));
            }
        }
        self.place = from;
        None
    }

    /// Whether the filter lets one number pass.
    pub(crate) fn passes_filter(&mut self, number: &ProbablePrime) -> bool {
        let limbs = little_endian_limbs(number.as_be_bytes().iter().rev());
        self.filter.passes_base_two([&limbs; BATCH])[0]
    }

    /// The candidate at a place of the interval.
    fn candidate(&self, place: usize) -> Vec<u32> {
        let mut carry = 2 * place as u64;
        self.start
            .iter()
            .map(|limb| {
                carry += u64::from(*limb);
                let sum = carry as u32;
                carry >>= 32;
                sum
            })
            .collect()
    }
}
