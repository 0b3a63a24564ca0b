//! Case law for and against, on decisions by invented courts, with the real index and the real embedding model.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

#[path = "pipeline/corpus.rs"]
mod corpus;
#[path = "pipeline/decisions.rs"]
mod decisions;

use jiff::civil::date;
use lotsen_corpus::PassageId;
use lotsen_corpus::record::{CasePart, Outcome};
use lotsen_server::Service;
use lotsen_server::question::{AskError, CaseLawRequest, Invalid, Role, Turn};
use lotsen_server::reply::{AnswerStatus, CaseLawReply, Decision, Precedent};

const CONTACT: &str = "Har den som bor i gruppbostad rätt till kontaktperson?";
const COUPLES: &str = "Får makar bo tillsammans i särskilt boende om de länge har haft var sin lägenhet?";

/// An official test number of the Swedish Tax Agency.
const NUMBER: &str = "19121212-1212";

fn request(question: &str) -> CaseLawRequest {
    CaseLawRequest {
        question: question.to_owned(),
        history: Vec::new(),
        as_of: Some(date(2026, 11, 22)),
        provision: None,
        confirmed: Vec::new(),
    }
}

async fn find(service: &Service, request: CaseLawRequest) -> CaseLawReply {
    service.case_law(request).await.unwrap()
}

fn numbers(decisions: &[Decision]) -> Vec<&str> {
    decisions.iter().map(|one| one.number.as_deref().unwrap()).collect()
}

fn notices(reply: &CaseLawReply) -> Vec<&str> {
    reply.notices.iter().map(|notice| notice.code.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_stand_by_outcome_and_the_weightiest_first() {
    let Some((_dir, service)) = decisions::service().await else {
        return;
    };
    let reply = find(&service, request(CONTACT)).await;
    assert_eq!(reply.status, AnswerStatus::Answered);
    assert_eq!(numbers(&reply.in_favour), ["8001-25"]);
    assert_eq!(numbers(&reply.against), ["8002-25", "8004-25"]);
    assert_eq!(numbers(&reply.unclear), ["8003-25"]);
    assert_eq!(notices(&reply), ["invented_corpus"]);
    let granted = &reply.in_favour[0];
    assert_eq!(granted.court.as_deref(), Some("Kammarrätten i Storåker (påhittad)"));
    assert_eq!((granted.year, granted.decided), (Some(2025), Some(date(2025, 10, 14))));
    assert_eq!(granted.provisions, ["9 § LSS"]);
    assert_eq!(
        (granted.outcome, granted.precedent),
        (Some(Outcome::Granted), Precedent::Guiding)
    );
    assert!(granted.invented && granted.outcome_text.contains("bifall"));
    assert_eq!(reply.against[1].precedent, Precedent::Example);
}

#[tokio::test(flavor = "multi_thread")]
async fn quotes_are_the_decisions_own_words_on_why_and_how_it_ended() {
    let Some((_dir, service)) = decisions::service().await else {
        return;
    };
    let reply = find(&service, request(CONTACT)).await;
    let library = service.library();
    for decision in reply.decisions() {
        let mut parts = Vec::new();
        for source in &decision.quotes {
            let place = library.release.passage(&PassageId::parse(&source.passage_id)).unwrap();
            assert!(!source.quote.is_empty() && place.passage().text.contains(&source.quote));
            assert_eq!(source.document.id, decision.document.id);
            assert_eq!(
                source.url,
                format!("/d/{}/{}#{}", decision.document.id, place.version, source.passage_id)
            );
            parts.push(place.passage().marks.case_part);
        }
        assert_eq!(parts, [Some(CasePart::Reasoning), Some(CasePart::Outcome)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_side_alone_comes_with_a_caution() {
    let Some((_dir, service)) = decisions::service().await else {
        return;
    };
    let reply = find(&service, request(COUPLES)).await;
    assert_eq!(numbers(&reply.against), ["8005-26"]);
    assert!(reply.in_favour.is_empty() && reply.unclear.is_empty());
    assert_eq!(notices(&reply), ["one_sided_case_law", "invented_corpus"]);
    assert!(reply.notices[0].text.contains("emot den enskilde"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_decision_bears_on_is_said_so() {
    let Some((_dir, service)) = decisions::service().await else {
        return;
    };
    for question in [
        "Vad kostar parkering i Huddinge?",
        "Hur söker man bygglov för en friggebod?",
    ] {
        let reply = find(&service, request(question)).await;
        assert_eq!(reply.status, AnswerStatus::NoSupport, "{question}");
        assert_eq!((reply.decisions().count(), notices(&reply)), (0, vec!["no_support"]));
    }
    let before = CaseLawRequest {
        as_of: Some(date(2024, 5, 1)),
        ..request(CONTACT)
    };
    let reply = find(&service, before).await;
    assert_eq!(
        reply.status,
        AnswerStatus::NoSupport,
        "no decision had been made by then"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_without_decisions_has_none() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let reply = find(&service, request(COUPLES)).await;
    assert_eq!(reply.status, AnswerStatus::NoSupport);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provision_narrows() {
    let Some((_dir, service)) = decisions::service().await else {
        return;
    };
    let narrowed = |question: &str, provision: &str| CaseLawRequest {
        provision: Some(provision.to_owned()),
        ..request(question)
    };
    let same = find(&service, narrowed(CONTACT, "9 § 4 LSS")).await;
    assert_eq!(same.decisions().count(), 4);
    for other in ["9 § 6 LSS", "11 kap. 3 § SoL"] {
        let reply = find(&service, narrowed(CONTACT, other)).await;
        assert!(
            reply.decisions().all(|one| one.provisions != ["9 § LSS"]),
            "{other}: {:?}",
            numbers(&reply.in_favour)
        );
    }
    let all = find(&service, narrowed(CONTACT, " ")).await;
    assert_eq!(all.decisions().count(), 4);
    let refused = service.case_law(narrowed(CONTACT, "kontaktperson")).await;
    assert!(
        matches!(refused, Err(AskError::Invalid { field, reason: Invalid::NotAProvision }) if field == "provision")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_data_goes_no_further() {
    let Some((_dir, service)) = decisions::service().await else {
        return;
    };
    let personal = format!("Har {NUMBER} rätt till kontaktperson?");
    let said = Turn {
        role: Role::User,
        content: personal.clone(),
    };
    for (request, expected) in [
        (request(&personal), "question"),
        (
            CaseLawRequest {
                history: vec![said],
                ..request("Och annars?")
            },
            "history[0].content",
        ),
        (
            CaseLawRequest {
                provision: Some(NUMBER.to_owned()),
                ..request(CONTACT)
            },
            "provision",
        ),
    ] {
        assert!(request.text_of(expected).contains(NUMBER));
        let refused = service.case_law(request).await;
        assert!(
            matches!(&refused, Err(AskError::PersonalData { field, .. }) if field == expected),
            "{expected}"
        );
    }
}
