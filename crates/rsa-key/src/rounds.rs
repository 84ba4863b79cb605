//! Four rounds of Miller–Rabin at once: a kernel raises four
//! random bases to one power modulo one number, and plain integers check what comes
//! out. [`super::judge`] calls it, and says what is trusted and why.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a limb is cut out of a wider sum, a residue fits its word"
)]

use crate::arithmetic::{Arithmetic, BATCH};
use crate::limbs::{add_word, bits_at, is_multiple, little_endian_limbs, shift_right};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

/// `r`, the prime that every power is checked modulo: `2^31 ≡ 1`, so a residue takes
/// no division.
const CHECK: u64 = (1 << CHECK_BITS) - 1;
const CHECK_BITS: usize = 31;

/// Bits of the exponent that one multiplication takes.
const WINDOW: usize = 5;

/// Why there is no verdict.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault<E> {
    /// The random generator failed.
    Random(E),
    /// A power is not what plain integers say that it is modulo [`CHECK`].
    Miscalculated,
}

/// A number under trial.
pub(crate) struct Rounds<K: Arithmetic> {
    kernel: K,
    /// `n`, the number itself.
    number: Zeroizing<Vec<u32>>,
    /// `R` modulo `n·r`, which is 1 in Montgomery form.
    one: K::Power,
    /// 1 as a plain number: to multiply by it is to leave Montgomery form.
    unit: K::Power,
}

impl<K: Arithmetic> Rounds<K> {
    /// Takes an odd number whose two highest bits are set, as little-endian limbs.
    pub(crate) fn new(number: Zeroizing<Vec<u32>>) -> Self {
        let modulus = checked_modulus(&number);
        let mut kernel = K::new(&modulus);
        let radix = power_of_two_modulo(kernel.radix_bits(), &modulus);
        kernel.set_operands([&radix; BATCH]);
        let one = kernel.power();
        kernel.set_operands([&[1_u32][..]; BATCH]);
        let unit = kernel.power();
        Self {
            kernel,
            number,
            one,
            unit,
        }
    }

    /// Whether the number passes for four random bases; see
    /// [`super::kernels::Kernels::passes_four`].
    pub(crate) fn pass<R: TryCryptoRng + ?Sized>(
        &mut self,
        rng: &mut R,
    ) -> Result<bool, Fault<R::Error>> {
        // n − 1 = 2^twos·odd.
        let mut odd = self.number.clone();
        odd[0] -= 1;
        let mut twos = 0;
        while odd[0].is_multiple_of(2) {
            shift_right(&mut odd, 1);
            twos += 1;
        }
        let bases = self.draw(rng).map_err(Fault::Random)?;
        let bases = bases.each_ref().map(|base| base.as_slice());
        let (mut powers, mut expected) = self.raise(bases, &odd);
        let mut passed = [false; BATCH];
        for squarings in 0..twos {
            if squarings > 0 {
                self.kernel.set_power(&powers);
                self.kernel.square();
                powers = self.kernel.power();
                expected = expected.map(|power| power * power % CHECK);
            }
            let plain = self.plain();
            for ((passed, power), expected) in passed.iter_mut().zip(&plain).zip(expected) {
                if signed_residue(power) != expected {
                    return Err(Fault::Miscalculated);
                }
                *passed |= self.is(power, -1) || (squarings == 0 && self.is(power, 1));
            }
            if passed == [true; BATCH] {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Draws four numbers below `n`, each the Montgomery form of a base from 2 to
    /// `n − 2`: a random `x` stands for the base `x/R`, which is as random as `x`.
    fn draw<R: TryCryptoRng + ?Sized>(
        &mut self,
        rng: &mut R,
    ) -> Result<[Zeroizing<Vec<u32>>; BATCH], R::Error> {
        let mut bytes = Zeroizing::new(vec![0; 4 * self.number.len()]);
        loop {
            let mut forms: [Zeroizing<Vec<u32>>; BATCH] = Default::default();
            for form in &mut forms {
                while form.is_empty() || form.iter().rev().ge(self.number.iter().rev()) {
                    rng.try_fill_bytes(&mut bytes)?;
                    *form = little_endian_limbs(bytes.iter());
                }
            }
            self.kernel
                .set_operands(forms.each_ref().map(|form| form.as_slice()));
            let plain = self.plain();
            let is_trivial = |base: &[u32]| [-1, 0, 1].iter().any(|word| self.is(base, *word));
            if !plain.iter().any(|base| is_trivial(base)) {
                return Ok(forms);
            }
        }
    }

    /// Raises four numbers in Montgomery form to one power, in fixed windows (HAC
    /// 14.82), and gives the powers in Montgomery form and what plain integers say
    /// that they are modulo [`CHECK`].
    ///
    /// Every window is a multiplication, by 1 too, and its factor is put together of
    /// the whole table by masks: neither the steps nor the places in memory depend on
    /// the exponent, which is a secret prime but for its last bits.
    pub(crate) fn raise(
        &mut self,
        forms: [&[u32]; BATCH],
        exponent: &[u32],
    ) -> (K::Power, [u64; BATCH]) {
        let kernel = &mut self.kernel;
        kernel.set_operands(forms);
        let first = kernel.power();
        let mut table = vec![self.one.clone(), first.clone()];
        for _ in 2..1 << WINDOW {
            kernel.multiply(&first);
            table.push(kernel.power());
        }
        let windows = (32 * exponent.len()).div_ceil(WINDOW);
        kernel.set_power(&self.one);
        for window in (0..windows).rev() {
            for _ in 0..WINDOW {
                kernel.square();
            }
            let digit = bits_at(exponent, WINDOW * window, WINDOW as u32);
            kernel.multiply(&K::choose(&table, digit));
        }
        let mut expected = forms.map(|form| {
            // 1/R modulo 2^31 − 1 is a power of two as well.
            let shift = CHECK_BITS - kernel.radix_bits() % CHECK_BITS;
            (residue(form) << shift) % CHECK
        });
        for base in &mut expected {
            *base = power_modulo_check(*base, exponent);
        }
        (kernel.power(), expected)
    }

    /// The operands as plain numbers, in two's complement.
    pub(crate) fn plain(&mut self) -> [Zeroizing<Vec<u32>>; BATCH] {
        self.kernel.multiply(&self.unit);
        core::array::from_fn(|lane| Zeroizing::new(self.kernel.operand(lane)))
    }

    /// The base that a number in Montgomery form stands for, in two's complement.
    pub(crate) fn plain_base(&mut self, form: &[u32]) -> Zeroizing<Vec<u32>> {
        self.kernel.set_operands([form; BATCH]);
        let [base, ..] = self.plain();
        base
    }

    /// `log2 R`.
    pub(crate) fn radix_bits(&self) -> usize {
        self.kernel.radix_bits()
    }

    /// Whether a plain number is this small one modulo `n`. The kernel leaves
    /// `±2^26·r·n` at most, so that the difference is a multiple of `n` by less than
    /// `2^58`.
    fn is(&self, plain: &[u32], word: i64) -> bool {
        let mut difference = Zeroizing::new(plain.to_vec());
        add_word(&mut difference, -word);
        is_multiple(&difference, &self.number)
    }
}

/// `n·(2^31 − 1)`.
fn checked_modulus(number: &[u32]) -> Zeroizing<Vec<u32>> {
    let mut carry = 0;
    let mut modulus: Zeroizing<Vec<u32>> = Zeroizing::new(
        number
            .iter()
            .map(|limb| {
                carry += u64::from(*limb) * CHECK;
                let low = carry as u32;
                carry >>= 32;
                low
            })
            .collect(),
    );
    modulus.push(carry as u32);
    modulus
}

/// `2^exponent` modulo a number whose highest limb is `2^29` at least, by doubling.
fn power_of_two_modulo(exponent: usize, modulus: &[u32]) -> Zeroizing<Vec<u32>> {
    let mut power = Zeroizing::new(vec![0_u32; modulus.len()]);
    let Some(top) = power.last_mut() else {
        return power;
    };
    *top = 1 << 29;
    for _ in 32 * modulus.len() - 3..exponent {
        // Twice the power, and that less the modulus: the one that is not negative.
        let (mut carry, mut borrow) = (0, 0_i64);
        let mut less: Zeroizing<Vec<u32>> = Zeroizing::new(Vec::with_capacity(modulus.len()));
        for (limb, modulus) in power.iter_mut().zip(modulus) {
            let double = (*limb << 1) | carry;
            carry = *limb >> 31;
            *limb = double;
            borrow += i64::from(double) - i64::from(*modulus);
            less.push(borrow as u32);
            borrow >>= 32;
        }
        let mask = (borrow + i64::from(carry)) as u32;
        for (limb, less) in power.iter_mut().zip(less.iter()) {
            *limb = (*limb & mask) | (less & !mask);
        }
    }
    power
}

/// A number that is not negative modulo [`CHECK`].
fn residue(number: &[u32]) -> u64 {
    number.iter().rev().fold(0, |residue, limb| {
        // 2^32 ≡ 2.
        (2 * residue + u64::from(*limb)) % CHECK
    })
}

/// A number in two's complement modulo [`CHECK`].
pub(crate) fn signed_residue(number: &[u32]) -> u64 {
    let sign = u64::from(number.last().is_some_and(|top| top >> 31 == 1));
    // A set sign stands for a number less by 2^(32·limbs).
    let above = (sign << (number.len() % CHECK_BITS)) % CHECK;
    (residue(number) + CHECK - above) % CHECK
}

/// A power modulo [`CHECK`], one bit of the exponent after the other.
fn power_modulo_check(base: u64, exponent: &[u32]) -> u64 {
    (0..32 * exponent.len()).rev().fold(1, |power, position| {
        let bit = u64::from(exponent[position / 32] >> (position % 32) & 1);
        // The factor is 1 or the base.
        let factor = 1 + bit * (base + CHECK - 1);
        power * power % CHECK * (factor % CHECK) % CHECK
    })
}
