//! Rules for persons: in comes a view, out come names, addresses, case numbers and telling descriptions.
//!
//! There is no language model here: the rules read word lists, the shape of words and the words around them. What they
//! cannot be sure of is reported as possible.

mod address;
mod case_number;
mod description;
mod name;
mod stranger;
mod word;

use std::ops::Range;

use crate::finding::FindingKind;
use crate::numbers::Hit;
use crate::view::View;

/// The compiled patterns of the rules for persons.
pub(crate) struct People {
    address: address::Rules,
    case_number: case_number::Rules,
    description: description::Rules,
}

impl People {
    /// Compiles the patterns. An error here is a mistake in a pattern, never in a text.
    pub fn new() -> Result<Self, regex::Error> {
        Ok(People {
            address: address::Rules::new()?,
            case_number: case_number::Rules::new()?,
            description: description::Rules::new()?,
        })
    }

    /// A description in general words.
    pub fn generalise(&self, description: &str) -> String {
        self.description.generalise(description)
    }

    /// Adds everything that points at a person to the numbers found before. Hits may overlap.
    pub fn find(&self, view: &View, hits: &mut Vec<Hit>) {
        let text = &view.text;
        self.address.find(text, hits);
        // A street or a mailbox is no part of a name, however it is written.
        let mut taken: Vec<Range<usize>> = hits
            .iter()
            .filter(|hit| is_place_or_mailbox(hit))
            .map(|(place, ..)| place.clone())
            .collect();
        taken.sort_by_key(|place| place.start);
        name::find(&word::words(text, &taken), hits);
        self.description.find(text, hits);
        // A case number is personal data only beside a person, so this rule reads what the others found.
        self.case_number.find(text, hits);
    }
}

fn is_place_or_mailbox((_, kind, _): &Hit) -> bool {
    matches!(kind, FindingKind::Address | FindingKind::Email)
}

/// Whether a hit names or numbers a person, so that what stands beside it is about that person.
fn points_at_person((_, kind, _): &Hit) -> bool {
    !matches!(kind, FindingKind::CaseNumber | FindingKind::Other)
}
