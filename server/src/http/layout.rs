//! An edition's blocks in; headings, passages and what stands between them out, as a page shows them.

use lotsen_corpus::{Block, BlockKind, Edition, Passage};
use serde::Serialize;

/// A piece of the page, in reading order.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part<'a> {
    /// A heading outside the passages.
    Heading {
        /// 2 to 6: the page's own title is 1.
        level: u8,
        /// What the contents link to.
        id: String,
        /// Its words.
        text: &'a str,
    },
    /// A passage, which has a permanent link of its own.
    Passage {
        /// Position among the edition's passages.
        position: usize,
        /// Its blocks.
        groups: Vec<Group<'a>>,
    },
    /// Text that belongs to no passage.
    Loose {
        /// Its blocks.
        groups: Vec<Group<'a>>,
    },
}

/// Blocks that belong together on the page.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Group<'a> {
    /// Running text.
    Paragraph {
        /// Its words.
        text: &'a str,
    },
    /// A heading inside a passage.
    Heading {
        /// Its words.
        text: &'a str,
    },
    /// List items in a row.
    List {
        /// Each with its depth from 1.
        items: Vec<Item<'a>>,
    },
    /// Table rows in a row.
    Table {
        /// What a screen reader calls it: its first cell.
        label: &'a str,
        /// The header row's cells, if there is one.
        header: Option<Vec<&'a str>>,
        /// The other rows' cells.
        rows: Vec<Vec<&'a str>>,
    },
    /// A footnote.
    Footnote {
        /// Its words.
        text: &'a str,
    },
}

/// One item of a list.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Item<'a> {
    /// From 1.
    pub depth: u8,
    /// True if its words begin with its own number, letter or dash, so that the page adds none.
    pub marked: bool,
    /// Its words.
    pub text: &'a str,
}

/// Lays an edition out. Every block comes exactly once, in its order, whatever the passages say.
pub fn parts(edition: &Edition) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut at = 0;
    for (position, passage) in edition.passages.iter().enumerate() {
        let (first, end) = range(passage, edition.blocks.len());
        if first < at {
            continue;
        }
        between(&edition.blocks, at, first, &mut parts);
        parts.push(Part::Passage {
            position,
            groups: groups(&edition.blocks[first..end]),
        });
        at = end;
    }
    between(&edition.blocks, at, edition.blocks.len(), &mut parts);
    close_level_gaps(&mut parts);
    parts
}

/// An act has levels for avdelning and underavdelning even where it has no underavdelning. A reader who jumps from heading
/// to heading must not meet a missing level, so each stands one below the heading it belongs to; the page's title is 1.
fn close_level_gaps(parts: &mut [Part<'_>]) {
    let mut above: Vec<u8> = Vec::new();
    for part in parts {
        if let Part::Heading { level, .. } = part {
            above.retain(|outer| *outer < *level);
            above.push(*level);
            *level = u8::try_from(above.len() + 1).unwrap_or(6).min(6);
        }
    }
}

fn range(passage: &Passage, blocks: usize) -> (usize, usize) {
    let end = (passage.blocks.1 as usize).min(blocks);
    ((passage.blocks.0 as usize).min(end), end)
}

/// The blocks outside passages: headings, and now and then a line that is nobody's.
fn between<'a>(blocks: &'a [Block], from: usize, to: usize, parts: &mut Vec<Part<'a>>) {
    let mut loose = from;
    for at in from..to {
        if let BlockKind::Heading { level } = blocks[at].kind {
            push_loose(&blocks[loose..at], parts);
            parts.push(Part::Heading {
                level,
                id: format!("rubrik-{at}"),
                text: &blocks[at].text,
            });
            loose = at + 1;
        }
    }
    push_loose(&blocks[loose..to], parts);
}

fn push_loose<'a>(blocks: &'a [Block], parts: &mut Vec<Part<'a>>) {
    if !blocks.is_empty() {
        parts.push(Part::Loose { groups: groups(blocks) });
    }
}

fn groups(blocks: &[Block]) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    for block in blocks {
        let text = block.text.as_str();
        match (block.kind, groups.last_mut()) {
            (BlockKind::ListItem { depth }, Some(Group::List { items })) => items.push(item(depth, text)),
            (BlockKind::ListItem { depth }, _) => groups.push(Group::List {
                items: vec![item(depth, text)],
            }),
            (BlockKind::TableRow { header: false }, Some(Group::Table { rows, .. })) => rows.push(cells(text)),
            (BlockKind::TableRow { header }, _) => groups.push(table(text, header)),
            (BlockKind::Paragraph, _) => groups.push(Group::Paragraph { text }),
            (BlockKind::Heading { .. }, _) => groups.push(Group::Heading { text }),
            (BlockKind::Footnote, _) => groups.push(Group::Footnote { text }),
        }
    }
    groups
}

fn item(depth: u8, text: &str) -> Item<'_> {
    let first = text.split_whitespace().next().unwrap_or_default();
    let label = first.strip_suffix(['.', ')']).unwrap_or_default();
    let is_label = label.chars().all(|c| c.is_ascii_digit()) || label.chars().count() == 1;
    let marked = matches!(first, "–" | "-" | "•" | "—") || (!label.is_empty() && is_label);
    Item { depth, marked, text }
}

fn table(text: &str, header: bool) -> Group<'_> {
    let first = cells(text);
    let label = first.first().copied().unwrap_or_default();
    match header {
        true => Group::Table {
            label,
            header: Some(first),
            rows: Vec::new(),
        },
        false => Group::Table {
            label,
            header: None,
            rows: vec![first],
        },
    }
}

fn cells(text: &str) -> Vec<&str> {
    text.split(" | ").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotsen_corpus::{Document, DocumentId, Kind, PassageId, Validity};

    fn edition(blocks: &[(BlockKind, &str)], passages: &[(u32, u32)]) -> Edition {
        let id = DocumentId::new("prov").expect("a good id");
        let passage = |&(from, to): &(u32, u32)| Passage {
            id: PassageId::new(&id, &format!("p{from}"), &[], "text", 0),
            heading_path: Vec::new(),
            provision: None,
            section: None,
            page: None,
            kind: Default::default(),
            marks: Default::default(),
            validity: Validity::default(),
            blocks: (from, to),
            text: "text".to_owned(),
        };
        Edition {
            passages: passages.iter().map(passage).collect(),
            blocks: blocks
                .iter()
                .map(|&(kind, text)| Block {
                    kind,
                    text: text.to_owned(),
                    page: None,
                })
                .collect(),
            document: Document {
                id,
                title: "Prov".to_owned(),
                short_title: None,
                kind: Kind::Riktlinje,
                issuer: "Storåker kommun".to_owned(),
                identifier: None,
                validity: Validity::default(),
                replaced_by: None,
                wording: None,
                source: "prov.md".to_owned(),
                record: None,
                invented: true,
            },
        }
    }

    const HEADING: BlockKind = BlockKind::Heading { level: 1 };
    const ITEM: BlockKind = BlockKind::ListItem { depth: 1 };

    #[test]
    fn no_heading_level_is_missing_on_the_page() {
        let heading = |level| BlockKind::Heading { level };
        let blocks = [
            (heading(1), "AVDELNING I."),
            (heading(3), "1 kap."),
            (heading(4), "Lagens innehåll"),
            (heading(3), "2 kap."),
            (heading(1), "AVDELNING II."),
            (heading(4), "Utan kapitel"),
        ];
        let edition = edition(&blocks, &[]);
        let levels: Vec<u8> = parts(&edition)
            .iter()
            .filter_map(|part| match part {
                Part::Heading { level, .. } => Some(*level),
                _ => None,
            })
            .collect();
        assert_eq!(levels, [2, 3, 4, 3, 2, 3]);
    }

    #[test]
    fn blocks_come_once_and_in_order() {
        let blocks = [
            (BlockKind::Paragraph, "ingress"),
            (HEADING, "Avgifter"),
            (BlockKind::Paragraph, "Så här:"),
            (ITEM, "a"),
            (ITEM, "b"),
            (BlockKind::TableRow { header: true }, "Tjänst | Avgift"),
            (BlockKind::TableRow { header: false }, "Larm | 250 kr"),
            (BlockKind::Footnote, "not"),
        ];
        let edition = edition(&blocks, &[(2, 7)]);
        let parts = parts(&edition);
        assert!(matches!(&parts[0], Part::Loose { groups } if groups.len() == 1));
        assert!(matches!(
            &parts[1],
            Part::Heading {
                level: 2,
                text: "Avgifter",
                ..
            }
        ));
        let Part::Passage { position: 0, groups } = &parts[2] else {
            panic!("no passage but {:?}", parts[2]);
        };
        assert!(matches!(&groups[1], Group::List { items } if items.len() == 2));
        let table = Group::Table {
            label: "Tjänst",
            header: Some(vec!["Tjänst", "Avgift"]),
            rows: vec![vec!["Larm", "250 kr"]],
        };
        assert_eq!(groups[2], table);
        assert_eq!(
            parts[3],
            Part::Loose {
                groups: vec![Group::Footnote { text: "not" }]
            }
        );
    }

    #[test]
    fn an_item_with_a_number_of_its_own_is_marked() {
        for text in ["1. mat", "12) mat", "a) mat", "– mat"] {
            assert!(item(1, text).marked, "{text}");
        }
        for text in ["mat", "Mat. Dryck", "2 timmar", ""] {
            assert!(!item(1, text).marked, "{text}");
        }
    }

    #[test]
    fn ranges_that_make_no_sense_do_no_harm() {
        let edition = edition(
            &[(BlockKind::Paragraph, "a"), (BlockKind::Paragraph, "b")],
            &[(0, 1), (0, 9), (7, 3)],
        );
        let shown = serde_json::to_string(&parts(&edition)).expect("JSON");
        assert_eq!((shown.matches("\"a\"").count(), shown.matches("\"b\"").count()), (1, 1));
    }
}
