//! The making of RSA keys: a fast search for primes, and the judges that it must
//! pass. It is not a bignum library and knows nothing of X.509: its product is an
//! [`rsa::PrivateKey`]. The page's workers call its parts one by one;
//! [`generate`] does the whole on one thread.
//!
//! # Fast filter, trusted judge
//!
//! The home-made part, [`PrimeSearch`] (an interval sieve and a base-2 test),
//! only throws candidates away. What it keeps is judged by well-kept libraries:
//! [`judge_prime`] is `crypto-primes` at the error bound of FIPS 186-5, and
//! [`assemble`] is the `rsa` crate's own construction and validation, with one
//! signature made and verified. A fault in the filter can cost time, and can
//! never make a bad key.
//!
//! # The order of work
//!
//! For `N` keys a pool finds `2N` primes: every worker runs a [`PrimeSearch`] in
//! slices and sends the bytes of its [`ProbablePrime`]. All are drawn
//! independently, so any two of them make a key. Then the rounds of both judges
//! and the assembly are divided among the workers ([`judge_rounds`]), and the key
//! is kept back until every round is passed: the library's word is the last one.
//! Judging takes half of the time that a key takes, and on one worker it would
//! leave the others idle.
//!
//! # Where the time goes
//!
//! A 2048-bit key of average luck takes about 60 ms of one core in Chromium 148:
//! 30 ms for the search (1.5 ms a batch of four, 1 ms to sieve a start), 24 ms for
//! the ten rounds of the judge (2.2 ms each), 6 ms for the assembly, of which 5 ms
//! are the one signature. Two workers share that evenly. What `crypto-bigint`
//! calculates is half of it: its Montgomery product waits for one chain of carries.
//!
//! # Secrets
//!
//! Primes, the kernel's buffers and the sieve's marks are zeroized on drop. What
//! is not: stack copies that the compiler makes, the judges' own temporary values
//! inside `crypto-primes` and `rsa`, and whatever an engine leaves behind of a
//! message that was posted between workers.

mod assemble;
#[doc(hidden)]
pub mod bench;
mod judge;
mod lanes;
mod montgomery;
mod prime;
mod search;
mod sieve;

pub use assemble::{AssembleError, assemble};
pub use judge::{JudgeError, judge_prime, judge_rounds};
pub use prime::{JudgedPrime, PrimeBytesError, ProbablePrime};
pub use search::{PrimeSearch, Step};

use rand_core::TryCryptoRng;
use rsa::PrivateKey;

/// The public exponent of every key made here.
pub const PUBLIC_EXPONENT: u64 = 65_537;

/// The sizes of modulus that keys are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModulusBits {
    /// 2048 bits: 112 bits of security (SP 800-57 part 1, table 2).
    Rsa2048,
    /// 3072 bits: 128 bits of security.
    Rsa3072,
    /// 4096 bits: 152 bits of security (SP 800-56B, table 4).
    Rsa4096,
}

impl ModulusBits {
    /// All sizes, smallest first.
    pub const ALL: [Self; 3] = [Self::Rsa2048, Self::Rsa3072, Self::Rsa4096];

    /// The size for a number of bits: 2048, 3072 or 4096.
    #[must_use]
    pub fn from_bits(bits: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.bits() == bits)
    }

    /// Bits of the modulus.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
        }
    }

    /// Bits of each of the two primes.
    #[must_use]
    pub const fn prime_bits(self) -> u32 {
        self.bits() / 2
    }

    /// Security strength in bits; the judge's error bound is two to minus this
    /// (FIPS 186-5 appendix B.3).
    #[must_use]
    pub const fn security_bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 112,
            Self::Rsa3072 => 128,
            Self::Rsa4096 => 152,
        }
    }

    /// Odd numbers that a search looks at for one prime, on average: half the
    /// natural logarithm of the prime, by the prime number theorem. A search is a
    /// lottery: one in seven takes more than twice this.
    #[must_use]
    pub const fn expected_candidates(self) -> u32 {
        match self {
            Self::Rsa2048 => 355,
            Self::Rsa3072 => 532,
            Self::Rsa4096 => 710,
        }
    }
}

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
                Ok(prime) => return Ok(prime),
            }
        }
    }
}
