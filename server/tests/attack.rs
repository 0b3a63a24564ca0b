//! True summary sentences and broken ones in; how many of each the checks let through, out.
//!
//! `eval/attack/tune.jsonl` holds quotes, a sentence that follows from them and the same sentence broken by hand. A
//! mechanical breaker adds more. Other files of the same form are measured with
//! `LOTSEN_ATTACK=FILE[:FILE...] cargo test -p lotsen-server --test attack -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

#[path = "attack/breaker.rs"]
mod breaker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lotsen_corpus::embed::{EmbedError, EmbedSettings, Embedder};
use lotsen_corpus::models::{ModelFolder, ModelList};
use lotsen_server::reply::{DocumentCard, Source};
use lotsen_server::verify::{self, Flaw};
use serde::Deserialize;

/// Least share of broken sentences that must be rejected, and most of the true ones that may be.
const REJECTED: f64 = 0.98;
const WRONGLY_REJECTED: f64 = 0.10;

/// One line of an attack file.
#[derive(Deserialize)]
struct Attack {
    id: String,
    quotes: Vec<String>,
    sentence: String,
    broken: Vec<Broken>,
}

/// A sentence that does not follow from the quotes, and the way in which it was broken.
#[derive(Deserialize)]
struct Broken {
    way: String,
    sentence: String,
}

/// What the checks made of all sentences of some files.
#[derive(Default)]
struct Tally {
    /// Rejected and all, per way.
    broken: BTreeMap<String, (usize, usize)>,
    /// True sentences that were rejected, per check.
    wrong: BTreeMap<String, usize>,
    right: usize,
    lines: Vec<String>,
}

impl Tally {
    fn rejected(&self) -> f64 {
        let (rejected, all) = self
            .broken
            .values()
            .fold((0, 0), |sum, way| (sum.0 + way.0, sum.1 + way.1));
        rejected as f64 / all as f64
    }

    fn wrongly_rejected(&self) -> f64 {
        let wrong: usize = self.wrong.values().sum();
        wrong as f64 / (wrong + self.right) as f64
    }

    fn print(&self) {
        self.lines.iter().for_each(|line| println!("{line}"));
        println!("| way | rejected | of | share |\n|---|---|---|---|");
        for (way, (rejected, all)) in &self.broken {
            println!("| {way} | {rejected} | {all} | {:.3} |", *rejected as f64 / *all as f64);
        }
        println!("| all broken | | | {:.3} |", self.rejected());
        println!("| true, rejected | | | {:.3} |", self.wrongly_rejected());
        println!("true sentences rejected, per check: {:?}", self.wrong);
    }
}

/// The embedding model, or `None` with a word about it where it was not fetched.
fn embedder() -> Option<Embedder> {
    let folder = std::env::var_os("LOTSEN_MODELS").map_or_else(|| PathBuf::from("../models"), PathBuf::from);
    let list = ModelList::built_in().unwrap();
    match Embedder::open(&list, &ModelFolder::new(folder), &EmbedSettings::default()) {
        Ok(embedder) => Some(embedder),
        Err(EmbedError::Files(missing)) => {
            eprintln!("SKIPPED: {missing}");
            None
        }
        Err(broken) => panic!("{broken}"),
    }
}

fn read(path: &Path) -> Vec<Attack> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn source(quote: &str) -> Source {
    let document = serde_json::json!({
        "id": "attack", "title": "", "kind": "riktlinje", "issuer": "", "valid_from": null, "valid_to": null,
        "status": "in_force",
    });
    let document: DocumentCard = serde_json::from_value(document).unwrap();
    Source {
        passage_id: String::new(),
        document,
        reference: String::new(),
        heading_path: Vec::new(),
        page: None,
        quote: quote.to_owned(),
        url: String::new(),
    }
}

async fn flaw(embedder: &Embedder, sentence: &str, sources: &[Source]) -> Option<Flaw> {
    let cites = (0..sources.len()).collect();
    let verdict = verify::judge(embedder, sentence.to_owned(), cites, sources)
        .await
        .unwrap();
    verdict.err()
}

async fn tally(embedder: &Embedder, attacks: &[Attack], mechanical: bool) -> Tally {
    let mut tally = Tally::default();
    for attack in attacks {
        let sources: Vec<Source> = attack.quotes.iter().map(|quote| source(quote)).collect();
        match flaw(embedder, &attack.sentence, &sources).await {
            None => tally.right += 1,
            Some(flaw) => {
                *tally.wrong.entry(format!("{flaw:?}")).or_default() += 1;
                tally
                    .lines
                    .push(format!("true, {flaw:?}: {} {}", attack.id, attack.sentence));
            }
        }
        let by_hand = attack.broken.iter().map(|b| (b.way.clone(), b.sentence.clone()));
        let made = breaker::breaks(&attack.sentence, &attack.quotes).into_iter();
        let made = made
            .filter(|_| mechanical)
            .map(|(way, sentence)| (format!("{way} (made)"), sentence));
        for (way, sentence) in by_hand.chain(made) {
            let rejected = flaw(embedder, &sentence, &sources).await.is_some();
            let counts = tally.broken.entry(way.clone()).or_default();
            counts.0 += usize::from(rejected);
            counts.1 += 1;
            if !rejected {
                tally.lines.push(format!("{way} passes: {} {sentence}", attack.id));
            }
        }
    }
    tally
}

#[tokio::test]
async fn broken_sentences_are_rejected_and_true_ones_pass() {
    let Some(embedder) = embedder() else { return };
    let attacks = read(Path::new("../eval/attack/tune.jsonl"));
    let tally = tally(&embedder, &attacks, true).await;
    tally.print();
    assert!(tally.rejected() >= REJECTED, "{:.3}", tally.rejected());
    assert!(
        tally.wrongly_rejected() <= WRONGLY_REJECTED,
        "{:.3}",
        tally.wrongly_rejected()
    );
}

#[tokio::test]
#[ignore = "measures the files named in LOTSEN_ATTACK"]
async fn report() {
    let Some(embedder) = embedder() else { return };
    let files = std::env::var_os("LOTSEN_ATTACK").expect("LOTSEN_ATTACK names no file");
    let attacks: Vec<Attack> = std::env::split_paths(&files).flat_map(|file| read(&file)).collect();
    tally(&embedder, &attacks, false).await.print();
}
