//! Harmless text must pass: every sentence of the statutes and guidelines, and every official heading.
//!
//! The sentences that are stopped: `cargo test -p lotsen-guard --test harmless -- --nocapture`

#[path = "support/shared.rs"]
mod shared;

use lotsen_guard::{FindingKind, find};
use shared::shared;

fn is_number(kind: FindingKind) -> bool {
    !matches!(kind, FindingKind::Name | FindingKind::Address | FindingKind::CaseNumber)
}

/// Sentences of a text whose lines are broken at a fixed width.
fn sentences(text: &str) -> Vec<String> {
    let paragraphs = text
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs
        .flat_map(|paragraph| {
            paragraph
                .split_inclusive(['.', '?', '!'])
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|sentence| sentence.chars().filter(|c| c.is_alphabetic()).count() >= 3)
        .map(|sentence| sentence.trim().to_owned())
        .collect()
}

/// Counts the sentences that are stopped, by number rules and by name rules, and prints each.
fn count(what: &str, sentences: &[String]) -> (usize, usize) {
    let (mut by_number, mut by_name) = (0, 0);
    for sentence in sentences {
        let findings = find(sentence);
        let part = |start: usize, end: usize| sentence.chars().skip(start).take(end - start).collect::<String>();
        for finding in &findings {
            println!(
                "STOPPED {:?} {:?} in: {sentence}",
                finding.kind,
                part(finding.start, finding.end)
            );
        }
        by_number += usize::from(findings.iter().any(|f| is_number(f.kind)));
        by_name += usize::from(findings.iter().any(|f| !is_number(f.kind)));
    }
    println!(
        "{what}: {} sentences, stopped by number rules {by_number}, by name rules {by_name}",
        sentences.len()
    );
    (by_number, by_name)
}

fn check(what: &str, sentences: &[String]) {
    let (by_number, by_name) = count(what, sentences);
    assert!(
        by_number * 1000 <= sentences.len(),
        "{what}: number rules stop {by_number} of {}",
        sentences.len()
    );
    assert!(
        by_name * 50 <= sentences.len(),
        "{what}: name rules stop {by_name} of {}",
        sentences.len()
    );
}

#[test]
fn statutes_pass() {
    let Some(index) = shared("corpus/sfs/index.json") else {
        return;
    };
    let mut all = Vec::new();
    let index: serde_json::Value = serde_json::from_str(&index).expect("valid");
    for act in index.as_array().into_iter().flatten() {
        let file = act["fil"].as_str().unwrap_or_default();
        all.extend(sentences(&shared(&format!("corpus/sfs/{file}")).unwrap_or_default()));
    }
    assert!(all.len() > 10_000, "only {} sentences", all.len());
    check("statutes", &all);
}

#[test]
fn guidelines_pass() {
    let mut all = Vec::new();
    for name in ["botkyrka-avgifter", "botkyrka-handlaggning-sol"] {
        let Some(text) = shared(&format!("corpus/botkyrka/{name}.md")) else {
            return;
        };
        all.extend(sentences(&text));
    }
    check("guidelines", &all);
}

/// Answers of authorities to the public. Unlike the statutes and guidelines, no word table was made with them.
#[test]
fn answers_of_authorities_pass() {
    let Some(text) = shared("eval/swefaq_dev.jsonl") else {
        return;
    };
    let mut all = Vec::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("valid");
        for answer in line["candidate_answers"].as_array().into_iter().flatten() {
            all.extend(sentences(answer.as_str().unwrap_or_default()));
        }
    }
    all.sort();
    all.dedup();
    check("answers of authorities", &all);
}

#[test]
fn headings_and_questions_pass() {
    for file in [
        "eval/sfs-headings-dev.jsonl",
        "eval/questions-dev.jsonl",
        "eval/swefaq_dev.jsonl",
    ] {
        let Some(text) = shared(file) else { return };
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let texts: Vec<String> = lines
            .filter_map(|line| {
                ["question", "query", "text"]
                    .iter()
                    .find_map(|key| line[key].as_str().map(str::to_owned))
            })
            .collect();
        assert!(!texts.is_empty(), "{file}");
        check(file, &texts);
    }
}
