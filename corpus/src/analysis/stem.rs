//! A Swedish word in, its stem out.

use rust_stemmers::{Algorithm, Stemmer};

/// The stem of a word in lower case. Words that are forms of each other should share it; it need not be a word.
pub fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::Swedish).stem(word).into_owned()
}
