//! Blocks of a guideline, handbook or report in; its sections by heading out.

use std::collections::HashMap;

use lotsen_corpus::passage::PassageKind;
use lotsen_corpus::{Block, BlockKind, Marks, Validity};

use super::{Builder, Outline, Section, contents, lines, promote, slug};

/// A document with fewer marked headings than this per hundred blocks has its headings looked for in the text.
const HEADINGS_PER_HUNDRED: usize = 1;

/// Reads a whole document.
pub(super) fn read(blocks: Vec<Block>) -> Outline {
    let (mut blocks, titles) = without_contents(blocks);
    let marked = blocks.iter().filter(|b| is_heading(b)).count();
    if marked == 0 || marked * 100 < blocks.len() * HEADINGS_PER_HUNDRED {
        promote::headings(&mut blocks, &titles);
    }
    let mut reader = Reader::default();
    reader.take_title(&mut blocks);
    for block in &blocks {
        match block.kind {
            BlockKind::Heading { level } => reader.heading(level, block),
            kind => reader.text(kind, block),
        }
    }
    reader.builder.finish()
}

fn is_heading(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Heading { .. })
}

/// Leaves tables of contents out and returns the titles they list.
fn without_contents(blocks: Vec<Block>) -> (Vec<Block>, Vec<String>) {
    let in_table = |b: &Block| matches!(b.kind, BlockKind::TableRow { .. });
    let units: Vec<&str> = blocks
        .iter()
        .map(|b| if in_table(b) { "|" } else { b.text.as_str() })
        .collect();
    let found = contents::find(&units);
    let kept = blocks.iter().enumerate().filter(|(at, _)| !found.covers(*at));
    (kept.map(|(_, block)| block.clone()).collect(), found.titles)
}

#[derive(Debug, Default)]
struct Reader {
    builder: Builder,
    /// The headings over the current place, with their levels.
    path: Vec<(u8, String)>,
    /// True when text under a heading has been seen: what stands before the first one is front matter.
    begun: bool,
    open: bool,
    anchors: HashMap<String, u32>,
}

impl Reader {
    /// The only heading of the outermost level, standing first, is the document's title and no part of any path.
    fn take_title(&mut self, blocks: &mut Vec<Block>) {
        let level_of = |b: &Block| match b.kind {
            BlockKind::Heading { level } => Some(level),
            _ => None,
        };
        let outermost = blocks.iter().filter_map(level_of).min();
        let of_level = blocks.iter().filter(|b| level_of(b) == outermost).count();
        let first = blocks.iter().position(is_heading);
        let headings = blocks.iter().filter(|b| is_heading(b)).count();
        match first {
            Some(at) if of_level == 1 && headings > 1 && at < 3 && level_of(&blocks[at]) == outermost => {
                let title = blocks.remove(at);
                self.builder.heading(1, &title.text, title.page);
                self.builder.outline.title = self.builder.outline.blocks.last().map(|b| b.text.clone());
            }
            _ => self.builder.outline.title = first.filter(|&at| at == 0).map(|at| blocks[at].text.clone()),
        }
    }

    fn heading(&mut self, level: u8, block: &Block) {
        self.builder.heading(level, &one_line(&block.text), block.page);
        let Some(text) = self.builder.outline.blocks.last().map(|b| b.text.clone()) else {
            return;
        };
        self.path.retain(|(above, _)| *above < level);
        self.path.push((level, text));
        self.begun = true;
        self.open = false;
    }

    fn text(&mut self, kind: BlockKind, block: &Block) {
        if !self.open {
            self.open_section();
        }
        self.builder.block(kind, &one_line(&block.text), block.page);
    }

    fn open_section(&mut self) {
        let heading = self.path.last().map_or("", |(_, text)| text.as_str());
        let (number, words) = contents::numbered(heading);
        let number = number.map(str::to_owned);
        let outermost = self.path.first().map_or("", |(_, text)| text.as_str());
        let kind = match self.begun {
            false => PassageKind::FrontMatter,
            true if outermost.to_lowercase().starts_with("bilaga") => PassageKind::Annex,
            true => PassageKind::Body,
        };
        let name = match &number {
            Some(number) => format!("s{}", number.replace('.', "-")),
            None if words.is_empty() => "inledning".to_owned(),
            None => slug(words),
        };
        let anchor = self.unused(if name.is_empty() { "avsnitt".to_owned() } else { name });
        self.builder.open(Section {
            heading_path: self.path.iter().map(|(_, text)| text.clone()).collect(),
            provision: None,
            number,
            kind,
            marks: Marks::default(),
            validity: Validity::default(),
            anchor,
            blocks: 0..0,
        });
        self.open = true;
    }

    /// Uneven numbering gives two sections the same number; their anchors must differ.
    fn unused(&mut self, anchor: String) -> String {
        let times = self.anchors.entry(anchor.clone()).or_default();
        *times += 1;
        if *times == 1 {
            anchor
        } else {
            format!("{anchor}-{times}")
        }
    }
}

fn one_line(text: &str) -> String {
    lines::join(&text.lines().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::plain;

    fn paths(text: &str) -> Vec<String> {
        let outline = read(plain::blocks(text));
        outline
            .sections
            .iter()
            .map(|s| format!("{}: {}", s.anchor, s.heading_path.join(" > ")))
            .collect()
    }

    #[test]
    fn headings_known_from_the_contents_carry_their_printed_number() {
        let long = "Lång text som står under rubriken och som är längre än hundra tecken, vilket gör att raderna räknas som hela stycken.";
        let text = format!(
            "Riktlinje\n\nInnehåll\nInledning\t2\n1. Allmänt\t3\n1.1 Avgift\t4\n2. Lista\t5\n\nInledning\n{long}\n10. Allmänt\n{long}\n1.1 Avgift \n{long}\n2. Lista\nSkatteverket behöver:\n1. Namn\n2. Adress\n{long}"
        );
        assert_eq!(
            paths(&text),
            [
                "inledning: ",
                "inledning-2: Inledning",
                "s10: 10. Allmänt",
                "s1-1: 10. Allmänt > 1.1 Avgift",
                "s2: 2. Lista"
            ]
        );
    }
}
