//! Templates, sentences and the built web page in; HTML and files out.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use include_dir::{Dir, include_dir};
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::App;
use super::problem::{Problem, ProblemKind};
use super::swedish::PageWords;
use crate::texts::{self, PlaceTexts, Texts, TextsError};

/// The web page as Vite built it.
static WEB: Dir<'_> = include_dir!("$OUT_DIR/web");

const TEMPLATES: [(&str, &str); 11] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("form.html", include_str!("../../templates/form.html")),
    ("ask.html", include_str!("../../templates/ask.html")),
    ("reply.html", include_str!("../../templates/reply.html")),
    ("answer.html", include_str!("../../templates/answer.html")),
    ("case_law.html", include_str!("../../templates/case_law.html")),
    ("refusal.html", include_str!("../../templates/refusal.html")),
    ("document.html", include_str!("../../templates/document.html")),
    ("problem.html", include_str!("../../templates/problem.html")),
    ("about.html", include_str!("../../templates/about.html")),
    ("accessibility.html", include_str!("../../templates/accessibility.html")),
];

/// Why the pages cannot be made. Only a mistake in the program's own files leads here.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A template is broken.
    #[error("server/templates: {0}")]
    Template(#[from] minijinja::Error),
    /// A sentence is missing.
    #[error(transparent)]
    Texts(#[from] TextsError),
}

/// Everything that pages are made of.
pub struct Pages {
    templates: Environment<'static>,
    words: PageWords,
    places: PlaceTexts,
    tags: HashMap<&'static str, HeaderValue>,
}

/// All of section `[page]`: what the templates call `t`.
#[derive(Deserialize)]
struct PageTable {
    page: toml::Table,
}

impl Pages {
    /// Reads the templates and sentences that were built in.
    ///
    /// # Errors
    /// One of them is broken.
    pub fn built_in() -> Result<Self, PagesError> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        templates.set_trim_blocks(true);
        templates.set_lstrip_blocks(true);
        for (name, source) in TEMPLATES {
            templates.add_template(name, source)?;
        }
        let all: PageTable = texts::section()?;
        templates.add_global("t", Value::from_serialize(&all.page));
        let mut tags = HashMap::new();
        collect_tags(&WEB, &mut tags);
        Ok(Self {
            templates,
            words: texts::section()?,
            places: Texts::built_in()?.place,
            tags,
        })
    }

    /// The sentences that have something to fill in.
    pub fn words(&self) -> &PageWords {
        &self.words
    }

    /// How places are written.
    pub fn places(&self) -> &PlaceTexts {
        &self.places
    }

    /// A page from a template. All text in it is escaped.
    pub fn render(&self, template: &str, values: impl Serialize) -> Response {
        let rendered = self
            .templates
            .get_template(template)
            .and_then(|template| template.render(values));
        match rendered {
            Ok(page) => Html(page).into_response(),
            Err(error) => {
                // Its kind and place only: its detail may quote a value.
                tracing::error!(template, kind = ?error.kind(), line = error.line(), "a page could not be rendered");
                Problem::from(ProblemKind::Internal).into_response()
            }
        }
    }

    /// The page of a problem, with that problem's status.
    pub fn problem(&self, kind: ProblemKind) -> Response {
        let mut response = self.problem_page(kind);
        *response.status_mut() = kind.status();
        response
    }

    fn problem_page(&self, kind: ProblemKind) -> Response {
        let Some(text) = kind.text() else {
            return Problem::from(ProblemKind::Internal).into_response();
        };
        let paragraphs: Vec<&str> = text.explanation.split("\n\n").collect();
        self.render(
            "problem.html",
            context! { title => text.title, paragraphs => paragraphs },
        )
    }
}

/// `GET /problems/{name}`: what a problem means and what to do about it.
pub async fn explain_problem(State(app): State<App>, Path(name): Path<String>) -> Response {
    match ProblemKind::ALL.into_iter().find(|kind| kind.name() == name) {
        Some(kind) => app.pages.problem_page(kind),
        None => app.pages.problem(ProblemKind::NotFound),
    }
}

/// `GET /openapi.json`: the description of the service.
pub async fn description() -> Response {
    axum::Json(super::openapi()).into_response()
}

/// `GET /`: the web page.
pub async fn front_page(State(app): State<App>, headers: HeaderMap) -> Response {
    file(&app, "index.html", &headers)
}

/// `GET /assets/...`: the web page's parts.
pub async fn asset(State(app): State<App>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    file(&app, &format!("assets/{path}"), &headers)
}

/// A file that was built in. No path can lead out of them: they are a list, not a folder.
fn file(app: &App, path: &str, headers: &HeaderMap) -> Response {
    let Some((file, tag)) = WEB.get_file(path).zip(app.pages.tags.get(path)) else {
        return Problem::from(ProblemKind::NotFound).into_response();
    };
    let mut response = if headers.get(IF_NONE_MATCH) == Some(tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.contents().into_response()
    };
    let kept = if is_named_by_content(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response.headers_mut().extend([
        (CONTENT_TYPE, HeaderValue::from_static(content_type(path))),
        (CACHE_CONTROL, HeaderValue::from_static(kept)),
        (ETAG, tag.clone()),
    ]);
    response
}

/// Vite writes a hash of eight characters into the names of files that never change.
fn is_named_by_content(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.len() > 9 && stem.is_char_boundary(stem.len() - 9) && stem[stem.len() - 9..].starts_with('-')
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn collect_tags(dir: &'static Dir<'_>, tags: &mut HashMap<&'static str, HeaderValue>) {
    for file in dir.files() {
        let digest = Sha256::digest(file.contents());
        let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        if let (Some(path), Ok(tag)) = (file.path().to_str(), HeaderValue::from_str(&format!("W/\"{hex}\""))) {
            tags.insert(path, tag);
        }
    }
    for dir in dir.dirs() {
        collect_tags(dir, tags);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(is_named_by_content("assets/index-DdV3k2_a.js"));
        for path in [
            "index.html",
            "assets/lotsen.css",
            "assets/theme.js",
            "assets/favicon.svg",
            "a",
        ] {
            assert!(!is_named_by_content(path), "{path}");
        }
    }

    #[test]
    fn what_is_shown_is_text_and_never_markup() {
        let pages = Pages::built_in().expect("the built-in pages");
        let hostile = "<script>alert(1)</script>";
        let values = context! { title => hostile, paragraphs => [hostile] };
        let page = pages
            .templates
            .get_template("problem.html")
            .and_then(|t| t.render(values))
            .expect("a page");
        assert!(!page.contains("<script>alert"), "{page}");
    }
}
