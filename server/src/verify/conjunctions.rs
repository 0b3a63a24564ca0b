//! "Och" and "eller": where the quotes join two words by one, the claim may not join them by the other.

use super::Flaw;
use super::token::Token;

/// How far apart, in words, two parts of one list may stand, and the conjunction before its last part.
const LIST: usize = 14;

/// Words after "eller" that make it part of a figure.
const COMPARED: [&str; 6] = ["äldre", "yngre", "mer", "mindre", "fler", "färre"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    And,
    Or,
}

fn join(token: &Token) -> Option<Join> {
    match token.word.as_str() {
        "och" | "samt" => Some(Join::And),
        "eller" => Some(Join::Or),
        _ => None,
    }
}

/// Checks every conjunction of the claim whose neighbours stand together in one sentence of the quotes.
pub fn agree(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    for (at, token) in claim.iter().enumerate() {
        let Some(claimed) = join(token) else { continue };
        let left = claim[..at].iter().rev().find(|token| token.is_content());
        let right = claim[at + 1..].iter().find(|token| token.is_content());
        let (Some(left), Some(right)) = (left, right) else {
            continue;
        };
        // "80 år eller äldre" is a bound.
        if COMPARED.contains(&right.word.as_str()) {
            continue;
        }
        let known = joins_between(left, right, evidence);
        if !known.is_empty() && !known.contains(&claimed) {
            return Err(Flaw::Conjunction);
        }
        if known.is_empty() && claimed == Join::Or && !evidence.iter().any(|token| join(token) == Some(Join::Or)) {
            return Err(Flaw::Conjunction);
        }
    }
    Ok(())
}

/// How the nearest pair of the two words is joined; in a list with commas, by the conjunction before the last part.
fn joins_between(left: &Token, right: &Token, evidence: &[Token]) -> Vec<Join> {
    let places = |word: &Token| -> Vec<usize> {
        (0..evidence.len())
            .filter(|&i| evidence[i].akin(word) || word.part_of(&evidence[i]))
            .collect()
    };
    let (lefts, rights) = (places(left), places(right));
    let pairs = lefts
        .iter()
        .flat_map(|&l| rights.iter().map(move |&r| (l.min(r), l.max(r))));
    let together = pairs.filter(|&(a, b)| a < b && b - a <= LIST && evidence[a].sentence == evidence[b].sentence);
    let joined = together.filter_map(|(a, b)| {
        let joins: Vec<Join> = evidence[a..b].iter().filter_map(join).collect();
        if !joins.is_empty() {
            return Some((b - a, joins));
        }
        let rest = evidence[b..]
            .iter()
            .take(LIST)
            .take_while(|t| t.sentence == evidence[b].sentence);
        rest.filter_map(join).next().map(|join| (b - a, vec![join]))
    });
    joined
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, joins)| joins)
        .unwrap_or_default()
}
