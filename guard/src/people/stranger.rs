//! Names that no table has: in comes a word and what stands around it, out comes the name that begins there.
//!
//! What tells a name that nobody has listed:
//!
//! - **A cue**: `fru Haag`, `heter Sara`. **An initial**: `A. Hoxha`, `Genzebe G`.
//! - **Two capitals** inside a sentence: `anmälan om Aregash Munthe`. At its beginning the first must look foreign.
//! - **One capital** inside a sentence about a person, before a word that only persons do, or before a relation:
//!   `om Birhanu tackar nej`, `Elvinias inkomst`. After `i`, `från` and the like it is a place.
//! - **Letters** that Swedish words do not put side by side: `Xaawo`, `roobow tehrani`.
//!
//! Nothing of this is certain without a cue, an initial or a surname.

use super::name::{is_about_person, is_telling};
use super::word::{Gap, Given, Word, has_form};
use crate::letters;
use crate::words;

/// What stands before a surname, whatever word that surname is.
const TITLES: [&str; 5] = ["fru", "herr", "hr", "fröken", "familjen"];
/// What stands before a place.
const BEFORE_PLACES: [&str; 8] = ["i", "från", "på", "utanför", "vid", "inom", "genom", "via"];
/// Those of them that no person stands after, unless in the genitive: `i Yonas fall`.
const ONLY_BEFORE_PLACES: [&str; 3] = ["i", "utanför", "inom"];
/// How many words a list of places is followed back.
const LIST_REACH: usize = 3;
/// What stands before the name of an author.
const CITING: [&str; 6] = ["skriver", "enligt", "menar", "professor", "författaren", "forskaren"];

/// The name that begins with the capitalised word `at`, whose capitals go on to `last`.
pub(super) fn with_capital(
    words: &[Word<'_>],
    at: usize,
    last: usize,
    cue: bool,
    of_someone: bool,
) -> Option<(usize, bool)> {
    let (word, end) = (&words[at], &words[last]);
    let before = at.checked_sub(1).map(|before| &words[before]);
    let next = words.get(at + 1);
    let has_surname = last > at && end.surname && !end.no_name && !end.is_abbreviation();
    if word.initial {
        let dotted =
            next.filter(|next| next.capital && next.place.start == word.place.end + 2 && !next.is_abbreviation());
        let is_name = dotted.is_some_and(|next| !next.no_name || !word.first);
        return (has_surname || is_name).then_some((last.max(at + 1), has_surname));
    }
    let after_title = before.is_some_and(|before| TITLES.contains(&before.stem.as_str()) && word.gap == Gap::Space);
    let before_surname = has_surname && is_long(end) && !is_word(word) && !word.first;
    if word.is_abbreviation() || word.no_name && !after_title && !before_surname {
        return None;
    }
    if (cue || after_title) && (after_title || !is_word(word) || last > at) {
        return Some((last, words[at..=last].iter().any(is_telling)));
    }
    let after_initial = next.is_some_and(|next| next.initial);
    let ends_as_name = has_surname && !(word.first && (after_initial || !is_long(end)));
    let none_known = last > at
        && !words[at..=last]
            .iter()
            .any(|word| (word.is_known() || is_word(word)) && !is_letter(word));
    let by_letter =
        end.initial && word.stem.chars().count() > 3 && words.get(last + 1).is_some_and(|after| !after.capital);
    let pair = match word.first {
        true => by_letter || !is_letter(end) && !after_initial && (word.oddness() > 0 || !is_compound(word)),
        false => may_stand_here(words, at),
    };
    // A heading and the sentence after it may begin with the same word.
    let repeated = next.is_some_and(|next| next.stem == word.stem);
    if ends_as_name || none_known && pair && !repeated {
        return Some((last, false));
    }
    if let Some(given) = turned_round(words, at) {
        return Some((given, false));
    }
    if is_word(word) {
        return None;
    }
    stands_alone(words, at, of_someone).then_some((at, false))
}

/// Whether a word is a common one or a compound of one, whatever its case.
fn is_word(word: &Word<'_>) -> bool {
    words::is_common(&word.stem)
        || words::is_person(&word.stem)
        || word.given == Given::No && !has_surname_ending(word) && words::is_compound(&word.stem)
}

/// Whether a word is a surname or ends as one, with a given name before it or without.
fn has_surname_ending(word: &Word<'_>) -> bool {
    word.surname || is_surname_alone(word)
}

/// Whether a word is a surname without a given name before it, also in the genitive: `Aronsdotters`.
fn is_surname_alone(word: &Word<'_>) -> bool {
    has_form(words::is_surname_alone, &word.stem)
}

/// Whether a word is a letter that may stand for a surname: not a Roman numeral, nor `i` at the head of a sentence.
fn is_letter(word: &Word<'_>) -> bool {
    word.initial && !matches!(word.text, "I" | "V" | "X")
}

/// Whether one capitalised word is a name by what stands around it, or by its letters.
fn stands_alone(words: &[Word<'_>], at: usize, of_someone: bool) -> bool {
    let (word, next) = (&words[at], words.get(at + 1));
    let before = at.checked_sub(1).map(|before| words[before].stem.as_str());
    let goes_on = at
        .checked_sub(1)
        .is_some_and(|before| words[before].capital && words[before].no_name && word.gap == Gap::Space);
    if goes_on && !words[at - 1].first || word.stem.chars().count() < 3 {
        return false;
    }
    if is_surname_alone(word) && !before.is_some_and(|before| CITING.contains(&before)) {
        return true;
    }
    let is_relation = next.is_some_and(|next| next.gap == Gap::Space && words::may_follow_name(&next.stem));
    let genitive = word.text.ends_with('s') && word.stem.chars().count() > 3 && is_relation;
    let odd = word.oddness();
    let follows = |table: fn(&str) -> bool| next.is_some_and(|next| next.gap == Gap::Space && table(&next.stem));
    if word.first {
        return letters::is_foreign(&word.stem)
            || genitive && word.surname
            || !is_definite(word) && follows(words::is_person_verb)
            || odd > 0 && !is_definite(word) && (genitive || follows(words::is_auxiliary));
    }
    let is_hint = odd > 1 || of_someone || genitive || follows(words::is_person_verb) || is_about_person(words, at);
    is_hint && may_stand_here(words, at)
}

/// Whether a word ends as a noun in the definite form: `Matchen`, `Läget`. Surnames that do are in the table.
fn is_definite(word: &Word<'_>) -> bool {
    !word.surname && ["en", "et", "arna", "erna"].iter().any(|end| word.stem.ends_with(end))
}

/// Whether a given name that is a word too is meant as a name: it has a capital inside a sentence, and none of a street or
/// the like follows (`Per Dubbsgatan`).
pub(super) fn may_be_name(words: &[Word<'_>], at: usize) -> bool {
    let of_place = words
        .get(at + 1)
        .is_some_and(|next| next.capital && next.no_name && next.gap == Gap::Space);
    !words[at].is_known() && !of_place && may_stand_here(words, at)
}

/// Whether a name may stand here: not after a word that places stand after, unless it looks foreign.
pub(super) fn may_stand_here(words: &[Word<'_>], at: usize) -> bool {
    let in_sentence = words[at].gap != Gap::Other;
    match before_place(words, at) {
        Some(before) if ONLY_BEFORE_PLACES.contains(&before) && !words[at].text.ends_with('s') => false,
        Some(_) => letters::is_foreign(&words[at].stem),
        None => in_sentence || letters::is_foreign(&words[at].stem),
    }
}

/// The word that places stand after, before word `at` or before the place that it goes on: `i Cambio Cosmic`, `från Nordea
/// och Avanza`.
fn before_place<'w>(words: &'w [Word<'_>], at: usize) -> Option<&'w str> {
    let mut head = at;
    for _ in 0..LIST_REACH {
        let before = &words[head.checked_sub(1)?];
        if BEFORE_PLACES.contains(&before.stem.as_str()) {
            return Some(&before.stem);
        }
        let is_other = |word: &Word<'_>| word.capital && !word.first && word.given == Given::No;
        head = match before.stem.as_str() {
            "och" | "eller" => head.checked_sub(2).filter(|head| is_other(&words[*head]))?,
            _ if is_other(before) && words[head].gap == Gap::Space && !words[at].text.ends_with('s') => head - 1,
            _ => return None,
        };
    }
    None
}

/// Surname first, where one of the two looks foreign or the first is a surname: `Zazai, Chinonso`. A list goes on.
fn turned_round(words: &[Word<'_>], at: usize) -> Option<usize> {
    let (word, next) = (&words[at], words.get(at + 1)?);
    let goes_on = words
        .get(at + 2)
        .is_some_and(|third| third.capital && third.gap == Gap::Comma);
    let is_pair = next.gap == Gap::Comma && next.capital && !next.is_known() && !goes_on;
    (is_pair && (word.surname || word.oddness() + next.oddness() > 0)).then_some(at + 1)
}

/// A name in lower case that looks foreign: after a cue, or two words side by side.
pub(super) fn in_lower_case(words: &[Word<'_>], at: usize, cue: bool) -> Option<(usize, bool)> {
    let word = &words[at];
    let next = words
        .get(at + 1)
        .filter(|next| next.gap == Gap::Space && !next.capital && is_free(next));
    let may_be_given = word.given != Given::No && !word.no_name && word.text.chars().count() > 2;
    if !is_free(word) && !may_be_given {
        return None;
    }
    let (odd, odd_next) = (word.oddness(), next.map_or(0, Word::oddness));
    let surname = next.is_some_and(|next| next.surname && is_long(next));
    let short = !is_compound(word) && next.is_some_and(|next| !is_compound(next));
    let both_odd = odd > 0 && odd_next > 0 && odd + odd_next > 2;
    let by_letters = odd > 0 && surname || short && (both_odd || odd > 2);
    let is_given = word.given == Given::Yes || words::is_name_before_verb(&word.stem);
    let by_name = is_given && odd_next > usize::from(!surname);
    let by_cue = cue && next.is_some() && !is_word(word);
    if by_letters || by_name || by_cue {
        return Some((at + 1, false));
    }
    (cue && odd > 0 || odd > 3 && odd * 2 >= word.text.chars().count()).then_some((at, false))
}

/// Whether a word is long enough and not known to be something else.
fn is_free(word: &Word<'_>) -> bool {
    word.text.chars().count() > 2 && !word.is_known() && word.given != Given::Perhaps && !is_word(word)
}

/// Whether a word is longer than nearly all names, as Swedish compounds are.
fn is_compound(word: &Word<'_>) -> bool {
    word.stem.chars().count() > 10
}

fn is_long(word: &Word<'_>) -> bool {
    word.stem.chars().count() >= 6
}
