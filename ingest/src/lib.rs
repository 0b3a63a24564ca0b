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

pub mod references;

pub mod release;

pub mod report;

pub mod history;

pub mod models;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use lotsen_corpus::embed::{EmbedSettings, Embedder};
use lotsen_corpus::index::IndexSettings;
use lotsen_corpus::models::{ModelError, ModelFolder, ModelList};
use lotsen_corpus::release::{EditionEntry, ReleaseError, write_atomically};
use lotsen_corpus::{DocumentId, Edition, ReleaseStore};

use crate::extract::ExtractSettings;
use crate::fetch::reply::Limits;
use crate::fetch::{GatherError, WebReport};
use crate::read::{ReadError, Reading};
use crate::references::References;
use crate::release::{BuildError, Content, Vectors};
use crate::report::{DocumentReport, Outcome, Report, State};
use crate::sources::{Source, SourcesError};

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
    let read = read_all(&sources, settings, &store, &mut before, progress);
    let (documents, editions) = read.map_err(|error| with_notes(error, &web.reports))?;
    let embedder = Embedder::open(
        &ModelList::built_in()?,
        &ModelFolder::new(&settings.models),
        &settings.embedding,
    )
    .map_err(BuildError::from)?;
    let references = references_of(editions.iter().map(|(_, edition)| edition));
    let content = Content {
        editions,
        embedding: embedder.stamp().clone(),
    };

    let (release, outcome, vectors) = match &before.manifest {
        Some(manifest) if content.is(manifest, &settings.index) => {
            (manifest.release.clone(), Outcome::Unchanged, Vectors::default())
        }
        _ => {
            let (manifest, vectors) = release::build(&store, &settings.index, content, &embedder, progress).await?;
            (manifest.release, Outcome::Released, vectors)
        }
    };
    let report = Report {
        started,
        took_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        release,
        outcome,
        web: web.reports,
        documents,
        references,
        gone: before.editions.into_keys().collect(),
        embedded: vectors.embedded,
        cached: vectors.cached,
        peak_memory_mib: report::peak_memory_mib(),
    };
    keep(&report, &store)?;
    Ok(report)
}

/// Reads every source of a list and reports on each and on what they refer to; nothing is written.
pub fn check(
    sources: &[Source],
    extract: &ExtractSettings,
    progress: Progress<'_>,
) -> (Vec<DocumentReport>, References) {
    let mut editions = Vec::new();
    let mut one = |(done, source): (usize, &Source)| {
        progress(Step::Reading {
            done,
            total: sources.len(),
            name: &source.document.source,
        });
        match read::read(source, extract) {
            Ok(reading) => {
                let report = described(source, &reading, State::New);
                editions.push(reading.edition);
                report
            }
            Err(error) => undescribed(
                source,
                State::Refused {
                    reason: error.to_string(),
                },
            ),
        }
    };
    let documents = sources.iter().enumerate().map(&mut one).collect();
    (documents, references_of(editions.iter()))
}

/// The release that serves when a run begins. What is taken out of it stays; what remains at the end is gone.
struct Before {
    manifest: Option<lotsen_corpus::Manifest>,
    editions: BTreeMap<DocumentId, EditionEntry>,
}

impl Before {
    fn open(store: &ReleaseStore) -> Result<Self, ReleaseError> {
        let manifest = store.current()?.map(|release| store.manifest(&release)).transpose()?;
        let entries = manifest.iter().flat_map(|m| &m.editions);
        Ok(Self {
            editions: entries.map(|entry| (entry.document.clone(), entry.clone())).collect(),
            manifest,
        })
    }
}

type Editions = Vec<(EditionEntry, Edition)>;

/// Reads the sources one after the other. One that fails keeps the edition that it had.
fn read_all(
    sources: &[Source],
    settings: &Settings,
    store: &ReleaseStore,
    before: &mut Before,
    progress: Progress<'_>,
) -> Result<(Vec<DocumentReport>, Editions), RunError> {
    let mut documents = Vec::with_capacity(sources.len());
    let mut editions = Editions::with_capacity(sources.len());
    for (done, source) in sources.iter().enumerate() {
        progress(Step::Reading {
            done,
            total: sources.len(),
            name: &source.document.source,
        });
        let known = before.editions.remove(&source.document.id);
        match (read::read(source, &settings.extract), known) {
            (Ok(mut reading), known) => {
                if let Some(twin) = editions.iter().find(|(e, _)| e.source_sha256 == reading.source_sha256) {
                    let note = format!("the same file as {}: take one of them off the list", twin.0.document);
                    reading.notes.push(note);
                }
                let version = store.write_edition(&reading.edition)?;
                let trouble = source.place.trouble();
                let state = match (&known, trouble) {
                    (None, _) => State::New,
                    (Some(entry), None) if entry.version == version => State::Unchanged,
                    (Some(entry), Some(reason)) if entry.version == version => State::Kept {
                        reason: reason.to_owned(),
                    },
                    (Some(_), _) => State::Changed,
                };
                if let (State::New | State::Changed, Some(trouble)) = (&state, trouble) {
                    reading
                        .notes
                        .push(format!("read from what was last fetched: {trouble}"));
                }
                documents.push(described(source, &reading, state));
                let entry = EditionEntry {
                    document: source.document.id.clone(),
                    version,
                    source_sha256: reading.source_sha256,
                    checked: source.place.checked(),
                };
                editions.push((entry, reading.edition));
            }
            (Err(ReadError::PersonalData(found)), _) => documents.push(DocumentReport {
                personal_data: found,
                ..undescribed(source, State::Quarantined)
            }),
            (Err(error), Some(entry)) => {
                tracing::error!(document = %entry.document, %error, "not read, the version before is kept");
                documents.push(undescribed(
                    source,
                    State::Kept {
                        reason: error.to_string(),
                    },
                ));
                let edition = store.edition(entry.document.as_str(), &entry.version)?;
                editions.push((entry, edition));
            }
            (Err(error), None) => {
                tracing::error!(document = %source.document.id, %error, "not read");
                documents.push(undescribed(
                    source,
                    State::Refused {
                        reason: error.to_string(),
                    },
                ));
            }
        }
    }
    if editions.is_empty() {
        return Err(RunError::Nothing(reasons(&documents)));
    }
    editions.sort_by(|(a, _), (b, _)| a.document.cmp(&b.document));
    Ok((documents, editions))
}

/// Where nothing could be read, a list on the web that could not be read may be why.
fn with_notes(error: RunError, web: &[WebReport]) -> RunError {
    match error {
        RunError::Nothing(mut reasons) => {
            for report in web {
                reasons += &report.to_string();
            }
            RunError::Nothing(reasons)
        }
        other => other,
    }
}

fn reasons(documents: &[DocumentReport]) -> String {
    let line = |d: &DocumentReport| match &d.state {
        State::Kept { reason } | State::Refused { reason } => format!("{}: {reason}\n", d.source),
        _ => String::new(),
    };
    documents.iter().map(line).collect()
}

fn described(source: &Source, reading: &Reading, state: State) -> DocumentReport {
    DocumentReport {
        format: Some(reading.format),
        counts: read::counts(&reading.edition.passages),
        notes: reading.notes.clone(),
        personal_data: reading.personal_data.clone(),
        ..undescribed(source, state)
    }
}

fn undescribed(source: &Source, state: State) -> DocumentReport {
    DocumentReport {
        id: source.document.id.clone(),
        source: source.document.source.clone(),
        state,
        format: None,
        counts: report::Counts::default(),
        notes: Vec::new(),
        personal_data: personal::Counts::new(),
        policy: source.personal_data,
    }
}

fn references_of<'a>(editions: impl Iterator<Item = &'a Edition>) -> References {
    references::of(&editions.collect::<Vec<_>>(), jiff::Zoned::now().date())
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
