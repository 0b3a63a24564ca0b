//! Candidates in; the same passages in order, best first, each with its scores, out.
//!
//! The order is a weighted sum of what the searches said and how many of the question's words a passage has. The weights
//! were fitted on the tuning half of the questions (`lotsen-eval --half tune`) and on the demonstration's. There the sum
//! did as well as or better than reciprocal rank fusion, and headings counted apart, or a prior for acts, made no difference.

use lotsen_corpus::PassageId;
use lotsen_corpus::record::CasePart;
use lotsen_corpus::release::PlacedPassage;

use crate::judge::Verdict;
use crate::library::{Library, question_terms};
use crate::retrieve::Candidates;
use crate::understand::{QuestionKind, Understood};

/// What each signal counts for. All signals lie between 0 and 1 within one question.
struct Weights {
    dense: f32,
    sparse: f32,
    coverage: f32,
    named: f32,
    called: f32,
    background: f32,
}

const WEIGHTS: Weights = Weights {
    dense: 1.0,
    sparse: 0.4,
    coverage: 0.4,
    // More than all others together: what the question names comes first.
    named: 3.0,
    // The word may be meant otherwise, so the judge has a say too.
    called: 1.2,
    // It tells of the field, or of a case, but binds nobody.
    background: -0.15,
};

/// What a verdict of "answers it" counts for beside them: anything from 0.75 to 2 did equally well.
const VERDICT: f32 = 1.0;

/// A passage with its place in the order and the reasons for it.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// Where it stands.
    pub place: PlacedPassage,
    /// The weighted sum; comparable within one question.
    pub score: f32,
    /// Cosine with the question; that of the worst one found by meaning where only words found it.
    pub dense: f32,
    /// Share of the question's terms, by rarity, that stand in the passage or its headings.
    pub coverage: f32,
    /// True if the question names it.
    pub named: bool,
    /// True if the question names it by the number that it bears on its day.
    pub itself: bool,
    /// True if a word of the question is a name for it.
    pub called: bool,
    /// True if it tells of something but neither binds nor guides.
    pub background: bool,
    /// Its sentences that the judge read; none where it did not read the passage.
    pub verdicts: Vec<Verdict>,
}

impl Ranked {
    /// How surely its best sentence answers the question, if the judge read it.
    pub fn answers(&self) -> Option<f32> {
        self.verdicts.iter().map(|verdict| verdict.answers).reduce(f32::max)
    }

    /// The passage's name.
    pub fn id(&self) -> &PassageId {
        &self.place.passage().id
    }
}

/// Orders the candidates, best first.
pub fn order(library: &Library, question: &Understood, candidates: &Candidates) -> Vec<Ranked> {
    let terms = question_terms(&question.search_text);
    let found = &candidates.found;
    let dense = Span::of(found.iter().filter_map(|c| c.dense));
    let sparse = Span::of(found.iter().filter_map(|c| c.sparse).chain([0.0]));
    let mut ranked: Vec<Ranked> = found
        .iter()
        .map(|candidate| {
            let of_passage = library.terms(&candidate.place.passage().id);
            let coverage = library.covered(&terms, |term| of_passage.is_some_and(|p| p.has(term)));
            let meaning = candidate.dense.unwrap_or(dense.low);
            let background = is_background(question.kind, &candidate.place);
            let score = WEIGHTS.dense * dense.place(meaning)
                + WEIGHTS.sparse * sparse.place(candidate.sparse.unwrap_or(0.0))
                + WEIGHTS.coverage * coverage
                + WEIGHTS.called * f32::from(u8::from(candidate.called))
                + WEIGHTS.named * f32::from(u8::from(candidate.named))
                + WEIGHTS.background * f32::from(u8::from(background));
            Ranked {
                place: candidate.place.clone(),
                score,
                dense: meaning,
                coverage,
                named: candidate.named,
                itself: candidate.itself,
                called: candidate.called,
                background,
                verdicts: Vec::new(),
            }
        })
        .collect();
    sort(&mut ranked);
    ranked
}

/// Reports and the like, and the facts of a case: "Mannen tillhör personkretsen" says nothing of who belongs there. Who asks
/// for case law asks for them too.
fn is_background(asked: QuestionKind, place: &PlacedPassage) -> bool {
    let facts = matches!(
        place.passage().marks.case_part,
        Some(CasePart::Background | CasePart::Question)
    );
    place.kind().is_background() || facts && asked != QuestionKind::CaseLaw
}

/// Orders anew once the judge has read: its verdict weighs most, and what the searches said decides between equals.
pub fn by_verdict(ranked: &mut [Ranked]) {
    for passage in ranked.iter_mut() {
        passage.score += VERDICT * passage.answers().unwrap_or(0.0);
    }
    sort(ranked);
}

/// Best first; of equals the one that binds most.
fn sort(ranked: &mut [Ranked]) {
    ranked.sort_by(|a, b| {
        let weight = |ranked: &Ranked| ranked.place.kind();
        b.score
            .total_cmp(&a.score)
            .then_with(|| weight(a).cmp(&weight(b)))
            .then_with(|| a.id().cmp(b.id()))
    });
}

/// The lowest and highest of some scores, to place others between them.
struct Span {
    low: f32,
    high: f32,
}

impl Span {
    fn of(scores: impl Iterator<Item = f32>) -> Self {
        let (low, high) = scores.fold((f32::MAX, f32::MIN), |(low, high), s| (low.min(s), high.max(s)));
        if low > high {
            Self { low: 0.0, high: 0.0 }
        } else {
            Self { low, high }
        }
    }

    fn place(&self, score: f32) -> f32 {
        if self.high > self.low {
            (score - self.low) / (self.high - self.low)
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use lotsen_corpus::Kind;

    use super::*;
    use crate::testing::{Draft, place};

    #[test]
    fn the_facts_of_a_case_are_background_unless_case_law_is_asked_for() {
        let part = |case_part| {
            place(&Draft {
                kind: Some(Kind::Rattsfall),
                case_part,
                ..Draft::default()
            })
        };
        let facts = part(Some(CasePart::Background));
        assert!(is_background(QuestionKind::Rule, &facts));
        assert!(!is_background(QuestionKind::CaseLaw, &facts));
        assert!(!is_background(QuestionKind::Rule, &part(Some(CasePart::Reasoning))));
        assert!(!is_background(QuestionKind::Rule, &part(None)));
    }
}
