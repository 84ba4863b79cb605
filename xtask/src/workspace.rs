//! Where things lie: the workspace's root, its sources, its target folder and
//! its product. Every other module asks here and builds no path of its own.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders and files of one checkout.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace this program was compiled in. `CARGO_TARGET_DIR` moves the
    /// target folder, as it does for cargo.
    pub(crate) fn current() -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = package.parent().unwrap_or(package).to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Self { root, target }
    }

    /// Another checkout, with a target folder of its own.
    pub(crate) fn at(root: PathBuf, target: PathBuf) -> Self {
        Self { root, target }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Builds for wasm have their own target folder: their flags differ from
    /// those of native builds, and sharing would rebuild everything each time.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// Tools that no package of the system provides are kept here.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    pub(crate) fn www(&self, file: &str) -> PathBuf {
        self.root.join("www").join(file)
    }

    pub(crate) fn product(&self) -> PathBuf {
        self.root.join("dist").join("etcd-pki-lab.html")
    }

    /// What people take without a toolchain.
    pub(crate) fn release(&self) -> PathBuf {
        self.root.join("dist").join("release")
    }

    /// A cargo that works on this workspace.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).arg(subcommand);
        // `cargo run` describes the package it runs in these variables, and puts
        // its own compiler's libraries first. Neither is meant for our children.
        for (name, _) in env::vars_os() {
            if describes_the_running_package(&name) {
                cargo.env_remove(name);
            }
        }
        cargo
    }
}

fn describes_the_running_package(variable: &OsString) -> bool {
    variable.to_str().is_some_and(|name| {
        name == "LD_LIBRARY_PATH"
            || name == "DYLD_FALLBACK_LIBRARY_PATH"
            || name == "OUT_DIR"
            || [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_BIN_",
                "CARGO_CRATE_",
            ]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    })
}

/// Cargo's home, where the sources of the dependencies lie.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}
