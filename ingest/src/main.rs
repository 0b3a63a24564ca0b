//! In: a command line. Out: the work of `lotsen-ingest` done, or an English sentence that says what to do about it.

mod commands;

use std::process::ExitCode;

use clap::Parser;

/// Prepares what Lotsen answers from: reads statutes and guidelines into a release that the server can search
///
/// A release is built beside the one that serves and switched to when it is complete, so a run may be stopped at any
/// moment. Running again costs what has changed.
///
/// Exit codes: 0 all is well, 1 nothing was done (the message says why), 2 done, but some documents could not be read.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> anyhow::Result<ExitCode> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LOTSEN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("lotsen=info,error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    commands::run(Cli::parse().command)
}
