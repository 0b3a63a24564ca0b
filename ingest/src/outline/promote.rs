//! Blocks of a document without marked headings in; the same blocks with its headings found out.
//!
//! Three cues, strongest first: the title stands in the table of contents; it has a number with at least two parts
//! ("3.6.2"), or one part where nothing speaks for a list; it is a short line without a full stop over running text.

use std::collections::HashSet;

use lotsen_corpus::{Block, BlockKind};

use super::contents::{key, numbered};

/// A heading is at most this long.
const LONGEST: usize = 140;
/// A heading without number and without table of contents is at most this long.
const LONGEST_BARE: usize = 80;

/// Finds the headings; `titles` are those of the table of contents.
pub(super) fn headings(blocks: &mut [Block], titles: &[String]) {
    let known: HashSet<String> = titles.iter().map(|t| key(t)).collect();
    let mut numbered_level = 0;
    for at in 0..blocks.len() {
        let Some(cue) = cue(blocks, at, &known) else { continue };
        let level = match cue {
            Cue::Numbered(depth) => {
                numbered_level = depth;
                depth
            }
            Cue::Listed => {
                numbered_level = 0;
                1
            }
            Cue::Bare => numbered_level + 1,
        };
        blocks[at].kind = BlockKind::Heading { level };
    }
}

enum Cue {
    /// Its number has this many parts.
    Numbered(u8),
    /// Without number, but in the table of contents.
    Listed,
    /// Only its looks speak for it.
    Bare,
}

fn cue(blocks: &[Block], at: usize, known: &HashSet<String>) -> Option<Cue> {
    let block = &blocks[at];
    let text = block.text.trim();
    let fit = matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem { .. });
    if !fit || text.chars().count() > LONGEST {
        return None;
    }
    let listed = known.contains(&key(text));
    match numbered(text) {
        (Some(number), words) if words.starts_with(char::is_uppercase) => {
            let parts = u8::try_from(number.split('.').count()).unwrap_or(6).min(6);
            let closed = words.ends_with(['.', ',', ';', ':']);
            let heading = listed || !closed && (parts > 1 || known.is_empty() && !in_list(blocks, at));
            heading.then_some(Cue::Numbered(parts))
        }
        (Some(_), _) => None,
        (None, _) if listed => Some(Cue::Listed),
        (None, _) if block.kind == BlockKind::Paragraph && looks_like_heading(blocks, at) => Some(Cue::Bare),
        (None, _) => None,
    }
}

/// "1. Namn" beside "2. Adress" is a list; a numbered heading has text of its own under it.
fn in_list(blocks: &[Block], at: usize) -> bool {
    let number = |i: usize| blocks.get(i).and_then(|b| numbered(b.text.trim()).0);
    // "2.1" after "2" is a section in it and no next item.
    let own = number(at).map(|own| format!("{own}."));
    let within = |i: usize| {
        number(i)
            .zip(own.as_ref())
            .is_some_and(|(next, own)| next.starts_with(own.as_str()))
    };
    let item = |i: usize| number(i).is_some() && !within(i);
    let led_in = at > 0 && blocks[at - 1].text.trim_end().ends_with(':');
    led_in || item(at + 1) || at > 0 && item(at - 1) && matches!(blocks[at - 1].kind, BlockKind::ListItem { .. })
}

fn looks_like_heading(blocks: &[Block], at: usize) -> bool {
    let text = blocks[at].text.trim();
    let closed = text.ends_with(['.', ',', ':', ';', '!', ')', '-', '–']) || text.contains(['\t', '@', '|']);
    let after_text = at == 0 || {
        let before = blocks[at - 1].text.trim_end();
        let own_line = before.chars().count() <= LONGEST_BARE || before.ends_with(['.', '!', '?', ')', ']']);
        blocks[at - 1].kind != BlockKind::Paragraph || own_line
    };
    let over_text = blocks.get(at + 1).is_some_and(|next| {
        let running = next.text.trim_end().ends_with(['.', ':', '?', ']']) && next.text.chars().count() > LONGEST_BARE;
        matches!(next.kind, BlockKind::Paragraph | BlockKind::ListItem { .. }) && running
    });
    text.starts_with(char::is_uppercase) && text.chars().count() <= LONGEST_BARE && !closed && after_text && over_text
}
