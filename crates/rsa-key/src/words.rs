//! The kernel in words of 64 bits, for processors and engines that multiply two of
//! them at once: the page's where WebAssembly has wide arithmetic, and the
//! program's. It gives the very answers that [`super::montgomery`] gives with
//! vectors, in plain columns and rows.
//!
//! Squares and products are Montgomery's (HAC 14.32 and 14.16) with `R` just above
//! the modulus, the whole square first and its reduction after it. The one
//! subtraction at the end is made by a mask, whether it is needed or not.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "words and limbs are cut out of wider sums: the cast is the cut"
)]

use crate::arithmetic::{Arithmetic, BATCH, Filter};
use crate::limbs::{bits_at, inverse_modulo_word, shift_right};
use zeroize::{Zeroize, Zeroizing};

/// A number of `N` words, the lowest first.
pub(crate) type Words<const N: usize> = [u64; N];

/// A modulus of `N` words with two bits to spare, and four operands.
pub(crate) struct WordKernel<const N: usize> {
    modulus: Modulus<N>,
    operands: [Words<N>; BATCH],
    room: Room<N>,
}

impl<const N: usize> Drop for WordKernel<N> {
    fn drop(&mut self) {
        self.operands.zeroize();
    }
}

/// A modulus, and what its reduction needs.
struct Modulus<const N: usize> {
    words: Words<N>,
    /// `−n⁻¹` modulo `2^64`.
    negative_inverse: u64,
}

impl<const N: usize> Drop for Modulus<N> {
    fn drop(&mut self) {
        self.words.zeroize();
        self.negative_inverse.zeroize();
    }
}

/// Room for a product: its lower and its upper half.
struct Room<const N: usize>([Words<N>; 2]);

impl<const N: usize> Drop for Room<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> Modulus<N> {
    /// Takes an odd number as little-endian limbs.
    fn new(limbs: &[u32]) -> Self {
        Self {
            words: words(limbs),
            negative_inverse: inverse_modulo_word(limbs).wrapping_neg(),
        }
    }

    /// `x²/R`.
    fn square(&self, operand: &mut Words<N>, room: &mut Room<N>) {
        room.square(operand);
        self.reduce(operand, room);
    }

    /// Divides the room by `R` modulo `n`: below `2^(64·N)`, and congruent.
    #[inline]
    fn reduce(&self, result: &mut Words<N>, room: &mut Room<N>) {
        let room = room.0.as_flattened_mut();
        let mut above = 0_u64;
        for index in 0..N {
            let quotient = room[index].wrapping_mul(self.negative_inverse);
            let carry = add_product(&mut room[index..index + N], &self.words, quotient);
            let sum = u128::from(room[index + N]) + u128::from(carry) + u128::from(above);
            room[index + N] = sum as u64;
            above = (sum >> 64) as u64;
        }
        result.copy_from_slice(&room[N..]);
        self.subtract_masked(result, above != 0);
    }

    /// Takes the modulus away once, if so told.
    #[inline]
    fn subtract_masked(&self, number: &mut Words<N>, is_above: bool) {
        let mask = u64::from(is_above).wrapping_neg();
        let mut borrow = 0_i128;
        for (word, modulus) in number.iter_mut().zip(&self.words) {
            borrow += i128::from(*word) - i128::from(modulus & mask);
            *word = borrow as u64;
            borrow >>= 64;
        }
    }

    /// `x·2^shift/2^64` for a shift below 64.
    fn shift(&self, operand: &mut Words<N>, shift: u32) {
        let mut above = 0;
        for word in operand.iter_mut() {
            let wide = u128::from(*word) << shift | u128::from(above);
            *word = wide as u64;
            above = (wide >> 64) as u64;
        }
        let quotient = operand[0].wrapping_mul(self.negative_inverse);
        let carry = add_product(operand, &self.words, quotient);
        operand.copy_within(1.., 0);
        let (top, is_above) = above.overflowing_add(carry);
        operand[N - 1] = top;
        self.subtract_masked(operand, is_above);
    }

    /// The base-2 Euler test of the modulus, as [`Filter`] has it.
    ///
    /// What is computed is `2^−((n−1)/2)`, six bits of the exponent at a time: six
    /// squarings, and one multiplication by a power of two that takes no more than
    /// one row. That row divides by `2^64`, so each six bits stand for a digit from
    /// −64 to −1, and the exponent is taken as the sum of such digits. Its leading
    /// bits make a negative head, and `2^head` in Montgomery form is a plain power
    /// of two.
    fn passes_base_two(&self, limbs: &[u32], room: &mut Room<N>) -> bool {
        const DIGIT: usize = 6;
        let bits = 64 * N;
        let digits = (bits - 1 - bits.ilog2() as usize).div_ceil(DIGIT);
        // What is added to −(n−1)/2 so that every digit is 64 more: 64·(1 + 64 + …).
        let mut exponent = Zeroizing::new(limbs.to_vec());
        shift_right(&mut exponent, 1);
        let mut added = vec![0_u32; limbs.len()];
        for digit in 1..=digits {
            added[DIGIT * digit / 32] |= 1 << (DIGIT * digit % 32);
        }
        let mut borrow = 0_i64;
        for (limb, added) in exponent.iter_mut().zip(added) {
            borrow += i64::from(added) - i64::from(*limb);
            *limb = borrow as u32;
            borrow >>= 32;
        }
        let head_bits = bits - DIGIT * digits;
        let head = bits_at(&exponent, DIGIT * digits, head_bits as u32) as usize;
        let power = bits + head - (1 << head_bits);
        let mut operand = Zeroizing::new([0; N]);
        operand[power / 64] = 1 << (power % 64);
        for digit in (0..digits).rev() {
            for _ in 0..DIGIT {
                self.square(&mut operand, room);
            }
            let shift = bits_at(&exponent, DIGIT * digit, DIGIT as u32);
            self.shift(&mut operand, shift.unsigned_abs());
        }
        // ±R modulo n: R − n, or 2n − R, as n lies between R/2 and R.
        let mut one = Zeroizing::new([0; N]);
        if matches!(limbs[0] % 8, 3 | 5) {
            *one = self.words;
            self.add_modulus(&mut one);
        } else {
            self.subtract_masked(&mut one, true);
        }
        operand == one
    }

    /// Adds the modulus, modulo `R`.
    fn add_modulus(&self, number: &mut Words<N>) {
        let mut carry = 0_u128;
        for (word, modulus) in number.iter_mut().zip(&self.words) {
            carry += u128::from(*word) + u128::from(*modulus);
            *word = carry as u64;
            carry >>= 64;
        }
    }
}

impl<const N: usize> Room<N> {
    const EMPTY: Self = Self([[0; N]; 2]);

    /// Of two products `xᵢ·xⱼ` one is computed and doubled (HAC 14.16).
    #[inline]
    fn square(&mut self, operand: &Words<N>) {
        let room = self.0.as_flattened_mut();
        room.fill(0);
        for index in 0..N {
            let row = &mut room[2 * index + 1..index + N];
            room[index + N] = add_product(row, &operand[index + 1..], operand[index]);
        }
        let (mut carry, mut shifted) = (0, 0);
        for (pair, word) in room.chunks_exact_mut(2).zip(operand) {
            let square = u128::from(*word) * u128::from(*word);
            let double = pair[0] << 1 | shifted;
            let sum = u128::from(double) + u128::from(square as u64) + carry;
            shifted = pair[0] >> 63;
            pair[0] = sum as u64;
            let double = pair[1] << 1 | shifted;
            let sum = u128::from(double) + (square >> 64) + (sum >> 64);
            shifted = pair[1] >> 63;
            pair[1] = sum as u64;
            carry = sum >> 64;
        }
    }

    #[inline]
    fn multiply(&mut self, left: &Words<N>, right: &Words<N>) {
        let room = self.0.as_flattened_mut();
        room.fill(0);
        for (index, word) in left.iter().enumerate() {
            room[index + N] = add_product(&mut room[index..index + N], right, *word);
        }
    }
}

/// Adds `words·factor` to a row as long as the words, and gives what is above it.
#[inline]
fn add_product(row: &mut [u64], words: &[u64], factor: u64) -> u64 {
    // The loop's own work is a fifth of the time otherwise.
    let (row, words, carry) = add_chunks::<8>(row, words, factor, 0);
    let (row, words, carry) = add_chunks::<4>(row, words, factor, carry);
    let (_, _, carry) = add_chunks::<1>(row, words, factor, carry);
    carry
}

/// So many words in one turn, and what is left over of both.
#[inline]
fn add_chunks<'a, const TURN: usize>(
    row: &'a mut [u64],
    words: &'a [u64],
    factor: u64,
    mut carry: u64,
) -> (&'a mut [u64], &'a [u64], u64) {
    let (row_turns, row_rest) = row.as_chunks_mut::<TURN>();
    let (word_turns, word_rest) = words.as_chunks::<TURN>();
    for (places, words) in row_turns.iter_mut().zip(word_turns) {
        for (place, word) in places.iter_mut().zip(words) {
            carry = add_one(place, *word, factor, carry);
        }
    }
    (row_rest, word_rest, carry)
}

/// `place + word·factor + carry`: the lower word stays, and the upper one goes on.
#[inline]
fn add_one(place: &mut u64, word: u64, factor: u64, carry: u64) -> u64 {
    let product = u128::from(factor) * u128::from(word);
    let sum = product + u128::from(*place) + u128::from(carry);
    *place = sum as u64;
    (sum >> 64) as u64
}

/// A number of at most `N` words from little-endian limbs.
fn words<const N: usize>(limbs: &[u32]) -> Words<N> {
    let mut words = [0; N];
    for (word, pair) in words.iter_mut().zip(limbs.chunks(2)) {
        let high = pair.get(1).copied().unwrap_or(0);
        *word = u64::from(pair[0]) | u64::from(high) << 32;
    }
    words
}

/// Room for the search alone: its moduli come one by one.
pub(crate) struct WordFilter<const N: usize>(Room<N>);

impl<const N: usize> WordFilter<N> {
    pub(crate) const fn new() -> Self {
        Self(Room::EMPTY)
    }
}

impl<const N: usize> Filter for WordFilter<N> {
    /// The candidates after the first that passes are not tested: the search goes
    /// on from there, whatever they are.
    fn passes_base_two(&mut self, candidates: [&[u32]; BATCH]) -> [bool; BATCH] {
        let mut passed = [false; BATCH];
        for (passed, candidate) in passed.iter_mut().zip(candidates) {
            *passed = Modulus::new(candidate).passes_base_two(candidate, &mut self.0);
            if *passed {
                break;
            }
        }
        passed
    }
}

impl<const N: usize> Arithmetic for WordKernel<N> {
    type Power = Zeroizing<[Words<N>; BATCH]>;

    fn new(modulus: &[u32]) -> Self {
        Self {
            modulus: Modulus::new(modulus),
            operands: [[0; N]; BATCH],
            room: Room::EMPTY,
        }
    }

    fn radix_bits(&self) -> usize {
        64 * N
    }

    fn set_operands(&mut self, operands: [&[u32]; BATCH]) {
        self.operands = operands.map(words);
    }

    fn operand(&self, lane: usize) -> Vec<u32> {
        let words = self.operands[lane].iter();
        let mut limbs: Vec<u32> = words
            .flat_map(|word| [*word as u32, (*word >> 32) as u32])
            .collect();
        limbs.push(0);
        limbs
    }

    fn power(&self) -> Self::Power {
        Zeroizing::new(self.operands)
    }

    fn set_power(&mut self, power: &Self::Power) {
        self.operands = **power;
    }

    fn square(&mut self) {
        for operand in &mut self.operands {
            self.modulus.square(operand, &mut self.room);
        }
    }

    fn multiply(&mut self, factors: &Self::Power) {
        for (operand, factor) in self.operands.iter_mut().zip(&**factors) {
            self.room.multiply(operand, factor);
            self.modulus.reduce(operand, &mut self.room);
        }
    }

    fn choose(table: &[Self::Power], index: i32) -> Self::Power {
        let mut chosen = Zeroizing::new([[0; N]; BATCH]);
        for (place, power) in (0..).zip(table) {
            // All ones where both are the same, and zero otherwise.
            let mask = i64::from(((place ^ index) - 1) >> 31).cast_unsigned();
            let words = chosen.as_flattened_mut().iter_mut();
            for (word, other) in words.zip(power.as_flattened()) {
                *word |= other & mask;
            }
        }
        chosen
    }
}
