//! A guideline in; who adopted it, when, under which number, what it replaces and until when it applies, out.

use std::sync::LazyLock;

use lotsen_corpus::Edition;
use lotsen_corpus::record::Adoption;
use lotsen_corpus::text;
use regex::Regex;

use super::pairs;
use lotsen_corpus::text::pattern;

const ADOPTED_BY: [&str; 8] = [
    "dokumentet är beslutat av",
    "beslutad av",
    "beslutat av",
    "antagen av",
    "antaget av",
    "fastställd av",
    "beslutsfattare",
    "beslutande organ",
];
const ADOPTED_ON: [&str; 9] = [
    "dokumentet beslutades den",
    "beslutad den",
    "beslutad",
    "antagen den",
    "fastställd den",
    "beslutsdatum",
    "datum för beslut",
    "antagen",
    "datum",
];
const NUMBER: [&str; 4] = ["diarienummer", "diarienr", "dnr", "dnr."];
const REPLACES: [&str; 3] = ["dokumentet ersätter", "ersätter", "ersätter dokument"];
const UNTIL: [&str; 6] = [
    "dokumentet gäller till den",
    "dokumentet gäller till",
    "gäller till",
    "gäller till och med",
    "gäller t.o.m.",
    "giltig till",
];
/// "Antagen av omsorgsnämnden den 16 juni 2025 § 45.", "Fastställd av enhetschefen, Storåkers kommun, 2025-09-08."
static SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:Antag(?:en|na|et)|Beslutad(?:e)?|Beslutat|Fastställ(?:d|da|t)) av (?P<by>[^\d§,.:]+?(?:, [^\d§,.:]+? (?:kommun|stad|region))?)(?:,? den)?,? (?P<on>\d[^§.]*)",
    )
});
/// "Diarienummer SN 2025/00090" in the middle of a line.
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?i:diarienummer|dnr)\.?:? (?P<number>\p{Lu}[\p{L}/ ]{0,12}\d{4}[:/]\d+(?:-\d+)?)"));

/// Reads decision data; `None` where the document has none.
pub(super) fn read(edition: &Edition, notes: &mut Vec<String>) -> Option<Adoption> {
    let pairs = pairs::of(&edition.blocks);
    let value = |labels: &[&str]| pairs::value(&pairs, labels).map(str::to_owned);
    let mut adoption = Adoption {
        adopted_by: value(&ADOPTED_BY),
        adopted_on: pairs::value(&pairs, &ADOPTED_ON).and_then(text::first_day),
        diarienummer: value(&NUMBER),
        replaces: value(&REPLACES),
        valid_until: pairs::value(&pairs, &UNTIL).and_then(text::first_day),
    };
    let first = |says: &'static Regex| {
        edition
            .blocks
            .iter()
            .take(40)
            .find_map(|block| says.captures(&block.text))
    };
    if let Some(found) = first(&SENTENCE) {
        adoption.adopted_by.get_or_insert_with(|| found["by"].trim().to_owned());
        adoption.adopted_on = adoption.adopted_on.or_else(|| text::first_day(&found["on"]));
        if let Some(numbered) = first(&NUMBERED) {
            adoption
                .diarienummer
                .get_or_insert_with(|| numbered["number"].to_owned());
        }
    }
    compare(edition, &adoption, notes);
    (adoption != Adoption::default()).then_some(adoption)
}

/// The list of sources decides when a text applies; where the text says otherwise, a person should look.
fn compare(edition: &Edition, adoption: &Adoption, notes: &mut Vec<String>) {
    let document = &edition.document;
    if let Some(until) = adoption.valid_until {
        match document.validity.valid_to {
            Some(end) if until.tomorrow().ok() == Some(end) || until == end => {}
            Some(end) => notes.push(format!(
                "it says that it applies until {until}, the list of sources says {end}"
            )),
            None => notes.push(format!(
                "it says that it applies until {until}: add valid_to to the list of sources"
            )),
        }
    }
    if let (Some(number), Some(listed)) = (&adoption.diarienummer, &document.identifier) {
        let bare = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        if !bare(number).contains(&bare(listed)) {
            notes.push(format!("its number is {number}, the list of sources says {listed}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::edition;
    use jiff::civil::date;
    use lotsen_corpus::Kind;

    #[test]
    fn decision_data_from_a_table_and_from_a_sentence() {
        let text = "Beslutad av | Omsorgsnämnden\nDatum | 2025-08-20\nDiarienummer | ON 2025/00118\nGäller till | Tills vidare\nErsätter | Äldre riktlinjer";
        let mut notes = Vec::new();
        let adoption = read(&edition(Kind::Riktlinje, &[("", text)]), &mut notes).unwrap();
        assert_eq!(adoption.adopted_by.as_deref(), Some("Omsorgsnämnden"));
        assert_eq!(
            (adoption.adopted_on, adoption.valid_until),
            (Some(date(2025, 8, 20)), None)
        );
        assert_eq!(adoption.replaces.as_deref(), Some("Äldre riktlinjer"));
        let text = "Antagen av vård- och omsorgsnämnden den 16 juni 2025 § 45. Gäller till och med: 2027-12-31";
        let sentence = read(&edition(Kind::Riktlinje, &[("", text)]), &mut notes).unwrap();
        assert_eq!(sentence.adopted_by.as_deref(), Some("vård- och omsorgsnämnden"));
        assert_eq!(sentence.adopted_on, Some(date(2025, 6, 16)));
        let text =
            "Fastställd av enhetschefen för öppna insatser, Storåkers kommun, 2023-02-20. Diarienummer VO 2023/00017.";
        let chief = read(&edition(Kind::Rutin, &[("", text)]), &mut notes).unwrap();
        let by = "enhetschefen för öppna insatser, Storåkers kommun";
        assert_eq!(chief.adopted_by.as_deref(), Some(by));
        assert_eq!(chief.adopted_on, Some(date(2023, 2, 20)));
        assert_eq!(chief.diarienummer.as_deref(), Some("VO 2023/00017"));
        assert_eq!(
            read(
                &edition(Kind::Riktlinje, &[("", "Nämnden beslutar: inget.")]),
                &mut notes
            ),
            None
        );
    }

    #[test]
    fn an_end_that_the_list_does_not_know_is_noted() {
        let mut notes = Vec::new();
        let _read = read(
            &edition(Kind::Riktlinje, &[("", "Gäller till: 2027-12-31")]),
            &mut notes,
        );
        assert!(notes[0].contains("add valid_to"), "{notes:?}");
    }
}
