//! A guard that cannot look lets nothing through, by any way in.

use axum::http::StatusCode;
use lotsen_guard::{CannotRun, Finding, Guard, Recogniser};
use lotsen_server::config::Settings;
use lotsen_server::start;
use serde_json::json;

use crate::corpus;
use crate::harness::{QUESTION, harness};

/// As a model whose file is damaged.
struct Broken;

impl Recogniser for Broken {
    fn find(&self, _: &[&str]) -> Result<Vec<Vec<Finding>>, CannotRun> {
        Err(CannotRun)
    }
}

#[test]
fn nothing_passes_a_guard_that_cannot_run() {
    let Some(server) = harness() else { return };
    let Some(broken) = server.with_guard(Guard::of_rules().with(Broken)) else {
        return;
    };
    for (path, body) in [
        ("/v1/ask", json!({"question": QUESTION})),
        ("/v1/search", json!({"query": QUESTION})),
    ] {
        assert_eq!(
            server.post(path, body.clone()).status,
            StatusCode::OK,
            "the same passes a whole guard"
        );
        let reply = broken.post(path, body.clone());
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let findings = reply.json()["findings"].clone();
        assert_eq!(findings[0]["certain"], true, "nobody can confirm it away");
        assert!(
            !reply.body.contains("förhandsbedömning"),
            "the suggestion holds nothing of the text"
        );
    }
    assert_eq!(
        broken.post_for_events(json!({"question": QUESTION})).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    for (tool, arguments) in [
        ("ask", json!({"question": QUESTION})),
        ("search", json!({"query": QUESTION})),
    ] {
        assert!(server.tool(tool, arguments.clone()).0, "the same passes a whole guard");
        assert!(!broken.tool(tool, arguments).0, "{tool}");
    }
    let chat = json!({"model": "lotsen", "messages": [{"role": "user", "content": QUESTION}]});
    let chat = broken.post("/v1/chat/completions", chat);
    assert_eq!(
        chat.json()["choices"][0]["finish_reason"],
        "content_filter",
        "{}",
        chat.body
    );
    assert!(!chat.body.contains("förhandsbedömning"), "{}", chat.body);
    let form = broken.post_form("/fraga", &format!("question={}", QUESTION.replace(' ', "+")));
    assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY);
    let typed = broken.post("/v1/guard", json!({"text": QUESTION})).json();
    assert_eq!(typed["findings"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_model_that_knows_no_persons_stops_the_start() {
    let Some(models) = corpus::models() else { return };
    let mut settings = Settings::load(None).expect("the defaults");
    let (list, folder) = (
        start::model_list(&settings).expect("the list"),
        lotsen_corpus::models::ModelFolder::new(models),
    );
    assert!(start::open_guard(&list, &folder, &settings).is_ok());
    for (model, part) in [
        ("multilingual-e5-small", "config.json"),
        ("no-such-model", "no-such-model"),
    ] {
        settings.guard.model = Some(model.to_owned());
        let error = start::open_guard(&list, &folder, &settings)
            .err()
            .map(|error| error.to_string());
        assert!(error.as_deref().is_some_and(|error| error.contains(part)), "{error:?}");
    }
}
