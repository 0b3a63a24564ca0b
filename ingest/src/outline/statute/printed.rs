//! A statute in whatever form it came in; the lines of the official text form, and the page of each, out.

use lotsen_corpus::{Block, BlockKind};

/// The lines of a statute, parted by empty lines as the official text form does it.
#[derive(Debug, Default)]
pub(in super::super) struct Printed {
    pub(super) text: String,
    /// The document's title, where the form marks it.
    pub(super) title: Option<String>,
    /// The page of each line; empty where the form has no pages.
    pages: Vec<Option<u32>>,
}

impl Printed {
    /// Takes the text form as it is.
    pub(in super::super) fn of_text(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }

    /// Writes blocks in the text form. A heading at the start is the title.
    pub(in super::super) fn of_blocks(blocks: &[Block]) -> Self {
        let mut printed = Self::default();
        let (title, rest) = match blocks {
            [first, rest @ ..] if matches!(first.kind, BlockKind::Heading { .. }) => (Some(first.text.clone()), rest),
            all => (None, all),
        };
        printed.title = title;
        for block in rest {
            for line in block.text.lines() {
                printed.line(line, block.page);
            }
            printed.line("", block.page);
        }
        printed
    }

    fn line(&mut self, line: &str, page: Option<u32>) {
        self.text.push_str(line);
        self.text.push('\n');
        self.pages.push(page);
    }

    /// The page on which a line stands, counted from 1.
    pub(super) fn page(&self, line: usize) -> Option<u32> {
        self.pages.get(line.checked_sub(1)?).copied().flatten()
    }
}
