//! Tests of the verdict engine: the measured cases, agreement with Go and
//! with real etcds, and hostile input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::wildcard_imports,
    missing_docs,
    unreachable_pub,
    reason = "tests end with a panic, and build octets from small numbers"
)]

mod cases;
mod certificates;
mod etcd_agreement;
mod go_agreement;
mod hostile;
mod measured_cases;
mod random;
