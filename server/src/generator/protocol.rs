//! What parent and worker say to each other: one JSON object a line, orders on the worker's standard input, events on
//! its standard output. The types have no `Debug` where they hold text.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::prompt::Completion;

/// Longest line that the parent reads, in bytes. One token is some characters; more means that the worker is out of
/// its mind.
pub(super) const MAX_EVENT_BYTES: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// The first order, once.
    Load(Load),
    /// Numbers rise by one from request to request.
    Complete {
        id: u64,
        max_tokens: u32,
        completion: Completion,
    },
    /// Stops the request if it still runs; its `Done` comes all the same.
    Cancel { id: u64 },
}

/// What the worker needs to know to load its model.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Load {
    pub(super) model: PathBuf,
    /// At least 1.
    pub(super) threads: u16,
    /// Tokens of prompt and answer together.
    pub(super) context: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Event {
    /// The model is loaded.
    Ready,
    Text {
        id: u64,
        text: String,
    },
    Done {
        id: u64,
        work: Work,
    },
    /// With an id the request failed and the worker goes on; without one it could not load and ends.
    Failed {
        id: Option<u64>,
        fault: WorkerFault,
    },
}

/// How much a request cost. Only numbers: it goes into logs and metrics.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Work {
    /// Prompt tokens that had to be evaluated.
    pub(super) prompt_tokens: usize,
    /// Prompt tokens taken from an earlier request of the same kind.
    pub(super) reused_tokens: usize,
    pub(super) answer_tokens: usize,
    pub(super) prompt_ms: u64,
    pub(super) answer_ms: u64,
}

/// What a worker could not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum WorkerFault {
    /// The system refused the limits that keep the worker harmless.
    #[error(
        "the worker could not limit itself (core dumps, file writes, memory): check the limits of the service unit"
    )]
    Limits,
    /// llama.cpp refused the file or had too little memory.
    #[error("llama.cpp cannot load the model: check that it is a supported GGUF model and that memory suffices")]
    Load,
    /// A base model, not an instruction-tuned one, or a template this program cannot run.
    #[error("the model has no usable chat template: choose an instruction-tuned model")]
    ChatTemplate,
    /// The model was not trained for so long a context.
    #[error("generator.worker.context is larger than the {trained} tokens that the model was trained with")]
    Context {
        /// The longest context of the model, in tokens.
        trained: u32,
    },
    /// Prompt and answer do not fit.
    #[error("the prompt does not fit into the context")]
    TooLong,
    /// The grammar was refused, or llama.cpp failed while evaluating.
    #[error("llama.cpp failed while evaluating the prompt")]
    Evaluate,
}
