//! One case in, what was right and wrong about its replies out.

use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::cases::{Case, CaseKind, Gold};
use crate::client::{Answer, Client, Outcome, Passage, Source};

/// Everything measured about one case.
#[derive(Debug, Serialize)]
pub struct Measured {
    pub id: String,
    pub kind: CaseKind,
    /// For each gold place the rank (from 1) of the first passage found that holds its evidence.
    pub ranks: Vec<Option<usize>>,
    /// For each gold place whether a cited passage holds its evidence or is that place.
    pub cited: Vec<bool>,
    /// Place (from 1) of the first quote that holds evidence, also where the quotes are only the nearest.
    pub evident: Option<usize>,
    pub all_required: bool,
    /// `answered`, `no_support`, `refused` or a problem's type.
    pub status: String,
    pub quotes: usize,
    /// Quotes that do not stand in their passage or on their page.
    pub altered_quotes: usize,
    /// Sources that had ceased to apply and were shown without saying so.
    pub superseded: usize,
    /// Forbidden phrases in what was shown.
    pub forbidden: usize,
    pub notices: Vec<String>,
    /// How much spoke for there being an answer; `None` where the service does not weigh it.
    pub support: Option<f64>,
    pub summary_sentences: usize,
    pub dropped_sentences: usize,
    pub search_ms: f64,
    pub sources_ms: Option<f64>,
    pub answer_ms: f64,
}

impl Measured {
    /// Rank of the first place found when one is enough, of the last one needed otherwise.
    pub fn rank(&self) -> Option<usize> {
        self.ranks.iter().flatten().min().copied()
    }

    /// Whether the answer cites what it must: every place when all are required, one otherwise.
    pub fn right_place(&self) -> bool {
        if self.all_required {
            self.cited.iter().all(|c| *c)
        } else {
            self.cited.iter().any(|c| *c)
        }
    }

    /// Whether the service rightly said no, or rightly did not.
    pub fn right_status(&self) -> bool {
        (self.kind == CaseKind::Unanswerable) == (self.status == "no_support")
    }
}

/// Asks one case and scores the replies.
pub async fn case(client: &Client, case: Case, mode: &str) -> Result<Measured> {
    let found = client.search(&case).await.with_context(|| case.id.clone())?;
    let asked = client.ask(&case, mode).await.with_context(|| case.id.clone())?;
    let ranks = case
        .gold
        .iter()
        .map(|gold| found.value.iter().position(|p| holds(p, gold)).map(|i| i + 1))
        .collect();
    let mut measured = Measured {
        id: case.id.clone(),
        kind: case.kind,
        ranks,
        cited: vec![false; case.gold.len()],
        evident: None,
        all_required: case.all_required,
        status: String::new(),
        quotes: 0,
        altered_quotes: 0,
        superseded: 0,
        forbidden: 0,
        notices: Vec::new(),
        support: None,
        summary_sentences: 0,
        dropped_sentences: 0,
        search_ms: milliseconds(found.took),
        sources_ms: None,
        answer_ms: milliseconds(asked.took),
    };
    match asked.value {
        Outcome::Problem(kind) => measured.status = kind,
        Outcome::Answer { answer, until_sources } => {
            measured.sources_ms = until_sources.map(milliseconds);
            score_answer(client, &case, &answer, &mut measured).await?;
        }
    }
    Ok(measured)
}

async fn score_answer(client: &Client, case: &Case, answer: &Answer, measured: &mut Measured) -> Result<()> {
    measured.status.clone_from(&answer.status);
    measured.notices = answer.notices.iter().map(|n| n.code.clone()).collect();
    measured.support = answer.diagnostics.support;
    measured.dropped_sentences = answer.dropped_sentences;
    measured.summary_sentences = answer.sentences.iter().filter(|s| s.kind == "summary").count();

    let mut quotes = answer.sources.iter().chain(&answer.nearest);
    let evident = quotes.position(|source| case.gold.iter().any(|gold| says(source, gold)));
    measured.evident = evident.map(|i| i + 1);

    let day = case.as_of.unwrap_or_else(|| jiff::Zoned::now().date());
    let told = measured.notices.iter().any(|code| code == "repealed_law");
    for source in &answer.sources {
        let passage = client
            .passage(&source.passage_id)
            .await
            .with_context(|| case.id.clone())?;
        for (cited, gold) in measured.cited.iter_mut().zip(&case.gold) {
            *cited |= holds(&passage, gold) || is_place(&passage, gold);
        }
        let ended = source.document.status == "repealed" || source.document.valid_to.is_some_and(|end| end <= day);
        measured.superseded += usize::from(ended && !(told && source.document.status == "repealed"));
        measured.quotes += 1;
        measured.altered_quotes += usize::from(!stands(client, &source.quote, &passage, &source.url).await?);
    }
    for source in &answer.nearest {
        let passage = client
            .passage(&source.passage_id)
            .await
            .with_context(|| case.id.clone())?;
        measured.quotes += 1;
        measured.altered_quotes += usize::from(!stands(client, &source.quote, &passage, &source.url).await?);
    }
    let shown: String = answer.sentences.iter().map(|s| s.text.to_lowercase() + "\n").collect();
    measured.forbidden = case
        .must_not
        .iter()
        .filter(|phrase| shown.contains(&phrase.to_lowercase()))
        .count();
    Ok(())
}

/// A quote is verbatim when it stands, white space aside, both in the passage and on the page that its link opens.
async fn stands(client: &Client, quote: &str, passage: &Passage, url: &str) -> Result<bool> {
    let quote = collapse(quote);
    Ok(collapse(&passage.text).contains(&quote) && client.page_text(url).await?.contains(&quote))
}

/// Whether the passage holds the gold place's words.
fn holds(passage: &Passage, gold: &Gold) -> bool {
    passage.document.id == gold.doc && letters(&passage.text).contains(&letters(&gold.evidence))
}

/// Whether the quote holds the gold place's words, or they hold the quote.
fn says(source: &Source, gold: &Gold) -> bool {
    let (quote, evidence) = (letters(&source.quote), letters(&gold.evidence));
    source.document.id == gold.doc && (quote.contains(&evidence) || evidence.contains(&quote))
}

/// Whether the passage is the gold place: same chapter and paragraph ("2a" and "2 a" are one), or under the same heading.
fn is_place(passage: &Passage, gold: &Gold) -> bool {
    if passage.document.id != gold.doc {
        return false;
    }
    if let Some(paragraph) = &gold.par {
        let place = match &gold.kap {
            Some(chapter) => format!("{chapter}kap.{paragraph}§"),
            None => format!("{paragraph}§"),
        };
        return without_spaces(&passage.reference).starts_with(&without_spaces(&place));
    }
    gold.heading.as_ref().is_some_and(|heading| {
        passage
            .heading_path
            .iter()
            .any(|above| letters(above) == letters(heading))
    })
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// White space collapsed to single spaces.
pub fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and digits alone, lower case: evidence was copied from texts with other list marks and line breaks.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Card;

    fn passage(document: &str, reference: &str, text: &str) -> Passage {
        Passage {
            document: Card {
                id: document.into(),
                valid_to: None,
                status: "in_force".into(),
            },
            reference: reference.into(),
            heading_path: vec!["9. Överklagan".into()],
            text: text.into(),
        }
    }

    fn gold(kap: Option<&str>, par: Option<&str>, heading: Option<&str>) -> Gold {
        let own = |s: Option<&str>| s.map(str::to_owned);
        Gold {
            doc: "sfs-2025-400".into(),
            kap: own(kap),
            par: own(par),
            heading: own(heading),
            evidence: "inom fjorton dagar".into(),
        }
    }

    #[test]
    fn evidence_is_found_across_line_breaks_but_not_in_another_document() {
        assert!(holds(
            &passage("sfs-2025-400", "", "ska ske inom\nfjorton  dagar."),
            &gold(None, None, None)
        ));
        assert!(!holds(
            &passage("sfs-2001-453", "", "inom fjorton dagar"),
            &gold(None, None, None)
        ));
    }

    #[test]
    fn a_place_is_its_chapter_and_paragraph_or_its_heading() {
        let eleven_one = gold(Some("11"), Some("1"), None);
        assert!(is_place(&passage("sfs-2025-400", "11 kap. 1 § SoL", ""), &eleven_one));
        assert!(!is_place(&passage("sfs-2025-400", "11 kap. 10 § SoL", ""), &eleven_one));
        assert!(!is_place(&passage("sfs-2025-400", "1 kap. 1 § SoL", ""), &eleven_one));
        assert!(is_place(
            &passage("sfs-2025-400", "x", ""),
            &gold(None, None, Some("9. Överklagan "))
        ));
    }
}
