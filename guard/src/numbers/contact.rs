//! Telephone numbers and e-mail addresses: in comes a view, out come those of persons.
//!
//! Source of the shapes: the Swedish numbering plan (PTS) and RFC 5321 in its usual subset. A mobile number is a
//! person's unless the sentence speaks of an office; a landline number belongs to a person when the sentence speaks of
//! one, to nobody when it speaks of an office, and is possible otherwise. Example: `Sonen, tel 08-465 004 11` stops,
//! `Barnombudet i Botkyrka: 08-530 615 77` does not.

use std::ops::Range;

use regex::Regex;

use super::{Hit, surroundings};
use crate::finding::FindingKind;
use crate::view::pattern;
use crate::words;

pub(super) struct Rules {
    mobile: Regex,
    landline: Regex,
    bare_landline: Regex,
    foreign: Regex,
    email: Regex,
}

impl Rules {
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Rules {
            mobile: pattern(
                r"(?x)(?:(?:\+|\b00)\s?46[\s-]{0,2}(?:\(0\)|0)?[\s-]{0,2}|\b[0OoÖ])7[\s-]?[02369]
                  (?:[\s./-]{0,3}[0-9]){7}\b",
            )?,
            landline: pattern(
                r"(?x)(?:(?:\+|\b00)\s?46[\s-]{0,2}(?:\(0\)|0)?[\s-]{0,2}[1-9][0-9]{0,2}[\s-]{0,3}
                     |\b0[1-9][0-9]{0,2}\s?[-/]\s?)
                  [0-9]{2,3}(?:\s?-?[0-9]{2,3}){1,3}\b",
            )?,
            bare_landline: pattern(
                r"(?ix)\b(?:tel|tfn|telefon|telefonnummer|telefonnr|mobil|mobilnummer|ringa?|ringer|nås\s+på|nummer|numret)
                  [\s.:]{1,3}(?:på\s|är\s)?\s?(?<number>0[1-9](?:\s?[0-9]){6,9})\b",
            )?,
            foreign: pattern(r"(?:\+|\b00)[1-9](?:[\s.()/-]{0,2}[0-9]){8,13}\b")?,
            email: pattern(
                r"(?ix)\b(?<user>[\p{L}0-9][\p{L}0-9._%+'-]*)
                  \s?(?:@|[\[(]\s?(?:at|snabel-?a|@)\s?[\])]|\ssnabel-?a\s)\s?
                  (?<domain>[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)*\.\p{L}\p{L}+)",
            )?,
        })
    }

    pub fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for found in self.mobile.find_iter(text) {
            let who = owner(text, found.range());
            let certain = who != Owner::Office;
            hits.push((found.range(), FindingKind::Phone, certain));
        }
        let bare = self
            .bare_landline
            .captures_iter(text)
            .filter_map(|found| found.name("number"));
        for found in self.landline.find_iter(text).chain(bare) {
            let digits = found.as_str().bytes().filter(u8::is_ascii_digit).count();
            // 020 is free of charge for the caller, 0771 and 0775 are shared-cost: only offices have them.
            let of_office = ["020", "077"].iter().any(|prefix| found.as_str().starts_with(prefix));
            let who = owner(text, found.range());
            let in_a_row = continues_digits(&text[..found.start()]);
            if (8..=13).contains(&digits) && !of_office && !in_a_row && who != Owner::Office {
                hits.push((found.range(), FindingKind::Phone, who == Owner::Person));
            }
        }
        for found in self.foreign.find_iter(text) {
            let swedish = found.as_str().trim_start_matches(['+', '0', ' ']).starts_with("46");
            if !swedish && owner(text, found.range()) != Owner::Office {
                hits.push((found.range(), FindingKind::Phone, true));
            }
        }
        for found in self.email.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            if !is_mailbox_of_office(&found["user"]) {
                hits.push((whole.range(), FindingKind::Email, true));
            }
        }
    }
}

/// Whether digits and a sign stand right before a place, as in the second half of a date or of a longer number.
fn continues_digits(before: &str) -> bool {
    let rest = before.trim_end_matches(['-', '.', '/', ':']);
    rest.len() < before.len() && rest.ends_with(|c: char| c.is_ascii_digit())
}

/// Whose number the sentence says it is.
#[derive(PartialEq, Eq)]
enum Owner {
    Person,
    Office,
    Unknown,
}

fn owner(text: &str, place: Range<usize>) -> Owner {
    let (before, after) = surroundings(text, &place);
    let sentence = [before, after].concat();
    let mut words = sentence
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    if words.clone().any(words::is_person) {
        Owner::Person
    } else if words.any(words::is_office) {
        Owner::Office
    } else {
        Owner::Unknown
    }
}

/// Mailboxes that a function has, not a person: `registrator@`, `info@`, `socialtjansten.norr@`.
fn is_mailbox_of_office(user: &str) -> bool {
    let user = user.to_lowercase();
    user.split(['.', '-', '_', '+'])
        .any(|part| words::is_mailbox(part) || words::is_office(part))
}
