//! An OpenDocument text (also a sheet or slides, which hold the same elements) in; blocks out.
//!
//! Tracked changes are read as if accepted: what was deleted stands apart in the file and is left out, as are comments and
//! tables of contents.

use std::collections::HashMap;

use lotsen_corpus::{Block, BlockKind};

use super::Refusal;
use super::archive::Archive;
use super::xml::{self, Part, Tag};

/// Elements whose text is no part of the document's own.
const LEFT_OUT: [&str; 8] = [
    "tracked-changes",
    "annotation",
    "table-of-content",
    "alphabetical-index",
    "bibliography",
    "hidden-text",
    "forms",
    "note-citation",
];

/// Reads the document's text with its headings, lists, tables and footnotes.
pub(super) fn read(archive: &mut Archive<'_>) -> Result<Vec<Block>, Refusal> {
    let content = archive.part("content.xml")?.unwrap_or_default();
    let mut reader = Reader {
        numbered: numbered_lists(&archive.part("styles.xml")?.unwrap_or_default())?,
        ..Reader::default()
    };
    reader.numbered.extend(numbered_lists(&content)?);
    xml::each(&content, |part| reader.part(&part))?;
    Ok(reader.blocks)
}

/// Which levels of which list styles are numbered.
fn numbered_lists(xml: &str) -> Result<HashMap<(String, usize), bool>, Refusal> {
    let mut lists = HashMap::new();
    let mut style = String::new();
    xml::each(xml, |part| {
        let Part::Open(name, tag) = part else { return };
        let level = || tag.local("level").and_then(|l| l.parse().ok()).unwrap_or(1);
        match name {
            "list-style" => style = tag.local("name").unwrap_or_default(),
            "list-level-style-number" => {
                let shown = tag.local("num-format").is_some_and(|format| !format.is_empty());
                lists.insert((style.clone(), level()), shown);
            }
            _ => {}
        }
    })?;
    Ok(lists)
}

#[derive(Default)]
struct Reader {
    numbered: HashMap<(String, usize), bool>,
    blocks: Vec<Block>,
    text: String,
    heading: Option<u8>,
    /// How deep inside elements that are left out.
    left_out: usize,
    /// The open lists, outermost first: style, and how many items there have been.
    lists: Vec<(String, usize)>,
    item_begins: bool,
    /// The texts around a footnote or a text box that is being read.
    around: Vec<(String, Option<u8>)>,
    in_note: bool,
    notes: Vec<String>,
    note_count: usize,
    tables: usize,
    rows: usize,
    cells: Vec<String>,
    /// Paragraphs and headings that are open: other text is layout.
    open: usize,
}

impl Reader {
    fn part(&mut self, part: &Part<'_>) {
        match part {
            Part::Open(name, _) if LEFT_OUT.contains(name) => self.left_out += 1,
            Part::Close(name) if LEFT_OUT.contains(name) => self.left_out = self.left_out.saturating_sub(1),
            _ if self.left_out > 0 => {}
            Part::Open(name, tag) => self.start(name, tag),
            Part::Close(name) => self.end(name),
            Part::Text(words) if self.open > 0 => self.text.push_str(&words.replace(['\n', '\t'], " ")),
            Part::Text(_) => {}
        }
    }

    fn start(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "h" => {
                let level = tag.local("outline-level").and_then(|l| l.parse().ok()).unwrap_or(1);
                self.heading = Some(level);
                self.open += 1;
            }
            "p" => {
                let style = tag.local("style-name").unwrap_or_default();
                self.heading = (style == "Title").then_some(0);
                self.open += 1;
            }
            "s" => self.text.push(' '),
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push(' '),
            "note-body" | "text-box" => {
                self.around.push((std::mem::take(&mut self.text), self.heading.take()));
                if name == "note-body" {
                    self.in_note = true;
                    self.note_count += 1;
                    self.notes.push(format!("[{}]", self.note_count));
                }
            }
            "list" => {
                let own = tag.local("style-name");
                let style = own.or_else(|| self.lists.last().map(|(style, _)| style.clone()));
                self.lists.push((style.unwrap_or_default(), 0));
            }
            "list-item" => {
                self.item_begins = true;
                if let Some((_, count)) = self.lists.last_mut() {
                    *count += 1;
                }
            }
            "table" => self.tables += 1,
            "table-row" if self.tables == 1 => self.cells.clear(),
            "table-cell" if self.tables == 1 => self.cells.push(String::new()),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "h" | "p" => {
                self.open = self.open.saturating_sub(1);
                self.paragraph();
            }
            "note-body" | "text-box" => {
                let (text, heading) = self.around.pop().unwrap_or_default();
                self.text = text;
                self.heading = heading;
                if std::mem::take(&mut self.in_note) {
                    self.text.push_str(&format!("[{}]", self.note_count));
                }
            }
            "list" => {
                self.lists.pop();
            }
            "table-row" if self.tables == 1 => {
                let cells: Vec<&str> = self.cells.iter().map(|c| c.trim()).collect();
                let row = cells.join(" | ").trim_end_matches([' ', '|']).to_owned();
                self.push(BlockKind::TableRow { header: self.rows == 0 }, &row);
                self.rows += 1;
            }
            "table" => {
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
        let (text, heading) = (text.trim(), self.heading.take());
        if self.in_note {
            if let Some(note) = self.notes.last_mut() {
                note.push(' ');
                note.push_str(text);
            }
            return;
        }
        if self.tables > 0 {
            if let Some(cell) = self.cells.last_mut() {
                cell.push_str(text);
                cell.push(' ');
            }
            return;
        }
        if text.is_empty() {
            return;
        }
        match heading {
            Some(level) => self.push(BlockKind::Heading { level }, text),
            None if std::mem::take(&mut self.item_begins) && !self.lists.is_empty() => {
                let depth = u8::try_from(self.lists.len()).unwrap_or(9);
                let text = format!("{} {text}", self.mark());
                self.push(BlockKind::ListItem { depth }, &text);
            }
            None => self.push(BlockKind::Paragraph, text),
        }
        if self.around.is_empty() {
            self.flush_notes();
        }
    }

    /// What stands before an item: its number where its list is numbered, else a dash.
    fn mark(&self) -> String {
        let level = self.lists.len();
        match self.lists.last() {
            Some((style, count)) if self.numbered.get(&(style.clone(), level)) == Some(&true) => format!("{count}."),
            _ => "–".to_owned(),
        }
    }

    fn flush_notes(&mut self) {
        for note in std::mem::take(&mut self.notes) {
            self.push(BlockKind::Footnote, &note);
        }
    }

    fn push(&mut self, kind: BlockKind, text: &str) {
        if text.chars().any(char::is_alphanumeric) {
            self.blocks.push(Block {
                kind,
                text: text.trim().to_owned(),
                page: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lists_notes_tables_and_what_is_left_out() {
        let xml = r#"<office:document-content><office:automatic-styles><text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style></office:automatic-styles>
            <office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>Borttaget.</text:p></text:deletion></text:changed-region></text:tracked-changes>
            <text:h text:outline-level="2">Avgifter</text:h><text:p>Avgiften<text:s/>är<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Se taxan.</text:p></text:note-body></text:note> fast.</text:p>
            <text:list text:style-name="L1"><text:list-item><text:p>hemtjänst</text:p></text:list-item><text:list-item><text:p>larm</text:p></text:list-item></text:list>
            <table:table><table:table-row><table:table-cell><text:p>Nivå</text:p></table:table-cell><table:table-cell><text:p>Kr</text:p></table:table-cell></table:table-row></table:table>
            </office:text></office:document-content>"#;
        let mut reader = Reader {
            numbered: numbered_lists(xml).unwrap(),
            ..Reader::default()
        };
        xml::each(xml, |part| reader.part(&part)).unwrap();
        let lines: Vec<String> = reader
            .blocks
            .iter()
            .map(|b| format!("{:?} {}", b.kind, b.text))
            .collect();
        assert_eq!(
            lines,
            [
                "Heading { level: 2 } Avgifter",
                "Paragraph Avgiften är[1] fast.",
                "Footnote [1] Se taxan.",
                "ListItem { depth: 1 } 1. hemtjänst",
                "ListItem { depth: 1 } 2. larm",
                "TableRow { header: true } Nivå | Kr",
            ]
        );
    }
}
