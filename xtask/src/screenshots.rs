//! Pictures of every place of the page, in both schemes and at three widths, for
//! eyes: builds the page and runs `tests/browser/screenshots.rs`, which drives
//! Chromium and writes `target/screenshots`. It judges nothing.

use anyhow::Result;
use clap::Args;

use crate::build;
use crate::command::run;
use crate::tools::{self, Tool};
use crate::wasm_std::{self, Choice};
use crate::workspace::Workspace;

/// What to picture.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Only scenes whose name has this in it, such as `inspect`.
    #[arg(long)]
    only: Option<String>,

    /// Where the standard library for wasm comes from.
    #[arg(long, value_enum, default_value_t)]
    std: Choice,
}

/// Makes the pictures, and says where they are.
pub(crate) fn screenshots(workspace: &Workspace, options: &Options) -> Result<()> {
    let route = wasm_std::find(options.std)?;
    println!("standard library for wasm: {route}");
    build::build_by(workspace, &route, "release")?;
    tools::provide_all(workspace, &[Tool::Chromium])?;
    let mut cargo = workspace.cargo("test");
    cargo
        .args([
            "--locked",
            "--features",
            "pictures",
            "--test",
            "screenshots",
        ])
        .args(["--", "--nocapture"])
        .env("PATH", tools::search_path(workspace)?);
    if let Some(only) = &options.only {
        cargo.env("SCREENSHOTS_ONLY", only);
    }
    run(&mut cargo)?;
    println!("{}", workspace.target().join("screenshots").display());
    Ok(())
}
