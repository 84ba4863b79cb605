//! What the search and the judge ask of a kernel: a test that throws candidates away,
//! and Montgomery's arithmetic on four operands. [`super::montgomery`] and
//! [`super::words`] give it; [`super::kernels`] chooses between them.

/// Candidates that one run of the test takes, and bases that are raised at once.
pub(crate) const BATCH: usize = 4;

/// The test that the search throws candidates away by.
pub(crate) trait Filter {
    /// Whether each of four odd numbers passes the base-2 Euler test:
    /// `2^((n−1)/2) ≡ (2/n) (mod n)`, where `(2/n)` is Jacobi's symbol
    /// (R. Solovay and V. Strassen 1977, DOI 10.1137/0206006). Every odd prime
    /// passes. Only the first that passes counts; those after it may be skipped.
    fn passes_base_two(&mut self, candidates: [&[u32]; BATCH]) -> [bool; BATCH];
}

/// Montgomery's arithmetic on four operands at once under one modulus.
pub(crate) trait Arithmetic {
    /// The four operands, put aside.
    type Power: Clone;

    /// Takes an odd number as little-endian limbs, of which the highest bit is zero.
    fn new(modulus: &[u32]) -> Self;

    /// `log2 R`: a product leaves as `x·y/R`.
    fn radix_bits(&self) -> usize;

    /// Sets the four operands: below the modulus, little-endian limbs.
    fn set_operands(&mut self, operands: [&[u32]; BATCH]);

    /// One operand in two's complement, as little-endian limbs.
    fn operand(&self, lane: usize) -> Vec<u32>;

    /// The operands as they are.
    fn power(&self) -> Self::Power;

    /// Puts back what [`Arithmetic::power`] gave.
    fn set_power(&mut self, power: &Self::Power);

    /// Replaces every operand `x` by `x²/R`, or a number congruent to it.
    fn square(&mut self);

    /// Replaces every operand `x` by `x·y/R`, or a number congruent to it.
    fn multiply(&mut self, factors: &Self::Power);

    /// The power with this index in a table, put together of the whole table by
    /// masks: the places in memory do not depend on the index.
    fn choose(table: &[Self::Power], index: i32) -> Self::Power;
}
