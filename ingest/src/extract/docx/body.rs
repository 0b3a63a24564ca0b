//! `document.xml` in; blocks in reading order out.

use std::collections::HashMap;

use lotsen_corpus::{Block, BlockKind};

use super::numbering::Numbering;
use super::styles::Style;
use crate::extract::Refusal;
use crate::extract::xml::{self, Part, Tag};

/// A list and the level in it.
type ListPlace = (String, u8);

/// Elements whose text is not shown: deleted and moved-away text, field codes, what older programs would show instead.
const UNSHOWN: [&str; 7] = [
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "Fallback",
    "rPrChange",
    "pPrChange",
];

/// The text of each footnote by its id.
pub(super) fn footnotes(xml: &str) -> Result<HashMap<String, String>, Refusal> {
    let mut notes = HashMap::new();
    let (mut id, mut text, mut in_text) = (String::new(), String::new(), false);
    xml::each(xml, |part| match part {
        Part::Open("footnote", tag) => {
            id = tag.get("w:id").unwrap_or_default();
            text.clear();
        }
        Part::Open("t", _) => in_text = true,
        Part::Close("t") => in_text = false,
        Part::Open("tab" | "br", _) | Part::Close("p") => text.push(' '),
        Part::Text(words) if in_text => text.push_str(words),
        Part::Close("footnote") => {
            notes.insert(std::mem::take(&mut id), text.trim().to_owned());
        }
        _ => {}
    })?;
    Ok(notes)
}

/// Reads the body.
pub(super) fn read(
    xml: &str,
    styles: HashMap<String, Style>,
    numbering: Numbering,
    footnotes: HashMap<String, String>,
    notes: &mut Vec<String>,
) -> Result<Vec<Block>, Refusal> {
    let mut reader = Reader {
        styles,
        numbering,
        footnotes,
        ..Reader::default()
    };
    xml::each(xml, |part| reader.part(&part))?;
    if reader.hidden_letters > 0 {
        notes.push(format!("left out: hidden text of {} letters", reader.hidden_letters));
    }
    Ok(reader.with_title_outermost())
}

#[derive(Default)]
struct Reader {
    styles: HashMap<String, Style>,
    numbering: Numbering,
    footnotes: HashMap<String, String>,
    blocks: Vec<Block>,
    text: String,
    style: Style,
    list: Option<ListPlace>,
    in_text: bool,
    /// How deep inside elements that are not shown.
    unshown: usize,
    /// How deep inside a table of contents that Word made.
    contents: usize,
    sdt: usize,
    tables: usize,
    rows: usize,
    cells: Vec<String>,
    notes: Vec<String>,
    note_count: usize,
    titles: bool,
    /// The paragraphs around a text box that is being read.
    around: Vec<(String, Style, Option<ListPlace>)>,
    /// True in a run that is formatted as hidden.
    hidden: bool,
    hidden_letters: usize,
}

impl Reader {
    fn part(&mut self, part: &Part<'_>) {
        match part {
            Part::Open(name, _) if UNSHOWN.contains(name) => self.unshown += 1,
            Part::Close(name) if UNSHOWN.contains(name) => self.unshown = self.unshown.saturating_sub(1),
            _ if self.unshown > 0 => {}
            Part::Open(name, tag) => self.open(name, tag),
            Part::Close(name) => self.close(name),
            Part::Text(words) if self.in_text && self.hidden => {
                self.hidden_letters += words.chars().filter(|c| c.is_alphanumeric()).count();
            }
            Part::Text(words) if self.in_text => self.text.push_str(words),
            Part::Text(_) => {}
        }
    }

    fn open(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "sdt" => self.sdt += 1,
            "docPartGallery" if tag.value().as_deref() == Some("Table of Contents") && self.contents == 0 => {
                self.contents = self.sdt
            }
            "p" => {
                self.style = Style::default();
                self.list = None;
            }
            "pStyle" => {
                self.style = tag
                    .value()
                    .and_then(|id| self.styles.get(&id).cloned())
                    .unwrap_or_default()
            }
            "outlineLvl" => {
                let level = tag.value().and_then(|v| v.parse::<u8>().ok()).filter(|&l| l < 9);
                self.style.heading = self.style.heading.or(level.map(|l| l + 1));
            }
            "ilvl" => {
                let level = tag.value().and_then(|v| v.parse().ok()).unwrap_or(0);
                self.list = Some((self.list.take().map_or(String::new(), |(list, _)| list), level));
            }
            "numId" => {
                let level = self.list.take().map_or(0, |(_, level)| level);
                self.list = tag.value().map(|list| (list, level));
            }
            "r" => self.hidden = false,
            "vanish" => self.hidden = tag.is_on(),
            "txbxContent" => {
                let text = std::mem::take(&mut self.text);
                self.around
                    .push((text, std::mem::take(&mut self.style), self.list.take()));
            }
            "t" => self.in_text = true,
            "tab" if self.in_run() => self.text.push('\t'),
            "br" | "cr" => self.text.push(' '),
            "noBreakHyphen" => self.text.push('-'),
            "footnoteReference" => self.footnote(tag),
            "tbl" => self.tables += 1,
            "tr" if self.tables == 1 => self.cells.clear(),
            "tc" if self.tables == 1 => self.cells.push(String::new()),
            "tblHeader" if tag.is_on() => self.rows = 0,
            _ => {}
        }
    }

    /// `w:tab` is a character in a run and a stop in a paragraph's properties; only the second has a position.
    fn in_run(&self) -> bool {
        !self.text.is_empty()
    }

    fn footnote(&mut self, tag: &Tag<'_>) {
        let note = tag.get("w:id").and_then(|id| self.footnotes.get(&id));
        if let Some(note) = note.filter(|text| !text.is_empty()) {
            self.note_count += 1;
            self.text.push_str(&format!("[{}]", self.note_count));
            self.notes.push(format!("[{}] {note}", self.note_count));
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => self.paragraph(),
            "txbxContent" => {
                if let Some(paragraph) = self.around.pop() {
                    (self.text, self.style, self.list) = paragraph;
                }
            }
            "sdt" => {
                if self.contents == self.sdt {
                    self.contents = 0;
                }
                self.sdt = self.sdt.saturating_sub(1);
            }
            "tr" if self.tables == 1 => {
                let row = self.cells.iter().map(|c| c.trim()).collect::<Vec<_>>().join(" | ");
                self.push(BlockKind::TableRow { header: self.rows == 0 }, &row);
                self.rows += 1;
            }
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.rows = 0;
                    self.flush_notes();
                }
            }
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        if self.contents > 0 || self.style.contents {
            return;
        }
        if self.tables > 0 {
            if let Some(cell) = self.cells.last_mut() {
                cell.push_str(text.trim());
                cell.push(' ');
            }
            return;
        }
        if text.trim().is_empty() {
            return;
        }
        let list = self
            .list
            .take()
            .filter(|(list, _)| !list.is_empty())
            .or_else(|| self.style.list.clone());
        let mark = list
            .as_ref()
            .and_then(|(list, level)| self.numbering.next(list, *level));
        let text = match &mark {
            Some(mark) => format!("{mark} {}", text.trim()),
            None => text,
        };
        let kind = match (self.style.heading, list, mark) {
            (Some(level), ..) => {
                self.titles |= level == 0;
                BlockKind::Heading { level }
            }
            (None, Some((_, level)), Some(_)) => BlockKind::ListItem { depth: level + 1 },
            _ => BlockKind::Paragraph,
        };
        self.push(kind, &text);
        self.flush_notes();
    }

    fn flush_notes(&mut self) {
        for note in std::mem::take(&mut self.notes) {
            self.push(BlockKind::Footnote, &note);
        }
    }

    fn push(&mut self, kind: BlockKind, text: &str) {
        if text.chars().any(char::is_alphanumeric) {
            let text = text.trim().to_owned();
            self.blocks.push(Block { kind, text, page: None });
        }
    }

    /// A title stands above the first heading level; where there is one, all others move down a step.
    fn with_title_outermost(mut self) -> Vec<Block> {
        for block in self.blocks.iter_mut().filter(|_| self.titles) {
            if let BlockKind::Heading { level } = &mut block.kind {
                *level += 1;
            }
        }
        self.blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::docx::{numbering, styles};

    #[test]
    fn styles_footnotes_tables_and_tracked_changes() {
        let style =
            styles::read(r#"<w:styles><w:style w:styleId="Rubrik1"><w:name w:val="heading 1"/></w:style></w:styles>"#)
                .unwrap();
        let notes = footnotes(r#"<w:footnotes><w:footnote w:id="2"><w:p><w:r><w:t>Se taxan.</w:t></w:r></w:p></w:footnote></w:footnotes>"#).unwrap();
        let mut reported = Vec::new();
        let xml = r#"<w:document><w:body>
            <w:p><w:pPr><w:pStyle w:val="Rubrik1"/></w:pPr><w:r><w:t>Avgifter &amp; hyra</w:t></w:r></w:p>
            <w:p><w:ins><w:r><w:t>Ny</w:t></w:r></w:ins><w:del><w:r><w:delText>Gammal</w:delText></w:r></w:del><w:r><w:t xml:space="preserve"> text</w:t></w:r>
            <w:r><w:footnoteReference w:id="2"/></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Nivå</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Kr</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            <w:p><w:r><w:t xml:space="preserve">Före </w:t></w:r><w:r><w:txbxContent><w:p><w:r><w:t>Ruta.</w:t></w:r></w:p></w:txbxContent></w:r>
            <w:r><w:rPr><w:vanish/></w:rPr><w:t>osynlig</w:t></w:r><w:r><w:t>efter</w:t></w:r></w:p>
            </w:body></w:document>"#;
        let blocks = read(xml, style, numbering::read("").unwrap(), notes, &mut reported).unwrap();
        let lines: Vec<String> = blocks.iter().map(|b| format!("{:?} {}", b.kind, b.text)).collect();
        assert_eq!(reported, ["left out: hidden text of 7 letters"]);
        assert_eq!(
            lines,
            [
                "Heading { level: 1 } Avgifter & hyra",
                "Paragraph Ny text[1]",
                "Footnote [1] Se taxan.",
                "TableRow { header: true } Nivå | Kr",
                "Paragraph Ruta.",
                "Paragraph Före efter",
            ]
        );
    }
}
