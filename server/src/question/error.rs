//! Why a request gets no reply: what is wrong with it, or which part of the service failed. No variant holds its text.

use std::fmt;
use std::time::Duration;

use lotsen_corpus::embed::EmbedError;
use lotsen_corpus::index::IndexError;
use lotsen_guard::Finding;

use crate::generator::GeneratorError;

/// Why there is no reply at all. A refusal that the reader should see is a reply, not one of these.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The request is outside the limits.
    #[error("field {field}: {reason}")]
    Invalid {
        /// Which field of the request.
        field: String,
        /// What is wrong with it.
        reason: Invalid,
    },
    /// There is personal data in it; nothing but the guard has seen it.
    #[error("personal data in {field} ({} findings)", findings.len())]
    PersonalData {
        /// Which field of the request: `question`, `history[0].content`, `query`.
        field: String,
        /// What was found where, in code points of that field.
        findings: Vec<Finding>,
    },
    /// Every place in a queue is taken.
    #[error("all queues are full")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// Nobody waits for the reply any more.
    #[error("the client went away")]
    Cancelled,
    /// The embedding model failed.
    #[error("the embedding model failed: {0}")]
    Embed(#[source] EmbedError),
    /// The index failed.
    #[error("the index failed: {0}")]
    Index(#[source] IndexError),
    /// The language model failed in the middle of an answer.
    #[error("the language model failed: {0}")]
    Generator(#[source] GeneratorError),
}

impl AskError {
    /// A full queue of the embedding model is not a fault of it.
    pub(crate) fn from_embed(error: EmbedError) -> Self {
        match error {
            EmbedError::Busy => AskError::Busy {
                retry_after: Duration::from_secs(1),
            },
            other => AskError::Embed(other),
        }
    }

    /// A full queue of the language model is not a fault of it.
    pub(crate) fn from_generator(error: GeneratorError) -> Self {
        match error {
            GeneratorError::Busy => AskError::Busy {
                retry_after: GeneratorError::RETRY_AFTER,
            },
            other => AskError::Generator(other),
        }
    }
}

/// What can be wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// It holds nothing.
    Empty,
    /// It has more characters than allowed.
    TooLong {
        /// How many are allowed.
        max: usize,
    },
    /// It has more entries than allowed.
    TooMany {
        /// How many are allowed.
        max: usize,
    },
    /// It is not between the bounds.
    OutOfRange {
        /// Least allowed.
        min: usize,
        /// Most allowed.
        max: usize,
    },
    /// It names no paragraph of an act.
    NotAProvision,
    /// It names no field of the request.
    NotAField,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Invalid::Empty => f.write_str("must not be empty"),
            Invalid::TooLong { max } => write!(f, "at most {max} characters"),
            Invalid::TooMany { max } => write!(f, "at most {max} entries"),
            Invalid::OutOfRange { min, max } => write!(f, "from {min} to {max}"),
            Invalid::NotAProvision => f.write_str("must name a paragraph of an act"),
            Invalid::NotAField => f.write_str("must name a field of the request"),
        }
    }
}
