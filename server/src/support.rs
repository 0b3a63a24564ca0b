//! The question, the best passages and the chosen sentences in; whether the material answers the question at all, out.
//!
//! The nearest passage always looks a little like an answer, so nearness alone proves nothing. What gives an unanswerable
//! question away is what the judge says of the best sentence, and a word: a place, a product or a measure that nothing found
//! speaks of. Weights and thresholds were fitted on the tuning half of the questions (`lotsen-eval --half tune`) and on the
//! demonstration's; too few to trust beyond them.

use crate::point::{Pointed, asks_for_a_figure, has_figure};
use crate::rerank::Ranked;
use crate::understand::Understood;

/// Passages whose names count.
const TOGETHER: usize = 5;

/// What each signal counts for, and how much they must come to where there is no judge. At this sum few answerable questions are declined (0.06 on
/// the tuning half), but two of three unanswerable ones still pass there: vectors of this size tell nearness, not answers.
/// Words of one sentence told more than words of all passages together.
const LIKENESS: f32 = 1.5;
const WORDS: f32 = 1.0;
const MISSING_NAME: f32 = -0.3;
const MISSING_FIGURE: f32 = -0.25;
const THRESHOLD: f32 = 0.95;
/// How sure the judge must be of its best sentence. At this, 0.06 of the answerable questions are declined and 0.61 of the
/// unanswerable ones, on the tuning half and on questions held back from training together.
const VERDICT: f32 = 0.15;
/// Where likeness counts as none and as full: cosines of the e5 family lie close together and high.
const COSINES: (f32, f32) = (0.80, 0.92);

/// What speaks for and against there being an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Support {
    /// How surely the best sentence answers, where the judge has read it, from 0 to 1.
    pub verdict: Option<f32>,
    /// Likeness of the best sentence, from 0 to about 1.
    pub likeness: f32,
    /// Largest share of the question's words, by rarity, in one sentence.
    pub words: f32,
    /// True if the question names something that no best passage and none of their documents names.
    pub missing_name: bool,
    /// True if the question asks for a figure and no chosen sentence has one.
    pub missing_figure: bool,
    /// True if the question names a provision that was found: then its text is the answer.
    pub named: bool,
}

impl Support {
    /// Weighs the signals of one question.
    pub fn of(question: &Understood, ranked: &[Ranked], pointed: &Pointed) -> Self {
        let best = &ranked[..ranked.len().min(TOGETHER)];
        let figures = pointed.quotes.iter().any(|quote| has_figure(quote.text()));
        Self {
            verdict: best.iter().filter_map(Ranked::answers).reduce(f32::max),
            likeness: (pointed.likeness - COSINES.0) / (COSINES.1 - COSINES.0),
            words: pointed.words,
            missing_name: names(&question.text).iter().any(|name| !is_named(name, best)),
            missing_figure: asks_for_a_figure(&question.text) && !figures,
            named: best.iter().any(|ranked| ranked.named),
        }
    }

    /// True if the material answers the question.
    pub fn suffices(&self) -> bool {
        let missing =
            if self.missing_name { MISSING_NAME } else { 0.0 } + if self.missing_figure { MISSING_FIGURE } else { 0.0 };
        let enough = match self.verdict {
            Some(verdict) => verdict + missing >= VERDICT,
            None => LIKENESS * self.likeness + WORDS * self.words + missing >= THRESHOLD,
        };
        self.named || enough
    }
}

/// Words that Swedish writes with a capital inside a sentence: names of places, bodies and products. Abbreviations of
/// acts and the like are in capitals throughout and are not among them.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut begins = true;
    for piece in text.split_whitespace() {
        let word: &str = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let mut letters = word.chars();
        let capital = letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase);
        if capital && !begins && word.chars().count() > 3 {
            names.push(word.to_lowercase());
        }
        begins = piece.ends_with(['.', '?', '!', ':']);
    }
    names
}

/// Whether a passage, or the document it stands in, names it; a genitive -s makes no difference.
fn is_named(name: &str, best: &[Ranked]) -> bool {
    let stem = name.strip_suffix('s').unwrap_or(name);
    best.iter().any(|ranked| {
        let document = &ranked.place.edition.document;
        let passage = ranked.place.passage();
        [&document.title, &document.issuer, &passage.text]
            .into_iter()
            .chain(&passage.heading_path)
            .any(|text| text.to_lowercase().contains(stem))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_capitalised_words_inside_a_sentence() {
        assert_eq!(names("Vad kostar parkering i Huddinge?"), ["huddinge"]);
        assert_eq!(
            names("Vem är det? Kommunen vet. Gäller SoL i Eslövs kommun?"),
            ["eslövs"]
        );
        assert!(names("Får vi avslå enligt LSS?").is_empty());
    }
}
