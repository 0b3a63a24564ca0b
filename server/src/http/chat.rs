//! `POST /v1/chat/completions` and `GET /v1/models`: a conversation as chat programs send it in; an answer as one of its
//! messages out, whole or piece by piece.
//!
//! The last message of the user is the question and what was said before is its history; from there on it is `POST /v1/ask`.
//! What the guard stops is a message too, with `finish_reason` `content_filter`: a chat program shows that to the user and
//! hides the body of an error. 1. `conversation` reads the request, 2. `wording` writes the answer, 3. `completion` wraps it.

mod completion;
mod conversation;
mod wording;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::sse::Event as SseEvent;
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};

use self::completion::{Completion, Finish, ModelList, Reply};
use self::conversation::ChatRequest;
use self::wording::Wording;
use super::App;
use super::ask::{self, Update, Updates};
use super::body;
use super::problem::Problem;
use super::search::nothing_beside;
use super::told::{suggested, told};

/// What chat programs may choose between.
#[utoipa::path(get, path = "/v1/models", operation_id = "listModels", tag = "compatible",
    responses((status = 200, description = "`lotsen` summarises where the site has a language model, `lotsen-citat` only quotes", body = ModelList)))]
pub async fn list_models(State(app): State<App>) -> Json<ModelList> {
    let created = app.service.library().release.manifest.created.as_second();
    Json(ModelList::new(created))
}

/// Answer in a chat program.
///
/// The last message of the user is the question. The ten messages before it are its history; messages of other roles and
/// all settings but `model` and `stream` are ignored. The answer is Markdown: quotes with numbered references and links, then
/// what the reader must know. A question with personal data in it is answered with what was found and how to ask
/// instead, and `finish_reason` is `content_filter`; nothing was searched. With `stream: true` the reply comes as events of
/// `chat.completion.chunk`, and only what has been checked is sent.
#[utoipa::path(
    post,
    path = "/v1/chat/completions",
    operation_id = "completeChat",
    tag = "compatible",
    request_body(
        content = ChatRequest,
        example = json!({"model": "lotsen", "messages": [{"role": "user", "content": "Får vi säga nej till hemtjänst för att vi inte har insatsen?"}]})
    ),
    responses(
        (status = 200, description = "The answer, or why the question was stopped",
            content((Completion = "application/json"), (String = "text/event-stream"))),
        (status = 400, description = "Cannot be read, or is outside the limits; `field` says where", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Longer than 64 kB", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is a personal number in a part that is ignored", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No room, or a part of the service is gone; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 504, description = "Did not get ready in time", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn complete(State(app): State<App>, request: Request) -> Response {
    match answer(&app, request).await {
        Ok(response) => response,
        Err(problem) => completion::failed(problem),
    }
}

async fn answer(app: &App, request: Request) -> Result<Response, Problem> {
    let (_, _, mut message) = body::message(request, app).await?;
    let chat: ChatRequest = message.typed()?;
    for place in chat.read() {
        message.take_out(&format!("/messages/{place}/content"));
    }
    nothing_beside(&message.0)?;
    let reply = Reply::new(chat.model);
    let streamed = chat.stream;
    let updates = ask::updates(app, chat.into_question(&app.settings.public_url())?)?;
    match streamed {
        true => stream_answer(app, reply, updates).await,
        false => whole_answer(app, &reply, updates).await,
    }
}

async fn whole_answer(app: &App, reply: &Reply, mut updates: Updates) -> Result<Response, Problem> {
    let mut wording = Wording::new(app);
    let mut text = String::new();
    let mut finish = Finish::Stop;
    while let Some(update) = updates.next().await {
        match update {
            Update::End(Err(problem)) => {
                text = refusal(app, *problem)?;
                finish = Finish::ContentFilter;
            }
            update => text.push_str(&wording.piece(&update)),
        }
    }
    Ok(Json(reply.whole(text, finish)).into_response())
}

async fn stream_answer(app: &App, reply: Reply, updates: Updates) -> Result<Response, Problem> {
    let updates = match ask::begun(updates).await {
        Ok(updates) => updates,
        Err(problem) => {
            let said = refusal(app, problem)?;
            let chunks = [
                reply.chunk(Some(said), None),
                reply.chunk(None, Some(Finish::ContentFilter)),
            ];
            let events = chunks.iter().map(completion::event).chain([completion::done()]);
            return Ok(ask::events(app, stream::iter(events.collect::<Vec<_>>())));
        }
    };
    let mut wording = Wording::new(app);
    let site = app.clone();
    let events = updates.flat_map(move |update| stream::iter(chunks(&site, &reply, &mut wording, update)));
    Ok(ask::events(app, events))
}

/// What one update becomes. A problem in the middle cannot have a status any more.
fn chunks(app: &App, reply: &Reply, wording: &mut Wording, update: Update) -> Vec<SseEvent> {
    let text = wording.piece(&update);
    let piece = (!text.is_empty()).then(|| completion::event(&reply.chunk(Some(text), None)));
    let ending = match update {
        Update::Progress(_) => return piece.into_iter().collect(),
        Update::End(Ok(_)) => vec![completion::event(&reply.chunk(None, Some(Finish::Stop)))],
        Update::End(Err(problem)) => match refusal(app, *problem) {
            Ok(said) => vec![
                completion::event(&reply.chunk(Some(said), None)),
                completion::event(&reply.chunk(None, Some(Finish::ContentFilter))),
            ],
            Err(problem) => vec![completion::failure(&problem)],
        },
    };
    piece.into_iter().chain(ending).chain([completion::done()]).collect()
}

/// The message that takes an answer's place when the guard stopped the question; any other problem stays one.
fn refusal(app: &App, problem: Problem) -> Result<String, Problem> {
    if problem.name() != "personal-data" {
        return Err(problem);
    }
    let said = told(&problem, &app.settings.public_url());
    Ok(match suggested(&problem) {
        Some(suggestion) => format!("{said}\n\n{suggestion}"),
        None => said,
    })
}
