//! Markdown in; blocks out.

use lotsen_corpus::{Block, BlockKind};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Reads headings, paragraphs, lists, tables and footnotes; markup inside a line is dropped, its words are kept.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES) {
        reader.event(event);
    }
    reader.flush();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    text: String,
    /// The open lists, outermost first: the next number, or `None` for bullets.
    lists: Vec<Option<u64>>,
    heading: Option<u8>,
    header_row: bool,
    in_row: bool,
    in_note: bool,
    /// True when the open list item's first line has not been written yet.
    item_begins: bool,
    in_item: bool,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            Event::FootnoteReference(name) => self.text.push_str(&format!("[{name}]")),
            Event::Html(html) | Event::InlineHtml(html) if html.trim().starts_with("<br") => self.text.push('\n'),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(*level as u8);
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.flush();
                self.in_item = true;
                self.item_begins = true;
            }
            Tag::TableHead => self.begin_row(true),
            Tag::TableRow => self.begin_row(false),
            Tag::FootnoteDefinition(name) => {
                self.flush();
                self.in_note = true;
                self.text = format!("[{name}] ");
            }
            Tag::Paragraph if !self.in_note => self.flush(),
            _ => {}
        }
    }

    fn begin_row(&mut self, header: bool) {
        self.flush();
        self.in_row = true;
        self.header_row = header;
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::TableCell => self.text.push_str(" | "),
            TagEnd::Paragraph if self.in_note => self.text.push('\n'),
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock => self.flush(),
            TagEnd::TableHead | TagEnd::TableRow => {
                self.flush();
                self.in_row = false;
            }
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.in_note = false;
            }
            TagEnd::Item => {
                self.flush();
                self.in_item = false;
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            _ => {}
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let heading = self.heading.take();
        let text = match self.in_row {
            true => text.trim().trim_end_matches('|').trim().to_owned(),
            false => text.trim().to_owned(),
        };
        if text.is_empty() {
            return;
        }
        let depth = u8::try_from(self.lists.len()).unwrap_or(9).max(1);
        let (kind, text) = if let Some(level) = heading {
            (BlockKind::Heading { level }, text)
        } else if self.in_row {
            (
                BlockKind::TableRow {
                    header: self.header_row,
                },
                text,
            )
        } else if self.in_note {
            (BlockKind::Footnote, text)
        } else if self.in_item && self.item_begins {
            self.item_begins = false;
            (BlockKind::ListItem { depth }, format!("{} {text}", self.item_mark()))
        } else {
            (BlockKind::Paragraph, text)
        };
        self.blocks.push(Block { kind, text, page: None });
    }

    /// The mark that a reader of the rendered page sees before the item.
    fn item_mark(&mut self) -> String {
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}.", *number - 1)
            }
            _ => "–".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_structure_become_structure() {
        let found = blocks(
            "# Avgifter\n\nEn **fast** avgift[^1].\n\n1. hemtjänst\n2. larm\n\n| Nivå | Kr |\n|---|---|\n| 1 | 200 |\n\n[^1]: Se taxan.\n",
        );
        let lines: Vec<String> = found.iter().map(|b| format!("{:?} {}", b.kind, b.text)).collect();
        assert_eq!(
            lines,
            [
                "Heading { level: 1 } Avgifter",
                "Paragraph En fast avgift[1].",
                "ListItem { depth: 1 } 1. hemtjänst",
                "ListItem { depth: 1 } 2. larm",
                "TableRow { header: true } Nivå | Kr",
                "TableRow { header: false } 1 | 200",
                "Footnote [1] Se taxan.",
            ]
        );
    }
}
