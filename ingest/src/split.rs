//! An outline in; passages out, each short enough to be read at once by a model and long enough to be understood alone.
//!
//! A § or a section is a passage. A long one is cut between its stycken; a list stays with the words that lead it in, a
//! table and its footnotes stay together, as long as they fit. Inside a stycke nothing is cut, unless it alone is too
//! long, and then between sentences.

use std::collections::HashMap;
use std::ops::Range;

use lotsen_corpus::{Block, BlockKind, Document, Passage, PassageId, text};

use crate::outline::{Outline, Section};

/// What a passage should not exceed: about 350 tokens of the embedding models, at four characters of Swedish a token.
const TARGET: usize = 1_400;
/// A block longer than this is cut between sentences.
const LONGEST_BLOCK: usize = 1_800;

/// Cuts an outline into passages and returns the blocks that they count in.
pub fn passages(outline: Outline, document: &Document) -> (Vec<Block>, Vec<Passage>) {
    let Outline { blocks, sections, .. } = outline;
    let (blocks, moved) = with_long_blocks_cut(blocks);
    let mut namer = Namer::default();
    let mut passages = Vec::new();
    for section in &sections {
        let range = moved[section.blocks.start]..moved[section.blocks.end];
        for piece in pieces(&blocks, range) {
            passages.push(passage(&blocks, section, piece, document, &mut namer));
        }
    }
    (blocks, passages)
}

/// A run of blocks that becomes a passage, and the stycken in it when they are not all of the section's.
#[derive(Debug, PartialEq)]
struct Piece {
    blocks: Range<usize>,
    parts: Option<(u32, u32)>,
}

fn passage(blocks: &[Block], section: &Section, piece: Piece, document: &Document, namer: &mut Namer) -> Passage {
    let own = &blocks[piece.blocks.clone()];
    let text = own.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n");
    let anchor = match piece.parts {
        Some((first, _)) => format!("{}-st{first}", section.anchor),
        None => section.anchor.clone(),
    };
    let mut provision = section.provision.clone();
    if let Some(provision) = &mut provision {
        provision.parts = piece.parts;
    }
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Passage {
        id: namer.id(document, &anchor, &section.heading_path, &text),
        heading_path: section.heading_path.clone(),
        provision,
        section: section.number.clone(),
        page: own.first().and_then(|b| b.page),
        kind: section.kind,
        marks: section.marks.clone(),
        validity: section.validity.within(document.validity),
        blocks: (place(piece.blocks.start), place(piece.blocks.end)),
        text,
    }
}

/// Names passages; the same words in the same place a second time get another name.
#[derive(Default)]
struct Namer {
    seen: HashMap<PassageId, usize>,
}

impl Namer {
    fn id(&mut self, document: &Document, anchor: &str, path: &[String], text: &str) -> PassageId {
        let first = PassageId::new(&document.id, anchor, path, text, 0);
        let times = self.seen.entry(first.clone()).or_default();
        *times += 1;
        if *times == 1 {
            first
        } else {
            PassageId::new(&document.id, anchor, path, text, *times - 1)
        }
    }
}

/// Cuts a section's blocks into pieces of about equal length that keep to [`TARGET`].
fn pieces(blocks: &[Block], range: Range<usize>) -> Vec<Piece> {
    let total: usize = length(&blocks[range.clone()]);
    if total <= TARGET {
        return vec![Piece {
            blocks: range,
            parts: None,
        }];
    }
    let aim = total / total.div_ceil(TARGET);
    let mut pieces: Vec<Piece> = Vec::new();
    for (number, stycke) in (1u32..).zip(stycken(blocks, range)) {
        for unit in units(blocks, stycke) {
            let size = length(&blocks[unit.clone()]);
            match pieces.last_mut() {
                Some(piece) if fits(length(&blocks[piece.blocks.clone()]), size, aim) => {
                    piece.blocks.end = unit.end;
                    piece.parts = piece.parts.map(|(first, _)| (first, number));
                }
                _ => pieces.push(Piece {
                    blocks: unit,
                    parts: Some((number, number)),
                }),
            }
        }
    }
    if let [only] = pieces.as_mut_slice() {
        only.parts = None;
    }
    pieces
}

/// A unit joins the piece before it while that brings the piece nearer to its aim, or when it is too small to stand alone,
/// and never past the target.
fn fits(piece: usize, unit: usize, aim: usize) -> bool {
    piece + unit <= TARGET && (piece + unit / 2 <= aim || unit * 10 <= TARGET)
}

/// The stycken of a section: each paragraph with the list, rows and footnotes that follow it.
fn stycken(blocks: &[Block], range: Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in range {
        let begins = blocks[at].kind == BlockKind::Paragraph && !is_amendment_note(&blocks[at].text);
        match found.last_mut() {
            Some(stycke) if !begins => stycke.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

/// "Lag (2025:1501)." on a line of its own belongs to what it amended.
fn is_amendment_note(text: &str) -> bool {
    text.len() < 40 && (text.starts_with("Lag (") || text.starts_with("Förordning (")) && text.ends_with(").")
}

/// A stycke that fits is one unit; a longer one falls apart into its blocks, with the first item kept at the lead-in.
fn units(blocks: &[Block], stycke: Range<usize>) -> Vec<Range<usize>> {
    if length(&blocks[stycke.clone()]) <= TARGET {
        return vec![stycke];
    }
    let mut units: Vec<Range<usize>> = Vec::new();
    for at in stycke {
        let lead_in = units.len() == 1
            && units[0].len() == 1
            && !matches!(blocks[at].kind, BlockKind::Paragraph)
            && length(&blocks[units[0].start..at + 1]) <= TARGET;
        let is_note = blocks[at].kind == BlockKind::Footnote;
        match units.last_mut() {
            Some(unit) if lead_in || is_note => unit.end = at + 1,
            _ => units.push(at..at + 1),
        }
    }
    units
}

fn length(blocks: &[Block]) -> usize {
    blocks.iter().map(|b| b.text.chars().count() + 1).sum()
}

/// Cuts blocks that are too long and tells, for each old index and the one after the last, the new one.
fn with_long_blocks_cut(blocks: Vec<Block>) -> (Vec<Block>, Vec<usize>) {
    let mut cut = Vec::with_capacity(blocks.len());
    let mut moved = Vec::with_capacity(blocks.len() + 1);
    for block in blocks {
        moved.push(cut.len());
        if block.text.chars().count() <= LONGEST_BLOCK {
            cut.push(block);
            continue;
        }
        for text in at_sentences(&block.text) {
            cut.push(Block { text, ..block.clone() });
        }
    }
    moved.push(cut.len());
    (cut, moved)
}

/// Cuts a text between sentences into parts of at most [`TARGET`] characters; a longer sentence stays whole.
fn at_sentences(text: &str) -> Vec<String> {
    let starts: Vec<usize> = text::sentences(text).into_iter().map(|s| s.start).skip(1).collect();
    let mut parts = Vec::new();
    let mut from = 0;
    let mut last = 0;
    for end in starts.into_iter().chain([text.len()]) {
        if text[from..end].chars().count() > TARGET && last > from {
            parts.push(text[from..last].trim().to_owned());
            from = last;
        }
        last = end;
    }
    parts.push(text[from..].trim().to_owned());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: BlockKind, letters: usize) -> Block {
        Block {
            kind,
            text: "x".repeat(letters),
            page: None,
        }
    }

    const P: BlockKind = BlockKind::Paragraph;
    const LI: BlockKind = BlockKind::ListItem { depth: 1 };

    #[test]
    fn a_short_section_is_one_passage() {
        let blocks = [block(P, 300), block(P, 300), block(LI, 40)];
        assert_eq!(
            pieces(&blocks, 0..3),
            [Piece {
                blocks: 0..3,
                parts: None
            }]
        );
    }

    #[test]
    fn a_long_one_is_cut_between_stycken_and_a_list_stays_with_its_lead_in() {
        let blocks = [
            block(P, 900),
            block(P, 100),
            block(LI, 500),
            block(LI, 500),
            block(P, 50),
        ];
        let found = pieces(&blocks, 0..5);
        assert_eq!(
            found,
            [
                Piece {
                    blocks: 0..1,
                    parts: Some((1, 1))
                },
                Piece {
                    blocks: 1..5,
                    parts: Some((2, 3))
                },
            ]
        );
    }

    #[test]
    fn every_block_is_in_exactly_one_piece() {
        let blocks: Vec<Block> = (0..40)
            .map(|i| block(if i % 3 == 0 { P } else { LI }, 37 * (i % 7 + 1)))
            .collect();
        let covered: Vec<usize> = pieces(&blocks, 0..40).into_iter().flat_map(|p| p.blocks).collect();
        assert_eq!(covered, (0..40).collect::<Vec<_>>());
    }

    #[test]
    fn a_block_that_is_too_long_is_cut_between_sentences() {
        let sentence = "Nämnden ska skyndsamt utreda behovet av hjälp i hemmet. ";
        let parts = at_sentences(sentence.repeat(60).trim());
        assert!(
            parts.len() > 1
                && parts
                    .iter()
                    .all(|p| p.ends_with("hemmet.") && p.chars().count() <= TARGET)
        );
    }
}
