//! Telling descriptions: in comes a view, out come places where age, relation and a named school or workplace together
//! point at one person without naming anyone.
//!
//! Examples: `Flickan är 14 år, går på Solbergaskolan`, `Pappan är vaktmästare på Tallåsskolan`. A description is never
//! certain: the user is asked to write more generally.

use std::ops::Range;

use regex::Regex;

use crate::finding::FindingKind;
use crate::numbers::Hit;
use crate::view::pattern;
use crate::words;

pub(super) struct Rules {
    sentence: Regex,
    place: Regex,
    detail: Regex,
}

impl Rules {
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Rules {
            sentence: pattern(r"[^?!.\n]+(?:\.[^\s][^?!.\n]*)*")?,
            place: pattern(
                r"(?x)\b[A-ZÅÄÖ][\p{L}-]*(?:skolan|skola|gymnasiet|gymnasium|förskolan|förskola|dagis|gården|hemmet)s?\b
                  |\b(?:klass|avdelning(?:en)?)\s(?:[0-9][A-Za-z]|[A-ZÅÄÖ]\p{L}+)
                  |\b[A-ZÅÄÖ]\p{L}+\s(?:skola|förskola|gymnasium|(?:SiS|HVB)-hem|äldreboende|gruppbostad|gruppboende)",
            )?,
            detail: pattern(
                r"(?x)\b[0-9]{1,2}[\s-]?år(?:s|ig|ige|iga|ing|ingen)?\b|,\s[0-9]{1,2}(?:,|\s?år)|\b(?:i|på)\sklass\b
                  |\b(?:bor|jobbar|arbetar|går|anställd)\s(?:\p{Ll}+\s){0,5}(?:i|på|hos|vid)\s",
            )?,
        })
    }

    pub fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for sentence in self.sentence.find_iter(text) {
            let offset = sentence.start();
            let Some(place) = self
                .place
                .find_iter(sentence.as_str())
                .find(|place| !is_generic(place.as_str()))
            else {
                continue;
            };
            let Some(person) = person(sentence.as_str()) else {
                continue;
            };
            let detail = self.detail.find(sentence.as_str()).map(|detail| detail.range());
            let occupation = sentence.as_str()[..place.start()].ends_with(" på ") && person.start < place.start();
            if detail.is_some() || occupation {
                let detail = detail.unwrap_or(place.range());
                let start = person.start.min(detail.start).min(place.start());
                let end = person.end.max(detail.end).max(place.end());
                hits.push((offset + start..offset + end, FindingKind::Other, false));
            }
        }
    }
}

/// The first word of a sentence that stands for one person.
fn person(sentence: &str) -> Option<Range<usize>> {
    let mut at = 0;
    for word in sentence.split(|c: char| !c.is_alphanumeric()) {
        if words::is_person(&word.to_lowercase()) {
            return Some(at..at + word.len());
        }
        at += word.len() + sentence[at + word.len()..].chars().next().map_or(0, char::len_utf8);
    }
    None
}

/// Kinds of schools, which are no particular school.
fn is_generic(place: &str) -> bool {
    let lower = place.to_lowercase();
    [
        "grund",
        "för",
        "gymnasie",
        "sär",
        "same",
        "special",
        "hög",
        "folkhög",
        "skolan",
        "anpassade",
        "resurs",
        "fri",
        "bo",
        "i ",
    ]
    .iter()
    .any(|kind| lower.starts_with(kind) && lower.len() < kind.len() + 10)
}
