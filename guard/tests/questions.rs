//! Questions with and without personal data: how many are stopped, and how exactly.
//!
//! The figures and every miss: `cargo test -p lotsen-guard --test questions -- --nocapture`

#[path = "support/shared.rs"]
mod shared;

use std::collections::BTreeMap;

use lotsen_guard::{Finding, FindingKind, find};
use serde::Deserialize;
use shared::shared;

#[derive(Deserialize)]
struct Question {
    id: String,
    text: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: FindingKind,
}

#[derive(Default)]
struct Score {
    expected: u32,
    found: u32,
    reported: u32,
    right: u32,
}

fn overlap(span: &Span, finding: &Finding) -> bool {
    span.start < finding.end && finding.start < span.end && span.kind == finding.kind
}

/// Measures one half of the questions: (harmful stopped, harmful, harmless stopped, harmless).
fn measure(what: &str, questions: &[Question]) -> (u32, u32, u32, u32) {
    let mut scores: BTreeMap<FindingKind, Score> = BTreeMap::new();
    let mut counts = (0, 0, 0, 0);
    for question in questions {
        let found = find(&question.text);
        for span in &question.spans {
            let hit = found.iter().any(|finding| overlap(span, finding));
            let score = scores.entry(span.kind).or_default();
            score.expected += 1;
            score.found += u32::from(hit);
            if !hit {
                println!("MISSED {:?} {}: {}", span.kind, question.id, question.text);
            }
        }
        for finding in &found {
            let right = question.spans.iter().any(|span| overlap(span, finding));
            let score = scores.entry(finding.kind).or_default();
            score.reported += 1;
            score.right += u32::from(right);
            if !right {
                println!(
                    "WRONG {:?} {}..{} {}: {}",
                    finding.kind, finding.start, finding.end, question.id, question.text
                );
            }
        }
        let stopped = u32::from(!found.is_empty());
        match question.spans.is_empty() {
            true => counts = (counts.0, counts.1, counts.2 + stopped, counts.3 + 1),
            false => counts = (counts.0 + stopped, counts.1 + 1, counts.2, counts.3),
        }
    }
    for (kind, score) in &scores {
        let Score {
            expected,
            found,
            reported,
            right,
        } = score;
        println!("{what} {kind:?}: recall {found}/{expected}, precision {right}/{reported}");
    }
    println!(
        "{what}: stopped {}/{} with and {}/{} without personal data",
        counts.0, counts.1, counts.2, counts.3
    );
    counts
}

/// A second opinion: persons in news text, which nobody tuned on, by a corpus that labels each word. Full names are
/// those of two words or more.
#[test]
fn persons_in_news() {
    let Some(text) = shared("pii/swedish-ner-train.txt") else {
        return;
    };
    let (mut full, mut lone, mut wrong, mut reported) = ((0, 0), (0, 0), 0, 0);
    for sentence in text.split("\n\n") {
        let mut written = String::new();
        let mut persons: Vec<(usize, usize, usize)> = Vec::new();
        let mut inside = false;
        for (word, label) in sentence.lines().filter_map(|line| line.split_once('\t')) {
            if !written.is_empty() && !matches!(word, "." | "," | "?" | "!" | ":") {
                written.push(' ');
            }
            let start = written.chars().count();
            written.push_str(word);
            let end = written.chars().count();
            let is_person = label.trim() == "PER";
            match persons.last_mut() {
                Some(person) if is_person && inside => *person = (person.0, end, person.2 + 1),
                _ if is_person => persons.push((start, end, 1)),
                _ => {}
            }
            inside = is_person;
        }
        let found = find(&written);
        let names = || found.iter().filter(|finding| finding.kind == FindingKind::Name);
        for (start, end, words) in &persons {
            let hit = u32::from(names().any(|name| name.start < *end && *start < name.end));
            if hit == 0 {
                println!(
                    "MISSED {}: {written}",
                    written.chars().skip(*start).take(end - start).collect::<String>()
                );
            }
            let count = if *words > 1 { &mut full } else { &mut lone };
            *count = (count.0 + hit, count.1 + 1);
        }
        reported += names().count();
        for name in names().filter(|name| !persons.iter().any(|(s, e, _)| name.start < *e && *s < name.end)) {
            let part: String = written.chars().skip(name.start).take(name.end - name.start).collect();
            println!("WRONG {part}: {written}");
            wrong += 1;
        }
    }
    println!(
        "news: full names {}/{}, single names {}/{}",
        full.0, full.1, lone.0, lone.1
    );
    println!("news: names reported {reported}, not persons by the corpus {wrong}");
    assert!(full.0 * 100 >= full.1 * 90, "full names {full:?}");
}

/// The rules were tuned on every other question; the figures that count are those of the other half.
#[test]
fn development_questions() {
    let Some(text) = shared("eval/personal-data-dev.jsonl") else {
        return;
    };
    let questions = text.lines().map(|line| serde_json::from_str(line).expect("a question"));
    let (tuning, held): (Vec<_>, Vec<_>) = questions.enumerate().partition(|(index, _)| index % 2 == 0);
    for (what, half) in [("tuned on", tuning), ("held out", held)] {
        let half: Vec<Question> = half.into_iter().map(|(_, question)| question).collect();
        let (stopped, harmful, wrong, harmless) = measure(what, &half);
        assert!(stopped * 100 >= harmful * 90, "{what}: stopped {stopped} of {harmful}");
        assert!(
            wrong * 100 <= harmless * 10,
            "{what}: wrongly stopped {wrong} of {harmless}"
        );
    }
}
