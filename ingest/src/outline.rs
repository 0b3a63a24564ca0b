//! Extracted text in; the document's blocks and the places (chapters, paragraphs, sections) they belong to out.
//!
//! Structure comes first: a passage follows a § or a heading and not a count of words, because that is how a caseworker
//! cites it. The price is that passages differ in length; `split` evens out the longest.

mod contents;
mod headed;
mod lines;
mod plain;
mod promote;
mod statute;

use std::ops::Range;

use lotsen_corpus::passage::PassageKind;
use lotsen_corpus::{Block, BlockKind, Kind, Marks, Provision, Validity};

use crate::extract::{Content, Extracted};

pub(crate) use lines::{Marker, join};

/// A document as blocks in reading order and the sections over them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline {
    /// The whole text, headings included.
    pub blocks: Vec<Block>,
    /// The places that hold text, in reading order. They do not overlap; only headings lie between them.
    pub sections: Vec<Section>,
    /// The document's own title, where the text has one.
    pub title: Option<String>,
    /// What looked odd and should be looked at by a person: in English, for the run's report.
    pub oddities: Vec<String>,
}

/// One place of a document that holds text: a § of an act, a section under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The headings above it, outermost first.
    pub heading_path: Vec<String>,
    /// Chapter and paragraph, in acts.
    pub provision: Option<Provision>,
    /// Section number as printed ("3.6.2").
    pub number: Option<String>,
    /// What part of the document it is.
    pub kind: PassageKind,
    /// What the text marks about it.
    pub marks: Marks,
    /// The marked wording's own dates; empty when it has none.
    pub validity: Validity,
    /// Short ASCII name for links: `11k1`, `s3-6-2`, `syfte`.
    pub anchor: String,
    /// Its blocks.
    pub blocks: Range<usize>,
}

/// Finds the structure: by the rules of Swedish statutes for acts, ordinances and regulations, by headings for everything
/// else.
pub fn read(extracted: &Extracted, kind: Kind) -> Outline {
    match (kind, &extracted.content) {
        (Kind::Lag | Kind::Forordning | Kind::Foreskrift, Content::Text(text)) => {
            statute::read(&statute::Printed::of_text(text), kind)
        }
        (Kind::Lag | Kind::Forordning | Kind::Foreskrift, Content::Blocks(blocks)) => {
            statute::read(&statute::Printed::of_blocks(blocks), kind)
        }
        (_, Content::Text(text)) => headed::read(plain::blocks(text)),
        (_, Content::Blocks(blocks)) => headed::read(blocks.clone()),
    }
}

/// Finds paragraphs, lists and tables in plain text.
pub(crate) fn plain_blocks(text: &str) -> Vec<Block> {
    plain::blocks(text)
}

/// Which of these lines belong to a table of contents.
pub(crate) fn contents_lines(lines: &[&str]) -> Vec<bool> {
    let contents = contents::find(lines);
    (0..lines.len()).map(|at| contents.covers(at)).collect()
}

/// A short ASCII name from Swedish words: `"Så här söker du"` becomes `sa-har-soker-du`.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.to_lowercase().chars() {
        let ascii = match c {
            'å' | 'ä' | 'á' | 'à' => 'a',
            'ö' | 'ø' => 'o',
            'é' | 'è' | 'ë' => 'e',
            'ü' => 'u',
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        };
        if slug.len() == 48 {
            break;
        }
        if ascii != '-' || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push(ascii);
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Collects blocks and sections in reading order.
#[derive(Debug, Default)]
struct Builder {
    outline: Outline,
}

impl Builder {
    /// A heading belongs to no section and ends the one before it.
    fn heading(&mut self, level: u8, text: &str, page: Option<u32>) {
        self.push(BlockKind::Heading { level }, text, page);
    }

    /// Opens a section; the blocks that follow are its own.
    fn open(&mut self, section: Section) {
        self.drop_empty();
        let start = self.outline.blocks.len();
        self.outline.sections.push(Section {
            blocks: start..start,
            ..section
        });
    }

    /// Adds a block to the open section.
    fn block(&mut self, kind: BlockKind, text: &str, page: Option<u32>) {
        if self.push(kind, text, page)
            && let Some(section) = self.outline.sections.last_mut()
        {
            section.blocks.end = self.outline.blocks.len();
        }
    }

    fn push(&mut self, kind: BlockKind, text: &str, page: Option<u32>) -> bool {
        let text = lotsen_corpus::text::normalise(text);
        let text = text.trim();
        if text.is_empty() {
            return false;
        }
        self.outline.blocks.push(Block {
            kind,
            text: text.to_owned(),
            page,
        });
        true
    }

    fn odd(&mut self, what: String) {
        self.outline.oddities.push(what);
    }

    fn last_kind(&self) -> Option<BlockKind> {
        self.outline.blocks.last().map(|b| b.kind)
    }

    fn drop_empty(&mut self) {
        self.outline.sections.pop_if(|section| section.blocks.is_empty());
    }

    fn finish(mut self) -> Outline {
        self.drop_empty();
        self.outline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_fit_for_a_link() {
        assert_eq!(slug("Så här söker du: boendestöd!"), "sa-har-soker-du-boendestod");
        assert_eq!(slug("§§"), "");
    }
}
