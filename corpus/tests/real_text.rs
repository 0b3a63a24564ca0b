//! The text rules on real Swedish text, where it is at hand: `LOTSEN_DATA`, or `shared/data` beside the repository.
//!
//! Run with `--nocapture` to see the figures.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use lotsen_corpus::analysis::{AVERAGE_TERMS, terms};
use lotsen_corpus::reference;
use lotsen_corpus::text::{normalise, sentences};

/// A file or folder of the data, or `None` with a word about it.
fn data(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LOTSEN_DATA").map_or_else(|| PathBuf::from("../../shared/data"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!(
        "SKIPPED: {} is not there; set LOTSEN_DATA to the data folder",
        found.display()
    );
    None
}

/// The paragraphs (§) of all statutes, each in normal form with its blocks on lines of their own.
fn paragraphs() -> Option<Vec<String>> {
    let mut paragraphs: Vec<String> = Vec::new();
    for file in fs::read_dir(data("corpus/sfs/text")?).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap().replace('\r', "");
        for block in text.split("\n\n").map(normalise).filter(|block| !block.is_empty()) {
            let begins = block.split_once('§').is_some_and(|(number, _)| {
                number.len() <= 6 && number.starts_with(|c: char| c.is_ascii_digit()) && number.ends_with(' ')
            });
            match paragraphs.last_mut() {
                Some(paragraph) if !begins => {
                    paragraph.push('\n');
                    paragraph.push_str(&block);
                }
                _ => paragraphs.push(block),
            }
        }
    }
    Some(paragraphs)
}

#[test]
fn sentence_ends_agree_with_a_treebank() {
    let Some(path) = data("language/sv_talbanken-ud-test.conllu") else {
        return;
    };
    let treebank = fs::read_to_string(path).unwrap();
    let gold: Vec<String> = treebank
        .lines()
        .filter_map(|line| line.strip_prefix("# text = "))
        .map(normalise)
        .collect();
    let (mut found, mut right, mut marked, mut hit) = (0, 0, 0, 0);
    for group in gold.chunks(10) {
        let text = group.join(" ");
        let ours: Vec<usize> = sentences(&text).into_iter().map(|range| range.end).collect();
        let mut ends = Vec::new();
        let mut at = 0;
        for sentence in group {
            let end = at + sentence.len();
            at = end + 1;
            ends.push(end);
            // A heading inside a line has no mark that could tell its end.
            if sentence.ends_with(['.', '!', '?']) {
                marked += 1;
                hit += usize::from(ours.contains(&end));
            }
        }
        found += ours.len();
        right += ours.iter().filter(|end| ends.contains(end)).count();
    }
    let (precision, recall) = (right as f64 / found as f64, hit as f64 / marked as f64);
    eprintln!("treebank: {found} sentences, precision {precision:.4}; {marked} ends with a mark, recall {recall:.4}");
    assert!(precision > 0.95 && recall > 0.95);
}

#[test]
fn no_sentence_of_a_statute_ends_in_an_abbreviation() {
    let Some(paragraphs) = paragraphs() else { return };
    let (mut count, mut wrong) = (0, Vec::new());
    for text in &paragraphs {
        let mut before = 0;
        for range in sentences(text) {
            assert!(range.start >= before && range.end > range.start);
            before = range.end;
            let sentence = &text[range];
            count += 1;
            let begins_small = sentence.starts_with(|c: char| c.is_lowercase());
            let cut = ["kap.", "st.", "prop.", "jfr.", "bl.a.", "t.ex.", "nr.", "dnr."]
                .iter()
                .any(|a| sentence.ends_with(a));
            if cut || (begins_small && text.lines().all(|line| !line.contains(&format!("§ {sentence}")))) {
                wrong.push(sentence.to_owned());
            }
        }
    }
    eprintln!("statutes: {count} sentences in {} paragraphs", paragraphs.len());
    for sentence in wrong.iter().take(20) {
        eprintln!("  suspicious: {sentence}");
    }
}

#[test]
fn the_average_length_is_that_of_the_statutes() {
    let Some(paragraphs) = paragraphs() else { return };
    let total: usize = paragraphs.iter().map(|text| terms(text).len()).sum();
    let average = total as f32 / paragraphs.len() as f32;
    eprintln!("statutes: {average:.1} terms in a paragraph");
    assert!((average / AVERAGE_TERMS - 1.0).abs() < 0.25, "{average}");
}

#[test]
fn references_in_statutes_name_their_acts() {
    let Some(paragraphs) = paragraphs() else { return };
    let (mut all, mut named, mut known) = (0, 0, 0);
    for reference in paragraphs.iter().flat_map(|text| reference::find(text)) {
        all += 1;
        if let Some(act) = &reference.act {
            named += 1;
            known += usize::from(reference::act(&act.sfs[0]).is_some());
        }
    }
    eprintln!("statutes: {all} references, {named} with an act, {known} of them in acts.toml");
    assert!(all > 10_000 && named > 3_000);
}
