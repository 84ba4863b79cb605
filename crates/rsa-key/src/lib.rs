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

#![forbid(unsafe_code)]

mod assemble;
#[doc(hidden)]
pub mod bench;
mod generate;
mod judge;
mod lanes;
mod montgomery;
mod prime;
mod search;
mod sieve;
mod size;

pub use assemble::{AssembleError, assemble};
pub use generate::generate;
pub use judge::{JudgeError, judge_prime, judge_rounds};
pub use prime::{JudgedPrime, PrimeBytesError, ProbablePrime};
pub use search::{PrimeSearch, Step};
pub use size::{ModulusBits, PUBLIC_EXPONENT};
