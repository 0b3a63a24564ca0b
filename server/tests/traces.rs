//! What a running server leaves behind: marked words and test numbers go into the real program by every way there is, and
//! are then looked for in everything that it wrote, in the folders that it could write to, and in its memory.
//!
//! The figures: `cargo test -p lotsen-server --test traces -- --nocapture`. With the language model's process, half a
//! minute: the same with `--include-ignored`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "other test programs open the release inside their own process")]
#[path = "pipeline/corpus.rs"]
mod corpus;
#[path = "traces/memory.rs"]
mod memory;
#[path = "traces/program.rs"]
mod program;

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use program::Program;

/// An official test number of the Swedish Tax Agency.
const NUMBER: &str = "19121212-1212";

/// A word that nothing else says, a new one for each way in.
fn mark(way: &str) -> String {
    format!("kanarie{way}")
}

/// Every way in, with the mark that goes in by it.
const WAYS: [&str; 15] = [
    "svar", "dag", "borta", "tomt", "stopp", "intyg", "samtal", "rad", "vakt", "brott", "sen", "verktyg", "fel",
    "chatt", "ord",
];

fn send_all(server: &Program) {
    let json = |body: serde_json::Value| body.to_string();
    let ask = |question: String| json(serde_json::json!({"question": question, "mode": "summary"}));
    let answer = server.post(
        "/v1/ask",
        &ask(format!(
            "Hej {}! Hur lång tid får en förhandsbedömning ta?",
            mark("svar")
        )),
    );
    assert!(answer.contains(" 200 ") && answer.contains("\"answered\""), "{answer}");
    let streamed = server.post_for_events("/v1/ask", &ask(format!("Vem har rätt till insatser, {}?", mark("dag"))));
    assert!(streamed.contains("event: done"), "{streamed}");
    server.post_and_leave(
        "/v1/ask",
        &ask(format!("Vad är en fast omsorgskontakt, {}?", mark("borta"))),
    );
    server.post("/v1/ask", &ask(format!("Vad kostar {} i Paris?", mark("tomt"))));
    let refused = server.post("/v1/ask", &ask(format!("Har {} med {NUMBER} rätt?", mark("stopp"))));
    assert!(refused.contains(" 422 "), "{refused}");
    let possible = format!("Vad säger Granqvist om {}?", mark("intyg"));
    let confirmed = serde_json::json!([{"field": "question", "start": 10, "end": 19, "type": "name"}]);
    let went_on = server.post(
        "/v1/ask",
        &json(serde_json::json!({"question": possible, "confirmed": confirmed})),
    );
    assert!(went_on.contains(" 200 "), "{went_on}");
    let history = serde_json::json!([{"role": "user", "content": format!("Hej {}", mark("samtal"))}]);
    server.post(
        "/v1/ask",
        &json(serde_json::json!({"question": "Vad gäller för hemtjänst?", "history": history})),
    );
    server.post(
        "/v1/search",
        &json(serde_json::json!({"query": format!("avgift {}", mark("rad"))})),
    );
    server.post(
        "/v1/guard",
        &json(serde_json::json!({"text": format!("{} {NUMBER}", mark("vakt"))})),
    );
    send_from_other_programs(server);
    server.post("/v1/ask", &format!("{{\"question\": \"{}", mark("brott")));
    server.post(
        "/v1/feedback",
        &json(serde_json::json!({"answer_id": mark("brott"), "verdict": "wrong"})),
    );
    let slow = server.post_half("/v1/ask", &ask(format!("Får vi {}?", mark("sen"))));
    assert!(slow.contains(" 408 "), "{slow}");
}

/// A tool and a chat, each with a question that is answered and one that is stopped.
fn send_from_other_programs(server: &Program) {
    let call = |question: String| {
        let params = serde_json::json!({"name": "ask", "arguments": {"question": question}});
        let message = serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
        server.post("/mcp", &message.to_string())
    };
    let chat = |question: String| {
        let messages = serde_json::json!([{"role": "user", "content": question}]);
        let body = serde_json::json!({"model": "lotsen", "stream": true, "messages": messages});
        server.post("/v1/chat/completions", &body.to_string())
    };
    let answered = call(format!(
        "Hur lång tid får en förhandsbedömning ta, {}?",
        mark("verktyg")
    ));
    assert!(answered.contains("\"isError\":false"), "{answered}");
    let stopped = call(format!("Har {} med {NUMBER} rätt?", mark("fel")));
    assert!(stopped.contains("\"isError\":true"), "{stopped}");
    let answered = chat(format!("Hur lång tid får en förhandsbedömning ta, {}?", mark("chatt")));
    assert!(answered.contains("[DONE]"), "{answered}");
    let stopped = chat(format!("Har {} med {NUMBER} rätt?", mark("ord")));
    assert!(stopped.contains("content_filter"), "{stopped}");
}

/// Nothing in files, log and counts; then how much of it the live process still holds.
fn look_for_traces(server: &Program) {
    let (log, metrics) = (server.log(), server.get("/metrics"));
    assert!(log.contains("replied"), "the log was caught: {log}");
    let mut looked_for: Vec<String> = WAYS.iter().map(|way| mark(way)).collect();
    looked_for.push(NUMBER.to_owned());
    for trace in &looked_for {
        assert!(!log.contains(trace.as_str()), "{trace} is in the log");
        assert!(!metrics.contains(trace.as_str()), "{trace} is in the counts");
    }
    let files = server.files();
    assert!(files.len() > 3, "only {} files were looked through", files.len());
    for (path, content) in files {
        for trace in &looked_for {
            assert!(
                !memory::contains(&content, trace.as_bytes()),
                "{} holds {trace}",
                path.display()
            );
        }
    }
    for process in server.processes() {
        let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        assert_eq!(
            core.split_whitespace().nth(4),
            Some("0"),
            "a crash would write a dump: {core}"
        );
        let Some(counts) = memory::count(process, &looked_for) else {
            println!("process {process}: its memory cannot be read by this user");
            continue;
        };
        let held: Vec<_> = looked_for.iter().zip(counts).filter(|(_, count)| *count > 0).collect();
        println!("process {process} still holds: {held:?}");
    }
}

#[test]
fn nothing_is_left_in_log_counts_or_files() {
    let Some(server) = Program::start(&[]) else { return };
    send_all(&server);
    std::thread::sleep(Duration::from_millis(500));
    look_for_traces(&server);
    // Even a crash while all that is in memory writes no dump, wherever the machine would put one.
    assert!(!server.abort().core_dumped());
}

/// A language model on another address takes the question and never answers: the time runs out while it is held.
#[test]
fn nothing_is_left_when_time_runs_out() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let settings = [
        ("LOTSEN__GENERATOR__KIND", "endpoint"),
        ("LOTSEN__GENERATOR__ENDPOINT__BASE_URL", address.as_str()),
        ("LOTSEN__GENERATOR__ENDPOINT__MODEL", "silent"),
        ("LOTSEN__LIMITS__ANSWER_SECONDS", "3"),
    ];
    let Some(server) = Program::start(&settings) else {
        return;
    };
    let question = serde_json::json!({
        "question": format!("Hej {}! Hur lång tid får en förhandsbedömning ta?", mark("svar")),
        "mode": "summary",
    });
    let reply = server.post("/v1/ask", &question.to_string());
    assert!(
        reply.contains(" 504 ") && reply.contains("/problems/timeout"),
        "{reply}"
    );
    assert!(!reply.contains(&mark("svar")), "a problem quotes no question");
    let streamed = server.post_for_events("/v1/ask", &question.to_string());
    assert!(streamed.contains("event: error"), "{streamed}");
    look_for_traces(&server);
}

#[test]
#[ignore = "loads a language model and lets it write: half a minute"]
fn nothing_is_left_by_the_language_models_process() {
    let worker = [
        ("LOTSEN__GENERATOR__KIND", "worker"),
        ("LOTSEN__GENERATOR__WORKER__MODEL", "qwen2.5-coder-0.5b-instruct"),
    ];
    let Some(server) = Program::start(&worker) else { return };
    send_all(&server);
    assert!(server.processes().len() > 1, "the worker runs");
    look_for_traces(&server);
}
