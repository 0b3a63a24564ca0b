//! The interface that chat programs know: an answer as a message, whole and in pieces, and how a stop looks there.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Harness, NUMBER, QUESTION, Reply, harness};

fn ask(server: &Harness, messages: Value, stream: bool) -> Reply {
    let body =
        json!({"model": "lotsen", "messages": messages, "stream": stream, "temperature": 0.2, "max_tokens": 800});
    server.post("/v1/chat/completions", body)
}

fn user(content: &str) -> Value {
    json!([{"role": "user", "content": content}])
}

fn text(reply: &Reply) -> String {
    let reply = reply.json();
    reply["choices"][0]["message"]["content"]
        .as_str()
        .expect("a message")
        .to_owned()
}

/// The pieces of a streamed message put together, and why it ended.
fn pieces(reply: &Reply) -> (String, Value) {
    let (mut text, mut finish) = (String::new(), Value::Null);
    let events: Vec<&str> = reply
        .body
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .collect();
    assert_eq!(events.last(), Some(&"[DONE]"), "{}", reply.body);
    for event in &events[..events.len() - 1] {
        let chunk: Value = serde_json::from_str(event).expect("a chunk");
        assert_eq!(chunk["object"], "chat.completion.chunk");
        let choice = &chunk["choices"][0];
        text.push_str(choice["delta"]["content"].as_str().unwrap_or_default());
        if !choice["finish_reason"].is_null() {
            finish = choice["finish_reason"].clone();
        }
    }
    (text, finish)
}

#[test]
fn an_answer_is_a_message_of_quotes_with_numbers_and_links() {
    let Some(server) = harness() else { return };
    let reply = ask(server, user(QUESTION), false);
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let json = reply.json();
    assert_eq!(
        (&json["object"], &json["model"]),
        (&json!("chat.completion"), &json!("lotsen"))
    );
    assert_eq!(json["choices"][0]["finish_reason"], "stop");
    let text = text(&reply);
    let asked = server
        .post("/v1/ask", json!({"question": QUESTION, "mode": "quotes"}))
        .json();
    for (i, source) in asked["sources"].as_array().expect("sources").iter().enumerate() {
        let quote = source["quote"]
            .as_str()
            .expect("a quote")
            .lines()
            .next()
            .expect("a line");
        assert!(text.contains(&format!("> {quote}")), "{quote} is not in {text}");
        let link = format!(
            "](http://127.0.0.1:8080{})",
            source["url"].as_str().expect("an address")
        );
        assert!(
            text.contains(&format!("[{}] [", i + 1)) && text.contains(&link),
            "{link} is not in {text}"
        );
    }
    for notice in asked["notices"].as_array().expect("notices") {
        assert!(
            text.contains(notice["text"].as_str().expect("a notice")),
            "{notice} is not in {text}"
        );
    }
}

#[test]
fn the_pieces_of_a_streamed_answer_are_the_whole_one() {
    let Some(server) = harness() else { return };
    let whole = text(&ask(server, user(QUESTION), false));
    let streamed = ask(server, user(QUESTION), true);
    assert_eq!(streamed.header("content-type"), "text/event-stream");
    assert_eq!(pieces(&streamed), (whole, json!("stop")));
}

#[test]
fn a_stopped_question_is_answered_with_how_to_ask_instead() {
    let Some(server) = harness() else { return };
    let question = format!("Har Leif Granqvist {NUMBER} rätt till hemtjänst?");
    let said = text(&ask(server, user(&question), false));
    assert!(
        said.contains("personnummer") && said.contains("Har [person] rätt till hemtjänst?"),
        "{said}"
    );
    let whole = ask(server, user(&question), false);
    assert_eq!(whole.json()["choices"][0]["finish_reason"], "content_filter");
    assert_eq!(
        pieces(&ask(server, user(&question), true)),
        (said.clone(), json!("content_filter"))
    );
    assert!(!said.contains("1212") && !said.contains("Leif"), "{said}");

    let earlier = json!([{"role": "user", "content": question}, {"role": "assistant", "content": said},
        {"role": "user", "content": "Och annars?"}]);
    let said = text(&ask(server, earlier, false));
    assert!(said.contains("nytt samtal") && !said.contains("1212"), "{said}");
}

#[test]
fn an_answers_own_links_do_not_stop_the_next_question() {
    let Some(server) = harness() else { return };
    let link = "http://127.0.0.1:8080/d/sfs-2025-400/eeffd12c580c#sfs-2025-400.11k1-ccbf07901e";
    let found = server.post("/v1/guard", json!({"text": link})).json();
    assert_ne!(found["findings"], json!([]), "such a link is read as a name");
    let conversation = json!([{"role": "user", "content": "Vad är bistånd?"},
        {"role": "assistant", "content": format!("> [1] [11 kap. 1 § SoL]({link})")}, {"role": "user", "content": QUESTION}]);
    let reply = ask(server, conversation, false);
    assert_eq!(reply.json()["choices"][0]["finish_reason"], "stop", "{}", reply.body);
}

#[test]
fn what_the_material_does_not_say_is_said_before_the_nearest() {
    let Some(server) = harness() else { return };
    let said = text(&ask(server, user("Vad kostar parkering i Huddinge?"), false));
    assert!(said.starts_with("Materialet säger inget om detta."), "{said}");
}

#[test]
fn a_problem_can_be_read_by_both_kinds_of_program() {
    let Some(server) = harness() else { return };
    for (body, field) in [
        (json!({"model": "gpt-4o", "messages": user("Hej")}), "model"),
        (json!({"model": "lotsen", "messages": []}), "messages"),
        (json!({"model": "lotsen", "messages": user("")}), "question"),
        (json!({"messages": user("Hej")}), "model"),
    ] {
        let reply = server.post("/v1/chat/completions", body);
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.body);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem = reply.json();
        assert_eq!(
            (&problem["type"], &problem["field"]),
            (&json!("/problems/invalid-request"), &json!(field))
        );
        assert_eq!(
            (&problem["error"]["message"], &problem["error"]["param"]),
            (&problem["detail"], &json!(field))
        );
    }
}

#[test]
fn the_models_can_be_listed() {
    let Some(server) = harness() else { return };
    let listed = server.get("/v1/models").json();
    let ids: Vec<&Value> = listed["data"]
        .as_array()
        .expect("models")
        .iter()
        .map(|model| &model["id"])
        .collect();
    assert_eq!(ids, [&json!("lotsen"), &json!("lotsen-citat")]);
}
