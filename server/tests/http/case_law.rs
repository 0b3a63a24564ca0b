//! Case law for and against, over HTTP and as a page without script.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::{Harness, NUMBER, harness, keys};

const QUESTION: &str = "Har den som bor i gruppbostad rätt till kontaktperson?";

fn server() -> Option<Harness> {
    harness()?.on_decisions()
}

#[test]
fn decisions_come_in_the_shape_of_the_contract() {
    let Some(server) = server() else { return };
    let reply = server.post("/v1/case-law", json!({"question": QUESTION}));
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let reply = reply.json();
    assert_eq!(
        keys(&reply),
        [
            "against",
            "as_of",
            "diagnostics",
            "for",
            "notices",
            "release",
            "status",
            "took_ms",
            "unclear"
        ]
    );
    assert_eq!(reply["status"], "answered");
    let decision = &reply["for"][0];
    let expected = [
        "court",
        "decided",
        "document",
        "invented",
        "number",
        "outcome",
        "outcome_text",
        "precedent",
        "provisions",
        "quotes",
        "referat",
        "year",
    ];
    assert_eq!(keys(decision), expected);
    assert_eq!(
        (&decision["outcome"], &decision["precedent"]),
        (&json!("granted"), &json!("guiding"))
    );
    let source = &decision["quotes"][0];
    let passage = source["passage_id"].as_str().expect("an id");
    let passage = server.get(&format!("/v1/passages/{passage}")).json();
    let quote = source["quote"].as_str().expect("a quote");
    assert!(passage["text"].as_str().is_some_and(|text| text.contains(quote)));
    assert_eq!(passage["url"], source["url"]);
}

#[test]
fn bad_requests_are_named() {
    let Some(server) = harness() else { return };
    for (body, field) in [
        (json!({"question": "Vad gäller?", "mode": "quotes"}), "mode"),
        (json!({"question": ""}), "question"),
        (json!({"question": "a\u{0}b"}), "question"),
        (json!({"question": "Vad gäller?", "provision": "a\u{0}b"}), "provision"),
        (
            json!({"question": "Vad gäller?", "provision": "kontaktperson"}),
            "provision",
        ),
        (
            json!({"question": "Vad gäller?", "provision": "9 § LSS ".repeat(40)}),
            "provision",
        ),
        (json!({"question": "Vad gäller?", "as_of": "i dag"}), "as_of"),
    ] {
        let reply = server.post("/v1/case-law", body);
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.body);
        assert_eq!(reply.json()["field"], field);
        assert!(!reply.body.contains("kontaktperson"), "{}", reply.body);
    }
}

#[test]
fn personal_data_is_stopped_in_every_field() {
    let Some(server) = harness() else { return };
    for (body, field) in [
        (json!({"question": NUMBER}), "question"),
        (json!({"question": QUESTION, "provision": NUMBER}), "provision"),
        (
            json!({"question": QUESTION, "history": [{"role": "user", "content": NUMBER}]}),
            "history[0].content",
        ),
    ] {
        let reply = server.post("/v1/case-law", body);
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(reply.json()["field"], field);
        assert_eq!(reply.json()["suggestion"], "[person]");
        assert!(!reply.body.contains("1212"), "{}", reply.body);
    }
}

#[test]
fn the_page_without_script_shows_both_sides() {
    let Some(server) = server() else { return };
    let page = server.post_form("/avgoranden", &format!("question={}", QUESTION.replace(' ', "+")));
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let text = page.text();
    for expected in [
        "Till den enskildes fördel",
        "Emot den enskilde",
        "Varken för eller emot",
        "data-code=\"invented_corpus\"",
        "14 oktober 2025",
        "Vägledande, men inte prejudikat",
        "<blockquote>",
        "Påhittat exempel",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    assert!(server.first_link_stands(&text), "the first link leads to its place");
}

#[test]
fn the_page_says_no_and_stops_what_it_must() {
    let Some(server) = harness() else { return };
    assert!(server.get("/avgoranden").text().contains("formaction=\"/avgoranden\""));
    let none = server.post_form("/avgoranden", "question=Vad+kostar+parkering+i+Huddinge%3F");
    assert_eq!(none.status, StatusCode::OK);
    assert!(none.text().contains("Inget avgörande i materialet rör frågan."));
    let personal = server.post_form("/avgoranden", &format!("question=Har+{NUMBER}+kontaktperson%3F"));
    assert_eq!(personal.status, StatusCode::UNPROCESSABLE_ENTITY);
    let possible = server.post_form("/avgoranden", "question=Vad+s%C3%A4ger+Granqvist+om+kontaktperson%3F");
    assert!(
        possible.text().contains("<form method=\"post\" action=\"/avgoranden\""),
        "what is confirmed goes where it was asked: {}",
        possible.text()
    );
}
