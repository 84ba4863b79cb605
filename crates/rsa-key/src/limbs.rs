//! Numbers as little-endian limbs of 32 bits: the few steps of plain arithmetic that
//! both kernels and the rounds take around their own.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a limb is cut out of a wider sum: the cast is the cut"
)]

use zeroize::Zeroizing;

/// 32-bit limbs of a number whose bytes come lowest first, four for each limb.
pub(crate) fn little_endian_limbs<'a>(bytes: impl Iterator<Item = &'a u8>) -> Zeroizing<Vec<u32>> {
    let mut limbs = Zeroizing::new(Vec::with_capacity(64));
    for (index, byte) in bytes.enumerate() {
        if index % 4 == 0 {
            limbs.push(0);
        }
        limbs[index / 4] |= u32::from(*byte) << (8 * (index % 4));
    }
    limbs
}

/// Adds to a number in two's complement.
pub(crate) fn add_word(number: &mut [u32], word: i64) {
    let mut carry = word;
    for limb in number {
        carry += i64::from(*limb);
        *limb = carry as u32;
        carry >>= 32;
    }
}

/// Whether a number in two's complement is `q·n` with `|q| < 2^63`, for an odd `n`.
///
/// No division: `q` would be the number times `n⁻¹` modulo `2^64`, and the product
/// is compared.
pub(crate) fn is_multiple(number: &[u32], modulus: &[u32]) -> bool {
    let multiple = lowest_word(number)
        .wrapping_mul(inverse_modulo_word(modulus))
        .cast_signed();
    let mut carry = 0_i128;
    number.iter().enumerate().all(|(index, limb)| {
        let modulus_limb = modulus.get(index).copied().unwrap_or(0);
        carry += i128::from(multiple) * i128::from(modulus_limb);
        let same = carry as u32 == *limb;
        carry >>= 32;
        same
    })
}

/// `count ≤ 30` bits of a number from a bit position on; zero beyond its end.
pub(crate) fn bits_at(number: &[u32], position: usize, count: u32) -> i32 {
    let limb = |index: usize| u64::from(number.get(index).copied().unwrap_or(0));
    let window = limb(position / 32) | limb(position / 32 + 1) << 32;
    ((window >> (position % 32)) & ((1 << count) - 1)) as i32
}

/// The lower half of a double limb.
pub(crate) fn low_limb(value: u64) -> u32 {
    value as u32
}

/// Divides a number by `2^count`, `count < 32`, in place.
pub(crate) fn shift_right(number: &mut [u32], count: u32) {
    let mut above = 0_u64;
    for limb in number.iter_mut().rev() {
        let window = above << 32 | u64::from(*limb);
        above = u64::from(*limb);
        *limb = low_limb(window >> count);
    }
}

/// The lowest 64 bits of a number of two limbs or more.
pub(crate) fn lowest_word(number: &[u32]) -> u64 {
    u64::from(number[0]) | (u64::from(number[1]) << 32)
}

/// The inverse of an odd number modulo `2^64`, by Newton's iteration.
pub(crate) fn inverse_modulo_word(odd: &[u32]) -> u64 {
    let word = lowest_word(odd);
    // n·n ≡ 1 (mod 8): three bits are right, and each step doubles them.
    let mut inverse = word;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(word.wrapping_mul(inverse)));
    }
    inverse
}
