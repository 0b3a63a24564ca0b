//! Ranked passages in; the same in the order that a reading of their sentences gives, each with what was read, out.
//!
//! The searches find what is about the question's matter; the judge reads question and sentence together and says whether
//! the one answers the other. It reads the sentences that share most with the question, since reading all of them would
//! take seconds. Without a judge, or once time is up, the order stays as it was.

use std::ops::Range;
use std::time::Instant;

use lotsen_corpus::judge::Judge;
use lotsen_corpus::release::PlacedPassage;

use crate::library::{Library, Term, question_terms};
use crate::point::quote;
use crate::question::AskError;
use crate::rerank::{self, Ranked};
use crate::understand::Understood;

/// How many sentences are read of each passage, by its rank: the first few are read almost whole.
const READ: [(usize, usize); 3] = [(3, 4), (8, 2), (usize::MAX, 1)];

/// A sentence that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Bytes in the passage's text.
    pub range: Range<usize>,
    /// How surely it answers the question, from 0 to 1.
    pub answers: f32,
}

/// Reads sentences of the first `passages` and orders all anew.
pub async fn order(
    judge: &Judge,
    library: &Library,
    question: &Understood,
    mut ranked: Vec<Ranked>,
    passages: usize,
    deadline: Option<Instant>,
) -> Result<Vec<Ranked>, AskError> {
    let terms = asked_terms(question);
    let mut read: Vec<(usize, Range<usize>)> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for (i, ranked) in ranked.iter().take(passages).enumerate() {
        let most = if ranked.called { READ[0].1 } else { sentences_read(i) };
        let sentences = quote::sentences(&ranked.place);
        for range in likeliest(library, &terms, &ranked.place.passage().text, &sentences, most) {
            texts.push(judged_text(&ranked.place, &sentences, &range));
            read.push((i, range));
        }
    }
    let scores = judge.scores(question.judged_text(), texts);
    let scores = match deadline {
        None => scores.await,
        Some(deadline) => match tokio::time::timeout_at(deadline.into(), scores).await {
            Ok(scores) => scores,
            Err(_) => return Ok(ranked),
        },
    };
    for ((i, range), answers) in read.into_iter().zip(scores.map_err(AskError::from_embed)?) {
        ranked[i].verdicts.push(Verdict { range, answers });
    }
    rerank::by_verdict(&mut ranked);
    Ok(ranked)
}

fn sentences_read(rank: usize) -> usize {
    READ.iter()
        .find(|(below, _)| rank < *below)
        .map_or(0, |(_, sentences)| *sentences)
}

/// The terms of the question and those that the texts use for what it says.
fn asked_terms(question: &Understood) -> Vec<Term> {
    let meant = question.meant.iter().flat_map(|meant| meant.mean);
    let mut terms = question_terms(&question.search_text);
    terms.extend(meant.flat_map(|phrase| question_terms(phrase)));
    terms
}

/// The sentences that share most with the question, by the rarity of the words; of equals those that come first.
fn likeliest(
    library: &Library,
    terms: &[Term],
    text: &str,
    sentences: &[Range<usize>],
    most: usize,
) -> Vec<Range<usize>> {
    let mut sentences: Vec<(f32, Range<usize>)> = sentences
        .iter()
        .map(|range| (library.share(terms, &text[range.clone()]), range.clone()))
        .collect();
    sentences.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
    sentences.truncate(most);
    sentences.into_iter().map(|(_, range)| range).collect()
}

/// What the judge reads for a sentence, as in its training (`judged_sentences` in `eval/train/material.py`): the document's
/// short name and the nearest heading, the lead-in or header row that the sentence hangs on, the sentence.
fn judged_text(place: &PlacedPassage, sentences: &[Range<usize>], range: &Range<usize>) -> String {
    let document = &place.edition.document;
    let passage = place.passage();
    let mut text = document.short_title.as_ref().unwrap_or(&document.title).clone();
    if let Some(heading) = passage.heading_path.last() {
        text.push_str(" > ");
        text.push_str(heading);
    }
    text.push(':');
    let hangs_on = quote::hangs_on(&passage.text, sentences, range);
    for part in hangs_on.iter().chain([range]) {
        text.push(' ');
        text.extend(
            passage.text[part.clone()]
                .split_whitespace()
                .flat_map(|word| [word, " "]),
        );
        text.truncate(text.trim_end().len());
    }
    text
}
