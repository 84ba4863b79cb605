//! Real programs as judges of the verdict: etcd, etcdctl and
//! members of clusters. The cases, and what was measured before, are those of
//! `tests/record/answers`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::too_many_lines,
    dead_code,
    reason = "tests end with a panic, build bytes from small numbers, list many cases, and use a part of the records' code"
)]

#[path = "../../record/answers/cases/mod.rs"]
mod cases;
#[path = "../../../crates/go-x509/tests/support/certificates.rs"]
mod certificates;
#[path = "../../record/answers/clusters.rs"]
mod clusters;
mod etcd_agreement;
#[path = "../../record/answers/keys.rs"]
mod keys;
mod peers;
#[path = "../../support/ports.rs"]
mod ports;
#[path = "../../record/answers/record.rs"]
mod record;
