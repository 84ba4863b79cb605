//! What the search and the judge ask of a kernel, and which of the two kernels a
//! build has: vectors of four lanes ([`super::montgomery`]), or words of 64 bits
//! ([`super::words`]) where two of them are multiplied at once. Both give the same
//! answers, so a seed gives the same key.

use crate::limbs::little_endian_limbs;
use crate::montgomery::Kernel;
use crate::prime::ProbablePrime;
use crate::rounds::{Fault, Rounds};
use crate::size::ModulusBits;
use crate::words::{WordFilter, WordKernel};
use rand_core::TryCryptoRng;

/// Candidates that one run of the test takes, and bases that are raised at once.
pub(crate) const BATCH: usize = 4;

/// The test that the search throws candidates away by.
pub(crate) trait Filter {
    /// Whether each of four odd numbers passes the base-2 Euler test:
    /// `2^((n−1)/2) ≡ (2/n) (mod n)`, where `(2/n)` is Jacobi's symbol
    /// (R. Solovay and V. Strassen 1977, DOI 10.1137/0206006). Every odd prime
    /// passes. Only the first that passes counts; those after it may be skipped.
    fn passes_base_two(&mut self, candidates: [&[u32]; BATCH]) -> [bool; BATCH];
}

/// Montgomery's arithmetic on four operands at once under one modulus.
pub(crate) trait Arithmetic {
    /// The four operands, put aside.
    type Power: Clone;

    /// Takes an odd number as little-endian limbs, of which the highest bit is zero.
    fn new(modulus: &[u32]) -> Self;

    /// `log2 R`: a product leaves as `x·y/R`.
    fn radix_bits(&self) -> usize;

    /// Sets the four operands: below the modulus, little-endian limbs.
    fn set_operands(&mut self, operands: [&[u32]; BATCH]);

    /// One operand in two's complement, as little-endian limbs.
    fn operand(&self, lane: usize) -> Vec<u32>;

    /// The operands as they are.
    fn power(&self) -> Self::Power;

    /// Puts back what [`Arithmetic::power`] gave.
    fn set_power(&mut self, power: &Self::Power);

    /// Replaces every operand `x` by `x²/R`, or a number congruent to it.
    fn square(&mut self);

    /// Replaces every operand `x` by `x·y/R`, or a number congruent to it.
    fn multiply(&mut self, factors: &Self::Power);

    /// The power with this index in a table, put together of the whole table by
    /// masks: the places in memory do not depend on the index.
    fn choose(table: &[Self::Power], index: i32) -> Self::Power;
}

/// A kernel in the forms that the sizes of primes take.
pub(crate) trait Kernels {
    /// The search's test for primes of this size.
    fn filter(size: ModulusBits) -> Box<dyn Filter>;

    /// Whether a number passes Miller–Rabin (FIPS 186-5 B.3.1) for each of four
    /// bases that are drawn at random from 2 to `n − 2`.
    ///
    /// # Errors
    ///
    /// See [`Fault`].
    fn passes_four<R: TryCryptoRng + ?Sized>(
        number: &ProbablePrime,
        rng: &mut R,
    ) -> Result<bool, Fault<R::Error>>;
}

/// The kernel of this build.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Chosen = InWords;

/// The kernel of this build.
#[cfg(all(target_arch = "wasm32", cpubits = "64"))]
pub(crate) type Chosen = InBoth;

/// The kernel of this build.
#[cfg(all(target_arch = "wasm32", not(cpubits = "64")))]
pub(crate) type Chosen = InVectors;

/// Words for the search of the smallest primes and vectors for all else, as each is
/// the faster one in an engine with wide arithmetic.
#[cfg(all(target_arch = "wasm32", cpubits = "64"))]
pub(crate) enum InBoth {}

#[cfg(all(target_arch = "wasm32", cpubits = "64"))]
impl Kernels for InBoth {
    fn filter(size: ModulusBits) -> Box<dyn Filter> {
        match size {
            ModulusBits::Rsa2048 => InWords::filter(size),
            ModulusBits::Rsa3072 | ModulusBits::Rsa4096 => InVectors::filter(size),
        }
    }

    fn passes_four<R: TryCryptoRng + ?Sized>(
        number: &ProbablePrime,
        rng: &mut R,
    ) -> Result<bool, Fault<R::Error>> {
        InVectors::passes_four(number, rng)
    }
}

/// Four lanes side by side.
pub(crate) enum InVectors {}

/// Words of 64 bits.
pub(crate) enum InWords {}

impl Kernels for InVectors {
    fn filter(size: ModulusBits) -> Box<dyn Filter> {
        let bits = size.prime_bits() as usize;
        match size {
            ModulusBits::Rsa2048 | ModulusBits::Rsa3072 => Box::new(Kernel::<13>::new(bits)),
            ModulusBits::Rsa4096 => Box::new(Kernel::<12>::new(bits)),
        }
    }

    fn passes_four<R: TryCryptoRng + ?Sized>(
        number: &ProbablePrime,
        rng: &mut R,
    ) -> Result<bool, Fault<R::Error>> {
        let limbs = little_endian_limbs(number.as_be_bytes().iter().rev());
        match number.size() {
            ModulusBits::Rsa2048 | ModulusBits::Rsa3072 => {
                Rounds::<Kernel<13>>::new(limbs).pass(rng)
            }
            ModulusBits::Rsa4096 => Rounds::<Kernel<12>>::new(limbs).pass(rng),
        }
    }
}

impl Kernels for InWords {
    fn filter(size: ModulusBits) -> Box<dyn Filter> {
        match size {
            ModulusBits::Rsa2048 => Box::new(WordFilter::<16>::new()),
            ModulusBits::Rsa3072 => Box::new(WordFilter::<24>::new()),
            ModulusBits::Rsa4096 => Box::new(WordFilter::<32>::new()),
        }
    }

    fn passes_four<R: TryCryptoRng + ?Sized>(
        number: &ProbablePrime,
        rng: &mut R,
    ) -> Result<bool, Fault<R::Error>> {
        let limbs = little_endian_limbs(number.as_be_bytes().iter().rev());
        // One word more, for the modulus of the check.
        match number.size() {
            ModulusBits::Rsa2048 => Rounds::<WordKernel<17>>::new(limbs).pass(rng),
            ModulusBits::Rsa3072 => Rounds::<WordKernel<25>>::new(limbs).pass(rng),
            ModulusBits::Rsa4096 => Rounds::<WordKernel<33>>::new(limbs).pass(rng),
        }
    }
}
