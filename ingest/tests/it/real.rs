//! The real texts, where they are at hand: every paragraph found, no word lost.

use std::collections::HashMap;
use std::path::Path;

use lotsen_corpus::{BlockKind, Kind};
use lotsen_ingest::read::counts;

use crate::support::{read, shared_corpus};

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

/// The letters and digits of a text, counted: joining lines and cells moves spaces and hyphens and nothing else.
fn letters<'a>(texts: impl Iterator<Item = &'a str>) -> HashMap<char, usize> {
    let mut letters = HashMap::new();
    for c in texts.flat_map(str::chars).filter(|c| c.is_alphanumeric()) {
        *letters.entry(c).or_default() += 1;
    }
    letters
}

#[test]
fn no_word_of_an_act_is_lost_and_none_is_there_twice() {
    let Some(corpus) = shared_corpus() else { return };
    let dates = regex::Regex::new(r"/[^/\n]*(?:I|U):[^/\n]*/").unwrap();
    for act in acts(&corpus) {
        let path = corpus.join("sfs").join(act["fil"].as_str().unwrap());
        let reading = read(&path, Kind::Lag).unwrap();
        let source = std::fs::read_to_string(&path).unwrap();
        let source = lotsen_corpus::text::normalise(&dates.replace_all(&source, " "));
        let edition = &reading.edition;
        assert_eq!(
            letters([source.as_str()].into_iter()),
            letters(edition.blocks.iter().map(|b| b.text.as_str())),
            "{}",
            act["sfs"]
        );
        let mut covered = vec![0; edition.blocks.len()];
        for passage in &edition.passages {
            let range = passage.blocks.0 as usize..passage.blocks.1 as usize;
            let text: Vec<&str> = edition.blocks[range.clone()].iter().map(|b| b.text.as_str()).collect();
            assert_eq!(passage.text, text.join("\n"));
            range.for_each(|at| covered[at] += 1);
        }
        for (block, times) in edition.blocks.iter().zip(covered) {
            let heading = matches!(block.kind, BlockKind::Heading { .. });
            assert_eq!(times, usize::from(!heading), "{}: {}", act["sfs"], block.text);
        }
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
