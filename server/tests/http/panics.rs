//! A panic in the middle of a request, its message made of the question: the caller gets a problem, the log the place and
//! nothing else, and the server goes on. A part of the real guard panics, so the routes, layers and the hook are the real ones.

use std::process::Command;

use axum::http::StatusCode;
use lotsen_guard::{CannotRun, Finding, Guard, Recogniser};
use lotsen_server::log;
use serde_json::{Value, json};

use crate::harness::harness;

/// A word that nothing else says.
const MARK: &str = "kanariepanik";

/// What the process that panics says when it is through.
const THROUGH: &str = "every route has panicked";

/// As a library that quotes what it could not read.
struct Panicking;

impl Recogniser for Panicking {
    fn find(&self, messages: &[&str]) -> Result<Vec<Vec<Finding>>, CannotRun> {
        panic!("cannot read {messages:?}")
    }
}

fn requests() -> [(&'static str, Value); 5] {
    let question = format!("Vad gäller för {MARK}?");
    [
        ("/v1/ask", json!({"question": question})),
        ("/v1/search", json!({"query": question})),
        ("/v1/case-law", json!({"question": question})),
        ("/v1/guard", json!({"text": question})),
        (
            "/v1/chat/completions",
            json!({"model": "lotsen", "messages": [{"role": "user", "content": question}]}),
        ),
    ]
}

/// The hook is the whole process's, so this needs one of its own.
#[test]
#[ignore = "run in a process of its own by the test below"]
fn panic_on_every_route() {
    let Some(server) = harness() else { return };
    let Some(broken) = server.with_guard(Guard::of_rules().with(Panicking)) else {
        return;
    };
    log::silence_panics();
    let mut problems = Vec::new();
    for (path, body) in requests() {
        problems.push(broken.post(path, body.clone()));
        if ["/v1/ask", "/v1/chat/completions"].contains(&path) {
            let mut streamed = body;
            streamed
                .as_object_mut()
                .unwrap()
                .insert("stream".to_owned(), json!(true));
            let streamed = match path {
                "/v1/ask" => broken.post_for_events(requests()[0].1.clone()),
                _ => broken.post(path, streamed),
            };
            problems.push(streamed);
        }
    }
    for problem in &problems {
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", problem.body);
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(problem.json()["type"], "/problems/internal");
        assert!(!problem.body.contains(MARK), "{}", problem.body);
    }
    let (succeeded, said) = broken.tool("ask", json!({"question": format!("Vad gäller för {MARK}?")}));
    assert!(
        !succeeded && said.contains("fel i tjänsten") && !said.contains(MARK),
        "{said}"
    );
    for form in ["/fraga", "/avgoranden"] {
        let page = broken.post_form(form, &format!("question={MARK}"));
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{form}");
    }

    assert_eq!(broken.get("/v1/documents").status, StatusCode::OK, "the server goes on");
    let log = broken.log();
    let told = log.matches("panics.rs:").count();
    assert!(
        told >= problems.len() + 3,
        "each panic's place is told, {told} were: {log}"
    );
    assert!(!log.contains(MARK), "{log}");
    assert!(!broken.get("/metrics").body.contains(MARK));
    println!("{THROUGH}");
}

#[test]
fn a_panic_leaves_nothing_of_the_question_anywhere() {
    if harness().is_none() {
        return;
    }
    let panicked = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "panics::panic_on_every_route", "--ignored", "--nocapture"])
        .output()
        .expect("a process");
    let said = [panicked.stdout, panicked.stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    assert!(panicked.status.success() && said.contains(THROUGH), "{said}");
    assert!(!said.contains(MARK), "standard output or error holds it: {said}");
}
