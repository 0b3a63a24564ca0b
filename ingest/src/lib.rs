//! The write side: documents in, an immutable release that the server can read out.
//!
//! ```text
//! sources.toml -> fetch -> extract -> outline -> split -> embed + analyse -> release
//! ```
//!
//! [`run`] is the whole journey. A document that cannot be read is reported and the run goes on; a release is switched to
//! only when it is complete. Modules in the order to read them:

pub mod sources;

pub mod fetch;

pub mod extract;

pub mod outline;

pub mod split;

pub mod personal;

pub mod record;

pub mod read;

mod material;

pub mod references;

mod vectors;

pub mod release;

pub mod report;

pub mod history;

pub mod models;

use std::path::PathBuf;
use std::time::Instant;

use lotsen_corpus::ReleaseStore;
use lotsen_corpus::embed::{self, EmbedSettings};
use lotsen_corpus::index::IndexSettings;
use lotsen_corpus::models::{ModelError, ModelList};
use lotsen_corpus::release::{ReleaseError, write_atomically};

use crate::extract::ExtractSettings;
use crate::fetch::reply::Limits;
use crate::fetch::{GatherError, WebReport};
use crate::material::{Before, Material};
use crate::release::{BuildError, Content};
use crate::report::{Outcome, Report};
use crate::sources::SourcesError;
use crate::vectors::Vectors;

pub use crate::material::check;

/// Everything a run needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The list of sources.
    pub sources: PathBuf,
    /// Where the list's relative paths begin; its own folder without one.
    pub root: Option<PathBuf>,
    /// The data folder.
    pub data: PathBuf,
    /// The models folder.
    pub models: PathBuf,
    /// Which model makes the vectors, and how.
    pub embedding: EmbedSettings,
    /// Which engine holds them.
    pub index: IndexSettings,
    /// How files are read.
    pub extract: ExtractSettings,
}

/// What a run is doing, for whoever shows it.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// Looking at pages on the web.
    Fetching {
        /// How many of an entry's are done.
        done: usize,
        /// How many the entry has.
        total: usize,
        /// Which is being looked at.
        name: &'a str,
    },
    /// Reading the files.
    Reading {
        /// How many are done.
        done: usize,
        /// How many there are.
        total: usize,
        /// Which is being read.
        name: &'a str,
    },
    /// Making vectors and filling the index.
    Embedding {
        /// How many passages are done.
        done: usize,
        /// How many there are.
        total: usize,
    },
}

/// Told about each step.
pub type Progress<'a> = &'a dyn Fn(Step<'_>);

/// Why a run made no release. The release before it goes on serving.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The list of sources.
    #[error(transparent)]
    Sources(#[from] SourcesError),
    /// The list of models.
    #[error(transparent)]
    Models(#[from] ModelError),
    /// The pages on the web.
    #[error(transparent)]
    Gather(#[from] GatherError),
    /// Building the release.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// No source could be read, and there is no release to keep.
    #[error("none of the documents could be read:\n{0}")]
    Nothing(String),
}

impl From<ReleaseError> for RunError {
    fn from(error: ReleaseError) -> Self {
        Self::Build(error.into())
    }
}

/// Reads every source and makes a release of what they hold.
pub async fn run(settings: &Settings, progress: Progress<'_>) -> Result<Report, RunError> {
    let (started, clock) = (jiff::Timestamp::now(), Instant::now());
    let store = ReleaseStore::new(&settings.data);
    let _lock = release::lock(&store)?;
    release::remove_leftovers(&store, &settings.index).await?;

    let list = sources::load(&settings.sources, settings.root.as_deref())?;
    let limits = Limits {
        bytes: settings.extract.file_size,
        ..Limits::default()
    };
    let web = fetch::gather(&list, &settings.data, limits, progress).await?;
    let sources = [list.files, web.sources].concat();
    let mut before = Before::open(&store)?;
    let mut material = Material::read(&sources, &settings.extract, &store, &mut before, progress)?;
    if material.editions.is_empty() {
        return Err(nothing(&material, &web.reports));
    }
    let references = material.references(&store)?;
    let models = ModelList::built_in()?;
    let content = Content {
        editions: std::mem::take(&mut material.editions),
        passages: material.passages,
        embedding: embed::stamp(&models, &settings.embedding.model).map_err(BuildError::from)?,
    };

    let (release, outcome, embedded, cached) = match before.manifest {
        Some(manifest) if content.is(&manifest, &settings.index) => {
            store.write_checked(&manifest.release, &content.editions)?;
            (manifest.release, Outcome::Unchanged, 0, 0)
        }
        _ => {
            let cache = store.cache().join("vectors.redb");
            let mut vectors = Vectors::open(&models, &settings.models, &settings.embedding, &cache)?;
            let manifest = release::build(&store, &settings.index, content, &mut vectors, progress).await?;
            (manifest.release, Outcome::Released, vectors.embedded, vectors.cached)
        }
    };
    let report = Report {
        started,
        took_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        release,
        outcome,
        web: web.reports,
        documents: material.documents,
        references,
        gone: before.editions.into_keys().collect(),
        embedded,
        cached,
        peak_memory_mib: report::peak_memory_mib(),
    };
    keep(&report, &store)?;
    Ok(report)
}

/// Where nothing could be read, a list on the web that could not be read may be why.
fn nothing(material: &Material, web: &[WebReport]) -> RunError {
    let lists = web.iter().map(WebReport::to_string);
    RunError::Nothing(material.reasons() + &lists.collect::<String>())
}

/// Keeps a run's report beside the releases.
fn keep(report: &Report, store: &ReleaseStore) -> Result<(), ReleaseError> {
    let name = report.started.strftime("%Y%m%dT%H%M%S%3f.json").to_string();
    let path = store.root().join("reports").join(name);
    let json = serde_json::to_vec_pretty(report).map_err(|source| ReleaseError::Damaged {
        path: path.clone(),
        source,
    })?;
    write_atomically(&path, &json)
}
