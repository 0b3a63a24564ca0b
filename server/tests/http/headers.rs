//! What every reply carries, whatever became of the request.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::{QUESTION, harness};

#[test]
fn every_reply_carries_the_security_headers() {
    let Some(server) = harness() else { return };
    let document = server.get("/v1/documents").json()["documents"][0]["url"]
        .as_str()
        .map(str::to_owned);
    let replies = [
        server.get("/"),
        server.get("/fraga"),
        server.get(&document.expect("a document")),
        server.get("/v1/documents"),
        server.get("/none"),
        server.get("/v1/ask"),
        server.get("/healthz"),
        server.get("/metrics"),
        server.post("/v1/ask", json!({"question": QUESTION, "mode": "quotes"})),
        server.post("/v1/ask", json!({"question": "19121212-1212"})),
        server.post_raw("/v1/ask", vec![b'a'; 70_000]),
    ];
    for reply in replies {
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert!(reply.header("permissions-policy").contains("geolocation=()"));
        assert_eq!(
            reply.header("access-control-allow-origin"),
            "",
            "no other site may read replies"
        );
        assert_eq!(reply.header("x-request-id").len(), 36);
    }
}

#[test]
fn answers_are_never_stored() {
    let Some(server) = harness() else { return };
    for reply in [
        server.post("/v1/ask", json!({"question": QUESTION, "mode": "quotes"})),
        server.post("/v1/search", json!({"query": "avgift"})),
        server.post("/v1/guard", json!({"text": "avgift"})),
        server.post_form("/fraga", "question=Vad+kostar+ett+trygghetslarm"),
        server.post("/v1/ask", json!({"question": "19121212-1212"})),
        server.get("/v1/documents"),
    ] {
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[test]
fn a_number_of_the_clients_own_is_not_taken_over() {
    let Some(server) = harness() else { return };
    let reply = server.get_with("/healthz", "x-request-id", "19121212-1212");
    assert_eq!(reply.status, StatusCode::OK);
    assert_ne!(reply.header("x-request-id"), "19121212-1212");
}

#[test]
fn pages_hold_no_script_or_style_of_their_own() {
    let Some(server) = harness() else { return };
    let document = server.get("/v1/documents").json()["documents"][0]["url"]
        .as_str()
        .map(str::to_owned);
    for page in [
        server.get(&document.expect("a document")),
        server.get("/fraga"),
        server.get("/problems/busy"),
        server.post_form("/fraga", "question=%3Cscript%3Ealert(1)%3C%2Fscript%3E+avgift"),
    ] {
        assert!(
            !page.body.contains("<style") && !page.body.contains(" style="),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("<script>") && !page.body.contains("alert(1)</script>"),
            "{}",
            page.body
        );
    }
}
