//! Ranked passages in; the few sentences that answer the question, in the source's own words, out.
//!
//! Nothing is written here: a quote is a range of a passage's text. Which sentences are chosen is the [`Chooser`]'s to say:
//! by default a sum of likeness in meaning, shared words, the passage's rank and whether there is a figure where one was
//! asked for, or the language model under a grammar.

mod figure;
pub mod quote;
mod vectors;

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use lotsen_corpus::embed::Embedder;

pub use self::figure::{asks_for_a_figure, has_figure};
pub use self::quote::Quote;
pub use self::vectors::SentenceVectors;
use crate::generator::Generator;
use crate::library::{Library, Term, question_terms, question_terms_less};
use crate::question::AskError;
use crate::rerank::Ranked;
use crate::understand::{Understood, without_references};

/// Most sentences that the language model chooses among: more do not fit into its prompt.
const MOST_TO_CHOOSE_FROM: usize = 24;

/// What each signal counts for when sentences are scored, fitted on the tuning half (`lotsen-eval --half tune`) and the
/// demonstration's questions: as often as possible the first quote comes from the right place and holds the answer.
const MEANING: f32 = 1.0;
/// What the judge's verdict counts for, where there is one, in place of likeness in meaning.
const VERDICT: f32 = 1.5;
const WORDS: f32 = 0.25;
const RANK: f32 = 0.4;
const FIGURE: f32 = 0.3;
/// For a passage that the question names, or whose name is a word of the question.
const NAMED: f32 = 0.5;
/// A question with fewer terms than this beside its legal references asks for the provisions themselves ("Vad säger 4 kap.
/// 1 § SoL?"), which begin with their rules: the nearer the beginning, the more of [`BEGINNING`] counts.
const LITTLE_ELSE: usize = 3;
const BEGINNING: f32 = 1.5;
/// Where likeness counts as none and as full: cosines of the e5 family lie close together and high.
const COSINES: (f32, f32) = (0.76, 0.92);
/// A sentence this much worse than the best one is not shown. On 218 questions with an answer (held back from training, the
/// tuning half, and 107 written for it), five quotes at most, the right place was among those quoted in 0.72 at 0.5, 0.81
/// here and 0.82 at 1.2, where nearly every answer is as long as it may be. No other weight moved it by more than 0.03.
const TAIL: f32 = 1.0;

/// Who chooses the sentences.
#[derive(Clone)]
pub enum Chooser {
    /// Vectors, words and rank.
    Scorer,
    /// The language model, bound to sentence numbers by a grammar.
    Model(Arc<Generator>),
}

/// What is needed to choose.
pub struct Pointer<'a> {
    /// Who chooses.
    pub chooser: &'a Chooser,
    /// How rare each word is.
    pub library: &'a Library,
    /// Makes the sentences' vectors.
    pub embedder: &'a Embedder,
    /// Those made before.
    pub vectors: &'a SentenceVectors,
    /// Most sentences to choose.
    pub sentences: usize,
    /// Most passages to choose them from.
    pub passages: usize,
    /// When to stop comparing meanings; words and rank choose among what is left.
    pub deadline: Option<Instant>,
}

/// The chosen sentences, and how sure the scorer is.
pub struct Pointed {
    /// Best first.
    pub quotes: Vec<Quote>,
    /// The best cosine of any sentence with the question, or verdict where the judge read; with `words` it feeds the
    /// decision to say no.
    pub likeness: f32,
    /// The largest share of the question's words, by rarity, that any sentence has.
    pub words: f32,
}

/// A sentence of a passage with what speaks for it.
#[derive(Debug, Clone, PartialEq)]
struct Sentence {
    /// Position of its passage in the order.
    passage: usize,
    /// Bytes in the passage's text.
    range: Range<usize>,
    /// Its passage's [`Ranked::itself`].
    itself: bool,
    score: f32,
    likeness: f32,
    words: f32,
}

/// What was found out about whether a sentence says what is asked for.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// The judge's verdict, from 0 to 1.
    Verdict(f32),
    /// The cosine with the question; the passage's where time was up.
    Likeness(f32),
}

impl Meaning {
    fn score(self) -> f32 {
        match self {
            Self::Verdict(answers) => VERDICT * answers,
            Self::Likeness(cosine) => MEANING * (cosine - COSINES.0) / (COSINES.1 - COSINES.0),
        }
    }

    fn likeness(self) -> f32 {
        match self {
            Self::Verdict(of) | Self::Likeness(of) => of,
        }
    }
}

impl Pointer<'_> {
    /// Chooses the sentences that answer the question.
    pub async fn choose(&self, question: &Understood, query: &[f32], ranked: &[Ranked]) -> Result<Pointed, AskError> {
        let passages = &ranked[..ranked.len().min(self.passages)];
        let sentences = self.scored(question, query, passages).await?;
        let most = |of: fn(&Sentence) -> f32| sentences.iter().map(of).fold(0.0, f32::max);
        let (likeness, words) = (most(|sentence| sentence.likeness), most(|sentence| sentence.words));
        let chosen = match self.chooser {
            Chooser::Scorer => {
                let near = near(&sentences, |s| passages[s.passage].background);
                spread(&near, self.sentences)
            }
            Chooser::Model(generator) => self.by_model(generator, question, &sentences, passages).await?,
        };
        let quotes = quote::cut(&chosen, passages);
        Ok(Pointed {
            quotes,
            likeness,
            words,
        })
    }

    /// All sentences of the passages, best first.
    async fn scored(
        &self,
        question: &Understood,
        query: &[f32],
        passages: &[Ranked],
    ) -> Result<Vec<Sentence>, AskError> {
        let terms = telling_terms(question, passages);
        let top = passages.first().map_or(1.0, |ranked| ranked.score.max(f32::EPSILON));
        let wants_figure = asks_for_a_figure(&question.text);
        let wants_provision = question_terms(&without_references(&question.text)).len() < LITTLE_ELSE;
        let mut sentences = Vec::new();
        for (passage, ranked) in passages.iter().enumerate() {
            let text = &ranked.place.passage().text;
            let named = if ranked.named || ranked.called { NAMED } else { 0.0 };
            let standing = RANK * ranked.score / top + named;
            for (range, meaning) in self.meanings(query, ranked).await? {
                let sentence = &text[range.clone()];
                if asks(sentence) {
                    continue;
                }
                let words = self.library.share(&terms, sentence);
                let mut score = meaning.score() + WORDS * words + standing;
                if wants_figure && has_figure(sentence) {
                    score += FIGURE;
                }
                if wants_provision && ranked.named {
                    score += BEGINNING * (1.0 - range.start as f32 / text.len().max(1) as f32);
                }
                sentences.push(Sentence {
                    passage,
                    range,
                    itself: ranked.itself,
                    score,
                    likeness: meaning.likeness(),
                    words,
                });
            }
        }
        sentences.sort_by(|a, b| {
            let position = |s: &Sentence| (s.passage, s.range.start);
            better(a, b).then_with(|| position(a).cmp(&position(b)))
        });
        Ok(sentences)
    }

    /// The sentences of a passage that the judge has read; where it has read none, all of them with their likeness.
    async fn meanings(&self, query: &[f32], ranked: &Ranked) -> Result<Vec<(Range<usize>, Meaning)>, AskError> {
        if !ranked.verdicts.is_empty() {
            let verdicts = ranked.verdicts.iter();
            return Ok(verdicts
                .map(|verdict| (verdict.range.clone(), Meaning::Verdict(verdict.answers)))
                .collect());
        }
        let vectors = self.vectors_of(ranked).await?;
        let sentences = quote::sentences(&ranked.place).into_iter().enumerate();
        let likeness = |i: usize| {
            let vector = vectors.as_ref().and_then(|vectors| vectors.get(i));
            vector.map_or(ranked.dense, |vector| cosine(query, vector))
        };
        Ok(sentences
            .map(|(i, range)| (range, Meaning::Likeness(likeness(i))))
            .collect())
    }

    /// The vectors of a passage's sentences, or `None` once time is up.
    async fn vectors_of(&self, ranked: &Ranked) -> Result<Option<Arc<Vec<Vec<f32>>>>, AskError> {
        let made = self.vectors.of(self.embedder, &ranked.place);
        match self.deadline {
            None => made.await.map(Some),
            Some(deadline) => tokio::time::timeout_at(deadline.into(), made).await.ok().transpose(),
        }
    }

    async fn by_model(
        &self,
        generator: &Generator,
        question: &Understood,
        sentences: &[Sentence],
        passages: &[Ranked],
    ) -> Result<Vec<Sentence>, AskError> {
        let offered = &sentences[..sentences.len().min(MOST_TO_CHOOSE_FROM)];
        let text = |s: &Sentence| passages[s.passage].place.passage().text[s.range.clone()].to_owned();
        let texts: Vec<String> = offered.iter().map(text).collect();
        let chosen = generator.choose(&question.text, &texts, self.sentences).await;
        let chosen = chosen.map_err(AskError::from_generator)?;
        Ok(chosen.into_iter().filter_map(|i| offered.get(i).cloned()).collect())
    }
}

/// Where the question names a provision, its text comes first, whatever else resembles the question. "13 kap. 9 § SoL" names
/// that of the act in force before the one that has taken the place of 13 kap. 9 § in the repealed act of the same name.
fn better(a: &Sentence, b: &Sentence) -> Ordering {
    b.itself.cmp(&a.itself).then_with(|| b.score.total_cmp(&a.score))
}

/// The sentences about as good as the best one, and those of a provision that the question names; best first. What neither
/// binds nor guides is left out where another text is among them: it may repeat the question's every word and still be wrong.
/// On 243 questions with an answer no right place was lost by it.
fn near(sentences: &[Sentence], is_background: impl Fn(&Sentence) -> bool) -> Vec<&Sentence> {
    let best = sentences.iter().map(|sentence| sentence.score).fold(f32::MIN, f32::max);
    let mut near: Vec<&Sentence> = sentences.iter().filter(|s| s.itself || s.score > best - TAIL).collect();
    if near.iter().any(|s| !is_background(s)) {
        near.retain(|s| !is_background(s));
    }
    near
}

/// The best of them: the best one of every passage first, so that an act and the guideline on it are both seen, then more.
/// Of the passage that the best one stands in another one comes along: what answers often stands beside the sentence that looks
/// most like the question.
fn spread(near: &[&Sentence], most: usize) -> Vec<Sentence> {
    let mut chosen: Vec<Sentence> = Vec::new();
    for sentence in near {
        if chosen.len() < most && chosen.iter().all(|c| c.passage != sentence.passage) {
            chosen.push((*sentence).clone());
        }
    }
    for sentence in near {
        if chosen.len() < most && !chosen.contains(sentence) {
            chosen.push((*sentence).clone());
        }
    }
    let of_best = near.first().map(|best| best.passage);
    let beside = near.iter().find(|s| Some(s.passage) == of_best && !chosen.contains(s));
    chosen.extend(beside.map(|sentence| (*sentence).clone()));
    chosen.sort_by(better);
    chosen
}

/// The question's words less those that name who issued the passages. "Vad tjänar en chef i Storåker?" is not answered by a
/// guideline that says nothing of it but who adopted it.
fn telling_terms(question: &Understood, passages: &[Ranked]) -> Vec<Term> {
    let issuers = passages
        .iter()
        .map(|ranked| ranked.place.edition.document.issuer.as_str());
    question_terms_less(&question.search_text, &issuers.collect::<Vec<_>>().join("\n"))
}

/// A question is like a question in every way that is measured here, and answers none.
fn asks(sentence: &str) -> bool {
    sentence.trim_end().ends_with('?')
}

/// Cosine of two vectors of length one.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(passage: usize, start: usize, score: f32) -> Sentence {
        Sentence {
            passage,
            range: start..start + 10,
            itself: false,
            score,
            likeness: 0.9,
            words: 0.5,
        }
    }

    #[test]
    fn a_question_in_a_text_is_no_answer() {
        assert!(asks("1. Hur gör vi när den enskilde säger nej till hjälp?\n"));
        assert!(!asks("Säger någon av dem nej är behovet inte tillgodosett."));
    }

    #[test]
    fn every_good_passage_is_heard_before_any_speaks_twice() {
        let sentences = [
            sentence(0, 0, 1.5),
            sentence(0, 20, 1.4),
            sentence(1, 0, 1.2),
            sentence(2, 0, 0.2),
        ];
        let near = near(&sentences, |_| false);
        let chosen = spread(&near, 3);
        let places: Vec<_> = chosen.iter().map(|s| (s.passage, s.range.start)).collect();
        assert_eq!(places, [(0, 0), (0, 20), (1, 0)]);
        let two = spread(&near, 2);
        assert_eq!(
            two.iter().map(|s| s.passage).collect::<Vec<_>>(),
            [0, 0, 1],
            "and one beside the best"
        );
    }

    #[test]
    fn a_provision_that_is_named_comes_first_and_what_is_near_after_it() {
        let named = Sentence {
            itself: true,
            ..sentence(1, 0, 0.2)
        };
        let mut sentences = [sentence(0, 0, 1.9), sentence(2, 0, 1.2), sentence(3, 0, 0.2), named];
        sentences.sort_by(better);
        let chosen = spread(&near(&sentences, |_| false), 5);
        assert_eq!(chosen.iter().map(|s| s.passage).collect::<Vec<_>>(), [1, 0, 2]);
    }

    #[test]
    fn what_binds_nobody_yields_to_what_does_unless_it_alone_answers() {
        let sentences = [sentence(0, 0, 1.9), sentence(1, 0, 1.2), sentence(2, 0, 0.2)];
        let first_is = |s: &Sentence| s.passage == 0;
        let passages = |near: Vec<&Sentence>| near.iter().map(|s| s.passage).collect::<Vec<_>>();
        assert_eq!(passages(near(&sentences, first_is)), [1]);
        assert_eq!(passages(near(&sentences, |_| true)), [0, 1]);
        let far = [sentence(0, 0, 2.5), sentence(1, 0, 1.2)];
        assert_eq!(passages(near(&far, first_is)), [0]);
    }
}
