//! `POST /v1/case-law` and `/avgoranden`: a question in; the decisions for and against the person out, as JSON or as a page.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use minijinja::context;
use serde::Serialize;

use super::App;
use super::body::{FormBody, JsonBody, without_control_characters};
use super::form::{self, QuestionForm};
use super::problem::Problem;
use super::search::refused;
use crate::question::CaseLawRequest;
use crate::reply::{AnswerStatus, CaseLawReply, Decision};

/// Where the plain form asks for decisions.
const PAGE: &str = "/avgoranden";

/// Find decisions for and against the person.
///
/// Which list a decision stands in is how it ended, as its own text says. Nothing is argued and nothing is weighed but who
/// decided. `notices` holds `one_sided_case_law` where only one of `for` and `against` has decisions.
#[utoipa::path(
    post,
    path = "/v1/case-law",
    operation_id = "case_law",
    tag = "answers",
    request_body(
        content = CaseLawRequest,
        example = json!({"question": "Kan kontaktperson nekas för att anhöriga kan ställa upp?", "provision": "9 § 4 LSS"})
    ),
    responses(
        (status = 200, description = "Decisions by outcome, the weightiest first; `no_support` where none bears on the question", body = CaseLawReply),
        (status = 400, description = "Cannot be read, or is outside the limits; `field` says where", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Longer than 64 kB", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is, or may be, personal data in it; nothing has seen or kept it. Findings with `certain: false` go on when sent back in `confirmed`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No room, or a part of the service is gone; see Retry-After", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn case_law(
    State(app): State<App>,
    JsonBody(request): JsonBody<CaseLawRequest>,
) -> Result<Json<CaseLawReply>, Problem> {
    find(&app, request).await.map(Json)
}

async fn find(app: &App, request: CaseLawRequest) -> Result<CaseLawReply, Problem> {
    without_control_characters("question", &request.question)?;
    without_control_characters("provision", request.provision.as_deref().unwrap_or_default())?;
    for (i, turn) in request.history.iter().enumerate() {
        without_control_characters(&format!("history[{i}].content"), &turn.content)?;
    }
    let asked = request.clone();
    let reply = app.service.case_law(request).await;
    let reply = reply.map_err(|error| refused(error, |field| asked.text_of(field)))?;
    tracing::info!(
        found = reply.status == AnswerStatus::Answered,
        in_favour = reply.in_favour.len(),
        against = reply.against.len(),
        unclear = reply.unclear.len(),
        case_law_ms = reply.took_ms,
        "found case law"
    );
    metrics::histogram!("lotsen_step_seconds", "step" => "case_law").record(reply.took_ms / 1_000.0);
    Ok(reply)
}

/// `POST /avgoranden`: the same as a page, for the form's second button. The way without script.
pub async fn page(State(app): State<App>, form: Result<FormBody<QuestionForm>, Problem>) -> Response {
    let form = match form {
        Ok(FormBody(form)) => form,
        Err(problem) => return form::refusal(&app, &problem, &QuestionForm::default(), PAGE),
    };
    let found = match asked(&form) {
        Ok(request) => find(&app, request).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(reply) => rendered(&app, &form, &reply),
        Err(problem) => form::refusal(&app, &problem, &form, PAGE),
    }
}

fn asked(form: &QuestionForm) -> Result<CaseLawRequest, Problem> {
    Ok(CaseLawRequest {
        question: form.question(),
        history: Vec::new(),
        as_of: form.day()?,
        provision: None,
        confirmed: form.confirmed()?,
    })
}

/// A decision as the page shows it, with its day in words.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    decision: &'a Decision,
    decided_text: Option<String>,
}

fn rendered(app: &App, form: &QuestionForm, reply: &CaseLawReply) -> Response {
    let words = app.pages.words();
    let shown = |decisions: &[Decision]| -> Vec<_> {
        let dated = decisions.iter().map(|decision| {
            let decided_text = decision.decided.map(|day| words.date.written(day));
            minijinja::Value::from_serialize(Shown { decision, decided_text })
        });
        dated.collect()
    };
    app.pages.render(
        "case_law.html",
        context! {
            question => form.question(),
            day => form.written_day(),
            found => reply.status == AnswerStatus::Answered,
            notices => reply.notices,
            in_favour => shown(&reply.in_favour),
            against => shown(&reply.against),
            unclear => shown(&reply.unclear),
            as_of => words.as_of(reply.as_of),
            release => words.release(&reply.release),
        },
    )
}
