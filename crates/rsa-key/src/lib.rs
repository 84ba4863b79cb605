#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod arithmetic;
mod assemble;
#[doc(hidden)]
pub mod bench;
mod generate;
mod judge;
mod kernels;
mod lanes;
mod limbs;
mod montgomery;
mod prime;
mod rounds;
mod search;
mod sieve;
mod size;
mod words;

pub use assemble::{AssembleError, assemble};
pub use generate::generate;
pub use judge::{HalfJudgedPrime, JudgeError, judge_prime};
pub use prime::{JudgedPrime, PrimeBytesError, ProbablePrime};
pub use search::{PrimeSearch, Step};
pub use size::{ModulusBits, PUBLIC_EXPONENT};
