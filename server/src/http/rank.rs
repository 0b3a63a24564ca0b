//! A document in; the heading that its quotes stand under, by legal weight, out. The same order as `web/src/rank.ts`.

use lotsen_corpus::{Kind, Status};
use serde::Serialize;

use crate::reply::DocumentCard;

/// Legal rank, the weightiest first. Case law stands beside the order; what is not in force on the day comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Acts.
    Lag,
    /// Ordinances.
    Forordning,
    /// Binding regulations.
    Foreskrift,
    /// General advice.
    AllmannaRad,
    /// Handbooks.
    Handbok,
    /// The municipality's guidelines.
    Riktlinje,
    /// Its routines.
    Rutin,
    /// Reports and the rest.
    Other,
    /// Judgments and decisions.
    CaseLaw,
    /// Whatever does not apply on the day of the answer.
    NotInForce,
}

impl Rank {
    /// The rank that a document is shown under.
    pub fn of(document: &DocumentCard) -> Self {
        match (document.status, document.kind) {
            (Status::Repealed | Status::Future, _) => Self::NotInForce,
            (_, Kind::Lag) => Self::Lag,
            (_, Kind::Forordning) => Self::Forordning,
            (_, Kind::Foreskrift) => Self::Foreskrift,
            (_, Kind::AllmannaRad) => Self::AllmannaRad,
            (_, Kind::Handbok) => Self::Handbok,
            (_, Kind::Riktlinje) => Self::Riktlinje,
            (_, Kind::Rutin) => Self::Rutin,
            (_, Kind::Rattsfall | Kind::Beslut) => Self::CaseLaw,
            (_, Kind::Rapport | Kind::Ovrigt) => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(kind: Kind, status: Status) -> DocumentCard {
        DocumentCard {
            id: "prov".to_owned(),
            title: "Prov".to_owned(),
            kind,
            issuer: "Storåkers kommun".to_owned(),
            valid_from: None,
            valid_to: None,
            status,
            invented: true,
        }
    }

    #[test]
    fn the_act_comes_before_the_guideline_and_what_is_repealed_comes_last() {
        let ranks = [
            (Kind::Lag, Status::InForce),
            (Kind::Riktlinje, Status::InForce),
            (Kind::Rapport, Status::InForce),
            (Kind::Rattsfall, Status::InForce),
            (Kind::Lag, Status::Repealed),
        ]
        .map(|(kind, status)| Rank::of(&card(kind, status)));
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
        assert_eq!(Rank::of(&card(Kind::Lag, Status::Future)), Rank::NotInForce);
    }
}
