//! Plain text (or what was taken out of a word processor as such) in; blocks out.
//!
//! Two habits are met: each paragraph on one long line, or lines broken at a fixed width. Which one a text follows is read
//! off its line lengths, because joining the first kind glues headings to what follows them.

use std::sync::LazyLock;

use lotsen_corpus::{Block, BlockKind};
use regex::{Captures, Regex};

use super::contents;
use super::lines::{self, Marker};
use lotsen_corpus::text::pattern;

/// Longer lines than this are not broken by a printer.
const PRINTED_WIDTH: usize = 100;

static NOTE_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[footnoteRef:(\d+)\]"));
static NOTE_BODY: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[(\d{1,3}):\s*([^\]]*)\]"));
static NOTE_LINE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\^\w+\]:)\s*\S"));
static LEFTOVER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:image\d+\.\w{2,4}|\d{1,3}|-{3,})$"));
static EMPHASIS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\*\*([^*]+)\*\*|\[([^\]]+)\]\((?:[^()\s]|\([^()\s]*\))*\)"));

/// Finds paragraphs, list items, table rows and footnotes. Headings are found later, by `promote`.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let contents = contents::find(&lines);
    let mut reader = Reader {
        blocks: Vec::new(),
        notes: NOTE_MARK.is_match(text),
    };
    let wrapped = is_wrapped(&lines);
    let mut group: Vec<&str> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if contents.covers(at) {
            reader.group(&std::mem::take(&mut group), wrapped);
            reader.push(BlockKind::Paragraph, line);
        } else if line.trim().is_empty() && (group.is_empty() || !line.starts_with('\t')) {
            reader.group(&std::mem::take(&mut group), wrapped);
        } else if !LEFTOVER.is_match(line.trim()) || line.starts_with('\t') {
            group.push(line);
        }
    }
    reader.group(&group, wrapped);
    reader.blocks
}

fn is_wrapped(lines: &[&str]) -> bool {
    let mut lengths: Vec<usize> = lines.iter().map(|l| l.chars().count()).filter(|&n| n > 0).collect();
    lengths.sort_unstable();
    lengths
        .get(lengths.len() * 19 / 20)
        .is_some_and(|&long| long <= PRINTED_WIDTH)
}

struct Reader {
    blocks: Vec<Block>,
    /// True where footnotes stand in the text as `[3: ...]`.
    notes: bool,
}

impl Reader {
    fn group(&mut self, group: &[&str], wrapped: bool) {
        if group.len() > 1 && group.iter().all(|line| line.starts_with('\t')) {
            let cells: Vec<&str> = group.iter().map(|cell| cell.trim()).collect();
            self.row(&cells);
        } else if wrapped {
            for (kind, text) in lines::blocks(group) {
                match kind {
                    BlockKind::TableRow { .. } => self.row(&text.split(" | ").collect::<Vec<_>>()),
                    kind => self.text(kind, &text),
                }
            }
        } else {
            for (at, line) in group.iter().enumerate() {
                let neighbour_has_cells = [at.wrapping_sub(1), at + 1]
                    .iter()
                    .any(|&n| group.get(n).is_some_and(|other| other.trim().contains('\t')));
                if neighbour_has_cells && line.trim().contains('\t') {
                    self.row(&line.trim().split('\t').map(str::trim).collect::<Vec<_>>());
                } else {
                    self.line(line, at == 0);
                }
            }
        }
    }

    /// One line of a text whose paragraphs are single lines; some are broken all the same.
    fn line(&mut self, line: &str, first: bool) {
        let text = line.trim();
        let marker = Marker::of(text);
        let open_end = |block: &Block| {
            let sort = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. });
            let long = !first || block.text.chars().count() > 60;
            sort && long && !block.text.ends_with(['.', ':', ';', '!', '?', ')', ']'])
        };
        if marker.is_none()
            && text.starts_with(char::is_lowercase)
            && let Some(before) = self.blocks.last_mut()
            && open_end(before)
        {
            before.text = lines::join(&[&before.text, text]);
            return;
        }
        let kind = match marker {
            Some(marker) => BlockKind::ListItem { depth: marker.depth() },
            None if NOTE_LINE.is_match(text) => BlockKind::Footnote,
            None => BlockKind::Paragraph,
        };
        self.text(kind, text);
    }

    /// Adds a text; footnotes inside it follow it as blocks of their own.
    fn text(&mut self, kind: BlockKind, text: &str) {
        let text = EMPHASIS.replace_all(text, |found: &Captures<'_>| {
            found
                .get(1)
                .or(found.get(2))
                .map_or("", |inner| inner.as_str())
                .to_owned()
        });
        if !self.notes {
            return self.push(kind, &text);
        }
        let notes: Vec<String> = NOTE_BODY
            .captures_iter(&text)
            .map(|n| format!("[{}] {}", &n[1], n[2].trim()))
            .collect();
        let bare = NOTE_BODY.replace_all(&text, "");
        self.push(kind, NOTE_MARK.replace_all(&bare, "[$1]").trim());
        for note in notes {
            self.push(BlockKind::Footnote, &note);
        }
    }

    fn row(&mut self, cells: &[&str]) {
        let header = !matches!(self.blocks.last().map(|b| b.kind), Some(BlockKind::TableRow { .. }));
        self.push(BlockKind::TableRow { header }, &cells.join(" | "));
    }

    fn push(&mut self, kind: BlockKind, text: &str) {
        if !text.trim().is_empty() {
            self.blocks.push(Block {
                kind,
                text: text.trim_end().to_owned(),
                page: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        blocks(text).into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn footnotes_follow_the_text_that_they_belong_to() {
        let long = "x".repeat(120);
        let found = blocks(&format!(
            "{long} respekteras[footnoteRef:2].  [2:  (SOU 2020:14, sid 143)] "
        ));
        assert!(found[0].text.ends_with("respekteras[2]."));
        assert_eq!(
            (found[1].kind, found[1].text.as_str()),
            (BlockKind::Footnote, "[2] (SOU 2020:14, sid 143)")
        );
    }

    #[test]
    fn a_table_out_of_word_keeps_its_rows() {
        let long = "x".repeat(120);
        let found = texts(&format!("{long}\n\n\tNivå\n\t1\n\t2\n\n\tTimmar\n\t0–2\n\t3–8\n"));
        assert_eq!(found[1..], ["Nivå | 1 | 2", "Timmar | 0–2 | 3–8"]);
    }

    #[test]
    fn a_sentence_that_a_page_break_cut_is_whole_again() {
        let start = "Pilotprojektet har genomförts i begränsad omfattning för att utvärdera hur tekniken kan i hela förvaltningen och dess delar";
        assert_eq!(
            texts(&format!("{start}\n\nstödja arbetet.")),
            [format!("{start} stödja arbetet.")]
        );
    }
}
