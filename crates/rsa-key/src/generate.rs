//! A whole key on one thread, for callers without a pool of workers.

use crate::assemble::{AssembleError, assemble};
use crate::judge::{JudgeError, judge_prime};
use crate::prime::JudgedPrime;
use crate::search::{PrimeSearch, Step};
use crate::size::ModulusBits;
use rand_core::TryCryptoRng;
use rsa::PrivateKey;

/// Makes a key on this thread: two primes searched for and judged, and the key
/// assembled from them.
///
/// # Errors
///
/// [`AssembleError::Random`] when the random generator fails, and whatever
/// [`assemble`] finds wrong with the key.
pub fn generate<R: TryCryptoRng + ?Sized>(
    size: ModulusBits,
    rng: &mut R,
) -> Result<PrivateKey, AssembleError> {
    let mut search = PrimeSearch::new(size);
    loop {
        let p = next_prime(&mut search, rng)?;
        let q = next_prime(&mut search, rng)?;
        match assemble(&p, &q) {
            // As FIPS 186-5 A.1.3 says: draw again. One pair in 2^99 comes here.
            Err(AssembleError::PrimesTooClose { .. } | AssembleError::ExponentTooSmall { .. }) => {}
            result => return result,
        }
    }
}

/// Searches until the judge agrees.
fn next_prime<R: TryCryptoRng + ?Sized>(
    search: &mut PrimeSearch,
    rng: &mut R,
) -> Result<JudgedPrime, AssembleError> {
    loop {
        let step = search.step(1, rng).map_err(|error| AssembleError::Random {
            cause: error.to_string(),
        })?;
        if let Step::Found { prime, .. } = step {
            match judge_prime(&prime, rng) {
                Err(JudgeError::Composite { .. }) => {}
                Err(JudgeError::Random { cause }) => return Err(AssembleError::Random { cause }),
                Err(cause) => return Err(AssembleError::Unjudged { cause }),
                Ok(prime) => return Ok(prime),
            }
        }
    }
}
