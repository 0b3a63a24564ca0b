//! A decision in; which side it stands on and how much it weighs out.

use lotsen_corpus::record::{Case, Outcome};
use lotsen_corpus::{Document, Kind};

use crate::reply::Precedent;

/// Whom a decision went for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The person.
    For,
    /// The authority.
    Against,
    /// Nobody yet, or the text does not show whom.
    Unclear,
}

impl Side {
    /// The side of an outcome. A case that was sent back is open: the person has got nothing yet, and has lost nothing.
    pub fn of(outcome: Option<Outcome>) -> Self {
        match outcome {
            Some(Outcome::Granted | Outcome::PartlyGranted | Outcome::Criticised) => Self::For,
            Some(Outcome::Denied | Outcome::NotCriticised) => Self::Against,
            Some(Outcome::Remitted) | None => Self::Unclear,
        }
    }
}

/// Courts whose judgments others follow (Regeringsrätten: until 2011), and the collections that hold them.
const HIGHEST: [&str; 3] = ["högsta förvaltningsdomstolen", "regeringsrätten", "högsta domstolen"];
const COLLECTIONS: [&str; 3] = ["HFD ", "RÅ ", "NJA "];
/// Courts of appeal.
const APPEAL: [&str; 2] = ["kammarrätten", "hovrätten"];
/// Those who supervise and cannot decide what somebody has a right to.
const SUPERVISORS: [&str; 3] = ["ombudsman", "inspektionen", "länsstyrelsen"];

/// How much a decision weighs, by who made it; what is not known to weigh more is an example.
pub fn precedent(document: &Document, case: &Case) -> Precedent {
    let court = case.court.as_ref().unwrap_or(&document.issuer).to_lowercase();
    let is = |names: &[&str]| names.iter().any(|name| court.contains(name));
    let unnamed = case.court.is_none();
    let collected = |referat: &String| COLLECTIONS.iter().any(|name| referat.starts_with(name));
    if is(&HIGHEST) || (unnamed && case.referat.as_ref().is_some_and(collected)) {
        Precedent::Precedent
    } else if is(&APPEAL) {
        Precedent::Guiding
    } else if document.kind == Kind::Beslut || is(&SUPERVISORS) || court == "jo" || court == "ivo" {
        Precedent::Supervision
    } else {
        Precedent::Example
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draft, place};

    fn weight(kind: Kind, court: Option<&str>, referat: Option<&str>) -> Precedent {
        let place = place(&Draft {
            kind: Some(kind),
            ..Draft::default()
        });
        let case = Case {
            court: court.map(str::to_owned),
            referat: referat.map(str::to_owned),
            ..Case::default()
        };
        precedent(&place.edition.document, &case)
    }

    #[test]
    fn the_court_decides_the_weight() {
        for (kind, court, expected) in [
            (Kind::Rattsfall, "Högsta förvaltningsdomstolen", Precedent::Precedent),
            (Kind::Rattsfall, "Regeringsrätten", Precedent::Precedent),
            (
                Kind::Rattsfall,
                "Kammarrätten i Storåker (påhittad)",
                Precedent::Guiding,
            ),
            (Kind::Rattsfall, "Förvaltningsrätten i Storåker", Precedent::Example),
            (Kind::Beslut, "Omsorgsombudsmannen (påhittad)", Precedent::Supervision),
            (Kind::Rattsfall, "JO", Precedent::Supervision),
            (Kind::Beslut, "Inspektionen för vård och omsorg", Precedent::Supervision),
        ] {
            assert_eq!(weight(kind, Some(court), None), expected, "{court}");
        }
        assert!(Precedent::Precedent < Precedent::Guiding && Precedent::Example < Precedent::Supervision);
    }

    #[test]
    fn a_lesser_court_that_cites_a_precedent_is_none() {
        let cited = Some("HFD 2021 ref. 61");
        assert_eq!(
            weight(Kind::Rattsfall, Some("Kammarrätten i Göteborg"), cited),
            Precedent::Guiding
        );
        assert_eq!(weight(Kind::Rattsfall, None, cited), Precedent::Precedent);
        assert_eq!(weight(Kind::Rattsfall, None, None), Precedent::Example);
    }

    #[test]
    fn a_case_that_was_sent_back_is_on_neither_side() {
        assert_eq!(Side::of(Some(Outcome::Remitted)), Side::Unclear);
        assert_eq!(Side::of(None), Side::Unclear);
        assert_eq!(Side::of(Some(Outcome::PartlyGranted)), Side::For);
        assert_eq!(Side::of(Some(Outcome::Denied)), Side::Against);
    }
}
