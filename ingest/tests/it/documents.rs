//! Each folder under `tests/documents` is a small source; its passages are kept as a snapshot.

use std::path::Path;

use lotsen_corpus::Kind;

use crate::support::read;

fn passages(file: &str, kind: Kind) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents").join(file);
    let reading = read(&path, kind).unwrap();
    let mut shown = String::new();
    for passage in &reading.edition.passages {
        shown += &format!("[{}] {:?}", passage.heading_path.join(" > "), passage.kind);
        if let Some(provision) = &passage.provision {
            shown += &format!(
                " {} kap. {} §",
                provision.chapter.as_deref().unwrap_or("-"),
                provision.paragraph
            );
        }
        if let Some(section) = &passage.section {
            shown += &format!(" section {section}");
        }
        for (name, day) in [
            ("from", passage.validity.valid_from),
            ("until", passage.validity.valid_to),
        ] {
            if let Some(day) = day {
                shown += &format!(" {name} {day}");
            }
        }
        shown += &format!("\n{}\n\n", passage.text);
    }
    for note in &reading.notes {
        shown += &format!("note: {note}\n");
    }
    shown
}

#[test]
fn an_act() {
    insta::assert_snapshot!(passages("act/source.txt", Kind::Lag));
}

#[test]
fn a_guideline_taken_out_of_word_as_text() {
    insta::assert_snapshot!(passages("guideline-out-of-word/source.md", Kind::Riktlinje));
}

#[test]
fn a_guideline_in_markdown() {
    insta::assert_snapshot!(passages("guideline-markdown/source.md", Kind::Riktlinje));
}

#[test]
fn a_web_page() {
    insta::assert_snapshot!(passages("page/source.html", Kind::Riktlinje));
}

#[test]
fn the_demonstration_corpus_has_the_sections_that_its_contents_promise() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/demo");
    for (file, heading) in [
        ("riktlinje-ledsagning.docx", "2.3 Närståendes hjälp"),
        ("riktlinje-lss.html", "3.3 Ledsagarservice"),
        ("riktlinje-avgifter.pdf", "2.4 Minimibelopp"),
        ("riktlinje-hemtjanst.md", "4.1 Serviceinsatser"),
    ] {
        let reading = read(&demo.join(file), Kind::Riktlinje).unwrap();
        let headings: Vec<&String> = reading
            .edition
            .passages
            .iter()
            .filter_map(|p| p.heading_path.last())
            .collect();
        assert!(headings.iter().any(|h| *h == heading), "{file}: {headings:?}");
    }
}
