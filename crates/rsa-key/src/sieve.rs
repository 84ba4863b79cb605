//! The interval sieve: which odd numbers after a random start have no small
//! factor, and are no multiple of `e` plus one. It tests nothing by itself;
//! [`super::search`] hands what is left to the kernel.

#![expect(
    clippy::cast_possible_truncation,
    reason = "residues and halves of products fit their words, by the bounds that are stated"
)]

use crate::size::PUBLIC_EXPONENT;
use zeroize::Zeroize;

/// Small primes that go through the residue computation side by side.
const GROUP: usize = 8;

/// Primes below this are sieved with.
///
/// A prime of size `r` saves `1/r` of the base-2 tests and costs one residue of
/// the start, so the best limit is the ratio of the two costs.
const LIMIT: usize = 1 << 18;

/// Eight odd primes, and what their residues need.
struct Group {
    primes: [u32; GROUP],
    /// `prime⁻¹ mod 2^32`.
    inverses: [u32; GROUP],
    /// `2^(32·limbs + 31) mod prime`, for starts of `limbs` limbs.
    corrections: [u32; GROUP],
}

/// The table of small primes for starts of one size, and the interval's marks.
///
/// The marks tell where a secret prime may lie: they are zeroized on drop.
pub(crate) struct Sieve {
    groups: Vec<Group>,
    marks: Vec<u8>,
}

impl Drop for Sieve {
    fn drop(&mut self) {
        self.marks.zeroize();
    }
}

impl Sieve {
    /// A sieve over `length` odd numbers, for starts of `limbs` 32-bit limbs.
    pub(crate) fn new(limbs: usize, length: usize) -> Self {
        let groups = odd_primes(LIMIT)
            .chunks_exact(GROUP)
            .map(|primes| {
                let primes = core::array::from_fn(|lane| primes[lane]);
                Group {
                    primes,
                    inverses: primes.map(inverse),
                    corrections: primes.map(|prime| power_of_two(32 * limbs + 31, prime)),
                }
            })
            .collect();
        Self {
            groups,
            marks: vec![0; length],
        }
    }

    /// Odd numbers in the interval.
    pub(crate) fn length(&self) -> usize {
        self.marks.len()
    }

    /// Marks every `x` for which `start + 2x` has a small factor or is 1 modulo
    /// `e`; `start` is odd and larger than every sieved prime.
    pub(crate) fn mark(&mut self, start: &[u32]) {
        self.marks.fill(0);
        for group in &self.groups {
            for (first, prime) in group.first_multiples(start).into_iter().zip(group.primes) {
                strike(&mut self.marks, first as usize, prime as usize);
                if u64::from(prime) == PUBLIC_EXPONENT {
                    // start + 2x ≡ 1: half of one further on than start + 2x ≡ 0.
                    let unit = (first + prime.div_ceil(2)) % prime;
                    strike(&mut self.marks, unit as usize, prime as usize);
                }
            }
        }
    }

    /// The first unmarked place at or after `from`.
    pub(crate) fn next_survivor(&self, from: usize) -> Option<usize> {
        let marks = self.marks.get(from..)?;
        marks
            .iter()
            .position(|mark| *mark == 0)
            .map(|steps| from + steps)
    }
}

fn strike(marks: &mut [u8], first: usize, prime: usize) {
    for mark in marks.iter_mut().skip(first).step_by(prime) {
        *mark = 1;
    }
}

impl Group {
    /// For each prime the least `x ≥ 0` with `start + 2x ≡ 0`.
    ///
    /// Montgomery's reduction (HAC 14.32) from the lowest limb up, one limb a
    /// step, on the negated residue `v`: `v ← (v − limb)/2^32`, `0 ≤ v ≤ prime`.
    #[inline]
    fn first_multiples(&self, start: &[u32]) -> [u32; GROUP] {
        let mut residues = [0_u32; GROUP];
        for limb in start {
            let lanes = self.primes.iter().zip(&self.inverses);
            for (residue, (prime, inverse)) in residues.iter_mut().zip(lanes) {
                let quotient = limb.wrapping_sub(*residue).wrapping_mul(*inverse);
                *residue = high_product(quotient, *prime) + u32::from(*limb < *residue);
            }
        }
        core::array::from_fn(|lane| {
            let prime = self.primes[lane];
            let product = u64::from(residues[lane]) * u64::from(self.corrections[lane]);
            let quotient = (product as u32).wrapping_mul(self.inverses[lane]);
            let (high, low) = ((product >> 32) as u32, high_product(quotient, prime));
            if high < low {
                high + prime - low
            } else {
                high - low
            }
        })
    }
}

/// The upper half of a product.
#[inline]
fn high_product(a: u32, b: u32) -> u32 {
    ((u64::from(a) * u64::from(b)) >> 32) as u32
}

/// The inverse of an odd number modulo `2^32`, by Newton's iteration.
fn inverse(odd: u32) -> u32 {
    (0..4).fold(odd, |inverse, _| {
        inverse.wrapping_mul(2_u32.wrapping_sub(odd.wrapping_mul(inverse)))
    })
}

/// `2^exponent mod modulus`, from the exponent's highest bit down (HAC 14.79).
fn power_of_two(exponent: usize, modulus: u32) -> u32 {
    let modulus = u64::from(modulus);
    (0..usize::BITS - exponent.leading_zeros())
        .rev()
        .fold(1, |power, bit| {
            ((power * power) << ((exponent >> bit) & 1)) % modulus
        }) as u32
}

/// The odd primes below `limit`, by the sieve of Eratosthenes.
fn odd_primes(limit: usize) -> Vec<u32> {
    // Place x stands for 2x + 1.
    let mut composite = vec![false; limit / 2];
    let mut primes = Vec::new();
    for place in 1..composite.len() {
        if composite[place] {
            continue;
        }
        let prime = 2 * place + 1;
        primes.push(prime as u32);
        for mark in composite.iter_mut().skip(prime * prime / 2).step_by(prime) {
            *mark = true;
        }
    }
    primes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The start modulo a small number, by long division.
    fn remainder(start: &[u32], offset: usize, prime: u64) -> u64 {
        let residue = start.iter().rev().fold(0, |residue, limb| {
            ((residue << 32) | u64::from(*limb)) % prime
        });
        (residue + 2 * offset as u64) % prime
    }

    #[test]
    fn the_sieve_strikes_exactly_what_long_division_strikes() {
        let primes = odd_primes(LIMIT);
        for limbs in [32_u32, 48, 64] {
            let mut sieve = Sieve::new(limbs as usize, 300);
            let start: Vec<u32> = (1..=limbs)
                .map(|limb| limb.wrapping_mul(0x9e37_79b9) | 1)
                .collect();
            sieve.mark(&start);
            for place in 0..sieve.length() {
                let struck = remainder(&start, place, PUBLIC_EXPONENT) == 1
                    || primes
                        .iter()
                        .any(|prime| remainder(&start, place, u64::from(*prime)) == 0);
                let survives = sieve.next_survivor(place) == Some(place);
                assert_eq!(struck, !survives, "place {place}, {limbs} limbs");
            }
        }
    }

    #[test]
    fn candidates_that_are_one_modulo_e_are_struck() {
        // A start of 1 modulo e and modulo nothing else that matters: 1 + 2^k·e.
        let mut start = vec![0; 32];
        start[0] = 1;
        start[31] = 0x0001_0001 << 8;
        let mut sieve = Sieve::new(32, 1);
        sieve.mark(&start);
        assert_eq!(sieve.next_survivor(0), None);
    }

    #[test]
    fn the_table_ends_where_whole_groups_end() {
        let primes = odd_primes(LIMIT);
        assert_eq!(primes.len(), 22_999);
        assert_eq!(&primes[..4], &[3, 5, 7, 11]);
    }
}
