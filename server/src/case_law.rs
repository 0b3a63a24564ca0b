//! A question in; the decisions of the release that bear on it out, by whom they went for, each in its own words.
//!
//! ```text
//! question -> guard -> understand -> retrieve -> whole cases -> rerank -> judge -> by decision -> point -> support -> cite
//! ```
//!
//! Nothing is argued here. Which side a decision stands on is how it ended for the person, as its own text says; how much
//! it weighs is which court made it. That only one side was found is said, since it may be the material that has one side.

mod narrow;
mod standing;

use jiff::civil::Date;
use lotsen_corpus::record::{Case, CasePart, Record};
use lotsen_corpus::reference::successors::Place;
use lotsen_corpus::release::PlacedPassage;
use lotsen_corpus::{Edition, Kind};

use crate::library::Library;
use crate::point::{Chooser, Pointer, Quote};
use crate::question::{AskError, CaseLawRequest};
use crate::reply::{AnswerStatus, CaseLawReply, Decision, Precedent};
use crate::rerank::Ranked;
use crate::retrieve::{self, Candidate, Candidates, Reach};
use crate::support::Support;
use crate::understand::{self, Understood};
use crate::{Clock, Service, cite, notice, question};

use self::standing::Side;

/// The sorts of text that decide cases.
const KINDS: [Kind; 2] = [Kind::Rattsfall, Kind::Beslut];
/// Most decisions that are weighed, the likeliest first: more than anyone reads, and each costs time.
const MOST: usize = 12;
/// What is quoted of a decision: why, and how it ended.
const QUOTED: [CasePart; 2] = [CasePart::Reasoning, CasePart::Outcome];

/// By how much less than others a decision must bear on the question that interprets the same provision as one that does.
/// Who asks what speaks for and against must see the other side too, also where its words are further away.
const LENIENCE: f32 = 3.0;

/// A decision that was read beside the question.
struct Weighed {
    side: Side,
    bearing: Bearing,
    /// How well it fits the question; comparable within one question.
    score: f32,
    decision: Decision,
}

/// What speaks for a decision's bearing on the question.
struct Bearing {
    /// See [`Support::margin`]; without limit where the question names the decision.
    margin: f32,
    /// The provisions it interprets.
    provisions: Vec<Place>,
}

impl Service {
    /// The decisions that bear on a question, for and against the person.
    ///
    /// # Errors
    /// See [`AskError`].
    pub async fn case_law(&self, request: CaseLawRequest) -> Result<CaseLawReply, AskError> {
        let library = self.library();
        let clock = Clock::start();
        let question = tokio::task::block_in_place(|| question::admit_case_law(&self.guard, &request))?;
        let understood = understand::understand(&question, request.as_of, self.today(), &library.words);
        let provision = request.provision.as_deref().filter(|text| !text.trim().is_empty());
        let documents = provision.map(|text| narrow::documents(&library, text)).transpose()?;
        let (candidates, weighed) = match documents {
            Some(none) if none.is_empty() => Default::default(),
            documents => {
                let reach = Reach {
                    kinds: KINDS.to_vec(),
                    documents: documents.unwrap_or_default(),
                    candidates: self.width.candidates,
                    ..Reach::default()
                };
                self.weighed(&library, &understood, &reach).await?
            }
        };
        let mut reply = CaseLawReply {
            status: AnswerStatus::NoSupport,
            in_favour: Vec::new(),
            against: Vec::new(),
            unclear: Vec::new(),
            notices: Vec::new(),
            as_of: understood.as_of,
            release: library.release.manifest.release.clone(),
            diagnostics: understood.diagnostics(),
            took_ms: 0.0,
        };
        for Weighed { side, decision, .. } in weighed {
            reply.status = AnswerStatus::Answered;
            match side {
                Side::For => reply.in_favour.push(decision),
                Side::Against => reply.against.push(decision),
                Side::Unclear => reply.unclear.push(decision),
            }
        }
        reply.notices = notice::of_case_law(&self.texts, &understood, &candidates, &reply);
        reply.took_ms = clock.finish().total;
        Ok(reply)
    }

    /// What was found, and the decisions among it that bear on the question, the weightiest first.
    async fn weighed(
        &self,
        library: &Library,
        question: &Understood,
        reach: &Reach,
    ) -> Result<(Candidates, Vec<Weighed>), AskError> {
        let mut candidates = retrieve::find(library, &self.embedder, question, reach).await?;
        complete(&mut candidates.found);
        let ranked = self.ranked(library, question, &candidates, None).await?;
        // Whoever names a provision asks for all that interprets it.
        let all = !reach.documents.is_empty();
        let mut weighed: Vec<Weighed> = Vec::new();
        for passages in by_decision(ranked).into_iter().take(MOST) {
            weighed.extend(self.weigh(library, question, &candidates.query, passages).await?);
        }
        if !all {
            let mut bear = those_that_bear(weighed.iter().map(|one| &one.bearing)).into_iter();
            weighed.retain(|_| bear.next() == Some(true));
        }
        weighed.sort_by(|a, b| {
            let weight = |one: &Weighed| one.decision.precedent;
            weight(a).cmp(&weight(b)).then(b.score.total_cmp(&a.score))
        });
        Ok((candidates, weighed))
    }

    /// A decision with its quotes; nothing where nothing of it was read.
    async fn weigh(
        &self,
        library: &Library,
        question: &Understood,
        query: &[f32],
        passages: Vec<Ranked>,
    ) -> Result<Option<Weighed>, AskError> {
        // The language model, where a site lets it choose, would take seconds for each decision.
        let pointer = Pointer {
            chooser: &Chooser::Scorer,
            sentences: 1,
            ..self.pointer(library, None)
        };
        let mut quotes: Vec<Quote> = Vec::new();
        for part in QUOTED {
            let of_part = |ranked: &&Ranked| ranked.place.passage().marks.case_part == Some(part);
            let of_part = as_read(passages.iter().filter(of_part).cloned().collect());
            quotes.extend(pointer.choose(question, query, &of_part).await?.quotes);
        }
        let passages = as_read(passages);
        let mut pointed = pointer.choose(question, query, &passages).await?;
        if quotes.is_empty() {
            quotes.clone_from(&pointed.quotes);
        }
        pointed.quotes.extend(quotes.iter().cloned());
        let Some(best) = passages.first() else {
            return Ok(None);
        };
        let support = Support::of(question, &passages, &pointed);
        let edition = &best.place.edition;
        let case = case_of(edition);
        Ok(Some(Weighed {
            side: Side::of(case.outcome),
            bearing: Bearing {
                margin: if support.named { f32::INFINITY } else { support.margin() },
                provisions: case.provisions,
            },
            score: best.score,
            decision: self.decision(edition, &quotes, question.as_of),
        }))
    }

    fn decision(&self, edition: &Edition, quotes: &[Quote], as_of: Date) -> Decision {
        let (document, case) = (&edition.document, case_of(edition));
        let precedent = standing::precedent(document, &case);
        // A lesser court's text may begin with the name of a judgment that it follows.
        let referat = case.referat.filter(|_| precedent == Precedent::Precedent);
        Decision {
            document: cite::card(document, document.validity, as_of),
            year: case.decided.map(Date::year),
            court: case.court,
            number: case.number,
            decided: case.decided,
            referat,
            outcome: case.outcome,
            outcome_text: self.texts.outcome.of(case.outcome).to_owned(),
            provisions: case
                .provisions
                .iter()
                .map(|place| cite::address(place, &self.texts.place))
                .collect(),
            precedent,
            invented: document.invented,
            quotes: self.sources(quotes, as_of),
        }
    }
}

/// Which of them bear on the question: by themselves, or nearly so and on the same provision as one that does.
fn those_that_bear<'a>(bearings: impl Iterator<Item = &'a Bearing> + Clone) -> Vec<bool> {
    let bears = |one: &&Bearing| one.margin >= 0.0;
    let interpreted: Vec<&Place> = bearings.clone().filter(bears).flat_map(|one| &one.provisions).collect();
    let beside = |one: &Bearing| one.provisions.iter().any(|place| interpreted.contains(&place));
    bearings
        .map(|one| bears(&one) || one.margin >= -LENIENCE && beside(one))
        .collect()
}

/// What an edition tells about its case; nothing where it was read as something else.
fn case_of(edition: &Edition) -> Case {
    match &edition.document.record {
        Some(Record::Case(case)) => case.clone(),
        _ => Case::default(),
    }
}

/// A decision that was found anywhere brings along why it was made and how it ended.
fn complete(found: &mut Vec<Candidate>) {
    let mut editions: Vec<PlacedPassage> = Vec::new();
    for candidate in found.iter() {
        if !editions.iter().any(|place| is_same(place, &candidate.place)) {
            editions.push(candidate.place.clone());
        }
    }
    for place in editions {
        for (position, passage) in place.edition.passages.iter().enumerate() {
            if passage.marks.case_part.is_some_and(|part| QUOTED.contains(&part)) {
                let place = PlacedPassage {
                    position,
                    ..place.clone()
                };
                retrieve::entry(found, &place);
            }
        }
    }
}

/// The passages of each decision together, both in their order.
fn by_decision(ranked: Vec<Ranked>) -> Vec<Vec<Ranked>> {
    let mut decisions: Vec<Vec<Ranked>> = Vec::new();
    for passage in ranked {
        let own = decisions
            .iter_mut()
            .find(|passages| passages.iter().any(|other| is_same(&other.place, &passage.place)));
        match own {
            Some(passages) => passages.push(passage),
            None => decisions.push(vec![passage]),
        }
    }
    decisions
}

/// The passages that the judge has read, where it has read any: what it says and likeness alone cannot be compared.
fn as_read(mut passages: Vec<Ranked>) -> Vec<Ranked> {
    if passages.iter().any(|ranked| !ranked.verdicts.is_empty()) {
        passages.retain(|ranked| !ranked.verdicts.is_empty());
    }
    passages
}

fn is_same(a: &PlacedPassage, b: &PlacedPassage) -> bool {
    a.edition.document.id == b.edition.document.id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Verdict;
    use crate::testing::{Draft, place};

    fn ranked(text: &str, verdicts: &[f32]) -> Ranked {
        Ranked {
            place: place(&Draft {
                text,
                ..Draft::default()
            }),
            score: 1.0,
            dense: 0.8,
            coverage: 0.5,
            named: false,
            itself: false,
            called: false,
            background: false,
            verdicts: verdicts
                .iter()
                .map(|&answers| Verdict { range: 0..1, answers })
                .collect(),
        }
    }

    #[test]
    fn what_the_judge_has_not_read_does_not_compete_with_what_it_has() {
        let texts = |passages: Vec<Ranked>| -> Vec<String> {
            let text = |ranked: &Ranked| ranked.place.passage().text.clone();
            as_read(passages).iter().map(text).collect()
        };
        assert_eq!(texts(vec![ranked("oläst", &[]), ranked("läst", &[0.1])]), ["läst"]);
        assert_eq!(texts(vec![ranked("a", &[]), ranked("b", &[])]), ["a", "b"]);
    }

    #[test]
    fn the_other_side_of_the_same_provision_is_seen_too() {
        let bear = |decisions: &[(f32, &str)]| {
            let bearing = |&(margin, paragraph): &(f32, &str)| Bearing {
                margin,
                provisions: vec![Place {
                    sfs: "1993:387".to_owned(),
                    chapter: None,
                    paragraph: paragraph.to_owned(),
                }],
            };
            those_that_bear(decisions.iter().map(bearing).collect::<Vec<_>>().iter())
        };
        let both = [(2.0, "9"), (-1.5, "9"), (-1.5, "7"), (-5.0, "9")];
        assert_eq!(bear(&both), [true, true, false, false]);
        assert_eq!(bear(&[(-1.5, "9")]), [false], "none bears on the question itself");
    }

    #[test]
    fn passages_of_one_decision_stand_together() {
        assert_eq!(by_decision(vec![ranked("a", &[]), ranked("b", &[])]).len(), 1);
    }
}
