//! The way without script: a plain form in, a page out.

use axum::http::StatusCode;

use crate::harness::harness;

#[test]
fn a_question_gives_a_page_with_quotes_and_links() {
    let Some(server) = harness() else { return };
    let page = server.post_form(
        "/fraga",
        "question=Hur+l%C3%A5ng+tid+f%C3%A5r+en+f%C3%B6rhandsbed%C3%B6mning+ta%3F&as_of=",
    );
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.body.contains("<blockquote>"), "{}", page.body);
    let text = page.text();
    assert!(server.first_link_stands(&text), "the first link leads to its place");
}

#[test]
fn personal_data_is_marked_on_the_page() {
    let Some(server) = harness() else { return };
    let page = server.post_form("/fraga", "question=Har+19121212-1212+r%C3%A4tt+till+hemtj%C3%A4nst%3F");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.body
            .contains("<mark class=\"personal\" title=\"personnummer\">19121212-1212</mark>"),
        "{}",
        page.body
    );
    let offered = page.body.split("<textarea").nth(1).expect("a form");
    assert!(
        !offered.contains("1212"),
        "the form offers the suggestion, not the number"
    );
}

#[test]
fn a_form_that_cannot_be_read_is_a_page_too() {
    let Some(server) = harness() else { return };
    for (form, status) in [
        ("question=", StatusCode::BAD_REQUEST),
        ("fel=1", StatusCode::BAD_REQUEST),
        ("question=avgift&as_of=snart", StatusCode::BAD_REQUEST),
        (
            &*format!("question={}", "a".repeat(70_000)),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        let page = server.post_form("/fraga", form);
        assert_eq!(page.status, status);
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.body.contains("<form"));
    }
}
