//! The candidates for an answer in; the same without what texts say of themselves, unless that is what is asked for, out.
//!
//! "Fastställd av enhetschefen" on the first page of a routine has the words of "Vad tjänar en enhetschef?" and answers nothing.

use std::sync::LazyLock;

use lotsen_corpus::passage::PassageKind;
use lotsen_corpus::record::Record;
use lotsen_corpus::release::PlacedPassage;
use lotsen_corpus::text::pattern;
use regex::Regex;

use crate::retrieve::Candidates;
use crate::understand::Understood;

/// Characters of the longest page of decision data; what is longer introduces the text's matter too.
const LONGEST: usize = 1_000;

/// When and by whom a text was decided, its number, its age, and what it took the place of.
static OF_ITSELF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:beslut|antag|antog|fastställ|framtag|revider|uppdater|ersätt|giltig|version|dokumentansvar|diarienummer|dnr)\p{L}*|gäller (?:från|till|sedan|fortfarande)|gam(?:mal|la)|skriv(?:en|it|na)|skrev|\d{4}[/:]\d{3,})\b",
    )
});
/// The word for a text that decides what applies.
static TEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:(?:styr)?dokument|riktlinj|rutin|handb[oö][ck]|föreskrift|policy|diarienummer|dnr)\p{L}*\b")
});

/// Takes the decision data of guidelines out of the candidates.
pub fn leave_out(candidates: &mut Candidates, question: &Understood) {
    if !asks_of_a_text(&question.text) {
        candidates.found.retain(|candidate| !is_imprint(&candidate.place));
    }
}

fn asks_of_a_text(question: &str) -> bool {
    OF_ITSELF.is_match(question) && TEXT.is_match(question)
}

/// Whether a passage is the decision data at a text's head, before any heading but its title.
fn is_imprint(place: &PlacedPassage) -> bool {
    let (document, passage) = (&place.edition.document, place.passage());
    let Some(Record::Adoption(adoption)) = &document.record else {
        return false;
    };
    let at_head = passage.kind == PassageKind::FrontMatter || passage.heading_path == [document.title.as_str()];
    let mut data = [&adoption.adopted_by, &adoption.diarienummer].into_iter().flatten();
    at_head && data.any(|datum| passage.text.contains(datum)) && passage.text.chars().count() <= LONGEST
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lotsen_corpus::Kind;
    use lotsen_corpus::record::Adoption;

    use super::*;
    use crate::testing::{Draft, place};

    #[test]
    fn who_decided_a_text_is_told_from_what_it_says() {
        for question in [
            "Vem har beslutat om riktlinjerna för hemtjänst?",
            "När antogs riktlinjen?",
            "Hur gammal är rutinen för orosanmälan?",
            "Vilket diarienummer har riktlinjerna för LSS?",
            "Vilken riktlinje är ON 2025/00118?",
            "Gäller handboken fortfarande, eller gäller från i år en ny?",
        ] {
            assert!(asks_of_a_text(question), "{question}");
        }
        for question in [
            "Vad tjänar en enhetschef i Storåker?",
            "Vem beslutar om tillfällig vistelse?",
            "Vad säger riktlinjerna om städning?",
        ] {
            assert!(!asks_of_a_text(question), "{question}");
        }
    }

    #[test]
    fn only_decision_data_is_left_out() {
        let under = |heading: &str, kind: PassageKind, text: &str| {
            let mut placed = place(&Draft {
                title: "Riktlinjer för larm",
                kind: Some(Kind::Riktlinje),
                heading: Some(heading),
                text,
                ..Draft::default()
            });
            let edition = Arc::get_mut(&mut placed.edition).unwrap();
            edition.passages[0].kind = kind;
            edition.document.record = Some(Record::Adoption(Adoption {
                adopted_by: Some("omsorgsnämnden".to_owned()),
                ..Adoption::default()
            }));
            is_imprint(&placed)
        };
        let decided = "Beslutad av omsorgsnämnden.";
        assert!(under("", PassageKind::FrontMatter, decided));
        assert!(under("Riktlinjer för larm", PassageKind::Body, decided));
        assert!(!under("1. Ansvar", PassageKind::Body, decided));
        assert!(!under(
            "",
            PassageKind::FrontMatter,
            "Den som har fyllt 75 år får larm utan prövning."
        ));
        assert!(!under("", PassageKind::FrontMatter, &decided.repeat(50)));
    }
}
