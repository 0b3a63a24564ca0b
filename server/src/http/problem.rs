//! Anything that went wrong in, an `application/problem+json` reply (RFC 9457) out. The only place where an error becomes a
//! status.
//!
//! The Swedish `detail` comes from `texts/sv.toml` and holds field names and numbers at most, never a word of what was
//! sent: parsers like to quote their input, so what they say is only looked at, never passed on.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use lotsen_guard::Finding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::question::{AskError, Invalid};
use crate::texts::{self, Template};

/// Why a request got no ordinary reply (RFC 9457). `type` is a stable path under `/problems/`, and a page.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Stable path: `/problems/personal-data`, `/problems/busy` ...
    #[serde(rename = "type")]
    #[schema(example = "/problems/personal-data")]
    pub kind: String,
    /// Short Swedish name of the problem, the same every time.
    pub title: String,
    /// The HTTP status, also in the body for those who only see that.
    #[schema(example = 422)]
    pub status: u16,
    /// Swedish, ready to show; never holds what was sent.
    pub detail: String,
    /// Which field of the request it is about: `question`, `history[0].content` ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Where the personal data stands in that field, in Unicode code points. Only for `/problems/personal-data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<Finding>>,
    /// How the same could be asked without them. Only for `/problems/personal-data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// Seconds after which to try again; also in the header Retry-After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// The kinds of problem, each a page under `/problems/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// There is personal data in what was sent.
    PersonalData,
    /// It cannot be read, or is outside the limits.
    InvalidRequest,
    /// It is longer than the limit.
    TooLarge,
    /// It is not in a form that the address reads.
    UnsupportedMediaType,
    /// It came by a host name, or from a site, that the settings do not name.
    Forbidden,
    /// Nothing has this address.
    NotFound,
    /// The address is used in another way.
    MethodNotAllowed,
    /// The rest of the request did not come in time.
    RequestTimeout,
    /// The reply did not get ready in time.
    Timeout,
    /// Every place is taken.
    Busy,
    /// A part that the reply needs is gone.
    Unavailable,
    /// The server is about to stop.
    ShuttingDown,
    /// A fault of ours.
    Internal,
}

/// The words of one kind of problem.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemText {
    /// Its name.
    pub title: String,
    /// What a reply says.
    pub detail: Template,
    /// What it says instead where nothing is certain and the user may confirm.
    #[serde(default)]
    pub possible: Option<String>,
    /// What its page says; paragraphs are parted by an empty line.
    pub explanation: String,
}

#[derive(Deserialize)]
struct ProblemTexts {
    problem: BTreeMap<ProblemKind, ProblemText>,
    request: BTreeMap<String, Template>,
    part: BTreeMap<String, String>,
}

/// Empty if the built-in file were broken; a test holds that it is not.
static TEXTS: LazyLock<Option<ProblemTexts>> = LazyLock::new(|| texts::section().ok());

impl ProblemKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 13] = [
        Self::PersonalData,
        Self::InvalidRequest,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::Timeout,
        Self::Busy,
        Self::Unavailable,
        Self::ShuttingDown,
        Self::Internal,
    ];

    /// Its name in the address of its page.
    pub fn name(self) -> &'static str {
        match self {
            Self::PersonalData => "personal-data",
            Self::InvalidRequest => "invalid-request",
            Self::TooLarge => "too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::RequestTimeout => "request-timeout",
            Self::Timeout => "timeout",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::ShuttingDown => "shutting-down",
            Self::Internal => "internal",
        }
    }

    /// The status that goes with it.
    pub fn status(self) -> StatusCode {
        match self {
            Self::PersonalData => StatusCode::UNPROCESSABLE_ENTITY,
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Busy | Self::Unavailable | Self::ShuttingDown => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Its words.
    pub fn text(self) -> Option<&'static ProblemText> {
        TEXTS.as_ref()?.problem.get(&self)
    }
}

impl Problem {
    /// The problem with its standing words.
    pub fn new(kind: ProblemKind) -> Self {
        Self::with(kind, &[])
    }

    fn with(kind: ProblemKind, fields: &[(&str, &str)]) -> Self {
        let text = kind.text();
        Self {
            kind: format!("/problems/{}", kind.name()),
            title: text.map(|text| text.title.clone()).unwrap_or_default(),
            status: kind.status().as_u16(),
            detail: text.map(|text| text.detail.fill(fields)).unwrap_or_default(),
            field: None,
            findings: None,
            suggestion: None,
            retry_after: None,
        }
    }

    /// A request that cannot be taken: `reason` names a sentence of section `[request]`.
    pub fn invalid(field: Option<String>, reason: &str, fields: &[(&str, &str)]) -> Self {
        let sentence = TEXTS.as_ref().and_then(|texts| texts.request.get(reason));
        let mut named = vec![("field", field.as_deref().unwrap_or_default())];
        named.extend_from_slice(fields);
        let detail = sentence.map(|sentence| sentence.fill(&named));
        let mut problem = Self::new(ProblemKind::InvalidRequest);
        problem.detail = detail.unwrap_or(problem.detail);
        problem.field = field;
        problem
    }

    /// A body longer than `limit` bytes.
    pub fn too_large(limit: usize) -> Self {
        Self::with(ProblemKind::TooLarge, &[("limit", &limit.to_string())])
    }

    /// A body of another type than `expected`.
    pub fn unsupported(expected: &str) -> Self {
        Self::with(ProblemKind::UnsupportedMediaType, &[("expected", expected)])
    }

    /// No room; try again in `seconds`.
    pub fn busy(seconds: u64) -> Self {
        let mut problem = Self::with(ProblemKind::Busy, &[("seconds", &seconds.to_string())]);
        problem.retry_after = Some(seconds);
        problem
    }

    /// A part of the service is gone: `part` names an entry of section `[part]`.
    pub fn unavailable(part: &str) -> Self {
        let name = TEXTS.as_ref().and_then(|texts| texts.part.get(part));
        let mut problem = Self::with(ProblemKind::Unavailable, &[("part", name.map_or(part, String::as_str))]);
        problem.retry_after = Some(10);
        problem
    }

    /// Personal data in `field`. `text` is that field as it was sent, for the suggestion alone.
    pub fn personal_data(field: &str, findings: Vec<Finding>, text: &str) -> Self {
        let mut problem = Self::new(ProblemKind::PersonalData);
        let possible = ProblemKind::PersonalData.text().and_then(|text| text.possible.clone());
        if let Some(detail) = possible.filter(|_| findings.iter().all(|finding| !finding.certain)) {
            problem.detail = detail;
        }
        problem.field = Some(field.to_owned());
        problem.suggestion = Some(lotsen_guard::generalise(text, &findings));
        problem.findings = Some(findings);
        problem
    }

    /// What the caller sees of an error, and what the operator reads in the log. `text_of` gives the text of a field.
    pub fn from_error<'t>(error: AskError, text_of: impl for<'f> FnOnce(&'f str) -> &'t str) -> Self {
        if let AskError::Embed(_) | AskError::Index(_) | AskError::Generator(_) = error {
            tracing::error!(%error, "no reply");
        }
        match error {
            AskError::PersonalData { field, findings } => {
                let text = text_of(&field);
                Self::personal_data(&field, findings, text)
            }
            AskError::Invalid { field, reason } => Self::outside_limits(field, reason),
            AskError::Busy { retry_after } => Self::busy(retry_after.as_secs().max(1)),
            AskError::Cancelled => Self::new(ProblemKind::ShuttingDown),
            AskError::Embed(_) => Self::unavailable("embed"),
            AskError::Index(_) => Self::unavailable("index"),
            AskError::Generator(_) => Self::unavailable("generator"),
        }
    }

    fn outside_limits(field: String, reason: Invalid) -> Self {
        let field = Some(field);
        match reason {
            Invalid::Empty => Self::invalid(field, "empty", &[]),
            Invalid::TooLong { max } => Self::invalid(field, "too_long", &[("max", &max.to_string())]),
            Invalid::TooMany { max } => Self::invalid(field, "too_many", &[("max", &max.to_string())]),
            Invalid::OutOfRange { min, max } => {
                let bounds = [("min", &*min.to_string()), ("max", &*max.to_string())];
                Self::invalid(field, "out_of_range", &bounds)
            }
            Invalid::NotAProvision => Self::invalid(field, "not_a_provision", &[]),
            Invalid::NotAField => Self::invalid(field, "not_a_field", &[]),
        }
    }

    /// Which kind it is, as its address names it: `personal-data`.
    pub fn name(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or_default()
    }

    /// Its status.
    pub fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<ProblemKind> for Problem {
    fn from(kind: ProblemKind) -> Self {
        Self::new(kind)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry_after) = (self.status_code(), self.retry_after);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_words() {
        for kind in ProblemKind::ALL {
            let text = kind.text().unwrap_or_else(|| panic!("{} has no words", kind.name()));
            assert!(!text.title.is_empty() && !text.explanation.is_empty());
        }
    }

    #[test]
    fn every_hole_in_a_sentence_is_filled() {
        let field = || Some("question".to_owned());
        for problem in [
            Problem::too_large(65_536),
            Problem::unsupported("application/json"),
            Problem::busy(5),
            Problem::unavailable("index"),
            Problem::invalid(field(), "unknown_field", &[]),
            Problem::invalid(field(), "missing_field", &[]),
            Problem::invalid(field(), "duplicate_field", &[]),
            Problem::invalid(field(), "wrong_value", &[]),
            Problem::invalid(field(), "control_character", &[]),
            Problem::invalid(field(), "unknown_passage", &[]),
            Problem::invalid(None, "not_json", &[("line", "1"), ("column", "2")]),
            Problem::outside_limits("question".to_owned(), Invalid::Empty),
            Problem::outside_limits("question".to_owned(), Invalid::TooLong { max: 2 }),
            Problem::outside_limits("history".to_owned(), Invalid::TooMany { max: 2 }),
            Problem::outside_limits("limit".to_owned(), Invalid::OutOfRange { min: 1, max: 2 }),
            Problem::outside_limits("provision".to_owned(), Invalid::NotAProvision),
            Problem::outside_limits("confirmed[0].field".to_owned(), Invalid::NotAField),
        ] {
            assert!(
                !problem.detail.is_empty() && !problem.detail.contains(['{', '}']),
                "{problem:?}"
            );
        }
    }
}
