//! etcd PKI Lab: an etcd PKI made inside the browser.
//!
//! The rooms of this crate, and which way the arrows between them point:
//! `browser` → `page` → [`lab`] → [`etcd`] → [`pki`].
//!
//! - [`pki`] knows X.509: keys, names, CSRs, certificates, PEM. It knows
//!   nothing of etcd, of the page, or of the clock.
//! - [`etcd`] knows what etcd needs and says: plans, commands, verdicts.
//! - [`lab`] takes a plan and gives files: the one place where the two meet.
//! - `page` turns values into markup: pure, and tested natively.
//! - `browser` (wasm32 only) is the DOM, the worker pool and the downloads.

/// The map of the house, for who changes it.
#[cfg(doc)]
#[doc = include_str!("../ARCHITECTURE.md")]
pub mod architecture {}

pub mod etcd;
pub mod lab;
pub mod page;
pub mod pki;

#[cfg(target_arch = "wasm32")]
mod browser;
