//! Number rules: in comes a view, out come the numbers in it that belong to a person.
//!
//! Left alone on purpose, because they belong to no person: numbers of laws (`SFS 2001:453`), of bills and of cases
//! (`mål nr 1234-23`), dates and times, amounts, organisation numbers (third digit 2 or more), bankgiro and plusgiro,
//! and the telephone numbers and mailboxes of authorities.

mod account;
mod born;
mod chain;
mod checksum;
mod contact;
mod identity;
mod reserve;
mod spoken;

use std::ops::Range;

use crate::finding::FindingKind;
use crate::view::View;

/// A find in the view: a byte range, what it is, and whether that is certain.
pub(crate) type Hit = (Range<usize>, FindingKind, bool);

/// The compiled patterns of all number rules.
pub(crate) struct Numbers {
    reserve: reserve::Rules,
    contact: contact::Rules,
    account: account::Rules,
    born: born::Rules,
}

impl Numbers {
    /// Compiles the patterns. An error here is a mistake in a pattern, never in a text.
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Numbers {
            reserve: reserve::Rules::new()?,
            contact: contact::Rules::new()?,
            account: account::Rules::new()?,
            born: born::Rules::new()?,
        })
    }

    /// Finds every number that belongs to a person. Hits may overlap.
    pub fn find(&self, view: &View) -> Vec<Hit> {
        let text = &view.text;
        let mut hits = identity::find(text);
        self.reserve.find(text, &mut hits);
        self.contact.find(text, &mut hits);
        self.account.find(text, &mut hits);
        self.born.find(text, &mut hits);
        hits
    }
}

pub(crate) use identity::find_split;

/// What stands close to a place: the text of the same sentence before and after it, in lower case, at most 80 and 40
/// bytes. Enough to tell "Sonen, tel ..." from "Barnombudet i Botkyrka: ...".
pub(crate) fn surroundings(text: &str, place: &Range<usize>) -> (String, String) {
    let from = text.floor_char_boundary(place.start.saturating_sub(80));
    let to = text.ceil_char_boundary((place.end + 40).min(text.len()));
    let before = text[from..place.start].rsplit(['?', '!']).next().unwrap_or_default();
    let before = before.rsplit(". ").next().unwrap_or_default();
    let after = text[place.end..to].split(['?', '!']).next().unwrap_or_default();
    let after = after.split(". ").next().unwrap_or_default();
    (before.to_lowercase(), after.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        assert_eq!(Numbers::new().err(), None);
    }
}
