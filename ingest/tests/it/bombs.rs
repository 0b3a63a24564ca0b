//! The hostile set: loops, bombs, polyglots, tricks of archives and hidden text, made for the purpose. Whatever a file is, it
//! ends as read or refused with a reason, within ten seconds and 512 MiB.

use std::io::Write;
use std::time::{Duration, Instant};

use lotsen_ingest::extract::{self, ExtractError, ExtractSettings, Extracted, Refusal};
use zip::write::SimpleFileOptions;

use crate::support::extract_settings;

const TIME: Duration = Duration::from_secs(10);
const MEMORY: u64 = 512 << 20;

/// Reads a file under the limits of the set; fails unless it ends in time, and not with a fault of the service.
fn ends(name: &str, bytes: Vec<u8>) -> Result<Extracted, Refusal> {
    let settings = ExtractSettings {
        time: TIME,
        memory: MEMORY,
        ..extract_settings()
    };
    let clock = Instant::now();
    let result = extract::extract(bytes, &settings);
    assert!(
        clock.elapsed() < TIME + Duration::from_secs(2),
        "{name}: {:?}",
        clock.elapsed()
    );
    match result {
        Ok(read) => Ok(read),
        Err(ExtractError::Refused(refusal)) => Err(refusal),
        Err(error) => panic!("{name}: {error}"),
    }
}

fn text(read: &Extracted) -> String {
    serde_json::to_string(&read.content).unwrap()
}

/// A PDF of these objects, numbered from 1, the first of them its catalogue.
fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::new();
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj{object}endobj\n");
    }
    let start = file.len();
    let size = objects.len() + 1;
    file += &format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {size}{trailer}>>\nstartxref\n{start}\n%%EOF"
    );
    file.into_bytes()
}

const CATALOGUE: &str = "<</Type/Catalog/Pages 2 0 R>>";
const ONE_PAGE: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>";

fn objects(list: &[&str]) -> Vec<String> {
    list.iter().map(|object| (*object).to_owned()).collect()
}

#[test]
fn documents_that_lead_in_circles_or_burst_end_in_time() {
    let nested = format!(
        "<</Type/Page/Parent 2 0 R/A{}{}>>",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let outline = "<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>";
    let entry = "<</Title(Om)/Next 5 0 R/First 5 0 R/Dest[3 0 R/Fit]>>";
    let mut many = objects(&[CATALOGUE, ONE_PAGE, PAGE]);
    many.resize(300_000, "null".to_owned());
    let kids: String = (3..10_003).map(|n| format!("{n} 0 R ")).collect();
    let mut pages = vec![
        CATALOGUE.to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count 10000>>"),
    ];
    pages.resize(10_002, PAGE.to_owned());
    let made = [
        ("nested arrays", pdf(&objects(&[CATALOGUE, ONE_PAGE, &nested]), "")),
        (
            "page tree in a circle",
            pdf(&objects(&[CATALOGUE, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"]), ""),
        ),
        (
            "tables in a circle",
            pdf(&objects(&[CATALOGUE, ONE_PAGE, PAGE]), "/Prev 9"),
        ),
        (
            "bookmarks in a circle",
            pdf(&objects(&[outline, ONE_PAGE, PAGE, "<</First 5 0 R>>", entry]), ""),
        ),
        ("300 000 objects", pdf(&many, "")),
        ("10 000 pages", pdf(&pages, "")),
        (
            "a page that is its own content",
            pdf(
                &objects(&[
                    CATALOGUE,
                    ONE_PAGE,
                    "<</Type/Page/Parent 2 0 R/Contents 3 0 R/Resources 3 0 R>>",
                ]),
                "",
            ),
        ),
        (
            "a length that lies",
            pdf(
                &objects(&[
                    CATALOGUE,
                    ONE_PAGE,
                    PAGE,
                    "<</Length 99999999999>>stream\nBT ET\nendstream ",
                ]),
                "",
            ),
        ),
    ];
    for (name, bytes) in made {
        let ended = ends(name, bytes);
        assert!(ended.is_err(), "{name} holds no text, but was read: {ended:?}");
    }
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WORD: &[u8] = b"<w:document><w:body><w:p><w:r><w:t>Egen text.</w:t></w:r></w:p></w:body></w:document>";

#[test]
fn archives_that_burst_are_refused_in_every_format() {
    let zeros = vec![b'0'; 300 << 20];
    for part in [
        "word/document.xml",
        "xl/workbook.xml",
        "ppt/presentation.xml",
        "content.xml",
    ] {
        let clock = Instant::now();
        let bomb = archive(&[(part, &zeros)]);
        let made = clock.elapsed();
        assert!(matches!(ends(part, bomb), Err(Refusal::Bomb(_))), "{part}");
        assert!(clock.elapsed() - made < Duration::from_secs(2), "{part}");
    }
    let names: Vec<String> = (0..6_000).map(|n| format!("word/{n}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(ends("many parts", archive(&parts)), Err(Refusal::Bomb(_))));
}

#[test]
fn a_directory_that_lies_about_sizes_is_met_by_the_limit_on_unpacking() {
    let mut bomb = archive(&[("word/document.xml", &vec![b' '; 400 << 20])]);
    // Both headers say that the part unpacks to eight bytes.
    let lie = 8u32.to_le_bytes();
    let local = bomb.windows(4).position(|w| w == b"PK\x03\x04").unwrap();
    bomb[local + 22..local + 26].copy_from_slice(&lie);
    let central = bomb.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    bomb[central + 24..central + 28].copy_from_slice(&lie);
    assert!(ends("lying directory", bomb).is_err());
}

#[test]
fn names_that_lead_out_of_an_archive_are_never_followed() {
    let outside = std::env::temp_dir().join("lotsen-zip-slip");
    let parts: [(&str, &[u8]); 4] = [
        ("../../../../../../tmp/lotsen-zip-slip", b"x"),
        ("/tmp/lotsen-zip-slip", b"x"),
        ("word\\..\\..\\evil.xml", b"x"),
        ("word/document.xml", WORD),
    ];
    let read = ends("zip slip", archive(&parts)).unwrap();
    assert!(text(&read).contains("Egen text.") && !outside.exists());
    let relations = br#"<Relationships><Relationship Id="r1" Target="../../../../etc/passwd"/></Relationships>"#;
    let workbook = br#"<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>"#;
    let sheet = archive(&[("xl/workbook.xml", workbook), ("xl/_rels/workbook.xml.rels", relations)]);
    assert_eq!(ends("relation out of the archive", sheet), Err(Refusal::NoText));
}

#[test]
fn pages_that_are_too_deep_too_long_or_lead_elsewhere_end_in_time() {
    let deep = format!("<html><body>{}Text", "<div>".repeat(1_000_000));
    let long = format!("<html><body>{}", "<p>Samma rad.</p>".repeat(1_000_000));
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
    for (name, page) in [
        ("a million elements deep", deep),
        ("a million paragraphs", long),
        (
            "two hundred thousand attributes",
            format!("<html><body><p{attributes}>Text</p>"),
        ),
    ] {
        let _ended = ends(name, page.into_bytes());
    }
    let refresh = "<html><head><meta http-equiv=refresh content='0;url=http://example.org/'><base href='http://example.org/'></head><body><p>Egen text.</p></body></html>";
    assert!(text(&ends("refresh", refresh.into()).unwrap()).contains("Egen text."));
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 75, 4, 0];
    assert!(matches!(ends("gzip", gzip.to_vec()), Err(Refusal::UnknownFormat(_))));
}

#[test]
fn text_that_no_reader_sees_is_left_out() {
    let page = "<html><body><main><p>Synlig.</p><p style='display: none'>Dold ett.</p><p style='visibility:hidden'>Dold två.</p>\
        <p hidden>Dold tre.</p><p style='font-size:0'>Dold fyra.</p><!-- Dold fem. --><img alt='Dold sex.'></main></body></html>";
    let read = ends("hidden in a page", page.into()).unwrap();
    assert!(
        text(&read).contains("Synlig.") && !text(&read).contains("Dold"),
        "{}",
        text(&read)
    );
    let word = "<w:document><w:body><w:p><w:r><w:t>Synlig.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>Dold.</w:t></w:r></w:p></w:body></w:document>";
    let comments = "<w:comments><w:comment><w:p><w:r><w:t>Dold kommentar.</w:t></w:r></w:p></w:comment></w:comments>";
    let parts: [(&str, &[u8]); 2] = [
        ("word/document.xml", word.as_bytes()),
        ("word/comments.xml", comments.as_bytes()),
    ];
    let read = ends("hidden in Word", archive(&parts)).unwrap();
    assert!(
        !text(&read).contains("Dold") && read.notes[0].contains("hidden"),
        "{read:?}"
    );
}

#[test]
fn a_file_that_is_two_formats_is_read_as_one_of_them() {
    let mut both = pdf(&objects(&[CATALOGUE, ONE_PAGE, PAGE]), "");
    both.extend(b"<html><body><p>Text i en webbsida.</p></body></html>");
    both.extend(archive(&[("word/document.xml", WORD)]));
    assert!(ends("PDF, HTML and zip at once", both).is_err());
    for (name, bytes) in [
        ("one byte", vec![b'a']),
        ("a mark alone", vec![0xEF, 0xBB, 0xBF]),
        ("zeros", vec![0; 4096]),
    ] {
        let ended = ends(name, bytes);
        assert!(name == "one byte" || ended.is_err(), "{name}: {ended:?}");
    }
}
