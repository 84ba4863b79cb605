//! Damaged and hostile inputs before every reader: seeds of each kind, changed by
//! bytes, by pieces of other seeds and by words that mean something. A reader may
//! refuse anything, and never panics; what it takes it reads again as the same. Each
//! target runs for a second, or for `FUZZ_SECONDS`; `cargo xtask fuzz` asks for more.
//! There is no guide by coverage: that needs another compiler than the one used here.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

mod changes;
mod targets;
