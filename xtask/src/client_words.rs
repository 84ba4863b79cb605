//! Makes the table of what clients say anew: `tests/judges/client_speech.rs` lets real
//! clients be refused by real etcds, and writes down what it hears.

use anyhow::Result;
use clap::Args;

use crate::command::run;
use crate::tools;
use crate::workspace::Workspace;

/// Whom to ask; everybody, where nothing is named.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only these families, by the beginnings of their folders' names, with commas.
    #[arg(long, default_value = "")]
    families: String,
    /// Only these clients, by the beginnings of their names, with commas.
    #[arg(long, default_value = "")]
    clients: String,
    /// Only these releases of etcd, with commas.
    #[arg(long, default_value = "")]
    etcd: String,
    /// Only these refusals, by the beginnings of their letters, with commas.
    #[arg(long, default_value = "")]
    refusals: String,
}

/// Asks, and writes `tests/record/client-words-measured.jsonl`.
pub(crate) fn client_words(workspace: &Workspace, options: &Options) -> Result<()> {
    const JUDGE: &str = "client_speech";
    for tool in tools::of_judge(JUDGE)? {
        tools::provide(workspace, *tool)?;
    }
    let mut cargo = workspace.cargo("test");
    cargo
        .args(["--locked", "--features", "client-programs", "--test", JUDGE])
        .args(["--", "--nocapture"])
        .env("PATH", tools::search_path(workspace)?)
        .env("CLIENT_SPEECH", "all")
        .env("CLIENT_SPEECH_FAMILIES", &options.families)
        .env("CLIENT_SPEECH_CLIENTS", &options.clients)
        .env("CLIENT_SPEECH_ETCD", &options.etcd)
        .env("CLIENT_SPEECH_REFUSALS", &options.refusals);
    run(&mut cargo)
}
