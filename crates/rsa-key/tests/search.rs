//! The RSA key search by itself: `crypto-bigint` judges the kernel, and numbers
//! that were made to deceive try the judge. Finished keys have other judges, in
//! `judges.rs`.
//!
//! `RSA_KEY_SEED`, `RSA_KEY_OPERANDS` and `RSA_KEY_POWERS` repeat or enlarge a
//! run; the seed and the counts of a run are printed.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on says why and fails"
)]

use core::convert::Infallible;
use core::fmt;
use getrandom::SysRng;
use rand_core::{TryCryptoRng, TryRng};
use rsa_key::bench::KernelOf;
use rsa_key::{
    AssembleError, JudgeError, JudgedPrime, ModulusBits, PrimeBytesError, PrimeSearch,
    ProbablePrime, Step, assemble, bench, generate, judge_prime,
};
use std::collections::HashSet;

/// A number from the environment, printed so that a run can be repeated.
fn setting(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|error| panic!("{name}={text} is no number: {error}"))
    });
    println!("{name}={value}");
    value
}

fn fresh_seed() -> u64 {
    let seed = SysRng.try_next_u64().expect("the system's generator works");
    setting("RSA_KEY_SEED", seed)
}

/// The composites of `tests/composites.txt`: kind and number.
fn composites() -> Vec<(&'static str, ProbablePrime)> {
    include_str!("composites.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (kind, digits) = line.split_once(' ').expect("kind and number");
            let bytes: Vec<u8> = digits
                .as_bytes()
                .chunks(2)
                .map(|pair| {
                    let pair = core::str::from_utf8(pair).expect("hexadecimal digits");
                    u8::from_str_radix(pair, 16).expect("hexadecimal digits")
                })
                .collect();
            let number = ProbablePrime::from_be_bytes(&bytes).expect("sizes as the search makes");
            (kind, number)
        })
        .collect()
}

fn found(
    search: &mut PrimeSearch,
    rng: &mut impl TryCryptoRng<Error = Infallible>,
) -> ProbablePrime {
    loop {
        let Ok(step) = search.step(8, rng);
        if let Step::Found { prime, .. } = step {
            return prime;
        }
    }
}

fn judged(
    search: &mut PrimeSearch,
    rng: &mut impl TryCryptoRng<Error = Infallible>,
) -> JudgedPrime {
    loop {
        let prime = found(search, rng);
        if let Ok(prime) = judge_prime(&prime, rng) {
            return prime;
        }
    }
}

#[test]
fn the_kernel_squares_as_crypto_bigint_does() {
    let operands = setting("RSA_KEY_OPERANDS", 60_000);
    let operands = u32::try_from(operands).expect("at most four thousand million");
    let compared = bench::kernel_check(fresh_seed(), operands);
    assert!(
        compared
            .as_ref()
            .is_ok_and(|compared| *compared >= operands),
        "{compared:?}"
    );
}

#[test]
fn the_kernel_raises_to_powers_as_crypto_bigint_does() {
    let times = setting("RSA_KEY_POWERS", 20);
    let times = u32::try_from(times).expect("at most four thousand million");
    for kernel in KernelOf::ALL {
        let compared = bench::power_check(kernel, fresh_seed(), times);
        assert_eq!(compared, Ok(12 * times), "{kernel:?}");
    }
}

/// Four rounds let a composite pass once in 256 times at worst (M. O. Rabin 1980,
/// DOI 10.1016/0022-314X(80)90084-0), and some of these are of the worst: each is tried
/// with bases of its own up to four times.
#[test]
fn the_rounds_of_the_kernel_stop_every_composite_by_themselves() {
    let seed = fresh_seed();
    for (kind, number) in composites() {
        for kernel in KernelOf::ALL {
            let is_stopped = (0..4).any(|again| {
                let passes = bench::passes_kernel_rounds(kernel, &number, seed.wrapping_add(again));
                !passes.expect("the rounds are made")
            });
            assert!(is_stopped, "{kind} of {:?}, {kernel:?}", number.size());
        }
    }
}

#[test]
fn the_rounds_of_the_kernel_let_every_prime_pass() {
    let seed = fresh_seed();
    let mut rng = bench::SeededGenerator::new(seed);
    for size in ModulusBits::ALL {
        let mut search = PrimeSearch::new(size);
        // Half of them are 1 modulo 4 and are squared on after the power.
        for _ in 0..4 {
            let prime = found(&mut search, &mut rng);
            for kernel in KernelOf::ALL {
                assert_eq!(
                    bench::passes_kernel_rounds(kernel, &prime, seed),
                    Some(true),
                    "{kernel:?}: {:02x?}",
                    prime.to_be_bytes()
                );
            }
        }
    }
}

#[test]
fn composites_made_to_deceive_never_come_out_as_primes() {
    let mut rng = bench::SeededGenerator::new(fresh_seed());
    for (kind, number) in composites() {
        let bits = number.size().prime_bits();
        assert_eq!(
            judge_prime(&number, &mut rng).map(|_| ()),
            Err(JudgeError::Composite { bits }),
            "{kind} of {bits} bits"
        );
    }
}

#[test]
fn the_filter_alone_would_be_deceived() {
    let deceived = composites()
        .iter()
        .filter(|(kind, number)| {
            *kind == "strong-pseudoprime-to-base-2"
                && KernelOf::ALL
                    .iter()
                    .all(|kernel| bench::passes_filter(*kernel, number))
        })
        .count();
    assert!(
        deceived > 0,
        "then the judge's test shows less than it says"
    );
}

#[test]
fn the_filter_lets_every_prime_pass_and_stops_close_products() {
    let mut rng = bench::SeededGenerator::new(fresh_seed());
    for size in ModulusBits::ALL {
        let prime = judged(&mut PrimeSearch::new(size), &mut rng);
        let again = ProbablePrime::from_be_bytes(&prime.to_be_bytes()).expect("its own bytes");
        for kernel in KernelOf::ALL {
            assert!(bench::passes_filter(kernel, &again), "{size:?}, {kernel:?}");
        }
    }
    for (kind, number) in composites() {
        for kernel in KernelOf::ALL {
            assert!(kind != "two-close-primes" || !bench::passes_filter(kernel, &number));
        }
    }
}

#[test]
fn a_search_of_average_length_is_the_same_on_every_run() {
    for size in ModulusBits::ALL {
        let seed = bench::average_seed(size);
        let (workload, primes) = bench::seeded_search(size, seed);
        let expected = 2 * size.expected_candidates();
        assert!(
            workload.candidates.abs_diff(expected) * 20 < expected,
            "{size:?}: {workload:?}, {expected} expected"
        );
        assert_eq!(bench::seeded_search(size, seed).0, workload);
        assert_eq!(primes.len(), 2);
    }
}

#[test]
fn both_kernels_find_the_same_primes_from_the_same_seed() {
    let seed = fresh_seed();
    for size in ModulusBits::ALL {
        let [by_vectors, by_words] = KernelOf::ALL.map(|kernel| {
            let (workload, primes) = bench::seeded_search_by(kernel, size, seed);
            (
                workload,
                primes
                    .iter()
                    .map(ProbablePrime::to_be_bytes)
                    .collect::<Vec<_>>(),
            )
        });
        assert_eq!(by_vectors, by_words, "{size:?}");
    }
}

#[test]
fn primes_have_their_size_both_top_bits_and_no_factor_in_common_with_e() {
    let mut rng = bench::SeededGenerator::new(fresh_seed());
    let mut search = PrimeSearch::new(ModulusBits::Rsa2048);
    let mut seen = HashSet::new();
    // Bits 2 to 9 from the top: a generator or a loop that holds one of them
    // still shows here (one run in 10^15 fails by chance).
    let mut ones = [0; 8];
    for _ in 0..100 {
        let bytes = found(&mut search, &mut rng).to_be_bytes();
        assert_eq!(bytes.len(), 128);
        assert_eq!(bytes[0] >> 6, 3);
        let remainder = bytes.iter().fold(0, |remainder, byte| {
            (remainder << 8 | u64::from(*byte)) % 65_537
        });
        assert_ne!(remainder, 1);
        for (bit, ones) in ones.iter_mut().enumerate() {
            *ones += u32::from((u16::from_be_bytes([bytes[0], bytes[1]]) >> (6 + bit)) & 1);
        }
        assert!(seen.insert(bytes.to_vec()), "the same prime twice");
    }
    assert!(ones.iter().all(|ones| (10..=90).contains(ones)), "{ones:?}");
}

#[test]
fn the_same_prime_twice_makes_no_key() {
    let mut rng = bench::SeededGenerator::new(1);
    let p = judged(&mut PrimeSearch::new(ModulusBits::Rsa2048), &mut rng);
    assert_eq!(
        assemble(&p, &p).map(|_| ()),
        Err(AssembleError::PrimesTooClose {
            difference_bits: 0,
            least_bits: 925
        })
    );
}

#[test]
fn primes_of_two_sizes_make_no_key() {
    let mut rng = bench::SeededGenerator::new(2);
    let p = judged(&mut PrimeSearch::new(ModulusBits::Rsa2048), &mut rng);
    let q = judged(&mut PrimeSearch::new(ModulusBits::Rsa3072), &mut rng);
    assert_eq!(
        assemble(&p, &q).map(|_| ()),
        Err(AssembleError::SizesDiffer {
            p: ModulusBits::Rsa2048,
            q: ModulusBits::Rsa3072
        })
    );
}

#[test]
fn a_composite_that_slips_past_the_judge_makes_no_key() {
    let mut rng = bench::SeededGenerator::new(3);
    let p = judged(&mut PrimeSearch::new(ModulusBits::Rsa2048), &mut rng);
    for (kind, number) in composites() {
        // The others may well sign: (n − 1) is a multiple of their own factors less
        // one, or half of it. So the signature is no substitute for the judge.
        if number.size() == ModulusBits::Rsa2048 && kind == "two-close-primes" {
            let forged = JudgedPrime::judged_elsewhere(&number.to_be_bytes())
                .expect("sizes as the search makes");
            assert!(
                matches!(
                    assemble(&p, &forged),
                    Err(AssembleError::SignatureFailed { .. } | AssembleError::Refused { .. })
                ),
                "{kind}"
            );
        }
    }
}

#[test]
fn bytes_that_are_no_primes_are_refused_with_the_reason() {
    let refused = |bytes: &[u8]| ProbablePrime::from_be_bytes(bytes).map(|_| ());
    assert_eq!(refused(&[]), Err(PrimeBytesError::Length { bytes: 0 }));
    assert_eq!(
        refused(&[0xff; 64]),
        Err(PrimeBytesError::Length { bytes: 64 })
    );
    assert_eq!(refused(&[0x7f; 128]), Err(PrimeBytesError::TopBits));
    assert_eq!(refused(&[0xfe; 192]), Err(PrimeBytesError::Even));
    assert_eq!(refused(&[0xff; 256]), Ok(()));
}

/// A generator that has failed.
struct Broken;

#[derive(Debug)]
struct NoEntropy;

impl fmt::Display for NoEntropy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no entropy")
    }
}

impl core::error::Error for NoEntropy {}

impl TryRng for Broken {
    type Error = NoEntropy;

    fn try_next_u32(&mut self) -> Result<u32, NoEntropy> {
        Err(NoEntropy)
    }

    fn try_next_u64(&mut self) -> Result<u64, NoEntropy> {
        Err(NoEntropy)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), NoEntropy> {
        Err(NoEntropy)
    }
}

impl TryCryptoRng for Broken {}

#[test]
fn a_failing_generator_is_reported_and_makes_nothing() {
    assert!(
        PrimeSearch::new(ModulusBits::Rsa2048)
            .step(1, &mut Broken)
            .is_err()
    );
    let prime = ProbablePrime::from_be_bytes(&[0xff; 128]).expect("an odd number");
    assert_eq!(
        judge_prime(&prime, &mut Broken).map(|_| ()),
        Err(JudgeError::Random {
            cause: "no entropy".into()
        })
    );
    assert_eq!(
        generate(ModulusBits::Rsa2048, &mut Broken).map(|_| ()),
        Err(AssembleError::Random {
            cause: "no entropy".into()
        })
    );
}
