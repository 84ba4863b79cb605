//! Seeded checks and workloads for tests and for `cargo xtask bench`, natively
//! and in the page's engine. Nothing here makes a key for anybody: the generator
//! is a plain counter hash whose seed is known.

#![expect(
    clippy::cast_possible_truncation,
    reason = "random words are cut to size, and sizes are a few thousand bits"
)]

use crate::arithmetic::{Arithmetic, BATCH};
use crate::assemble::{AssembleError, assemble};
use crate::generate::generate;
use crate::judge::judge_prime;
use crate::kernels::{Chosen, InVectors, InWords, Kernels};
use crate::lanes::Lanes;
use crate::montgomery::Kernel;
use crate::prime::{JudgedPrime, ProbablePrime};
use crate::rounds::{self, Rounds};
use crate::search::{PrimeSearch, Step};
use crate::size::ModulusBits;
use crate::words::WordKernel;
use core::convert::Infallible;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero, Odd, Resize};
use rand_core::{TryCryptoRng, TryRng};
use rsa::PrivateKey;

/// `SplitMix64` (G. Steele, D. Lea, C. Flood 2014, DOI 10.1145/2660193.2660195):
/// the same numbers from the same seed on every engine. Not secure, and marked
/// as a generator for cryptography only because the tested functions ask for one.
#[derive(Clone, Debug)]
pub struct SeededGenerator(u64);

impl SeededGenerator {
    /// The generator that a seed stands for.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl TryRng for SeededGenerator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        for chunk in destination.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for SeededGenerator {}

/// A squaring in which the kernel and `crypto-bigint` do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelFault {
    /// Size of the modulus in bits.
    pub modulus_bits: usize,
    /// The modulus, little-endian limbs.
    pub modulus: Vec<u32>,
    /// The operand, little-endian limbs.
    pub operand: Vec<u32>,
    /// How many squarings one after the other led here.
    pub squarings: u32,
}

impl core::fmt::Display for KernelFault {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            formatter,
            "squaring {} of {:08x?} modulo {:08x?} ({} bits) is wrong",
            self.squarings, self.operand, self.modulus, self.modulus_bits
        )
    }
}

impl core::error::Error for KernelFault {}

/// Squares `operands` random and edge operands of every modulus size and compares
/// each result with `crypto-bigint`'s; returns how many were compared.
///
/// Edge operands are 0, 1, 2, `m − 1`, all bits full, one bit, and numbers whose
/// balanced digits are extreme; edge moduli are the largest, the smallest with both
/// top bits, and random ones.
///
/// # Errors
///
/// The first disagreement.
pub fn kernel_check(seed: u64, operands: u32) -> Result<u32, KernelFault> {
    let mut compared = 0;
    let mut rng = SeededGenerator::new(seed);
    let mut wide = (Kernel::<13>::new(1024), Kernel::<13>::new(1536));
    let mut narrow = Kernel::<12>::new(2048);
    while compared < operands {
        compared += check_four(&mut wide.0, 1024, compared, &mut rng)?;
        compared += check_four(&mut wide.1, 1536, compared, &mut rng)?;
        compared += check_four(&mut narrow, 2048, compared, &mut rng)?;
    }
    Ok(compared)
}

/// Three squarings in a row, so that the second and third meet operands as the
/// kernel leaves them, in all four lanes.
fn check_four<const DIGIT_BITS: u32>(
    kernel: &mut Kernel<DIGIT_BITS>,
    modulus_bits: usize,
    turn: u32,
    rng: &mut SeededGenerator,
) -> Result<u32, KernelFault> {
    const SQUARINGS: u32 = 3;
    let limbs = modulus_bits / 32;
    let moduli: [Vec<u32>; BATCH] = core::array::from_fn(|_| modulus(limbs, rng));
    let operands: [Vec<u32>; BATCH] =
        core::array::from_fn(|lane| operand(&moduli[lane], DIGIT_BITS, turn, rng));
    kernel.set_moduli(moduli.each_ref().map(Vec::as_slice));
    kernel.set_operands(operands.each_ref().map(Vec::as_slice));
    let mut expected = operands.each_ref().map(|operand| integer(operand));
    for squarings in 1..=SQUARINGS {
        let factors: [i32; BATCH] = core::array::from_fn(|_| 1 + (rng.next() & 1) as i32);
        kernel.square(Lanes::new(factors));
        for lane in 0..BATCH {
            let modulus = integer(&moduli[lane]);
            expected[lane] = scaled_square(&expected[lane], &modulus, factors[lane]);
            // The kernel's result times R must be the square.
            let result = residue(&kernel.operand(lane), &modulus);
            let radix = BoxedUint::one()
                .resize(kernel.radix_bits() as u32 + 64)
                .wrapping_shl_vartime(kernel.radix_bits() as u32);
            let product = modular(&result.concatenating_mul(&radix), &modulus);
            if product != expected[lane] {
                return Err(KernelFault {
                    modulus_bits,
                    modulus: moduli[lane].clone(),
                    operand: operands[lane].clone(),
                    squarings,
                });
            }
            expected[lane] = result;
        }
    }
    Ok(SQUARINGS * BATCH as u32)
}

fn modulus(limbs: usize, rng: &mut SeededGenerator) -> Vec<u32> {
    let mut modulus: Vec<u32> = match rng.next() % 8 {
        0 => vec![u32::MAX; limbs],
        1 => vec![0; limbs],
        2 => extreme_digits(limbs, rng),
        _ => (0..limbs).map(|_| rng.next() as u32).collect(),
    };
    modulus[0] |= 1;
    modulus[limbs - 1] |= 0xc000_0000;
    modulus
}

fn operand(modulus: &[u32], digit_bits: u32, turn: u32, rng: &mut SeededGenerator) -> Vec<u32> {
    let limbs = modulus.len();
    let mut operand = vec![0; limbs];
    match (u64::from(turn) + rng.next()) % 12 {
        0 => {}
        1 => operand[0] = 1,
        2 => operand[0] = 2,
        3 => {
            operand.copy_from_slice(modulus);
            operand[0] -= 1;
        }
        4 => operand.fill(u32::MAX),
        5 => operand[rng.next() as usize % limbs] = 1 << (rng.next() % 32),
        // Every digit −2^(digit_bits − 1): the largest column sums there are.
        6 => {
            for digit in 0..(32 * limbs) / digit_bits as usize {
                let position = digit * digit_bits as usize + digit_bits as usize - 1;
                operand[position / 32] |= 1 << (position % 32);
            }
        }
        7 => operand = extreme_digits(limbs, rng),
        _ => operand.fill_with(|| rng.next() as u32),
    }
    operand
}

/// Long runs of ones and of zeroes.
fn extreme_digits(limbs: usize, rng: &mut SeededGenerator) -> Vec<u32> {
    (0..limbs)
        .map(|_| match rng.next() % 4 {
            0 => 0,
            1 => u32::MAX,
            2 => u32::MAX << (rng.next() % 32),
            _ => u32::MAX >> (rng.next() % 32),
        })
        .collect()
}

fn integer(limbs: &[u32]) -> BoxedUint {
    let bytes: Vec<u8> = limbs
        .iter()
        .rev()
        .flat_map(|limb| limb.to_be_bytes())
        .collect();
    BoxedUint::from_be_slice_vartime(&bytes)
}

fn modular(number: &BoxedUint, modulus: &BoxedUint) -> BoxedUint {
    NonZero::new(modulus.clone())
        .into_option()
        .map_or_else(BoxedUint::zero, |modulus| number.rem_vartime(&modulus))
}

fn scaled_square(number: &BoxedUint, modulus: &BoxedUint, factor: i32) -> BoxedUint {
    let square = number.concatenating_mul(number);
    let factor = BoxedUint::from(factor.unsigned_abs());
    modular(&square.concatenating_mul(&factor), modulus)
}

/// A two's complement number modulo `modulus`.
fn residue(number: &[u32], modulus: &BoxedUint) -> BoxedUint {
    let negative = number.last().is_some_and(|limb| limb >> 31 == 1);
    if !negative {
        return modular(&integer(number), modulus);
    }
    let complement: Vec<u32> = number.iter().map(|limb| !limb).collect();
    // −number = complement + 1, and modulus − residue of that.
    let magnitude = modular(
        &integer(&complement).wrapping_add(BoxedUint::one()),
        modulus,
    );
    modular(&modulus.wrapping_sub(&magnitude), modulus)
}

/// The two kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelOf {
    /// Vectors of four lanes.
    Vectors,
    /// Words of 64 bits.
    Words,
}

impl KernelOf {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Vectors, Self::Words];
}

/// Raises four random numbers of every modulus size to a random power `times` times,
/// as the judge does, and compares each result with `crypto-bigint`'s; returns how
/// many were compared.
///
/// # Errors
///
/// The first disagreement.
pub fn power_check(kernel: KernelOf, seed: u64, times: u32) -> Result<u32, PowerFault> {
    let mut rng = SeededGenerator::new(seed);
    let mut compared = 0;
    for _ in 0..times {
        compared += match kernel {
            KernelOf::Vectors => {
                check_powers::<Kernel<13>>(1024, &mut rng)?
                    + check_powers::<Kernel<13>>(1536, &mut rng)?
                    + check_powers::<Kernel<12>>(2048, &mut rng)?
            }
            KernelOf::Words => {
                check_powers::<WordKernel<17>>(1024, &mut rng)?
                    + check_powers::<WordKernel<25>>(1536, &mut rng)?
                    + check_powers::<WordKernel<33>>(2048, &mut rng)?
            }
        };
    }
    Ok(compared)
}

/// A power in which the kernel and `crypto-bigint` do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerFault {
    /// The modulus, little-endian limbs.
    pub modulus: Vec<u32>,
    /// The base in Montgomery form, little-endian limbs.
    pub form: Vec<u32>,
    /// The exponent, little-endian limbs.
    pub exponent: Vec<u32>,
}

impl core::fmt::Display for PowerFault {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            formatter,
            "the power {:08x?} of {:08x?} modulo {:08x?} is wrong",
            self.exponent, self.form, self.modulus
        )
    }
}

impl core::error::Error for PowerFault {}

fn check_powers<K: Arithmetic>(
    modulus_bits: usize,
    rng: &mut SeededGenerator,
) -> Result<u32, PowerFault> {
    let limbs = modulus_bits / 32;
    let number = modulus(limbs, rng);
    let exponent = operand(&number, 13, 0, rng);
    let forms: [Vec<u32>; BATCH] = core::array::from_fn(|_| operand(&number, 13, 0, rng));
    let mut rounds = Rounds::<K>::new(number.clone().into());
    let (_, expected) = rounds.raise(forms.each_ref().map(Vec::as_slice), &exponent);
    let plain = rounds.plain();
    let modulus = integer(&number);
    let fault = |lane: usize| PowerFault {
        modulus: number.clone(),
        form: forms[lane].clone(),
        exponent: exponent.clone(),
    };
    for lane in 0..BATCH {
        // The base is what the form becomes on its way out.
        let form = integer(&forms[lane]);
        let base = rounds.plain_base(&forms[lane]);
        let base = residue(&base, &modulus);
        let radix = BoxedUint::one()
            .resize(rounds.radix_bits() as u32 + 64)
            .wrapping_shl_vartime(rounds.radix_bits() as u32);
        let wanted = odd_power(&base, &exponent, &modulus);
        let right = residue(&plain[lane], &modulus) == wanted
            && modular(&base.concatenating_mul(&radix), &modulus) == modular(&form, &modulus)
            && rounds::signed_residue(&plain[lane]) == expected[lane];
        if !right {
            return Err(fault(lane));
        }
    }
    Ok(BATCH as u32)
}

/// A power by `crypto-bigint`.
fn odd_power(base: &BoxedUint, exponent: &[u32], modulus: &BoxedUint) -> BoxedUint {
    let precision = modulus.bits_precision();
    Odd::new(modulus.clone())
        .into_option()
        .map_or_else(BoxedUint::zero, |modulus| {
            let params = BoxedMontyParams::new_vartime(modulus);
            BoxedMontyForm::new(base.clone().resize(precision), &params)
                .pow(&integer(exponent))
                .retrieve()
        })
}

/// Whether a number passes the kernel's four rounds, the library's left out;
/// nothing if the kernel does not stand its own check.
#[must_use]
pub fn passes_kernel_rounds(kernel: KernelOf, number: &ProbablePrime, seed: u64) -> Option<bool> {
    let mut rng = SeededGenerator::new(seed);
    match kernel {
        KernelOf::Vectors => InVectors::passes_four(number, &mut rng).ok(),
        KernelOf::Words => InWords::passes_four(number, &mut rng).ok(),
    }
}

/// Whether the filter alone lets a number pass.
#[must_use]
pub fn passes_filter(kernel: KernelOf, number: &ProbablePrime) -> bool {
    search_by(kernel, number.size()).passes_filter(number)
}

fn search_by(kernel: KernelOf, size: ModulusBits) -> PrimeSearch {
    match kernel {
        KernelOf::Vectors => PrimeSearch::by::<InVectors>(size),
        KernelOf::Words => PrimeSearch::by::<InWords>(size),
    }
}

/// What a seeded workload did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Odd numbers that the search looked at.
    pub candidates: u32,
    /// Batches of four base-2 tests.
    pub batches: u32,
}

/// Seeds whose first two primes are found after an average number of candidates,
/// by size of modulus.
const AVERAGE_SEEDS: [(ModulusBits, u64); 3] = [
    (ModulusBits::Rsa2048, 66),
    (ModulusBits::Rsa3072, 18),
    (ModulusBits::Rsa4096, 15),
];

/// The seed of the workload of average length for a size of modulus.
#[must_use]
pub fn average_seed(size: ModulusBits) -> u64 {
    AVERAGE_SEEDS
        .into_iter()
        .find_map(|(of, seed)| (of == size).then_some(seed))
        .unwrap_or_default()
}

/// Searches for the two primes of one key, unjudged: with [`average_seed`], the
/// search of average length, the same on every run.
#[must_use]
pub fn seeded_search(size: ModulusBits, seed: u64) -> (Workload, Vec<ProbablePrime>) {
    search_with(PrimeSearch::by::<Chosen>(size), seed)
}

/// [`seeded_search`] by one of the two kernels.
#[must_use]
pub fn seeded_search_by(
    kernel: KernelOf,
    size: ModulusBits,
    seed: u64,
) -> (Workload, Vec<ProbablePrime>) {
    search_with(search_by(kernel, size), seed)
}

fn search_with(mut search: PrimeSearch, seed: u64) -> (Workload, Vec<ProbablePrime>) {
    let mut rng = SeededGenerator::new(seed);
    let mut workload = Workload {
        candidates: 0,
        batches: 0,
    };
    let mut primes = Vec::new();
    while primes.len() < 2 {
        workload.batches += 1;
        let Ok(step) = search.step(1, &mut rng);
        match step {
            Step::Searching { tried } => workload.candidates += tried,
            Step::Found { tried, prime } => {
                workload.candidates += tried;
                primes.push(prime);
            }
        }
    }
    (workload, primes)
}

/// One whole key of average length on one thread: search, judge, assemble.
///
/// # Errors
///
/// As [`judge_prime`] and [`assemble`]; with a seed of [`average_seed`], none.
pub fn seeded_workload(size: ModulusBits, seed: u64) -> Result<Workload, AssembleError> {
    let mut rng = SeededGenerator::new(seed);
    let (workload, primes) = seeded_search(size, seed);
    let judged: Vec<JudgedPrime> = primes
        .iter()
        .filter_map(|prime| judge_prime(prime, &mut rng).ok())
        .collect();
    if let [p, q] = judged.as_slice() {
        assemble(p, q)?;
    }
    Ok(workload)
}

/// A key by this crate's own way, from a seed.
///
/// # Errors
///
/// As [`generate`].
pub fn seeded_key(size: ModulusBits, seed: u64) -> Result<PrivateKey, AssembleError> {
    generate(size, &mut SeededGenerator::new(seed))
}

/// A key by the `rsa` crate's own generation, from a seed: the peer to measure
/// against.
///
/// # Errors
///
/// As [`PrivateKey::new`].
pub fn rsa_crate_key(size: ModulusBits, seed: u64) -> rsa::Result<PrivateKey> {
    PrivateKey::new(&mut SeededGenerator::new(seed), size.bits() as usize)
}

/// Squares four fixed 1024-bit numbers `count` times: the kernel alone, to be
/// timed. The result keeps the work from being optimized away.
#[must_use]
pub fn squarings(count: u32) -> u32 {
    let mut rng = SeededGenerator::new(1);
    let mut kernel = Kernel::<13>::new(1024);
    let moduli: [Vec<u32>; BATCH] = core::array::from_fn(|_| modulus(32, &mut rng));
    kernel.set_moduli(moduli.each_ref().map(Vec::as_slice));
    kernel.set_operands(moduli.each_ref().map(Vec::as_slice));
    for _ in 0..count {
        kernel.square(Lanes::new([1, 2, 1, 2]));
    }
    kernel.operand(0)[0]
}
