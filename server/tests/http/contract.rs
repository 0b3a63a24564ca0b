//! The shapes and statuses of the contract.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::{QUESTION, harness, keys};

#[test]
fn search_gives_passages_with_their_places() {
    let Some(server) = harness() else { return };
    let reply = server.post("/v1/search", json!({"query": "trygghetslarm", "limit": 3}));
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let reply = reply.json();
    assert_eq!(keys(&reply), ["diagnostics", "release", "results", "took_ms"]);
    let first = &reply["results"][0];
    let expected = [
        "document",
        "heading_path",
        "page",
        "passage_id",
        "reference",
        "score",
        "text",
        "url",
    ];
    assert_eq!(keys(first), expected);
    let text = first["text"].as_str().expect("text");
    assert!(text.contains("Trygghetslarm"), "{text}");
    for name in ["id", "title", "kind", "issuer", "valid_from", "valid_to", "status"] {
        assert!(first["document"].get(name).is_some(), "document.{name}");
    }
    assert!(reply["results"].as_array().is_some_and(|results| results.len() <= 3));
}

#[test]
fn an_answer_is_quotes_that_stand_in_their_passages() {
    let Some(server) = harness() else { return };
    let reply = server
        .post("/v1/ask", json!({"question": QUESTION, "mode": "quotes"}))
        .json();
    let expected = [
        "answer_id",
        "as_of",
        "diagnostics",
        "dropped_sentences",
        "model",
        "nearest",
        "notices",
        "release",
        "sentences",
        "sources",
        "status",
        "timings_ms",
    ];
    assert_eq!(keys(&reply), expected);
    assert_eq!(reply["status"], "answered", "{reply}");
    assert_eq!(
        keys(&reply["timings_ms"]),
        ["guard", "point", "retrieve", "summarise", "total", "verify"]
    );
    let sources = reply["sources"].as_array().expect("sources");
    assert!(!sources.is_empty());
    for source in sources {
        let id = source["passage_id"].as_str().expect("an id");
        let passage = server.get(&format!("/v1/passages/{id}")).json();
        let (text, quote) = (
            passage["text"].as_str().expect("text"),
            source["quote"].as_str().expect("a quote"),
        );
        assert!(text.contains(quote), "{quote:?} is not in {text:?}");
        assert_eq!(passage["url"], source["url"]);
    }
    for sentence in reply["sentences"].as_array().expect("sentences") {
        for citation in sentence["citations"].as_array().expect("citations") {
            assert!(sources.get(citation.as_u64().expect("a number") as usize).is_some());
        }
    }
}

#[test]
fn what_the_material_does_not_say_is_said_so() {
    let Some(server) = harness() else { return };
    let reply = server
        .post(
            "/v1/ask",
            json!({"question": "Vad kostar parkering i Huddinge?", "mode": "quotes"}),
        )
        .json();
    assert_eq!(reply["status"], "no_support", "{reply}");
    assert_eq!(reply["sentences"], json!([]));
    assert_eq!(reply["sources"], json!([]));
}

#[test]
fn personal_data_is_stopped_with_its_place() {
    let Some(server) = harness() else { return };
    // Only the number is certain, whatever the guard says about the rest.
    let question = "Å, har 19121212-1212 rätt till hemtjänst?";
    for (path, field, body) in [
        ("/v1/ask", "question", json!({"question": question})),
        ("/v1/search", "query", json!({"query": question})),
        (
            "/v1/ask",
            "history[0].content",
            json!({"question": "Och annars?", "history": [{"role": "user", "content": question}]}),
        ),
    ] {
        let reply = server.post(path, body);
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem = reply.json();
        assert_eq!(
            (&problem["type"], &problem["status"]),
            (&json!("/problems/personal-data"), &json!(422))
        );
        assert_eq!(problem["field"], field);
        let number = problem["findings"].as_array().and_then(|findings| {
            findings
                .iter()
                .find(|finding| finding["type"] == "personnummer")
                .cloned()
        });
        // Code points, not bytes: Å counts once.
        assert_eq!(
            number,
            Some(json!({"start": 7, "end": 20, "type": "personnummer", "certain": true}))
        );
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(!detail.contains("1212"), "{detail}");
        let suggestion = problem["suggestion"].as_str().expect("a suggestion");
        assert!(!suggestion.contains("1212"), "{suggestion}");
    }
}

#[test]
fn the_guard_can_be_asked_alone() {
    let Some(server) = harness() else { return };
    let found = server.post("/v1/guard", json!({"text": "Ring 19121212-1212"})).json();
    assert_eq!(found["findings"][0]["type"], "personnummer");
    assert!(found["suggestion"].is_string());
    let nothing = server
        .post("/v1/guard", json!({"text": "Vad kostar ett trygghetslarm?"}))
        .json();
    assert_eq!(nothing, json!({"findings": []}));
}

#[test]
fn feedback_is_a_code_and_leaves_a_count() {
    let Some(server) = harness() else { return };
    let id = "0b9a5f0e-5a53-4c39-9df2-2f4e1a7f4a10";
    let reply = server.post(
        "/v1/feedback",
        json!({"answer_id": id, "verdict": "wrong", "reason": "wrong_source"}),
    );
    assert_eq!((reply.status, reply.body.as_str()), (StatusCode::NO_CONTENT, ""));
    let metrics = server.get("/metrics").body;
    assert!(
        metrics.contains("lotsen_feedback_total{verdict=\"wrong\",reason=\"wrong_source\"}"),
        "{metrics}"
    );
    assert!(!metrics.contains(id));
    for bad in [
        json!({"answer_id": id, "verdict": "bad"}),
        json!({"answer_id": "Alva", "verdict": "wrong"}),
        json!({"answer_id": id, "verdict": "wrong", "comment": "fri text"}),
    ] {
        assert_eq!(server.post("/v1/feedback", bad).status, StatusCode::BAD_REQUEST);
    }
}

#[test]
fn the_server_says_that_it_is_up_and_ready() {
    let Some(server) = harness() else { return };
    assert_eq!(server.get("/healthz").status, StatusCode::OK);
    let ready = server.get("/readyz");
    assert_eq!(ready.status, StatusCode::OK);
    assert_eq!(ready.json()["ready"], true);
    assert_eq!(ready.json()["model"], "off");
}

#[test]
fn every_problem_has_its_page() {
    let Some(server) = harness() else { return };
    for kind in lotsen_server::http::problem::ProblemKind::ALL {
        let page = server.get(&format!("/problems/{}", kind.name()));
        assert_eq!(page.status, StatusCode::OK, "{}", kind.name());
        assert!(page.header("content-type").starts_with("text/html"));
    }
    assert_eq!(server.get("/problems/none").status, StatusCode::NOT_FOUND);
}

#[test]
fn the_committed_description_is_the_codes_own() {
    let committed = include_str!("../../../openapi/openapi.json");
    let made = lotsen_server::http::description().expect("a description");
    assert!(
        committed == made,
        "run `lotsen-server openapi > openapi/openapi.json` and read the difference"
    );
}
