//! What the targets of the write side share: a file is read as the extraction's child process reads it, and the structure of
//! what comes out is looked for in both ways.
//!
//! The extractors and the outline are built from `ingest`'s own files, without the engines that `ingest` also needs.

#[allow(dead_code)]
#[path = "../../ingest/src"]
mod ingest {
    pub mod extract;
    pub mod outline;
}

use std::io::{Cursor, Write};
use std::panic::catch_unwind;
use std::sync::Once;

use ingest::extract::{Content, Extracted, Format};
use ingest::{extract, outline};
use lotsen_corpus::{BlockKind, Kind};
use zip::write::SimpleFileOptions;

/// Reads a file and its structure. A panic in a parser of others costs one file and is let pass, as the child process lets
/// it pass; one in our own code ends the run.
pub fn read(bytes: &[u8]) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let others = panic.location().is_some_and(|at| at.file().contains("/registry/"));
            if !others {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    });
    if let Ok(Ok(extracted)) = catch_unwind(|| extract::child::read(bytes)) {
        outline(&extracted, Kind::Riktlinje);
    }
}

/// Reads the structure of a text as a document of this kind.
pub fn read_text(text: &str, kind: Kind) {
    let extracted = Extracted {
        format: Format::Text,
        content: Content::Text(text.to_owned()),
        notes: Vec::new(),
    };
    outline(&extracted, kind);
}

/// Sections follow each other, and what is no heading is in exactly one of them: else it could never be found.
fn outline(extracted: &Extracted, kind: Kind) {
    let outline = outline::read(extracted, kind);
    let mut at = 0;
    for section in &outline.sections {
        assert!(at <= section.blocks.start && section.blocks.start < section.blocks.end);
        assert!(
            outline.blocks[at..section.blocks.start].iter().all(is_heading),
            "text in no section"
        );
        at = section.blocks.end;
    }
    assert!(outline.blocks[at..].iter().all(is_heading), "text in no section");
}

fn is_heading(block: &lotsen_corpus::Block) -> bool {
    matches!(block.kind, BlockKind::Heading { .. })
}

/// Reads an office file with these parts: the first under `main`, each other after a line `=== name`.
pub fn read_office(main: &str, parts: &str) {
    let (first, others) = parts.split_once("\n=== ").unwrap_or((parts, ""));
    let others = others.split("\n=== ").filter_map(|part| part.split_once('\n'));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in std::iter::once((main, first)).chain(others) {
        // A name that is there twice is refused by the writer; the archive's own target tries such archives.
        if zip.start_file(name, stored).is_ok() && zip.write_all(content.as_bytes()).is_err() {
            return;
        }
    }
    if let Ok(archive) = zip.finish() {
        read(&archive.into_inner());
    }
}
