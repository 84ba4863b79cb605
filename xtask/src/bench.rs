//! Measures in a real browser: builds the product, the page with its measuring
//! functions and, once, the product of an earlier commit; fetches the peers that it is
//! measured against; and runs `tests/browser/bench.rs`, which drives the browser, prints
//! the table and writes `target/bench.json`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::build;
use crate::command::run;
use crate::tools::{self, Tool};
use crate::wasm_std::{self, Choice, Route};
use crate::workspace::Workspace;

/// What to measure.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Keys, or runs, of each kind.
    #[arg(long, default_value_t = 200)]
    keys: u32,

    /// The measuring page of an earlier build, to be measured in turn.
    #[arg(long)]
    before: Option<PathBuf>,

    /// Only these rows: how the product starts, how it works, or keys.
    #[arg(long, value_parser = ["starts", "work", "keys"])]
    only: Option<String>,

    /// Where the standard library for wasm comes from.
    #[arg(long, value_enum, default_value_t)]
    std: Choice,
}

/// Builds the page with its measuring functions, and tells where it is.
pub(crate) fn page(workspace: &Workspace, route: &Route) -> Result<PathBuf> {
    let page = workspace.target().join("bench/etcd-pki-lab.html");
    build::build_with(workspace, route, "release", &["bench"], &page)?;
    Ok(page)
}

/// The commit whose product ours is held against: the last one before the page's
/// weight and speed were worked on.
const BEFORE: &str = "6fd7c22";

/// The product of that commit, built in a copy of its own the first time.
fn product_before(workspace: &Workspace) -> Result<PathBuf> {
    let root = workspace.target().join("before");
    let copy = Workspace::at(root.clone(), root.join("target"));
    let page = copy.product();
    if page.is_file() {
        return Ok(page);
    }
    fs::create_dir_all(&root).with_context(|| format!("cannot make {}", root.display()))?;
    // A command reads nothing from another here, so the archive is a file.
    let archive = workspace.target().join("before.tar");
    run(Command::new("git")
        .current_dir(workspace.root())
        .arg("archive")
        .arg("--output")
        .arg(&archive)
        .arg(BEFORE))
    .with_context(|| format!("fetch the whole history, so that {BEFORE} is here"))?;
    run(Command::new("tar")
        .args(["-x", "-C"])
        .arg(&root)
        .arg("-f")
        .arg(&archive))?;
    run(copy
        .cargo("xtask")
        .arg("build")
        .env_remove("CARGO_TARGET_DIR"))?;
    Ok(page)
}

/// Measures.
pub(crate) fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let route = wasm_std::find(options.std)?;
    println!("standard library for wasm: {route}");
    build::build_by(workspace, &route, "release")?;
    let page = page(workspace, &route)?;
    run(workspace
        .cargo("build")
        .args(["--locked", "--release", "--bin", "etcd-pki-lab"]))?;
    tools::provide_all(
        workspace,
        &[Tool::Chromium, Tool::Firefox, Tool::Webkit, Tool::Openssl],
    )?;
    let peers = tools::javascript_peers(workspace);
    let mut cargo = workspace.cargo("test");
    cargo
        .args([
            "--locked",
            "--features",
            "measure",
            "--test",
            "bench",
            "--",
            "--nocapture",
        ])
        .env("BENCH_PAGE", &page)
        .env(
            "BENCH_PROGRAM",
            workspace.target().join("release/etcd-pki-lab"),
        )
        .env("BENCH_KEYS", options.keys.to_string())
        .env("PATH", tools::search_path(workspace)?);
    if let Some(before) = &options.before {
        let before = before
            .canonicalize()
            .with_context(|| format!("cannot find {}", before.display()))?;
        cargo.env("BENCH_BEFORE", before);
    }
    if let Some(only) = &options.only {
        cargo.env("BENCH_ONLY", only);
    }
    match product_before(workspace) {
        Ok(before) => {
            cargo.env("BENCH_PRODUCT_BEFORE", before);
        }
        Err(error) => println!("the product of {BEFORE} is left out: {error:#}"),
    }
    match peers {
        Ok(folder) => {
            cargo.env("BENCH_PEERS", folder);
        }
        Err(error) => println!("node-forge and jsrsasign are left out: {error:#}"),
    }
    run(&mut cargo)
}
