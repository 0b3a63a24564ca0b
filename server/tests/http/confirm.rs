//! What may be personal data stops, and goes on when the user says that it is not about a person: for this request, for the
//! place that was shown, and for nothing that is certain.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{NUMBER, Reply, harness};

/// A surname alone, which may be an author's.
const POSSIBLE: &str = "Vad säger Granqvist om hur lång tid en förhandsbedömning får ta?";

/// What confirms all findings of a refusal.
fn confirmed(refusal: &Reply) -> Value {
    assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refusal.body);
    let problem = refusal.json();
    let findings = problem["findings"].as_array().expect("findings");
    let confirm = |finding: &Value| json!({"field": problem["field"], "start": finding["start"], "end": finding["end"], "type": finding["type"]});
    findings.iter().map(confirm).collect()
}

#[test]
fn what_is_possible_goes_on_when_it_is_confirmed() {
    let Some(server) = harness() else { return };
    for (path, body) in [
        ("/v1/ask", json!({"question": POSSIBLE, "mode": "quotes"})),
        ("/v1/search", json!({"query": POSSIBLE})),
        (
            "/v1/ask",
            json!({"question": "Vad gäller annars?", "mode": "quotes", "history": [{"role": "user", "content": POSSIBLE}]}),
        ),
    ] {
        let refusal = server.post(path, body.clone());
        let findings = refusal.json()["findings"].clone();
        assert!(
            findings
                .as_array()
                .is_some_and(|all| all.iter().all(|one| one["certain"] == false))
        );
        assert!(
            refusal.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains("kan vara"))
        );
        let mut again = body.clone();
        again["confirmed"] = confirmed(&refusal);
        assert_eq!(server.post(path, again).status, StatusCode::OK, "{path}");
        assert_eq!(
            server.post(path, body).status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "nothing was kept"
        );
    }
}

#[test]
fn what_is_certain_stops_whatever_is_confirmed() {
    let Some(server) = harness() else { return };
    let question = format!("{POSSIBLE} Gäller det {NUMBER}?");
    let mut body = json!({"question": question, "mode": "quotes"});
    body["confirmed"] = confirmed(&server.post("/v1/ask", body.clone()));
    let reply = server.post("/v1/ask", body);
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let findings = reply.json()["findings"].clone();
    assert_eq!(
        findings.as_array().map(Vec::len),
        Some(1),
        "the confirmed one is not shown again"
    );
    assert_eq!(findings[0]["type"], "personnummer");
}

#[test]
fn a_confirmation_is_read_strictly() {
    let Some(server) = harness() else { return };
    for bad in [
        json!(true),
        json!([{"field": "question", "start": 0, "end": 1}]),
        json!([{"field": "question", "start": 0, "end": 1, "type": "name", "text": "x"}]),
        json!([{"field": "question", "start": -1, "end": 1, "type": "name"}]),
    ] {
        let reply = server.post("/v1/ask", json!({"question": "Vad gäller?", "confirmed": bad}));
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[test]
fn the_page_without_script_has_a_button_for_it() {
    let Some(server) = harness() else { return };
    let refusal = server.post_form("/fraga", &format!("question={}", POSSIBLE.replace(' ', "+")));
    assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refusal.text();
    assert!(
        page.contains("<mark class=\"personal possible\" title=\"möjligen namn\">Granqvist</mark>"),
        "{page}"
    );
    let form = page
        .split("<form")
        .nth(1)
        .and_then(|rest| rest.split("</form>").next())
        .expect("a form");
    assert!(form.contains("Det här handlar inte om en person") && form.contains("method=\"post\""));
    let value = |name: &str| {
        let (_, rest) = form.split_once(&format!("name=\"{name}\" value=\""))?;
        // The list has quotes of its own, so the attribute ends where the tag does.
        rest.split_once("\">").map(|(value, _)| value.to_owned())
    };
    let (question, confirmed) = (
        value("question").expect("the question"),
        value("confirmed").expect("the list"),
    );
    assert_eq!(question, POSSIBLE);
    let coded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let answer = server.post_form(
        "/fraga",
        &format!("question={}&as_of=&confirmed={}", coded(&question), coded(&confirmed)),
    );
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("<blockquote>"));
    let broken = server.post_form("/fraga", "question=Vad+g%C3%A4ller%3F&confirmed=ja");
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
}

#[test]
fn every_free_text_field_of_a_search_is_looked_through() {
    let Some(server) = harness() else { return };
    let reply = server.post(
        "/v1/search",
        json!({"query": "avgift", "issuers": ["Botkyrka kommun", NUMBER]}),
    );
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply.json()["field"], "issuers[1]");
    assert_eq!(reply.json()["suggestion"], "[person]");
    let allowed = server.post(
        "/v1/search",
        json!({"query": "avgift", "issuers": ["Botkyrka kommun", "Socialstyrelsen"]}),
    );
    assert_eq!(allowed.status, StatusCode::OK);
}
