//! The real embedding model, where it lies ready: `LOTSEN_MODELS`, or `models/` beside the crates.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use std::time::Instant;

use lotsen_corpus::embed::{EmbedError, EmbedSettings, Embedder};
use lotsen_corpus::models::{ModelFolder, ModelList};

/// The model, or `None` with a word about it where it was not fetched.
fn embedder(settings: EmbedSettings) -> Option<Embedder> {
    let folder = std::env::var_os("LOTSEN_MODELS").map_or_else(|| PathBuf::from("../models"), PathBuf::from);
    match Embedder::open(&ModelList::built_in().unwrap(), &ModelFolder::new(folder), &settings) {
        Ok(embedder) => Some(embedder),
        Err(EmbedError::Files(missing)) => {
            eprintln!("SKIPPED: {missing}");
            None
        }
        Err(broken) => panic!("{broken}"),
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[tokio::test]
async fn a_question_is_nearer_to_its_answer_than_to_another_text() {
    let Some(embedder) = embedder(EmbedSettings::default()) else {
        return;
    };
    let question = embedder.query("Får vi säga nej till hemtjänst?".into()).await.unwrap();
    let texts = [
        "Den enskilde har rätt till insatser, till exempel hemtjänst.",
        "Arkiv ska bevaras.",
    ];
    let passages = embedder.passages(texts.map(String::from).to_vec()).await.unwrap();
    assert_eq!(question.len(), embedder.stamp().dimensions);
    assert!(
        (cosine(&question, &question) - 1.0).abs() < 1e-4,
        "vectors have length one"
    );
    assert!(cosine(&question, &passages[0]) > cosine(&question, &passages[1]) + 0.02);
}

#[tokio::test]
async fn what_is_cut_off_is_counted_and_batches_do_not_change_a_vector() {
    let Some(embedder) = embedder(EmbedSettings {
        batch: 4,
        ..EmbedSettings::default()
    }) else {
        return;
    };
    let long = "Socialnämnden ska utreda barnets behov. ".repeat(120);
    assert!(embedder.tokens(&long).unwrap() > embedder.max_tokens());
    let texts = vec![
        "Kort text.".to_owned(),
        "En något längre text om avgifter.".to_owned(),
        long,
    ];
    let together = embedder.passages(texts.clone()).await.unwrap();
    assert_eq!(embedder.truncated(), 1);
    let alone = embedder.passages(vec![texts[0].clone()]).await.unwrap();
    assert!(cosine(&together[0], &alone[0]) > 0.9999);
}

#[tokio::test]
async fn a_question_does_not_wait_for_all_passages_and_a_full_queue_says_so() {
    let settings = EmbedSettings {
        batch: 1,
        queue: 2,
        ..EmbedSettings::default()
    };
    let Some(embedder) = embedder(settings) else { return };
    let texts = vec!["Kommunen får ta ut skäliga avgifter enligt grunder som kommunen bestämmer. ".repeat(8); 8];
    let worker = embedder.clone();
    let begun = Instant::now();
    let ingest = tokio::spawn(async move { worker.passages(texts).await.map(|_| Instant::now()) });
    tokio::task::yield_now().await;
    embedder.query("Vad kostar hemtjänst?".into()).await.unwrap();
    let answered = begun.elapsed();
    let finished = ingest.await.unwrap().unwrap() - begun;
    assert!(answered < finished / 2, "question {answered:?}, passages {finished:?}");

    let many: Vec<_> = (0..20)
        .map(|_| embedder.query("Vad kostar hemtjänst?".into()))
        .collect();
    let results = futures::future::join_all(many).await;
    assert!(results.iter().any(|result| matches!(result, Err(EmbedError::Busy))));
    assert!(results.iter().any(Result::is_ok));
}

#[test]
fn a_model_that_is_not_there_is_an_error_that_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let list = ModelList::built_in().unwrap();
    let error = Embedder::open(&list, &ModelFolder::new(dir.path()), &EmbedSettings::default())
        .err()
        .unwrap();
    assert!(error.to_string().contains("lotsen-ingest models fetch"), "{error}");
}
