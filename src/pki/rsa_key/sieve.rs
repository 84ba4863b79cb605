//! The interval sieve: which odd numbers after a random start have no small
//! factor, and are no multiple of `e` plus one. It tests nothing by itself;
//! [`super::search`] hands what is left to the kernel.

use super::PUBLIC_EXPONENT;
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
pub(super) struct Sieve {
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
    pub(super) fn new(limbs: usize, length: usize) -> Self {
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
    pub(super) fn length(&self) -> usize {
        self.marks.len()
    }

    /// Marks every `x` for which `start + 2x` has a small factor or is 1 modulo
    /// `e`; `start` is odd and larger than every sieved prime.
    pub(super) fn mark(&mut self, start: &[u32]) {
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
    pub(super) fn next_survivor(&self, from: usize) -> Option<usize> {
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
            for lane in 0..GROUP {
                let residue = residues[lane];
                let quotient = limb.wrapping_sub(residue).wrapping_mul(self.inverses[lane]);
                residues[lane] =
                    high_product(quotient, self.primes[lane]) + u32::from(*limb < residue);
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
