//! The releases that were made in; what differs between them, and which of them serves, out.

use std::collections::BTreeMap;
use std::fmt;

use lotsen_corpus::index::{Index, IndexSettings};
use lotsen_corpus::{Edition, Passage, PassageId, ReleaseStore};

use crate::release::{BuildError, remove};

/// The finished releases, oldest first, one line each.
pub fn history(store: &ReleaseStore) -> Result<String, BuildError> {
    let current = store.current()?;
    let mut lines = String::new();
    for manifest in store.releases()? {
        let serves = if current.as_ref() == Some(&manifest.release) {
            "  serves"
        } else {
            ""
        };
        lines += &format!(
            "{}  {}  {} documents  {}{serves}\n",
            manifest.release,
            manifest.created.strftime("%Y-%m-%d %H:%M"),
            manifest.editions.len(),
            manifest.embedding.model,
        );
    }
    Ok(lines)
}

/// Makes an older release the one that serves.
pub async fn rollback(store: &ReleaseStore, index: &IndexSettings, release: &str) -> Result<(), BuildError> {
    store.manifest(release)?;
    // An index that cannot be opened would take the server down with it: look before switching.
    Index::open(index, store, release).await?.activate().await?;
    store.activate(release)?;
    Ok(())
}

/// Removes all but the newest `keep` releases and the one that serves, and returns their names. Editions stay, so that
/// links into them stay readable.
pub async fn prune(store: &ReleaseStore, index: &IndexSettings, keep: usize) -> Result<Vec<String>, BuildError> {
    let current = store.current()?;
    let names: Vec<String> = store.releases()?.into_iter().map(|m| m.release).collect();
    let mut removed = Vec::new();
    for name in names
        .into_iter()
        .rev()
        .skip(keep)
        .filter(|name| current.as_ref() != Some(name))
    {
        // Without its manifest a release is the remains of an interrupted run, should this one be interrupted.
        remove(&store.release_dir(&name).join("manifest.json"))?;
        Index::remove(index, store, &name).await?;
        remove(&store.release_dir(&name))?;
        removed.push(name);
    }
    Ok(removed)
}

/// What a document lost and gained between two releases.
#[derive(Debug, Default, PartialEq)]
pub struct DocumentDiff {
    /// Places that are new, or whose words are.
    pub added: Vec<String>,
    /// Places that are gone, or whose words are.
    pub removed: Vec<String>,
}

/// What differs between two releases, by document id. Documents that are equal in both are left out.
#[derive(Debug, Default, PartialEq)]
pub struct Diff(pub BTreeMap<String, DocumentDiff>);

/// Compares two releases passage by passage: a passage has another name when its words or its place have changed.
pub fn diff(store: &ReleaseStore, before: &str, after: &str) -> Result<Diff, BuildError> {
    let (before, after) = (store.open(before)?, store.open(after)?);
    let mut diff = Diff::default();
    let documents = before
        .editions()
        .chain(after.editions())
        .map(|(entry, _)| entry.document.to_string());
    for document in documents {
        let old = before.edition(&document).map(|(_, edition)| edition.as_ref());
        let new = after.edition(&document).map(|(_, edition)| edition.as_ref());
        let found = DocumentDiff {
            added: places_only_in(new, old),
            removed: places_only_in(old, new),
        };
        if found != DocumentDiff::default() {
            diff.0.insert(document, found);
        }
    }
    Ok(diff)
}

fn places_only_in(here: Option<&Edition>, there: Option<&Edition>) -> Vec<String> {
    let known: Vec<&PassageId> = there
        .into_iter()
        .flat_map(|e| e.passages.iter().map(|p| &p.id))
        .collect();
    let known: std::collections::HashSet<_> = known.into_iter().collect();
    let passages = here.into_iter().flat_map(|e| &e.passages);
    passages.filter(|p| !known.contains(&p.id)).map(place).collect()
}

/// Where a passage stands, for a person to find it.
pub(crate) fn place(passage: &Passage) -> String {
    let heading = passage.heading_path.last().map_or("", String::as_str);
    match &passage.provision {
        Some(provision) => {
            let chapter = provision
                .chapter
                .as_ref()
                .map_or(String::new(), |c| format!("{c} kap. "));
            format!("{chapter}{} §", provision.paragraph)
        }
        None => heading.to_owned(),
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return writeln!(f, "no difference");
        }
        for (document, diff) in &self.0 {
            writeln!(f, "{document}")?;
            for place in &diff.removed {
                writeln!(f, "  - {place}")?;
            }
            for place in &diff.added {
                writeln!(f, "  + {place}")?;
            }
        }
        Ok(())
    }
}
