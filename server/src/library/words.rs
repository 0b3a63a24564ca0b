//! Texts in; the words that they have and how often, out: what a question's words are compared with to find slips.

use std::collections::{HashMap, HashSet};

use lotsen_corpus::analysis;

/// The words of a release.
#[derive(Debug, Default)]
pub struct Words {
    /// In lower case, each with how often it stands in the texts.
    times: HashMap<String, u32>,
    /// Their stems: other forms of a word are known too.
    stems: HashSet<String>,
}

impl Words {
    /// Collects the words of letters alone.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut words = Self::default();
        for text in texts {
            for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
                *words.times.entry(word.to_lowercase()).or_default() += 1;
            }
        }
        words.stems = words.times.keys().flat_map(|word| analysis::stems(word)).collect();
        words
    }

    /// True for a word of the texts in any form, and for a compound.
    pub fn knows(&self, word: &str) -> bool {
        let has_stem = || analysis::stems(word).iter().all(|stem| self.stems.contains(stem));
        self.times.contains_key(word) || has_stem() || analysis::is_compound(word)
    }

    /// Every word with how often it stands in the texts.
    pub fn all(&self) -> impl Iterator<Item = (&str, u32)> {
        self.times.iter().map(|(word, times)| (word.as_str(), *times))
    }
}
