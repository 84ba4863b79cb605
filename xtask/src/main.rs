//! The project's chores: build, serve, test, bench. Run as `cargo xtask …`; each
//! sets up what it needs, or says with which command to do so.

mod apt;
mod build;
mod command;
mod page;
mod wasm_std;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// The chores of etcd PKI Lab.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Build dist/etcd-pki-lab.html and print its size and SHA-256.
    Build(build::Options),
}

fn main() -> ExitCode {
    match perform(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(chore: Chore) -> Result<()> {
    let workspace = Workspace::current();
    match chore {
        Chore::Build(options) => {
            build::build(&workspace, &options)?;
        }
    }
    Ok(())
}
