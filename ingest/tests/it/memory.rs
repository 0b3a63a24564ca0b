//! The memory of a run over ten thousand documents: reading them takes what reading one thousand takes and a line of the report
//! for each; the index engine takes some more for each passage while it builds, most of it mapped files.
//!
//! `cargo test -p lotsen-ingest --test it -- --ignored memory --nocapture` prints it; it takes some twenty minutes.

use crate::site::Site;

const WHO: [&str; 8] = [
    "Nämnden",
    "Handläggaren",
    "Enhetschefen",
    "Utföraren",
    "Socialtjänsten",
    "Utskottet",
    "Kontaktpersonen",
    "Förvaltningen",
];
const DOES: [&str; 8] = [
    "prövar",
    "beslutar om",
    "följer upp",
    "utreder",
    "dokumenterar",
    "planerar",
    "erbjuder",
    "samordnar",
];
const WHAT: [&str; 8] = [
    "hemtjänst",
    "ledsagning",
    "boendestöd",
    "avlösning",
    "trygghetslarm",
    "dagverksamhet",
    "korttidsboende",
    "anhörigstöd",
];
/// How many sections there are. Each document has two, and no two documents the same two: every file is another, and the
/// model has to read each section once.
const SECTIONS: usize = 120;

fn section(number: usize) -> String {
    let sentence = |at: usize| {
        let pick = (number * 16 + at).wrapping_mul(2_654_435_761) >> 7;
        let (who, does, what) = (WHO[pick % 8], DOES[pick / 8 % 8], WHAT[pick / 64 % 8]);
        format!(
            "{who} {does} {what} inom {} dagar enligt rutin {number}.",
            pick / 512 % 90 + 2
        )
    };
    (0..16).map(sentence).collect::<Vec<_>>().join(" ")
}

/// The guideline of this number, of some three kilobytes.
fn guideline(number: usize) -> String {
    let (first, second) = (section(number % SECTIONS), section(number / SECTIONS));
    format!("# Riktlinje för stöd\n\n## 1 Syfte\n\n{first}\n\n## 2 Insatser\n\n{second}\n")
}

/// What a run says that it held at most, in MiB.
fn peak(site: &Site) -> u64 {
    let output = site.run();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = said.lines().find(|line| line.ends_with(" MiB")).unwrap();
    eprintln!("    {line}");
    line.trim_end_matches(" MiB")
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
#[ignore = "takes some twenty minutes"]
fn memory_hardly_grows_from_one_thousand_documents_to_ten_thousand() {
    let Some(site) = Site::new() else { return };
    let write = |numbers: std::ops::Range<usize>| {
        for number in numbers {
            site.write(&format!("riktlinje-{number:05}"), &guideline(number));
        }
    };
    // All sections, under both headings: from here on the cache has every vector and no model is loaded.
    for number in 0..SECTIONS {
        site.write(&format!("avsnitt-{number}"), &guideline(number * SECTIONS + number));
    }
    eprintln!("{} MiB with the model", peak(&site));
    for number in 0..SECTIONS {
        std::fs::remove_file(site.path(&format!("texts/avsnitt-{number}.md"))).unwrap();
    }
    let mut measured = Vec::new();
    for (before, documents) in [(0, 1_000), (1_000, 5_000), (5_000, 10_000)] {
        write(before..documents);
        let (building, reading) = (peak(&site), peak(&site));
        eprintln!("{documents} documents: {building} MiB with a new index, {reading} MiB when nothing is new");
        measured.push((building, reading));
    }
    let grown = |of: fn(&(u64, u64)) -> u64| (of(&measured[2]) - of(&measured[0])) * 1_024 / 9_000;
    assert!(
        grown(|m| m.1) < 10,
        "reading holds more than 10 KiB of each document: {measured:?}"
    );
    assert!(
        grown(|m| m.0) < 60,
        "a document of two passages costs more than 60 KiB: {measured:?}"
    );
}
