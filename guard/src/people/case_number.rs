//! Case numbers: in comes a view and what was found in it, out come the numbers of cases that are tied to a person.
//!
//! A case number alone is public (`Dnr VON 2025:00149` is a guideline, `mål nr 1234-23` a ruling). It is personal data
//! when a person is named or described in the same text: `SN 2024-00123 Anna L`, `akt 884512`.

use regex::Regex;

use super::points_at_person;
use crate::finding::FindingKind;
use crate::numbers::{Hit, surroundings};
use crate::view::pattern;
use crate::words;

/// Series of published rulings, bills and regulations, whose numbers are written like case numbers.
const PUBLISHED: [&str; 16] = [
    "SFS", "SOU", "HFD", "RÅ", "NJA", "JO", "AD", "MIG", "MÖD", "SOSFS", "HSLF-FS", "FS", "RH", "KU", "EU", "ISO",
];

pub(super) struct Rules {
    number: Regex,
}

impl Rules {
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Rules {
            number: pattern(
                r"(?x)\b[A-ZÅÄÖ]{2,5}[\s/:-]{1,2}(?:19|20)[0-9]{2}[/:-][0-9]{2,6}(?:-[0-9]{1,3})?\b
                  |\b(?i:dnr|diarien(?:umme)?r|ärenden?(?:umme)?r|änr|ärende)[\s.:]{1,3}(?<bare>(?:19|20)[0-9]{2}[/:-][0-9]{2,6}(?:-[0-9]{1,3})?)\b
                  |\b(?i:akt|aktn(?:umme)?r|akten|personakt)[\s.:]{1,3}(?<file>[0-9][0-9-]{3,10}[0-9])\b
                  |\b(?i:mål|målet)\s(?:nr\s|nummer\s)?(?<ruling>[BTÖFMÄ]?\s?[0-9]{1,6}-[0-9]{2})\b",
            )?,
        })
    }

    pub fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        let people: Vec<usize> = hits
            .iter()
            .filter(|hit| points_at_person(hit))
            .map(|(place, ..)| place.start)
            .collect();
        for found in self.number.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            let number = ["bare", "file", "ruling"]
                .iter()
                .find_map(|name| found.name(name))
                .unwrap_or(whole);
            if PUBLISHED.iter().any(|series| {
                number
                    .as_str()
                    .strip_prefix(series)
                    .is_some_and(|rest| rest.starts_with([' ', '-', '/', ':']))
            }) {
                continue;
            }
            let near = |person: &usize| person.abs_diff(number.start()) < 200;
            let (before, after) = surroundings(text, &number.range());
            let sentence = [before, after].concat();
            let of_person = sentence.split(|c: char| !c.is_alphanumeric()).any(words::is_person);
            if people.iter().any(near) || of_person {
                hits.push((number.range(), FindingKind::CaseNumber, true));
            } else if found.name("file").is_some() {
                hits.push((number.range(), FindingKind::CaseNumber, false));
            }
        }
    }
}
