//! Settings: the built-in defaults, a file and environment variables in, checked and typed [`Settings`] out.
//!
//! `config.default.toml` is at once the defaults, their documentation and the template of a site's own file. Every section
//! refuses keys that it does not know, so that a misspelt setting stops the start instead of being ignored.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::Uri;
use config::{Config, Environment, File, FileFormat};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lotsen_corpus::index::IndexSettings;
use lotsen_guard::ClassifierSettings;
use serde::Deserialize;

use crate::generator::{GeneratorKind, GeneratorSettings};

/// The commented defaults, as `lotsen-server config` prints them.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A source could not be read, or holds a value of the wrong type or a setting that does not exist.
    #[error("settings: {0}")]
    Read(config::ConfigError),
    /// A value has the right type but makes no sense.
    #[error("setting {field}: {reason}")]
    Invalid {
        /// The setting, as `section.key`.
        field: &'static str,
        /// What is wrong with it and what would be right.
        reason: String,
    },
}

/// All settings. What each means, and why its default is what it is, stands in `config.default.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where to listen and how to stop.
    pub server: Server,
    /// What one client, and all of them, may ask for.
    pub limits: Limits,
    /// What the log shows.
    pub log: Log,
    /// Where releases are.
    pub data: Data,
    /// Where models are.
    pub models: Models,
    /// What looks for personal data beside the rules.
    pub guard: GuardSettings,
    /// How questions become vectors.
    pub embedding: Embedding,
    /// Which engine holds the vectors.
    pub index: IndexSettings,
    /// How wide to search.
    pub retrieve: Retrieve,
    /// Who reads what was found.
    pub judge: Judge,
    /// How much to quote.
    pub point: Point,
    /// The language model, if any.
    pub generator: GeneratorSettings,
}

/// Section `[server]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
    /// Where its users reach it, without the last slash; empty for the address that it listens on.
    pub public_url: String,
    /// Seconds that running answers get after SIGTERM.
    pub shutdown_seconds: u64,
    /// IANA name of the time zone that says which day it is.
    pub time_zone: String,
}

/// Section `[limits]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes in a request body.
    pub body_bytes: usize,
    /// Open connections.
    pub connections: usize,
    /// Requests at the same time, answers apart.
    pub requests: usize,
    /// Answers at the same time.
    pub answers: usize,
    /// Seconds to send the headers.
    pub header_seconds: u64,
    /// Seconds to send the body.
    pub body_seconds: u64,
    /// Seconds that anything but an answer may take.
    pub request_seconds: u64,
    /// Seconds that an answer may take.
    pub answer_seconds: u64,
    /// Seconds without reading after which a client is cut off.
    pub stalled_client_seconds: u64,
    /// Seconds between comment lines of an event stream.
    pub heartbeat_seconds: u64,
    /// Seconds that Retry-After asks for.
    pub retry_after_seconds: u64,
}

/// Section `[log]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The least severe level that is shown.
    pub level: LogLevel,
    /// For whom it is written.
    pub format: LogFormat,
}

/// How much the log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the levels of every log")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Section `[data]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The folder of releases.
    pub dir: PathBuf,
    /// Seconds between looks for a new release.
    pub poll_seconds: u64,
}

/// Section `[models]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Models {
    /// The folder of models.
    pub dir: PathBuf,
    /// The site's own list of models; the built-in one when absent.
    #[serde(default)]
    pub list: Option<PathBuf>,
}

/// Section `[guard]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardSettings {
    /// The id, in the list of models, of a token classification model; the rules alone when absent.
    #[serde(default)]
    pub model: Option<String>,
    /// How that model is used.
    pub classifier: ClassifierSettings,
}

/// Section `[embedding]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// The embedding model's id in the list.
    pub model: String,
    /// The model for questions, if another; empty for the same.
    pub questions: String,
    /// Processor threads.
    pub threads: usize,
    /// Texts that may wait.
    pub queue: usize,
}

/// Section `[retrieve]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrieve {
    /// Candidates of each kind of search.
    pub candidates: usize,
    /// Passages that go on to the choice of sentences.
    pub passages: usize,
}

/// Section `[judge]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judge {
    /// The judge's id in the list; empty for none.
    pub model: String,
    /// Passages that it reads.
    pub passages: usize,
    /// Processor threads.
    pub threads: usize,
    /// Questions that may wait.
    pub queue: usize,
}

/// Section `[point]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Who chooses the sentences.
    pub chooser: ChooserKind,
    /// Most sentences quoted in one answer.
    pub sentences: usize,
}

/// Who chooses the sentences to quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChooserKind {
    /// Vectors, words and rank.
    Scorer,
    /// The language model under a grammar.
    Model,
}

impl Settings {
    /// Reads the defaults, then `file`, then the environment, and checks the result.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let environment = Environment::with_prefix("LOTSEN")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true);
        Self::from_sources(file, environment)
    }

    fn from_sources(file: Option<&Path>, environment: Environment) -> Result<Self, SettingsError> {
        let mut sources = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(file) = file {
            sources = sources.add_source(File::from(file).format(FileFormat::Toml));
        }
        let read = sources.add_source(environment).build();
        let settings: Self = read.and_then(Config::try_deserialize).map_err(SettingsError::Read)?;
        settings.check()?;
        Ok(settings)
    }

    /// Where users reach the service, without a slash at the end: what links for other programs begin with.
    pub fn public_url(&self) -> String {
        match self.server.public_url.trim_end_matches('/') {
            "" => format!("http://{}", self.server.listen),
            url => url.to_owned(),
        }
    }

    /// How long an answer may take.
    pub fn answer_time(&self) -> Duration {
        Duration::from_secs(self.limits.answer_seconds)
    }

    /// Which day it is here.
    pub fn today(&self) -> Date {
        let zone = TimeZone::get(&self.server.time_zone).unwrap_or(TimeZone::UTC);
        jiff::Timestamp::now().to_zoned(zone).date()
    }

    fn check(&self) -> Result<(), SettingsError> {
        let limits = &self.limits;
        let at_least_one = [
            ("limits.connections", limits.connections),
            ("limits.requests", limits.requests),
            ("limits.answers", limits.answers),
            ("embedding.threads", self.embedding.threads),
            ("embedding.queue", self.embedding.queue),
            ("retrieve.candidates", self.retrieve.candidates),
            ("retrieve.passages", self.retrieve.passages),
            ("judge.passages", self.judge.passages),
            ("judge.threads", self.judge.threads),
            ("judge.queue", self.judge.queue),
            ("point.sentences", self.point.sentences),
            ("generator.queue", self.generator.queue),
        ];
        for (field, value) in at_least_one {
            within(field, value as u64, 1, 1_000_000)?;
        }
        within("limits.body_bytes", limits.body_bytes as u64, 1_024, 1 << 20)?;
        let seconds = [
            ("limits.header_seconds", limits.header_seconds, 600),
            ("limits.body_seconds", limits.body_seconds, 600),
            ("limits.request_seconds", limits.request_seconds, 3_600),
            ("limits.answer_seconds", limits.answer_seconds, 3_600),
            ("limits.stalled_client_seconds", limits.stalled_client_seconds, 600),
            ("limits.heartbeat_seconds", limits.heartbeat_seconds, 10),
            ("limits.retry_after_seconds", limits.retry_after_seconds, 3_600),
            ("data.poll_seconds", self.data.poll_seconds, 86_400),
        ];
        for (field, value, most) in seconds {
            within(field, value, 1, most)?;
        }
        within("server.shutdown_seconds", self.server.shutdown_seconds, 0, 600)?;
        if self.retrieve.passages > self.retrieve.candidates {
            let reason = format!("must not exceed retrieve.candidates ({})", self.retrieve.candidates);
            return Err(invalid("retrieve.passages", reason));
        }
        if self.judge.model.is_empty() && !self.embedding.questions.is_empty() {
            return Err(invalid(
                "judge.model",
                "without a judge embedding.questions must be empty too: its vectors tell the order, not how near an answer is",
            ));
        }
        if self.point.chooser == ChooserKind::Model && self.generator.kind == GeneratorKind::Off {
            return Err(invalid(
                "point.chooser",
                "\"model\" needs a language model: set generator.kind",
            ));
        }
        let public_url: Result<Uri, _> = self.public_url().parse();
        if !public_url.is_ok_and(|url| names_a_server(&url)) {
            return Err(invalid(
                "server.public_url",
                "must be a scheme and a host, such as https://lotsen.example.se",
            ));
        }
        if TimeZone::get(&self.server.time_zone).is_err() {
            return Err(invalid(
                "server.time_zone",
                "must be an IANA name such as Europe/Stockholm",
            ));
        }
        Ok(())
    }
}

/// A scheme and a host and nothing after it.
fn names_a_server(url: &Uri) -> bool {
    let web = url
        .scheme_str()
        .is_some_and(|scheme| ["http", "https"].contains(&scheme));
    web && url.host().is_some_and(|host| !host.is_empty()) && url.path() == "/" && url.query().is_none()
}

fn within(field: &'static str, value: u64, least: u64, most: u64) -> Result<(), SettingsError> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(invalid(field, format!("{value} is not within {least} to {most}")))
    }
}

fn invalid(field: &'static str, reason: impl Into<String>) -> SettingsError {
    SettingsError::Invalid {
        field,
        reason: reason.into(),
    }
}

#[cfg(test)]
#[path = "config/tests.rs"]
mod tests;
