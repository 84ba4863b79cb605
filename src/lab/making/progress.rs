//! How far the work has come, in numbers that grow to their end.

use rsa_key::ModulusBits;

use crate::lab::keys::KeyMaking;

/// How far the work has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The private keys that are made.
    pub keys_done: usize,
    /// The private keys to make.
    pub keys: usize,
    /// The primes that are found, two for each RSA key.
    pub primes_done: usize,
    /// The primes to find.
    pub primes: usize,
    /// The certificates that are issued.
    pub certificates_done: usize,
    /// The certificates to issue.
    pub certificates: usize,
    /// The candidates for primes that have been tried.
    pub candidates: u64,
    /// The candidates that it takes on average. It is a lottery: now and then it
    /// takes twice as many.
    pub candidates_expected: u64,
    /// The work done so far, and all of it, in a unit of their own.
    pub(super) work: (f64, f64),
}

impl Progress {
    /// The whole as a fraction from 0 to 1. Finding primes takes nearly all of
    /// the time. A prime that is being looked for counts by the candidates
    /// tried, and never as found: it is found by luck.
    #[must_use]
    pub fn fraction(self) -> f64 {
        let (done, all) = self.work;
        if all == 0.0 { 1.0 } else { done / all }
    }
}

/// What one prime of a size costs, with a certificate's signature as 1. Both the
/// candidates and the time for each grow with the size.
fn cost_of_prime(size: ModulusBits) -> f64 {
    match size {
        ModulusBits::Rsa2048 => 10.0,
        ModulusBits::Rsa3072 => 45.0,
        ModulusBits::Rsa4096 => 130.0,
    }
}

/// The work on RSA keys of one size: done, and all of it.
#[expect(
    clippy::cast_precision_loss,
    reason = "a few million candidates at most"
)]
pub(super) fn work_on(keys: &KeyMaking) -> (f64, f64) {
    let primes = 2.0 * keys.count() as f64;
    let found = keys.primes_done() as f64;
    let left = primes - found;
    let by_luck = primes * keys.candidates() as f64 / keys.candidates_expected().max(1) as f64;
    // Halfway through what is left when as much was tried as one expects.
    let begun = if left > 0.0 && by_luck > found {
        left * (1.0 - 0.5_f64.powf((by_luck - found) / left))
    } else {
        0.0
    };
    let cost = cost_of_prime(keys.size());
    ((found + begun) * cost, primes * cost)
}
