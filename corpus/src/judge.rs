//! A question and sentences in; how well each sentence answers it, out.
//!
//! A cross-encoder reads question and sentence together, which tells an answer from a sentence that is merely about the
//! same thing; comparing two vectors cannot. It stands here beside the embedder because all models of the process share one
//! ONNX Runtime. The project's own judge is trained in `eval/train`; any ONNX cross-encoder with an output `logits` serves.
//!
//! Like the embedder it lives on a thread of its own behind a bounded queue, and no error holds a text.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use fastembed::{RerankInitOptionsUserDefined, TextRerank, UserDefinedRerankingModel};
use tokio::sync::oneshot;

use crate::embed::EmbedError;
use crate::embed::runtime::{environment, forget_words, read, tokenizer_files};
use crate::models::{Check, JudgeSettings, ModelFolder, ModelList};

/// Pairs that go through the model at once. Those of like length go together, so little is padded.
const BATCH: usize = 8;

/// How a judge is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeOptions {
    /// Which model of the list judges.
    pub model: String,
    /// Which entry of the list is the ONNX Runtime library.
    pub runtime: String,
    /// How many threads one inference uses.
    pub threads: usize,
    /// How many questions may wait.
    pub queue: usize,
}

/// A loaded judge. Cheap to clone; the model goes when the last clone does.
#[derive(Clone)]
pub struct Judge {
    jobs: SyncSender<Job>,
}

/// One question's sentences, and where their scores go.
struct Job {
    question: String,
    sentences: Vec<String>,
    reply: oneshot::Sender<Result<Vec<f32>, EmbedError>>,
}

/// The model with what is needed to ask it.
struct Engine {
    model: TextRerank,
    settings: JudgeSettings,
}

impl Judge {
    /// Verifies the model's files and the runtime library against the list, loads both and starts the model's thread.
    ///
    /// # Errors
    /// A file is missing or not what the list says, or the model gives no scores.
    pub fn open(list: &ModelList, folder: &ModelFolder, options: &JudgeOptions) -> Result<Self, EmbedError> {
        let model = list.get(&options.model)?;
        let unusable = |reason: String| EmbedError::Model {
            model: model.id.clone(),
            reason,
        };
        let settings = model
            .judge
            .clone()
            .ok_or_else(|| unusable("the list does not call it a judge".to_owned()))?;
        let library = folder.verify(list.get(&options.runtime)?, Check::Quick)?.main_path();
        let verified = folder.verify(model, Check::Quick)?;
        let definition = UserDefinedRerankingModel::new(
            read(&model.id, &verified.main_path())?,
            tokenizer_files(&model.id, &verified)?,
        );
        let init = RerankInitOptionsUserDefined::default()
            .with_environment(environment(&library)?)
            .with_max_length(settings.max_tokens)
            .with_intra_threads(options.threads.max(1));
        let mut model = TextRerank::try_new_from_user_defined(definition, init).map_err(|e| unusable(e.to_string()))?;
        forget_words(&mut model.tokenizer);
        let mut engine = Engine { model, settings };
        engine
            .scores("a", &["b".to_owned()])
            .map_err(|_| unusable("it gives no score".to_owned()))?;
        let (jobs, queue) = sync_channel(options.queue.max(1));
        thread::Builder::new()
            .name("judge".to_owned())
            .spawn(move || engine.serve(&queue))
            .map_err(|e| unusable(e.to_string()))?;
        Ok(Self { jobs })
    }

    /// How surely each sentence answers the question, from 0 to 1, in the order given.
    ///
    /// # Errors
    /// [`EmbedError::Busy`] when too many wait; otherwise the model failed.
    pub async fn scores(&self, question: String, sentences: Vec<String>) -> Result<Vec<f32>, EmbedError> {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            question,
            sentences,
            reply,
        };
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => EmbedError::Busy,
            TrySendError::Disconnected(_) => EmbedError::Stopped,
        })?;
        answer.await.map_err(|_| EmbedError::Stopped)?
    }
}

impl Engine {
    /// Works until the last [`Judge`] is gone. A panic of the model costs one question, not the thread.
    fn serve(mut self, queue: &Receiver<Job>) {
        while let Ok(job) = queue.recv() {
            if job.reply.is_closed() {
                continue;
            }
            let scores = catch_unwind(AssertUnwindSafe(|| self.scores(&job.question, &job.sentences)));
            // Whoever asked may have left in the meantime; then nobody misses the scores.
            let _ = job.reply.send(scores.unwrap_or(Err(EmbedError::Failed)));
        }
    }

    fn scores(&mut self, question: &str, sentences: &[String]) -> Result<Vec<f32>, EmbedError> {
        let mut order: Vec<usize> = (0..sentences.len()).collect();
        order.sort_by_key(|&i| sentences[i].len());
        let question = format!("{}{question}", self.settings.query_prefix);
        let prefix = &self.settings.passage_prefix;
        let texts: Vec<String> = order.iter().map(|&i| format!("{prefix}{}", sentences[i])).collect();
        // The engine's own error may quote its input, so only the fact of it goes on.
        let found = self.model.rerank(question, &texts, false, Some(BATCH));
        let mut scores = vec![f32::NAN; sentences.len()];
        for result in found.map_err(|_| EmbedError::Failed)? {
            let place = order.get(result.index).ok_or(EmbedError::Failed)?;
            scores[*place] = 1.0 / (1.0 + (-result.score).exp());
        }
        if scores.iter().all(|score| score.is_finite()) {
            Ok(scores)
        } else {
            Err(EmbedError::Failed)
        }
    }
}
