//! A verified model in; on its own thread, texts into vectors.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use fastembed::{InitOptionsUserDefined, TextEmbedding, UserDefinedEmbeddingModel};
use tokenizers::Tokenizer;

use super::EmbedError;
use super::Role;
use super::queue::{Queue, Vectors};
use super::runtime::{environment, forget_words, read, tokenizer_files};
use crate::models::{EmbeddingSettings, Pooling, Quantisation, VerifiedModel};

/// The model with what is needed to ask it.
pub(super) struct Engine {
    model: TextEmbedding,
    dimensions: usize,
    /// True for weights whose scale depends on the batch: such a model is asked for one text at a time.
    one_by_one: bool,
}

impl Engine {
    pub fn load(
        id: &str,
        files: &VerifiedModel<'_>,
        library: &Path,
        settings: &EmbeddingSettings,
        threads: usize,
    ) -> Result<Self, EmbedError> {
        let environment = environment(library)?;
        let unusable = |reason: String| EmbedError::Model {
            model: id.to_owned(),
            reason,
        };
        let onnx = read(id, &files.main_path())?;
        let tokenizer = tokenizer_files(id, files)?;
        let pooling = match settings.pooling {
            Pooling::Mean => fastembed::Pooling::Mean,
            Pooling::Cls => fastembed::Pooling::Cls,
        };
        let options = InitOptionsUserDefined::new()
            .with_environment(environment)
            .with_max_length(settings.max_tokens)
            .with_intra_threads(threads.max(1));
        let definition = UserDefinedEmbeddingModel::new(onnx, tokenizer).with_pooling(pooling);
        let mut model =
            TextEmbedding::try_new_from_user_defined(definition, options).map_err(|e| unusable(e.to_string()))?;
        forget_words(&mut model.tokenizer);
        let mut engine = Self {
            model,
            dimensions: settings.dimensions,
            one_by_one: settings.quantised == Quantisation::Dynamic,
        };
        let probe = engine.embed(&["a".to_owned()]);
        probe.map_err(|_| {
            unusable(format!(
                "it does not give vectors of {} dimensions",
                settings.dimensions
            ))
        })?;
        Ok(engine)
    }

    /// Works until the queue is closed; `questions`, where there is one, takes the questions. A panic of a model costs one
    /// request, not the thread.
    pub fn serve(mut self, mut questions: Option<Self>, queue: &Queue) {
        while let Some((role, job)) = queue.next() {
            let engine = match (role, &mut questions) {
                (Role::Query, Some(questions)) => questions,
                _ => &mut self,
            };
            let vectors = catch_unwind(AssertUnwindSafe(|| engine.embed(&job.texts)));
            job.finish(vectors.unwrap_or(Err(EmbedError::Failed)));
        }
    }

    /// The engine's own error may quote its input, so only the fact of it goes on.
    fn embed(&mut self, texts: &[String]) -> Vectors {
        let together = if self.one_by_one { 1 } else { texts.len().max(1) };
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(together) {
            vectors.extend(self.model.embed(batch, None).map_err(|_| EmbedError::Failed)?);
        }
        let fit = |vector: &Vec<f32>| vector.len() == self.dimensions && vector.iter().all(|x| x.is_finite());
        if vectors.len() == texts.len() && vectors.iter().all(fit) {
            Ok(vectors)
        } else {
            Err(EmbedError::Failed)
        }
    }
}

/// The tokenizer without truncation, to count with.
pub(super) fn counting_tokenizer(id: &str, files: &VerifiedModel<'_>) -> Result<Tokenizer, EmbedError> {
    let unusable = |reason: String| EmbedError::Model {
        model: id.to_owned(),
        reason,
    };
    let bytes = read(id, &files.path("tokenizer.json")?)?;
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|e| unusable(e.to_string()))?;
    tokenizer.with_truncation(None).map_err(|e| unusable(e.to_string()))?;
    tokenizer.with_padding(None);
    forget_words(&mut tokenizer);
    Ok(tokenizer)
}
