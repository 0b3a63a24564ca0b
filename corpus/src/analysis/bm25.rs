//! Terms in, a sparse vector out.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use super::terms::terms;

/// How soon more of the same term stops to count (k1).
const SATURATION: f32 = 1.2;
/// How much a long text pays for its length (b).
const LENGTH_PENALTY: f32 = 0.75;
/// Terms in an average passage: 45 in a paragraph of the statutes and some ten more for title and headings. A constant, so
/// that a passage's vector does not change with its neighbours.
pub const AVERAGE_TERMS: f32 = 55.0;

/// Weights by term number, both in the order of the numbers.
#[derive(Clone, Default, PartialEq)]
pub struct SparseVector {
    /// Term numbers, each once, ascending.
    pub indices: Vec<u32>,
    /// The weight of each.
    pub values: Vec<f32>,
}

/// Term numbers can be turned back into words, and a question's vector stands for the question: only its size is shown.
impl fmt::Debug for SparseVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SparseVector({} terms)", self.indices.len())
    }
}

/// The vector of a passage: each term's saturated, length-adjusted frequency.
pub fn document_vector(text: &str) -> SparseVector {
    let terms = terms(text);
    let length = LENGTH_PENALTY * terms.len() as f32 / AVERAGE_TERMS;
    let norm = SATURATION * (1.0 - LENGTH_PENALTY + length);
    weighted(&terms, |frequency| frequency * (SATURATION + 1.0) / (frequency + norm))
}

/// The vector of a question: each term once, weight one.
pub fn query_vector(text: &str) -> SparseVector {
    weighted(&terms(text), |_| 1.0)
}

fn weighted(terms: &[String], weight: impl Fn(f32) -> f32) -> SparseVector {
    let mut frequencies: BTreeMap<u32, f32> = BTreeMap::new();
    for term in terms {
        *frequencies.entry(number(term)).or_default() += 1.0;
    }
    SparseVector {
        indices: frequencies.keys().copied().collect(),
        values: frequencies.values().map(|&frequency| weight(frequency)).collect(),
    }
}

/// The number of a term: the first four bytes of its SHA-256, the same on every machine and in every version.
fn number(term: &str) -> u32 {
    let digest = Sha256::digest(term.as_bytes());
    u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_counts_more_when_repeated_and_less_in_a_long_text() {
        let weight = |text: &str| {
            let vector = document_vector(text);
            let at = vector
                .indices
                .iter()
                .position(|&index| index == number("avgift"))
                .unwrap();
            vector.values[at]
        };
        let filler = " kommunen beslutar om insatser".repeat(60);
        assert!(weight("avgift avgift") > weight("avgift"));
        assert!(weight("avgift avgift") < 2.0 * weight("avgift"));
        assert!(weight(&format!("avgift{filler}")) < weight("avgift"));
    }

    #[test]
    fn a_question_weighs_each_term_once_and_shows_none() {
        let vector = query_vector("avgift, avgiften och avgifter");
        assert_eq!(vector.values, [1.0]);
        assert_eq!(format!("{vector:?}"), "SparseVector(1 terms)");
    }

    #[test]
    fn a_term_has_the_same_number_for_ever() {
        // Stored indexes hold these numbers.
        assert_eq!(number("avgift"), 1_772_561_747);
    }
}
