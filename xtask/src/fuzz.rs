//! The targets of `tests/fuzz` for as long as somebody likes. `cargo test` gives each a
//! second; this gives them minutes, one after another.

use anyhow::{Result, ensure};
use clap::Args;

use crate::command::run;
use crate::workspace::Workspace;

/// What to run, and for how long.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(crate) struct Options {
    /// Only targets whose name contains this; all without it.
    target: Option<String>,

    /// How long each target runs.
    #[arg(long, default_value_t = 60)]
    seconds: u64,

    /// Other inputs than those of every run; the number is printed with a failure.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs the targets.
pub(crate) fn fuzz(workspace: &Workspace, options: &Options) -> Result<()> {
    ensure!(options.seconds > 0, "a target needs a second at least");
    let mut cargo = workspace.cargo("test");
    cargo
        .args([
            "--locked",
            "--package",
            "etcd-pki-lab",
            "--test",
            "fuzz",
            "--",
        ])
        .args(["--nocapture", "--test-threads=1"])
        .args(&options.target)
        .env("FUZZ_SECONDS", options.seconds.to_string());
    if let Some(seed) = options.seed {
        cargo.env("FUZZ_SEED", seed.to_string());
    }
    run(&mut cargo)
}
