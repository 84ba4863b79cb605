//! The outside programs that judge the product, driven for tests: browsers
//! ([`browser`]), etcd ([`etcd`]) and the shell ([`shell`]); and what judges of
//! X.509 are given ([`issued`]) and how some are asked ([`asked`]). A test that cannot go on panics with what failed
//! and what to do; nothing is skipped.
//!
//! The programs are set up by `cargo xtask test`, or by `cargo xtask tools`.
#![allow(
    dead_code,
    reason = "each judge is a program of its own and uses a part of this"
)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "this is test code, which says by panicking that it cannot go on"
)]

pub(crate) mod asked;
pub(crate) mod browser;
pub(crate) mod drivers;
pub(crate) mod etcd;
pub(crate) mod issued;
pub(crate) mod ports;
pub(crate) mod process;
pub(crate) mod refusals;
pub(crate) mod shell;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use ports::free_ports;

/// The built page.
///
/// # Panics
///
/// When it was not built.
pub(crate) fn product() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist/etcd-pki-lab.html");
    assert!(
        path.is_file(),
        "{} is missing; run `cargo xtask build` first",
        path.display()
    );
    path
}

/// The folder that cargo and `cargo xtask` build into.
pub(crate) fn target() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary).to_path_buf()
}

/// Asks again and again until the answer is there or the limit is over.
pub(crate) fn within<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// The first file of this name on the search path.
///
/// # Panics
///
/// When there is none; `tool` is the name by which `cargo xtask tools` knows it.
pub(crate) fn program(name: &str, tool: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(target().join("tools/bin"))
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is not installed; run `cargo xtask tools {tool}`"))
}
