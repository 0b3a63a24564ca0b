//! The real texts, where they are at hand: every paragraph found, no word lost.

use std::collections::HashMap;
use std::path::Path;

use lotsen_corpus::Kind;
use lotsen_ingest::read::counts;

use crate::support::{assert_whole, read, shared_corpus};

fn acts(corpus: &Path) -> Vec<serde_json::Value> {
    let index = std::fs::read_to_string(corpus.join("sfs/index.json")).unwrap();
    serde_json::from_str(&index).unwrap()
}

#[test]
fn every_act_has_the_paragraphs_that_its_index_counts() {
    let Some(corpus) = shared_corpus() else { return };
    let wrong: Vec<String> = acts(&corpus)
        .iter()
        .filter_map(|act| {
            let file = act["fil"].as_str().unwrap();
            let reading = read(&corpus.join("sfs").join(file), Kind::Lag).unwrap();
            let found = counts(&reading.edition.passages).paragraphs;
            (act["unika"] != found).then(|| format!("{}: {found} instead of {}", act["sfs"], act["unika"]))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The act's text without the notes on when a wording applies, which are read into its dates.
fn source_text(path: &Path) -> String {
    let dates = regex::Regex::new(r"/[^/\n]*(?:I|U):[^/\n]*/").unwrap();
    let source = std::fs::read_to_string(path).unwrap();
    lotsen_corpus::text::normalise(&dates.replace_all(&source, " "))
}

#[test]
fn the_passages_of_every_act_give_back_its_text_and_no_word_is_lost_or_there_twice() {
    let Some(corpus) = shared_corpus() else { return };
    let acts = acts(&corpus);
    assert_eq!(acts.len(), 38);
    for act in acts {
        let path = corpus.join("sfs").join(act["fil"].as_str().unwrap());
        let reading = read(&path, Kind::Lag).unwrap();
        assert_whole(&reading.edition, &source_text(&path), act["sfs"].as_str().unwrap());
    }
}

/// The act as the Riksdag's open data writes it in HTML, as far as its form is known.
fn as_riksdag_json(text: &str) -> String {
    let mut html = String::from("<div>");
    for group in text.split("\n\n") {
        let group = group.trim_start_matches('\n');
        let lines = html_lines(group);
        match group.split_once(" §") {
            Some((number, _)) if number.len() < 8 && number.starts_with(|c: char| c.is_ascii_digit()) => {
                let rest = lines.split_once(" §").unwrap().1;
                html += &format!("<a class=\"paragraf\" name=\"P{number}\"><b>{number} §</b></a> {rest}");
            }
            _ => html += &format!("<p><a name=\"S\"></a></p>{lines}"),
        }
    }
    serde_json::json!({ "dokumentstatus": { "dokument": { "html": html + "</div>" } } }).to_string()
}

fn html_lines(group: &str) -> String {
    let escaped = group.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('\t', "        ").replace('\n', "<br />")
}

#[test]
fn an_act_in_the_riksdags_json_has_the_same_provisions_as_in_the_text_form() {
    let Some(corpus) = shared_corpus() else { return };
    for number in ["2025-400", "1993-387", "2017-900", "2001-453", "1990-52"] {
        let path = corpus.join(format!("sfs/text/{number}.txt"));
        let folder = tempfile::tempdir().unwrap();
        let json = folder.path().join("act.json");
        std::fs::write(&json, as_riksdag_json(&std::fs::read_to_string(&path).unwrap())).unwrap();
        let places = |path: &Path| {
            let reading = read(path, Kind::Lag).unwrap();
            let text = |p: &lotsen_corpus::Passage| (p.provision.clone(), p.validity, bare(&p.text));
            reading
                .edition
                .passages
                .iter()
                .filter(|p| p.provision.is_some())
                .map(text)
                .collect::<Vec<_>>()
        };
        assert_eq!(places(&json), places(&path), "{number}");
    }
}

/// Words without the signs that part table cells, so that a row can be found as it was printed.
fn bare(text: &str) -> String {
    text.replace('|', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_places_that_the_questions_name_hold_the_words_that_they_quote() {
    let Some(corpus) = shared_corpus() else { return };
    let questions = std::fs::read_to_string(corpus.join("../eval/questions-dev.jsonl")).unwrap();
    let mut readings = HashMap::new();
    let mut wrong = Vec::new();
    for line in questions.lines() {
        let question: serde_json::Value = serde_json::from_str(line).unwrap();
        for gold in question["gold"].as_array().into_iter().flatten() {
            let document = gold["doc"].as_str().unwrap().to_owned();
            let edition = readings.entry(document.clone()).or_insert_with(|| {
                let (path, kind) = place_of(&corpus, &document);
                read(&path, kind).unwrap().edition
            });
            let fits = |passage: &&lotsen_corpus::Passage| match (gold["heading"].as_str(), &passage.provision) {
                (Some(heading), _) => passage.heading_path.iter().any(|h| h == heading),
                (None, Some(provision)) => {
                    gold["par"].as_str() == Some(&provision.paragraph.replace(' ', ""))
                        && gold["kap"].as_str() == provision.chapter.as_ref().map(|c| c.replace(' ', "")).as_deref()
                }
                (None, None) => false,
            };
            let there: Vec<String> = edition.passages.iter().filter(fits).map(|p| bare(&p.text)).collect();
            if !there.join(" ").contains(&bare(gold["evidence"].as_str().unwrap())) {
                wrong.push(format!("{} {gold}", question["id"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn place_of(corpus: &Path, document: &str) -> (std::path::PathBuf, Kind) {
    if let Some(number) = document.strip_prefix("sfs-") {
        return (corpus.join(format!("sfs/text/{number}.txt")), Kind::Lag);
    }
    let guideline = corpus.join(format!("botkyrka/{document}.md"));
    if guideline.exists() {
        return (guideline, Kind::Riktlinje);
    }
    (corpus.join(format!("reports/{document}.txt")), Kind::Rapport)
}
