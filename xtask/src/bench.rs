//! Measures the product in a real browser: how long the page takes to start and
//! to make what a reader asked for. Not written yet; this is its place.

use anyhow::{Result, bail};
use clap::Args;

use crate::workspace::Workspace;

/// What to measure.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// How often each measurement is repeated.
    #[arg(long, default_value_t = 5)]
    repeat: u32,
}

/// Measures the product that lies in `dist`.
pub(crate) fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    bail!(
        "nothing is measured yet; {} repetitions of {} would be",
        options.repeat,
        workspace.product().display()
    )
}
