//! A provision as somebody writes it in; the decisions that interpret it, or the one whose rule it took over, out.

use lotsen_corpus::record::Record;
use lotsen_corpus::reference::successors::{Place, successors};
use lotsen_corpus::reference::{self, Reference};
use lotsen_corpus::{DocumentId, Edition};

use crate::library::Library;
use crate::question::{AskError, Invalid};
use crate::understand;

/// The decisions on a provision.
///
/// # Errors
/// The text names no paragraph of an act.
pub fn documents(library: &Library, provision: &str) -> Result<Vec<DocumentId>, AskError> {
    let wanted = wanted(provision)?;
    let editions = library.release.editions().map(|(_, edition)| edition);
    let on_it = editions.filter(|edition| wanted.iter().any(|reference| interprets(edition, reference)));
    Ok(on_it.map(|edition| edition.document.id.clone()).collect())
}

fn wanted(provision: &str) -> Result<Vec<Reference>, AskError> {
    let mut references = understand::references(provision);
    references.retain(|reference| reference.act.is_some() && reference.paragraph.is_some());
    if references.is_empty() {
        return Err(AskError::Invalid {
            field: "provision".to_owned(),
            reason: Invalid::NotAProvision,
        });
    }
    Ok(references)
}

fn interprets(edition: &Edition, wanted: &Reference) -> bool {
    let Some(Record::Case(case)) = &edition.document.record else {
        return false;
    };
    let itself = case.provisions.iter().any(|place| names(wanted, place));
    let before_or_after = || {
        successors().iter().any(|step| {
            let became = names(wanted, &step.old) && step.new.iter().any(|new| case.provisions.contains(new));
            let was = case.provisions.contains(&step.old) && step.new.iter().any(|new| names(wanted, new));
            became || was
        })
    };
    (itself && names_item(edition, wanted)) || before_or_after()
}

fn names(reference: &Reference, place: &Place) -> bool {
    let of_act = reference.act.as_ref().is_some_and(|act| act.sfs.contains(&place.sfs));
    of_act && reference.chapter == place.chapter && reference.paragraph.as_ref() == Some(&place.paragraph)
}

/// A record knows paragraphs. That "9 § 4 LSS" is another insats than "9 § 6 LSS" stands in the text alone.
fn names_item(edition: &Edition, wanted: &Reference) -> bool {
    let is_it = |found: &Reference| {
        found.item == wanted.item
            && found.paragraph == wanted.paragraph
            && found.chapter == wanted.chapter
            && (found.act.is_none() || found.act == wanted.act)
    };
    let texts = edition.passages.iter().map(|passage| passage.text.as_str());
    wanted.item.is_none() || texts.flat_map(reference::find).any(|found| is_it(&found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draft, place};
    use lotsen_corpus::record::Case;

    /// Whether a decision on a provision, with a text, is found under what somebody writes.
    fn found(provision: (&str, Option<&str>, &str), text: &str, written: &str) -> bool {
        let placed = place(&Draft {
            text,
            ..Draft::default()
        });
        let mut edition = (*placed.edition).clone();
        let (sfs, chapter, paragraph) = provision;
        edition.document.record = Some(Record::Case(Case {
            provisions: vec![Place {
                sfs: sfs.to_owned(),
                chapter: chapter.map(str::to_owned),
                paragraph: paragraph.to_owned(),
            }],
            ..Case::default()
        }));
        wanted(written)
            .unwrap()
            .iter()
            .any(|wanted| interprets(&edition, wanted))
    }

    #[test]
    fn a_decision_is_found_by_what_it_interprets() {
        let text = "Kontaktperson enligt 9 § 4 LSS ska bryta isolering.";
        let lss = ("1993:387", None, "9");
        assert!(found(lss, text, "9 § LSS") && found(lss, text, "9 § 4 LSS"));
        assert!(!found(lss, text, "9 § 6 LSS") && !found(lss, text, "7 § LSS") && !found(lss, text, "9 § SoL"));
        assert!(found(lss, text, "7 och 9 §§ LSS"));
    }

    #[test]
    fn a_decision_on_the_old_act_is_found_under_the_rule_in_force() {
        let old = ("2001:453", Some("4"), "1");
        assert!(found(old, "", "11 kap. 1 § SoL") && found(old, "", "4 kap. 1 § SoL"));
        assert!(!found(old, "", "20 kap. 2 § SoL"));
        assert!(found(("2025:400", Some("11"), "1"), "", "4 kap. 1 § SoL (2001:453)"));
    }

    #[test]
    fn what_names_no_paragraph_is_refused() {
        for text in ["LSS", "kontaktperson", "9 §"] {
            assert!(
                matches!(wanted(text), Err(AskError::Invalid { field, reason: Invalid::NotAProvision }) if field == "provision"),
                "{text}"
            );
        }
    }
}
