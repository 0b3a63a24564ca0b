//! Texts in; the JSON of OpenAI's chat interface out. Field names are theirs.

use axum::body::Body;
use axum::response::sse::Event as SseEvent;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::conversation::ChatModel;
use crate::http::problem::Problem;

/// Reply of `GET /v1/models`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelList {
    object: &'static str,
    data: Vec<Model>,
}

/// One of the models.
#[derive(Debug, Serialize, ToSchema)]
struct Model {
    id: ChatModel,
    object: &'static str,
    /// When the material that serves was made, in seconds since 1970.
    created: i64,
    owned_by: &'static str,
}

impl ModelList {
    /// Both, as old as the material.
    pub fn new(created: i64) -> Self {
        let model = |id| Model {
            id,
            object: "model",
            created,
            owned_by: "lotsen",
        };
        Self {
            object: "list",
            data: [ChatModel::Lotsen, ChatModel::LotsenCitat].map(model).into(),
        }
    }
}

/// Why a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// It is whole.
    Stop,
    /// The question held personal data; the message says what to do.
    ContentFilter,
}

/// Reply of `POST /v1/chat/completions`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Completion {
    id: String,
    object: &'static str,
    created: i64,
    model: ChatModel,
    choices: [Choice; 1],
}

/// The one answer.
#[derive(Debug, Serialize, ToSchema)]
struct Choice {
    index: usize,
    /// The whole message; in a chunk `delta` has a piece of it instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<Said>,
    finish_reason: Option<Finish>,
}

/// A message or a piece of one.
#[derive(Serialize, ToSchema)]
struct Said {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    /// Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.content.as_ref().map(String::len);
        f.debug_struct("Said").field("bytes", &bytes).finish_non_exhaustive()
    }
}

/// What all pieces of one reply have in common.
pub struct Reply {
    id: String,
    created: i64,
    model: ChatModel,
}

impl Reply {
    /// A new one.
    pub fn new(model: ChatModel) -> Self {
        Self {
            id: format!("chatcmpl-{}", uuid::Uuid::new_v4()),
            created: jiff::Timestamp::now().as_second(),
            model,
        }
    }

    /// All of it at once.
    pub fn whole(&self, content: String, finish: Finish) -> Completion {
        let message = Said {
            role: Some("assistant"),
            content: Some(content),
        };
        self.holding("chat.completion", Some(message), None, Some(finish))
    }

    /// A piece of it, or its end.
    pub fn chunk(&self, content: Option<String>, finish: Option<Finish>) -> Completion {
        let role = content.is_some().then_some("assistant");
        self.holding("chat.completion.chunk", None, Some(Said { role, content }), finish)
    }

    fn holding(
        &self,
        object: &'static str,
        message: Option<Said>,
        delta: Option<Said>,
        finish_reason: Option<Finish>,
    ) -> Completion {
        Completion {
            id: self.id.clone(),
            object,
            created: self.created,
            model: self.model,
            choices: [Choice {
                index: 0,
                message,
                delta,
                finish_reason,
            }],
        }
    }
}

/// A piece as an event.
pub fn event(chunk: &Completion) -> SseEvent {
    SseEvent::default().json_data(chunk).unwrap_or_else(|_| done())
}

/// The event that says that no more comes.
pub fn done() -> SseEvent {
    SseEvent::default().data("[DONE]")
}

/// A problem as an event.
pub fn failure(problem: &Problem) -> SseEvent {
    let error = json!({"error": error(problem)});
    SseEvent::default().json_data(error).unwrap_or_else(|_| done())
}

/// A problem as a reply that both this service's clients and chat programs can read: RFC 9457 lets others add members.
pub fn failed(problem: Problem) -> Response {
    let error = error(&problem);
    let members = serde_json::to_value(&problem);
    let mut response = problem.into_response();
    if let Ok(Value::Object(mut members)) = members {
        members.insert("error".to_owned(), error);
        *response.body_mut() = Body::from(Value::Object(members).to_string());
    }
    response
}

fn error(problem: &Problem) -> Value {
    json!({"message": problem.detail, "type": problem.kind, "param": problem.field, "code": problem.name()})
}
