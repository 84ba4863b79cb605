//! Vectors that others collected: Wycheproof's signatures, made to be taken wrongly,
//! and the files of pyca's `cryptography-vectors`. What is out of scope is named with
//! the reason, and a difference is a line with its reason.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

mod files;
mod signatures;
