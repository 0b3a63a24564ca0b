//! Numbers that stand in for a personnummer: in comes a view, out come interim and reserve numbers.
//!
//! - **Interim numbers**: date + letter T R S U W X J K L M N + three digits, the letter counted as 1 in the check sum
//!   (personnummer/meta, specification 3.1). Example: `000101-T220`.
//! - **Reserve numbers of the regions** (Inera): date + four characters with at least one letter (Skåne), date + K, M
//!   or X + three digits (Västra Götaland), date + two letters + two digits (Värmland), `99` + year of birth + six
//!   digits (Stockholm).

use regex::Regex;

use super::Hit;
use super::checksum::mod_10;
use crate::finding::FindingKind;
use crate::view::pattern;

const INTERIM_LETTERS: &str = "TRSUWXJKLMN";

pub(super) struct Rules {
    lettered: Regex,
    stockholm: Regex,
}

impl Rules {
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Rules {
            lettered: pattern(
                r"(?x)\b(?<date>(?:1[89]|20)?[0-9]{2}[-./\ ]?(?:0[0-9]|1[0-2])[-./\ ]?[0-9]{2})
                  (?<link>\s{0,2}[-+]?\s{0,2})
                  (?<tail>[0-9A-Za-z]{4})\b",
            )?,
            stockholm: pattern(r"\b99[ -]?(?:18[5-9]|19[0-9]|20[0-9])[0-9][ -]?[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]\b")?,
        })
    }

    pub fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for found in self.lettered.captures_iter(text) {
            let (Some(whole), Some(date)) = (found.get(0), found.name("date")) else {
                continue;
            };
            if let Some(certain) = judge(date.as_str(), &found["link"], &found["tail"]) {
                hits.push((whole.range(), FindingKind::Personnummer, certain));
            }
        }
        hits.extend(
            self.stockholm
                .find_iter(text)
                .map(|found| (found.range(), FindingKind::Personnummer, true)),
        );
    }
}

/// Whether a date, what follows it and four characters are a number, and whether that is certain. A word may follow a
/// date by chance (`2025-07-01 kl09`), so the loosest forms need the hyphen or no gap at all.
fn judge(date: &str, link: &str, tail: &str) -> Option<bool> {
    let date: Vec<u8> = date.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    let six = date.get(date.len().checked_sub(6)?..)?;
    let day = six[4] * 10 + six[5];
    let letters = tail.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters == 0 || !(1..=91).contains(&day) {
        return None;
    }
    let head = tail.chars().next().map(|c| c.to_ascii_uppercase())?;
    if letters == 1 && INTERIM_LETTERS.contains(head) {
        let serial = tail.bytes().skip(1).map(|b| b - b'0');
        let ten: Vec<u8> = six.iter().copied().chain([1]).chain(serial).collect();
        return Some(mod_10(&ten) || link.contains(['-', '+']));
    }
    let capitals = !tail.bytes().any(|b| b.is_ascii_lowercase());
    let joined = link.is_empty() || link.contains(['-', '+']);
    let enough_digits = letters <= 2 || date.len() == 8;
    (capitals && joined && enough_digits).then_some(letters < 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_letters() {
        for (text, expected) in [
            ("000101-T220", 1),
            ("20000101T220", 1),
            ("2000-01-01 t220", 1),
            ("20000101-AB12", 1),
            ("20000101K998", 1),
            ("20000101-ABCD", 1),
            ("991946082399", 1),
            ("den 2025-07-01 gäller", 0),
            ("2025-07-01 kl09", 0),
            ("20250701 1kap", 0),
        ] {
            let mut hits = Vec::new();
            Rules::new().expect("compiles").find(text, &mut hits);
            assert_eq!(hits.len(), expected, "{text}");
        }
    }
}
