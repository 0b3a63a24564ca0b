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

/// What each signal counts for, and how much they must come to where there is no judge. At this sum few answerable questions
/// are declined (0.06 on the tuning half), but two of three unanswerable ones still pass there: vectors of this size tell
/// nearness, not answers. Words of one sentence told more than words of all passages together.
const LIKENESS: f32 = 1.5;
const WORDS: f32 = 1.0;
const MISSING_NAME: f32 = -0.3;
const MISSING_FIGURE: f32 = -0.25;
const THRESHOLD: f32 = 0.95;
/// The same where the judge has read, in log odds: one sure sentence can be a wrong one that looks right, while of a question
/// with an answer several sentences speak. So the surest counts half and the mean of the surest few counts whole. The line
/// was drawn on the tuning half and on 220 questions written for it: here none and 0.11 of the answerable ones are declined,
/// and of the unanswerable ones 0.67 and 0.65 (most of the latter written to mislead).
const SUREST: f32 = 0.5;
const FEW: usize = 8;
const NAME_NOT_READ: f32 = -2.0;
const FIGURE_NOT_READ: f32 = -1.0;
const VERDICT: f32 = -1.8;
/// One sentence as sure as this is enough: in a small material there are no others to speak with it.
const ALONE: f32 = 2.0;
/// Where likeness counts as none and as full: cosines of the e5 family lie close together and high.
const COSINES: (f32, f32) = (0.80, 0.92);

/// What speaks for and against there being an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Support {
    /// How surely the sentences answer that the judge has read, in log odds; `None` where it has read none.
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
            verdict: verdict(ranked),
            likeness: (pointed.likeness - COSINES.0) / (COSINES.1 - COSINES.0),
            words: pointed.words,
            missing_name: names(&question.text).iter().any(|name| !is_named(name, best)),
            missing_figure: asks_for_a_figure(&question.text) && !figures,
            named: best.iter().any(|ranked| ranked.named),
        }
    }

    /// True if the material answers the question.
    pub fn suffices(&self) -> bool {
        self.named || self.margin() >= 0.0
    }

    /// By how much the signals come to more than is asked for.
    pub fn margin(&self) -> f32 {
        let missing = |name: f32, figure: f32| {
            let absent = |is_missing: bool, weight: f32| if is_missing { weight } else { 0.0 };
            absent(self.missing_name, name) + absent(self.missing_figure, figure)
        };
        match self.verdict {
            Some(verdict) => verdict + missing(NAME_NOT_READ, FIGURE_NOT_READ) - VERDICT,
            None => {
                let near = LIKENESS * self.likeness + WORDS * self.words;
                near + missing(MISSING_NAME, MISSING_FIGURE) - THRESHOLD
            }
        }
    }
}

/// What the judge's verdicts come to together.
fn verdict(ranked: &[Ranked]) -> Option<f32> {
    let read = ranked.iter().flat_map(|ranked| &ranked.verdicts);
    let mut odds: Vec<f32> = read.map(|verdict| log_odds(verdict.answers)).collect();
    odds.sort_by(|a, b| b.total_cmp(a));
    odds.truncate(FEW);
    let surest = odds.first()?;
    let together = SUREST * surest + odds.iter().sum::<f32>() / odds.len() as f32;
    Some(if *surest >= ALONE {
        together.max(VERDICT)
    } else {
        together
    })
}

/// Kept within what four digits tell apart from never and always.
fn log_odds(probability: f32) -> f32 {
    let kept = probability.clamp(1e-4, 1.0 - 1e-4);
    (kept / (1.0 - kept)).ln()
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
