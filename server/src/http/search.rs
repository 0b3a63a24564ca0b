//! `POST /v1/search` and `POST /v1/guard`: a text in, passages or findings out. No language model takes part.

use axum::Json;
use axum::extract::State;
use lotsen_guard::{Finding, FindingKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::App;
use super::body::{JsonBody, without_control_characters};
use super::problem::{Problem, ProblemKind};
use crate::question::{AskError, SearchRequest, numbers_beside};
use crate::reply::SearchReply;

/// Find passages.
#[utoipa::path(
    post,
    path = "/v1/search",
    operation_id = "search",
    tag = "answers",
    request_body(content = SearchRequest, example = json!({"query": "rätt till bistånd", "limit": 5, "kinds": ["lag"]})),
    responses(
        (status = 200, description = "Passages, best first", body = SearchReply),
        (status = 400, description = "Cannot be read, or is outside the limits; `field` says where", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Longer than 64 kB", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is, or may be, personal data in it; nothing has seen or kept it. Findings with `certain: false` go on when sent back in `confirmed`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No room, or a part of the service is gone; see Retry-After", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn search(
    State(app): State<App>,
    JsonBody(request): JsonBody<SearchRequest>,
) -> Result<Json<SearchReply>, Problem> {
    find(&app, request).await.map(Json)
}

/// A search, counted and in the log, for whoever asked.
pub async fn find(app: &App, request: SearchRequest) -> Result<SearchReply, Problem> {
    without_control_characters("query", &request.query)?;
    let asked = request.clone();
    match app.service.search(request).await {
        Ok(reply) => {
            tracing::info!(results = reply.results.len(), search_ms = reply.took_ms, "searched");
            metrics::histogram!("lotsen_step_seconds", "step" => "search").record(reply.took_ms / 1_000.0);
            Ok(reply)
        }
        Err(error) => Err(refused(error, |field| asked.text_of(field))),
    }
}

/// The problem that an error is for the caller; what the guard stopped is counted. `text_of` gives the text of a field.
pub fn refused<'t>(error: AskError, text_of: impl for<'f> FnOnce(&'f str) -> &'t str) -> Problem {
    if let AskError::PersonalData { findings, .. } = &error {
        count_findings(findings);
    }
    Problem::from_error(error, text_of)
}

/// What stands beside a question in another program's message is not read, but no personal number may stand there either.
pub fn nothing_beside(message: &Value) -> Result<(), Problem> {
    let findings = tokio::task::block_in_place(|| numbers_beside(message));
    if findings.is_empty() {
        return Ok(());
    }
    count_findings(&findings);
    Err(ProblemKind::PersonalData.into())
}

/// A text to look through while it is being written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardRequest {
    /// The text. It is not kept.
    text: String,
}

/// What the guard found.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardReply {
    /// Where the personal data stands, in Unicode code points. Empty when none was found.
    pub findings: Vec<Finding>,
    /// How the same could be asked without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// Look for personal data in a text, and keep nothing.
#[utoipa::path(
    post,
    path = "/v1/guard",
    operation_id = "guard",
    tag = "answers",
    request_body(content = GuardRequest, example = json!({"text": "Kan en person som fyllt 65 få ledsagning?"})),
    responses(
        (status = 200, description = "What was found; an empty list when the text may be sent", body = GuardReply),
        (status = 400, description = "Cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Longer than 64 kB", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn guard(State(app): State<App>, JsonBody(request): JsonBody<GuardRequest>) -> Json<GuardReply> {
    let findings = tokio::task::block_in_place(|| app.service.guard().find(&request.text));
    let suggestion = (!findings.is_empty()).then(|| lotsen_guard::generalise(&request.text, &findings));
    Json(GuardReply { findings, suggestion })
}

/// Counts what was stopped, by kind and nothing more.
fn count_findings(findings: &[Finding]) {
    for finding in findings {
        let kind = match finding.kind {
            FindingKind::Personnummer => "personnummer",
            FindingKind::Samordningsnummer => "samordningsnummer",
            FindingKind::Email => "email",
            FindingKind::Phone => "phone",
            FindingKind::CaseNumber => "case_number",
            FindingKind::Address => "address",
            FindingKind::Name => "name",
            FindingKind::Other => "other",
        };
        metrics::counter!("lotsen_personal_data_total", "type" => kind).increment(1);
    }
}
