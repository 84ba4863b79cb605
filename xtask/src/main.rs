//! The project's chores: build, serve, test, bench. Run as `cargo xtask …`; each
//! sets up what it needs, or says with which command to do so.

mod apt;
mod arrows;
mod bench;
mod budget;
mod build;
mod client_words;
mod command;
mod fuzz;
mod idle;
mod load;
mod packing;
mod page;
mod release;
mod releases;
mod reproducible;
mod sbom;
mod screenshots;
mod serve;
mod test;
mod tools;
mod wasm_std;
mod weight;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

use crate::tools::Tool;
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
    /// Build the page and serve it on loopback.
    Serve(serve::Options),
    /// Run everything that CI runs.
    Test(test::Options),
    /// Measure the page in a browser.
    Bench(bench::Options),
    /// Picture every place of the page, in both schemes and at three widths.
    Screenshots(screenshots::Options),
    /// Print where the bytes of the modules are, by crate and by function.
    Weight,
    /// Ask for releases of etcd that have no row yet, and print their rows.
    Releases,
    /// Ask every client at hand what it says of each refusal, and write it down.
    ClientWords(client_words::Options),
    /// Give the readers damaged and hostile inputs, for longer than the tests do.
    Fuzz(fuzz::Options),
    /// List what the page and the program are made of, for readers of `CycloneDX`.
    Sbom,
    /// Build what people take without a toolchain, into dist/release.
    Release(release::Options),
    /// Build the release again as somebody else, and compare.
    Reproducible,
    /// Make the page work hard for a while, and hold that it stays as it was.
    Load(load::Options),
    /// Make sure that the outside programs which the judges need are there.
    Tools {
        /// Only these; all of them when none is named.
        tools: Vec<Tool>,
    },
}

fn main() -> ExitCode {
    match perform(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(chore: Chore) -> Result<()> {
    let workspace = Workspace::current();
    match chore {
        Chore::Build(options) => build::build(&workspace, &options).map(drop),
        Chore::Serve(options) => serve::serve(&workspace, &options),
        Chore::Test(options) => test::test(&workspace, &options),
        Chore::Bench(options) => bench::bench(&workspace, &options),
        Chore::Screenshots(options) => screenshots::screenshots(&workspace, &options),
        Chore::Weight => weight::weight(&workspace),
        Chore::Releases => releases::releases(&workspace),
        Chore::ClientWords(options) => client_words::client_words(&workspace, &options),
        Chore::Fuzz(options) => fuzz::fuzz(&workspace, &options),
        Chore::Sbom => {
            println!("{}", sbom::sbom(&workspace)?.display());
            Ok(())
        }
        Chore::Release(options) => release::release(&workspace, &options),
        Chore::Reproducible => reproducible::reproducible(&workspace),
        Chore::Load(options) => load::load(&workspace, &options),
        Chore::Tools { tools } if tools.is_empty() => {
            tools::provide_all(&workspace, Tool::value_variants())
        }
        Chore::Tools { tools } => tools::provide_all(&workspace, &tools),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn every_chore_takes_its_arguments() {
        Arguments::command().debug_assert();
    }
}
