//! A text in, its terms out: stems, numbers, abbreviations and legal references.

use crate::reference;

use super::compound::part_stems;
use super::stem::stem;
use super::stop::is_stop_word;

/// The terms of a text in reading order of its words, repeated as often as they occur, then its legal references. A compound
/// is followed by its parts.
///
/// Lower case; å, ä and ö are letters of their own and never folded. Abbreviations are terms as they stand ("lss"), and so
/// are numbers with their colon ("1993:387"). A reference to a provision is one term ("sol:11:1") beside its words.
pub fn terms(text: &str) -> Vec<String> {
    let words = words(text).filter(|word| !is_stop_word(word));
    let mut terms: Vec<String> = words.flat_map(|word| terms_of(&word)).collect();
    terms.extend(reference::find(text).iter().filter_map(reference::Reference::term));
    terms
}

/// The stems of all words of a text in reading order, the most common ones too: what phrases are compared by.
pub fn stems(text: &str) -> Vec<String> {
    words(text).map(|word| term_of(&word)).collect()
}

/// The words and numbers of a text in lower case. A letter on its own is part of a number or an abbreviation and no word.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == ':'))
        .map(|word| word.trim_matches(':'))
        .flat_map(|word| {
            // "EU:s" is a word with its ending, "1993:387" a number.
            let is_number = word.chars().all(|c| c.is_ascii_digit() || c == ':');
            word.split(move |c| c == ':' && !is_number)
        })
        .filter(|word| word.chars().count() > 1 || word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty())
        .map(str::to_lowercase)
}

/// The terms that one word stands for: its own, and those of its parts where it is a compound.
fn terms_of(word: &str) -> impl Iterator<Item = String> + use<> {
    std::iter::once(term_of(word)).chain(part_stems(word))
}

fn term_of(word: &str) -> String {
    let is_word = word.chars().all(char::is_alphabetic);
    if is_word { stem(word) } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(terms(text), expected, "{text}");
    }

    #[test]
    fn a_question_and_the_act_meet_in_their_terms() {
        let (question, act) = (terms("Får biståndet avslås?"), terms("Rätten till bistånd"));
        assert!(question.iter().any(|term| act.contains(term)));
    }

    #[test]
    fn a_reference_is_a_term_beside_its_words() {
        check("11 kap. 1 § SoL", &["11", "kap", "1", "sol", "sol:11:1"]);
        check("SoL 11:1", &["sol", "11:1", "sol:11:1"]);
        check("9 § LSS (1993:387)", &["9", "lss", "1993:387", "lss:9"]);
    }

    #[test]
    fn a_compound_meets_its_parts() {
        let (question, guideline) = (terms("Hur bedöms bistånd?"), terms("Biståndsbedömningen"));
        assert_eq!(question.iter().filter(|term| guideline.contains(term)).count(), 2);
    }

    #[test]
    fn letters_are_not_folded_and_stop_words_are_left_out() {
        check("Vad är vården i en värld åt alla?", &["vård", "värld"]);
    }
}
