//! Montgomery squaring and multiplication of four numbers at once under four
//! moduli, and the base-2 test made of it. [`super::search`] throws candidates
//! away by that test, and [`super::rounds`] raises random bases to a power.
//!
//! # How it works
//!
//! Every lane of a vector belongs to another candidate, so no carry ever crosses
//! a lane. Numbers are written in balanced digits of 13 bits (12 bits for
//! 2048-bit primes): `−2^12 ≤ digit < 2^12`. Two neighbouring digits share a
//! 32-bit lane, and one `i32x4.dot_i16x8_s` multiplies eight pairs of digits and
//! adds them two by two. A column of the product is the plain sum of such dots;
//! the digits are small enough that no sum leaves an `i32` (see
//! [`Kernel::new`]), so carries wait until the column is complete.
//!
//! The reduction is Montgomery's (HAC 14.32; P. L. Montgomery 1985,
//! DOI 10.1090/S0025-5718-1985-0777282-X), two digits at a time, under a multiple
//! of the modulus that is −1 modulo `B²`, where `B` is the digit base: with
//! `n·k ≡ −1 (mod B²)` and `n″ = (n·k + 1)/B²`, one step is
//! `t ← ⌊t/B²⌉ + (t mod B²)·n″`. The quotient digits are then the sum's own
//! lowest digits: no multiplication stands between two steps. (H. Orup 1995,
//! "Simplifying quotient determination in high-radix modular multiplication",
//! DOI 10.1109/ARITH.1995.465359.) Results stay within `±B²·n` and are squared
//! again as they are; C. D. Walter 1999, DOI 10.1049/el:19991230, says why the
//! final subtraction can be left out when `R` is large enough.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "limbs and digits are cut out of wider sums: the cast is the cut"
)]

use crate::arithmetic::{Arithmetic, BATCH, Filter};
use crate::lanes::Lanes;
use crate::limbs::{add_word, bits_at, inverse_modulo_word, is_multiple, low_limb, shift_right};
use zeroize::{Zeroize, Zeroizing};

/// Four moduli, four operands, and room for a squaring, in base `2^DIGIT_BITS`.
///
/// Every buffer is zeroized on drop: a surviving candidate is a secret prime.
pub(crate) struct Kernel<const DIGIT_BITS: u32> {
    /// Size of each modulus in bits.
    modulus_bits: usize,
    /// Pairs of digits in an operand; `R` is the digit base to twice this power.
    pairs: usize,
    /// The operand's digits `(d₀, d₁), (d₂, d₃), …`
    operand: Vec<Lanes>,
    /// The operand once more, as `[(d₀, 0), (d₁, d₀)], [(d₂, d₁), (d₃, d₂)], …`
    operand_reversed: Vec<[Lanes; 2]>,
    /// `n″` as `[(n₀, 0), (n₁, n₀)], [(n₂, n₁), (n₃, n₂)], …`
    modulus_reversed: Vec<[Lanes; 2]>,
    /// Columns of the square, then of the reduction.
    columns: Vec<[Lanes; 4]>,
    /// The quotient's digits, in pairs.
    quotient: Vec<Lanes>,
}

impl<const DIGIT_BITS: u32> Drop for Kernel<DIGIT_BITS> {
    fn drop(&mut self) {
        self.operand.zeroize();
        self.operand_reversed.zeroize();
        self.modulus_reversed.zeroize();
        self.columns.zeroize();
        self.quotient.zeroize();
    }
}

/// Adds to four neighbouring columns, `4m` to `4m + 3`, the dots of `left` going
/// up with `right` going down; `upper` stands above `right`'s last element.
#[inline]
fn convolve(
    mut columns: [Lanes; 4],
    left: &[Lanes],
    right: &[[Lanes; 2]],
    mut upper: [Lanes; 2],
) -> [Lanes; 4] {
    // Two steps in one turn: the loop's own work is a fifth of the time otherwise.
    let mut twos = left.chunks_exact(2);
    for (pairs, lower) in twos.by_ref().zip(right.rchunks_exact(2)) {
        columns = [
            columns[0]
                .add(pairs[0].dot(lower[1][0]))
                .add(pairs[1].dot(lower[0][0])),
            columns[1]
                .add(pairs[0].dot(lower[1][1]))
                .add(pairs[1].dot(lower[0][1])),
            columns[2]
                .add(pairs[0].dot(upper[0]))
                .add(pairs[1].dot(lower[1][0])),
            columns[3]
                .add(pairs[0].dot(upper[1]))
                .add(pairs[1].dot(lower[1][1])),
        ];
        upper = lower[0];
    }
    if let ([pair], [lower, ..]) = (twos.remainder(), right) {
        columns = [
            columns[0].add(pair.dot(lower[0])),
            columns[1].add(pair.dot(lower[1])),
            columns[2].add(pair.dot(upper[0])),
            columns[3].add(pair.dot(upper[1])),
        ];
    }
    columns
}

impl<const DIGIT_BITS: u32> Kernel<DIGIT_BITS> {
    /// Room for four moduli of `modulus_bits` bits each.
    ///
    /// A column is a sum of at most `pairs` dots of two products, each at most
    /// `2^(2·DIGIT_BITS − 2)`: below `2^31` for 13 bits up to 1567-bit moduli and
    /// for 12 bits up to 6,000-bit ones.
    pub(crate) fn new(modulus_bits: usize) -> Self {
        // One bit for the sign, two digits of head room for ±B²·n, and a highest
        // digit that is always zero: it has no place in `operand_reversed`.
        let pairs = ((modulus_bits + 1).div_ceil(DIGIT_BITS as usize) + 3).div_ceil(2);
        Self {
            modulus_bits,
            pairs,
            operand: vec![Lanes::ZERO; pairs],
            operand_reversed: vec![[Lanes::ZERO; 2]; pairs + 2],
            modulus_reversed: vec![[Lanes::ZERO; 2]; pairs + 2],
            columns: vec![[Lanes::ZERO; 4]; pairs + 1],
            quotient: vec![Lanes::ZERO; pairs],
        }
    }

    /// `log2 R`: a square leaves as `x²/R`.
    pub(crate) fn radix_bits(&self) -> usize {
        2 * self.pairs * DIGIT_BITS as usize
    }

    /// Splits a column into its balanced digit and what it carries.
    #[inline]
    fn digit_and_carry(sum: Lanes) -> (Lanes, Lanes) {
        let half = 1 << (DIGIT_BITS - 1);
        let carry = sum.add(Lanes::new([half; 4])).shift_right::<DIGIT_BITS>();
        (sum.subtract(carry.shift_left::<DIGIT_BITS>()), carry)
    }

    /// Balanced digits of non-negative numbers, given as little-endian limbs.
    fn digits(&self, numbers: [&[u32]; BATCH]) -> Vec<Lanes> {
        let mut digits = Vec::with_capacity(2 * self.pairs);
        let mut carries = [0; BATCH];
        for index in 0..2 * self.pairs {
            let mut lanes = [0; BATCH];
            for ((lane, carry), number) in lanes.iter_mut().zip(&mut carries).zip(numbers) {
                let digit = bits_at(number, index * DIGIT_BITS as usize, DIGIT_BITS) + *carry;
                *carry = (digit + (1 << (DIGIT_BITS - 1))) >> DIGIT_BITS;
                *lane = digit - (*carry << DIGIT_BITS);
            }
            digits.push(Lanes::new(lanes));
        }
        digits
    }

    /// Sets the four moduli: odd, of `modulus_bits` bits, little-endian limbs.
    pub(crate) fn set_moduli(&mut self, moduli: [&[u32]; BATCH]) {
        let mut numbers = moduli.map(|modulus| {
            let factor =
                inverse_modulo_word(modulus).wrapping_neg() & ((1 << (2 * DIGIT_BITS)) - 1);
            let mut number = vec![0; modulus.len() + 1];
            let mut carry = 1;
            for (limb, modulus_limb) in number.iter_mut().zip(modulus) {
                carry += factor * u64::from(*modulus_limb);
                *limb = low_limb(carry);
                carry >>= 32;
            }
            if let Some(top) = number.last_mut() {
                *top = low_limb(carry);
            }
            shift_right(&mut number, 2 * DIGIT_BITS);
            number
        });
        let mut digits = self.digits([&numbers[0], &numbers[1], &numbers[2], &numbers[3]]);
        set_reversed(&mut self.modulus_reversed, &digits);
        numbers.iter_mut().for_each(Zeroize::zeroize);
        digits.zeroize();
    }

    /// Sets the four operands: below `2^modulus_bits`, little-endian limbs.
    pub(crate) fn set_operands(&mut self, operands: [&[u32]; BATCH]) {
        let mut digits = self.digits(operands);
        for (pair, digits) in self.operand.iter_mut().zip(digits.chunks_exact(2)) {
            *pair = Lanes::pair(digits[0], digits[1]);
        }
        set_reversed(&mut self.operand_reversed, &digits);
        digits.zeroize();
    }

    /// Replaces every operand `x` by `factor·x²/R` modulo its modulus, where
    /// `factor` is 1 or 2 in each lane; the result lies within `±B²·n`.
    pub(crate) fn square(&mut self, factor: Lanes) {
        self.square_columns(factor);
        self.reduce_columns();
    }

    /// Columns of `x·y`, each below `2^20` in size.
    fn product_columns(&mut self, factors: &[Lanes]) {
        let pairs = self.pairs;
        let factors = &factors[..pairs];
        let reversed = &self.operand_reversed[..pairs + 2];
        let mut carry = Lanes::ZERO;
        for (index, columns) in self.columns[..pairs].iter_mut().enumerate() {
            let lowest = (2 * index).saturating_sub(pairs);
            let end = pairs.min(2 * index + 1);
            let mut sums = convolve(
                [Lanes::ZERO; 4],
                &factors[lowest..end],
                &reversed[2 * index + 1 - end..=2 * index - lowest],
                reversed[2 * index - lowest + 1],
            );
            // The pair that meets the lowest digits in the upper two columns only.
            if let Some(pair) = factors.get(2 * index + 1) {
                sums[2] = sums[2].add(pair.dot(reversed[0][0]));
                sums[3] = sums[3].add(pair.dot(reversed[0][1]));
            }
            for (column, sum) in columns.iter_mut().zip(sums) {
                let (digit, next_carry) = Self::digit_and_carry(sum);
                *column = digit.add(carry);
                carry = next_carry;
            }
        }
    }

    /// Columns of `factor·x²`, each below `2^20` in size.
    ///
    /// Of the products `dᵢ·dⱼ` and `dⱼ·dᵢ` one is computed and doubled (HAC 14.16);
    /// what stands on the diagonal is added afterwards.
    fn square_columns(&mut self, factor: Lanes) {
        let pairs = self.pairs;
        let operand = &self.operand[..pairs];
        let reversed = &self.operand_reversed[..pairs + 2];
        let mut carry = Lanes::ZERO;
        for (index, columns) in self.columns[..pairs].iter_mut().enumerate() {
            let lowest = (2 * index).saturating_sub(pairs);
            let sums = convolve(
                [Lanes::ZERO; 4],
                &operand[lowest..index],
                &reversed[index + 1..=2 * index - lowest],
                reversed[2 * index - lowest + 1],
            );
            let pair = operand[index];
            let even = pair.low_digit_only();
            let next = reversed[index + 1];
            let sums = [
                sums[0].add(sums[0]).add(even.dot(pair)),
                sums[1].add(sums[1]).add(pair.dot(reversed[index][1])),
                sums[2]
                    .add(sums[2])
                    .add(pair.dot(next[0]))
                    .add(even.dot(next[0])),
                {
                    let sum = sums[3].add(pair.dot(next[1]));
                    sum.add(sum)
                },
            ];
            for (column, sum) in columns.iter_mut().zip(sums) {
                let (digit, next_carry) = Self::digit_and_carry(sum);
                *column = digit.add(carry).multiply(factor);
                carry = next_carry;
            }
        }
    }

    /// Divides the columns by `R` modulo `n`, and makes the result the operand.
    fn reduce_columns(&mut self) {
        let pairs = self.pairs;
        let modulus = &self.modulus_reversed[..pairs + 2];
        let mut carry = Lanes::ZERO;
        for index in 0..pairs.div_ceil(2) {
            let done = 2 * index;
            let sums = convolve(
                self.columns[index],
                &self.quotient[..done],
                &modulus[..done],
                modulus[done],
            );
            let (even, carried) = Self::digit_and_carry(sums[0].add(carry));
            let (odd, carried) = Self::digit_and_carry(sums[1].add(carried));
            let quotient = Lanes::pair(even, odd);
            self.quotient[done] = quotient;
            carry = carried;
            if done + 1 < pairs {
                let sum = sums[2].add(quotient.dot(modulus[0][0]));
                let (even, carried) = Self::digit_and_carry(sum.add(carry));
                let sum = sums[3].add(quotient.dot(modulus[0][1]));
                let (odd, carried) = Self::digit_and_carry(sum.add(carried));
                self.quotient[done + 1] = Lanes::pair(even, odd);
                carry = carried;
            }
        }
        let quotient = &self.quotient[..pairs];
        let mut previous = Lanes::ZERO;
        for index in 0..pairs.div_ceil(2) {
            let done = 2 * index;
            let lowest = done.saturating_sub(1);
            let highest = pairs + done - 1 - lowest;
            // An odd number of pairs leaves the upper part off the fours.
            let columns = if pairs.is_multiple_of(2) {
                self.columns[pairs / 2 + index]
            } else {
                let lower = self.columns[pairs / 2 + index];
                let upper = self.columns[pairs / 2 + index + 1];
                [lower[2], lower[3], upper[0], upper[1]]
            };
            let sums = convolve(
                columns,
                &quotient[lowest..],
                &modulus[done..=highest],
                modulus[highest + 1],
            );
            for (half, sums) in sums.chunks_exact(2).enumerate().take(pairs - done) {
                let (even, carried) = Self::digit_and_carry(sums[0].add(carry));
                let (odd, carried) = Self::digit_and_carry(sums[1].add(carried));
                carry = carried;
                self.operand[done + half] = Lanes::pair(even, odd);
                self.operand_reversed[done + half] =
                    [Lanes::pair(even, previous), Lanes::pair(odd, even)];
                previous = odd;
            }
        }
    }

    /// One operand in two's complement, as little-endian limbs with 64 bits to spare.
    pub(crate) fn operand(&self, lane: usize) -> Vec<u32> {
        let mut number = vec![0_u32; self.modulus_bits.div_ceil(32) + 4];
        let mut sum = 0_i64;
        let mut filled = 0;
        let mut limbs = number.iter_mut();
        for pair in &self.operand {
            let pair = pair.to_array()[lane];
            for digit in [i64::from(pair as i16), i64::from(pair >> 16)] {
                sum += digit << filled;
                filled += DIGIT_BITS;
                if filled >= 32 {
                    if let Some(limb) = limbs.next() {
                        *limb = sum as u32;
                    }
                    sum >>= 32;
                    filled -= 32;
                }
            }
        }
        for limb in limbs {
            *limb = sum as u32;
            sum >>= 32;
        }
        number
    }

    /// Whether an operand is `R` (or `−R`) modulo its modulus, that is ±1 in
    /// Montgomery form.
    fn is_congruent_to_radix(&self, lane: usize, modulus: &[u32], negative: bool) -> bool {
        let mut difference = self.operand(lane);
        let position = self.radix_bits();
        let power = 1_i64 << (position % 32);
        add_word(
            &mut difference[position / 32..],
            if negative { power } else { -power },
        );
        let equal = is_multiple(&difference, modulus);
        difference.zeroize();
        equal
    }
}

impl<const DIGIT_BITS: u32> Filter for Kernel<DIGIT_BITS> {
    /// The exponent taken is `−(n−1)/2`, whose power is the same ±1: its leading
    /// bits make a *negative* head, and `2^head` in Montgomery form is the plain
    /// power of two `2^(log2 R + head)`. So the ladder starts ten squarings late,
    /// and `R` modulo `n` is never computed.
    fn passes_base_two(&mut self, candidates: [&[u32]; BATCH]) -> [bool; BATCH] {
        self.set_moduli(candidates);
        let head_bits = self.radix_bits().ilog2() as usize;
        let tail_bits = self.modulus_bits - 1 - head_bits;
        // −(n−1)/2 modulo 2^modulus_bits.
        let mut exponents = candidates.map(|candidate| {
            let mut exponent = candidate.to_vec();
            shift_right(&mut exponent, 1);
            let mut carry = true;
            for limb in &mut exponent {
                (*limb, carry) = (!*limb).overflowing_add(u32::from(carry));
            }
            exponent
        });
        let mut starts = exponents.each_ref().map(|exponent| {
            // The head is this minus 2^(head_bits + 1), so between −2^head_bits and −1.
            let head = bits_at(exponent, tail_bits, head_bits as u32 + 1) as usize;
            let power = self.radix_bits() + head - (2 << head_bits);
            let mut start = vec![0; power / 32 + 1];
            start[power / 32] = 1 << (power % 32);
            start
        });
        self.set_operands([&starts[0], &starts[1], &starts[2], &starts[3]]);
        for position in (0..tail_bits).rev() {
            let factor = exponents
                .each_ref()
                .map(|exponent| 1 + bits_at(exponent, position, 1));
            self.square(Lanes::new(factor));
        }
        let passed = core::array::from_fn(|lane| {
            let candidate = candidates[lane];
            let negative = matches!(candidate[0] % 8, 3 | 5);
            self.is_congruent_to_radix(lane, candidate, negative)
        });
        exponents.iter_mut().for_each(Zeroize::zeroize);
        starts.iter_mut().for_each(Zeroize::zeroize);
        passed
    }
}

impl<const DIGIT_BITS: u32> Arithmetic for Kernel<DIGIT_BITS> {
    type Power = Zeroizing<Vec<Lanes>>;

    fn new(modulus: &[u32]) -> Self {
        let mut kernel = Self::new(32 * modulus.len());
        kernel.set_moduli([modulus; BATCH]);
        kernel
    }

    fn radix_bits(&self) -> usize {
        Self::radix_bits(self)
    }

    fn set_operands(&mut self, operands: [&[u32]; BATCH]) {
        Self::set_operands(self, operands);
    }

    fn operand(&self, lane: usize) -> Vec<u32> {
        Self::operand(self, lane)
    }

    fn power(&self) -> Self::Power {
        Zeroizing::new(self.operand.clone())
    }

    fn set_power(&mut self, power: &Self::Power) {
        let mut previous = Lanes::ZERO;
        let places = self.operand.iter_mut().zip(&mut self.operand_reversed);
        for ((place, reversed), pair) in places.zip(power.iter()) {
            let odd = pair.shift_right::<16>();
            *place = *pair;
            *reversed = [Lanes::pair(*pair, previous), Lanes::pair(odd, *pair)];
            previous = odd;
        }
    }

    fn square(&mut self) {
        Self::square(self, Lanes::new([1; BATCH]));
    }

    /// The result lies within `±B²·n`.
    fn multiply(&mut self, factors: &Self::Power) {
        self.product_columns(factors);
        self.reduce_columns();
    }

    fn choose(table: &[Self::Power], index: i32) -> Self::Power {
        let length = table.first().map_or(0, |power| power.len());
        let mut chosen = Zeroizing::new(vec![Lanes::ZERO; length]);
        for (place, power) in (0..).zip(table) {
            // All ones where both are the same, and zero otherwise.
            let mask = Lanes::new([((place ^ index) - 1) >> 31; BATCH]);
            for (pair, other) in chosen.iter_mut().zip(power.iter()) {
                *pair = pair.add(other.masked(mask));
            }
        }
        chosen
    }
}

/// Writes digits in pairs of neighbours with the higher one first.
fn set_reversed(reversed: &mut [[Lanes; 2]], digits: &[Lanes]) {
    let mut previous = Lanes::ZERO;
    for (pairs, digits) in reversed.iter_mut().zip(digits.chunks_exact(2)) {
        *pairs = [
            Lanes::pair(digits[0], previous),
            Lanes::pair(digits[1], digits[0]),
        ];
        previous = digits[1];
    }
}
