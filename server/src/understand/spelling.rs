//! A question and the words of the material in; the question with its slips of spelling mended, out.
//!
//! "Hemtjäsnt" is like no word that any text has, and so would find nothing. A word that the material does not have is read as
//! the commonest one a slip away: one letter wrong, missing, too many or changed places with the next, two in a long word.
//! What was mended is told in the reply. Names are left alone: a place is not misspelt because no text speaks of it.

use std::ops::Range;

use strsim::osa_distance;

use crate::library::Words;

/// Fewest letters of a word that is mended: many short words are a slip away from each other.
const LEAST: usize = 6;
/// From this many letters on two slips are mended.
const LONG: usize = 10;

/// A slip and the word that is read in its place.
#[derive(Clone)]
pub struct Slip {
    /// As it was written, in lower case.
    pub said: String,
    /// As it is read.
    pub meant: String,
}

/// Mends a question; the slips in the order of the text.
pub fn mended(text: &str, words: &Words) -> (String, Vec<Slip>) {
    let mut mended = text.to_owned();
    let mut slips: Vec<Slip> = Vec::new();
    for range in words_of(text).into_iter().rev() {
        let said = text[range.clone()].to_lowercase();
        if let Some(meant) = meant_by(&said, words) {
            mended.replace_range(range, &meant);
            slips.push(Slip { said, meant });
        }
    }
    slips.reverse();
    (mended, slips)
}

/// The words of letters alone that are not names or abbreviations: without a capital, but for the text's first letter.
fn words_of(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphabetic(), start) {
            (true, None) => start = Some(at),
            (false, Some(began)) => {
                found.push(began..at);
                start = None;
            }
            _ => {}
        }
    }
    let is_no_name = |word: &Range<usize>| {
        let letters = text[word.clone()].chars().enumerate();
        letters
            .into_iter()
            .all(|(i, c)| !c.is_uppercase() || i == 0 && word.start == 0)
    };
    found.retain(is_no_name);
    found
}

/// The commonest word a slip away; `None` for a word that is known, short or like no other.
fn meant_by(said: &str, words: &Words) -> Option<String> {
    let letters = said.chars().count();
    if letters < LEAST || words.knows(said) {
        return None;
    }
    let most = if letters < LONG { 1 } else { 2 };
    let first = said.chars().next();
    let near = words.all().filter_map(|(word, times)| {
        let is_near = word.chars().next() == first && word.chars().count().abs_diff(letters) <= most;
        let slips = is_near
            .then(|| osa_distance(word, said))
            .filter(|slips| *slips <= most)?;
        Some((slips, times, word))
    });
    let best = near.min_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(b.2)));
    best.map(|(_, _, word)| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words::of(
            ["hemtjänst hemtjänst hemtjänsten biståndshandläggare avgift avgiften kostnad kontaktperson bistånd"]
                .into_iter(),
        )
    }

    #[test]
    fn a_slip_is_read_as_the_commonest_word_near_it() {
        for (said, meant) in [
            ("får vi avslå hemtjäsnt?", "får vi avslå hemtjänst?"),
            ("Hemtjenst i veckan", "hemtjänst i veckan"),
            ("vad gör en bistånsdhandlägare", "vad gör en biståndshandläggare"),
        ] {
            assert_eq!(mended(said, &words()).0, meant);
        }
        let (_, slips) = mended("vad är avgiftn", &words());
        assert_eq!((slips[0].said.as_str(), slips[0].meant.as_str()), ("avgiftn", "avgift"));
    }

    #[test]
    fn names_short_words_and_known_words_are_left_alone() {
        for text in [
            "vad kostar Hemtjänt AB?",
            "avgit",
            "hemtjänstens avgifter",
            "hemtjänstkostnad för kontaktpersonen",
            "cykelställ",
        ] {
            assert_eq!(mended(text, &words()).0, text);
        }
    }
}
