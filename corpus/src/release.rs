//! A release: the one thing both sides share, and how it lies on disk.
//!
//! ```text
//! data/
//!   editions/<document>/<version>.json     one file per version of a document, written once, shared by all releases
//!   releases/<release>/manifest.json       which editions, which model, which analysis
//!   releases/<release>/index/              the embedded vector index (absent with a Qdrant server)
//!   current                                the name of the release that serves; replaced by rename
//!   checked.json                           when its documents were last seen as they are; replaced by rename
//!   originals/<sha256>                     what ingest has fetched from the web; `web/` says which page has which
//!   cache/                                 what ingest may lose: vectors by text hash, reports
//! ```
//!
//! Nothing in `editions/` or in a finished release is ever changed. A release counts as finished when its manifest is in
//! place: the manifest is written last, so a folder without one is the remains of an interrupted run.

mod checked;

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::{DocumentId, Kind, Status};
use crate::edition::Edition;
use crate::passage::{Passage, PassageId};

pub use checked::Checked;

/// Number of the stored format. A server refuses a release with another number.
pub const FORMAT: u32 = 1;

/// What a release is made of. Written last, read first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] when it was written.
    pub format: u32,
    /// The release's name: date and a hash of its content, `20260101-1a2b3c4d`.
    pub release: String,
    /// When the run that made it finished, RFC 3339.
    pub created: jiff::Timestamp,
    /// Version of the Swedish analysis behind the sparse vectors.
    pub analysis: String,
    /// Which model made the dense vectors.
    pub embedding: EmbeddingStamp,
    /// Which index holds the vectors: `embedded`, or the collection's name on a Qdrant server.
    pub index: String,
    /// The editions in it, in the order of their document ids.
    pub editions: Vec<EditionEntry>,
}

/// Enough about an embedding model to refuse vectors of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddingStamp {
    /// Name in the list of models.
    pub model: String,
    /// SHA-256 of the weights' file.
    pub sha256: String,
    /// Length of a vector.
    pub dimensions: usize,
}

/// One line of the manifest: which version of which document, and when its source was last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionEntry {
    /// Which document.
    pub document: DocumentId,
    /// Which version of it.
    pub version: String,
    /// SHA-256 of the source file, so that an unchanged one is not read again.
    pub source_sha256: String,
    /// When the source was last seen in this form.
    pub checked: jiff::Timestamp,
}

/// Why a release could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// There is no release yet.
    #[error("no release in {0}: run `lotsen-ingest run` first")]
    None(PathBuf),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} is damaged ({source}): choose an older release with `lotsen-ingest rollback`, or run ingest again")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// The release was made by rules that this program does not know.
    #[error(
        "release {release} has format {found}, this program reads format {FORMAT}: run ingest again with this version"
    )]
    Format {
        /// Which release.
        release: String,
        /// Its format number.
        found: u32,
    },
    /// A name is not fit for a path.
    #[error("{0:?} is not a release, document or version name")]
    Name(String),
}

/// The folder that holds all releases.
#[derive(Debug, Clone)]
pub struct ReleaseStore {
    root: PathBuf,
}

impl ReleaseStore {
    /// Points at the folder; it need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where what may be lost is kept.
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// Where the named release's embedded index lies.
    pub fn index_dir(&self, release: &str) -> PathBuf {
        self.release_dir(release).join("index")
    }

    /// The folder of the named release.
    pub fn release_dir(&self, release: &str) -> PathBuf {
        self.root.join("releases").join(release)
    }

    /// The name of the release that serves, if any has been finished.
    pub fn current(&self) -> Result<Option<String>, ReleaseError> {
        let path = self.root.join("current");
        match fs::read_to_string(&path) {
            Ok(name) => checked_name(name.trim()).map(|name| Some(name.to_owned())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ReleaseError::Io { path, source }),
        }
    }

    /// Makes the named release the one that serves. Readers see the old name or the new one, never half of one.
    pub fn activate(&self, release: &str) -> Result<(), ReleaseError> {
        self.manifest(release)?;
        write_atomically(&self.root.join("current"), release.as_bytes())
    }

    /// The finished releases, oldest first. One that cannot be read is left out with a warning, so that the others stay
    /// within reach of a roll-back.
    pub fn releases(&self) -> Result<Vec<Manifest>, ReleaseError> {
        let dir = self.root.join("releases");
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(ReleaseError::Io { path: dir, source }),
        };
        let mut manifests: Vec<Manifest> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| self.release_dir(name).join("manifest.json").exists())
            .filter_map(|name| match self.manifest(&name) {
                Ok(manifest) => Some(manifest),
                Err(error) => {
                    tracing::warn!(release = name, %error, "left out of the list of releases");
                    None
                }
            })
            .collect();
        manifests.sort_by(|a, b| (a.created, &a.release).cmp(&(b.created, &b.release)));
        Ok(manifests)
    }

    /// The manifest of the named release.
    pub fn manifest(&self, release: &str) -> Result<Manifest, ReleaseError> {
        let path = self.release_dir(checked_name(release)?).join("manifest.json");
        let manifest: Manifest = read_json(&path)?;
        if manifest.format != FORMAT {
            return Err(ReleaseError::Format {
                release: release.to_owned(),
                found: manifest.format,
            });
        }
        Ok(manifest)
    }

    /// Finishes a release: from now on it can be opened and activated.
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), ReleaseError> {
        let path = self.release_dir(checked_name(&manifest.release)?).join("manifest.json");
        let json = serde_json::to_vec_pretty(manifest).map_err(|source| ReleaseError::Damaged {
            path: path.clone(),
            source,
        })?;
        write_atomically(&path, &json)
    }

    /// Keeps an edition for good and returns its version. Writing the same edition again changes nothing.
    pub fn write_edition(&self, edition: &Edition) -> Result<String, ReleaseError> {
        let damaged = |source| ReleaseError::Damaged {
            path: self.root.clone(),
            source,
        };
        let version = edition.version().map_err(damaged)?;
        let path = self.edition_path(edition.document.id.as_str(), &version)?;
        if !path.exists() {
            write_atomically(&path, &serde_json::to_vec(edition).map_err(damaged)?)?;
        }
        Ok(version)
    }

    /// Reads one version of one document, whether or not a release still holds it. Its words are those that were written: the
    /// version is their hash.
    pub fn edition(&self, document: &str, version: &str) -> Result<Edition, ReleaseError> {
        let path = self.edition_path(document, version)?;
        let edition: Edition = read_json(&path)?;
        match edition.version() {
            Ok(found) if found == version => Ok(edition),
            _ => Err(ReleaseError::Damaged {
                path,
                source: serde::de::Error::custom("its content does not have the hash that its name says"),
            }),
        }
    }

    /// Opens a release with all its text in memory.
    pub fn open(&self, release: &str) -> Result<Release, ReleaseError> {
        let manifest = self.manifest(release)?;
        let mut editions = Vec::with_capacity(manifest.editions.len());
        for entry in &manifest.editions {
            editions.push(Arc::new(self.edition(entry.document.as_str(), &entry.version)?));
        }
        Ok(Release::new(manifest, editions))
    }

    /// Opens the release that serves.
    pub fn open_current(&self) -> Result<Release, ReleaseError> {
        match self.current()? {
            Some(release) => self.open(&release),
            None => Err(ReleaseError::None(self.root.clone())),
        }
    }

    fn edition_path(&self, document: &str, version: &str) -> Result<PathBuf, ReleaseError> {
        let (document, version) = (checked_name(document)?, checked_name(version)?);
        Ok(self
            .root
            .join("editions")
            .join(document)
            .join(format!("{version}.json")))
    }
}

/// An opened release: every edition in memory, and where each passage is.
#[derive(Debug)]
pub struct Release {
    /// What it is made of.
    pub manifest: Manifest,
    editions: Vec<Arc<Edition>>,
    places: HashMap<PassageId, (usize, usize)>,
}

/// A passage where it stands: its edition, its position there, and the version that links to it name.
#[derive(Debug, Clone)]
pub struct PlacedPassage {
    /// The edition around it.
    pub edition: Arc<Edition>,
    /// The edition's version.
    pub version: String,
    /// Position among the edition's passages.
    pub position: usize,
}

impl PlacedPassage {
    /// The passage itself.
    pub fn passage(&self) -> &Passage {
        &self.edition.passages[self.position]
    }

    /// What sort of text the passage is: its own kind where it is marked with one, its document's else.
    pub fn kind(&self) -> Kind {
        self.passage().marks.kind.unwrap_or(self.edition.document.kind)
    }

    /// True if its wording is in force on the day.
    pub fn applies(&self, day: Date) -> bool {
        self.passage().validity.on(day) == Status::InForce
    }
}

impl Release {
    fn new(manifest: Manifest, editions: Vec<Arc<Edition>>) -> Self {
        let places = editions
            .iter()
            .enumerate()
            .flat_map(|(e, edition)| {
                edition
                    .passages
                    .iter()
                    .enumerate()
                    .map(move |(p, passage)| (passage.id.clone(), (e, p)))
            })
            .collect();
        Self {
            manifest,
            editions,
            places,
        }
    }

    /// The editions with their manifest lines, in the order of their document ids.
    pub fn editions(&self) -> impl Iterator<Item = (&EditionEntry, &Arc<Edition>)> {
        self.manifest.editions.iter().zip(&self.editions)
    }

    /// The edition of a document that this release holds.
    pub fn edition(&self, document: &str) -> Option<(&EditionEntry, &Arc<Edition>)> {
        self.editions().find(|(entry, _)| entry.document.as_str() == document)
    }

    /// Where a passage stands, if it is in this release.
    pub fn passage(&self, id: &PassageId) -> Option<PlacedPassage> {
        let &(e, position) = self.places.get(id)?;
        Some(PlacedPassage {
            edition: Arc::clone(&self.editions[e]),
            version: self.manifest.editions[e].version.clone(),
            position,
        })
    }

    /// How many passages it holds.
    pub fn passage_count(&self) -> usize {
        self.places.len()
    }
}

/// Writes a whole file or nothing: beside its place first, flushed to disk, then renamed.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<(), ReleaseError> {
    let io = |source| ReleaseError::Io {
        path: path.to_owned(),
        source,
    };
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(io)?;
    // A temporary file is its owner's alone; the server may run as another user than the ingest.
    let readable = fs::Permissions::from_mode(0o644);
    let mut file = tempfile::Builder::new()
        .permissions(readable)
        .tempfile_in(dir)
        .map_err(io)?;
    file.write_all(content).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map_err(|e| io(e.error))?;
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(io)
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, ReleaseError> {
    let bytes = fs::read(path).map_err(|source| ReleaseError::Io {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_slice(&bytes).map_err(|source| ReleaseError::Damaged {
        path: path.to_owned(),
        source,
    })
}

/// Names become path segments, so nothing that could leave its folder passes.
fn checked_name(name: &str) -> Result<&str, ReleaseError> {
    let fit = !name.is_empty()
        && name.len() <= 80
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fit {
        Ok(name)
    } else {
        Err(ReleaseError::Name(name.to_owned()))
    }
}
