//! Documents (styrdokument): what they are, who issued them and when they apply.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::record::Record;

/// A document's stable name: lower-case ASCII letters, digits and hyphens, as in `sfs-2025-400`.
///
/// It is part of every permanent link, so it may never be reused for another document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct DocumentId(String);

/// Why a text is not a [`DocumentId`].
#[derive(Debug, thiserror::Error)]
#[error("document id {0:?} must be 1 to 80 of a-z, 0-9 and '-'")]
pub struct InvalidDocumentId(String);

impl DocumentId {
    /// Takes a name that already has the form.
    pub fn new(id: impl Into<String>) -> Result<Self, InvalidDocumentId> {
        let id = id.into();
        let well_formed = (1..=80).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if well_formed {
            Ok(Self(id))
        } else {
            Err(InvalidDocumentId(id))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DocumentId {
    type Error = InvalidDocumentId;
    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::new(id)
    }
}

impl From<DocumentId> for String {
    fn from(id: DocumentId) -> Self {
        id.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What sort of text a document is, in the order of legal weight (rättslig tyngd), heaviest first.
///
/// Case law and decisions stand beside that order; they come after the rules in it only so that lists have one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Act of parliament, and the codes.
    Lag,
    /// Government ordinance.
    Forordning,
    /// Binding regulation of an authority (SOSFS, HSLF-FS).
    Foreskrift,
    /// General advice of an authority: how a rule can or should be applied.
    AllmannaRad,
    /// Handbook of an authority, the IBIC manual among them.
    Handbok,
    /// Guideline adopted by the municipality.
    Riktlinje,
    /// Routine of a department.
    Rutin,
    /// Judgment of a court.
    Rattsfall,
    /// Decision of a supervisory body, the Parliamentary Ombudsman (JO) for one.
    Beslut,
    /// Report.
    Rapport,
    /// Anything else.
    Ovrigt,
}

impl Kind {
    /// True for what a municipality decides itself and can therefore never outrank an act.
    pub fn is_local(self) -> bool {
        matches!(self, Kind::Riktlinje | Kind::Rutin)
    }

    /// True for what tells of the field but neither binds nor guides.
    pub fn is_background(self) -> bool {
        matches!(self, Kind::Rapport | Kind::Ovrigt)
    }

    /// True for what is divided into paragraphs and named by its number.
    pub fn is_statute(self) -> bool {
        matches!(self, Kind::Lag | Kind::Forordning | Kind::Foreskrift)
    }
}

/// From when and until when a text applies. `valid_to` is the first day on which it no longer does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// First day in force; `None` when it has applied for as long as anyone asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// First day no longer in force ("upphävd den"); `None` while no end is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

/// How a text stands on a given day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Applies on the day.
    InForce,
    /// No longer applies on the day.
    Repealed,
    /// Does not apply yet on the day.
    Future,
}

impl Validity {
    /// How a text with this validity stands on `day`.
    pub fn on(self, day: Date) -> Status {
        if self.valid_to.is_some_and(|end| end <= day) {
            Status::Repealed
        } else if self.valid_from.is_some_and(|start| start > day) {
            Status::Future
        } else {
            Status::InForce
        }
    }

    /// The days on which both apply: a paragraph's own wording dates within its act's.
    pub fn within(self, outer: Validity) -> Validity {
        let later = |a: Option<Date>, b: Option<Date>| a.max(b);
        let earlier = |a: Option<Date>, b: Option<Date>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        };
        Validity {
            valid_from: later(self.valid_from, outer.valid_from),
            valid_to: earlier(self.valid_to, outer.valid_to),
        }
    }
}

/// A document (styrdokument) as a release knows it: everything about it but its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Stable name, part of permanent links.
    pub id: DocumentId,
    /// Full title as its readers know it.
    pub title: String,
    /// What references call it: "SoL", "LSS". A guideline usually has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_title: Option<String>,
    /// What sort of text it is.
    pub kind: Kind,
    /// Who decided it: "Riksdagen", "Socialstyrelsen", "Storåker kommun".
    pub issuer: String,
    /// Official number where it has one: SFS number ("2025:400"), diarienummer, case number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// When it applies as a whole; a passage may be narrower.
    #[serde(flatten)]
    pub validity: Validity,
    /// Which document took its place, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<DocumentId>,
    /// Up to which amendment the wording goes ("t.o.m. SFS 2025:1501"), where the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// Where the original can be found: an address, or the file's name in its source folder.
    pub source: String,
    /// What it tells about its own making: decision data, or court, case and outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// True for demonstration texts about an invented municipality; readers are told so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invented: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_act_is_repealed_from_the_day_it_ends() {
        let old_sol = Validity {
            valid_from: Some(date(2002, 1, 1)),
            valid_to: Some(date(2025, 7, 1)),
        };
        assert_eq!(old_sol.on(date(2025, 6, 30)), Status::InForce);
        assert_eq!(old_sol.on(date(2025, 7, 1)), Status::Repealed);
        assert_eq!(old_sol.on(date(2001, 12, 31)), Status::Future);
    }

    #[test]
    fn a_wording_never_outlives_its_act() {
        let act = Validity {
            valid_from: Some(date(2002, 1, 1)),
            valid_to: Some(date(2025, 7, 1)),
        };
        let wording = Validity {
            valid_from: Some(date(2024, 1, 1)),
            valid_to: None,
        };
        assert_eq!(
            wording.within(act),
            Validity {
                valid_from: Some(date(2024, 1, 1)),
                valid_to: Some(date(2025, 7, 1))
            }
        );
    }

    #[test]
    fn a_document_id_is_fit_for_a_link() {
        assert!(DocumentId::new("sfs-2025-400").is_ok());
        for bad in ["", "SFS 2025:400", "../etc", "å", &"a".repeat(81)] {
            assert!(DocumentId::new(bad).is_err(), "{bad}");
        }
    }
}
