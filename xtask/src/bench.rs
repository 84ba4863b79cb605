//! Measures in a real browser: builds the page with its measuring functions,
//! fetches the peers that it is measured against, and runs `tests/bench.rs`,
//! which drives the browser, prints the table and writes `target/bench.json`.

use std::path::PathBuf;

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

/// Measures.
pub(crate) fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let route = wasm_std::find(options.std)?;
    println!("standard library for wasm: {route}");
    let page = page(workspace, &route)?;
    tools::provide_all(workspace, &[Tool::Chromium, Tool::Openssl])?;
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
        .env("BENCH_KEYS", options.keys.to_string())
        .env("PATH", tools::search_path(workspace)?);
    if let Some(before) = &options.before {
        let before = before
            .canonicalize()
            .with_context(|| format!("cannot find {}", before.display()))?;
        cargo.env("BENCH_BEFORE", before);
    }
    match peers {
        Ok(folder) => {
            cargo.env("BENCH_PEERS", folder);
        }
        Err(error) => println!("node-forge and jsrsasign are left out: {error:#}"),
    }
    run(&mut cargo)
}
