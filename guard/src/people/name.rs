//! Names of persons: in come the words of a text, out come the places of names.
//!
//! A name begins with a word that gives it away and goes on over the words that belong to it:
//!
//! - **A given name** of the table with a surname, an initial or another capitalised word: `Leif Granqvist`, `Ahmed H`.
//! - **A given name alone**: `Maj-Britt på Tallbackavägen`. Possible only, unless it is a genitive (`Ellens son`).
//! - **A cue** before a capitalised word: `familjen Lind`, `heter Sara`, `Klient: Amina Yusuf`.
//! - **Lower case**: a given name with a surname or an initial: `anna lindström`, `leila b`.
//! - **Turned round**: `O'Connor, Siobhan`. **Initials**: `A. Lindström`.
//! - **Unknown words**: see `stranger`. Possible only.
//!
//! Given names that are common words (`Sten`, `Maj`) count only with a surname, an initial or a cue. Left alone: names of
//! laws, courts, authorities and places (`words/not_names.txt`, `words/places.txt`), `lex Sarah`, and other surnames alone
//! without a cue, because a question may cite an author.

use super::stranger;
use super::word::{Gap, Given, Word};
use crate::finding::FindingKind;
use crate::numbers::Hit;
use crate::words;

/// Words that join the parts of a surname.
const PARTICLES: [&str; 14] = [
    "von", "af", "av", "de", "del", "da", "dos", "van", "der", "al", "el", "bin", "ibn", "la",
];
/// What stands before a name that is not a person's: `lex Sarah`, `Sankt Göran`.
const NOT_A_PERSON: [&str; 10] = [
    "lex",
    "sierra",
    "sankt",
    "sankta",
    "s:t",
    "st",
    "drottning",
    "kung",
    "stiftelsen",
    "sjukhuset",
];
/// The longest name, in words.
const LONGEST: usize = 5;

/// Finds the names in a text.
pub(super) fn find(words: &[Word<'_>], hits: &mut Vec<Hit>) {
    let mut at = 0;
    while at < words.len() {
        match name_at(words, at) {
            Some((last, certain)) => {
                hits.push((words[at].place.start..words[last].place.end, FindingKind::Name, certain));
                at = last + 1;
            }
            None => at += 1,
        }
    }
}

/// The name that begins with word `at`: the index of its last word, and whether it is certain.
fn name_at(words: &[Word<'_>], at: usize) -> Option<(usize, bool)> {
    let word = &words[at];
    let before = at.checked_sub(1).map(|index| &words[index]);
    let stands_for_other = |word: &Word<'_>| NOT_A_PERSON.contains(&word.stem.as_str());
    if stands_for_other(word) || before.is_some_and(stands_for_other) {
        return None;
    }
    let cue = before.is_some_and(|cue| matches!(word.gap, Gap::Space | Gap::Colon) && words::is_name_cue(&cue.stem));
    if !word.capital {
        let particle = cue && PARTICLES.contains(&word.text) && words.get(at + 1).is_some_and(|next| next.capital);
        return match particle {
            true => Some((extent(words, at), true)),
            false => lower_case(words, at, cue).or_else(|| stranger::in_lower_case(words, at, cue)),
        };
    }
    let next = words.get(at + 1);
    if let Some(given) = turned_round(word, next) {
        return Some((at + 1, given == Given::Yes));
    }
    let last = extent(words, at);
    let rest = &words[at + 1..=last];
    let of_someone = word.is_genitive() && next.is_some_and(|next| words::may_follow_name(&next.stem));
    match word.given {
        Given::Perhaps if word.first && words::is_opener(&word.stem) => None,
        Given::Yes if word.is_abbreviation() && !rest.iter().any(is_telling) => None,
        Given::Yes if last > at => Some((last, true)),
        Given::Yes if !cue && (words::is_place(&word.stem) || word.stem.chars().count() < 3) => None,
        Given::Yes => Some((at, cue || of_someone)),
        Given::Perhaps if rest.iter().any(is_telling) => Some((last, true)),
        Given::Perhaps if cue && !word.is_abbreviation() => Some((last, true)),
        Given::Perhaps if last > at && !word.is_abbreviation() && !words[last].is_abbreviation() => Some((last, false)),
        Given::Perhaps if of_someone && !word.first => Some((at, false)),
        Given::Perhaps if !word.first && stranger::may_be_name(words, at) => Some((at, false)),
        Given::Perhaps => acts(words, at).then_some((at, false)),
        Given::No => stranger::with_capital(words, at, last, cue, of_someone),
    }
}

/// Whether a word of the same sentence, at most twelve words away, speaks of one person or is a name.
pub(super) fn is_about_person(words: &[Word<'_>], at: usize) -> bool {
    let before = words[..at].iter().rev().take(12).scan(false, |over, word| {
        (!std::mem::replace(over, word.first)).then_some(word)
    });
    let after = words[at + 1..].iter().take(12).take_while(|word| !word.first);
    let is_named = |word: &Word<'_>| word.capital && word.given == Given::Yes && !word.is_known();
    before
        .chain(after)
        .any(|word| words::is_person(&word.stem) || is_named(word))
}

/// Whether a capitalised word after another makes the two a name.
pub(super) fn is_telling(word: &Word<'_>) -> bool {
    word.given == Given::Yes && !word.is_abbreviation()
        || word.surname && (words::is_listed_surname(&word.stem) || !words::is_not_name(&word.stem))
        || word.initial && !matches!(word.text, "I" | "V" | "X")
}

/// The last word of a name that begins with word `at`: capitalised words, initials and particles that follow it.
fn extent(words: &[Word<'_>], at: usize) -> usize {
    let mut last = at;
    if words[at].is_genitive() {
        return last;
    }
    for (index, word) in words.iter().enumerate().skip(at + 1).take(LONGEST) {
        let is_particle = PARTICLES.contains(&word.text);
        // A surname may be a place as well, but a surname that ends as a law or an authority does is none.
        let may_be_surname =
            word.surname && words[at].given != Given::No && !words::is_not_name(&word.text.to_lowercase());
        let known = word.given != Given::Yes && word.no_name && !may_be_surname;
        if word.gap != Gap::Space || word.first || !is_particle && (!word.capital || known && !word.initial) {
            break;
        }
        if !word.initial && word.is_abbreviation() && !words[at].is_abbreviation() {
            break;
        }
        if !is_particle {
            last = index;
            if word.is_genitive() && word.given != Given::No {
                break;
            }
        }
    }
    last
}

/// A name in lower case: a given name with a surname or one letter, after a cue, or where a sentence speaks of it as of a
/// person. Alone it is possible only.
fn lower_case(words: &[Word<'_>], at: usize, cue: bool) -> Option<(usize, bool)> {
    let word = &words[at];
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space);
    if word.given == Given::Perhaps {
        let is_surname = |next: &Word<'_>| {
            words::is_listed_surname(&next.stem) || next.surname && !next.no_name && !words::is_common(next.text)
        };
        let with_surname = words::is_name_before_verb(&word.stem) && next.is_some_and(is_surname);
        return match with_surname {
            true => Some((at + 1, false)),
            false => acts(words, at).then_some((at, false)),
        };
    }
    let length = word.text.chars().count();
    let frequent = words::is_frequent_name(&word.stem);
    let known_by_end = word.no_name && !frequent && !words::is_name_before_verb(&word.stem);
    if word.given != Given::Yes || known_by_end || words::is_place(&word.stem) || length < 3 {
        return None;
    }
    if let Some(next) = next.filter(|_| !word.is_genitive()) {
        let is_letter = next.text.chars().count() == 1 && !matches!(next.text, "i" | "å" | "ö" | "o" | "I" | "V" | "X");
        let is_known = next.no_name || words::is_name_and_word(&next.stem) || next.text.chars().count() < 4;
        if is_letter || next.surname && !is_known {
            return Some((at + 1, true));
        }
    }
    let of_someone = word.text.ends_with('s') && next.is_some_and(|next| words::may_follow_name(&next.stem));
    let alone = of_someone || !word.is_genitive() && (frequent || length > 3 && is_spoken_of(words, at));
    alone.then_some((at, cue && frequent))
}

/// Whether the words around a rare name in lower case speak of it as of a person: `när alrik fyllde`, `hos nasrin`.
fn is_spoken_of(words: &[Word<'_>], at: usize) -> bool {
    const BEFORE: [&str; 8] = ["hos", "med", "åt", "om", "för", "till", "är", "kan"];
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space);
    let follows = |table: fn(&str) -> bool| next.is_some_and(|next| table(&next.stem));
    let after = at
        .checked_sub(1)
        .is_some_and(|before| BEFORE.contains(&words[before].stem.as_str()));
    follows(words::is_person_verb) || words[at].first && follows(words::is_auxiliary) || after
}

/// Whether a name that is a word too is what a sentence is about: `Björn vill`, `om love rymmer`, `stig är sjuk`.
fn acts(words: &[Word<'_>], at: usize) -> bool {
    let word = &words[at];
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space);
    words::is_name_before_verb(&word.stem)
        && !word.is_abbreviation()
        && next.is_some_and(|next| words::is_person_verb(&next.stem) || word.first && words::is_auxiliary(&next.stem))
}

/// Surname first, as in a register: `O'Connor, Siobhan`. How sure the second word is as a given name.
fn turned_round(word: &Word<'_>, next: Option<&Word<'_>>) -> Option<Given> {
    let next = next.filter(|next| next.gap == Gap::Comma && next.capital && next.given == Given::Yes)?;
    let is_surname = word.surname || word.text.contains('\'');
    (is_surname && word.given != Given::Yes && !word.no_name).then_some(next.given)
}

#[cfg(test)]
mod tests {
    use super::super::word::words;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut hits = Vec::new();
        find(&words(text, &[]), &mut hits);
        let found: Vec<&str> = hits.iter().map(|(place, ..)| &text[place.clone()]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names() {
        check("Leif Granqvist vill flytta", &["Leif Granqvist"]);
        check("Ahmed H har dömts, och leila b", &["Ahmed H", "leila b"]);
        check("Ellens son och Görans dom", &["Ellens", "Görans"]);
        check("Familjen Lind vill ha avlösning", &["Lind"]);
        check("mamman heter Sara Haddad.", &["Sara Haddad"]);
        check("anna lindström vill överklaga", &["anna lindström"]);
        check("Gäller Sten Berg. Han är 82", &["Sten Berg"]);
        check("O'Connor, Siobhan har ringt", &["O'Connor, Siobhan"]);
        check(
            "Fatuma Abdirahman Warsame talar somaliska",
            &["Fatuma Abdirahman Warsame"],
        );
        check("Ring A. Lindström på måndag", &["A. Lindström"]);
        check("Kan Leif Granqvist få larm?", &["Leif Granqvist"]);
        check("Björn vill ha larm. vad gör vi om love rymmer", &["Björn", "love"]);
        check("när alrik fyllde 65, och bogdans barn", &["alrik", "bogdans"]);
        check(
            "saga wermelin och solveig tengblad",
            &["saga wermelin", "solveig tengblad"],
        );
    }

    #[test]
    fn no_names() {
        for text in [
            "Vi måste bryta sten för att bygga ramp",
            "Ligger Dal i Dalsland?",
            "Hur tolkar vi Barnkonventionen artikel 3 i Sverige?",
            "Vad innebär förvaltningsrätten i Stockholm?",
            "Vad skriver Moffatt om evidensbaserad praktik?",
            "Vad är lex Sarah och lex Maria?",
            "Socialnämnden i Lunds kommun och Nora kommun",
            "Har min klient, en man på 67 år med MS, rätt till hjälp?",
            "I maj och i juni gäller nya regler. Maj är en månad.",
            "Har hon Downs syndrom eller Alzheimers sjukdom?",
            "Kan Netflix räknas som skälig levnadsnivå?",
            "Måste vi gallra Facebook-meddelanden?",
            "Räknas saldo från Nordea och Zedbank?",
            "Kan man bo halva året i Torrevieja?",
            "makarna ska bo tillsammans, den dag hemtjänsten börjar",
        ] {
            check(text, &[]);
        }
    }
}
