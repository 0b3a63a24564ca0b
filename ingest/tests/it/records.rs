//! What the demonstration texts tell about themselves: decision data, cases, general advice, references.

use jiff::civil::date;
use lotsen_corpus::record::{CasePart, Outcome, Record};
use lotsen_corpus::reference::resolve::{Places, Standpoint, Target, resolve};
use lotsen_corpus::{Edition, Kind, Passage};

use crate::support::{assert_whole, demo, read};

fn edition(file: &str, kind: Kind) -> Edition {
    read(&demo().join(file), kind).unwrap().edition
}

#[test]
fn no_word_of_the_demonstration_texts_is_lost() {
    for entry in std::fs::read_dir(demo()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        if name.ends_with(".md") && !source.contains("[^") {
            let kind = if name.starts_with("foreskrift") {
                Kind::Foreskrift
            } else {
                Kind::Riktlinje
            };
            assert_whole(
                &read(&path, kind).unwrap().edition,
                &lotsen_corpus::text::normalise(&source),
                name,
            );
        }
    }
}

#[test]
fn a_regulation_holds_provisions_and_advice_each_of_its_own_kind() {
    let regulation = edition("foreskrift-genomforande.md", Kind::Foreskrift);
    let advice: Vec<&Passage> = regulation
        .passages
        .iter()
        .filter(|p| p.marks.kind == Some(Kind::AllmannaRad))
        .collect();
    assert_eq!(advice.len(), 3);
    assert!(
        advice
            .iter()
            .all(|p| p.provision.is_none() && p.text.contains("bör") && !p.text.contains(" ska "))
    );
    let rules = regulation.passages.iter().filter(|p| p.provision.is_some());
    assert_eq!(
        rules
            .filter(|p| p.marks.kind.is_none() && !p.text.contains("bör "))
            .count(),
        6
    );
}

#[test]
fn the_invented_cases_end_as_their_words_say() {
    for (file, kind, outcome, number) in [
        (
            "avgorande-kontaktperson-bifall.md",
            Kind::Rattsfall,
            Outcome::Granted,
            "9001-25",
        ),
        (
            "avgorande-kontaktperson-avslag.md",
            Kind::Rattsfall,
            Outcome::Denied,
            "9002-25",
        ),
        (
            "avgorande-korttidsvistelse-delvis.md",
            Kind::Rattsfall,
            Outcome::PartlyGranted,
            "9003-25",
        ),
        (
            "avgorande-korttidsvistelse-ater.md",
            Kind::Rattsfall,
            Outcome::Remitted,
            "9104-25",
        ),
        ("avgorande-parboende.md", Kind::Rattsfall, Outcome::Denied, "9005-26"),
        ("beslut-drojsmal.html", Kind::Beslut, Outcome::Criticised, "OO 45-2026"),
    ] {
        let edition = edition(file, kind);
        let Some(Record::Case(case)) = &edition.document.record else {
            panic!("{file}: no case")
        };
        assert_eq!(
            (case.outcome, case.number.as_deref()),
            (Some(outcome), Some(number)),
            "{file}"
        );
        assert!(
            case.court.is_some() && case.decided.is_some() && !case.provisions.is_empty(),
            "{file}: {case:?}"
        );
        assert!(
            edition.passages[0].text.contains("påhittat"),
            "{file} does not say that it is invented"
        );
        let parts: Vec<_> = edition.passages.iter().filter_map(|p| p.marks.case_part).collect();
        for part in [CasePart::Reasoning, CasePart::Outcome] {
            assert!(parts.contains(&part), "{file}: {parts:?}");
        }
    }
}

#[test]
fn guidelines_tell_who_adopted_them() {
    for (file, by) in [
        ("riktlinje-hemtjanst.md", "Omsorgsnämnden i Storåkers kommun"),
        ("riktlinje-ekonomiskt-bistand.md", "socialnämnden i Storåkers kommun"),
    ] {
        let edition = edition(file, Kind::Riktlinje);
        let Some(Record::Adoption(adoption)) = &edition.document.record else {
            panic!("{file}: no decision data")
        };
        assert_eq!(adoption.adopted_by.as_deref(), Some(by));
        assert!(adoption.adopted_on.is_some(), "{file}: {adoption:?}");
    }
}

#[test]
fn references_inside_a_regulation_are_its_own_places() {
    let mut regulation = edition("foreskrift-genomforande.md", Kind::Foreskrift);
    regulation.document.identifier = Some("STOFS 2026:1".to_owned());
    let places = Places::of([&regulation]);
    let from = Standpoint {
        act: Some(("STOFS 2026:1", Some("2"))),
        on: date(2026, 6, 1),
    };
    let advice = regulation
        .passages
        .iter()
        .find(|p| p.text.contains("kravet i 1 §"))
        .unwrap();
    let found = resolve(&advice.text, from, &places);
    assert!(
        matches!(&found[0].target, Target::Place(place) if place.chapter.as_deref() == Some("2")),
        "{found:?}"
    );
}
