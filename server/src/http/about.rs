//! Nothing in; the pages out that say what Lotsen is, which texts it answers from, and how accessible it is.

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lotsen_corpus::Edition;
use lotsen_corpus::release::EditionEntry;
use minijinja::context;
use serde::Serialize;

use super::App;
use super::swedish::PageWords;

/// A document in the list of what the answers rest on.
#[derive(Serialize)]
struct Held<'a> {
    title: &'a str,
    issuer: &'a str,
    wording: Option<&'a str>,
    validity: String,
    checked: String,
    url: String,
    invented: bool,
}

/// `GET /om`: what Lotsen is, what it keeps, and which texts it answers from.
pub async fn about(State(app): State<App>) -> Response {
    let (library, words, today) = (app.service.library(), app.pages.words(), app.settings.today());
    let mut editions: Vec<_> = library.release.editions().collect();
    editions.sort_by_key(|(_, edition)| (edition.document.kind, edition.document.title.as_str()));
    let documents: Vec<Held<'_>> = editions
        .into_iter()
        .map(|(entry, edition)| held(&app, entry, edition, today))
        .collect();
    let manifest = &library.release.manifest;
    app.pages.render(
        "about.html",
        context! {
            documents => documents,
            release => words.release(&manifest.release),
            created => day(words, manifest.created),
        },
    )
}

fn held<'a>(app: &App, entry: &EditionEntry, edition: &'a Edition, today: Date) -> Held<'a> {
    let words = app.pages.words();
    let document = &edition.document;
    Held {
        title: &document.title,
        issuer: &document.issuer,
        wording: document.wording.as_deref(),
        validity: words.validity(document.validity.on(today), document.validity),
        checked: day(words, app.service.last_checked(entry)),
        url: format!("/d/{}/{}", document.id, entry.version),
        invented: document.invented,
    }
}

/// `GET /tillganglighet`: how accessible the service is, and what is known not to be.
pub async fn accessibility(State(app): State<App>) -> Response {
    app.pages.render("accessibility.html", context! {})
}

fn day(words: &PageWords, moment: Timestamp) -> String {
    words.date.written(moment.to_zoned(TimeZone::UTC).date())
}
