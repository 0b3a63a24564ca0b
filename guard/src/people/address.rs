//! Addresses: in comes a view, out come street addresses with number, flat, postcode and town.
//!
//! A street is a word that ends as Swedish street names do and is followed by a number: `Ekvägen 2`,
//! `Tallvägen 3 B, 147 31 Tumba`, `Ringvägen 22 lgh 1203`. Left alone: streets without a number, addresses in a sentence
//! about an example, and those of an office.

use regex::Regex;

use crate::finding::FindingKind;
use crate::numbers::{Hit, surroundings};
use crate::view::pattern;
use crate::words;

pub(super) struct Rules {
    street: Regex,
}

impl Rules {
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Rules {
            street: pattern(
                r"(?x)(?:\b(?:[A-ZÅÄÖ][a-zåäöé]+\s)?|)[A-Za-zÅÄÖåäöé:-]*
                  (?:gatan|gata|vägen|väg|gränd|gränden|stigen|stig|allén|torget|torg|backen|backe|kajen
                    |stråket|svängen|slingan|kroken|ängen|hagen|höjden|esplanaden)
                  \s(?<number>[1-9][0-9]{0,2})(?:\s?[A-Za-hÅÄÖ]\b)?
                  (?:,?\s(?:lgh|lägenhet|vån|våning|tr|port|uppgång)\.?\s?[0-9]{1,4}|,?\s[0-9]\s(?:tr|vån))*
                  (?:,?\s(?:SE-?\s?)?[1-9][0-9]{2}\s?[0-9]{2}(?:\s[A-ZÅÄÖ][a-zåäö]+)?)?",
            )?,
        })
    }

    pub fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for found in self.street.captures_iter(text) {
            let (Some(whole), Some(number)) = (found.get(0), found.name("number")) else {
                continue;
            };
            let start = whole.start() + name_before(&text[whole.start()..number.start()]);
            let street = text[start..number.start()].trim();
            let longer_number = text[number.end()..].starts_with(|c: char| c.is_ascii_digit() || c == ':');
            if longer_number || street.chars().count() < 6 {
                continue;
            }
            let (before, after) = surroundings(text, &(start..whole.end()));
            let sentence = [before, after].concat();
            let mut around = sentence.split(|c: char| !c.is_alphanumeric());
            let of_person = around.clone().any(words::is_person);
            let of_office = !of_person && around.clone().any(words::is_office);
            let in_example =
                around.any(|word| word.starts_with("exempel") || word.starts_with("exemplet") || word == "fiktiv");
            if !of_office && !in_example {
                let capital = street.starts_with(char::is_uppercase);
                hits.push((start..whole.end(), FindingKind::Address, capital));
            }
        }
    }
}

/// How many bytes of what was read as a street are the name before it: `Warsame Storgatan`, but not `Norra Storgatan`.
fn name_before(street: &str) -> usize {
    match street.trim_end().split_once(' ') {
        Some((name, _)) if is_name(&name.to_lowercase()) => name.len() + 1,
        _ => 0,
    }
}

fn is_name(word: &str) -> bool {
    !words::is_not_name(word) && (words::is_surname(word) || words::is_given_name(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_part_of_a_street() {
        for (text, street) in [
            ("Gäller Aregash Warsame Storgatan 12 B", "Storgatan 12 B"),
            ("Hon bor på Norra Storgatan 12", "Norra Storgatan 12"),
        ] {
            let mut hits = Vec::new();
            Rules::new().expect("compiles").find(text, &mut hits);
            let found: Vec<&str> = hits.iter().map(|(place, ..)| &text[place.clone()]).collect();
            assert_eq!(found, [street]);
        }
    }
}
