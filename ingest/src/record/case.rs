//! A judgment or supervisory decision in; court, number, day, outcome and provisions out, and its passages marked with
//! their part of the case.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use lotsen_corpus::record::{Case, CasePart};
use lotsen_corpus::reference;
use lotsen_corpus::reference::resolve::{in_force, judgments};
use lotsen_corpus::reference::successors::Place;
use lotsen_corpus::text;
use lotsen_corpus::{Edition, Kind, Passage};
use regex::Regex;

use super::{outcome, pairs};
use lotsen_corpus::text::pattern;

const COURT: [&str; 4] = ["domstol", "myndighet", "instans", "beslutad av"];
const NUMBER: [&str; 7] = [
    "målnummer",
    "mål nr",
    "målnr",
    "diarienummer",
    "dnr",
    "ärendenummer",
    "mål",
];
const DECIDED: [&str; 6] = [
    "avgörandedatum",
    "beslutsdatum",
    "datum",
    "avgjort",
    "dom meddelad",
    "beslutad",
];
const REFERAT: [&str; 2] = ["referat", "referatnummer"];
const OUTCOME: [&str; 2] = ["utgång", "utgång för den enskilde"];
/// Which headings begin which part. The innermost heading that fits decides, and of its words the first line that fits.
const PARTS: [(CasePart, &[&str]); 5] = [
    (
        CasePart::Question,
        &["frågan", "rättsfråga", "vad målet gäller", "saken"],
    ),
    (CasePart::Reasoning, &["skäl", "bedömning"]),
    (CasePart::Rules, &["rättslig", "bestämmelser", "lagrum", "reglering"]),
    (
        CasePart::Background,
        &[
            "bakgrund",
            "yrkande",
            "anmälan",
            "utredning",
            "parterna",
            "överklagande",
        ],
    ),
    (CasePart::Outcome, &["domslut", "avgörande", "slut", "utgång", "beslut"]),
];
/// How many provisions are kept: a judgment that names more interprets few of them.
const MOST_PROVISIONS: usize = 12;

static COURT_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:Högsta förvaltningsdomstolen|Regeringsrätten|(?:Kammarrätten|Förvaltningsrätten) i \p{Lu}\p{Ll}+|Justitieombudsmannen|Inspektionen för vård och omsorg)",
    )
});
static CASE_NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bmål(?:nummer| nr|nr)?\.? (\d+[–-]\d{2,4})\b"));

/// Reads the case and marks the passages.
pub(super) fn read(edition: &mut Edition, notes: &mut Vec<String>) -> Case {
    for passage in &mut edition.passages {
        passage.marks.case_part = part(passage);
    }
    let pairs = pairs::of(&edition.blocks);
    let value = |labels: &[&str]| pairs::value(&pairs, labels).map(str::to_owned);
    let texts = || edition.blocks.iter().take(30).map(|b| b.text.as_str());
    let named = |pattern: &Regex, group| {
        texts().find_map(|text| {
            pattern
                .captures(text)?
                .get(group)
                .map(|found| found.as_str().to_owned())
        })
    };
    let decided = pairs::value(&pairs, &DECIDED).and_then(text::first_day);
    let supervisory = edition.document.kind == Kind::Beslut;
    let of_part = |wanted| {
        edition
            .passages
            .iter()
            .filter(move |p| p.marks.case_part == Some(wanted))
    };
    let verdict: Vec<&str> = of_part(CasePart::Outcome).map(|p| p.text.as_str()).collect();
    let all: Vec<&str> = edition.passages.iter().map(|p| p.text.as_str()).collect();
    let stated = pairs::value(&pairs, &OUTCOME).and_then(outcome::stated);
    let case = Case {
        court: value(&COURT).or_else(|| named(&COURT_NAME, 0)),
        number: value(&NUMBER).or_else(|| named(&CASE_NUMBER, 1)),
        decided: decided.or_else(|| texts().find_map(text::first_day)),
        referat: value(&REFERAT).or_else(|| texts().find_map(|text| judgments(text).next()).map(str::to_owned)),
        outcome: stated.or_else(|| outcome::read(&verdict.join("\n"), &all.join("\n"), supervisory)),
        provisions: provisions(&edition.passages, decided),
    };
    for (what, missing) in [
        ("court", case.court.is_none()),
        ("day", case.decided.is_none()),
        ("outcome", case.outcome.is_none()),
    ] {
        if missing {
            notes.push(format!("case: no {what} found in it"));
        }
    }
    case
}

fn part(passage: &Passage) -> Option<CasePart> {
    passage.heading_path.iter().rev().find_map(|heading| {
        let heading = heading.to_lowercase();
        let fits = |words: &[&str]| words.iter().any(|word| heading.contains(word));
        PARTS.iter().find(|(_, words)| fits(words)).map(|(part, _)| *part)
    })
}

/// The provisions named in the case, most named first, in the acts that were in force on its day.
fn provisions(passages: &[Passage], decided: Option<Date>) -> Vec<Place> {
    let on = decided.unwrap_or_else(|| jiff::Zoned::now().date());
    let mut counts: HashMap<Place, usize> = HashMap::new();
    for passage in passages {
        for found in reference::find(&passage.text) {
            if let (Some(named), Some(paragraph)) = (&found.act, found.paragraph)
                && let Some(sfs) = in_force(named, on)
            {
                let place = Place {
                    sfs: sfs.to_owned(),
                    chapter: found.chapter,
                    paragraph,
                };
                *counts.entry(place).or_default() += 1;
            }
        }
    }
    let mut counted: Vec<(usize, Place)> = counts.into_iter().map(|(place, count)| (count, place)).collect();
    counted.sort_by(|(a, first), (b, second)| (b, first).cmp(&(a, second)));
    counted
        .into_iter()
        .take(MOST_PROVISIONS)
        .map(|(_, place)| place)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::edition;
    use jiff::civil::date;
    use lotsen_corpus::record::Outcome;

    #[test]
    fn a_judgment_is_read_with_its_parts() {
        let mut notes = Vec::new();
        let mut judgment = edition(
            Kind::Rattsfall,
            &[
                (
                    "",
                    "Domstol: Kammarrätten i Storåker\nMålnummer: 1234-25\nAvgörandedatum: 2025-03-04",
                ),
                ("Frågan i målet", "Har kvinnan rätt till ledsagning?"),
                ("Bakgrund", "Omsorgsnämnden överklagade förvaltningsrättens dom."),
                (
                    "Skälen för avgörandet",
                    "Enligt 4 kap. 1 § SoL ska behovet prövas. Av 4 kap. 1 § SoL och 9 § LSS följer att.",
                ),
                ("Kammarrättens avgörande", "Kammarrätten avslår överklagandet."),
            ],
        );
        let case = read(&mut judgment, &mut notes);
        assert_eq!(case.court.as_deref(), Some("Kammarrätten i Storåker"));
        assert_eq!(
            (case.number.as_deref(), case.decided),
            (Some("1234-25"), Some(date(2025, 3, 4)))
        );
        assert_eq!(case.outcome, Some(Outcome::Granted));
        let provisions: Vec<_> = case
            .provisions
            .iter()
            .map(|p| (p.sfs.as_str(), p.paragraph.as_str()))
            .collect();
        assert_eq!(provisions, [("2001:453", "1"), ("1993:387", "9")]);
        let parts: Vec<_> = judgment.passages.iter().map(|p| p.marks.case_part).collect();
        let (question, background) = (Some(CasePart::Question), Some(CasePart::Background));
        assert_eq!(
            parts,
            [
                None,
                question,
                background,
                Some(CasePart::Reasoning),
                Some(CasePart::Outcome)
            ]
        );
        assert!(notes.is_empty(), "{notes:?}");
    }
}
