//! What the rules report: in come overlapping candidates, out come sorted findings that do not overlap.

use std::collections::BTreeMap;

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

/// Shortest rest of a name or description that is still worth showing, in code points.
const LEAST_REST: usize = 3;

/// Sorts candidates and lets the stronger of two that overlap stand. The kinds are declared from strong to weak; among
/// equals a certain finding beats a possible one, then the longer beats the shorter. Of a weaker name or description its
/// longest free part stays; of anything else nothing, because half a number is none.
pub(crate) fn settle(mut candidates: Vec<Finding>) -> Vec<Finding> {
    candidates.sort_by_key(|f| (f.kind, !f.certain, usize::MAX - (f.end - f.start), f.start));
    let mut kept = BTreeMap::<usize, Finding>::new();
    for candidate in candidates {
        if let Some(free) = free_part(&kept, candidate) {
            kept.insert(free.start, free);
        }
    }
    kept.into_values().collect()
}

/// What of a candidate may stand beside those that are kept.
fn free_part(kept: &BTreeMap<usize, Finding>, candidate: Finding) -> Option<Finding> {
    let before = kept.range(..candidate.end).rev().map(|(_, finding)| finding);
    let mut free = Vec::new();
    let mut end = candidate.end;
    for other in before.take_while(|other| other.end > candidate.start) {
        free.push((other.end, end));
        end = other.start;
    }
    free.push((candidate.start, end));
    if free.len() == 1 {
        return Some(candidate);
    }
    let is_description = candidate.kind == FindingKind::Other && !candidate.certain;
    if candidate.kind != FindingKind::Name && !is_description {
        return None;
    }
    let (start, end) = free.into_iter().max_by_key(|(start, end)| end.saturating_sub(*start))?;
    (start + LEAST_REST <= end).then_some(Finding {
        start,
        end,
        ..candidate
    })
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
    fn a_name_beside_a_number_keeps_its_free_part() {
        let address = finding(10, 20, FindingKind::Address, true);
        let name = finding(0, 15, FindingKind::Name, true);
        assert_eq!(
            settle(vec![name, address]),
            [finding(0, 10, FindingKind::Name, true), address]
        );
        let phone = finding(15, 25, FindingKind::Phone, true);
        assert_eq!(settle(vec![finding(10, 20, FindingKind::Email, true), phone]).len(), 1);
    }

    #[test]
    fn serialises_as_the_contract_says() {
        let json = serde_json::to_string(&finding(1, 2, FindingKind::CaseNumber, false)).expect("valid");
        assert_eq!(json, r#"{"start":1,"end":2,"type":"case_number","certain":false}"#);
    }
}
