//! Work counted, not time: a clock on the wall goes on while a busy machine does
//! something else, and a fast machine hides what a slow one shows. What something
//! costs is told in bytes: so many could have been hashed one by one by the same
//! thread, in the same build, in the same processor time.

#![allow(dead_code, reason = "each test uses the measure that it needs")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a measure need not be exact"
)]

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// What a reader waits for: about a second on a machine of today. A build without
/// optimisation is allowed eight times as much.
pub(crate) const PATIENCE: u64 = if cfg!(debug_assertions) {
    6_000_000_000
} else {
    750_000_000
};

/// Does something, and asserts that it costs no more than [`PATIENCE`].
pub(crate) fn quickly<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begun = processor_time();
    let result = work();
    let took = processor_time().saturating_sub(begun);
    // Little is no matter, and measuring the measure takes longer than that.
    if took > Duration::from_millis(100) {
        let bytes = (took.as_secs_f64() / second_per_byte()) as u64;
        assert!(
            bytes < PATIENCE,
            "{what} took as much work as hashing {bytes} bytes, and {PATIENCE} are the most"
        );
    }
    result
}

/// Does something with inputs of each size, of which each is a multiple of the one
/// before, and asserts that what it costs grows no faster than they do, but for a
/// factor of four, which caches and allocators may take. What grows with the square
/// of its input grows tenfold faster between two sizes.
pub(crate) fn grows_no_faster<I, T>(
    what: &str,
    sizes: &[usize],
    input: impl Fn(usize) -> I,
    work: impl Fn(&I) -> T,
) {
    // Of less the measure is not sure.
    const LEAST: f64 = 0.004;
    let mut before: Option<(usize, f64)> = None;
    for size in sizes.iter().copied() {
        let given = input(size);
        let once = || {
            let begun = processor_time();
            black_box(work(&given));
            processor_time().saturating_sub(begun).as_secs_f64()
        };
        let cost = once().min(once());
        if let Some((smaller, less)) = before {
            let factor = size as f64 / smaller as f64;
            let most = less.max(LEAST) * factor * 4.0;
            assert!(
                cost < most,
                "{what}: {size} bytes took {cost:.3} s of a processor, and {smaller} bytes {less:.3} s"
            );
        }
        before = Some((size, cost));
    }
}

/// The time that a processor gave to this thread.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.try_into().unwrap_or_default(),
        time.tv_nsec.try_into().unwrap_or_default(),
    )
}

/// What one byte takes, of FNV-1a, where each waits for the one before.
fn second_per_byte() -> f64 {
    const LENGTH: usize = 4 << 20;
    let bytes = vec![0x5a_u8; LENGTH];
    let once = || {
        let begun = processor_time();
        let hash = black_box(&bytes)
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            });
        black_box(hash);
        processor_time().saturating_sub(begun).as_secs_f64() / LENGTH as f64
    };
    (0..5).map(|_| once()).fold(f64::MAX, f64::min)
}
