//! Headings of statutes as known-item queries in; how high the paragraphs under them come in a search, out.
//!
//! Each line of the file names an act, a chapter and the paragraphs that stand under the heading. The service must serve a
//! release with those acts. Nothing but `/v1/search` is asked.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::client::{Client, Passage};

/// Ranks that count for nDCG.
pub const K: usize = 10;

/// A heading and the paragraphs under it.
#[derive(Debug, Deserialize)]
pub struct Heading {
    /// Its name in reports.
    pub id: String,
    /// The heading's words.
    pub query: String,
    /// The act's number: "2025:400".
    pub sfs: String,
    /// Chapter, where the act has chapters.
    #[serde(default)]
    pub kap: Option<String>,
    /// Paragraphs under the heading.
    pub gold: Vec<String>,
}

/// Searches for every heading; the report is Markdown.
pub async fn report(client: &Client, headings: &[Heading]) -> Result<String> {
    let (mut gain, mut found) = (0.0, 0);
    for heading in headings {
        let passages = client.find(&heading.query).await.with_context(|| heading.id.clone())?;
        let score = ndcg(heading, &passages);
        gain += score;
        found += usize::from(score > 0.0);
    }
    let all = headings.len().max(1) as f64;
    Ok(format!(
        "| headings | found in the first {K} | nDCG@{K} |\n|---|---|---|\n| {} | {:.3} | {:.3} |\n",
        headings.len(),
        found as f64 / all,
        gain / all
    ))
}

/// nDCG with each gold paragraph counted once: a long one may be several passages.
fn ndcg(heading: &Heading, passages: &[Passage]) -> f64 {
    let mut left: BTreeSet<String> = heading.gold.iter().map(|paragraph| place(heading, paragraph)).collect();
    let ideal: f64 = (0..left.len().min(K)).map(discount).sum();
    let document = format!("sfs-{}", heading.sfs.replace(':', "-"));
    let mut gain = 0.0;
    for (rank, passage) in passages.iter().take(K).enumerate() {
        let reference: String = passage.reference.split_whitespace().collect();
        let hit = left
            .iter()
            .find(|place| passage.document.id == document && reference.starts_with(place.as_str()))
            .cloned();
        if let Some(place) = hit {
            left.remove(&place);
            gain += discount(rank);
        }
    }
    if ideal > 0.0 { gain / ideal } else { 0.0 }
}

fn place(heading: &Heading, paragraph: &str) -> String {
    let chapter = heading
        .kap
        .as_ref()
        .map_or(String::new(), |chapter| format!("{chapter}kap."));
    format!("{chapter}{paragraph}§").split_whitespace().collect()
}

/// What a hit at this rank, from 0, is worth in nDCG.
pub fn discount(rank: usize) -> f64 {
    1.0 / (rank as f64 + 2.0).log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Card;

    fn passage(reference: &str) -> Passage {
        Passage {
            document: Card {
                id: "sfs-2025-400".into(),
                valid_to: None,
                status: "in_force".into(),
            },
            reference: reference.into(),
            heading_path: Vec::new(),
            text: String::new(),
        }
    }

    #[test]
    fn the_order_counts_and_a_paragraph_counts_once() {
        let heading = Heading {
            id: "h".into(),
            query: "q".into(),
            sfs: "2025:400".into(),
            kap: Some("1".into()),
            gold: vec!["3".into(), "4 a".into()],
        };
        let (three, four, other) = (
            passage("1 kap. 3 § SoL"),
            passage("1 kap. 4 a § SoL"),
            passage("11 kap. 3 § SoL"),
        );
        assert!((ndcg(&heading, &[three.clone(), four.clone()]) - 1.0).abs() < 1e-9);
        let late = ndcg(&heading, &[other.clone(), three.clone(), three.clone(), four]);
        assert!(late > 0.0 && late < 1.0, "{late}");
        assert!(ndcg(&heading, &[other]) == 0.0);
    }
}
