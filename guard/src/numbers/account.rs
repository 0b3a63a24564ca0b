//! Accounts, documents and cars: in comes a view, out come numbers that lead to one person.
//!
//! - **IBAN**: any country, with a right mod-97 check (ISO 13616). Example: `SE45 5000 0000 0583 9825 7466`.
//! - **Bank account, passport, national identity card, LMA card, journal**: digits right after the word that names
//!   them. Example: `konto 8327-9, 123 456 789-0`. Bankgiro and plusgiro are not named here: organisations have them.
//! - **Car**: three letters, two digits and a digit or letter (Transportstyrelsen), in a sentence about a vehicle.
//!   Example: `bil med reg.nr KLM 482`.

use regex::Regex;

use super::checksum::mod_97;
use super::{Hit, surroundings};
use crate::finding::FindingKind;
use crate::view::pattern;
use crate::words;

pub(super) struct Rules {
    iban: Regex,
    named: Regex,
    plate: Regex,
}

impl Rules {
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Rules {
            iban: pattern(r"(?i)\b[A-Z]{2}[0-9]{2}(?:[ -]?[0-9A-Z]){11,30}\b")?,
            named: pattern(
                r"(?ix)\b(?:(?:bank|lön(?:e)?|person|spar)?konto(?:t|n(?:umme)?r|numret)?|clearing(?:n(?:umme)?r|numret)?
                     |pass(?:et|n(?:umme)?r|numret)|id-?kort(?:et|s?n(?:umme)?r)?|körkorts?n(?:umme)?r
                     |lma-?(?:kort|n(?:umme)?r)(?:et|s?n(?:umme)?r)?|dossier(?:n(?:umme)?r|numret)?
                     |beteckningsn(?:umme)?r|journaln(?:umme)?r|patientn(?:umme)?r)
                  (?:\s(?:nr|nummer|är|i\s\p{L}+))?[\s.:,]{1,3}
                  (?<number>[A-Z]{2}\s?[0-9]{6}|[0-9](?:[\s,./-]{0,2}[0-9]){6,22})\b",
            )?,
            plate: pattern(r"\b[A-HJ-PR-UW-Za-hj-pr-uw-z]{3}[ -]?[0-9]{2}[0-9A-HJ-NPR-UW-Z]\b")?,
        })
    }

    pub fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for found in self.iban.find_iter(text) {
            let plain: String = found.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
            // A word may follow the number and be swallowed with it, so shorter readings are tried too.
            if (15..=plain.len()).rev().any(|length| mod_97(&plain[..length])) && is_grouped_as_iban(found.as_str()) {
                hits.push((found.range(), FindingKind::Other, true));
            }
        }
        for found in self.named.captures_iter(text).filter_map(|found| found.name("number")) {
            hits.push((found.range(), FindingKind::Other, true));
        }
        for found in self.plate.find_iter(text) {
            let (before, after) = surroundings(text, &found.range());
            let mut words = before
                .split_whitespace()
                .rev()
                .take(8)
                .chain(after.split_whitespace().take(4));
            if words.any(|word| words::is_vehicle(word.trim_matches(|c: char| !c.is_alphanumeric()))) {
                hits.push((found.range(), FindingKind::Other, true));
            }
        }
    }
}

/// Four characters at a time or all in a row.
fn is_grouped_as_iban(text: &str) -> bool {
    text.split([' ', '-'])
        .next()
        .is_some_and(|group| group.len() == 4 || group.len() >= 15)
}
