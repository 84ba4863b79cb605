//! Which of the two kernels a build has: vectors of four lanes
//! ([`super::montgomery`]), or words of 64 bits ([`super::words`]) where two of them
//! are multiplied at once. Both give the same answers, so a seed gives the same key.

use crate::arithmetic::Filter;
use crate::limbs::little_endian_limbs;
use crate::montgomery::Kernel;
use crate::prime::ProbablePrime;
use crate::rounds::{Fault, Rounds};
use crate::size::ModulusBits;
use crate::words::{WordFilter, WordKernel};
use rand_core::TryCryptoRng;

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
