//! Events in, lines on standard error out; and what a panic may say.
//!
//! No event of this program holds text of a question, an answer or a history, at any level. Other crates' events are let
//! through from `warn` only: some of them log what passes through them.

use std::io;
use std::panic;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;
use tracing_subscriber::util::TryInitError;

use crate::config::{Log, LogFormat, LogLevel};

/// Starts logging for the whole process. To be called once.
///
/// # Errors
/// Something else logs already.
pub fn start(settings: &Log) -> Result<(), TryInitError> {
    let registry = tracing_subscriber::registry().with(filter(settings.level));
    let lines = fmt::layer().with_writer(io::stderr).with_target(false);
    match settings.format {
        LogFormat::Text => registry.with(lines).try_init()?,
        LogFormat::Json => registry
            .with(lines.json().flatten_event(true).with_span_list(false))
            .try_init()?,
    }
    silence_panics();
    Ok(())
}

/// What is shown at a level.
pub fn filter(level: LogLevel) -> Targets {
    let ours = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    Targets::new()
        .with_default(ours.min(LevelFilter::WARN))
        .with_target("lotsen_server", ours)
        .with_target("lotsen_corpus", ours)
        .with_target("lotsen_guard", ours)
        // It quotes headers and messages that it does not like.
        .with_target("rmcp", LevelFilter::OFF)
}

/// A panic's message may quote what it was working on, so only its place is told.
pub fn silence_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place = place.as_deref().unwrap_or("unknown"), "panic");
    }));
}
