//! In: a command line. Out: the work of `lotsen-ingest` done, or an English sentence that says what to do about it.

use clap::{Parser, Subcommand};
use lotsen_ingest::models::ModelsCommand;

/// Prepares what Lotsen answers from
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Models(ModelsCommand),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Models(models) => Ok(models.run()?),
    }
}
