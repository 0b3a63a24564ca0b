//! `GET /d/{document}/{version}`: the address of an edition in, the readable page out, each passage with its own anchor.
//!
//! The page is whole without script: the browser marks the passage that the address names. Any version that is kept on disk
//! can be read, whether a release still holds it or not, so that links never rot.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use lotsen_corpus::release::{PlacedPassage, ReleaseError};
use lotsen_corpus::{Edition, Release, ReleaseStore};
use minijinja::{Value, context};
use serde::Serialize;

use super::App;
use super::layout::{self, Group, Part};
use super::problem::ProblemKind;
use crate::cite;

/// Headings deeper than this are left out of the contents, which would otherwise be as long as the text.
const CONTENTS_DEPTH: u8 = 3;

/// `GET /d/{document}`: leads to the version that serves.
pub async fn newest(State(app): State<App>, Path(document): Path<String>) -> Response {
    let library = app.service.library();
    match library.release.edition(&document) {
        Some((entry, _)) => Redirect::temporary(&format!("/d/{document}/{}", entry.version)).into_response(),
        None => app.pages.problem(ProblemKind::NotFound),
    }
}

/// `GET /d/{document}/{version}`: the page.
pub async fn read(
    State(app): State<App>,
    Path((document, version)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let library = app.service.library();
    // The text never changes; the day and the release decide what is said about it.
    let tag = format!(
        "W/\"{version}-{}-{}\"",
        library.release.manifest.release,
        app.settings.today()
    );
    let edition = match find(&app, &library.release, &document, &version).await {
        Ok(edition) => edition,
        Err(kind) => return app.pages.problem(kind),
    };
    let known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        page(&app, &library.release, edition, &version)
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    response
}

async fn find(app: &App, release: &Release, document: &str, version: &str) -> Result<Arc<Edition>, ProblemKind> {
    if let Some((entry, edition)) = release.edition(document)
        && entry.version == version
    {
        return Ok(Arc::clone(edition));
    }
    let store = ReleaseStore::new(&app.settings.data.dir);
    let (document, version) = (document.to_owned(), version.to_owned());
    let read = tokio::task::spawn_blocking(move || store.edition(&document, &version)).await;
    match read.map_err(|_| ProblemKind::Internal)? {
        Ok(edition) => Ok(Arc::new(edition)),
        Err(ReleaseError::Name(_)) => Err(ProblemKind::NotFound),
        Err(ReleaseError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(ProblemKind::NotFound)
        }
        Err(error) => {
            tracing::error!(%error, "an edition could not be read");
            Err(ProblemKind::Unavailable)
        }
    }
}

/// What a reader must know before the text.
#[derive(Serialize)]
struct Banner {
    code: &'static str,
    text: String,
    link: Option<String>,
    label: String,
}

fn page(app: &App, release: &Release, edition: Arc<Edition>, version: &str) -> Response {
    let (document, words, today) = (&edition.document, app.pages.words(), app.settings.today());
    let status = document.validity.on(today);
    let parts = layout::parts(&edition);
    let contents: Vec<Value> = parts.iter().filter_map(entry).collect();
    let shown: Vec<Value> = parts
        .into_iter()
        .map(|part| show(app, &edition, version, part))
        .collect();
    let is_address = document.source.starts_with("https://") || document.source.starts_with("http://");
    app.pages.render(
        "document.html",
        context! {
            document => document,
            version => version,
            status => status,
            validity => words.validity(status, document.validity),
            original => is_address.then_some(document.source.as_str()),
            banners => banners(app, release, &edition, version),
            contents => if contents.len() > 1 { contents } else { Vec::new() },
            parts => shown,
        },
    )
}

fn banners(app: &App, release: &Release, edition: &Edition, version: &str) -> Vec<Banner> {
    let (document, words, today) = (&edition.document, app.pages.words(), app.settings.today());
    let mut banners = Vec::new();
    if document.invented {
        let text = words.page.invented_banner.clone();
        banners.push(Banner {
            code: "invented_corpus",
            text,
            link: None,
            label: String::new(),
        });
    }
    if let Some(text) = words.document_note(&document.title, document.validity, today) {
        let successor = document
            .replaced_by
            .as_ref()
            .and_then(|id| release.edition(id.as_str()));
        let link = successor.map(|(entry, _)| format!("/d/{}/{}", entry.document, entry.version));
        let title = successor.map_or("", |(_, edition)| edition.document.title.as_str());
        banners.push(Banner {
            code: "repealed_law",
            text,
            link,
            label: format!("{} {title}", words.page.replaced_by),
        });
    }
    match release.edition(document.id.as_str()) {
        Some((entry, _)) if entry.version != version => banners.push(Banner {
            code: "newer_version",
            text: words.page.newer_version.clone(),
            link: Some(format!("/d/{}/{}", document.id, entry.version)),
            label: words.page.newer_version_link.clone(),
        }),
        Some(_) => {}
        None => {
            let text = words.page.no_longer_held.clone();
            banners.push(Banner {
                code: "no_longer_held",
                text,
                link: None,
                label: String::new(),
            });
        }
    }
    banners
}

fn entry(part: &Part<'_>) -> Option<Value> {
    match part {
        Part::Heading { level, id, text } if *level <= CONTENTS_DEPTH => {
            Some(context! { level => level, id => id, text => text })
        }
        _ => None,
    }
}

fn show(app: &App, edition: &Arc<Edition>, version: &str, part: Part<'_>) -> Value {
    match part {
        Part::Passage { position, groups } => passage(app, edition, version, position, &groups),
        other => Value::from_serialize(&other),
    }
}

fn passage(app: &App, edition: &Arc<Edition>, version: &str, position: usize, groups: &[Group<'_>]) -> Value {
    let (words, today) = (app.pages.words(), app.settings.today());
    let place = PlacedPassage {
        edition: Arc::clone(edition),
        version: version.to_owned(),
        position,
    };
    let passage = place.passage();
    let reference = cite::reference(&place, today, app.pages.places());
    // What the whole document's banner says already need not be said again at each passage.
    let own_dates = passage.validity.on(today) != edition.document.validity.on(today);
    context! {
        type => "passage",
        id => passage.id.as_str(),
        link => words.permalink(&reference),
        reference => reference,
        page => passage.page.map(|page| words.page_number(page)),
        note => own_dates.then(|| words.passage_note(passage.validity, today)).flatten(),
        groups => groups,
    }
}
