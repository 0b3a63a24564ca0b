//! Sentences that say what a provision says in; how many of those with the wrong number are doubted, and of those with the
//! right one, out.
//!
//! `eval/attributions/written.jsonl` was written from the acts alone, as guidelines are: in the words of whoever wrote them.
//! `LOTSEN_DATA=data/real cargo test -p lotsen-server --test attribution -- --ignored --nocapture` compares it with a
//! release that holds the acts.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

use std::path::Path;

use jiff::civil::date;
use lotsen_corpus::ReleaseStore;
use lotsen_corpus::embed::{EmbedSettings, Embedder};
use lotsen_corpus::index::{Index, IndexSettings};
use lotsen_corpus::models::{ModelFolder, ModelList};
use lotsen_server::attribution::{self, Doubt};
use lotsen_server::library::Library;
use serde::Deserialize;

/// One line of the file.
#[derive(Deserialize)]
struct Written {
    id: String,
    text: String,
    right: bool,
    says_so: Option<String>,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a release with the acts"]
async fn wrong_numbers_are_doubted_and_right_ones_are_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (list, folder) = (ModelList::built_in().unwrap(), ModelFolder::new(root.join("models")));
    let embedder = Embedder::open(&list, &folder, &EmbedSettings::default()).unwrap();
    let store = ReleaseStore::new(root.join(std::env::var("LOTSEN_DATA").unwrap()));
    let release = store.open_current().unwrap();
    let index = Index::open(&IndexSettings::Embedded, &store, &release.manifest.release).await;
    let library = Library::new(release, index.unwrap());
    let today = date(2026, 11, 22);
    let file = std::fs::read_to_string(root.join("eval/attributions/written.jsonl")).unwrap();
    let lines: Vec<Written> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

    for (half, lines) in ["tune", "report"]
        .into_iter()
        .zip(lines.chunks(lines.len().div_ceil(2)))
    {
        let (mut doubted, mut wrong, mut led_right, mut doubted_right) = (0, 0, 0, 0);
        for line in lines {
            let doubts = attribution::doubts(&library, &embedder, &line.text, today, today);
            let doubts = doubts.await.unwrap();
            match &line.says_so {
                Some(_) => wrong += 1,
                None => doubted_right += usize::from(!doubts.is_empty()),
            }
            if let (Some(says_so), Some(doubt)) = (&line.says_so, doubts.first()) {
                doubted += 1;
                led_right += usize::from(address(doubt) == *says_so);
            }
            if half == "tune" {
                println!(
                    "{} {} {:?} {:?} {}",
                    line.id,
                    line.right,
                    line.says_so,
                    doubts.first().map(address),
                    line.text
                );
            }
        }
        println!(
            "{half}: of {wrong} wrong ones {doubted} doubted, {led_right} of them led to the right place; of {} right ones {doubted_right} doubted",
            lines.len() - wrong
        );
        assert!(doubted_right <= lines.len() / 50, "{half}: right ones are doubted");
        assert!(
            led_right * 10 >= doubted * 9 && doubted * 4 >= wrong,
            "{half}: wrong ones are missed or misled"
        );
    }
}

/// "13:9", or "9" in an act without chapters.
fn address(doubt: &Doubt) -> String {
    let provision = doubt.nearer.passage().provision.as_ref().unwrap();
    let numbers = provision.chapter.iter().chain([&provision.paragraph]);
    numbers
        .map(|number| number.replace(' ', ""))
        .collect::<Vec<_>>()
        .join(":")
}
