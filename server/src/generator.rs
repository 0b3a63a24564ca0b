//! A question and numbered texts in; the numbers that the model points at, or short sentences with the numbers
//! they cite, out.
//!
//! The model is a writer that nobody trusts: what it points at are numbers that we look up ourselves, and what it
//! writes is a draft that `verify` reads before anyone else does. It runs in a child process of this same program
//! (an abort in C++ must not take the service down) or behind an OpenAI-compatible address.

mod chat_template;
mod choice;
mod draft;
mod endpoint;
mod engine;
mod prompt;
mod protocol;
mod settings;
mod supervisor;
pub mod worker;

use std::path::Path;
use std::time::Duration;

use futures::future;
use futures::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use lotsen_corpus::models::{ModelError, ModelFolder, ModelList};

pub use self::draft::DraftSentence;
pub use self::endpoint::{Endpoint, EndpointFault};
pub use self::prompt::NumberedQuote;
pub use self::protocol::WorkerFault;
pub use self::settings::{EndpointSettings, GeneratorKind, GeneratorSettings, WorkerSettings};
pub use self::supervisor::Supervisor;

use self::prompt::Completion;

/// The text of one completion as it comes, in pieces of any size.
type Pieces = BoxStream<'static, Result<String, GeneratorError>>;

/// Where the language model runs, if there is one.
pub enum Generator {
    /// No model: quotes still work, summaries do not.
    Off,
    /// llama.cpp in a child process of this program.
    Worker(Supervisor),
    /// A server that speaks the OpenAI protocol.
    Endpoint(Endpoint),
}

/// Why there is no answer from the model. No variant holds any text of a question, a quote or an answer.
#[derive(Debug, thiserror::Error)]
pub enum GeneratorError {
    /// No model is configured.
    #[error("no language model is configured: set generator.kind to use one")]
    Off,
    /// More requests wait than the queue holds; the caller may come back in [`GeneratorError::RETRY_AFTER`].
    #[error("the queue of the language model is full: raise generator.queue, or give it a faster machine")]
    Busy,
    /// The worker ended in mid-answer or could not be started again. It comes back by itself.
    #[error("the language model's process ended; it is started again by itself")]
    Died,
    /// `generator.time_limit_s` passed before the answer was finished, waiting included.
    #[error("the language model did not finish within generator.time_limit_s")]
    TimedOut,
    /// Prompt and answer do not fit into the model's context.
    #[error("the prompt is too long: raise generator.worker.context or send fewer passages")]
    TooLong,
    /// The model answered in a form that was not asked for.
    #[error("the language model's answer did not have the form that was asked for")]
    Unusable,
    /// A prompt file of this program is broken.
    #[error("a prompt of this program cannot be rendered ({0})")]
    Prompt(minijinja::ErrorKind),
    /// A setting is missing or makes no sense.
    #[error("setting generator.{name}: {why}")]
    Setting {
        /// The setting's name below `generator`.
        name: &'static str,
        /// What to do about it.
        why: &'static str,
    },
    /// The model is not in the list, or its file is missing or not the one that the list names.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The worker process cannot be started at all.
    #[error("the language model's process cannot be started: {0}")]
    Spawn(#[source] std::io::Error),
    /// The worker started and could not do what it was told.
    #[error(transparent)]
    Worker(#[from] WorkerFault),
    /// The configured server did not answer as it should.
    #[error("the language model server: {0}")]
    Endpoint(#[from] EndpointFault),
}

impl GeneratorError {
    /// How long a caller does well to wait after [`GeneratorError::Busy`]: about one short answer on two cores.
    pub const RETRY_AFTER: Duration = Duration::from_secs(10);
}

impl Generator {
    /// Checks the settings and the model's file, starts the worker with this same program and waits until the model
    /// is loaded; for an address it only prepares the client.
    ///
    /// # Errors
    /// A setting that makes no sense, a file that is not the one in the list, a worker that cannot load it.
    pub async fn start(
        settings: &GeneratorSettings,
        models: &ModelList,
        folder: &ModelFolder,
    ) -> Result<Self, GeneratorError> {
        let this_program = std::env::current_exe().map_err(GeneratorError::Spawn)?;
        Self::start_with(settings, models, folder, &this_program).await
    }

    /// As [`Generator::start`], with the program that has the `worker` subcommand named by the caller. For programs
    /// that use this library and are not `lotsen-server` themselves, as tests are.
    ///
    /// # Errors
    /// As [`Generator::start`].
    pub async fn start_with(
        settings: &GeneratorSettings,
        models: &ModelList,
        folder: &ModelFolder,
        program: &Path,
    ) -> Result<Self, GeneratorError> {
        settings.check()?;
        Ok(match settings.kind {
            GeneratorKind::Off => Self::Off,
            GeneratorKind::Worker => Self::Worker(Supervisor::start(settings, models, folder, program).await?),
            GeneratorKind::Endpoint => Self::Endpoint(Endpoint::new(settings)?),
        })
    }

    /// The model's name as the reply shows it: its id in the list of models, or its name at the address.
    pub fn model_name(&self) -> Option<&str> {
        match self {
            Self::Off => None,
            Self::Worker(supervisor) => Some(supervisor.model_name()),
            Self::Endpoint(endpoint) => Some(endpoint.model_name()),
        }
    }

    /// Whether a request sent now would be worked on: true while the model is loaded, or an address is configured.
    pub fn ready(&self) -> bool {
        match self {
            Self::Off => false,
            Self::Worker(supervisor) => supervisor.ready(),
            Self::Endpoint(_) => true,
        }
    }

    /// The model points: indexes into `sentences` (from 0), the most important first, at most `max`, none when the
    /// model finds no answer in them. Dropping the future frees the model within 250 ms.
    ///
    /// # Errors
    /// See [`GeneratorError`]; [`GeneratorError::Unusable`] only from an address, the worker is bound by a grammar.
    pub async fn choose(&self, question: &str, sentences: &[String], max: usize) -> Result<Vec<usize>, GeneratorError> {
        if sentences.is_empty() || max == 0 {
            return Ok(Vec::new());
        }
        let completion = prompt::choose(question, sentences, max)?;
        let answer: String = self.complete(completion).try_collect().await?;
        choice::read(&answer, sentences.len(), max).ok_or(GeneratorError::Unusable)
    }

    /// The model writes klarspråk from numbered quotes: whole sentences, as they are finished, with the numbers of
    /// the quotes they cite. Nothing here says that a sentence is true. Dropping the stream frees the model within
    /// 250 ms; after an error nothing more comes.
    pub fn summarise(
        &self,
        question: &str,
        quotes: &[NumberedQuote],
    ) -> impl Stream<Item = Result<DraftSentence, GeneratorError>> + Send + use<> {
        let pieces = match prompt::summarise(question, quotes) {
            // Without a quote there is no number to cite, and so nothing that may be written.
            _ if quotes.is_empty() => stream::empty().boxed(),
            Ok(completion) => self.complete(completion),
            Err(error) => failed(error),
        };
        draft::sentences(pieces, quotes.iter().map(|quote| quote.number).collect())
    }

    fn complete(&self, completion: Completion) -> Pieces {
        match self {
            Self::Off => failed(GeneratorError::Off),
            Self::Worker(supervisor) => until_error(supervisor.complete(completion)),
            Self::Endpoint(endpoint) => until_error(endpoint.complete(completion)),
        }
    }
}

fn failed(error: GeneratorError) -> Pieces {
    stream::once(future::ready(Err(error))).boxed()
}

/// An error is the last thing a caller gets, and does not wait until the model has let go of the request.
fn until_error(pieces: impl Stream<Item = Result<String, GeneratorError>> + Send + 'static) -> Pieces {
    let until = pieces.scan(false, |ended, piece| {
        let last = std::mem::replace(ended, piece.is_err());
        future::ready((!last).then_some(piece))
    });
    until.boxed()
}
