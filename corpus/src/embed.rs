//! Text in; the vector of its meaning out.
//!
//! The model blocks for milliseconds to seconds, so it lives on a thread of its own behind a bounded queue: questions go
//! before passages, and when too many wait the answer is an honest [`EmbedError::Busy`]. No error holds a text.

pub mod cache;
mod engine;
mod queue;
pub(crate) mod runtime;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use serde::Deserialize;

use crate::models::{Check, EmbeddingSettings, Model, ModelError, ModelFolder, ModelList};
use crate::release::EmbeddingStamp;
use engine::Engine;
use queue::{Job, Queue};
pub use runtime::environment;

/// How the embedding model is run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmbedSettings {
    /// Which model of the list makes the vectors.
    pub model: String,
    /// A model of the list that makes the vectors of questions instead, in the same space; passages keep those of `model`.
    #[serde(default)]
    pub questions: Option<String>,
    /// Which entry of the list is the ONNX Runtime library.
    pub runtime: String,
    /// How many threads one inference uses.
    pub threads: usize,
    /// How many requests may wait, of questions and of passages each.
    pub queue: usize,
    /// How many passages go through the model at once; a question waits for one such batch at most.
    pub batch: usize,
}

impl Default for EmbedSettings {
    fn default() -> Self {
        Self {
            model: "multilingual-e5-small".to_owned(),
            questions: None,
            runtime: "onnxruntime".to_owned(),
            threads: 2,
            queue: 32,
            batch: 8,
        }
    }
}

/// Why there is no vector. No variant holds a text.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// A file of the model or of the runtime is missing or not what the list says.
    #[error(transparent)]
    Files(#[from] ModelError),
    /// The ONNX Runtime library could not be used.
    #[error(
        "ONNX Runtime cannot be loaded from {library} ({reason}): version 1.24 or later is needed, run `lotsen-ingest models fetch`"
    )]
    Runtime {
        /// Which library.
        library: String,
        /// What the loader said.
        reason: String,
    },
    /// The model could not be loaded.
    #[error("embedding model \"{model}\" cannot be used: {reason}")]
    Model {
        /// Its name in the list.
        model: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Too many requests wait already; a later try may do.
    #[error("the embedding model has too many requests waiting")]
    Busy,
    /// The model failed on this request.
    #[error("the embedding model failed on a request")]
    Failed,
    /// The model's thread is gone.
    #[error("the embedding model's thread has stopped: restart the program")]
    Stopped,
}

/// What a text is to the model; some models want to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Query,
    Passage,
}

/// A loaded embedding model. Cheap to clone; the model goes when the last clone does.
#[derive(Clone)]
pub struct Embedder {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Arc<Queue>,
    stamp: EmbeddingStamp,
    settings: EmbeddingSettings,
    tokenizer: tokenizers::Tokenizer,
    batch: usize,
    truncated: Arc<AtomicU64>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Embedder {
    /// Verifies the model's files and the runtime library against the list, loads both and starts the model's thread.
    pub fn open(list: &ModelList, folder: &ModelFolder, settings: &EmbedSettings) -> Result<Self, EmbedError> {
        let library = folder.verify(list.get(&settings.runtime)?, Check::Quick)?.main_path();
        let (model, embedding) = embedding_model(list, &settings.model)?;
        let verified = folder.verify(model, Check::Quick)?;
        let engine = Engine::load(&model.id, &verified, &library, &embedding, settings.threads)?;
        let questions = match &settings.questions {
            None => None,
            Some(id) => {
                let (model, asked) = embedding_model(list, id)?;
                if asked != embedding {
                    return Err(EmbedError::Model {
                        model: id.clone(),
                        reason: format!("its settings in the list differ from those of {}", settings.model),
                    });
                }
                let verified = folder.verify(model, Check::Quick)?;
                Some(Engine::load(id, &verified, &library, &embedding, settings.threads)?)
            }
        };
        let tokenizer = engine::counting_tokenizer(&model.id, &verified)?;
        let stamp = stamp(list, &settings.model)?;
        let queue = Arc::new(Queue::new(settings.queue));
        let jobs = Arc::clone(&queue);
        thread::Builder::new()
            .name("embed".to_owned())
            .spawn(move || engine.serve(questions, &jobs))
            .map_err(|e| EmbedError::Model {
                model: model.id.clone(),
                reason: e.to_string(),
            })?;
        Ok(Self {
            shared: Arc::new(Shared {
                queue,
                stamp,
                settings: embedding,
                tokenizer,
                batch: settings.batch.max(1),
                truncated: Arc::default(),
            }),
        })
    }

    /// Which model makes the vectors, for the manifest.
    pub fn stamp(&self) -> &EmbeddingStamp {
        &self.shared.stamp
    }

    /// The vector of a question, of length one.
    pub async fn query(&self, text: String) -> Result<Vec<f32>, EmbedError> {
        let reply = self.submit(Role::Query, vec![text])?;
        only(reply.await.map_err(|_| EmbedError::Stopped)??)
    }

    /// The vectors of passages, in their order, each of length one.
    pub async fn passages(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(self.shared.batch) {
            let reply = self.submit(Role::Passage, batch.to_vec())?;
            vectors.extend(reply.await.map_err(|_| EmbedError::Stopped)??);
        }
        Ok(vectors)
    }

    /// [`Embedder::query`] for code that is not async; it must not be called from async code.
    pub fn query_blocking(&self, text: String) -> Result<Vec<f32>, EmbedError> {
        let reply = self.submit(Role::Query, vec![text])?;
        only(reply.blocking_recv().map_err(|_| EmbedError::Stopped)??)
    }

    /// [`Embedder::passages`] for code that is not async; it must not be called from async code.
    pub fn passages_blocking(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(self.shared.batch) {
            let reply = self.submit(Role::Passage, batch.to_vec())?;
            vectors.extend(reply.blocking_recv().map_err(|_| EmbedError::Stopped)??);
        }
        Ok(vectors)
    }

    /// How many tokens a passage has for the model, its prefix and the two marks around it included.
    pub fn tokens(&self, passage: &str) -> Result<usize, EmbedError> {
        let text = format!("{}{passage}", self.shared.settings.passage_prefix);
        let encoding = self
            .shared
            .tokenizer
            .encode_fast(text, true)
            .map_err(|_| EmbedError::Failed)?;
        Ok(encoding.len())
    }

    /// The longest passage that the model reads whole, in tokens.
    pub fn max_tokens(&self) -> usize {
        self.shared.settings.max_tokens
    }

    /// How many passages so far were longer than [`Embedder::max_tokens`], so that their end is in no vector.
    pub fn truncated(&self) -> u64 {
        self.shared.truncated.load(Ordering::Relaxed)
    }

    fn submit(&self, role: Role, texts: Vec<String>) -> Result<queue::Reply, EmbedError> {
        let prefix = match role {
            Role::Query => &self.shared.settings.query_prefix,
            Role::Passage => &self.shared.settings.passage_prefix,
        };
        if role == Role::Passage {
            for text in &texts {
                let is_cut = self.tokens(text)? > self.shared.settings.max_tokens;
                self.shared.truncated.fetch_add(u64::from(is_cut), Ordering::Relaxed);
            }
        }
        let texts = texts.iter().map(|text| format!("{prefix}{text}")).collect();
        let (job, reply) = Job::new(texts);
        self.shared.queue.push(role, job)?;
        Ok(reply)
    }
}

/// What the manifest says of the vectors of the model of this name. Nothing is loaded for it.
pub fn stamp(list: &ModelList, id: &str) -> Result<EmbeddingStamp, EmbedError> {
    let (model, settings) = embedding_model(list, id)?;
    Ok(EmbeddingStamp {
        model: model.id.clone(),
        sha256: model.main_file().sha256.clone(),
        dimensions: settings.dimensions,
    })
}

/// The model of this name with its settings, if the list calls it an embedding model.
fn embedding_model<'a>(list: &'a ModelList, id: &str) -> Result<(&'a Model, EmbeddingSettings), EmbedError> {
    let model = list.get(id)?;
    match model.embedding.clone() {
        Some(settings) => Ok((model, settings)),
        None => Err(EmbedError::Model {
            model: id.to_owned(),
            reason: "the list does not call it an embedding model".to_owned(),
        }),
    }
}

fn only(mut vectors: Vec<Vec<f32>>) -> Result<Vec<f32>, EmbedError> {
    vectors.pop().ok_or(EmbedError::Failed)
}
