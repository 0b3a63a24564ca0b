//! When the documents of the release that serves were last seen as they are.
//!
//! A run that finds nothing new makes no release, and a finished release is never changed. So what the run saw stands beside
//! the releases, in one small file that the next run replaces.

use std::collections::HashMap;
use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EditionEntry, ReleaseError, ReleaseStore, read_json, write_atomically};
use crate::document::DocumentId;

/// What the last run saw again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// In which release the documents are so.
    release: String,
    documents: HashMap<DocumentId, Timestamp>,
}

impl Checked {
    /// When the source of this line of a release was last seen in this form.
    pub fn at(&self, release: &str, entry: &EditionEntry) -> Timestamp {
        let seen = self.documents.get(&entry.document).filter(|_| self.release == release);
        seen.map_or(entry.checked, |seen| entry.checked.max(*seen))
    }
}

impl ReleaseStore {
    /// Notes when the documents of a release were seen again.
    pub fn write_checked(&self, release: &str, editions: &[EditionEntry]) -> Result<(), ReleaseError> {
        let path = self.root.join("checked.json");
        let seen = |entry: &EditionEntry| (entry.document.clone(), entry.checked);
        let checked = Checked {
            release: release.to_owned(),
            documents: editions.iter().map(seen).collect(),
        };
        let json = serde_json::to_vec(&checked).map_err(|source| ReleaseError::Damaged {
            path: path.clone(),
            source,
        })?;
        write_atomically(&path, &json)
    }

    /// When documents were last seen again; nothing where no run has noted it, or where the note cannot be read: the
    /// release has the day on which it was made.
    pub fn checked(&self) -> Checked {
        match read_json(&self.root.join("checked.json")) {
            Ok(checked) => checked,
            Err(ReleaseError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Checked::default(),
            Err(error) => {
                tracing::warn!(%error, "not known when the documents were last seen; the next run notes it again");
                Checked::default()
            }
        }
    }
}
