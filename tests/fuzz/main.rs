//! Damaged and hostile inputs before every reader: seeds of each kind, changed by
//! bytes, by pieces of other seeds and by words that mean something. A reader may
//! refuse anything, and never panics; what it takes it reads again as the same. Each
//! target runs for a second, or for `FUZZ_SECONDS`. `cargo xtask fuzz` gives the same
//! targets to libFuzzer, which is guided by coverage: see `guided`.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by panicking"
)]

mod changes;
mod dictionary;
mod targets;

macro_rules! tests {
    ($($name:ident => $room:ident::$target:ident,)+) => {
        $(
            #[test]
            fn $name() {
                changes::try_on(stringify!($name), &targets::$room::$target);
            }
        )+
    };
}

targets::with_targets!(tests);
