//! A data folder in; its passages with their sentences, one JSON object a line, and their vectors out.
//!
//! Used by `eval/train`: `cargo run --example training_passages -- data/real passages.jsonl vectors.f32`

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

use lotsen_corpus::ReleaseStore;
use lotsen_corpus::embed::cache::VectorCache;
use lotsen_corpus::text::sentences;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or(format!("{what} is missing"));
    let (data, lines, vectors) = (next("data folder")?, next("passages file")?, next("vectors file")?);
    let store = ReleaseStore::new(data);
    let release = store.open_current()?;
    let cache = VectorCache::open(&store.cache().join("vectors.redb"))?;
    let (mut lines, mut vectors) = (
        BufWriter::new(File::create(lines)?),
        BufWriter::new(File::create(vectors)?),
    );
    for (_, edition) in release.editions() {
        for passage in &edition.passages {
            let context = passage.with_context(&edition.document.title);
            let found = cache.get(&release.manifest.embedding, &[context])?;
            let vector = found
                .into_iter()
                .flatten()
                .next()
                .ok_or("a passage has no vector in the cache")?;
            for value in vector {
                vectors.write_all(&value.to_le_bytes())?;
            }
            let texts: Vec<&str> = sentences(&passage.text)
                .into_iter()
                .map(|range| &passage.text[range])
                .collect();
            let line = json!({
                "id": passage.id, "document": edition.document.id, "title": edition.document.title,
                "short_title": edition.document.short_title, "kind": edition.document.kind,
                "chapter": passage.provision.as_ref().and_then(|p| p.chapter.clone()),
                "paragraph": passage.provision.as_ref().map(|p| p.paragraph.clone()),
                "section": passage.section, "headings": passage.heading_path, "part": passage.kind,
                "valid_from": passage.validity.valid_from, "valid_to": passage.validity.valid_to,
                "text": passage.text, "sentences": texts,
            });
            writeln!(lines, "{line}")?;
        }
    }
    Ok(())
}
