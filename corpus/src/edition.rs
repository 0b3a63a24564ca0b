//! An edition: one version of one document, whole, as it is read, linked to and searched.
//!
//! Ingest writes it once; nobody changes it afterwards. Its version is a hash of its content, so the same words always have
//! the same address and a permanent link can be kept readable for as long as the file is kept.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::document::Document;
use crate::passage::Passage;

/// What a block of text is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum BlockKind {
    /// A heading; level 1 is the outermost.
    Heading {
        /// Depth, from 1.
        level: u8,
    },
    /// A paragraph of running text (stycke).
    Paragraph,
    /// One item of a list.
    ListItem {
        /// Depth, from 1.
        depth: u8,
    },
    /// One row of a table; cells are parted by " | ". The header row comes first.
    TableRow {
        /// True for the header row.
        header: bool,
    },
    /// A footnote, after the passage that it belongs to.
    Footnote,
}

/// One block of a document in reading order, in normal form (`lotsen_corpus::text`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is on the page.
    #[serde(flatten)]
    pub kind: BlockKind,
    /// Its words.
    pub text: String,
    /// Page of the original, from 1, where it has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// One version of one document: its data, its blocks in reading order, and its passages over those blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// What the document is.
    pub document: Document,
    /// The whole text in reading order, headings included.
    pub blocks: Vec<Block>,
    /// The passages in reading order. They do not overlap; a block in no passage is a heading.
    pub passages: Vec<Passage>,
}

impl Edition {
    /// The version: the first 12 hexadecimal digits of a SHA-256 over everything in the edition.
    pub fn version(&self) -> Result<String, serde_json::Error> {
        let digest = Sha256::digest(serde_json::to_vec(self)?);
        Ok(digest.iter().take(6).map(|b| format!("{b:02x}")).collect())
    }
}
