//! The `[generator]` table of the configuration in, checked settings out.

use std::time::Duration;

use serde::Deserialize;

use super::GeneratorError;

/// Longest answer that may be configured, in tokens. A reply's buffer holds this many pieces, so that a caller who
/// does not read never stops the model.
pub(super) const MAX_TOKENS_LIMIT: u32 = 1024;

/// `[generator]`: whether there is a language model, where it runs, and how much of it one request may use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneratorSettings {
    /// Where the model runs.
    pub kind: GeneratorKind,
    /// Requests that may wait while one is answered; the next gets [`GeneratorError::Busy`].
    pub queue: usize,
    /// Longest time from request to the last word, waiting included, in seconds.
    pub time_limit_s: u64,
    /// Longest summary, in tokens (about three characters of Swedish each).
    pub max_tokens: u32,
    /// Used when `kind = "worker"`.
    pub worker: WorkerSettings,
    /// Used when `kind = "endpoint"`.
    pub endpoint: EndpointSettings,
}

/// Where the language model runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GeneratorKind {
    /// There is none.
    Off,
    /// In a child process, from a GGUF file.
    Worker,
    /// At an OpenAI-compatible address.
    Endpoint,
}

/// `[generator.worker]`: the model and the share of the machine it gets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerSettings {
    /// The model's id in the list of models: an instruction-tuned one of kind `language`. Its file is compared with the
    /// list before anything loads it.
    pub model: String,
    /// Threads for the model; 0 takes one for each core.
    pub threads: u16,
    /// Tokens of prompt and answer together.
    pub context: u32,
    /// Longest time for loading the model, in seconds.
    pub load_limit_s: u64,
}

/// `[generator.endpoint]`: an OpenAI-compatible server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointSettings {
    /// The address up to and without `/v1`, for example `http://gpu-node:8000`.
    pub base_url: Option<String>,
    /// The model's name at that server.
    pub model: Option<String>,
    /// The environment variable that holds the key, if the server wants one. The key itself never stands in a file.
    pub api_key_env: Option<String>,
    /// Whether to send the grammar along, which llama.cpp's server understands and others refuse.
    pub send_grammar: bool,
}

impl GeneratorSettings {
    /// Longest time from request to the last word.
    pub(super) fn time_limit(&self) -> Duration {
        Duration::from_secs(self.time_limit_s)
    }

    /// Refuses numbers that no generator can work with, whatever its kind.
    pub(super) fn check(&self) -> Result<(), GeneratorError> {
        if self.time_limit_s == 0 {
            return Err(GeneratorError::Setting {
                name: "time_limit_s",
                why: "must be at least 1 second",
            });
        }
        if self.max_tokens == 0 || self.max_tokens > MAX_TOKENS_LIMIT {
            return Err(GeneratorError::Setting {
                name: "max_tokens",
                why: "must be between 1 and 1024",
            });
        }
        Ok(())
    }
}
