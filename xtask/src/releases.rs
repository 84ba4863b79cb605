//! Which releases of etcd have no row yet: asks the Go module proxy, through `go`
//! itself, for the versions of etcd's server, and prints the row of each that is
//! missing in `src/etcd/facts/release/table.rs`, read from its `go.mod`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::command::capture;
use crate::tools;
use crate::workspace::Workspace;

const MODULE: &str = "go.etcd.io/etcd/server/v3";
const TABLE: &str = "src/etcd/facts/release/table.rs";

/// A release, `3.minor.patch`.
type Number = (u16, u16);

/// Prints the rows that are missing. It is no error if there are some.
pub(crate) fn releases(workspace: &Workspace) -> Result<()> {
    let go = tools::any_go(workspace)?;
    // Outside of any module, so that nobody's go.mod has a say.
    let folder = workspace.target().join("releases");
    fs::create_dir_all(&folder)?;
    let go = |arguments: &[&str]| {
        let mut command = Command::new(&go);
        command.current_dir(&folder).args(arguments);
        capture(command.env("GO111MODULE", "on").env("GOFLAGS", "-mod=mod"))
    };
    let listed = go(&["list", "-m", "-versions", MODULE])?;
    let versions: Vec<&str> = listed.split_whitespace().skip(1).collect();
    ensure!(
        !versions.is_empty(),
        "the proxy lists no version of {MODULE}"
    );
    let table = fs::read_to_string(workspace.root().join(TABLE))?;
    let known = known(&table);
    let missing = missing(&versions, &known);
    println!(
        "{} of {} releases of etcd 3.5 and later have a row in {TABLE}",
        known.iter().filter(|(minor, _)| *minor >= 5).count(),
        known.iter().filter(|(minor, _)| *minor >= 5).count() + missing.len(),
    );
    for version in missing {
        let told = go(&["mod", "download", "-json", &format!("{MODULE}@{version}")])?;
        let told: Value = serde_json::from_str(&told)?;
        let read = |name: &str| {
            let path = told[name].as_str();
            let path = path.with_context(|| format!("`go mod download` names no {name}"))?;
            fs::read_to_string(path).with_context(|| path.to_owned())
        };
        let info: Value = serde_json::from_str(&read("Info")?)?;
        let day = info["Time"].as_str().and_then(|time| time.get(..10));
        println!(
            "{}",
            row(version, day.unwrap_or_default(), &read("GoMod")?)?
        );
    }
    Ok(())
}

/// The releases that have a row.
fn known(table: &str) -> Vec<Number> {
    let rows = table
        .lines()
        .filter_map(|line| line.trim().strip_prefix("release("));
    let number = |row: &str| {
        let mut parts = row.split(", ");
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    rows.filter_map(number).collect()
}

/// A release by its tag. What goes before one, such as `v3.8.0-alpha.0`, is none.
fn number(version: &str) -> Option<Number> {
    let (minor, patch) = version.strip_prefix("v3.")?.split_once('.')?;
    Some((minor.parse().ok()?, patch.parse().ok()?))
}

/// The releases without a row. The module's first one is of 3.5.
fn missing<'a>(versions: &[&'a str], known: &[Number]) -> Vec<&'a str> {
    let is_missing = |version: &&&str| {
        number(version).is_some_and(|(minor, patch)| minor >= 5 && !known.contains(&(minor, patch)))
    };
    versions.iter().filter(is_missing).copied().collect()
}

/// The row of a release.
fn row(version: &str, day: &str, go_mod: &str) -> Result<String> {
    let (minor, patch) = number(version).with_context(|| format!("{version} is no release"))?;
    let field = |begin: &str| {
        let mut lines = go_mod.lines().map(str::trim);
        lines.find_map(|line| line.strip_prefix(begin))
    };
    let language = field("go ").context("its go.mod has no `go` line")?;
    let language_minor = language.split('.').nth(1).context("its `go` line")?;
    let toolchain = field("toolchain go").unwrap_or(language);
    let mut parts = toolchain.split('.').skip(1);
    let (go, go_patch) = (
        parts.next().context("its toolchain")?,
        parts.next().unwrap_or("0"),
    );
    let grpc = field("google.golang.org/grpc v1.").context("its go.mod has no gRPC")?;
    let grpc = grpc.split_whitespace().next().unwrap_or_default();
    let grpc = grpc.replace('.', ", ");
    Ok(format!(
        "    release({minor}, {patch}, \"{day}\", go({go}, {go_patch}, {language_minor}), grpc({grpc})),"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_without_a_row_is_missing_and_a_preview_is_not() {
        let table = "    release(7, 2, \"2026-09-22\", go(26, 8, 26), grpc(83, 2)),\n";
        let versions = ["v3.7.2", "v3.7.3", "v3.8.0-alpha.0", "v3.7.0-rc.0"];
        assert_eq!(missing(&versions, &known(table)), ["v3.7.3"]);
    }

    #[test]
    fn a_row_is_written_from_the_modules_own_file() {
        let go_mod = "module go.etcd.io/etcd/server/v3\n\ngo 1.26.0\n\ntoolchain go1.26.10\n\n\
                      require (\n\tgoogle.golang.org/grpc v1.83.2\n)\n";
        assert_eq!(
            row("v3.7.3", "2026-10-22", go_mod).unwrap(),
            "    release(7, 3, \"2026-10-22\", go(26, 10, 26), grpc(83, 2)),"
        );
    }
}
