//! What somebody asks leaves no trace (row P6): a marked word and a test number go in by every way there is, and are then
//! looked for in every log line at the finest level, in the counts, on disk, and in what others are told.

use std::fs;
use std::path::Path;

use lotsen_server::log;
use serde_json::json;

use crate::harness::{NUMBER, harness};

/// A word that nothing else says.
const MARK: &str = "kanariemarkord";

#[test]
fn what_was_asked_is_in_no_log_count_file_or_other_reply() {
    let Some(server) = harness() else { return };
    let clean = format!("Vad gäller för {MARK} enligt 11 kap. 1 § SoL?");
    let personal = format!("Har {MARK} med {NUMBER} rätt till hemtjänst?");
    for question in [&clean, &personal] {
        let history = json!([{"role": "user", "content": question}]);
        server.post("/v1/ask", json!({"question": question, "mode": "quotes"}));
        server.post("/v1/ask", json!({"question": "Och annars?", "history": history}));
        server.post_for_events(json!({"question": question}));
        server.post("/v1/search", json!({"query": question}));
        server.post("/v1/case-law", json!({"question": question, "provision": question}));
        server.post("/v1/case-law", json!({"question": "x", "history": history}));
        server.post("/v1/guard", json!({"text": question}));
        server.post_form("/fraga", &format!("question={}", question.replace(' ', "+")));
        server.post_form("/avgoranden", &format!("question={}", question.replace(' ', "+")));
        server.post("/v1/ask", json!({"question": "x", question: 1}));
        server.post("/v1/ask", json!({"question": "x", "mode": question}));
        server.post("/v1/ask", json!({"question": "x", "as_of": question}));
        server.post_raw("/v1/ask", question.as_bytes().to_vec());
        server.post("/v1/feedback", json!({"answer_id": question, "verdict": "wrong"}));
        let messages = json!([{"role": "system", "content": MARK}, {"role": "user", "content": question}]);
        server.post("/v1/chat/completions", json!({"model": "lotsen", "messages": messages}));
        server.post(
            "/v1/chat/completions",
            json!({"model": "lotsen", "messages": messages, "stream": true}),
        );
        server.post("/v1/chat/completions", json!({"model": question, "messages": question}));
        server.tool("search", json!({"query": question}));
        server.tool("ask", json!({"question": question}));
        server.tool("get_passage", json!({"passage_id": question}));
        server.tool("ask", json!({"question": "x", question: 1}));
        server.mcp("tools/call", json!({"name": question, "arguments": question}));
        server.mcp(question, json!({question: question}));
        server.mcp(
            "initialize",
            json!({"protocolVersion": question, "capabilities": {}, "clientInfo": {"name": question}}),
        );
    }
    for path in [
        format!("/v1/documents/{MARK}"),
        format!("/v1/passages/{MARK}"),
        format!("/d/{MARK}/{NUMBER}"),
        format!("/{MARK}?q={NUMBER}"),
        format!("/v1/releases/{MARK}/diff/{MARK}"),
        format!("/assets/{MARK}"),
        format!("/problems/{MARK}"),
    ] {
        server.get(&path);
    }
    for header in [
        "x-request-id",
        "user-agent",
        "referer",
        "if-none-match",
        "accept",
        "cookie",
    ] {
        server.get_with("/v1/documents", header, MARK);
    }
    server.post_as("/v1/ask", MARK, "", b"{}".to_vec());
    let listing = json!({"jsonrpc": "2.0", "id": MARK, "method": "tools/list"});
    for header in [
        "host",
        "origin",
        "mcp-protocol-version",
        "mcp-method",
        "mcp-name",
        "mcp-session-id",
        "last-event-id",
    ] {
        server.post_headed("/mcp", &[("host", "localhost"), (header, MARK)], &listing);
        server.post_headed("/mcp", &[(header, MARK)], &listing);
    }

    let log = server.log();
    assert!(
        log.contains("replied") && log.contains("answered"),
        "the log was caught: {log}"
    );
    let elsewhere = [
        ("the log", log),
        ("the counts", server.get("/metrics").body),
        ("the documents", server.get("/v1/documents").body),
        ("the releases", server.get("/v1/releases").body),
        ("readiness", server.get("/readyz").body),
        ("the front page", server.get("/").body),
        ("the empty form", server.get("/fraga").body),
    ];
    for (place, text) in elsewhere {
        for trace in [MARK, NUMBER, "191212121212", "121212-1212"] {
            assert!(!text.contains(trace), "{trace} is in {place}");
        }
    }
    let mut files = 0;
    look_through(server.data.path(), &mut files);
    assert!(files > 3, "only {files} files were looked through");
}

fn look_through(folder: &Path, files: &mut usize) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            look_through(&path, files);
            continue;
        }
        *files += 1;
        let content = fs::read(&path).expect("a file");
        let found = content.windows(MARK.len()).any(|window| window == MARK.as_bytes());
        assert!(!found, "{} holds the mark", path.display());
    }
}

#[test]
fn a_panic_tells_its_place_and_not_its_message() {
    let Some(server) = harness() else { return };
    let ours = std::panic::take_hook();
    log::silence_panics();
    let panicked = std::panic::catch_unwind(|| panic!("{MARK}"));
    std::panic::set_hook(ours);
    assert!(panicked.is_err());
    let log = server.log();
    assert!(log.contains("canary.rs"), "{log}");
    assert!(!log.contains(MARK));
}
