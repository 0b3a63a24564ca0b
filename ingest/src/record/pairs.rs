//! The first blocks of a document in; what they state as "label: value" out.

use lotsen_corpus::{Block, BlockKind};

/// How far into a document its data may stand.
const FIRST_BLOCKS: usize = 40;
/// A label is a few words; a longer "label" is a sentence with a colon in it.
const LONGEST_LABEL: usize = 48;

/// Labels in lower case with their values, in the order of the document.
pub(super) fn of(blocks: &[Block]) -> Vec<(String, String)> {
    let blocks = blocks.iter().take(FIRST_BLOCKS);
    blocks
        .filter(|b| !matches!(b.kind, BlockKind::Heading { .. }))
        .flat_map(|b| b.text.lines().filter_map(pair))
        .collect()
}

fn pair(line: &str) -> Option<(String, String)> {
    let line = line.trim().trim_start_matches(['–', '-', '•', '·', '*', ' ']);
    let (label, value) = line
        .split_once(" | ")
        .or_else(|| line.split_once(':'))
        .or_else(|| line.split_once('\t'))?;
    let (label, value) = (label.trim().to_lowercase(), value.trim().trim_end_matches('|').trim());
    let fit = !label.is_empty() && !value.is_empty() && label.chars().count() <= LONGEST_LABEL;
    fit.then(|| (label, value.to_owned()))
}

/// The value of the first label that is one of these.
pub(super) fn value<'a>(pairs: &'a [(String, String)], labels: &[&str]) -> Option<&'a str> {
    let wanted = pairs.iter().find(|(label, _)| labels.contains(&label.as_str()));
    wanted.map(|(_, value)| value.as_str())
}
