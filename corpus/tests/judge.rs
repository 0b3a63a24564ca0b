//! The judge with its real weights, where they lie ready: `LOTSEN_MODELS`, or `models/` beside the crates.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use lotsen_corpus::embed::EmbedError;
use lotsen_corpus::judge::{Judge, JudgeOptions};
use lotsen_corpus::models::{ModelFolder, ModelList};

const QUESTION: &str = "Hur lång tid har vi på oss att överklaga?";
const SENTENCES: [&str; 4] = [
    "FL > Hur man överklagar: Ett överklagande ska ha kommit in till beslutsmyndigheten inom tre veckor från den dag då den som överklagar fick del av beslutet.",
    "FL > Hur man överklagar: Ett överklagande av ett beslut ska göras skriftligt.",
    "LSS > Avgifter: Av den som är under 18 år tas ingen avgift ut.",
    "FL > Jäv: Den som är jävig får inte ta del i handläggningen.",
];

/// The judge, or `None` with a word about it where it was not fetched.
fn judge() -> Option<Judge> {
    let folder = std::env::var_os("LOTSEN_MODELS").map_or_else(|| PathBuf::from("../models"), PathBuf::from);
    match Judge::open(
        &ModelList::built_in().unwrap(),
        &ModelFolder::new(folder),
        &options("lotsen-judge"),
    ) {
        Ok(judge) => Some(judge),
        Err(EmbedError::Files(missing)) => {
            eprintln!("SKIPPED: {missing}");
            None
        }
        Err(broken) => panic!("{broken}"),
    }
}

fn options(model: &str) -> JudgeOptions {
    JudgeOptions {
        model: model.to_owned(),
        runtime: "onnxruntime".to_owned(),
        threads: 2,
        queue: 4,
    }
}

#[tokio::test]
async fn the_sentence_that_answers_is_told_from_those_about_the_same_thing_in_any_order() {
    let Some(judge) = judge() else { return };
    let forward: Vec<String> = SENTENCES.map(str::to_owned).to_vec();
    let backward: Vec<String> = forward.iter().rev().cloned().collect();
    let scores = judge.scores(QUESTION.to_owned(), forward).await.unwrap();
    assert!(scores[1..].iter().all(|other| scores[0] > *other), "{scores:?}");
    assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
    let mut again = judge.scores(QUESTION.to_owned(), backward).await.unwrap();
    again.reverse();
    for (one, other) in scores.iter().zip(&again) {
        assert!((one - other).abs() < 1e-4, "{scores:?} {again:?}");
    }
    assert!(judge.scores(QUESTION.to_owned(), Vec::new()).await.unwrap().is_empty());
}

#[test]
fn a_model_of_another_kind_and_a_missing_one_are_refused() {
    let list = ModelList::built_in().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let open = |model: &str| {
        Judge::open(&list, &ModelFolder::new(dir.path()), &options(model))
            .err()
            .unwrap()
            .to_string()
    };
    assert!(open("multilingual-e5-small").contains("judge"));
    assert!(open("lotsen-judge").contains("models fetch"));
}
