//! The guard stands before every way in, also those that are not built yet: the description of the service and the list of
//! tools are read, a test number is put into every string that they name, one at a time, and each must be refused.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Harness, NUMBER, Reply, harness};
use crate::schema::Schema;

/// Spellings in which the number could come back.
const TRACES: [&str; 3] = [NUMBER, "191212121212", "121212-1212"];

fn plant() -> String {
    format!("Gäller det {NUMBER}?")
}

/// An operation that takes a JSON body, with a body that it answers.
struct Operation<'d> {
    path: &'d str,
    id: &'d str,
    schema: Schema<'d>,
    example: Value,
}

/// Every operation that takes something. One that is described in another way than these is a way in that nobody looks at.
fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().expect("paths");
    let known = ["get", "post", "parameters"];
    let methods = paths
        .values()
        .flat_map(|methods| methods.as_object().expect("methods").keys());
    methods.for_each(|method| assert!(known.contains(&method.as_str()), "{method} needs a look of its own"));
    let posts = paths
        .iter()
        .filter_map(|(path, methods)| Some((path, methods.get("post")?)));
    let taking = posts.map(|(path, post)| {
        let body = &post["requestBody"]["content"]["application/json"];
        let own = body
            .get("schema")
            .unwrap_or_else(|| panic!("{path} describes no JSON body"));
        let schema = Schema { own, document };
        Operation {
            path,
            id: post["operationId"].as_str().expect("an id"),
            schema,
            example: body.get("example").cloned().unwrap_or_else(|| schema.sample()),
        }
    });
    taking.collect()
}

/// Whether the number was refused. Two routes say so in another way than by their status: one is asked what the guard finds,
/// the other is read by chat programs, which hide the body of an error.
fn is_refused(operation: &str, reply: &Reply) -> bool {
    let found = || !reply.json()["findings"].as_array().is_none_or(Vec::is_empty);
    let filtered = || reply.json()["choices"][0]["finish_reason"] == "content_filter";
    match operation {
        "guard" => found(),
        "completeChat" if reply.status == StatusCode::OK => filtered(),
        _ => reply.status.is_client_error(),
    }
}

fn has_trace(reply: &Reply) -> bool {
    let headers = format!("{:?}", reply.headers);
    TRACES
        .iter()
        .any(|trace| reply.body.contains(trace) || headers.contains(trace))
}

/// The places where the number was not refused, or came back; and all places.
fn leaks(document: &Value, send: impl Fn(&str, &Value) -> Reply) -> (Vec<String>, BTreeSet<String>) {
    let (mut leaks, mut places) = (Vec::new(), BTreeSet::new());
    for operation in operations(document) {
        for (place, body) in operation.schema.planted(&operation.example, &plant()) {
            let place = format!("{}{place}", operation.path);
            let reply = send(operation.path, &body);
            if !is_refused(operation.id, &reply) || has_trace(&reply) {
                leaks.push(format!("{place}: {} {}", reply.status, reply.body));
            }
            places.insert(place);
        }
    }
    (leaks, places)
}

fn description() -> Value {
    serde_json::from_str(include_str!("../../../openapi/openapi.json")).expect("the description")
}

#[test]
fn no_string_of_any_route_takes_a_personal_number() {
    let Some(server) = harness() else { return };
    let document = description();
    for operation in operations(&document) {
        let reply = server.post(operation.path, operation.example.clone());
        assert!(
            reply.status.is_success(),
            "{}: the example is answered: {}",
            operation.path,
            reply.body
        );
        assert!(
            operation.id == "guard" || !is_refused(operation.id, &reply),
            "{}: {}",
            operation.path,
            reply.body
        );
    }
    let (leaks, places) = leaks(&document, |path, body| server.post(path, body.clone()));
    assert_eq!(leaks, [] as [String; 0]);
    for place in [
        "/v1/ask.question",
        "/v1/ask.history[].content",
        "/v1/ask.confirmed[].field",
        "/v1/search.issuers[]",
        "/v1/case-law.provision",
        "/v1/feedback.answer_id",
        "/v1/guard.text",
        "/v1/chat/completions.messages[].content",
        "/v1/chat/completions.messages[].content[].text",
    ] {
        assert!(places.contains(place), "{place} is among {places:?}");
    }
    let log = server.log();
    assert!(log.contains("replied") && TRACES.iter().all(|trace| !log.contains(trace)));
}

/// What would be if somebody forgot the guard: the same look at a route that takes whatever it gets.
#[test]
fn a_route_without_a_guard_is_noticed() {
    let comment = json!({"type": "object", "properties": {
        "verdict": {"type": "string", "enum": ["good"]},
        "on": {"type": ["string", "null"], "format": "date"},
        "notes": {"type": "array", "items": {"$ref": "#/components/schemas/Note"}}
    }});
    let note = json!({"type": "object", "required": ["page"], "properties": {
        "page": {"type": "integer"}, "words": {"oneOf": [{"type": "null"}, {"type": "string"}]}
    }});
    let body = json!({"content": {"application/json": {"schema": comment}}});
    let document = json!({
        "paths": {"/v1/comment": {"post": {"operationId": "comment", "requestBody": body}}},
        "components": {"schemas": {"Note": note}}
    });
    let reply = |status, body: String| Reply {
        status,
        headers: HeaderMap::new(),
        body,
    };
    let (found, _) = leaks(&document, |_, _| reply(StatusCode::NO_CONTENT, String::new()));
    assert_eq!(
        found,
        ["/v1/comment.notes[].words: 204 No Content "],
        "what is taken is a leak"
    );
    let (found, _) = leaks(&document, |_, body| reply(StatusCode::BAD_REQUEST, body.to_string()));
    assert_eq!(found.len(), 1, "what comes back is a leak too: {found:?}");
}

#[test]
fn no_argument_of_any_tool_takes_a_personal_number() {
    let Some(server) = harness() else { return };
    let listed = server.mcp("tools/list", json!({})).json();
    let mut places = BTreeSet::new();
    for tool in listed["result"]["tools"].as_array().expect("tools") {
        let name = tool["name"].as_str().expect("a name");
        let schema = Schema {
            own: &tool["inputSchema"],
            document: tool,
        };
        for (place, arguments) in schema.planted(&schema.sample(), &plant()) {
            places.insert(format!("{name}{place}"));
            refused_with_its_reason(server, name, arguments);
        }
        // A field that the schema does not have is no way in either.
        let mut arguments = schema.sample();
        arguments["note"] = json!(plant());
        let (succeeded, said) = server.tool(name, arguments);
        assert!(!succeeded && TRACES.iter().all(|trace| !said.contains(trace)), "{said}");
    }
    let expected = ["ask.question", "get_passage.passage_id", "search.query"];
    assert_eq!(places.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    assert!(TRACES.iter().all(|trace| !server.log().contains(trace)));
}

fn refused_with_its_reason(server: &Harness, tool: &str, arguments: Value) {
    let (succeeded, said) = server.tool(tool, arguments);
    assert!(!succeeded, "{tool} took it: {said}");
    assert!(
        said.contains("personnummer") && said.contains("en kvinna på 84 år"),
        "{tool} says: {said}"
    );
    assert!(
        TRACES.iter().all(|trace| !said.contains(trace)),
        "{tool} repeats it: {said}"
    );
}

#[test]
fn nothing_beside_a_question_takes_a_personal_number_either() {
    let Some(server) = harness() else { return };
    let chat = |field: &str, value: Value| {
        let mut body =
            json!({"model": "lotsen", "messages": [{"role": "user", "content": "Vad kostar ett trygghetslarm?"}]});
        body[field] = value;
        server.post("/v1/chat/completions", body)
    };
    let system = json!([{"role": "system", "content": plant()}, {"role": "user", "content": "Vad gäller?"}]);
    let replies = [
        chat("messages", system),
        chat("user", json!(NUMBER)),
        chat("metadata", json!({"about": [plant()]})),
        chat("tools", json!([{"function": {"description": plant()}}])),
        server.mcp(
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": {"name": plant(), "version": "1"}}),
        ),
        server.mcp("tools/call", json!({"name": plant(), "arguments": {}})),
        server.mcp("tools/list", json!({"_meta": {"note": plant()}})),
        server.mcp(NUMBER, json!({})),
    ];
    for reply in replies {
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.body);
        assert!(!has_trace(&reply), "{}", reply.body);
    }
    assert!(TRACES.iter().all(|trace| !server.log().contains(trace)));
}

/// The plain forms are on no description. Their page shows the question again, to the one who asked it, so that it can be changed.
#[test]
fn no_field_of_the_forms_takes_a_personal_number() {
    let Some(server) = harness() else { return };
    let plant = plant().replace(' ', "+");
    for path in ["/fraga", "/avgoranden"] {
        for form in [
            format!("question={plant}"),
            format!("question=Vad&as_of={plant}"),
            format!("question=Vad&confirmed={plant}"),
        ] {
            let reply = server.post_form(path, &form);
            assert!(reply.status.is_client_error(), "{path} {form}: {}", reply.status);
        }
    }
    assert!(TRACES.iter().all(|trace| !server.log().contains(trace)));
}

#[test]
fn an_address_with_a_personal_number_leads_nowhere() {
    let Some(server) = harness() else { return };
    let document = description();
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        if methods.get("get").is_none() || !path.contains('{') {
            continue;
        }
        let parts = path
            .split('/')
            .map(|part| if part.starts_with('{') { NUMBER } else { part });
        let reply = server.get(&parts.collect::<Vec<_>>().join("/"));
        assert!(
            reply.status.is_client_error() && !has_trace(&reply),
            "{path}: {} {}",
            reply.status,
            reply.body
        );
        tried += 1;
    }
    assert!(tried >= 3, "{tried}");
    assert!(TRACES.iter().all(|trace| !server.log().contains(trace)));
}
