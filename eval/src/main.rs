//! `lotsen-eval`: asks a running service questions whose right places are known, and scores what comes back.
//!
//! It knows the service only through its HTTP contract, so it is also the contract's second, independent reader.
//! In the order of the data: `cases` (questions in, by line from `jsonl`), `client` (asked over HTTP), `measure` (one case scored),
//! `table` (all cases summed up), `abstention` (where the line could be drawn), `retrieval` (headings as queries),
//! `swefaq` (questions to authorities), `report` (Markdown and JSON out), `baseline` (compared with the last accepted run).

mod abstention;
mod baseline;
mod cases;
mod client;
mod jsonl;
mod measure;
mod report;
mod retrieval;
mod swefaq;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use cases::{Case, Half};
use client::Client;

/// Ask a running Lotsen questions with known places and score the replies.
///
/// Reads questions from TOML (the project's own format, see eval/questions/) or JSON Lines, asks each of them with
/// /v1/search and /v1/ask, and prints recall, right place cited, verbatim quotes, refusals and latencies per kind of
/// question. With --baseline it exits with 1 when a score has fallen below the accepted one.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where the service answers.
    #[arg(long, env = "LOTSEN_URL", default_value = "http://localhost:8080")]
    url: String,
    /// Question files: .toml or .jsonl.
    #[arg(required_unless_present_any = ["headings", "swefaq"])]
    questions: Vec<PathBuf>,
    /// Measure search alone instead, with the headings of statutes in this file (.jsonl) as queries: nDCG@10.
    #[arg(long, conflicts_with = "questions")]
    headings: Option<PathBuf>,
    /// Measure search alone instead, with the questions of this SweFAQ file (.jsonl), each among the answers of its category.
    #[arg(long, conflicts_with_all = ["questions", "headings"])]
    swefaq: Option<PathBuf>,
    /// Write the answers of --swefaq to this folder as documents with a list of sources to ingest, and ask nothing.
    #[arg(long, requires = "swefaq")]
    sources: Option<PathBuf>,
    /// Ask only one half of the questions, parted by a hash of their ids: tune on one, report the other.
    #[arg(long, value_enum, default_value_t = Half::All)]
    half: Half,
    /// Whether answers are quotes alone or also the model's checked summary.
    #[arg(long, value_enum, default_value_t = Mode::Quotes)]
    mode: Mode,
    /// Write the report as Markdown to this file (it is always printed).
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Write every measurement as JSON to this file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Compare with the scores in this file; exit with 1 when one has fallen.
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// Write this run's scores to the baseline file instead of comparing.
    #[arg(long, requires = "baseline")]
    accept: bool,
    /// Print each case that went wrong.
    #[arg(long)]
    misses: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    /// Quotes alone.
    Quotes,
    /// The model's checked summary before the quotes.
    Summary,
}

impl Mode {
    fn as_str(self) -> &'static str {
        match self {
            Mode::Quotes => "quotes",
            Mode::Summary => "summary",
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(file) = &arguments.headings {
        let client = Client::new(&arguments.url)?;
        let headings: Vec<retrieval::Heading> = jsonl::read(file)?;
        print!("{}", retrieval::report(&client, &headings).await?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(file) = &arguments.swefaq {
        let questions: Vec<swefaq::Question> = jsonl::read(file)?;
        match &arguments.sources {
            Some(folder) => swefaq::write_sources(&questions, folder)?,
            None => print!("{}", swefaq::report(&Client::new(&arguments.url)?, &questions).await?),
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut cases = Vec::new();
    for file in &arguments.questions {
        cases.extend(cases::read(file)?);
    }
    cases.retain(|case| arguments.half.holds(&case.id));
    anyhow::ensure!(!cases.is_empty(), "no questions left: check the files and --half");

    let client = Client::new(&arguments.url)?;
    let release = client
        .release()
        .await
        .with_context(|| format!("no service answers at {}", arguments.url))?;
    let results = ask_all(&client, cases, arguments.mode).await?;
    let scores = table::sum_up(&results);

    let text = report::markdown(&scores, &results, &release, arguments.half, arguments.misses);
    print!("{text}");
    if let Some(path) = &arguments.markdown {
        std::fs::write(path, &text).with_context(|| path.display().to_string())?;
    }
    if let Some(path) = &arguments.json {
        std::fs::write(path, report::json(&scores, &results, &release)?).with_context(|| path.display().to_string())?;
    }
    match &arguments.baseline {
        Some(path) if arguments.accept => baseline::accept(path, &scores).map(|()| ExitCode::SUCCESS),
        Some(path) => baseline::compare(path, &scores),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// One case at a time: latencies are those of a service with nothing else to do.
async fn ask_all(client: &Client, cases: Vec<Case>, mode: Mode) -> Result<Vec<measure::Measured>> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} ({eta})")?;
    let bar = ProgressBar::new(cases.len() as u64).with_style(style);
    let mut results = Vec::with_capacity(cases.len());
    for case in cases {
        bar.set_message(case.id.clone());
        let measured = measure::case(client, case, mode.as_str()).await?;
        results.push(measured);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(results)
}
