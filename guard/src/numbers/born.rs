//! Dates of birth and last four digits: in comes a view, out come both where the words around them say what they are.
//!
//! Examples: `född 1941-03-17`, `f. 17/3 1941`, `sista fyra 9987`. Left alone: `född 1937 eller tidigare`, `född före
//! den 1 juli 1958`, which are conditions of law.

use regex::Regex;

use super::{Hit, surroundings};
use crate::finding::FindingKind;
use crate::view::pattern;

pub(super) struct Rules {
    date: Regex,
    last_four: Regex,
}

impl Rules {
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Rules {
            date: pattern(
                r"(?ix)\b(?:född|född[ae]?s|föddes|födelsedatum|födelsedag|födelsetid|födelsedata|f\.|fyller\s+år)
                  [\s:]{1,3}(?:är\s|den\s){0,2}
                  (?<date>(?:19|20)?[0-9]{2}[-./\s]?(?:0[1-9]|1[0-2])[-./\s]?(?:0[1-9]|[12][0-9]|3[01])
                    |[0-3]?[0-9][./-]\s?[01]?[0-9](?:[./-]?\s?(?:(?:19|20)[0-9]{2}|[0-9]{2}))?
                    |[0-3]?[0-9]\.?\s(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december
                       |jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)\.?(?:\s(?:19|20)?[0-9]{2})?)\b",
            )?,
            last_four: pattern(
                r"(?ix)\b(?:(?:de\s)?(?:fyra\ssista|sista\sfyra|4\ssista|sista\s4|fyra\ssista)(?:\s(?:siffrorna|siffror))?|kontrollsiffror(?:na)?)
                  (?:\s(?:är|i\spersonnumret|i\spersonnumret\när))?[\s:,=]{1,3}(?<four>[0-9T](?:[\s-]?[0-9]){3})\b",
            )?,
        })
    }

    pub fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for found in self.date.captures_iter(text).filter_map(|found| found.name("date")) {
            let (_, after) = surroundings(text, &found.range());
            let of_law = ["eller", "och", "till"]
                .iter()
                .any(|word| after.trim_start().starts_with(word));
            if !of_law {
                hits.push((found.range(), FindingKind::Other, true));
            }
        }
        for found in self
            .last_four
            .captures_iter(text)
            .filter_map(|found| found.name("four"))
        {
            hits.push((found.range(), FindingKind::Other, true));
        }
    }
}
