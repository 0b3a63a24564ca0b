//! Findings of one field and what the user has said about them in; those that still stop the question out.

use lotsen_guard::{Finding, FindingKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AskError, Invalid, invalid};

/// A finding that was shown to the user, who says that it is not about a person.
///
/// It holds for this request alone and is not kept. It covers exactly the place that was shown: in a text that has been
/// changed since, or for a finding that is certain, it does nothing.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// The `field` of the refusal: `question`, `query` or `history[0].content`.
    pub field: String,
    /// The finding's `start`.
    pub start: usize,
    /// The finding's `end`.
    pub end: usize,
    /// The finding's `type`.
    #[serde(rename = "type")]
    pub kind: FindingKind,
}

impl Confirmed {
    /// What confirms a finding in a field; nothing where the finding is certain.
    pub fn of(field: &str, finding: &Finding) -> Option<Self> {
        (!finding.certain).then(|| Self {
            field: field.to_owned(),
            start: finding.start,
            end: finding.end,
            kind: finding.kind,
        })
    }
}

/// Refuses a confirmation of a field that the request does not have: nothing would read it, and it could hold anything.
pub(super) fn name_fields(fields: &[(String, &str)], confirmed: &[Confirmed]) -> Result<(), AskError> {
    let named = |confirmed: &Confirmed| fields.iter().any(|(field, _)| *field == confirmed.field);
    match confirmed.iter().position(|confirmed| !named(confirmed)) {
        Some(i) => Err(invalid(&format!("confirmed[{i}].field"), Invalid::NotAField)),
        None => Ok(()),
    }
}

/// The findings that nobody has confirmed, or that cannot be.
pub(super) fn unconfirmed(field: &str, mut findings: Vec<Finding>, confirmed: &[Confirmed]) -> Vec<Finding> {
    findings.retain(|finding| Confirmed::of(field, finding).is_none_or(|expected| !confirmed.contains(&expected)));
    findings
}
