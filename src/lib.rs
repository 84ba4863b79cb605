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
pub use etcd::plan::{AuthoritySource, Fault, Field, Plan, Preset};
pub use etcd::role::Role;
pub use lab::job::Workbench;
pub use lab::making::{MakeError, Making, make};
pub use lab::wire::{Outcome, PemPair, Secret, Task};
pub use lab::{FileKind, IssuedAuthority, Lab, LabFile};
pub use page::link::{LinkError, plan as plan_of_link};

// Asking for a verdict.
pub use etcd::facts::release::{EtcdBuild, EtcdVersion, Series, VersionError};
pub use etcd::facts::rule::Rule;
pub use etcd::judge::peer::{PeerMember, PeerQuestion, judge_peer};
pub use etcd::judge::reading::command_line::CommandLineError;
pub use etcd::judge::{Finding, Question, Step, Verdict, judge};

// Reading a file, a log, or whatever else is at hand.
pub use etcd::facts::saying::Side;
pub use etcd::judge::reading::material::{Material, Program};
pub use etcd::telling::diagnosis::Clue;
pub use lab::file::GivenFile;
pub use lab::job::diagnose::{Diagnosed, Evidence, chains::ChainFinding};
pub use lab::job::inspect::{Inspected, look};
pub use lab::job::judge::Judged;
pub use page::chapters::diagnose::report as report_of_diagnosis;
pub use page::chapters::inspect::report as report_of_inspection;
pub use pki::inspection::Content;

#[cfg(target_arch = "wasm32")]
mod browser;
