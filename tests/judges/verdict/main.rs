//! Tests of the verdict engine: the measured cases, agreement with real etcds, and hostile input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::wildcard_imports,
    clippy::too_many_lines,
    clippy::items_after_statements,
    clippy::format_collect,
    clippy::doc_markdown,
    clippy::assigning_clones,
    clippy::explicit_auto_deref,
    clippy::collapsible_if,
    clippy::collapsible_else_if,
    clippy::semicolon_if_nothing_returned,
    unused_qualifications,
    missing_docs,
    unreachable_pub,
    reason = "tests end with a panic, build octets from small numbers, and list many cases"
)]

mod cases;
mod causes;
#[path = "../../../crates/go-x509/tests/support/certificates.rs"]
mod certificates;
mod diagnosis;
mod etcd_agreement;
mod hostile;
mod keys;
mod measured_cases;
mod peers;
#[path = "../../support/ports.rs"]
mod ports;
#[expect(
    dead_code,
    reason = "hostile input draws less than the questions to Go do"
)]
#[path = "../../../crates/go-x509/tests/support/random.rs"]
mod random;
