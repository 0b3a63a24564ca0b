//! Scores in, a readable report out: Markdown for people, JSON for programs.

use std::fmt::Write;

use anyhow::Result;
use serde_json::json;

use crate::abstention;
use crate::cases::{CaseKind, Half};
use crate::measure::Measured;
use crate::table::{KS, Scores, Table};

/// The report as Markdown. `misses` adds a list of the cases that went wrong.
pub fn markdown(table: &Table, results: &[Measured], release: &str, half: Half, misses: bool) -> String {
    let mut text = String::new();
    let half = format!("{half:?}").to_lowercase();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "# Evaluation\n\nRelease `{release}`, {} questions, half: {half}.\n",
        table.all.cases
    );
    let recalls: String = KS.iter().map(|k| format!(" R@{k} |")).collect();
    let _ = writeln!(
        text,
        "| kind | n |{recalls} MRR | sentence@1 | @3 | right place | declined | over-refusal | verbatim | superseded | forbidden | notice |"
    );
    let _ = writeln!(
        text,
        "|---|---|{}---|---|---|---|---|---|---|---|---|---|",
        "---|".repeat(KS.len())
    );
    for (kind, scores) in &table.by_kind {
        text.push_str(&row(&format!("{kind:?}").to_lowercase(), scores));
    }
    text.push_str(&row("**all**", &table.all));
    let all = &table.all;
    text.push_str(&chart(all));
    text.push_str(&abstention::markdown(results));
    let _ = writeln!(text, "\n| milliseconds | p50 | p95 |\n|---|---|---|");
    for (name, (p50, p95)) in [
        ("search", all.search_ms),
        ("first sources", all.sources_ms),
        ("whole answer", all.answer_ms),
    ] {
        let _ = writeln!(text, "| {name} | {p50:.0} | {p95:.0} |");
    }
    let _ = writeln!(
        text,
        "\nSummary sentences shown: {}, dropped by the check: {}.",
        all.summary.0, all.summary.1
    );
    if misses {
        let _ = writeln!(text, "\n## Misses\n");
        for case in results.iter().filter(|c| is_miss(c)) {
            let ranks: Vec<String> = case
                .ranks
                .iter()
                .map(|r| r.map_or("-".into(), |r| r.to_string()))
                .collect();
            let _ = writeln!(
                text,
                "- {}: status {}, ranks [{}], cited {:?}",
                case.id,
                case.status,
                ranks.join(" "),
                case.cited
            );
        }
    }
    text
}

/// Recall and right place as bars of text, which every reader of Markdown shows.
fn chart(scores: &Scores) -> String {
    let recall = scores.recall.iter().flat_map(|values| KS.iter().zip(values));
    let mut bars: Vec<(String, f64)> = recall.map(|(k, value)| (format!("R@{k}"), *value)).collect();
    let shares = [
        ("right place", scores.right_place),
        ("declined", scores.declined),
        ("over-refusal", scores.over_refusal),
    ];
    bars.extend(
        shares
            .into_iter()
            .filter_map(|(name, share)| Some((name.to_owned(), share?))),
    );
    let mut text = "\n```text\n".to_owned();
    for (name, share) in bars {
        let _ = writeln!(text, "{}", bar(&name, share));
    }
    text + "```\n"
}

/// A share as a line of text.
pub fn bar(name: &str, share: f64) -> String {
    let length = (share * 40.0).round() as usize;
    format!("{name:>12} {:<40} {share:.2}", "█".repeat(length))
}

/// Every measurement as JSON.
pub fn json(table: &Table, results: &[Measured], release: &str) -> Result<String> {
    Ok(serde_json::to_string_pretty(
        &json!({"release": release, "scores": table, "cases": results}),
    )?)
}

fn row(name: &str, scores: &Scores) -> String {
    let recall: String = match scores.recall {
        Some(values) => values.iter().map(|v| format!(" {v:.3} |")).collect(),
        None => " – |".repeat(KS.len()),
    };
    format!(
        "| {name} | {} |{recall} {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        scores.cases,
        shown(scores.mrr),
        shown(scores.sentence.map(|[first, _]| first)),
        shown(scores.sentence.map(|[_, third]| third)),
        shown(scores.right_place),
        shown(scores.declined),
        shown(scores.over_refusal),
        shown(scores.verbatim),
        scores.superseded,
        scores.forbidden,
        shown(scores.individual_notice),
    )
}

fn shown(share: Option<f64>) -> String {
    share.map_or("–".into(), |value| format!("{value:.3}"))
}

fn is_miss(case: &Measured) -> bool {
    !case.right_status() || (case.kind != CaseKind::Unanswerable && !case.right_place()) || case.altered_quotes > 0
}
