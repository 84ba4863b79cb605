//! Whether a release is the same whoever builds it, where and when. What `cargo xtask
//! release` made is held against a second one, of a copy of the sources in a folder of
//! another name and depth, whose files are of another year, by another user with another
//! home, by a copy of the compiler that lies elsewhere, in another time zone and language.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::{capture, run};
use crate::workspace::{Workspace, cargo_home};

/// Nobody, on Debian and most others.
const OTHER_USER: u32 = 65534;

/// Copies what a build reads.
pub(crate) fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for name in [
        "Cargo.toml",
        "Cargo.lock",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "crates",
        "modules",
        "src",
        "www",
        "tests",
        "xtask",
        ".cargo",
    ] {
        let source = from.join(name);
        if source.exists() {
            run(Command::new("cp").arg("-R").arg(&source).arg(to))?;
        }
    }
    Ok(())
}

/// Builds a release again and compares.
pub(crate) fn reproducible(workspace: &Workspace) -> Result<()> {
    let sums = |folder: &Path| {
        let file = folder.join("SHA256SUMS");
        fs::read_to_string(&file)
            .with_context(|| format!("{} is missing; run `cargo xtask release`", file.display()))
    };
    let first = sums(&workspace.release())?;
    // Others can't get into everybody's home.
    let folder = env::temp_dir().join("etcd-pki-lab, released again");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let sources = folder.join("by").join("somebody else");
    copy_sources(workspace.root(), &sources)?;
    run(Command::new("find").arg(&sources).args([
        "-exec",
        "touch",
        "--date",
        "2001-02-03 04:05:06",
        "{}",
        "+",
    ]))?;
    println!("sources: a copy in {}, of 2001", sources.display());

    let home = folder.join("home");
    let cargo = home.join("cargo");
    fs::create_dir_all(&cargo)?;
    if let Some(own) = cargo_home() {
        for name in ["registry", "config.toml"] {
            let own = own.join(name);
            if own.exists() {
                run(Command::new("cp").arg("-R").arg(&own).arg(&cargo))?;
            }
        }
    }
    let mut path = env::var_os("PATH").unwrap_or_default();
    let toolchain = capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(&toolchain).join("bin/rustc").is_file() && !toolchain.starts_with("/usr") {
        let copy = folder.join("a compiler elsewhere");
        run(Command::new("cp").arg("-R").arg(&toolchain).arg(&copy))?;
        // As it is where the library's sources are installed as well: the compiler
        // looks for this file to tell.
        let library = copy.join("lib/rustlib/src/rust/library/std/src");
        fs::create_dir_all(&library)?;
        fs::write(library.join("lib.rs"), "")?;
        let folders = std::iter::once(copy.join("bin")).chain(env::split_paths(&path));
        path = env::join_paths(folders)?;
        println!("compiler: a copy, with a folder for the library's sources");
    } else {
        println!("compiler: the same, as it can't be moved");
    }

    let mut again = if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        run(Command::new("chown")
            .args(["-R", &format!("{OTHER_USER}:{OTHER_USER}")])
            .arg(&folder))?;
        println!("user: number {OTHER_USER}");
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={OTHER_USER}"))
            .arg(format!("--regid={OTHER_USER}"))
            .args(["--clear-groups", "cargo"]);
        command
    } else {
        println!("user: the same, as only root can become another");
        Command::new("cargo")
    };
    run(again
        .args(["xtask", "release"])
        .current_dir(&sources)
        .env_clear()
        .env("PATH", path)
        .env("HOME", &home)
        .env("CARGO_HOME", &cargo)
        .env("CARGO_NET_OFFLINE", "true")
        .env("USER", "somebody-else")
        .env("TZ", "Pacific/Kiritimati")
        .env("LC_ALL", "C"))?;
    let copy = Workspace::at(sources.clone(), sources.join("target"));
    let second = sums(&copy.release())?;
    ensure!(
        first == second,
        "two releases differ:\n{first}and\n{second}compare {} and {}",
        workspace.release().display(),
        copy.release().display()
    );
    println!("the same twice:\n{}", first.trim_end());
    fs::remove_dir_all(&folder)?;
    Ok(())
}
