//! Settings in; models checked and loaded, the release opened, and the service on them out.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use lotsen_corpus::embed::{self, EmbedError, EmbedSettings, Embedder};
use lotsen_corpus::judge::{Judge, JudgeOptions};
use lotsen_corpus::models::{Check, ModelError, ModelFolder, ModelList};
use lotsen_guard::{ClassifierError, Guard, TokenClassifier};

use crate::config::{ChooserKind, Settings};
use crate::generator::{Generator, GeneratorError};
use crate::open::Width;
use crate::point::Chooser;
use crate::{OpenError, Service, ServiceSettings};

/// Why the service cannot start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The list of models, or a file of one, is not as it should be.
    #[error(transparent)]
    Models(#[from] ModelError),
    /// The embedding model cannot be loaded.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// The guard's model cannot be used. Without it the guard would see less than the settings promise.
    #[error("setting guard.model: {0}")]
    Guard(#[from] ClassifierError),
    /// A file of the guard's model cannot be read.
    #[error("setting guard.model: {0}")]
    GuardFile(#[from] std::io::Error),
    /// The language model cannot be started.
    #[error(transparent)]
    Generator(#[from] GeneratorError),
    /// The release cannot be served.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The time zone is not known on this machine.
    #[error("setting server.time_zone: {0}")]
    TimeZone(#[from] jiff::Error),
}

/// The list of models that the settings name.
///
/// # Errors
/// It cannot be read.
pub fn model_list(settings: &Settings) -> Result<ModelList, ModelError> {
    settings
        .models
        .list
        .as_deref()
        .map_or_else(ModelList::built_in, ModelList::load)
}

/// Loads everything. Takes seconds, or as long as reading the language model from disk takes.
///
/// # Errors
/// See [`StartError`].
pub async fn service(settings: &Settings) -> Result<Service, StartError> {
    let (list, folder) = (model_list(settings)?, ModelFolder::new(&settings.models.dir));
    let embedder = open_embedder(&list, &folder, settings)?;
    let generator = Arc::new(Generator::start(&settings.generator, &list, &folder).await?);
    let chooser = match settings.point.chooser {
        ChooserKind::Scorer => Chooser::Scorer,
        ChooserKind::Model => Chooser::Model(Arc::clone(&generator)),
    };
    let service = Service::open(ServiceSettings {
        guard: open_guard(&list, &folder, settings)?,
        data_dir: PathBuf::from(&settings.data.dir),
        index: settings.index.clone(),
        embedder,
        judge: open_judge(&list, &folder, settings)?,
        generator,
        chooser,
        width: Width {
            candidates: settings.retrieve.candidates,
            judged: settings.judge.passages,
            passages: settings.retrieve.passages,
            sentences: settings.point.sentences,
        },
        time_zone: TimeZone::get(&settings.server.time_zone)?,
    })
    .await?;
    Ok(service)
}

/// The guard: its rules, and the model that the settings name.
///
/// # Errors
/// A file of the model is missing or not what the list says, or it is no token classification model that knows persons.
pub fn open_guard(list: &ModelList, folder: &ModelFolder, settings: &Settings) -> Result<Guard, StartError> {
    let rules = Guard::of_rules();
    let Some(id) = &settings.guard.model else {
        return Ok(rules);
    };
    let library = folder.verify(list.get(&EmbedSettings::default().runtime)?, Check::Quick)?;
    let environment = embed::environment(&library.main_path())?;
    let files = folder.verify(list.get(id)?, Check::Quick)?;
    let (onnx, tokenizer, config) = (
        fs::read(files.main_path())?,
        fs::read(files.path("tokenizer.json")?)?,
        fs::read(files.path("config.json")?)?,
    );
    let settings = settings.guard.classifier.clone();
    let model = TokenClassifier::open(&environment, [&onnx, &tokenizer, &config], settings)?;
    Ok(rules.with(model))
}

/// Loads the embedding model.
///
/// # Errors
/// One of its files, or ONNX Runtime's, is missing or not what the list says.
pub fn open_embedder(list: &ModelList, folder: &ModelFolder, settings: &Settings) -> Result<Embedder, EmbedError> {
    let embedding = &settings.embedding;
    Embedder::open(
        list,
        folder,
        &EmbedSettings {
            model: embedding.model.clone(),
            questions: Some(embedding.questions.clone()).filter(|id| !id.is_empty()),
            threads: embedding.threads,
            queue: embedding.queue,
            ..EmbedSettings::default()
        },
    )
}

/// Loads the judge, if the settings name one.
///
/// # Errors
/// As [`open_embedder`].
pub fn open_judge(list: &ModelList, folder: &ModelFolder, settings: &Settings) -> Result<Option<Judge>, EmbedError> {
    let judge = &settings.judge;
    if judge.model.is_empty() {
        return Ok(None);
    }
    let options = JudgeOptions {
        model: judge.model.clone(),
        runtime: EmbedSettings::default().runtime,
        threads: judge.threads,
        queue: judge.queue,
    };
    Judge::open(list, folder, &options).map(Some)
}

/// Takes up each new release as it becomes current, for as long as the program runs. One that cannot be opened is
/// reported once per look, and the old one goes on serving.
pub async fn follow_releases(service: Arc<Service>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        match service.reload_if_switched().await {
            Ok(None) => {}
            Ok(Some(release)) => tracing::info!(release, "serving another release"),
            Err(error) => tracing::error!(%error, "the new release cannot be served; the old one goes on"),
        }
    }
}
