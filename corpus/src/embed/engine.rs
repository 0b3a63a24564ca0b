//! A verified model in; on its own thread, texts into vectors.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use fastembed::{InitOptionsUserDefined, TextEmbedding, TokenizerFiles, UserDefinedEmbeddingModel};
use ort::environment::Environment;
use tokenizers::Tokenizer;

use super::EmbedError;
use super::queue::{Queue, Vectors};
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
        let tokenizer = TokenizerFiles {
            tokenizer_file: read(id, &files.path("tokenizer.json")?)?,
            config_file: read(id, &files.path("config.json")?)?,
            special_tokens_map_file: read(id, &files.path("special_tokens_map.json")?)?,
            tokenizer_config_file: read(id, &files.path("tokenizer_config.json")?)?,
        };
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

    /// Works until the queue is closed. A panic of the model costs one request, not the thread.
    pub fn serve(mut self, queue: &Queue) {
        while let Some(job) = queue.next() {
            let vectors = catch_unwind(AssertUnwindSafe(|| self.embed(&job.texts)));
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

/// A tokenizer remembers the words that it has split, to be quicker the next time. They are what somebody asked, so ours
/// remembers none.
fn forget_words(tokenizer: &mut Tokenizer) {
    let mut model = tokenizer.get_model().clone();
    model.resize_cache(0);
    tokenizer.with_model(model);
}

/// ONNX Runtime allows one environment in a process; every model shares it.
///
/// # Errors
/// The library cannot be loaded.
pub fn environment(library: &Path) -> Result<Environment, EmbedError> {
    static SHARED: Mutex<Option<Environment>> = Mutex::new(None);
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*shared {
        return Ok(environment.clone());
    }
    let failed = |reason: String| EmbedError::Runtime {
        library: library.display().to_string(),
        reason,
    };
    let builder = ort::init_from(library).map_err(|e| failed(e.to_string()))?;
    let environment = builder
        .with_name("lotsen")
        .with_telemetry(false)
        .build()
        .map_err(|e| failed(e.to_string()))?;
    *shared = Some(environment.clone());
    Ok(environment)
}

fn read(id: &str, path: &Path) -> Result<Vec<u8>, EmbedError> {
    fs::read(path).map_err(|e| EmbedError::Model {
        model: id.to_owned(),
        reason: format!("{}: {e}", path.display()),
    })
}
