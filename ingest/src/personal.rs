//! A document's text in; which personal data it holds, or the text with that masked, out.
//!
//! Published texts name officials and authorities, and unredacted rulings name the persons they are about. The guard's rules
//! find both; which it is only a person knows, so each source has a policy.

use std::collections::BTreeMap;

use lotsen_guard::{Finding, FindingKind};
use serde::{Deserialize, Serialize};

use crate::extract::Content;

/// What stands in a text where personal data stood.
pub const MASK: &str = "[maskerat]";

/// What is done with personal data in a source's documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Listed in the report and read as it is.
    #[default]
    Accept,
    /// Listed, and replaced by [`MASK`] before anything is kept or embedded.
    Mask,
    /// A document that holds any is listed and left out, also when an earlier version was in the release.
    Quarantine,
}

/// How many certain findings there are of each kind.
pub type Counts = BTreeMap<FindingKind, usize>;

/// Counts the certain findings.
pub fn count(content: &Content) -> Counts {
    let mut counts = Counts::new();
    let mut add = |text: &str| {
        for finding in certain(text) {
            *counts.entry(finding.kind).or_default() += 1;
        }
    };
    match content {
        Content::Text(text) => add(text),
        Content::Blocks(blocks) => blocks.iter().for_each(|block| add(&block.text)),
    }
    counts
}

/// Puts [`MASK`] where each certain finding stands.
pub fn mask(content: &mut Content) {
    match content {
        Content::Text(text) => *text = masked(text),
        Content::Blocks(blocks) => blocks.iter_mut().for_each(|block| block.text = masked(&block.text)),
    }
}

fn certain(text: &str) -> impl Iterator<Item = Finding> {
    lotsen_guard::find(text).into_iter().filter(|finding| finding.certain)
}

fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut left = text.chars();
    let mut at = 0;
    for finding in certain(text) {
        masked.extend(left.by_ref().take(finding.start - at));
        masked.push_str(MASK);
        at = finding.start + left.by_ref().take(finding.end - finding.start).count();
    }
    masked.extend(left);
    masked
}

/// Kinds and numbers for a report: "2 Personnummer, 1 Name".
pub fn listed(counts: &Counts) -> String {
    let found: Vec<String> = counts.iter().map(|(kind, n)| format!("{n} {kind:?}")).collect();
    found.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain_is_masked_and_the_rest_stays() {
        let text = "Målet gäller 19811228-9874 i Umeå. Se HFD 2021 ref. 61.".to_owned();
        let mut content = Content::Text(text);
        assert_eq!(count(&content), Counts::from([(FindingKind::Personnummer, 1)]));
        mask(&mut content);
        assert_eq!(
            content,
            Content::Text("Målet gäller [maskerat] i Umeå. Se HFD 2021 ref. 61.".to_owned())
        );
        assert!(count(&content).is_empty());
    }
}
