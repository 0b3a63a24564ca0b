//! A text in, its terms out: stems, numbers, abbreviations and legal references.

use crate::reference;

use super::stem::stem;
use super::stop::is_stop_word;

/// The terms of a text in reading order, repeated as often as they occur.
///
/// Lower case; å, ä and ö are letters of their own and never folded. A legal reference is a term beside its words.
pub fn terms(text: &str) -> Vec<String> {
    let mut terms: Vec<String> = words(text)
        .filter(|word| !is_stop_word(word))
        .map(|word| stem(&word))
        .collect();
    terms.extend(reference::find(text).iter().filter_map(reference::Reference::term));
    terms
}

/// The words of a text in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
