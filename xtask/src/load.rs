//! The page under load: `tests/browser/load.rs`, with as much as is asked for.

use anyhow::Result;
use clap::Args;

use crate::build;
use crate::command::run;
use crate::tools::{self, Tool};
use crate::wasm_std::{self, Choice};
use crate::workspace::Workspace;

/// How much.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(crate) struct Options {
    /// How many labs are made in a row, in one tab.
    #[arg(long, default_value_t = 1000)]
    labs: u32,

    /// How many clients one lab has.
    #[arg(long, default_value_t = 1000)]
    clients: u32,

    /// How long the page is used.
    #[arg(long, default_value_t = 30)]
    minutes: u32,

    /// Take the page that was built before.
    #[arg(long)]
    built: bool,

    /// Where the standard library for wasm comes from.
    #[arg(long, value_enum, default_value_t)]
    std: Choice,
}

/// Builds the page and loads it.
pub(crate) fn load(workspace: &Workspace, options: &Options) -> Result<()> {
    if !options.built {
        let route = wasm_std::find(options.std)?;
        build::build_by(workspace, &route, "release")?;
    }
    tools::provide_all(workspace, &[Tool::Chromium, Tool::Openssl])?;
    run(workspace
        .cargo("test")
        .args(["--locked", "--features", "patience", "--test", "load"])
        .args(["--", "--nocapture", "--test-threads=1"])
        .env("LOAD_LABS", options.labs.to_string())
        .env("LOAD_CLIENTS", options.clients.to_string())
        .env("LOAD_MINUTES", options.minutes.to_string())
        .env("PATH", tools::search_path(workspace)?))
}
