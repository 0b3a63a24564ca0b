//! `GET /v1/releases` and `/v1/releases/{a}/diff/{b}`: names of releases in, what is in them and what changed out.

use std::collections::{BTreeMap, HashSet};

use axum::Json;
use axum::extract::{Path, State};
use lotsen_corpus::{Edition, Manifest, ReleaseStore};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::problem::{Problem, ProblemKind};

/// The releases on this machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseList {
    /// The one that serves.
    serving: String,
    /// All finished ones, oldest first.
    releases: Vec<ReleaseEntry>,
}

/// One release.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseEntry {
    /// Its name.
    release: String,
    /// When the run that made it finished, RFC 3339.
    created: String,
    /// How many documents are in it.
    documents: usize,
    /// The model behind its dense vectors.
    embedding_model: String,
    /// The version of the Swedish analysis behind its sparse vectors.
    analysis: String,
}

/// List the releases.
#[utoipa::path(get, path = "/v1/releases", operation_id = "listReleases", tag = "releases",
    responses((status = 200, description = "All finished releases, oldest first", body = ReleaseList)))]
pub async fn list_releases(State(app): State<App>) -> Result<Json<ReleaseList>, Problem> {
    let serving = app.service.library().release.manifest.release.clone();
    let releases = on_disk(&app, |store| store.releases()).await?;
    Ok(Json(ReleaseList {
        serving,
        releases: releases.into_iter().map(entry).collect(),
    }))
}

fn entry(manifest: Manifest) -> ReleaseEntry {
    ReleaseEntry {
        created: manifest.created.to_string(),
        documents: manifest.editions.len(),
        embedding_model: manifest.embedding.model,
        analysis: manifest.analysis,
        release: manifest.release,
    }
}

/// What changed from one release to another.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseDiff {
    /// The earlier release.
    from: String,
    /// The later release.
    to: String,
    /// Documents that only the later one has.
    new: Vec<ChangedDocument>,
    /// Documents with other words or other dates.
    changed: Vec<ChangedDocument>,
    /// Documents that only the earlier one has.
    gone: Vec<ChangedDocument>,
}

/// What became of one document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedDocument {
    /// Stable name.
    id: String,
    /// Full title.
    title: String,
    /// Page of the version in the earlier release.
    from_url: Option<String>,
    /// Page of the version in the later release.
    to_url: Option<String>,
    /// Passages that only the later version has.
    passages_added: usize,
    /// Passages that only the earlier version has.
    passages_removed: usize,
    /// Passages with the same words in the same place.
    passages_kept: usize,
}

/// Say what changed between two releases.
#[utoipa::path(get, path = "/v1/releases/{a}/diff/{b}", operation_id = "compareReleases", tag = "releases",
    params(("a" = String, Path, description = "The earlier release"), ("b" = String, Path, description = "The later release")),
    responses(
        (status = 200, description = "Documents that are new, changed or gone", body = ReleaseDiff),
        (status = 404, description = "One of them is not on this machine", body = Problem, content_type = "application/problem+json")
    ))]
pub async fn compare_releases(
    State(app): State<App>,
    Path((a, b)): Path<(String, String)>,
) -> Result<Json<ReleaseDiff>, Problem> {
    let diff = on_disk(&app, move |store| compare(store, &a, &b)).await?;
    Ok(Json(diff))
}

/// Reading releases is disk work, and disks can be slow.
async fn on_disk<T: Send + 'static>(
    app: &App,
    read: impl FnOnce(&ReleaseStore) -> Result<T, lotsen_corpus::release::ReleaseError> + Send + 'static,
) -> Result<T, Problem> {
    let store = ReleaseStore::new(&app.settings.data.dir);
    let done = tokio::task::spawn_blocking(move || read(&store)).await;
    done.map_err(|_| ProblemKind::Internal)?.map_err(problem_of)
}

fn problem_of(error: lotsen_corpus::release::ReleaseError) -> Problem {
    use lotsen_corpus::release::ReleaseError;
    match &error {
        ReleaseError::Name(_) => ProblemKind::NotFound.into(),
        ReleaseError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            ProblemKind::NotFound.into()
        }
        _ => {
            tracing::error!(%error, "a release could not be read");
            Problem::unavailable("release")
        }
    }
}

fn compare(store: &ReleaseStore, a: &str, b: &str) -> Result<ReleaseDiff, lotsen_corpus::release::ReleaseError> {
    let (before, after) = (versions(store, a)?, versions(store, b)?);
    let mut diff = ReleaseDiff {
        from: a.to_owned(),
        to: b.to_owned(),
        new: Vec::new(),
        changed: Vec::new(),
        gone: Vec::new(),
    };
    let documents: BTreeMap<&String, ()> = before.keys().chain(after.keys()).map(|id| (id, ())).collect();
    for id in documents.into_keys() {
        let (old, new) = (before.get(id), after.get(id));
        if old == new {
            continue;
        }
        let read = |version: Option<&String>| version.map(|version| store.edition(id, version)).transpose();
        let change = change(id, (old, read(old)?), (new, read(new)?));
        match (old, new) {
            (None, _) => diff.new.push(change),
            (_, None) => diff.gone.push(change),
            _ => diff.changed.push(change),
        }
    }
    Ok(diff)
}

fn versions(
    store: &ReleaseStore,
    release: &str,
) -> Result<BTreeMap<String, String>, lotsen_corpus::release::ReleaseError> {
    let manifest = store.manifest(release)?;
    Ok(manifest
        .editions
        .into_iter()
        .map(|entry| (entry.document.to_string(), entry.version))
        .collect())
}

type Side<'a> = (Option<&'a String>, Option<Edition>);

fn change(id: &str, (old_version, old): Side<'_>, (new_version, new): Side<'_>) -> ChangedDocument {
    let passages = |edition: &Option<Edition>| -> HashSet<String> {
        let passages = edition.iter().flat_map(|edition| &edition.passages);
        passages.map(|passage| passage.id.to_string()).collect()
    };
    let (before, after) = (passages(&old), passages(&new));
    let title = new.or(old).map(|edition| edition.document.title).unwrap_or_default();
    let url = |version: Option<&String>| version.map(|version| format!("/d/{id}/{version}"));
    ChangedDocument {
        id: id.to_owned(),
        title,
        from_url: url(old_version),
        to_url: url(new_version),
        passages_added: after.difference(&before).count(),
        passages_removed: before.difference(&after).count(),
        passages_kept: before.intersection(&after).count(),
    }
}
