//! Settings and opened models in; a service on the current release out, or a clear reason why this program cannot read it.

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::tz::TimeZone;
use lotsen_corpus::embed::Embedder;
use lotsen_corpus::index::{Index, IndexError, IndexSettings};
use lotsen_corpus::judge::Judge;
use lotsen_corpus::release::{ReleaseError, ReleaseStore};
use lotsen_corpus::{Release, analysis};
use lotsen_guard::Guard;

use crate::Service;
use crate::generator::Generator;
use crate::library::Library;
use crate::point::{Chooser, SentenceVectors};
use crate::texts::{Texts, TextsError};

/// What a service is made of.
pub struct ServiceSettings {
    /// What looks for personal data.
    pub guard: Guard,
    /// The folder of releases.
    pub data_dir: PathBuf,
    /// Where the vectors are.
    pub index: IndexSettings,
    /// The embedding model, opened.
    pub embedder: Embedder,
    /// The judge, opened, if there is one.
    pub judge: Option<Judge>,
    /// The language model, started, or `Generator::Off`.
    pub generator: Arc<Generator>,
    /// Who chooses the sentences.
    pub chooser: Chooser,
    /// How much to look at and to show.
    pub width: Width,
    /// Says which day "today" is.
    pub time_zone: TimeZone,
}

/// How much to look at and to show.
#[derive(Debug, Clone, Copy)]
pub struct Width {
    /// Candidates of each way of searching.
    pub candidates: usize,
    /// Passages that the judge reads.
    pub judged: usize,
    /// Passages that sentences are chosen from.
    pub passages: usize,
    /// Most sentences in an answer.
    pub sentences: usize,
}

/// Why a release cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none, or it cannot be read.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Its terms were made by other rules.
    #[error(
        "release {release} was analysed as {found:?}, this program analyses as {:?}: run `lotsen-ingest run` with this version",
        analysis::VERSION
    )]
    Analysis {
        /// Which release.
        release: String,
        /// The version of its analysis.
        found: String,
    },
    /// Its vectors were made by another model.
    #[error(
        "release {release} was embedded with {found}, the server has {loaded}: name the same model in both, or run `lotsen-ingest run` again"
    )]
    Model {
        /// Which release.
        release: String,
        /// The model behind its vectors.
        found: String,
        /// The model that is loaded.
        loaded: String,
    },
    /// Its index cannot be opened.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The index does not hold what the manifest says.
    #[error(
        "the index of release {release} holds {found} passages, its texts have {expected}: run `lotsen-ingest run` again, or choose an older release"
    )]
    Incomplete {
        /// Which release.
        release: String,
        /// Passages in the index.
        found: usize,
        /// Passages in the texts.
        expected: usize,
    },
    /// A sentence of the program is broken.
    #[error(transparent)]
    Texts(#[from] TextsError),
}

impl Service {
    /// Opens the release that serves.
    ///
    /// # Errors
    /// There is no release, it is damaged, or it was made with another format, analysis or model.
    pub async fn open(settings: ServiceSettings) -> Result<Self, OpenError> {
        let store = ReleaseStore::new(settings.data_dir);
        let release = store.open_current()?;
        let library = library(&store, &settings.index, &settings.embedder, release).await?;
        Ok(Self {
            guard: settings.guard,
            library: ArcSwap::from_pointee(library),
            checked: ArcSwap::from_pointee(store.checked()),
            store,
            index: settings.index,
            embedder: settings.embedder,
            judge: settings.judge,
            generator: settings.generator,
            chooser: settings.chooser,
            vectors: SentenceVectors::default(),
            width: settings.width,
            time_zone: settings.time_zone,
            texts: Texts::built_in()?,
        })
    }

    /// Takes up another release if one has been made current; says which. Also takes up when its documents were last seen. The old one serves until the new one is open, and
    /// requests that began on it end on it. On an error it goes on serving.
    ///
    /// # Errors
    /// As [`Service::open`].
    pub async fn reload_if_switched(&self) -> Result<Option<String>, OpenError> {
        self.checked.store(Arc::new(self.store.checked()));
        let serving = self.library().release.manifest.release.clone();
        match self.store.current()? {
            Some(current) if current != serving => {
                let release = self.store.open(&current)?;
                let library = library(&self.store, &self.index, &self.embedder, release).await?;
                self.library.store(Arc::new(library));
                Ok(Some(current))
            }
            _ => Ok(None),
        }
    }
}

async fn library(
    store: &ReleaseStore,
    settings: &IndexSettings,
    embedder: &Embedder,
    release: Release,
) -> Result<Library, OpenError> {
    let manifest = &release.manifest;
    let name = manifest.release.clone();
    if manifest.analysis != analysis::VERSION {
        return Err(OpenError::Analysis {
            release: name,
            found: manifest.analysis.clone(),
        });
    }
    let loaded = embedder.stamp();
    if manifest.embedding != *loaded {
        let described = |stamp: &lotsen_corpus::release::EmbeddingStamp| {
            format!(
                "{} ({} dimensions, SHA-256 {:.12})",
                stamp.model, stamp.dimensions, stamp.sha256
            )
        };
        let (found, loaded) = (described(&manifest.embedding), described(loaded));
        return Err(OpenError::Model {
            release: name,
            found,
            loaded,
        });
    }
    let index = Index::open(settings, store, &name).await?;
    let (found, expected) = (index.count().await?, release.passage_count());
    if found != expected {
        return Err(OpenError::Incomplete {
            release: name,
            found,
            expected,
        });
    }
    Ok(tokio::task::block_in_place(|| Library::new(release, index)))
}
