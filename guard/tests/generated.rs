//! Thousands of written questions with and without personal data, made from sentences and names that lie beside this file.
//! Half of the names are in none of the guard's lists.
//!
//! The figures and every miss: `cargo test -p lotsen-guard --test generated -- --nocapture`. Without the name lists: the
//! same with `--features no-name-lists`. With `LOTSEN_GENERATED` the questions are written to that folder, for other
//! programs to be measured by (`eval/guard/presidio.py`).

#[path = "support/slots.rs"]
mod slots;
#[path = "support/templates.rs"]
mod templates;

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use lotsen_guard::{FindingKind, find, generalise};
use slots::{Persons, SEED, word};
use templates::{Dice, Written, fill, lines};

const PERSONAL: &str = include_str!("generated/personal.txt");
const HARMLESS: &str = include_str!("generated/harmless.txt");
const DESCRIPTIONS: &str = include_str!("generated/descriptions.txt");

fn kind(slot: &str) -> FindingKind {
    match slot {
        "street" => FindingKind::Address,
        "phone" | "mobile" => FindingKind::Phone,
        "email" => FindingKind::Email,
        "pnr" => FindingKind::Personnummer,
        "case" => FindingKind::CaseNumber,
        _ => FindingKind::Name,
    }
}

/// Writes the questions where other programs can read them, if somebody wants that.
fn hand_on(name: &str, questions: &[Written]) {
    let Some(folder) = std::env::var_os("LOTSEN_GENERATED") else {
        return;
    };
    let line = |(i, question): (usize, &Written)| {
        let span = |(start, end, slot): &(usize, usize, String)| {
            let label = serde_json::to_value(kind(slot)).expect("a name");
            serde_json::json!({"start": start, "end": end, "type": label, "slot": slot})
        };
        let spans: Vec<_> = question.spans.iter().map(span).collect();
        serde_json::json!({"id": format!("{name}{i}"), "text": question.text, "spans": spans}).to_string()
    };
    let all: Vec<String> = questions.iter().enumerate().map(line).collect();
    std::fs::write(
        std::path::Path::new(&folder).join(format!("{name}.jsonl")),
        all.join("\n"),
    )
    .expect("can be written");
}

/// Per thousand, for goals.
fn share(part: usize, of: usize) -> f64 {
    part as f64 / of.max(1) as f64
}

/// What share was found of all places and of those with full names, and what share of the findings is right.
struct Figures {
    recall: f64,
    full_names: f64,
    precision: f64,
    left: f64,
}

/// Measures the questions that these templates and persons give, and prints every miss.
fn measure(name: &str, templates: &str, mut persons: Persons, count: usize) -> Figures {
    let templates = lines(templates);
    let questions: Vec<Written> = (0..count)
        .map(|i| fill(templates[i % templates.len()], |slot| persons.word(slot)))
        .collect();
    hand_on(name, &questions);
    let mut slots: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut reported, mut right, mut stopped, mut left) = (0, 0, 0, 0);
    for Written { text, spans } in &questions {
        let findings = find(text);
        stopped += usize::from(!findings.is_empty());
        for (start, end, slot) in spans {
            let found = findings
                .iter()
                .any(|f| f.kind == kind(slot) && f.start < *end && *start < f.end);
            let count = slots.entry(slot).or_default();
            *count = (count.0 + usize::from(found), count.1 + 1);
            if !found {
                println!("MISSED {slot}: {text}");
            }
        }
        for finding in &findings {
            reported += 1;
            let is_right = spans
                .iter()
                .any(|(start, end, _)| finding.start < *end && *start < finding.end);
            right += usize::from(is_right);
            if !is_right {
                println!("WRONG {:?} {}..{}: {text}", finding.kind, finding.start, finding.end);
            }
        }
        left += usize::from(find(&generalise(text, &findings)).iter().any(|finding| finding.certain));
    }
    for (slot, (found, all)) in &slots {
        println!("{slot:>10}: {found} of {all} ({:.1} %)", 100.0 * share(*found, *all));
    }
    let sum = |wanted: &dyn Fn(&str) -> bool| {
        let chosen = slots.iter().filter(|(slot, _)| wanted(slot));
        chosen.fold((0, 0), |sum, (_, count)| (sum.0 + count.0, sum.1 + count.1))
    };
    let all = sum(&|_| true);
    let full = sum(&|slot| matches!(slot, "full" | "two" | "gen" | "turned"));
    let figures = Figures {
        recall: share(all.0, all.1),
        full_names: share(full.0, full.1),
        precision: share(right, reported),
        left: share(left, count),
    };
    println!(
        "{name}: {count} questions, {stopped} stopped: recall {all:?} {:.4}, full names {full:?} {:.4}, precision \
         {right}/{reported} {:.4}, suggestions that still hold something certain {left}",
        figures.recall, figures.full_names, figures.precision
    );
    figures
}

#[test]
fn personal_data_in_written_questions() {
    let persons = Persons::new(
        include_str!("generated/given_names.txt"),
        include_str!("generated/surnames.txt"),
    );
    let figures = measure("personal", PERSONAL, persons, 6_000);
    if cfg!(not(feature = "no-name-lists")) {
        assert!(figures.recall >= 0.97 && figures.full_names >= 0.99 && figures.precision >= 0.90);
        assert!(figures.left <= 0.01);
    }
}

/// The rules were written with the questions of the test above in view. These were written afterwards.
#[test]
fn questions_that_no_rule_was_written_for() {
    let persons = Persons::new(
        include_str!("generated/held_out_given_names.txt"),
        include_str!("generated/held_out_surnames.txt"),
    );
    let figures = measure("held_out", include_str!("generated/held_out.txt"), persons, 5_000);
    if cfg!(not(feature = "no-name-lists")) {
        assert!(
            figures.recall >= 0.9 && figures.precision >= 0.9,
            "far from what was measured before"
        );
    }
}

/// The quickest of three runs of each question: other work on the machine only ever adds time.
#[test]
fn a_written_question_takes_less_than_a_millisecond() {
    let mut dice = Dice::new(SEED);
    let mut persons = Persons::new(
        include_str!("generated/given_names.txt"),
        include_str!("generated/surnames.txt"),
    );
    let (personal, harmless) = (lines(PERSONAL), lines(HARMLESS));
    let with = (0..3_000).map(|i| fill(personal[i % personal.len()], |slot| persons.word(slot)).text);
    let without = (0..3_000).map(|i| fill(harmless[i % harmless.len()], |slot| word(slot, &mut dice)).text);
    let questions: Vec<String> = with.chain(without).collect();
    let milliseconds = |text: &String| {
        let run = || {
            let started = Instant::now();
            let _ = find(text);
            started.elapsed().as_secs_f64() * 1_000.0
        };
        run().min(run()).min(run())
    };
    let mut times: Vec<f64> = questions.iter().map(milliseconds).collect();
    times.sort_by(f64::total_cmp);
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{} questions: median {median:.3} ms, p99 {p99:.3} ms", times.len());
    assert!(p99 <= 1.0);
}

#[test]
fn harmless_written_questions_pass() {
    let templates = lines(HARMLESS);
    let mut dice = Dice::new(SEED);
    let questions: Vec<Written> = (0..40_000)
        .map(|i| fill(templates[i % templates.len()], |slot| word(slot, &mut dice)))
        .collect();
    let mut seen = HashSet::new();
    let different: Vec<Written> = questions
        .into_iter()
        .filter(|written| seen.insert(written.text.clone()))
        .map(|written| Written {
            spans: Vec::new(),
            ..written
        })
        .collect();
    hand_on("harmless", &different);
    let (mut by_number, mut by_name) = (0, 0);
    for Written { text, .. } in &different {
        let findings = find(text);
        let is_name = |kind| matches!(kind, FindingKind::Name | FindingKind::Address | FindingKind::CaseNumber);
        for finding in &findings {
            println!("STOPPED {:?} {}..{}: {text}", finding.kind, finding.start, finding.end);
        }
        by_number += usize::from(findings.iter().any(|finding| !is_name(finding.kind)));
        by_name += usize::from(findings.iter().any(|finding| is_name(finding.kind)));
    }
    println!(
        "{} harmless questions: stopped by number rules {by_number}, by name rules {by_name}",
        different.len()
    );
    assert!(different.len() >= 10_000);
    assert!(share(by_number, different.len()) <= 0.001 && share(by_name, different.len()) <= 0.02);
}

#[test]
fn telling_descriptions_get_a_hint() {
    let templates = lines(DESCRIPTIONS);
    let mut dice = Dice::new(SEED);
    let questions: Vec<Written> = (0..1_000)
        .map(|i| fill(templates[i % templates.len()], |slot| word(slot, &mut dice)))
        .collect();
    hand_on("descriptions", &questions);
    let is_hint = |text: &str| {
        find(text)
            .iter()
            .any(|finding| finding.kind == FindingKind::Other && !finding.certain)
    };
    let missed: Vec<&Written> = questions.iter().filter(|question| !is_hint(&question.text)).collect();
    for question in &missed {
        println!("NO HINT: {}", question.text);
    }
    let hinted = questions.len() - missed.len();
    println!("{hinted} of {} descriptions get a hint", questions.len());
    assert!(share(hinted, questions.len()) >= 0.8);
}
