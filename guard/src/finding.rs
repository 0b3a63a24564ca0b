//! What the rules report: in come overlapping candidates, out come sorted findings that do not overlap.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A place in a text that holds, or may hold, personal data. It carries positions only, never the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// First Unicode code point of the place, counted from 0 in the text as it was sent.
    pub start: usize,
    /// The code point after the last one.
    pub end: usize,
    /// What was found.
    #[serde(rename = "type")]
    pub kind: FindingKind,
    /// `true`: this is personal data. `false`: it may be, and the user may say that it is not about a person.
    pub certain: bool,
}

/// The kinds of personal data that the guard tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Personnummer, and the interim and reserve numbers that stand in for one.
    Personnummer,
    /// Samordningsnummer: day of birth plus 60.
    Samordningsnummer,
    /// E-mail address of a person.
    Email,
    /// Telephone number of a person.
    Phone,
    /// Number of a case or file that is tied to a person.
    CaseNumber,
    /// Street address, with flat number, postcode and town where given.
    Address,
    /// Name of a person.
    Name,
    /// Anything else that points at one person: account, passport, car, date of birth, a telling description.
    Other,
}

/// A whole text as one certain finding, for when nobody could look at it.
pub(crate) fn whole(text: &str) -> Finding {
    Finding {
        start: 0,
        end: text.chars().count(),
        kind: FindingKind::Other,
        certain: true,
    }
}

/// Sorts candidates and drops those that overlap a stronger one. The kinds are declared from strong to weak; among
/// equals a certain finding beats a possible one, then the longer beats the shorter.
pub(crate) fn settle(mut candidates: Vec<Finding>) -> Vec<Finding> {
    candidates.sort_by_key(|f| (f.kind, !f.certain, usize::MAX - (f.end - f.start), f.start));
    let mut kept = std::collections::BTreeMap::<usize, Finding>::new();
    for candidate in candidates {
        let before = kept.range(..candidate.end).next_back();
        if before.is_none_or(|(_, f)| f.end <= candidate.start) {
            kept.insert(candidate.start, candidate);
        }
    }
    kept.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(start: usize, end: usize, kind: FindingKind, certain: bool) -> Finding {
        Finding {
            start,
            end,
            kind,
            certain,
        }
    }

    #[test]
    fn stronger_kinds_win_and_the_rest_is_sorted() {
        let phone = finding(0, 10, FindingKind::Phone, true);
        let number = finding(5, 15, FindingKind::Personnummer, false);
        let name = finding(20, 24, FindingKind::Name, true);
        assert_eq!(settle(vec![name, phone, number]), [number, name]);
    }

    #[test]
    fn serialises_as_the_contract_says() {
        let json = serde_json::to_string(&finding(1, 2, FindingKind::CaseNumber, false)).expect("valid");
        assert_eq!(json, r#"{"start":1,"end":2,"type":"case_number","certain":false}"#);
    }
}
