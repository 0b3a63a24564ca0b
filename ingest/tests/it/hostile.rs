//! Files that are broken or made to harm: each ends as read or refused with a reason, and the reader comes back.

use std::io::Write;
use std::time::{Duration, Instant};

use lotsen_ingest::extract::{self, ExtractError, ExtractSettings, Format, Refusal};
use zip::write::SimpleFileOptions;

use crate::support::extract_settings;

fn refusal(bytes: &[u8], settings: &ExtractSettings) -> Refusal {
    match extract::extract(bytes.to_vec(), settings) {
        Err(ExtractError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn demo(file: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../corpus/demo/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn archive(part: &str, content: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(part, SimpleFileOptions::default()).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn an_empty_file_and_a_file_of_spaces_hold_no_text() {
    assert_eq!(refusal(b"", &extract_settings()), Refusal::NoText);
    assert_eq!(refusal(b"  \n\n \t ", &extract_settings()), Refusal::NoText);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let noise: Vec<u8> = (0u32..20_000)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    assert!(matches!(
        refusal(&noise, &extract_settings()),
        Refusal::UnknownFormat(_)
    ));
}

#[test]
fn a_truncated_pdf_is_refused_or_read_without_its_end() {
    let whole = demo("riktlinje-avgifter.pdf");
    for part in [10, 100, whole.len() / 4, whole.len() / 2, whole.len() - 40] {
        let result = extract::extract(whole[..part].to_vec(), &extract_settings());
        assert!(
            matches!(result, Ok(_) | Err(ExtractError::Refused(_))),
            "{part}: {result:?}"
        );
    }
}

#[test]
fn the_content_counts_and_not_the_name() {
    let read = extract::extract(demo("riktlinje-ledsagning.docx"), &extract_settings()).unwrap();
    assert_eq!(read.format, Format::Docx);
    assert!(matches!(
        refusal(&archive("mimetype", b"x"), &extract_settings()),
        Refusal::UnknownFormat(_)
    ));
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let bomb = archive("word/document.xml", &vec![b' '; 300 << 20]);
    let clock = Instant::now();
    assert!(matches!(refusal(&bomb, &extract_settings()), Refusal::Bomb(_)));
    assert!(clock.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_entity_bomb_in_a_word_file_expands_to_nothing() {
    let xml = r#"<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
        <w:document><w:body><w:p><w:r><w:t>Text &b; slut</w:t></w:r></w:p></w:body></w:document>"#;
    let read = extract::extract(archive("word/document.xml", xml.as_bytes()), &extract_settings()).unwrap();
    assert_eq!(
        serde_json::to_value(&read.content).unwrap()["blocks"][0]["text"],
        "Text  slut"
    );
}

#[test]
fn a_page_of_nested_elements_is_read_or_refused() {
    let page = format!("<html><body>{}Text", "<div>".repeat(300_000));
    let result = extract::extract(page.into_bytes(), &extract_settings());
    assert!(matches!(result, Ok(_) | Err(ExtractError::Refused(_))), "{result:?}");
}

#[test]
fn memory_and_time_are_limited() {
    let small = ExtractSettings {
        memory: 96 << 20,
        ..extract_settings()
    };
    let large = vec![b'a'; 90 << 20];
    assert!(matches!(refusal(&large, &small), Refusal::Crashed(_)));
    let hasty = ExtractSettings {
        time: Duration::from_millis(1),
        ..extract_settings()
    };
    assert_eq!(refusal(&vec![b'a'; 30 << 20], &hasty), Refusal::TooSlow { seconds: 0 });
}
