//! The judge of one prime: `crypto-primes`, at the error bound of FIPS 186-5.
//! Nothing of the home-made kernel is used here. Its rounds are independent of
//! each other, so workers call it for a share each, and the two primes of a key
//! are judged side by side.

use crate::prime::{JudgedPrime, ProbablePrime};
use crate::size::ModulusBits;
use core::convert::Infallible;
use crypto_bigint::{RandomMod, U1024, U1536, U2048, UnsignedWithMontyForm};
use crypto_primes::{
    Flavor,
    fips::{FipsOptions, is_prime},
};
use rand_core::{TryCryptoRng, TryRng};
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
        }
    }
}

impl core::error::Error for JudgeError {}

impl ModulusBits {
    /// Rounds of Miller–Rabin with random bases that a prime must pass: as many as
    /// bring the error below two to minus the security strength, by the formula of
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

/// Has `crypto-primes` test a number for primality: Miller–Rabin with random
/// bases (FIPS 186-5 B.3.1), all [`ModulusBits::rounds`] of it.
///
/// # Errors
///
/// [`JudgeError::Composite`], or [`JudgeError::Random`].
pub fn judge_prime<R: TryCryptoRng + ?Sized>(
    prime: &ProbablePrime,
    rng: &mut R,
) -> Result<JudgedPrime, JudgeError> {
    judge_rounds(prime, prime.size().rounds(), rng)?;
    Ok(JudgedPrime::new(prime.clone()))
}

/// A share of the rounds that [`judge_prime`] takes, for callers that divide
/// them: whoever adds them up may not call the number prime before
/// [`ModulusBits::rounds`] of them are passed.
///
/// # Errors
///
/// As [`judge_prime`].
pub fn judge_rounds<R: TryCryptoRng + ?Sized>(
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
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
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
    fn the_rounds_are_what_the_formula_of_fips_186_5_asks_for() {
        for size in ModulusBits::ALL {
            assert_eq!(
                minimum_mr_iterations(size.prime_bits(), size.security_bits()),
                Some(size.rounds() as usize)
            );
        }
    }
}
