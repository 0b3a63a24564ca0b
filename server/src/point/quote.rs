//! Chosen sentences in; quotes that can be read on their own, each one unbroken range of its passage, out.
//!
//! A list item is quoted with its lead-in and the rest of its list, and a table row with its header. A sentence that leans on
//! the one before it ("Det gäller ...") brings that one along, and a rule brings along the exception that follows it ("Detta
//! gäller dock inte ..."): each would mislead alone.

use std::ops::Range;

use lotsen_corpus::release::PlacedPassage;
use lotsen_corpus::text;

use super::Sentence;
use crate::rerank::Ranked;

/// A quote longer than this is split, or stays without its company, in bytes.
const LONGEST: usize = 900;

/// How a sentence begins that leans on the one before it.
const LEANS_BACK: [&str; 10] = [
    "Det ",
    "Detta ",
    "Detsamma ",
    "Dessa ",
    "Denna ",
    "Sådan",
    "Samma ",
    "Dock ",
    "Då ",
    "I sådana fall",
];
/// What shows that a sentence limits the one before it.
const LIMITS: [&str; 6] = [
    " dock ",
    "gäller inte",
    "gäller dock",
    "undantag",
    "Trots ",
    "om det inte",
];

/// A piece of a passage's text, word for word.
#[derive(Debug, Clone)]
pub struct Quote {
    /// The passage it is cut from.
    pub place: PlacedPassage,
    /// Bytes in the passage's text.
    pub range: Range<usize>,
    /// The score of its best sentence.
    pub score: f32,
}

impl Quote {
    /// Its words.
    pub fn text(&self) -> &str {
        &self.place.passage().text[self.range.clone()]
    }
}

/// The sentences of a passage. A passage in which none is found is one sentence.
pub fn sentences(place: &PlacedPassage) -> Vec<Range<usize>> {
    let text = &place.passage().text;
    let found = text::sentences(text);
    if found.is_empty() {
        std::iter::once(0..text.len()).collect()
    } else {
        found
    }
}

/// Cuts the quotes, best first. Those of one passage that touch become one.
pub(super) fn cut(chosen: &[Sentence], passages: &[Ranked]) -> Vec<Quote> {
    let mut quotes: Vec<Quote> = Vec::new();
    for sentence in chosen {
        let place = &passages[sentence.passage].place;
        for range in readable(&place.passage().text, &sentences(place), &sentence.range) {
            add(
                &mut quotes,
                Quote {
                    place: place.clone(),
                    range,
                    score: sentence.score,
                },
            );
        }
    }
    quotes
}

fn add(quotes: &mut Vec<Quote>, quote: Quote) {
    let touches = |other: &Quote| {
        let text = &quote.place.passage().text;
        let gap = quote.range.start.min(other.range.end)..quote.range.start.max(other.range.end);
        let gap_after = other.range.start.min(quote.range.end)..other.range.start.max(quote.range.end);
        let overlap = other.range.start < quote.range.end && quote.range.start < other.range.end;
        other.place.passage().id == quote.place.passage().id
            && (overlap || text[gap].trim().is_empty() || text[gap_after].trim().is_empty())
    };
    match quotes.iter_mut().find(|other| touches(other)) {
        Some(other) => {
            other.range = other.range.start.min(quote.range.start)..other.range.end.max(quote.range.end);
        }
        None => quotes.push(quote),
    }
}

/// What a passage begins with: its first sentence, with its list where it opens one.
pub fn opening(place: PlacedPassage, score: f32) -> Option<Quote> {
    let sentences = sentences(&place);
    let ranges = readable(&place.passage().text, &sentences, sentences.first()?);
    let range = ranges.into_iter().next()?;
    Some(Quote { place, range, score })
}

/// The ranges that let a sentence be understood: one, or its lead-in and itself apart when much stands between them.
fn readable(text: &str, sentences: &[Range<usize>], chosen: &Range<usize>) -> Vec<Range<usize>> {
    let Some(at) = sentences.iter().position(|s| s == chosen) else {
        return vec![chosen.clone()];
    };
    let of = |i: usize| &text[sentences[i].clone()];
    if let Some(before) = hangs_on(text, sentences, chosen) {
        let last = (at..sentences.len()).take_while(|&i| is_item(of(i))).last();
        let list_end = last.map_or(chosen.end, |i| sentences[i].end);
        return together_or_apart(&before, chosen, list_end);
    }
    if is_item(of(at)) || is_row(of(at)) {
        return vec![chosen.clone()];
    }
    let (mut first, mut last) = (at, at);
    if at > 0 && LEANS_BACK.iter().any(|start| of(at).starts_with(start)) && !is_item(of(at - 1)) {
        first = at - 1;
    }
    let fits = |first: usize, last: usize| sentences[last].end - sentences[first].start <= LONGEST;
    let opens_list = sentences.get(at + 1).is_some_and(|next| is_item(&text[next.clone()]));
    while opens_list && last + 1 < sentences.len() && is_item(of(last + 1)) && fits(first, last + 1) {
        last += 1;
    }
    let limited = sentences.get(last + 1).map(|next| &text[next.clone()]);
    let leans_and_limits =
        |next: &str| LEANS_BACK.iter().any(|s| next.starts_with(s)) && LIMITS.iter().any(|l| next.contains(l));
    if !opens_list && limited.is_some_and(leans_and_limits) {
        last += 1;
    }
    let whole = sentences[first].start..sentences[last].end;
    if whole.len() <= LONGEST {
        vec![whole]
    } else {
        vec![chosen.clone()]
    }
}

/// The lead-in of a list item, or the header of a table row: without it neither can be understood.
pub fn hangs_on(text: &str, sentences: &[Range<usize>], sentence: &Range<usize>) -> Option<Range<usize>> {
    let at = sentences.iter().position(|s| s == sentence)?;
    let of = |i: usize| &text[sentences[i].clone()];
    let before = if is_item(of(at)) {
        (0..at).rev().find(|&i| !is_item(of(i)))
    } else if is_row(of(at)) {
        (0..at).rev().take_while(|&i| is_row(of(i))).last()
    } else {
        None
    };
    before.map(|i| sentences[i].clone())
}

/// The whole list where it is short enough, since "och" or "eller" before its last item binds all of them; else up to the
/// item; else lead-in and item apart.
fn together_or_apart(lead: &Range<usize>, chosen: &Range<usize>, list_end: usize) -> Vec<Range<usize>> {
    let ends = [list_end, chosen.end].into_iter();
    let whole = ends.map(|end| lead.start..end).find(|whole| whole.len() <= LONGEST);
    whole.map_or_else(|| vec![lead.clone(), chosen.clone()], |whole| vec![whole])
}

/// "1. ", "a) ", "– ".
fn is_item(sentence: &str) -> bool {
    let mark = sentence.split_whitespace().next().unwrap_or_default();
    let counted = mark.strip_suffix(['.', ')']);
    matches!(mark, "–" | "-" | "•" | "·" | "*" | "—")
        || counted
            .is_some_and(|c| c.len() <= 3 && (c.chars().all(|c| c.is_ascii_digit()) || c.len() == 1) && !c.is_empty())
}

/// Cells are parted by " | ".
fn is_row(sentence: &str) -> bool {
    sentence.contains(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is quoted when the sentence that contains `chosen` is chosen.
    fn quoted(text: &str, chosen: &str) -> Vec<String> {
        let sentences = text::sentences(text);
        let range = sentences
            .iter()
            .find(|range| text[(*range).clone()].contains(chosen))
            .unwrap();
        let ranges = readable(text, &sentences, range);
        ranges.into_iter().map(|range| text[range].to_owned()).collect()
    }

    #[test]
    fn an_item_brings_its_lead_in() {
        let text = "Bidrag lämnas inte om åtgärderna behövs på grund av\n1. byggnadstekniska brister,\n2. eftersatt underhåll.";
        assert_eq!(quoted(text, "underhåll"), [text]);
        assert_eq!(quoted(text, "byggnadstekniska"), [text], "the items are bound together");
        let many = format!(
            "Ansvaret gäller\n{}9. vård i hem.",
            "1. annan vård som ges på ett sjukhus,\n".repeat(40)
        );
        assert_eq!(quoted(&many, "vård i hem"), ["Ansvaret gäller", "9. vård i hem."]);
    }

    #[test]
    fn a_lead_in_brings_its_list() {
        let text = "Nämnden ska\n1. utreda, och\n2. besluta.\nBeslutet gäller genast.";
        assert_eq!(
            quoted(text, "Nämnden ska"),
            ["Nämnden ska\n1. utreda, och\n2. besluta."]
        );
    }

    #[test]
    fn a_sentence_that_leans_is_not_quoted_alone() {
        let text = "Makar får bo tillsammans. Det gäller om de stadigvarande bor ihop. Avgift tas ut.";
        assert_eq!(
            quoted(text, "Det gäller"),
            ["Makar får bo tillsammans. Det gäller om de stadigvarande bor ihop."]
        );
        assert_eq!(quoted(text, "Avgift"), ["Avgift tas ut."]);
        let exception = "Avgift tas ut. Detta gäller dock inte för barn. Nämnden beslutar.";
        assert_eq!(
            quoted(exception, "Avgift"),
            ["Avgift tas ut. Detta gäller dock inte för barn."]
        );
    }

    #[test]
    fn a_row_brings_its_header() {
        let text = "Nivå | Timmar | Avgift\n1 | 1–10 | 400 kr\n2 | 11–20 | 800 kr";
        assert_eq!(quoted(text, "11–20"), [text]);
    }
}
