//! What is known about the pages of one entry of the list, from run to run: `web/<entry>.json` in the data folder. What was
//! fetched is in `originals/` there, each file under the hash of its content.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lotsen_corpus::DocumentId;
use lotsen_corpus::release::write_atomically;
use serde::{Deserialize, Serialize};

use super::gather::GatherError;
use super::reply::Validators;
use super::sha256;
use crate::release;
use crate::sources::given::About;

/// The pages of an entry, by what names them: their address, or that of the publication that they are.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    pub pages: BTreeMap<String, Known>,
}

/// What is known about a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Known {
    /// The document that it is. Given once and never to another page: links name it.
    pub id: DocumentId,
    /// Where it is fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What its site says about it.
    #[serde(default)]
    pub about: About,
    /// The hash of what was last fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// Whether that was a web page, not a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_page: Option<bool>,
    /// What to ask with whether it has changed.
    #[serde(default, flatten)]
    pub validators: Validators,
    /// When these bytes first came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched: Option<Timestamp>,
    /// When the site last said that these are its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Timestamp>,
    /// In how many runs since then it was not there or not on the list.
    #[serde(default)]
    pub missing: u32,
    /// Whether it is proven gone.
    #[serde(default)]
    pub gone: bool,
}

impl Known {
    pub(super) fn new(id: DocumentId) -> Self {
        Self {
            id,
            at: None,
            about: About::default(),
            original: None,
            is_page: None,
            validators: Validators::default(),
            fetched: None,
            checked: None,
            missing: 0,
            gone: false,
        }
    }

    /// The site said that it has these bytes; true if they are new.
    pub(super) fn holds(&mut self, original: String) -> bool {
        let new = self.original.as_ref() != Some(&original);
        if new {
            self.fetched = Some(Timestamp::now());
            self.original = Some(original);
        }
        self.is_there();
        new
    }

    /// The site said that it is as it was.
    pub(super) fn is_there(&mut self) {
        self.checked = Some(Timestamp::now());
        (self.missing, self.gone) = (0, false);
    }
}

/// The folder of the data folder in which everything fetched is kept.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    root: PathBuf,
}

impl Shelf {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Removes what no page has any more, and says how many files that were. The right to write must be held: a run names
    /// what it has fetched only after it has kept it.
    pub(super) fn sweep(&self) -> Result<usize, GatherError> {
        let mut named = HashSet::new();
        for file in names_in(&self.root.join("web"))? {
            if let Some(entry) = file.strip_suffix(".json") {
                named.extend(
                    self.ledger(entry)?
                        .pages
                        .into_values()
                        .filter_map(|known| known.original),
                );
            }
        }
        let mut removed = 0;
        for name in names_in(&self.root.join("originals"))? {
            if !named.contains(&name) {
                let path = self.original(&name);
                fs::remove_file(&path).map_err(|source| GatherError::Io { path, source })?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn ledger_path(&self, entry: &str) -> PathBuf {
        self.root.join("web").join(format!("{entry}.json"))
    }

    /// Where the bytes with this hash are.
    pub(super) fn original(&self, sha256: &str) -> PathBuf {
        self.root.join("originals").join(sha256)
    }

    /// Whether the bytes with this hash are here, as they were kept.
    pub(super) fn has(&self, hash: &str) -> bool {
        fs::read(self.original(hash)).is_ok_and(|bytes| sha256(&bytes) == hash)
    }

    /// Keeps bytes, and returns their hash.
    pub(super) fn keep(&self, bytes: &[u8]) -> Result<String, GatherError> {
        let hash = sha256(bytes);
        if !self.has(&hash) {
            write_atomically(&self.original(&hash), bytes)?;
        }
        Ok(hash)
    }

    /// What is known about the pages of an entry.
    pub(super) fn ledger(&self, entry: &str) -> Result<Ledger, GatherError> {
        let path = self.ledger_path(entry);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| GatherError::Damaged { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Ledger::default()),
            Err(source) => Err(GatherError::Io { path, source }),
        }
    }

    /// Keeps what is known. The bytes that it names are in place before it is.
    pub(super) fn write(&self, entry: &str, ledger: &Ledger) -> Result<(), GatherError> {
        let path = self.ledger_path(entry);
        let json = serde_json::to_vec_pretty(ledger).map_err(|source| GatherError::Damaged {
            path: path.clone(),
            source,
        })?;
        Ok(write_atomically(&path, &json)?)
    }
}

fn names_in(dir: &Path) -> Result<Vec<String>, GatherError> {
    release::names_in(dir).map_err(|source| GatherError::Io {
        path: dir.to_owned(),
        source,
    })
}
