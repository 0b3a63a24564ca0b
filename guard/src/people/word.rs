//! Words: in comes a view, out come its words with their shape and what stands before them.

use std::ops::Range;

use zeroize::{Zeroize, Zeroizing};

use crate::letters;
use crate::words;

/// Foreign letters tell a name no longer than this, in letters, from a Swedish compound.
const LONGEST_FOREIGN: usize = 10;

/// A word of the text.
pub(super) struct Word<'t> {
    /// Where it stands in the view.
    pub place: Range<usize>,
    /// As written.
    pub text: &'t str,
    /// In lower case, without a genitive -s where the name table has the word only without it.
    pub stem: String,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether it is a single letter, with or without a dot.
    pub initial: bool,
    /// Whether it begins a sentence, so that its capital means nothing.
    pub first: bool,
    /// What stands between the word before and this one.
    pub gap: Gap,
    /// What the tables say about it.
    pub given: Given,
    /// Whether the word, whatever its case, is known to be no name.
    pub no_name: bool,
    /// Whether the word may be a surname by table or ending.
    pub surname: bool,
}

/// What stands between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// One space, or a dot and a space after an initial.
    Space,
    /// A comma and a space.
    Comma,
    /// A colon and a space.
    Colon,
    /// A number, and a space behind it.
    Number,
    /// Anything else.
    Other,
}

/// Whether a word is a given name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    No,
    /// A name that is a common word too.
    Perhaps,
    Yes,
}

/// The stem is a copy of what somebody wrote, so its memory is overwritten before others get it.
impl Drop for Word<'_> {
    fn drop(&mut self) {
        self.stem.zeroize();
    }
}

impl Word<'_> {
    /// Whether the word, or its part before a hyphen, has the capitals of an abbreviation: `LSS`, `SoL`, `JOs`, but not
    /// `O'Connor`.
    pub fn is_abbreviation(&self) -> bool {
        let head = self.text.split(['-', '\'']).next().unwrap_or_default();
        let is_scots = head.starts_with("Mc") || head.starts_with("Mac");
        head.chars().filter(|c| c.is_uppercase()).count() > 1 && !is_scots
    }

    /// How many of its letter triples no Swedish word has.
    pub fn oddness(&self) -> usize {
        letters::oddness(&self.stem)
    }

    /// Whether the word is known to stand for something else than a person.
    pub fn is_known(&self) -> bool {
        self.no_name || self.is_abbreviation()
    }

    /// Whether the word stands in the genitive: the text ends in -s and the table has the name without it.
    pub fn is_genitive(&self) -> bool {
        self.text.ends_with('s') && !self.stem.ends_with('s') || self.text.ends_with("'s")
    }
}

/// Reads the words of a text: letters with inner hyphens and apostrophes. Those inside the sorted places `taken` are left
/// out.
pub(super) fn words<'t>(text: &'t str, taken: &[Range<usize>]) -> Vec<Word<'t>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut taken = taken.iter().peekable();
    let mut at = 0;
    while let Some(start) = text[at..].find(char::is_alphabetic).map(|start| at + start) {
        let rest = &text[start..];
        let length = rest
            .find(|c: char| !c.is_alphabetic() && c != '-' && c != '\'')
            .unwrap_or(rest.len());
        let word = rest[..length].trim_end_matches(['-', '\'']);
        let end = start + word.len();
        while taken.next_if(|place| place.end <= start).is_some() {}
        if taken.peek().is_some_and(|place| place.start < end) {
            at = start + length;
            continue;
        }
        let previous = words.last();
        let between = &text[previous.map_or(0, |word| word.place.end)..start];
        let initial = previous.is_some_and(|word: &Word<'_>| word.initial);
        let digits_behind = text[end..].starts_with(|c: char| c.is_ascii_digit() || c == '@');
        let glued = between.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '@' | '.' | '/' | '_'));
        let (stem, given) = match glued || digits_behind {
            true => (word.to_lowercase(), Given::No),
            false => look_up(word),
        };
        let lower = Zeroizing::new(word.to_lowercase());
        words.push(Word {
            place: start..end,
            text: word,
            no_name: is_no_name(word, &lower) || is_place(&lower) || is_place(&stem),
            surname: has_form(words::is_surname, &stem),
            stem,
            capital: word.starts_with(char::is_uppercase),
            initial: word.chars().count() == 1 && word.starts_with(char::is_uppercase),
            first: previous.is_none() || begins_sentence(between, initial),
            gap: gap(between, initial),
            given,
        });
        at = start + length;
    }
    words
}

/// Whether a word is known to be no name. One with a capital that only ends like such a word, while its letters look
/// foreign or it ends as a surname does, may be one: `Weynshet`, `Gyllenstierna`.
fn is_no_name(word: &str, lower: &str) -> bool {
    let may_be_name = || {
        let by_end = word.starts_with(char::is_uppercase) && !words::is_surely_not_name(lower);
        let is_foreign = lower.chars().count() <= LONGEST_FOREIGN && letters::is_foreign(lower);
        by_end && (is_foreign || words::is_surname_alone(lower))
    };
    words::is_not_name(lower) && !may_be_name()
}

/// Whether a table has a word, or the word that it is the genitive of.
pub(super) fn has_form(table: fn(&str) -> bool, word: &str) -> bool {
    table(word) || word.strip_suffix('s').is_some_and(table)
}

/// Whether a word is a place, also in the genitive: `Stockholms`.
fn is_place(word: &str) -> bool {
    has_form(words::is_place, word)
}

fn begins_sentence(between: &str, after_initial: bool) -> bool {
    between.contains(['?', '!', '\n', '"', '\u{201D}', '\u{2022}', '*', '#', '|'])
        || between.contains('.') && !after_initial
}

fn gap(between: &str, after_initial: bool) -> Gap {
    match between {
        " " => Gap::Space,
        ". " if after_initial => Gap::Space,
        ", " => Gap::Comma,
        ": " => Gap::Colon,
        _ if between.ends_with(' ') && between.contains(|c: char| c.is_ascii_digit()) => Gap::Number,
        _ => Gap::Other,
    }
}

/// The stem of a word and whether it is a given name. A double name is one if its halves are.
fn look_up(word: &str) -> (String, Given) {
    let mut lower = Zeroizing::new(word.to_lowercase());
    let stripped = lower.strip_suffix("'s").or_else(|| lower.strip_suffix('s'));
    let forms = [Some(lower.as_str()), stripped];
    for form in forms.into_iter().flatten() {
        let mut parts = form.split('-');
        let long_enough = form.chars().count() > if form == lower.as_str() { 1 } else { 2 };
        if long_enough && parts.all(words::is_given_name) {
            let is_word = words::is_name_and_word(&lower) || is_word(word, form);
            let given = if is_word { Given::Perhaps } else { Given::Yes };
            return (form.to_owned(), given);
        }
    }
    (std::mem::take(&mut *lower), Given::No)
}

/// Whether a name may be a common word instead. Of a double name each half must be, unless it is in lower case.
fn is_word(word: &str, name: &str) -> bool {
    let double_name = name.contains('-') && word.split('-').all(|part| part.starts_with(char::is_uppercase));
    match double_name {
        true => name.split('-').all(words::is_name_and_word),
        false => name.split('-').any(words::is_name_and_word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_and_stem() {
        let words = words("Är Ellens son här? Maj-Britt A. Lind, 82.", &[]);
        let stems: Vec<&str> = words.iter().map(|word| word.stem.as_str()).collect();
        assert_eq!(stems, ["är", "ellen", "son", "här", "maj-britt", "a", "lind"]);
        assert!(words[1].is_genitive() && words[1].given == Given::Yes && !words[1].first);
        assert!(words[4].first && words[5].initial && words[6].gap == Gap::Space);
    }
}
