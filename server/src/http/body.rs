//! A request's body in, a typed request out, or a problem that names the field and quotes nothing.
//!
//! The body is not read past the limit, nor for longer than the time limit. It is never decompressed: a small body must not
//! become a large one.

use std::time::Duration;

use axum::body::{self, Body};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use zeroize::Zeroize;

use super::App;
use super::problem::{Problem, ProblemKind};

const JSON: &str = "application/json";

/// A JSON body that has been read whole.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (_, bytes) = read(request, app, JSON).await?;
        parse(&bytes).map(Self)
    }
}

/// What a message of a protocol that others have laid down says. Its memory is overwritten before others get it.
pub struct Sent(pub Value);

impl Drop for Sent {
    fn drop(&mut self) {
        overwrite(&mut self.0);
    }
}

fn overwrite(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(overwrite),
        Value::Object(fields) => fields.values_mut().for_each(overwrite),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Sent {
    /// Overwrites and removes the part at a JSON pointer, if there is one.
    pub fn take_out(&mut self, pointer: &str) {
        if let Some(part) = self.0.pointer_mut(pointer) {
            overwrite(part);
            *part = Value::Null;
        }
    }

    /// The message as the type that it should be.
    pub fn typed<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_path_to_error::deserialize(&self.0).map_err(refused)
    }
}

/// Such a message with its headers and its bytes.
pub async fn message(request: Request, app: &App) -> Result<(Parts, body::Bytes, Sent), Problem> {
    let (parts, bytes) = read(request, app, JSON).await?;
    let sent = Sent(parse(&bytes)?);
    Ok((parts, bytes, sent))
}

/// A form's body, `application/x-www-form-urlencoded`.
pub struct FormBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for FormBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        const FORM: &str = "application/x-www-form-urlencoded";
        let (_, bytes) = read(request, app, FORM).await?;
        let whole = Request::post("/").header(CONTENT_TYPE, FORM).body(Body::from(bytes));
        let whole = whole.map_err(|_| ProblemKind::Internal)?;
        let form = axum::Form::from_request(whole, &()).await;
        form.map(|axum::Form(form)| Self(form))
            .map_err(|_| ProblemKind::InvalidRequest.into())
    }
}

/// Refuses control characters, which no question has and which could disturb a terminal, a log or a model.
pub fn without_control_characters(field: &str, text: &str) -> Result<(), Problem> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Problem::invalid(Some(field.to_owned()), "control_character", &[]));
    }
    Ok(())
}

async fn read(request: Request, app: &App, expected: &str) -> Result<(Parts, body::Bytes), Problem> {
    let limit = app.settings.limits.body_bytes;
    let (parts, body) = request.into_parts();
    if !has_type(&parts.headers, expected) || parts.headers.contains_key(CONTENT_ENCODING) {
        return Err(Problem::unsupported(expected));
    }
    let announced = parts
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(Problem::too_large(limit));
    }
    let time = Duration::from_secs(app.settings.limits.body_seconds);
    match tokio::time::timeout(time, body::to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok((parts, bytes)),
        Ok(Err(_)) => Err(Problem::too_large(limit)),
        Err(_) => Err(ProblemKind::RequestTimeout.into()),
    }
}

fn has_type(headers: &HeaderMap, expected: &str) -> bool {
    let sent = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    sent.split(';')
        .next()
        .is_some_and(|sent| sent.trim().eq_ignore_ascii_case(expected))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Problem::invalid(None, "not_utf8", &[]));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(refused)?;
    json.end().map_err(|error| problem_of("", &error))?;
    Ok(value)
}

fn refused(error: serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let path = error.path().to_string();
    problem_of(&path, &error.into_inner())
}

/// What the parser said, in our words. Its own may quote the body.
fn problem_of(path: &str, error: &serde_json::Error) -> Problem {
    if error.classify() != Category::Data {
        let (line, column) = (error.line().to_string(), error.column().to_string());
        return Problem::invalid(None, "not_json", &[("line", &line), ("column", &column)]);
    }
    let said = error.to_string();
    let about = |opening: &str| said.strip_prefix(opening).and_then(|rest| rest.split('`').next());
    let (name, reason) = if let Some(name) = about("unknown field `") {
        (sibling(path, name), "unknown_field")
    } else if let Some(name) = about("missing field `") {
        (child(path, name), "missing_field")
    } else if let Some(name) = about("duplicate field `") {
        (sibling(path, name), "duplicate_field")
    } else {
        (path.to_owned(), "wrong_value")
    };
    match (presentable(&name), reason) {
        (true, _) => Problem::invalid(Some(name), reason, &[]),
        (false, "unknown_field") => Problem::invalid(None, "unknown_field_unnamed", &[]),
        (false, _) => Problem::invalid(None, "wrong_body", &[]),
    }
}

/// The parser's path ends at the key that it did not take.
fn sibling(path: &str, name: &str) -> String {
    child(path.rsplit_once('.').map_or("", |(parent, _)| parent), name)
}

fn child(path: &str, name: &str) -> String {
    if path.is_empty() || path == "." {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// A field's name is the client's text too. Only what looks like one is said back.
fn presentable(path: &str) -> bool {
    let is_name =
        |name: &str| (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    path.split('.').all(|step| match step.split_once('[') {
        Some((name, index)) => is_name(name) && index.trim_end_matches(']').bytes().all(|b| b.is_ascii_digit()),
        None => is_name(step),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::AskRequest;

    fn refusal(body: &str) -> Problem {
        parse::<AskRequest>(body.as_bytes()).map(|_| ()).expect_err(body)
    }

    #[test]
    fn the_field_is_named() {
        for (body, field) in [
            (r#"{"question": "x", "fraga": 1}"#, "fraga"),
            (r#"{"question": 7}"#, "question"),
            (r#"{"history": []}"#, "question"),
            (r#"{"question": "x", "question": "y"}"#, "question"),
            (r#"{"question": "x", "as_of": "i dag"}"#, "as_of"),
            (r#"{"question": "x", "mode": "poem"}"#, "mode"),
            (r#"{"question": "x", "budget_ms": -1}"#, "budget_ms"),
            (r#"{"question": "x", "kinds": ["lag", "sed"]}"#, "kinds[1]"),
            (
                r#"{"question": "x", "history": [{"role": "user"}]}"#,
                "history[0].content",
            ),
            (
                r#"{"question": "x", "history": [{"role": "user", "content": "y", "name": 1}]}"#,
                "history[0].name",
            ),
        ] {
            let problem = refusal(body);
            assert_eq!((problem.status, problem.field.as_deref()), (400, Some(field)), "{body}");
        }
    }

    #[test]
    fn nothing_that_was_sent_comes_back() {
        for body in [
            r#"{"question": "x", "19121212-1212 Alva": 1}"#,
            r#"{"question": "x", "mode": "19121212-1212 Alva"}"#,
            r#"{"question": "x", "as_of": "19121212-1212 Alva"}"#,
            r#"{"question": "x", "kinds": "19121212-1212 Alva"}"#,
            r#""19121212-1212 Alva""#,
            r#"{"question": "19121212-1212 Alva"#,
            r#"{"question": "x"} 19121212-1212 Alva"#,
        ] {
            let shown = format!("{:?}", refusal(body));
            assert!(
                !shown.contains("1212") && !shown.contains("Alva"),
                "{body} gave {shown}"
            );
        }
    }

    #[test]
    fn hostile_json_is_a_plain_refusal() {
        let deep = format!("{{\"question\": {}", "[".repeat(60_000));
        let deep_unknown = format!("{{\"x\": {}", "{\"x\":".repeat(10_000));
        for body in [
            &deep,
            &deep_unknown,
            r#"{"question": "\ud800"}"#,
            "\u{feff}{}",
            "",
            r#"{"budget_ms": 1e999}"#,
        ] {
            assert_eq!(refusal(body).status, 400);
        }
        assert_eq!(
            parse::<AskRequest>(b"{\"question\": \"\xff\"}")
                .map(|_| ())
                .expect_err("not UTF-8")
                .status,
            400
        );
    }

    #[test]
    fn control_characters_are_refused_and_line_feeds_are_not() {
        assert!(without_control_characters("question", "rad 1\nrad 2\tå").is_ok());
        for bad in ["a\0b", "a\u{1b}[2Jb", "a\u{85}b"] {
            assert!(without_control_characters("question", bad).is_err());
        }
    }
}
