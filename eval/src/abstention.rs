//! Measured cases in; how many unanswerable questions would be declined at each price in answerable ones, out.
//!
//! Where to draw the line between answering and declining is a choice, and one pair of shares shows only the line that is
//! drawn. The curve shows the others, from the support that the service reports with each answer.

use crate::cases::CaseKind;
use crate::measure::Measured;
use crate::report::bar;

/// The shares of answerable questions declined that the curve is drawn for.
const PRICES: [f64; 6] = [0.0, 0.02, 0.05, 0.1, 0.15, 0.2];

/// A line that could be drawn.
#[derive(Debug, PartialEq)]
struct Line {
    /// Support below which a question is declined.
    below: f64,
    /// Share of the answerable questions below it.
    over_refusal: f64,
    /// Share of the unanswerable ones.
    declined: f64,
}

/// The curve as bars of text; nothing where there are not both kinds of questions with their support.
pub fn markdown(results: &[Measured]) -> String {
    let of = |answerable: bool| -> Vec<f64> {
        let cases = results
            .iter()
            .filter(|case| (case.kind != CaseKind::Unanswerable) == answerable);
        cases.filter_map(|case| case.support).collect()
    };
    let lines = curve(of(true), &of(false));
    if lines.is_empty() {
        return String::new();
    }
    let bars: String = lines
        .iter()
        .map(|line| {
            let price = format!("{:.2}", line.over_refusal);
            format!("{}  (support below {:.2})\n", bar(&price, line.declined), line.below)
        })
        .collect();
    format!(
        "\nDeclined of the unanswerable questions, by the share of answerable ones declined with them:\n\n```text\n{bars}```\n"
    )
}

/// One line for each price, the highest that it allows.
fn curve(mut answerable: Vec<f64>, unanswerable: &[f64]) -> Vec<Line> {
    answerable.sort_by(f64::total_cmp);
    if unanswerable.is_empty() {
        return Vec::new();
    }
    let share = |of: &[f64], below: f64| of.iter().filter(|s| **s < below).count() as f64 / of.len() as f64;
    let line = |price: f64| {
        let below = *answerable.get((answerable.len() as f64 * price) as usize)?;
        Some(Line {
            below,
            over_refusal: share(&answerable, below),
            declined: share(unanswerable, below),
        })
    };
    PRICES.into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_price_declines_more() {
        let answerable: Vec<f64> = (0..20).map(f64::from).collect();
        let lines = curve(answerable, &[-1.0, 0.5, 2.5, 30.0]);
        let declined: Vec<f64> = lines.iter().map(|line| line.declined).collect();
        assert_eq!(declined, [0.25, 0.25, 0.5, 0.5, 0.75, 0.75]);
        assert_eq!(
            lines[3],
            Line {
                below: 2.0,
                over_refusal: 0.1,
                declined: 0.5
            }
        );
        assert!(curve(vec![1.0], &[]).is_empty());
    }
}
