//! One source in; its edition out: fetch, extract, outline, split.

use std::collections::BTreeSet;

use lotsen_corpus::{Edition, Passage};

use crate::extract::{self, ExtractError, ExtractSettings, Format};
use crate::fetch::{self, FetchError};
use crate::personal::{self, Policy};
use crate::report::Counts;
use crate::sources::Source;
use crate::{outline, record, split};

/// A document that could be read.
#[derive(Debug)]
pub struct Reading {
    /// Its text, structure and passages.
    pub edition: Edition,
    /// SHA-256 of its file.
    pub source_sha256: String,
    /// What its content was.
    pub format: Format,
    /// How many certain findings of personal data its file has, by kind.
    pub personal_data: personal::Counts,
    /// What was left out, guessed or odd.
    pub notes: Vec<String>,
}

/// Why a document could not be read. The run goes on without it.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Its file could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Its text could not be extracted.
    #[error(transparent)]
    Extract(#[from] ExtractError),
    /// It holds personal data, and its source's policy is to leave such documents out.
    #[error("quarantined, it holds personal data: {}", personal::listed(.0))]
    PersonalData(personal::Counts),
    /// Nothing in it is a passage.
    #[error("no passage in it: only headings")]
    NoPassage,
}

/// Reads one source.
pub fn read(source: &Source, settings: &ExtractSettings) -> Result<Reading, ReadError> {
    let original = fetch::original(&source.place, settings.file_size)?;
    let mut extracted = extract::extract(original.bytes, settings)?;
    let personal_data = personal::count(&extracted.content);
    match source.personal_data {
        Policy::Quarantine if !personal_data.is_empty() => return Err(ReadError::PersonalData(personal_data)),
        Policy::Mask => personal::mask(&mut extracted.content),
        Policy::Quarantine | Policy::Accept => {}
    }
    let mut outline = outline::read(&extracted, source.document.kind);
    let mut document = source.document.clone();
    if let Some(title) = outline.title.take().filter(|_| source.untitled) {
        document.title = title;
    }
    let mut notes = extracted.notes;
    notes.append(&mut outline.oddities);
    let (blocks, passages) = split::passages(outline, &document);
    if passages.is_empty() {
        return Err(ReadError::NoPassage);
    }
    let mut edition = Edition {
        document,
        blocks,
        passages,
    };
    record::fill(&mut edition, &mut notes);
    Ok(Reading {
        edition,
        source_sha256: original.sha256,
        format: extracted.format,
        personal_data,
        notes,
    })
}

/// Counts what a document has.
pub fn counts(passages: &[Passage]) -> Counts {
    let provisions = || passages.iter().filter_map(|p| p.provision.as_ref());
    let chapters: BTreeSet<_> = provisions().filter_map(|p| p.chapter.as_ref()).collect();
    let paragraphs: BTreeSet<_> = provisions().map(|p| (&p.chapter, &p.paragraph)).collect();
    Counts {
        chapters: chapters.len(),
        paragraphs: paragraphs.len(),
        passages: passages.len(),
        longest: passages.iter().map(|p| p.text.chars().count()).max().unwrap_or(0),
    }
}
