//! Bad questions (rows Q1 to Q4 of the test catalogue): each a clear refusal, quickly, and nothing of it said back.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::{Reply, harness};

fn check(reply: &Reply, status: StatusCode, kind: &str) {
    assert_eq!(reply.status, status, "{}", reply.body);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem = reply.json();
    assert_eq!(problem["type"], format!("/problems/{kind}"));
    assert_eq!(problem["status"], status.as_u16());
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
}

#[test]
fn unknown_fields_are_named() {
    let Some(server) = harness() else { return };
    for (path, body) in [
        ("/v1/ask", json!({"question": "Vad gäller?", "temperature": 1})),
        ("/v1/search", json!({"query": "avgift", "temperature": 1})),
        ("/v1/guard", json!({"text": "avgift", "temperature": 1})),
    ] {
        let reply = server.post(path, body);
        check(&reply, StatusCode::BAD_REQUEST, "invalid-request");
        assert_eq!(reply.json()["field"], "temperature");
        assert!(
            reply.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains("temperature"))
        );
    }
}

#[test]
fn values_outside_the_limits_are_named() {
    let Some(server) = harness() else { return };
    let turn = json!({"role": "user", "content": "Hej"});
    for (body, field) in [
        (json!({"question": ""}), "question"),
        (json!({"question": "å".repeat(2_001)}), "question"),
        (json!({"question": "a\u{0}b"}), "question"),
        (json!({"question": "Vad gäller?", "history": vec![turn; 11]}), "history"),
        (json!({"question": "Vad gäller?", "as_of": "2025-02-30"}), "as_of"),
        (json!({"question": "Vad gäller?", "kinds": ["sed"]}), "kinds[0]"),
    ] {
        let reply = server.post("/v1/ask", body);
        check(&reply, StatusCode::BAD_REQUEST, "invalid-request");
        assert_eq!(reply.json()["field"], field);
    }
    let reply = server.post("/v1/search", json!({"query": "avgift", "limit": 51}));
    assert_eq!(reply.json()["field"], "limit");
}

#[test]
fn what_is_not_json_is_refused_in_ten_milliseconds() {
    let Some(server) = harness() else { return };
    server.post_raw("/v1/ask", b"{}".to_vec());
    let deep = [b"{\"question\":".to_vec(), b"[".repeat(60_000)].concat();
    for body in [
        b"{\"question\": \"\xff\xfe\"}".to_vec(),
        b"{\"question\": \"\xc0\xaf\"}".to_vec(),
        b"{\"question\": \"\\ud800\"}".to_vec(),
        b"\xef\xbb\xbf{\"question\": \"x\"}".to_vec(),
        b"{\"question\": \"x\", \"question\": \"y\"}".to_vec(),
        b"{\"question\": \"x\", \"budget_ms\": 1e400}".to_vec(),
        b"{\"question\": \"x\", \"budget_ms\": 123456789012345678901234567890}".to_vec(),
        b"{\"question\": \"x\"".to_vec(),
        b"[]".to_vec(),
        b"".to_vec(),
        deep,
    ] {
        let started = Instant::now();
        let reply = server.post_raw("/v1/ask", body);
        check(&reply, StatusCode::BAD_REQUEST, "invalid-request");
        assert!(
            started.elapsed() < Duration::from_millis(50),
            "took {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn a_body_over_the_limit_is_413_on_every_route_that_takes_one() {
    let Some(server) = harness() else { return };
    for path in ["/v1/ask", "/v1/search", "/v1/case-law", "/v1/guard", "/v1/feedback"] {
        let reply = server.post_raw(path, vec![b'a'; 65_537]);
        check(&reply, StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    }
}

#[test]
fn strange_writing_is_answered_or_refused_and_nothing_else() {
    let Some(server) = harness() else { return };
    for question in [
        "e\u{301}".repeat(1_000),
        "\u{202e}tsnäjtmeh dav rällag ?".to_owned(),
        "👩‍👩‍👧‍👦".repeat(200),
        "מה מגיע לי?".to_owned(),
        "ﬁ\u{200b}\u{feff}\u{fff0}".to_owned(),
        "? ! .".to_owned(),
    ] {
        let reply = server.post("/v1/ask", json!({"question": question, "mode": "quotes"}));
        let expected = [
            StatusCode::OK,
            StatusCode::BAD_REQUEST,
            StatusCode::UNPROCESSABLE_ENTITY,
        ];
        assert!(expected.contains(&reply.status), "{}", reply.body);
    }
}

#[test]
fn wrong_addresses_methods_and_types_are_problems_too() {
    let Some(server) = harness() else { return };
    check(&server.get("/v1/none"), StatusCode::NOT_FOUND, "not-found");
    let page = server.get_with("/none", "accept", "text/html,*/*;q=0.8");
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.header("content-type").starts_with("text/html"));
    let wrong_method = server.get("/v1/ask");
    check(&wrong_method, StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed");
    assert_eq!(wrong_method.header("allow"), "POST");
    for (kind, encoding) in [
        ("text/plain", ""),
        ("application/json", "gzip"),
        ("multipart/form-data", ""),
    ] {
        let reply = server.post_as("/v1/ask", kind, encoding, b"{\"question\": \"x\"}".to_vec());
        check(&reply, StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type");
    }
}
