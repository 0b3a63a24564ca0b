//! The Model Context Protocol: both eras on one address, the four tools, and who may call.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Harness, NUMBER, QUESTION, harness};

/// A request as revision 2026-07-28 has it: each says what it needs, in its headers and in `_meta`.
fn self_contained(server: &Harness, method: &str, name: Option<&str>, mut params: Value) -> crate::harness::Reply {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {}
    });
    let message = json!({"jsonrpc": "2.0", "id": "a", "method": method, "params": params});
    let mut headers = vec![
        ("host", "localhost"),
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", method),
    ];
    headers.extend(name.map(|name| ("mcp-name", name)));
    server.post_headed("/mcp", &headers, &message)
}

#[test]
fn a_client_with_a_handshake_is_served_without_a_session() {
    let Some(server) = harness() else { return };
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let client =
            json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
        let reply = server.mcp("initialize", client);
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(
            reply.header("mcp-session-id"),
            "",
            "nothing to remember, nothing to leave behind"
        );
        let result = &reply.json()["result"];
        assert_eq!(
            (&result["protocolVersion"], &result["serverInfo"]["name"]),
            (&json!(version), &json!("lotsen"))
        );
        assert!(result["capabilities"]["tools"].is_object(), "{result}");
    }
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let reply = server.post_headed("/mcp", &[("host", "localhost")], &ready);
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{}", reply.body);
}

#[test]
fn a_client_without_a_handshake_is_served_too() {
    let Some(server) = harness() else { return };
    let found = self_contained(server, "server/discover", None, json!({}));
    assert_eq!(found.status, StatusCode::OK, "{}", found.body);
    assert!(
        found.body.contains("2026-07-28") && found.body.contains("2025-06-18"),
        "{}",
        found.body
    );
    let listed = self_contained(server, "tools/list", None, json!({}));
    assert_eq!(
        listed.json()["result"]["tools"].as_array().map(Vec::len),
        Some(4),
        "{}",
        listed.body
    );
    let call = json!({"name": "search", "arguments": {"query": "trygghetslarm"}});
    let called = self_contained(server, "tools/call", Some("search"), call);
    assert_eq!(called.json()["result"]["isError"], false, "{}", called.body);
    let unknown = self_contained(server, "tools/none", None, json!({}));
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{}", unknown.body);
}

#[test]
fn every_result_is_small_and_has_what_citations_are_made_of() {
    let Some(server) = harness() else { return };
    let mut passage = None;
    for (tool, arguments) in [
        ("search", json!({"query": "trygghetslarm"})),
        ("ask", json!({"question": QUESTION})),
        ("list_documents", json!({})),
    ] {
        let (succeeded, text) = server.tool(tool, arguments);
        assert!(succeeded && text.len() < 16_000, "{tool}: {text}");
        let result: Value = serde_json::from_str(&text).expect("JSON");
        let results = result["results"].as_array().expect("results");
        assert!(
            !results.is_empty() && (tool == "list_documents" || results.len() <= 5),
            "{tool}: {text}"
        );
        for entry in results {
            assert!(
                entry["title"].as_str().is_some_and(|title| !title.is_empty()),
                "{entry}"
            );
            let url = entry["url"].as_str().expect("an address");
            let path = url
                .strip_prefix("http://127.0.0.1:8080")
                .expect("the service's own address");
            assert_eq!(
                server.get(path.split('#').next().expect("a page")).status,
                StatusCode::OK,
                "{url}"
            );
        }
        passage = results[0]["passage_id"].as_str().map(str::to_owned).or(passage);
    }
    let (succeeded, text) = server.tool("get_passage", json!({"passage_id": passage}));
    assert!(succeeded && text.contains("\"snippet\""), "{text}");
    let (succeeded, text) = server.tool("search", json!({"query": "hemtjänst", "limit": 2}));
    let result: Value = serde_json::from_str(&text).expect("JSON");
    assert!(
        succeeded && result["results"].as_array().map(Vec::len) == Some(2),
        "{text}"
    );
}

#[test]
fn what_the_material_does_not_say_has_no_results() {
    let Some(server) = harness() else { return };
    let (succeeded, text) = server.tool("ask", json!({"question": "Vad kostar parkering i Huddinge?"}));
    let result: Value = serde_json::from_str(&text).expect("JSON");
    assert!(
        succeeded && result["status"] == "no_support" && result["results"] == json!([]),
        "{text}"
    );
    assert!(text.contains("Materialet säger inget om detta"), "{text}");
}

#[test]
fn wrong_arguments_are_told_and_not_repeated() {
    let Some(server) = harness() else { return };
    for (tool, arguments, field) in [
        ("search", json!({}), "query"),
        ("search", json!({"query": "avgift", "limit": "Alva"}), "limit"),
        ("ask", json!({"question": "Vad gäller?", "as_of": "Alva"}), "as_of"),
        ("ask", json!({"question": "Vad gäller?", "history": "Alva"}), "history"),
        ("ask", json!({"question": ""}), "question"),
    ] {
        let (succeeded, said) = server.tool(tool, arguments);
        assert!(
            !succeeded && said.contains(field) && !said.contains("Alva"),
            "{tool}: {said}"
        );
    }
    let unknown = server.mcp("tools/call", json!({"name": "Alva", "arguments": {}}));
    assert!(
        unknown.json()["error"].is_object() && !unknown.body.contains("Alva"),
        "{}",
        unknown.body
    );
    let (succeeded, said) = server.tool("get_passage", json!({"passage_id": "sfs-2025-400.none"}));
    assert!(!succeeded && said.contains("inget ställe"), "{said}");
}

#[test]
fn only_known_hosts_and_no_other_site_may_call() {
    let Some(server) = harness() else { return };
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    for headers in [
        &[("host", "evil.example")][..],
        &[("host", "localhost"), ("origin", "https://evil.example")],
        &[("host", "localhost"), ("origin", "null")],
    ] {
        let reply = server.post_headed("/mcp", headers, &list);
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.body);
        assert_eq!(reply.json()["type"], "/problems/forbidden");
        assert!(!reply.body.contains("evil"), "{}", reply.body);
    }
    let own = [("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")];
    assert_eq!(server.post_headed("/mcp", &own, &list).status, StatusCode::OK);
    assert!(!server.log().contains("evil.example"), "headers are the client's text");
    assert_eq!(server.get("/mcp").status, StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn what_is_no_message_is_a_problem_that_quotes_nothing() {
    let Some(server) = harness() else { return };
    for (body, status) in [
        (json!([1, 2]), StatusCode::BAD_REQUEST),
        (
            json!({"jsonrpc": "2.0", "id": 1, "method": 7, "x": "Alva"}),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({"jsonrpc": "1.0", "id": {}, "method": "Alva"}),
            StatusCode::BAD_REQUEST,
        ),
        (json!({"x": NUMBER}), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let reply = server.post_headed("/mcp", &[("host", "localhost")], &body);
        assert_eq!(reply.status, status, "{}", reply.body);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert!(
            !reply.body.contains("Alva") && !reply.body.contains(NUMBER),
            "{}",
            reply.body
        );
    }
    assert_eq!(
        server.post_raw("/mcp", vec![b'a'; 65_537]).status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}
