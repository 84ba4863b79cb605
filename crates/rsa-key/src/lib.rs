#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod assemble;
#[doc(hidden)]
pub mod bench;
mod generate;
mod judge;
mod lanes;
mod montgomery;
mod prime;
mod rounds;
mod search;
mod sieve;
mod size;

pub use assemble::{AssembleError, assemble};
pub use generate::generate;
pub use judge::{JudgeError, judge_prime, judge_rounds};
pub use prime::{JudgedPrime, PrimeBytesError, ProbablePrime};
pub use search::{PrimeSearch, Step};
pub use size::{ModulusBits, PUBLIC_EXPONENT};
