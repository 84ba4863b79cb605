//! Packages of Debian and Ubuntu, for a root user. Nothing that is installed is
//! ever removed for them, and a package that cannot be had is an error.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{capture, on_path};

/// Whether packages can be installed here at all.
pub(crate) fn is_usable() -> bool {
    on_path("apt-get").is_some()
        && Path::new("/etc/debian_version").exists()
        && capture(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Fetches the lists of packages anew.
pub(crate) fn update() -> Result<()> {
    println!("  apt-get update");
    capture(&mut quiet_apt(&["update"]))
        .context("the lists of packages could not be fetched; is there a network?")?;
    Ok(())
}

/// Installs packages, with the lists as they are.
pub(crate) fn install(packages: &[String]) -> Result<()> {
    println!("  apt-get install {}", packages.join(" "));
    let mut apt = quiet_apt(&["install", "--yes", "--no-install-recommends", "--no-remove"]);
    capture(apt.args(packages))?;
    Ok(())
}

/// The package `stem-NN` with the greatest number.
pub(crate) fn newest_numbered(stem: &str) -> Result<Option<String>> {
    let pattern = format!("^{stem}-[0-9]+$");
    let list = capture(Command::new("apt-cache").args(["search", "--names-only", &pattern]))?;
    Ok(greatest_number(stem, &list))
}

fn greatest_number(stem: &str, list: &str) -> Option<String> {
    list.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter_map(|name| {
            let number: u32 = name.strip_prefix(stem)?.strip_prefix('-')?.parse().ok()?;
            Some((number, name))
        })
        .max()
        .map(|(_, name)| name.to_owned())
}

fn quiet_apt(arguments: &[&str]) -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(["--quiet", "--quiet"])
        // Somebody else may be installing something: wait, up to ten minutes.
        .args(["--option", "DPkg::Lock::Timeout=600"])
        .args(arguments)
        // Packages that would ask something take their default answer.
        .env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_linker_is_the_one_with_the_greatest_number() {
        let list = "lld-9 - old\nlld-22 - LLVM-based linker\nlld-19 - LLVM-based linker\n";
        assert_eq!(greatest_number("lld", list), Some("lld-22".to_owned()));
        assert_eq!(greatest_number("lld", ""), None);
    }
}
