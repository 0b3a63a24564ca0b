//! What is let through, what is stopped and where, and that no `Debug` shows a word of it.

use super::*;

fn ask(question: &str) -> AskRequest {
    AskRequest {
        question: question.to_owned(),
        history: Vec::new(),
        as_of: None,
        kinds: None,
        mode: Mode::Quotes,
        budget_ms: None,
        confirmed: Vec::new(),
    }
}

fn admit(request: &AskRequest) -> Result<Question, AskError> {
    super::admit(&Guard::of_rules(), request)
}

#[test]
fn the_limits_count_characters() {
    assert!(admit(&ask(&"å".repeat(MAX_QUESTION))).is_ok());
    for bad in [String::new(), "  ".to_owned(), "å".repeat(MAX_QUESTION + 1)] {
        assert!(matches!(admit(&ask(&bad)), Err(AskError::Invalid { .. })));
    }
    let mut long = ask("Vad gäller?");
    long.history = vec![
        Turn {
            role: Role::User,
            content: "Hej".to_owned()
        };
        MAX_HISTORY + 1
    ];
    assert!(matches!(admit(&long), Err(AskError::Invalid { field, .. }) if field == "history"));
}

#[test]
fn personal_data_is_named_by_its_field() {
    // An official test number of the Swedish Tax Agency.
    let number = "19121212-1212";
    let found = admit(&ask(&format!("Har {number} rätt till hemtjänst?")));
    assert!(
        matches!(found, Err(AskError::PersonalData { field, findings }) if field == "question" && findings.len() == 1)
    );

    let mut followup = ask("Gäller det även hen?");
    followup.history.push(Turn {
        role: Role::User,
        content: format!("Det gäller {number}"),
    });
    assert!(matches!(admit(&followup), Err(AskError::PersonalData { field, .. }) if field == "history[0].content"));
}

fn stopped(request: &AskRequest) -> (String, Vec<Finding>) {
    match admit(request) {
        Err(AskError::PersonalData { field, findings }) => (field, findings),
        other => panic!("let through: {other:?}"),
    }
}

#[test]
fn a_possible_finding_can_be_confirmed_and_only_where_it_was_shown() {
    let mut request = ask("Vad säger Granqvist om avlösning?");
    let (field, findings) = stopped(&request);
    assert!(findings.iter().all(|finding| !finding.certain), "{findings:?}");
    request.confirmed = findings
        .iter()
        .filter_map(|finding| Confirmed::of(&field, finding))
        .collect();
    assert!(admit(&request).is_ok());

    request.question = "Vad säger nu Granqvist om avlösning?".to_owned();
    assert_eq!(stopped(&request).0, "question", "the text was changed since");
    request.question = "Vad gäller?".to_owned();
    request.history.push(Turn {
        role: Role::User,
        content: "Vad säger Granqvist om avlösning?".to_owned(),
    });
    assert_eq!(
        stopped(&request).0,
        "history[0].content",
        "another field than the one shown"
    );
    request.confirmed[0].field = "history[0].content".to_owned();
    assert!(admit(&request).is_ok());
}

#[test]
fn a_certain_finding_cannot_be_confirmed() {
    let mut request = ask("Har 19121212-1212 rätt till hemtjänst?");
    let (field, findings) = stopped(&request);
    assert!(Confirmed::of(&field, &findings[0]).is_none());
    request.confirmed.push(Confirmed {
        field,
        start: findings[0].start,
        end: findings[0].end,
        kind: findings[0].kind,
    });
    assert_eq!(stopped(&request).1, findings);
}

#[test]
fn no_debug_shows_what_was_asked() {
    let mut request = ask("hemlig fråga");
    request.history.push(Turn {
        role: Role::User,
        content: "hemlig bakgrund".to_owned(),
    });
    let shown = format!("{request:?} {:?} {:?}", admit(&request), request.history);
    assert!(!shown.contains("hemlig"), "{shown}");
}

#[test]
fn an_unknown_field_is_an_error_that_names_it() {
    let error = serde_json::from_str::<AskRequest>(r#"{"question": "Vad gäller?", "fraga": 1}"#).unwrap_err();
    assert!(error.to_string().contains("fraga"));
}
