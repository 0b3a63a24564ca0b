//! `POST /v1/ask`: a question in; the reply out, whole or as events while it is being made.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use futures::{FutureExt, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tracing::Instrument;

use super::App;
use super::body::{JsonBody, without_control_characters};
use super::problem::{Problem, ProblemKind};
use super::search::refused;
use crate::Event;
use crate::question::AskRequest;
use crate::reply::{AnswerStatus, AskReply};

/// Updates that may wait for a slow client. The journey waits when they are not taken, so this bounds a stream's memory.
const WAITING_UPDATES: usize = 16;

/// How long the first update may take before the stream begins without it. Until then a refusal can still be an ordinary
/// reply with its own status.
const FIRST_UPDATE: Duration = Duration::from_secs(2);

/// What becomes known on the way to an answer.
pub enum Update {
    /// Something that can be shown already.
    Progress(Event),
    /// The whole reply, or why there is none. Nothing comes after it.
    End(Result<Box<AskReply>, Box<Problem>>),
}

/// Answer a question with checked quotes.
///
/// With `Accept: text/event-stream` the reply comes as events: `sources` (an array of sources), `sentence` (one checked
/// sentence), then `done` (the whole reply) or `error` (a problem). A comment line comes at least every ten seconds.
/// Closing the connection stops the work.
#[utoipa::path(
    post,
    path = "/v1/ask",
    operation_id = "ask",
    tag = "answers",
    request_body(
        content = AskRequest,
        example = json!({"question": "Får vi säga nej till hemtjänst för att vi inte har insatsen?", "mode": "quotes"})
    ),
    responses(
        (status = 200, description = "The answer, also when the material does not say, or the question is not one to take",
            content((AskReply = "application/json"), (String = "text/event-stream"))),
        (status = 400, description = "Cannot be read, or is outside the limits; `field` says where", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Longer than 64 kB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is, or may be, personal data in it; nothing has seen or kept it. Findings with `certain: false` go on when sent back in `confirmed`", body = Problem, content_type = "application/problem+json",
            example = json!({"type": "/problems/personal-data", "title": "Frågan innehåller personuppgifter", "status": 422,
                "detail": "Vi har stoppat frågan innan något annat hann läsa den. Ta bort uppgifterna som pekas ut och fråga igen utan dem.",
                "field": "question", "findings": [{"start": 4, "end": 17, "type": "personnummer", "certain": true}]})),
        (status = 503, description = "No room, or a part of the service is gone; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 504, description = "Did not get ready in time", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn ask(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<AskRequest>,
) -> Result<Response, Problem> {
    let updates = updates(&app, request)?;
    if !wants_events(&headers) {
        return last(updates).await.map(|reply| Json(reply).into_response());
    }
    Ok(events(&app, begun(updates).await?.map(event)))
}

/// An answer on its way. Dropping it stops the work, wherever it is.
pub type Updates = Pin<Box<dyn Stream<Item = Update> + Send>>;

/// Starts an answer.
pub fn updates(app: &App, request: AskRequest) -> Result<Updates, Problem> {
    without_control_characters("question", &request.question)?;
    for (i, turn) in request.history.iter().enumerate() {
        without_control_characters(&format!("history[{i}].content"), &turn.content)?;
    }
    let retry_after = app.settings.limits.retry_after_seconds;
    let place = app
        .answers
        .clone()
        .try_acquire_owned()
        .map_err(|_| Problem::busy(retry_after))?;
    let (progress, heard) = mpsc::channel(WAITING_UPDATES);
    let answer = answer(app.clone(), request, progress)
        .instrument(tracing::Span::current())
        .boxed();
    let work = Work {
        answer: Some(answer),
        heard,
        end: None,
        _place: place,
    };
    Ok(stream::unfold(Some(work), step).boxed())
}

/// The reply alone.
pub async fn last(mut updates: impl Stream<Item = Update> + Unpin) -> Result<AskReply, Problem> {
    while let Some(update) = updates.next().await {
        if let Update::End(end) = update {
            return end.map(|reply| *reply).map_err(|problem| *problem);
        }
    }
    Err(ProblemKind::Internal.into())
}

type End = Result<Box<AskReply>, Box<Problem>>;

/// An answer on its way: the work itself, what it has told so far, and how it ended.
struct Work {
    answer: Option<Pin<Box<dyn Future<Output = End> + Send>>>,
    heard: mpsc::Receiver<Event>,
    end: Option<End>,
    _place: OwnedSemaphorePermit,
}

/// The next update. What was told before the end comes before the end.
async fn step(work: Option<Work>) -> Option<(Update, Option<Work>)> {
    let mut work = work?;
    if let Some(answer) = &mut work.answer {
        tokio::select! {
            biased;
            Some(event) = work.heard.recv() => return Some((Update::Progress(event), Some(work))),
            end = answer => work.end = Some(end),
        }
        work.answer = None;
    }
    match work.heard.try_recv() {
        Ok(event) => Some((Update::Progress(event), Some(work))),
        Err(_) => Some((Update::End(work.end.take()?), None)),
    }
}

/// The work, within its time, its panics caught: one bad question must not take the connection's task with it.
async fn answer(app: App, request: AskRequest, progress: mpsc::Sender<Event>) -> End {
    let texts = request.clone();
    let asked = AssertUnwindSafe(app.service.ask(request, progress)).catch_unwind();
    let ended = tokio::select! {
        ended = tokio::time::timeout(app.settings.answer_time(), asked) => ended,
        () = app.closing.cancelled() => return Err(Box::new(ProblemKind::ShuttingDown.into())),
    };
    let reply = match ended {
        Err(_) => Err(ProblemKind::Timeout.into()),
        Ok(Err(_panic)) => {
            metrics::counter!("lotsen_panics_total").increment(1);
            Err(ProblemKind::Internal.into())
        }
        Ok(Ok(Err(error))) => Err(refused(error, |field| texts.text_of(field))),
        Ok(Ok(Ok(reply))) => Ok(reply),
    };
    match reply {
        Ok(reply) => {
            note(&reply);
            Ok(Box::new(reply))
        }
        Err(problem) => Err(Box::new(problem)),
    }
}

/// The log line and the counts of an answer: how it went and how long each step took.
fn note(reply: &AskReply) {
    let status = match reply.status {
        AnswerStatus::Answered => "answered",
        AnswerStatus::NoSupport => "no_support",
        AnswerStatus::Refused => "refused",
    };
    let ms = reply.timings_ms;
    tracing::info!(
        answer = %reply.answer_id, status, release = %reply.release, sentences = reply.sentences.len(),
        dropped = reply.dropped_sentences, guard_ms = ms.guard, retrieve_ms = ms.retrieve, point_ms = ms.point,
        summarise_ms = ms.summarise, verify_ms = ms.verify, total_ms = ms.total, "answered"
    );
    metrics::counter!("lotsen_answers_total", "status" => status).increment(1);
    metrics::counter!("lotsen_dropped_sentences_total").increment(reply.dropped_sentences as u64);
    for (step, taken) in [
        ("guard", ms.guard),
        ("retrieve", ms.retrieve),
        ("point", ms.point),
        ("summarise", ms.summarise),
        ("verify", ms.verify),
        ("total", ms.total),
    ] {
        metrics::histogram!("lotsen_step_seconds", "step" => step).record(taken / 1_000.0);
    }
}

fn wants_events(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|kind| {
        kind.split(';')
            .next()
            .is_some_and(|kind| kind.trim() == "text/event-stream")
    })
}

/// The same updates once the first is there, or is late. A refusal that comes at once can still have a status of its own.
pub async fn begun(mut updates: Updates) -> Result<Updates, Problem> {
    match tokio::time::timeout(FIRST_UPDATE, updates.next()).await {
        Ok(Some(Update::End(Err(problem)))) => Err(*problem),
        Ok(first) => Ok(stream::iter(first).chain(updates).boxed()),
        Err(_) => Ok(updates),
    }
}

/// A reply of events, kept open while they are made.
pub fn events(app: &App, events: impl Stream<Item = SseEvent> + Send + 'static) -> Response {
    let heartbeat = Duration::from_secs(app.settings.limits.heartbeat_seconds);
    let mut response = Sse::new(events.map(Ok::<_, Infallible>))
        .keep_alive(KeepAlive::new().interval(heartbeat))
        .into_response();
    // Some proxies collect a reply before they pass it on unless they are told not to.
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

fn event(update: Update) -> SseEvent {
    let made = match update {
        Update::Progress(Event::Sources(sources)) => SseEvent::default().event("sources").json_data(sources),
        Update::Progress(Event::Sentence(sentence)) => SseEvent::default().event("sentence").json_data(sentence),
        Update::End(Ok(reply)) => SseEvent::default().event("done").json_data(reply),
        Update::End(Err(problem)) => SseEvent::default().event("error").json_data(problem),
    };
    made.unwrap_or_else(|_| SseEvent::default().event("error").data("{}"))
}
