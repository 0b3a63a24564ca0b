//! `GET /v1/documents` and `/v1/documents/{id}`: nothing or a document's name in, what the release holds of it out.

use axum::Json;
use axum::extract::{Path, State};
use jiff::civil::Date;
use lotsen_corpus::Edition;
use lotsen_corpus::release::{EditionEntry, PlacedPassage};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use super::problem::{Problem, ProblemKind};
use crate::cite;
use crate::reply::DocumentCard;

/// What is in the release.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentList {
    /// The release's name.
    release: String,
    /// In the order of their ids.
    documents: Vec<DocumentEntry>,
}

/// A document with where it comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentEntry {
    #[serde(flatten)]
    card: DocumentCard,
    /// What references call it: "SoL".
    short_title: Option<String>,
    /// SFS number, diarienummer, case number.
    identifier: Option<String>,
    /// Up to which amendment the wording goes.
    wording: Option<String>,
    /// The document that took its place.
    replaced_by: Option<String>,
    /// Names this wording; part of its permanent address.
    version: String,
    /// Permanent page.
    url: String,
    /// Where the original is: an address or a file's name.
    source: String,
    /// When the source was last seen in this form, RFC 3339.
    last_checked: String,
    /// How many passages it has.
    passages: usize,
}

/// List the documents.
#[utoipa::path(get, path = "/v1/documents", operation_id = "listDocuments", tag = "documents",
    responses((status = 200, description = "Every document of the release that serves", body = DocumentList)))]
pub async fn list_documents(State(app): State<App>) -> Json<DocumentList> {
    let (library, today) = (app.service.library(), app.settings.today());
    let documents = library
        .release
        .editions()
        .map(|(entry, edition)| describe(&app, entry, edition, today))
        .collect();
    Json(DocumentList {
        release: library.release.manifest.release.clone(),
        documents,
    })
}

fn describe(app: &App, entry: &EditionEntry, edition: &Edition, today: Date) -> DocumentEntry {
    let document = &edition.document;
    DocumentEntry {
        card: cite::card(document, document.validity, today),
        short_title: document.short_title.clone(),
        identifier: document.identifier.clone(),
        wording: document.wording.clone(),
        replaced_by: document.replaced_by.as_ref().map(ToString::to_string),
        version: entry.version.clone(),
        url: format!("/d/{}/{}", document.id, entry.version),
        source: document.source.clone(),
        last_checked: app.service.last_checked(entry).to_string(),
        passages: edition.passages.len(),
    }
}

/// A document with all its passages.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentDetail {
    #[serde(flatten)]
    entry: DocumentEntry,
    /// In reading order.
    content: Vec<PassageEntry>,
}

/// A passage as its document lists it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassageEntry {
    /// Stable name.
    passage_id: String,
    /// The Swedish reference.
    reference: String,
    /// The headings above it, outermost first.
    heading_path: Vec<String>,
    /// Page of the original, where it has pages.
    page: Option<u32>,
    /// First day of this wording.
    valid_from: Option<Date>,
    /// First day on which this wording no longer applies.
    valid_to: Option<Date>,
    /// The passage as in the source, whitespace-normalised.
    text: String,
    /// Permanent page with the passage marked.
    url: String,
}

/// Show a document.
#[utoipa::path(get, path = "/v1/documents/{id}", operation_id = "showDocument", tag = "documents",
    params(("id" = String, Path, description = "Stable name", example = "sfs-2025-400")),
    responses(
        (status = 200, description = "The version that serves, with its passages in reading order", body = DocumentDetail),
        (status = 404, description = "Not in the release", body = Problem, content_type = "application/problem+json")
    ))]
pub async fn show_document(State(app): State<App>, Path(id): Path<String>) -> Result<Json<DocumentDetail>, Problem> {
    let (library, today) = (app.service.library(), app.settings.today());
    let (entry, edition) = library.release.edition(&id).ok_or(ProblemKind::NotFound)?;
    let content = (0..edition.passages.len()).map(|position| {
        let place = PlacedPassage {
            edition: edition.clone(),
            version: entry.version.clone(),
            position,
        };
        let passage = place.passage();
        PassageEntry {
            passage_id: passage.id.to_string(),
            reference: cite::reference(&place, today, app.pages.places()),
            heading_path: passage.heading_path.clone(),
            page: passage.page,
            valid_from: passage.validity.valid_from,
            valid_to: passage.validity.valid_to,
            text: passage.text.clone(),
            url: cite::url(&place),
        }
    });
    Ok(Json(DocumentDetail {
        entry: describe(&app, entry, edition, today),
        content: content.collect(),
    }))
}
