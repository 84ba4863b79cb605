//! etcd PKI Lab: an etcd PKI made inside the browser.
//!
//! What somebody would import is at the top: to make a plan's files, to ask what
//! etcd would say, to read a file. The rooms behind it, and which way the arrows
//! between them point (`browser` → `page` → `lab` → `etcd` → `pki`), are shown in
//! `ARCHITECTURE.md`; they are open to this crate's own tests by the feature
//! `rooms`, and promise nothing to others.
//!
//! The clock and the random generator are arguments everywhere.
//!
//! # Making a plan's files
//!
//! ```
//! use etcd_pki_lab::{KeyType, Plan, Preset, make};
//! use getrandom::{SysRng, rand_core::UnwrapErr};
//!
//! let plan = Plan {
//!     key_type: KeyType::P256,
//!     ..Plan::preset(Preset::Tutorial)
//! };
//! let now = "2026-11-28T12:00:00Z".parse()?;
//! let lab = make(&plan, None, now, &mut UnwrapErr(SysRng))?;
//! let names: Vec<String> = lab.files().into_iter().map(|file| file.name).collect();
//! assert!(names.contains(&"etcd.crt".to_owned()) && names.contains(&"client.key".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Asking for a verdict
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use etcd_pki_lab::{EtcdBuild, Question, Rule, Verdict, judge};
//!
//! let build = EtcdBuild::parse("3.6.14")?;
//! let finding = judge(&Question::new(
//!     "etcd --listen-client-urls=https://127.0.0.1:2379 --advertise-client-urls=https://127.0.0.1:2379",
//!     "etcdctl --endpoints=https://127.0.0.1:2379 get key",
//!     &BTreeMap::new(),
//!     build,
//!     "2026-11-28T12:00:00Z".parse()?,
//! ))?;
//! assert_eq!(finding.verdict, Verdict::ServerStartFailed);
//! assert_eq!(finding.rule, Rule::HttpsNeedsKeyPair);
//! assert_eq!(finding.rule.mend(), "name the certificate and key for that URL, or listen on http:// there");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Reading a file
//!
//! ```
//! use etcd_pki_lab::{Content, GivenFile, look};
//!
//! # let bytes: &[u8] = include_bytes!("../tests/fixtures/tutorial-client.crt");
//! let file = GivenFile::new("client.crt", bytes);
//! let found = look(&[file], None, "2026-11-28T12:00:00Z".parse()?);
//! let Content::Certificate(facts) = &found.inspection.items[0].content else {
//!     panic!("a certificate was given");
//! };
//! assert_eq!(facts.subject.common_name.as_deref(), Some("client"));
//! # Ok::<(), jiff::Error>(())
//! ```
#![cfg_attr(
    not(feature = "rooms"),
    allow(unreachable_pub, reason = "the rooms are public to the tests alone")
)]
#![cfg_attr(
    not(any(feature = "rooms", target_arch = "wasm32")),
    allow(
        dead_code,
        reason = "what the page is made of has no caller but the browser, which is wasm alone"
    )
)]

#[macro_use]
mod sentences;

/// The map of the house, for who changes it.
#[cfg(doc)]
#[doc = include_str!("../ARCHITECTURE.md")]
pub mod architecture {}

#[cfg(feature = "rooms")]
pub mod etcd;
#[cfg(feature = "rooms")]
pub mod lab;
#[cfg(feature = "rooms")]
pub mod page;
#[cfg(feature = "rooms")]
pub mod pki;

#[cfg(not(feature = "rooms"))]
mod etcd;
#[cfg(not(feature = "rooms"))]
mod lab;
#[cfg(not(feature = "rooms"))]
mod page;
#[cfg(not(feature = "rooms"))]
mod pki;

// Making a plan's files.
pub use etcd::plan::{AuthoritySource, Plan, Preset};
pub use etcd::role::Role;
pub use lab::job::Workbench;
pub use lab::making::{MakeError, Making, make};
pub use lab::wire::{PemPair, Secret};
pub use lab::{FileKind, IssuedAuthority, Lab, LabFile};
pub use page::link::LinkError;
pub use pki::key::KeyType;

// Asking for a verdict.
pub use etcd::facts::client as clients;
pub use etcd::facts::release::{EtcdBuild, VersionError};
pub use etcd::facts::rule::Rule;
pub use etcd::judge::reading::command_line::CommandLineError;
pub use etcd::judge::{Finding, Question, Verdict, judge};

// Reading a file, a log, or whatever else is at hand.
pub use lab::file::GivenFile;
pub use lab::job::diagnose::{Diagnosed, Evidence};
pub use lab::job::inspect::{Inspected, look};
pub use pki::inspection::Content;

// All of it for scripts, as JSON.
pub mod script;

/// What `modules/page` is made of.
#[cfg(target_arch = "wasm32")]
pub mod browser;
