//! Finds a standard library for `wasm32-unknown-unknown`. [`next_step`] decides
//! from what was found on the machine, and touches nothing; [`find`] looks,
//! follows the decision, and looks again until there is a [`Route`].

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, anyhow};
use clap::ValueEnum;

use crate::apt;
use crate::command::{capture, capture_within, folders_on_path, on_path};

/// The target that the page's core is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The packages of Debian and Ubuntu that carry a compiler with the source of
/// its library. The linker's package is looked up, since it carries a number.
const COMPILER_PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// The oldest compiler that understands the sources, as `rust-version` says.
const OLDEST_COMPILER: Version = Version {
    major: 1,
    minor: 91,
};

/// A download by rustup takes seconds; without a network it should not take
/// minutes to find that out.
const RUSTUP_LIMIT: Duration = Duration::from_mins(3);

/// How the standard library for wasm is had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// The active toolchain brings it.
    Toolchain,
    /// It is compiled along with the project, from the library source of this
    /// compiler.
    BuildStd { compiler: Compiler, linker: Linker },
}

/// Which routes the reader allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Choice {
    /// The first route that works.
    #[default]
    Auto,
    /// Only the active toolchain's own.
    Toolchain,
    /// Only compiled from source.
    Source,
}

/// A compiler whose library source is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compiler {
    pub(crate) rustc: PathBuf,
    pub(crate) sysroot: PathBuf,
    pub(crate) version: Version,
}

/// The part of a compiler's version that decides whether it will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    major: u32,
    minor: u32,
}

/// A linker for wasm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Linker {
    /// `wasm-ld`, with or without a version in its name.
    WasmLd(PathBuf),
    /// `rust-lld`, which must be told that it is `wasm-ld`.
    RustLld(PathBuf),
}

/// What was found on this machine, and what was tried already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    pub(crate) toolchain_has_target: bool,
    pub(crate) rustup: Attempt,
    pub(crate) compilers: Vec<Compiler>,
    pub(crate) linkers: Vec<Linker>,
    pub(crate) packages: Attempt,
}

/// A remedy that may or may not be at hand, and can be tried once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Attempt {
    #[default]
    Impossible,
    Possible,
    Failed(String),
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NextStep {
    Use(Route),
    AskRustup,
    InstallPackages,
    GiveUp,
}

/// Decides from what was found. The order is that of the least intrusion: use
/// what is there, ask rustup, compile the library, install packages.
pub(crate) fn next_step(choice: Choice, found: &Findings) -> NextStep {
    let toolchain_allowed = choice != Choice::Source;
    let source_allowed = choice != Choice::Toolchain;
    if toolchain_allowed && found.toolchain_has_target {
        return NextStep::Use(Route::Toolchain);
    }
    if toolchain_allowed && found.rustup == Attempt::Possible {
        return NextStep::AskRustup;
    }
    if source_allowed {
        let compiler = found
            .compilers
            .iter()
            .find(|compiler| compiler.version >= OLDEST_COMPILER);
        if let (Some(compiler), Some(linker)) = (compiler, found.linkers.first()) {
            return NextStep::Use(Route::BuildStd {
                compiler: compiler.clone(),
                linker: linker.clone(),
            });
        }
        if found.packages == Attempt::Possible {
            return NextStep::InstallPackages;
        }
    }
    NextStep::GiveUp
}

/// What the reader can do when nothing worked, and why each thing did not.
pub(crate) fn advice(found: &Findings) -> String {
    let mut lines = vec![format!("no standard library for {TARGET} was found.")];
    if let Attempt::Failed(reason) = &found.rustup {
        lines.push(format!("rustup could not add it: {reason}"));
    }
    if let Attempt::Failed(reason) = &found.packages {
        lines.push(format!(
            "the system's packages could not be installed: {reason}"
        ));
    }
    if found.linkers.is_empty() && !found.compilers.is_empty() {
        lines.push("a compiler with its library source is there, but no wasm-ld.".to_owned());
    }
    lines.push("Do one of these, then build again:".to_owned());
    lines.push(format!("  rustup target add {TARGET}"));
    lines.push(format!(
        "  sudo apt-get update && sudo apt-get install {} lld-22   # Debian 12 and later",
        COMPILER_PACKAGES.join(" ")
    ));
    lines.join("\n")
}

/// Finds a route, installing what is missing where that is possible.
pub(crate) fn find(choice: Choice) -> Result<Route> {
    let mut found = look();
    loop {
        match next_step(choice, &found) {
            NextStep::Use(route) => return Ok(route),
            NextStep::AskRustup => match add_target_with_rustup() {
                Ok(()) => {
                    found = Findings {
                        rustup: Attempt::Impossible,
                        ..look()
                    }
                }
                Err(error) => found.rustup = Attempt::Failed(format!("{error:#}")),
            },
            NextStep::InstallPackages => match install_packages() {
                Ok(()) => {
                    found = Findings {
                        rustup: found.rustup,
                        packages: Attempt::Impossible,
                        ..look()
                    };
                }
                Err(error) => found.packages = Attempt::Failed(format!("{error:#}")),
            },
            NextStep::GiveUp => return Err(anyhow!(advice(&found))),
        }
    }
}

impl Route {
    /// Where the library's source may lie on this machine: paths into it end up
    /// in panic messages.
    pub(crate) fn library_source(&self) -> Result<PathBuf> {
        let sysroot = match self {
            Self::Toolchain => {
                PathBuf::from(capture(Command::new("rustc").args(["--print", "sysroot"]))?)
            }
            Self::BuildStd { compiler, .. } => compiler.sysroot.clone(),
        };
        Ok(sysroot.join("lib/rustlib/src/rust"))
    }

    /// The name that the library's source has in what is built. A library that came
    /// compiled has one already, and the compiler takes the folder in its place where
    /// the source is installed as well: what is built must not tell.
    pub(crate) fn library_name(&self) -> Result<String> {
        match self {
            Self::Toolchain => {
                let version = capture(Command::new("rustc").arg("-vV"))?;
                let commit = version
                    .lines()
                    .find_map(|line| line.strip_prefix("commit-hash: "))
                    .ok_or_else(|| anyhow!("rustc does not say which commit it is of"))?;
                Ok(format!("/rustc/{commit}"))
            }
            Self::BuildStd { .. } => Ok("/rust".to_owned()),
        }
    }

    /// Compiler flags that this route needs.
    pub(crate) fn rustflags(&self) -> Vec<String> {
        match self {
            Self::Toolchain => Vec::new(),
            Self::BuildStd { linker, .. } => match linker {
                Linker::WasmLd(path) => vec![format!("-Clinker={}", path.display())],
                Linker::RustLld(path) => vec![
                    format!("-Clinker={}", path.display()),
                    "-Clinker-flavor=wasm-ld".to_owned(),
                ],
            },
        }
    }

    /// Gives cargo what this route needs besides the flags.
    pub(crate) fn prepare(&self, cargo: &mut Command) {
        cargo.args(["--target", TARGET]);
        if let Self::BuildStd { compiler, .. } = self {
            cargo
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC", &compiler.rustc)
                // The library is built with a stable compiler; only its own
                // crates, which the compiler shipped with, use what is unstable.
                .env("RUSTC_BOOTSTRAP", "1")
                // rustup's cargo would take its own toolchain's rustc wrapper.
                .env_remove("RUSTUP_TOOLCHAIN");
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Toolchain => write!(formatter, "the active toolchain's own"),
            Self::BuildStd { compiler, linker } => {
                let (Linker::WasmLd(path) | Linker::RustLld(path)) = linker;
                write!(
                    formatter,
                    "compiled from the library source of {} ({}.{}), linked by {}",
                    compiler.rustc.display(),
                    compiler.version.major,
                    compiler.version.minor,
                    path.display()
                )
            }
        }
    }
}

fn look() -> Findings {
    Findings {
        toolchain_has_target: toolchain_has_target(),
        rustup: if on_path("rustup").is_some() {
            Attempt::Possible
        } else {
            Attempt::Impossible
        },
        compilers: compilers(),
        linkers: linkers(),
        packages: if apt::is_usable() {
            Attempt::Possible
        } else {
            Attempt::Impossible
        },
    }
}

fn toolchain_has_target() -> bool {
    // The folder's name is printed whether or not the library is there.
    capture(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|folder| holds_a_library(Path::new(&folder)))
}

fn holds_a_library(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

fn add_target_with_rustup() -> Result<()> {
    println!("  rustup target add {TARGET}");
    let answer = capture_within(
        RUSTUP_LIMIT,
        Command::new("rustup")
            .args(["target", "add", TARGET])
            .env("RUSTUP_MAX_RETRIES", "1"),
    )?;
    if answer.status.success() {
        return Ok(());
    }
    // The last line is the cause; those before it tell how the download went.
    let reason = answer.stderr.lines().last().unwrap_or("no reason given");
    Err(anyhow!("{}", reason.trim()))
}

fn install_packages() -> Result<()> {
    apt::update()?;
    let linker = apt::newest_numbered("lld")?;
    let mut packages = COMPILER_PACKAGES.map(str::to_owned).to_vec();
    packages.extend(linker);
    apt::install(&packages)
}

/// The compilers on the search path, the active one first, that bring their
/// library's source.
fn compilers() -> Vec<Compiler> {
    let mut seen = BTreeSet::new();
    folders_on_path()
        .map(|folder| folder.join("rustc"))
        .filter(|rustc| rustc.is_file())
        .filter_map(|rustc| {
            let sysroot =
                PathBuf::from(capture(Command::new(&rustc).args(["--print", "sysroot"])).ok()?);
            let version = capture(Command::new(&rustc).arg("--version")).ok()?;
            let has_source = sysroot
                .join("lib/rustlib/src/rust/library/Cargo.lock")
                .is_file();
            (has_source && seen.insert(sysroot.clone())).then_some(Compiler {
                rustc,
                sysroot,
                version: parse_version(&version)?,
            })
        })
        .collect()
}

/// Reads `rustc 1.96.0 (…)`.
fn parse_version(text: &str) -> Option<Version> {
    let mut numbers = text.split_whitespace().nth(1)?.split('.');
    Some(Version {
        major: numbers.next()?.parse().ok()?,
        minor: numbers.next()?.parse().ok()?,
    })
}

/// The wasm linkers of this machine: `wasm-ld-NN` with the greatest number
/// first, then `wasm-ld`, then the one that rustup's toolchain brings.
fn linkers() -> Vec<Linker> {
    let numbered = folders_on_path()
        .filter_map(|folder| folder.read_dir().ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()));
    let mut found: Vec<Linker> = newest_wasm_ld(numbered)
        .or_else(|| on_path("wasm-ld"))
        .map(Linker::WasmLd)
        .into_iter()
        .collect();
    found.extend(rust_lld().map(Linker::RustLld));
    found
}

fn newest_wasm_ld(files: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    files
        .filter_map(|path| {
            let number: u32 = path
                .file_name()?
                .to_str()?
                .strip_prefix("wasm-ld-")?
                .parse()
                .ok()?;
            Some((number, path))
        })
        .max_by_key(|(number, _)| *number)
        .map(|(_, path)| path)
}

fn rust_lld() -> Option<PathBuf> {
    let folder = capture(Command::new("rustc").args(["--print", "target-libdir"])).ok()?;
    let path = Path::new(&folder).parent()?.join("bin").join("rust-lld");
    path.is_file().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiler(minor: u32) -> Compiler {
        Compiler {
            rustc: "/usr/bin/rustc".into(),
            sysroot: "/usr".into(),
            version: Version { major: 1, minor },
        }
    }

    fn linker() -> Linker {
        Linker::WasmLd("/usr/bin/wasm-ld-22".into())
    }

    /// Each route is open.
    fn everything() -> Findings {
        Findings {
            toolchain_has_target: true,
            rustup: Attempt::Possible,
            compilers: vec![compiler(96)],
            linkers: vec![linker()],
            packages: Attempt::Possible,
        }
    }

    fn source_route() -> Route {
        Route::BuildStd {
            compiler: compiler(96),
            linker: linker(),
        }
    }

    #[test]
    fn a_toolchain_that_has_the_target_is_used_before_anything_is_changed() {
        let found = everything();
        assert_eq!(
            next_step(Choice::Auto, &found),
            NextStep::Use(Route::Toolchain)
        );
    }

    #[test]
    fn rustup_is_asked_before_a_library_is_compiled() {
        let found = Findings {
            rustup: Attempt::Possible,
            compilers: vec![compiler(96)],
            linkers: vec![linker()],
            ..Findings::default()
        };
        assert_eq!(next_step(Choice::Auto, &found), NextStep::AskRustup);
    }

    #[test]
    fn a_library_is_compiled_when_rustup_fails() {
        let found = Findings {
            rustup: Attempt::Failed("no network".into()),
            compilers: vec![compiler(96)],
            linkers: vec![linker()],
            packages: Attempt::Possible,
            ..Findings::default()
        };
        assert_eq!(
            next_step(Choice::Auto, &found),
            NextStep::Use(source_route())
        );
    }

    #[test]
    fn a_compiler_older_than_the_sources_ask_for_is_passed_over() {
        let found = Findings {
            compilers: vec![compiler(63), compiler(96)],
            linkers: vec![linker()],
            ..Findings::default()
        };
        assert_eq!(
            next_step(Choice::Auto, &found),
            NextStep::Use(source_route())
        );
    }

    #[test]
    fn packages_are_installed_when_the_linker_alone_is_missing() {
        let found = Findings {
            compilers: vec![compiler(96)],
            packages: Attempt::Possible,
            ..Findings::default()
        };
        assert_eq!(next_step(Choice::Auto, &found), NextStep::InstallPackages);
    }

    #[test]
    fn nothing_is_tried_twice() {
        let found = Findings {
            rustup: Attempt::Failed("no network".into()),
            packages: Attempt::Failed("no such package".into()),
            ..Findings::default()
        };
        assert_eq!(next_step(Choice::Auto, &found), NextStep::GiveUp);
    }

    #[test]
    fn a_choice_of_route_leaves_the_others_alone() {
        let found = everything();
        assert_eq!(
            next_step(Choice::Source, &found),
            NextStep::Use(source_route())
        );
        let found = Findings {
            toolchain_has_target: false,
            rustup: Attempt::Impossible,
            ..found
        };
        assert_eq!(next_step(Choice::Toolchain, &found), NextStep::GiveUp);
    }

    #[test]
    fn the_advice_holds_the_commands_and_the_reasons() {
        let text = advice(&Findings {
            rustup: Attempt::Failed("could not download".into()),
            ..Findings::default()
        });
        assert!(text.contains("rustup target add wasm32-unknown-unknown"));
        assert!(text.contains("apt-get install rustc-web rust-web-src lld-22"));
        assert!(text.contains("could not download"));
    }

    #[test]
    fn a_version_is_read_from_what_rustc_prints() {
        assert_eq!(
            parse_version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"),
            Some(Version {
                major: 1,
                minor: 96
            })
        );
        assert_eq!(parse_version("gcc"), None);
    }

    #[test]
    fn the_linker_with_the_greatest_number_wins() {
        let files = [
            "/a/wasm-ld-9",
            "/a/wasm-ld-22",
            "/b/wasm-ld-19",
            "/b/wasm-ld",
        ];
        assert_eq!(
            newest_wasm_ld(files.iter().map(PathBuf::from)),
            Some(PathBuf::from("/a/wasm-ld-22"))
        );
    }
}
