//! The judge of one prime: Miller–Rabin with random bases at the error bound of
//! FIPS 186-5, four rounds at once by the kernel of [`super::rounds`] and the last
//! one by `crypto-primes`. Workers and [`generate`](super::generate) call it.
//!
//! # What is trusted, and why that is enough
//!
//! The bound of FIPS 186-5 C.1 (I. Damgård, P. Landrock and C. Pomerance 1993,
//! DOI 10.1090/S0025-5718-1993-1189518-9) counts rounds, whoever computes them: it
//! holds if each of them is right. No round of the kernel is taken on trust:
//!
//! - Each of its four powers is computed modulo `n·r` with `r = 2^31 − 1`, and what
//!   comes out must be, modulo `r`, the power that plain 64-bit integers have
//!   computed from the base on their own. Both residues come of one computation
//!   (A. Shamir 1999, US patent 5,991,415, against faults in RSA-CRT), so a wrong
//!   digit or a lost carry shows in the second one unless its error is a multiple
//!   of `r`: one in two thousand million. Then there is no verdict
//!   ([`JudgeError::Miscalculated`]).
//! - That the kernel multiplies as `crypto-bigint` does is tested natively and in
//!   the browser, over edge cases and random ones.
//! - The library's round comes last, has a base of its own and shares no line of
//!   code with the kernel. A random candidate that passes one such round is
//!   composite with a probability below `2^-40` already for 1024 bits (theorem 2 of
//!   the same paper: `k²·4^(2 − √k)`). So a bad prime needs a composite of that
//!   rarity *and* a fault that the kernel's check missed.
//!
//! The time that a round takes tells nothing of the number but how often two divides
//! `n − 1`, which the library's own round tells as well: the kernel's powers are
//! chosen from their table by masks, and its steps are the same for every exponent.

use crate::kernels::{Chosen, Kernels as _};
use crate::prime::{JudgedPrime, ProbablePrime};
use crate::rounds::Fault;
use crate::size::ModulusBits;
use core::convert::Infallible;
use crypto_bigint::{RandomMod, U1024, U1536, U2048, UnsignedWithMontyForm};
use crypto_primes::{
    Flavor,
    fips::{FipsOptions, is_prime},
};
use rand_core::{TryCryptoRng, TryRng, utils::next_word_via_fill};
use zeroize::Zeroize;

/// Why a number did not become a judged prime.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JudgeError {
    /// The number is composite.
    Composite {
        /// Bits of the number.
        bits: u32,
    },
    /// The random generator failed while it drew a base.
    Random {
        /// What it said.
        cause: String,
    },
    /// A power that the kernel computed is not what plain integers say of it.
    Miscalculated {
        /// Bits of the number under trial.
        bits: u32,
    },
}

impl core::fmt::Display for JudgeError {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Composite { bits } => {
                write!(formatter, "the {bits}-bit number is composite; search on")
            }
            Self::Random { cause } => {
                write!(formatter, "the random generator failed: {cause}")
            }
            Self::Miscalculated { bits } => write!(
                formatter,
                "a power modulo the {bits}-bit number was calculated wrongly; this processor or this program has a fault"
            ),
        }
    }
}

impl core::error::Error for JudgeError {}

impl ModulusBits {
    /// Rounds of Miller–Rabin with random bases that a prime must pass at least: as
    /// many as bring the error below two to minus the security strength, by the formula of
    /// FIPS 186-5 C.1; the right column of its table B.1.
    #[must_use]
    pub const fn rounds(self) -> u32 {
        // `crypto-primes` computes the formula, and a test compares; but that
        // takes as long as half a round.
        match self {
            Self::Rsa2048 => 5,
            Self::Rsa3072 | Self::Rsa4096 => 4,
        }
    }
}

/// Rounds of the library, after the four of the kernel.
const LIBRARY_ROUNDS: u32 = 1;

/// A number that has passed the kernel's rounds, and that the library has not seen:
/// where a trial must not be one long piece of work, this is the middle of it.
#[derive(Clone)]
pub struct HalfJudgedPrime(ProbablePrime);

/// Tests a number for primality: Miller–Rabin with random bases (FIPS 186-5 B.3.1),
/// [`ModulusBits::rounds`] of it or more; the last is `crypto-primes`' own.
///
/// # Errors
///
/// See [`JudgeError`].
pub fn judge_prime<R: TryCryptoRng + ?Sized>(
    prime: &ProbablePrime,
    rng: &mut R,
) -> Result<JudgedPrime, JudgeError> {
    HalfJudgedPrime::new(prime, rng)?.judge(rng)
}

impl HalfJudgedPrime {
    /// The first half of [`judge_prime`]: the kernel's rounds.
    ///
    /// # Errors
    ///
    /// See [`JudgeError`].
    pub fn new<R: TryCryptoRng + ?Sized>(
        prime: &ProbablePrime,
        rng: &mut R,
    ) -> Result<Self, JudgeError> {
        let bits = prime.size().prime_bits();
        match Chosen::passes_four(prime, rng) {
            Ok(true) => Ok(Self(prime.clone())),
            Ok(false) => Err(JudgeError::Composite { bits }),
            Err(Fault::Random(error)) => {
                let cause = error.to_string();
                Err(JudgeError::Random { cause })
            }
            Err(Fault::Miscalculated) => Err(JudgeError::Miscalculated { bits }),
        }
    }

    /// The second half: the library's rounds.
    ///
    /// # Errors
    ///
    /// [`JudgeError::Composite`], or [`JudgeError::Random`].
    pub fn judge<R: TryCryptoRng + ?Sized>(self, rng: &mut R) -> Result<JudgedPrime, JudgeError> {
        judge_by_library(&self.0, LIBRARY_ROUNDS, rng)?;
        Ok(JudgedPrime::new(self.0))
    }
}

/// Rounds by `crypto-primes` alone.
///
/// # Errors
///
/// [`JudgeError::Composite`], or [`JudgeError::Random`].
fn judge_by_library<R: TryCryptoRng + ?Sized>(
    prime: &ProbablePrime,
    rounds: u32,
    rng: &mut R,
) -> Result<(), JudgeError> {
    let options = FipsOptions::with_mr_iterations(rounds as usize);
    let mut rng = Fallible { rng, fault: None };
    let bytes = prime.as_be_bytes();
    let is_prime = match prime.size() {
        ModulusBits::Rsa2048 => is_prime_by_library(U1024::from_be_slice(bytes), options, &mut rng),
        ModulusBits::Rsa3072 => is_prime_by_library(U1536::from_be_slice(bytes), options, &mut rng),
        ModulusBits::Rsa4096 => is_prime_by_library(U2048::from_be_slice(bytes), options, &mut rng),
    };
    if let Some(cause) = rng.fault {
        return Err(JudgeError::Random { cause });
    }
    if is_prime {
        Ok(())
    } else {
        let bits = prime.size().prime_bits();
        Err(JudgeError::Composite { bits })
    }
}

fn is_prime_by_library<T, R>(mut number: T, options: FipsOptions, rng: &mut Fallible<'_, R>) -> bool
where
    T: UnsignedWithMontyForm + RandomMod + Zeroize,
    R: TryCryptoRng + ?Sized,
{
    let result = is_prime(rng, Flavor::Any, &number, options);
    number.zeroize();
    result
}

/// Lets a generator that can fail serve a library that asks for one that can't:
/// the failure is kept, zeroes are handed out, and the verdict is thrown away.
struct Fallible<'a, R: ?Sized> {
    rng: &'a mut R,
    fault: Option<String>,
}

impl<R: TryCryptoRng + ?Sized> TryRng for Fallible<'_, R> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        if let Err(error) = self.rng.try_fill_bytes(destination) {
            destination.fill(0);
            self.fault = Some(error.to_string());
        }
        Ok(())
    }
}

impl<R: TryCryptoRng + ?Sized> TryCryptoRng for Fallible<'_, R> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto_primes::hazmat::minimum_mr_iterations;

    #[test]
    fn kernel_and_library_take_all_rounds_together_and_the_library_takes_one_at_least() {
        for size in ModulusBits::ALL {
            assert!(crate::arithmetic::BATCH + LIBRARY_ROUNDS as usize >= size.rounds() as usize);
        }
        const { assert!(LIBRARY_ROUNDS >= 1) };
    }

    #[test]
    fn the_rounds_are_what_the_formula_of_fips_186_5_asks_for() {
        for size in ModulusBits::ALL {
            assert_eq!(
                minimum_mr_iterations(size.prime_bits(), size.security_bits()),
                Some(size.rounds() as usize)
            );
        }
    }
}
