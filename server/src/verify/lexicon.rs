//! The word tables that sentences are checked by (`server/texts/verify.toml`), ready to look stems up in.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use lotsen_corpus::analysis;
use serde::Deserialize;

const TABLE: &str = include_str!("../../texts/verify.toml");

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    phrases: Vec<(String, String)>,
    same: Vec<String>,
    free: String,
    opposite: Vec<(String, String)>,
    conditions: String,
    about: String,
    turned: String,
    reach: Vec<String>,
    narrowing: String,
    actors: String,
    benefits: String,
}

/// The tables by stem; those of small words by the word itself.
pub struct Lexicon {
    /// Phrases that are read as one word.
    pub phrases: Vec<(String, String)>,
    /// Rows of words that say the same.
    pub same: HashMap<String, Vec<usize>>,
    /// Words that carry no rule.
    pub free: HashSet<String>,
    /// Pairs of words that exclude each other.
    pub opposite: Vec<(Side, Side)>,
    /// Words that open a condition or an exception.
    pub conditions: HashSet<String>,
    /// Beginnings of words after which "om" opens none.
    pub about: HashSet<String>,
    /// Verbs that open a condition when they begin a sentence.
    pub turned: HashSet<String>,
    /// Rows of words that say how far a rule reaches.
    pub reach: HashMap<String, usize>,
    /// Words that narrow the noun after them.
    pub narrowing: HashSet<String>,
    actors: HashSet<String>,
    agents: HashSet<String>,
    /// Benefits and measures.
    pub benefits: HashSet<String>,
}

impl Lexicon {
    /// True for a word after which "om" opens no condition.
    pub fn is_about(&self, word: &str) -> bool {
        self.about.iter().any(|beginning| word.starts_with(beginning))
    }

    /// True for bodies and roles in a case. "Utförare" has the stem of "utföra", so such words are told by their form.
    pub fn is_actor(&self, word: &str, stem: &str) -> bool {
        let is_adjective = ["lig", "ligt", "liga"].iter().any(|ending| word.ends_with(ending));
        let is_form = |agent: &String| word.strip_prefix(agent).is_some_and(|ending| ending.len() <= 3);
        self.actors.contains(stem) && !is_adjective || self.agents.iter().any(is_form)
    }
}

/// Words of one side of a pair of opposites: small ones by the word itself, others by their stem.
#[derive(Default)]
pub struct Side {
    words: HashSet<String>,
    stems: HashSet<String>,
}

impl Side {
    /// True if the word belongs to this side.
    pub fn has(&self, word: &str, stem: &str, is_content: bool) -> bool {
        self.words.contains(word) || is_content && self.stems.contains(stem)
    }
}

/// The tables of this program.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    // A test parses the table; a program whose table is broken does not pass it.
    let table: Table = toml::from_str(TABLE).unwrap_or_default();
    let mut same: HashMap<String, Vec<usize>> = HashMap::new();
    for (row, words) in table.same.iter().enumerate() {
        for stem in stems(words) {
            same.entry(stem).or_default().push(row);
        }
    }
    let reach = table.reach.iter().enumerate();
    Lexicon {
        phrases: table.phrases,
        same,
        free: stems(&table.free),
        opposite: table
            .opposite
            .iter()
            .map(|(one, other)| (side(one), side(other)))
            .collect(),
        conditions: words(&table.conditions),
        about: words(&table.about),
        turned: words(&table.turned),
        reach: reach
            .flat_map(|(i, row)| words(row).into_iter().map(move |word| (word, i)))
            .collect(),
        narrowing: words(&table.narrowing),
        actors: table
            .actors
            .split_whitespace()
            .filter(|word| !is_agent(word))
            .map(stem)
            .collect(),
        agents: table
            .actors
            .split_whitespace()
            .filter(|word| is_agent(word))
            .map(|word| beginning(word).to_owned())
            .collect(),
        benefits: stems(&table.benefits),
    }
});

/// The stem that a word is compared by.
pub fn stem(word: &str) -> String {
    analysis::stems(word)
        .into_iter()
        .next()
        .unwrap_or_else(|| word.to_owned())
}

fn is_agent(word: &str) -> bool {
    word.ends_with("are") || word.ends_with("nde")
}

fn beginning(word: &str) -> &str {
    word.strip_suffix('e').unwrap_or(word)
}

fn side(text: &str) -> Side {
    Side {
        words: words(text),
        stems: stems(text),
    }
}

fn stems(words: &str) -> HashSet<String> {
    words.split_whitespace().map(stem).collect()
}

fn words(words: &str) -> HashSet<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_valid_and_no_word_is_its_own_opposite() {
        let table: Table = toml::from_str(TABLE).unwrap();
        assert!(!table.same.is_empty());
        for (one, other) in &LEXICON.opposite {
            assert!(one.words.is_disjoint(&other.words), "{:?}", one.words);
        }
    }
}
