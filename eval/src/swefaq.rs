//! SweFAQ (Språkbanken Text, CC BY 4.0) in: questions to authorities, each with the answers of its category. Out: those answers
//! as a list of sources to ingest, or how high the right one comes in a search among its category.
//!
//! A category is an issuer, because that is what a search can be narrowed to. All answers have the same title, so that
//! nothing but their own words can lead to them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::client::{Client, Passage};
use crate::retrieval::{K, discount};

/// A question, and which of the answers of its category is its own.
#[derive(Debug, Deserialize)]
pub struct Question {
    category_id: u32,
    question: String,
    candidate_answers: Vec<String>,
    label: usize,
}

#[derive(Serialize)]
struct List {
    source: Vec<Entry>,
}

/// An entry of the list of sources, as `corpus/sources.toml` explains it.
#[derive(Serialize)]
struct Entry {
    file: String,
    id: String,
    title: &'static str,
    kind: &'static str,
    issuer: String,
}

/// Writes each answer as a document of its own, and `sources.toml` beside them.
pub fn write_sources(questions: &[Question], folder: &Path) -> Result<()> {
    let mut answers: BTreeMap<(u32, usize), &str> = BTreeMap::new();
    for question in questions {
        for (i, answer) in question.candidate_answers.iter().enumerate() {
            let before = answers.insert((question.category_id, i), answer);
            ensure!(
                before.is_none_or(|text| text == answer),
                "the questions of category {} do not have the same answers",
                question.category_id
            );
        }
    }
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut source = Vec::new();
    for ((category, i), answer) in answers {
        let id = document(category, i);
        let file = format!("{id}.txt");
        fs::write(folder.join(&file), answer).with_context(|| file.clone())?;
        source.push(Entry {
            file,
            id,
            title: "Svar",
            kind: "ovrigt",
            issuer: issuer(category),
        });
    }
    let list = folder.join("sources.toml");
    fs::write(&list, toml::to_string(&List { source })?).with_context(|| list.display().to_string())
}

/// Searches for every question among the answers of its category; the report is Markdown.
pub async fn report(client: &Client, questions: &[Question]) -> Result<String> {
    let (mut stopped, mut first, mut reciprocal, mut gain) = (0, 0.0, 0.0, 0.0);
    for (i, question) in questions.iter().enumerate() {
        let found = client
            .find_among(&question.question, &issuer(question.category_id))
            .await
            .with_context(|| format!("question {}", i + 1))?;
        let Some(passages) = found else {
            stopped += 1;
            continue;
        };
        let Some(rank) = rank(&document(question.category_id, question.label), &passages) else {
            continue;
        };
        first += f64::from(u8::from(rank == 0));
        reciprocal += 1.0 / (rank as f64 + 1.0);
        gain += if rank < K { discount(rank) } else { 0.0 };
    }
    let all = questions.len().max(1) as f64;
    Ok(format!(
        "| questions | stopped by the guard | R@1 | MRR | nDCG@{K} |\n|---|---|---|---|---|\n| {} | {stopped} | {:.3} | {:.3} | {:.3} |\n",
        questions.len(),
        first / all,
        reciprocal / all,
        gain / all
    ))
}

/// Rank, from 0, of a document among those found; a long answer may be several passages and counts once.
fn rank(document: &str, passages: &[Passage]) -> Option<usize> {
    let mut before: Vec<&str> = Vec::new();
    for passage in passages {
        let id = passage.document.id.as_str();
        if id == document {
            return Some(before.len());
        }
        if !before.contains(&id) {
            before.push(id);
        }
    }
    None
}

fn document(category: u32, answer: usize) -> String {
    format!("swefaq-{category}-{answer}")
}

fn issuer(category: u32) -> String {
    format!("SweFAQ {category}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Card;

    fn passage(document: &str) -> Passage {
        Passage {
            document: Card {
                id: document.into(),
                valid_to: None,
                status: "in_force".into(),
            },
            reference: String::new(),
            heading_path: Vec::new(),
            text: String::new(),
        }
    }

    fn question(category_id: u32, answers: [&str; 2], label: usize) -> Question {
        Question {
            category_id,
            question: "?".into(),
            candidate_answers: answers.map(str::to_owned).to_vec(),
            label,
        }
    }

    #[test]
    fn an_answer_of_several_passages_counts_once() {
        let found = [passage("a"), passage("a"), passage("b"), passage("a"), passage("c")];
        assert_eq!(
            ["a", "b", "c", "d"].map(|id| rank(id, &found)),
            [Some(0), Some(1), Some(2), None]
        );
    }

    #[test]
    fn every_answer_becomes_one_source_of_its_category() {
        let dir = tempfile::tempdir().unwrap();
        let questions = [
            question(7, ["ja", "nej \"alls\""], 1),
            question(7, ["ja", "nej \"alls\""], 0),
            question(8, ["kanske", "nja"], 0),
        ];
        write_sources(&questions, dir.path()).unwrap();
        let list: toml::Table = fs::read_to_string(dir.path().join("sources.toml"))
            .unwrap()
            .parse()
            .unwrap();
        let sources = list["source"].as_array().unwrap();
        assert_eq!(sources.len(), 4);
        assert_eq!(sources[1]["id"].as_str(), Some("swefaq-7-1"));
        assert_eq!(sources[3]["issuer"].as_str(), Some("SweFAQ 8"));
        let file = sources[1]["file"].as_str().unwrap();
        assert_eq!(fs::read_to_string(dir.path().join(file)).unwrap(), "nej \"alls\"");
    }

    #[test]
    fn a_category_with_two_lists_of_answers_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let questions = [question(7, ["ja", "nej"], 0), question(7, ["nej", "ja"], 0)];
        let error = write_sources(&questions, dir.path()).unwrap_err().to_string();
        assert!(error.contains("category 7"), "{error}");
    }
}
