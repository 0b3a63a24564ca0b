//! The last accepted scores, so that a change for the worse shows in review.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::table::{Scores, Table};

/// How many questions may go the other way before it counts. Vectors differ in their last digits between processors, so
/// one question on the edge may fall on either side; two that fall are a change for the worse.
const ON_THE_EDGE: f64 = 1.0;

/// Makes this run's scores the accepted ones. Latencies are left out: they belong to a machine, not to the code.
pub fn accept(path: &Path, table: &Table) -> Result<()> {
    let mut accepted = table.clone();
    for scores in std::iter::once(&mut accepted.all).chain(accepted.by_kind.values_mut()) {
        (scores.search_ms, scores.sources_ms, scores.answer_ms) = Default::default();
    }
    fs::write(path, serde_json::to_string_pretty(&accepted)? + "\n").with_context(|| path.display().to_string())
}

/// Exits with 1 and says what fell when a score over all questions is worse than the accepted one.
pub fn compare(path: &Path, table: &Table) -> Result<ExitCode> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let accepted: Table = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    let fallen = fallen(&accepted.all, &table.all);
    for line in &fallen {
        eprintln!("worse than the baseline: {line}");
    }
    Ok(if fallen.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn fallen(accepted: &Scores, now: &Scores) -> Vec<String> {
    let at = |scores: &Scores, i: usize| scores.recall.map(|r| r[i]);
    let (placed, unanswerable) = (now.cases - now.unanswerable, now.unanswerable);
    let higher_is_better = [
        ("recall@5", at(accepted, 2), at(now, 2), placed),
        ("recall@20", at(accepted, 4), at(now, 4), placed),
        ("MRR", accepted.mrr, now.mrr, placed),
        ("right place", accepted.right_place, now.right_place, placed),
        ("declined", accepted.declined, now.declined, unanswerable),
        (
            "answered when it should",
            accepted.over_refusal.map(|v| 1.0 - v),
            now.over_refusal.map(|v| 1.0 - v),
            placed,
        ),
        (
            "individual notice",
            accepted.individual_notice,
            now.individual_notice,
            placed,
        ),
    ];
    let mut fallen: Vec<String> = higher_is_better
        .into_iter()
        .filter_map(|(name, before, now, of)| Some((name, before?, now?, of)))
        .filter(|(_, before, now, of)| before - now > (ON_THE_EDGE + 0.01) / *of as f64)
        .map(|(name, before, now, _)| format!("{name} {before:.3} -> {now:.3}"))
        .collect();
    if now.verbatim < accepted.verbatim {
        fallen.push("verbatim: a quote is not word for word where its link leads".to_owned());
    }
    for (name, before, now) in [
        ("superseded", accepted.superseded, now.superseded),
        ("forbidden", accepted.forbidden, now.forbidden),
    ] {
        if now > before {
            fallen.push(format!("{name} {before} -> {now}"));
        }
    }
    fallen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_is_named_and_one_question_on_the_edge_is_not() {
        let before = Scores {
            cases: 25,
            unanswerable: 5,
            mrr: Some(0.60),
            right_place: Some(0.90),
            declined: Some(0.8),
            verbatim: Some(1.0),
            ..Scores::default()
        };
        let edge = Scores {
            right_place: Some(0.85),
            declined: Some(0.6),
            ..before.clone()
        };
        assert!(fallen(&before, &edge).is_empty());
        let worse = Scores {
            right_place: Some(0.80),
            verbatim: Some(0.99),
            superseded: 1,
            ..before.clone()
        };
        assert_eq!(
            fallen(&before, &worse),
            [
                "right place 0.900 -> 0.800",
                "verbatim: a quote is not word for word where its link leads",
                "superseded 0 -> 1"
            ]
        );
    }
}
