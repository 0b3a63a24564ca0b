//! The last accepted scores, so that a change for the worse shows in review.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::table::{Scores, Table};

/// How far a share may fall before it counts: less than one question in fifty.
const TOLERANCE: f64 = 0.02;

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
    let higher_is_better = [
        ("recall@5", at(accepted, 2), at(now, 2)),
        ("recall@20", at(accepted, 4), at(now, 4)),
        ("MRR", accepted.mrr, now.mrr),
        ("right place", accepted.right_place, now.right_place),
        ("declined", accepted.declined, now.declined),
        (
            "answered when it should",
            accepted.over_refusal.map(|v| 1.0 - v),
            now.over_refusal.map(|v| 1.0 - v),
        ),
        ("verbatim", accepted.verbatim, now.verbatim),
        ("individual notice", accepted.individual_notice, now.individual_notice),
    ];
    let mut fallen: Vec<String> = higher_is_better
        .into_iter()
        .filter_map(|(name, before, now)| Some((name, before?, now?)))
        .filter(|(_, before, now)| *now < before - TOLERANCE)
        .map(|(name, before, now)| format!("{name} {before:.3} -> {now:.3}"))
        .collect();
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
    fn a_fall_is_named_and_noise_is_not() {
        let before = Scores {
            mrr: Some(0.60),
            right_place: Some(0.90),
            superseded: 0,
            ..Scores::default()
        };
        let now = Scores {
            mrr: Some(0.59),
            right_place: Some(0.80),
            superseded: 1,
            ..Scores::default()
        };
        assert_eq!(
            fallen(&before, &now),
            ["right place 0.900 -> 0.800", "superseded 0 -> 1"]
        );
        assert!(fallen(&before, &before).is_empty());
    }
}
