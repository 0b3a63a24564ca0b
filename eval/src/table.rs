//! Measured cases in, one row of scores per kind of question out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cases::CaseKind;
use crate::measure::Measured;

/// The ks that recall is reported for.
pub const KS: [usize; 5] = [1, 3, 5, 10, 20];

/// Scores of a group of cases. A share is `None` where the group has no case that it is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    pub cases: usize,
    /// How many of them the material does not answer.
    pub unanswerable: usize,
    /// Share of cases with a gold place whose evidence is among the first k passages, for each of [`KS`].
    pub recall: Option<[f64; 5]>,
    /// Mean reciprocal rank of the first such passage.
    pub mrr: Option<f64>,
    /// Of the cases whose evidence is in the first five passages, the share with it in the first quote, and in the first three.
    pub sentence: Option<[f64; 2]>,
    /// Share of cases with a gold place whose answer cites the right place (all of them where all are required).
    pub right_place: Option<f64>,
    /// Share of unanswerable cases that were declined.
    pub declined: Option<f64>,
    /// Share of answerable cases that were declined.
    pub over_refusal: Option<f64>,
    /// Share of quotes that stand word for word in passage and page.
    pub verbatim: Option<f64>,
    /// Sources that had ceased to apply and were shown without saying so.
    pub superseded: usize,
    /// Forbidden phrases shown.
    pub forbidden: usize,
    /// Share of questions about one person with the notice that the assessment is the caseworker's.
    pub individual_notice: Option<f64>,
    /// Sentences that the model wrote and that passed the check, and those that did not.
    pub summary: (usize, usize),
    /// Milliseconds, median and 95th percentile: search, first sources of an answer, whole answer.
    pub search_ms: (f64, f64),
    pub sources_ms: (f64, f64),
    pub answer_ms: (f64, f64),
}

/// All scores of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub all: Scores,
    pub by_kind: BTreeMap<CaseKind, Scores>,
}

/// Sums up all cases and each kind of them.
pub fn sum_up(results: &[Measured]) -> Table {
    let mut groups: BTreeMap<CaseKind, Vec<&Measured>> = BTreeMap::new();
    for result in results {
        groups.entry(result.kind).or_default().push(result);
    }
    Table {
        all: score(&results.iter().collect::<Vec<_>>()),
        by_kind: groups.into_iter().map(|(kind, group)| (kind, score(&group))).collect(),
    }
}

fn score(cases: &[&Measured]) -> Scores {
    let placed: Vec<_> = cases.iter().filter(|c| !c.ranks.is_empty()).collect();
    let quotes: usize = cases.iter().map(|c| c.quotes).sum();
    let altered: usize = cases.iter().map(|c| c.altered_quotes).sum();
    let within = |k: usize| share(placed.iter().map(|c| c.rank().is_some_and(|rank| rank <= k)));
    let reachable = || placed.iter().filter(|c| c.rank().is_some_and(|rank| rank <= 5));
    let evident = |k: usize| reachable().map(move |c| c.evident.is_some_and(|at| at <= k));
    let individual = cases.iter().filter(|c| c.kind == CaseKind::Individual);
    let (answerable, unanswerable): (Vec<&Measured>, Vec<&Measured>) =
        cases.iter().partition(|c| c.kind != CaseKind::Unanswerable);
    Scores {
        cases: cases.len(),
        unanswerable: unanswerable.len(),
        recall: (!placed.is_empty()).then(|| KS.map(|k| within(k).unwrap_or_default())),
        mrr: mean(placed.iter().map(|c| c.rank().map_or(0.0, |rank| 1.0 / rank as f64))),
        sentence: share(evident(1))
            .zip(share(evident(3)))
            .map(|(first, third)| [first, third]),
        right_place: share(placed.iter().map(|c| c.right_place())),
        declined: share(unanswerable.iter().map(|c| c.right_status())),
        over_refusal: share(answerable.iter().map(|c| !c.right_status())),
        verbatim: (quotes > 0).then(|| 1.0 - altered as f64 / quotes as f64),
        superseded: cases.iter().map(|c| c.superseded).sum(),
        forbidden: cases.iter().map(|c| c.forbidden).sum(),
        individual_notice: share(individual.map(|c| c.notices.iter().any(|code| code == "individual_assessment"))),
        summary: (
            cases.iter().map(|c| c.summary_sentences).sum(),
            cases.iter().map(|c| c.dropped_sentences).sum(),
        ),
        search_ms: percentiles(cases.iter().map(|c| c.search_ms).collect()),
        sources_ms: percentiles(cases.iter().filter_map(|c| c.sources_ms).collect()),
        answer_ms: percentiles(cases.iter().map(|c| c.answer_ms).collect()),
    }
}

fn share(flags: impl Iterator<Item = bool>) -> Option<f64> {
    mean(flags.map(|flag| f64::from(u8::from(flag))))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// Median and 95th percentile (nearest rank).
fn percentiles(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |p: f64| {
        let rank = (p * values.len() as f64).ceil() as usize;
        values.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    };
    (at(0.5), at(0.95))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        assert_eq!(percentiles((1..=100).map(f64::from).collect()), (50.0, 95.0));
        assert_eq!(percentiles(vec![7.0]), (7.0, 7.0));
        assert_eq!(percentiles(Vec::new()), (0.0, 0.0));
    }

    #[test]
    fn a_share_of_nothing_is_not_a_number() {
        assert_eq!(share(std::iter::empty()), None);
        assert_eq!(share([true, false].into_iter()), Some(0.5));
    }
}
