//! Questions through the whole journey, on a small release with the real index and the real embedding model.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

#[path = "pipeline/corpus.rs"]
mod corpus;

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use lotsen_corpus::embed::EmbedSettings;
use lotsen_corpus::judge::{Judge, JudgeOptions};
use lotsen_corpus::models::{ModelFolder, ModelList};
use lotsen_corpus::{LifeArea, Status, analysis};
use lotsen_server::question::{AskError, AskRequest, Mode, SearchRequest};
use lotsen_server::reply::{AnswerStatus, AskReply};
use lotsen_server::{Event, OpenError, Service, ServiceSettings};
use tokio::sync::mpsc;

fn request(question: &str) -> AskRequest {
    AskRequest {
        question: question.to_owned(),
        history: Vec::new(),
        as_of: Some(date(2026, 11, 22)),
        kinds: None,
        mode: Mode::Summary,
        budget_ms: None,
        confirmed: Vec::new(),
    }
}

async fn ask(service: &Service, request: AskRequest) -> AskReply {
    let (progress, _heard) = mpsc::channel(64);
    service.ask(request, progress).await.unwrap()
}

async fn ask_on(service: &Service, question: &str, day: Date) -> AskReply {
    ask(
        service,
        AskRequest {
            as_of: Some(day),
            ..request(question)
        },
    )
    .await
}

fn references(reply: &AskReply) -> Vec<&str> {
    reply.sources.iter().map(|source| source.reference.as_str()).collect()
}

fn notices(reply: &AskReply) -> Vec<&str> {
    reply.notices.iter().map(|notice| notice.code.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_the_sources_own_words_with_their_place() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let reply = ask(&service, request("Hur lång tid får en förhandsbedömning ta?")).await;
    assert_eq!(reply.status, AnswerStatus::Answered);
    assert_eq!(references(&reply)[0], "20 kap. 2 § SoL");
    assert!(
        reply.sentences[0].text.contains("fjorton dagar"),
        "{}",
        reply.sentences[0].text
    );
    let library = service.library();
    for (i, source) in reply.sources.iter().enumerate() {
        let place = library
            .release
            .passage(&lotsen_corpus::PassageId::parse(&source.passage_id))
            .unwrap();
        assert!(place.passage().text.contains(&source.quote));
        assert_eq!(
            source.url,
            format!("/d/{}/{}#{}", source.document.id, place.version, source.passage_id)
        );
        assert_eq!(reply.sentences[i].citations, [i]);
        assert_eq!(reply.sentences[i].text, source.quote);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_item_comes_with_its_lead_in() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let reply = ask(
        &service,
        request("Krävs samtycke till insatser för barn som har fyllt 12 år?"),
    )
    .await;
    let quote = reply
        .sources
        .iter()
        .find(|source| source.reference == "21 kap. 1 § SoL")
        .unwrap();
    assert!(
        quote.quote.starts_with("Samtycke krävs inte vid") && quote.quote.contains("12 år"),
        "{}",
        quote.quote
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repealed_paragraph_leads_to_the_rule_in_force() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    for question in [
        "Vad säger 4 kap. 1 § SoL?",
        "4 kap. 1 § SoL",
        "Vad gäller enligt 4 kap. 1 § SoL?",
    ] {
        let reply = ask(&service, request(question)).await;
        let shown = references(&reply);
        assert!(shown.contains(&"11 kap. 1 § SoL"), "{question}: {shown:?}");
        let notice = reply
            .notices
            .iter()
            .find(|notice| notice.code == "repealed_law")
            .unwrap();
        for part in ["4 kap. 1 § SoL (2001:453)", "1 juli 2025", "11 kap. 1 § SoL"] {
            assert!(notice.text.contains(part), "{}", notice.text);
        }
        let mut standing = reply.sources.iter().map(|source| source.document.status);
        assert!(standing.all(|status| status == Status::InForce), "{question}");
    }

    let without_entry = ask(
        &service,
        request("Kan vi bara erbjuda hemtjänst utan behovsprövning till äldre enligt 4 kap. 2 a § SoL?"),
    )
    .await;
    assert!(
        references(&without_entry).contains(&"11 kap. 5 § SoL"),
        "{:?}",
        references(&without_entry)
    );
    assert!(notices(&without_entry).contains(&"repealed_law"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_of_two_things_gets_the_answer_to_both() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let question = "Hur lång tid får en förhandsbedömning ta, och får makar bo tillsammans i särskilt boende?";
    let reply = ask(&service, request(question)).await;
    for place in ["20 kap. 2 § SoL", "11 kap. 3 § SoL"] {
        assert!(references(&reply).contains(&place), "{:?}", references(&reply));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guideline_that_names_the_wrong_paragraph_is_doubted_and_the_right_one_shown() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let reply = ask(&service, request("När presenterar sig den fasta omsorgskontakten?")).await;
    let shown = references(&reply);
    assert!(
        shown.contains(&"10 kap. 7 § SoL") && !shown.contains(&"11 kap. 5 § SoL"),
        "{shown:?}"
    );
    let doubt = reply.notices.iter().find(|notice| notice.code == "doubtful_reference");
    let text = &doubt.unwrap().text;
    assert!(
        text.contains("hänvisar till 11 kap. 5 § SoL") && text.contains("10 kap. 7 § SoL"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_in_which_texts_were_read_chooses_nothing() {
    let Some(embedder) = corpus::embedder() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    corpus::write_release(dir.path(), "first", &embedder, analysis::VERSION).await;
    let mut turned = corpus::editions();
    turned.reverse();
    for edition in &mut turned {
        edition.passages.reverse();
    }
    let turned_dir = tempfile::tempdir().unwrap();
    corpus::write_editions(turned_dir.path(), "turned", &embedder, analysis::VERSION, &turned).await;
    let judge = corpus::models().and_then(judge);
    for judge in [None].into_iter().chain(judge.map(Some)) {
        let open = |dir: &Path| {
            let settings = corpus::settings(dir, embedder.clone());
            Service::open(ServiceSettings {
                judge: judge.clone(),
                ..settings
            })
        };
        let (service, other) = (open(dir.path()).await.unwrap(), open(turned_dir.path()).await.unwrap());
        for question in [
            "Hur lång tid får en förhandsbedömning ta?",
            "Vem har rätt till insatser?",
            "Vad säger 4 kap. 1 § SoL?",
            "Hur ofta utförs städning?",
            "Får man bo ihop på särskilt boende?",
        ] {
            let first = quotes(ask(&service, request(question)).await);
            assert!(!first.is_empty(), "{question}");
            assert_eq!(first, quotes(ask(&other, request(question)).await), "{question}");
        }
    }
}

/// References and words, in the order of the reply.
fn quotes(reply: AskReply) -> Vec<(String, String)> {
    let sources = reply.sources.into_iter();
    sources.map(|source| (source.reference, source.quote)).collect()
}

/// The judge, if it has been fetched.
fn judge(models: PathBuf) -> Option<Judge> {
    let name = "lotsen-judge";
    models.join(name).is_dir().then(|| {
        let options = JudgeOptions {
            model: name.to_owned(),
            runtime: EmbedSettings::default().runtime,
            threads: 1,
            queue: 4,
        };
        Judge::open(&ModelList::built_in().unwrap(), &ModelFolder::new(models), &options).unwrap()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_switch_the_old_act_answers() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    for question in [
        "Vad säger 4 kap. 1 § SoL?",
        "Vem har rätt till bistånd för att tillgodose sina behov?",
    ] {
        let reply = ask_on(&service, question, date(2024, 5, 1)).await;
        assert_eq!(reply.sources[0].document.id, "sfs-2001-453", "{question}");
        assert_eq!(reply.sources[0].reference, "4 kap. 1 § SoL");
        assert!(reply.sources.iter().all(|source| source.document.id != "sfs-2025-400"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paragraph_of_the_act_in_force_is_not_called_repealed() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let reply = ask(&service, request("Vad säger 11 kap. 3 § SoL om att bo tillsammans?")).await;
    assert_eq!(references(&reply)[0], "11 kap. 3 § SoL");
    assert!(!notices(&reply).contains(&"repealed_law"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_material_does_not_say_is_said_to_be_missing() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let reply = ask(&service, request("Vad kostar parkering i Huddinge?")).await;
    assert_eq!(reply.status, AnswerStatus::NoSupport);
    assert!(reply.sentences.is_empty() && reply.sources.is_empty());
    assert!(!reply.nearest.is_empty());
    assert_eq!(notices(&reply)[0], "no_support");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_persons_case_gets_the_rule_and_the_reminder() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let reply = ask(
        &service,
        request("Kvinna, 82, känner oro och har risk att falla. Ska jag bevilja trygghetslarm?"),
    )
    .await;
    assert_eq!(reply.status, AnswerStatus::Answered);
    for code in ["individual_assessment", "local_guideline", "invented_corpus"] {
        assert!(notices(&reply).contains(&code), "{code} in {:?}", notices(&reply));
    }
    assert!(references(&reply).contains(&"Riktlinjer för hemtjänst, 3.7"));
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_data_goes_no_further() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    // An official test number of the Swedish Tax Agency.
    let (progress, mut heard) = mpsc::channel(64);
    let refused = service
        .ask(request("Har 19121212-1212 rätt till hemtjänst?"), progress)
        .await;
    assert!(matches!(refused, Err(AskError::PersonalData { field, .. }) if field == "question"));
    assert!(heard.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_before_the_reply_and_agree_with_it() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let (progress, mut heard) = mpsc::channel(64);
    let reply = service
        .ask(request("Hur ofta städas bostaden?"), progress)
        .await
        .unwrap();
    let Some(Event::Sources(sources)) = heard.recv().await else {
        panic!("sources come first")
    };
    assert_eq!(sources.len(), reply.sources.len());
    let mut sentences = Vec::new();
    while let Some(Event::Sentence(sentence)) = heard.recv().await {
        sentences.push(sentence.text);
    }
    assert_eq!(
        sentences,
        reply.sentences.iter().map(|s| s.text.clone()).collect::<Vec<_>>()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn work_stops_when_nobody_waits_and_ends_when_time_is_up() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let (progress, heard) = mpsc::channel(64);
    drop(heard);
    let cancelled = service.ask(request("Hur ofta städas bostaden?"), progress).await;
    assert!(matches!(cancelled, Err(AskError::Cancelled)));

    let hurried = AskRequest {
        budget_ms: Some(1),
        ..request("Hur lång tid får en förhandsbedömning ta?")
    };
    assert_eq!(references(&ask(&service, hurried).await)[0], "20 kap. 2 § SoL");
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_by_words_meaning_and_reference() {
    let Some((_dir, service)) = corpus::service().await else {
        return;
    };
    let search = |query: &str, include_repealed| SearchRequest {
        query: query.to_owned(),
        limit: 5,
        as_of: Some(date(2026, 11, 22)),
        kinds: None,
        issuers: None,
        life_areas: None,
        include_repealed,
        history: Vec::new(),
        confirmed: Vec::new(),
    };
    let by_reference = service.search(search("10 kap 7 § SoL", false)).await.unwrap();
    assert_eq!(by_reference.results[0].reference, "10 kap. 7 § SoL");
    let by_meaning = service
        .search(search("larmknapp för den som är rädd att ramla", false))
        .await
        .unwrap();
    assert_eq!(by_meaning.results[0].reference, "Riktlinjer för hemtjänst, 3.7");
    assert!(
        by_meaning
            .results
            .iter()
            .all(|found| found.document.status == Status::InForce)
    );
    let about_home = SearchRequest {
        life_areas: Some(vec![LifeArea::Hemliv]),
        ..search("larmknapp enligt 10 kap 7 § SoL", false)
    };
    let found = service.search(about_home).await.unwrap().results;
    let references: Vec<&str> = found.iter().map(|found| found.reference.as_str()).collect();
    assert_eq!(references, ["Riktlinjer för hemtjänst, 3.6.1"]);
    assert_eq!(found[0].life_area, Some(LifeArea::Hemliv));
    let with_old = service
        .search(search("bistånd skälig levnadsnivå", true))
        .await
        .unwrap();
    assert!(
        with_old
            .results
            .iter()
            .any(|found| found.document.status == Status::Repealed)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_release_is_taken_up_and_a_foreign_one_refused() {
    let Some((dir, service)) = corpus::service().await else {
        return;
    };
    let Some(embedder) = corpus::embedder() else { return };
    assert!(service.reload_if_switched().await.unwrap().is_none());
    let before = service.library();
    corpus::write_release(dir.path(), "second", &embedder, analysis::VERSION).await;
    assert_eq!(service.reload_if_switched().await.unwrap().as_deref(), Some("second"));
    assert_eq!(
        ask(&service, request("Hur ofta städas bostaden?")).await.release,
        "second"
    );
    assert_eq!(before.release.manifest.release, "first");

    corpus::write_release(dir.path(), "third", &embedder, "other-1").await;
    assert!(matches!(service.reload_if_switched().await, Err(OpenError::Analysis { found, .. }) if found == "other-1"));
    assert_eq!(
        ask(&service, request("Hur ofta städas bostaden?")).await.release,
        "second"
    );
}
