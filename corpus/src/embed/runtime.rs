//! Paths of verified files in; what every ONNX model of the process is loaded with, out.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use fastembed::TokenizerFiles;
use ort::environment::Environment;
use tokenizers::Tokenizer;

use super::EmbedError;
use crate::models::VerifiedModel;

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

/// The four tokenizer files of a model.
pub(crate) fn tokenizer_files(id: &str, files: &VerifiedModel<'_>) -> Result<TokenizerFiles, EmbedError> {
    Ok(TokenizerFiles {
        tokenizer_file: read(id, &files.path("tokenizer.json")?)?,
        config_file: read(id, &files.path("config.json")?)?,
        special_tokens_map_file: read(id, &files.path("special_tokens_map.json")?)?,
        tokenizer_config_file: read(id, &files.path("tokenizer_config.json")?)?,
    })
}

/// A whole file of the model `id`.
pub(crate) fn read(id: &str, path: &Path) -> Result<Vec<u8>, EmbedError> {
    fs::read(path).map_err(|e| EmbedError::Model {
        model: id.to_owned(),
        reason: format!("{}: {e}", path.display()),
    })
}

/// A tokenizer remembers the words that it has split, to be quicker the next time. They are what somebody asked, so ours
/// remembers none.
pub(crate) fn forget_words(tokenizer: &mut Tokenizer) {
    let mut model = tokenizer.get_model().clone();
    model.resize_cache(0);
    tokenizer.with_model(model);
}
