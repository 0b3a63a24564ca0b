//! `POST /v1/feedback`: a verdict on an answer in, a count out. Nothing is stored.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::JsonBody;
use super::problem::Problem;

/// What somebody thought of an answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackRequest {
    /// The reply's `answer_id`.
    answer_id: String,
    /// The verdict.
    verdict: Verdict,
    /// Why, as one of the fixed codes.
    #[serde(default)]
    reason: Option<Reason>,
}

/// How good an answer was.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    /// It helped.
    Helpful,
    /// It is wrong.
    Wrong,
    /// Something is missing.
    Incomplete,
    /// It rests on text that no longer applies.
    Outdated,
}

/// What was the matter. Codes instead of words: free text could hold personal data.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Reason {
    /// The place does not say that.
    WrongSource,
    /// A source that it should have found is missing.
    MissingSource,
    /// The question was understood as another one.
    Misunderstood,
    /// It said no although the material answers.
    WronglyRefused,
    /// It found personal data where there is none.
    WronglyStopped,
    /// Hard to read.
    Unclear,
    /// None of these.
    Other,
}

/// Say what an answer was worth.
#[utoipa::path(
    post,
    path = "/v1/feedback",
    operation_id = "giveFeedback",
    tag = "answers",
    request_body(content = FeedbackRequest,
        example = json!({"answer_id": "0b9a5f0e-5a53-4c39-9df2-2f4e1a7f4a10", "verdict": "incomplete", "reason": "missing_source"})),
    responses(
        (status = 204, description = "Counted"),
        (status = 400, description = "Cannot be read, or is not a verdict", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn give_feedback(JsonBody(request): JsonBody<FeedbackRequest>) -> Result<StatusCode, Problem> {
    if uuid::Uuid::try_parse(&request.answer_id).is_err() {
        return Err(Problem::invalid(Some("answer_id".to_owned()), "wrong_value", &[]));
    }
    let verdict = match request.verdict {
        Verdict::Helpful => "helpful",
        Verdict::Wrong => "wrong",
        Verdict::Incomplete => "incomplete",
        Verdict::Outdated => "outdated",
    };
    let reason = match request.reason {
        None => "none",
        Some(Reason::WrongSource) => "wrong_source",
        Some(Reason::MissingSource) => "missing_source",
        Some(Reason::Misunderstood) => "misunderstood",
        Some(Reason::WronglyRefused) => "wrongly_refused",
        Some(Reason::WronglyStopped) => "wrongly_stopped",
        Some(Reason::Unclear) => "unclear",
        Some(Reason::Other) => "other",
    };
    metrics::counter!("lotsen_feedback_total", "verdict" => verdict, "reason" => reason).increment(1);
    Ok(StatusCode::NO_CONTENT)
}
