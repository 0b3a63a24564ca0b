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

/// A one-page PDF whose page is a picture of a page of text, as a scanner makes it.
fn scan() -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("text.pdf"), demo("riktlinje-avgifter.pdf")).unwrap();
    let drawn = std::process::Command::new("pdftoppm")
        .args([
            "-r",
            "150",
            "-f",
            "1",
            "-l",
            "1",
            "-jpeg",
            "-singlefile",
            "text.pdf",
            "page",
        ])
        .current_dir(folder.path())
        .status()
        .ok()?;
    let jpeg = std::fs::read(folder.path().join("page.jpg"))
        .ok()
        .filter(|_| drawn.success())?;
    let (height, width) = jpeg_size(&jpeg)?;
    let mut pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>endobj\n\
        4 0 obj<</Length 27>>stream\nq 595 0 0 842 0 0 cm /I Do Q\nendstream endobj\n"
        .to_vec();
    pdf.extend(format!("5 0 obj<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length {}>>stream\n", jpeg.len()).bytes());
    pdf.extend(&jpeg);
    pdf.extend(b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 6>>\n%%EOF");
    Some(with_cross_references(pdf))
}

/// Height and width from a JPEG's frame header.
fn jpeg_size(jpeg: &[u8]) -> Option<(u16, u16)> {
    let frame = jpeg
        .windows(4)
        .position(|w| w[0] == 0xFF && matches!(w[1], 0xC0..=0xC2) && w[2] == 0 && w[3] < 32)?;
    let number = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
    Some((number(frame + 5), number(frame + 7)))
}

/// Adds the table of where each object begins, which a reader starts from.
pub fn with_cross_references(mut pdf: Vec<u8>) -> Vec<u8> {
    let trailer = pdf.windows(7).rposition(|w| w == b"trailer").unwrap();
    let tail = pdf.split_off(trailer);
    let tail = String::from_utf8(tail).unwrap().replace("%%EOF", "");
    let place = |number: usize| {
        let mark = format!("\n{number} 0 obj");
        pdf.windows(mark.len())
            .position(|w| w == mark.as_bytes())
            .map(|at| at + 1)
    };
    let places: Vec<usize> = (1..).map_while(place).collect();
    let start = pdf.len();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in places {
        table += &format!("{place:010} 00000 n \n");
    }
    pdf.extend(format!("{table}{tail}startxref\n{start}\n%%EOF").bytes());
    pdf
}

#[test]
fn a_scanned_page_is_recognised_or_said_to_need_it() {
    let Some(scan) = scan() else {
        eprintln!("skipped: pdftoppm is not installed, so no scan can be made");
        return;
    };
    match extract::extract(scan, &extract_settings()) {
        Err(ExtractError::Refused(Refusal::NeedsOcr { pages })) => assert_eq!(pages, 1),
        Ok(read) => {
            let text = serde_json::to_string(&read.content).unwrap();
            for word in ["påhittad kommun", "kommunfullmäktige", "Lagstöd", "32 kap. 6 § SoL"] {
                assert!(text.contains(word), "{word} was not recognised in {text}");
            }
            assert!(read.notes[0].contains("text recognition"), "{:?}", read.notes);
        }
        other => panic!("{other:?}"),
    }
}
