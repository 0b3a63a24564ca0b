//! The de-identified question: in come a text and what was found in it, out comes the text with a word in brackets
//! instead of each finding.

use crate::finding::{Finding, FindingKind};

/// Replaces each finding with what it is: `[person]`, `[personnummer]`, `[adress]`. Findings must be sorted and must
/// not overlap, as [`find`](crate::find) returns them; those outside the text are left out.
pub fn generalise(text: &str, findings: &[Finding]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut findings = findings.iter().peekable();
    let mut inside = 0;
    for (index, c) in text.chars().enumerate() {
        if let Some(finding) = findings.next_if(|finding| finding.start == index) {
            result.push_str(stand_in(finding.kind));
            inside = finding.end;
        }
        if index >= inside {
            result.push(c);
        }
    }
    result
}

/// What the user reads in place of a finding.
fn stand_in(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Personnummer => "[personnummer]",
        FindingKind::Samordningsnummer => "[samordningsnummer]",
        FindingKind::Name => "[person]",
        FindingKind::Address => "[adress]",
        FindingKind::Phone => "[telefonnummer]",
        FindingKind::Email => "[e-postadress]",
        FindingKind::CaseNumber => "[ärendenummer]",
        FindingKind::Other => "[uppgift]",
    }
}
