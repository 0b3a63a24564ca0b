//! Documents, passages, readable pages and releases.

use axum::http::StatusCode;
use serde_json::Value;

use crate::harness::{Harness, harness};

fn documents(server: &Harness) -> Vec<Value> {
    server.get("/v1/documents").json()["documents"]
        .as_array()
        .cloned()
        .expect("documents")
}

#[test]
fn the_list_leads_to_every_passage() {
    let Some(server) = harness() else { return };
    let documents = documents(server);
    assert!(documents.len() >= 2);
    for document in documents {
        let id = document["id"].as_str().expect("an id");
        let detail = server.get(&format!("/v1/documents/{id}")).json();
        let content = detail["content"].as_array().expect("content");
        assert_eq!(Some(content.len() as u64), document["passages"].as_u64());
        for passage in content {
            let alone = server.get(&format!(
                "/v1/passages/{}",
                passage["passage_id"].as_str().expect("an id")
            ));
            assert_eq!(alone.json()["text"], passage["text"]);
        }
    }
    for missing in [
        "/v1/documents/none",
        "/v1/passages/none.p1-00",
        "/v1/documents/..%2f..%2fcurrent",
    ] {
        let reply = server.get(missing);
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{missing}");
        assert_eq!(reply.header("content-type"), "application/problem+json");
    }
}

#[test]
fn neighbours_are_the_ones_beside_it() {
    let Some(server) = harness() else { return };
    let id = documents(server)[0]["id"].as_str().map(str::to_owned).expect("an id");
    let content = server.get(&format!("/v1/documents/{id}")).json()["content"].clone();
    let name = |i: usize| content[i]["passage_id"].as_str().expect("an id").to_owned();
    let first = server.get(&format!("/v1/passages/{}", name(0))).json();
    assert_eq!(first["before"].as_array().map(Vec::len), Some(0));
    assert_eq!(first["after"][0]["passage_id"], name(1).as_str());
    let second = server.get(&format!("/v1/passages/{}", name(1))).json();
    assert_eq!(second["before"][0]["passage_id"], name(0).as_str());
}

#[test]
fn the_page_has_every_passage_as_an_article_with_its_anchor() {
    let Some(server) = harness() else { return };
    for document in documents(server) {
        let page = server.get(document["url"].as_str().expect("an address"));
        assert_eq!(page.status, StatusCode::OK);
        let id = document["id"].as_str().expect("an id");
        let detail = server.get(&format!("/v1/documents/{id}")).json();
        for passage in detail["content"].as_array().expect("content") {
            let anchor = format!(
                "<article class=\"passage\" id=\"{}\"",
                passage["passage_id"].as_str().expect("an id")
            );
            assert_eq!(page.body.matches(&anchor).count(), 1, "{anchor}");
            let text = page.text();
            for line in passage["text"].as_str().expect("text").lines() {
                assert!(text.contains(line), "{line:?} is not on the page");
            }
        }
        let again = server.get_with(
            document["url"].as_str().expect("an address"),
            "if-none-match",
            page.header("etag"),
        );
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        let shortest = server.get(&format!("/d/{id}"));
        assert_eq!(shortest.status, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(
            shortest.header("location"),
            document["url"].as_str().expect("an address")
        );
    }
}

#[test]
fn repealed_and_invented_texts_say_so() {
    let Some(server) = harness() else { return };
    for document in documents(server) {
        let page = server.get(document["url"].as_str().expect("an address")).body;
        assert_eq!(
            page.contains("data-code=\"invented_corpus\""),
            document["invented"] == true,
            "{}",
            document["id"]
        );
        let repealed = document["status"] == "repealed";
        assert_eq!(
            page.contains("data-code=\"repealed_law\""),
            repealed,
            "{}",
            document["id"]
        );
    }
    let act = server.get(&server.older_act).text();
    assert!(act.contains("upphörde att gälla den 1 juli 2025"), "{act}");
    assert!(
        act.contains("href=\"/d/sfs-2025-400/"),
        "no link to the act that took its place"
    );
}

#[test]
fn an_older_version_can_be_read_and_leads_to_the_newer() {
    let Some(server) = harness() else { return };
    let page = server.get(&server.older_guideline);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("data-code=\"newer_version\""));
    for missing in [
        "/d/none/0123456789ab",
        "/d/sfs-2025-400/ffffffffffff",
        "/d/sfs-2025-400/..%2f..%2fcurrent",
        "/d/none",
    ] {
        assert_eq!(server.get(missing).status, StatusCode::NOT_FOUND, "{missing}");
    }
}

#[test]
fn releases_are_listed_and_compared() {
    let Some(server) = harness() else { return };
    let list = server.get("/v1/releases").json();
    let releases = list["releases"].as_array().expect("releases");
    let names: Vec<&str> = releases
        .iter()
        .filter_map(|release| release["release"].as_str())
        .collect();
    assert_eq!(names, ["earlier", "first"]);
    assert_eq!(list["serving"], "first");
    let diff = server.get("/v1/releases/earlier/diff/first").json();
    let ids = |kind: &str| -> Vec<String> {
        let documents = diff[kind].as_array().expect("documents");
        documents
            .iter()
            .filter_map(|document| document["id"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(ids("new"), ["sfs-2001-453"]);
    assert_eq!(ids("changed"), ["riktlinje-hemtjanst"]);
    assert_eq!(ids("gone"), Vec::<String>::new());
    let changed = &diff["changed"][0];
    assert_eq!(
        (&changed["passages_added"], &changed["passages_removed"]),
        (&Value::from(1), &Value::from(0))
    );
    assert_eq!(
        server.get("/v1/releases/none/diff/nothing").status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        server.get("/v1/releases/..%2f../diff/first").status,
        StatusCode::NOT_FOUND
    );
}
