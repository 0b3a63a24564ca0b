//! Bytes in; which format they are, and text in one encoding, out.

use serde::{Deserialize, Serialize};

use super::archive::Archive;
use super::{Refusal, rattspraxis, riksdag};

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Portable Document Format.
    Pdf,
    /// Word document.
    Docx,
    /// OpenDocument text, sheet or slides.
    Odt,
    /// Excel workbook.
    Xlsx,
    /// PowerPoint presentation.
    Pptx,
    /// Web page.
    Html,
    /// An act as the Riksdag's open data gives it, in JSON.
    RiksdagJson,
    /// A judgment as the courts' open case law gives it, in JSON.
    RattspraxisJson,
    /// Text with Markdown headings.
    Markdown,
    /// Plain text.
    Text,
}

/// How much of a file is looked at to tell text from other bytes: a picture or a broken archive may begin like a text.
const SAMPLE: usize = 64 << 10;

/// Decides by content alone: a name can be wrong, by mistake or on purpose.
pub(super) fn of(bytes: &[u8]) -> Result<Format, Refusal> {
    let head = &bytes[..bytes.len().min(1024)];
    let unknown = |what: &str| Err(Refusal::UnknownFormat(what.to_owned()));
    if bytes.is_empty() {
        return Err(Refusal::NoText);
    }
    if head.windows(5).any(|w| w == b"%PDF-") {
        return Ok(Format::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Archive::open(bytes)?.format();
    }
    if head.starts_with(b"PK\x05\x06") {
        return Err(Refusal::NoText);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0") {
        return unknown("an older Office format");
    }
    let wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let controls = sample.iter().filter(|&&b| b < 9 || (14..32).contains(&b)).count();
    if !wide && controls * 50 > sample.len() {
        return unknown("not a text, and no format that is known here");
    }
    let start = String::from_utf8_lossy(head)
        .trim_start_matches('\u{FEFF}')
        .trim_start()
        .to_lowercase();
    if riksdag::is_json(&start) {
        return Ok(Format::RiksdagJson);
    }
    if rattspraxis::is_json(&start) {
        return Ok(Format::RattspraxisJson);
    }
    if start.starts_with("<!doctype html") || start.starts_with("<html") || start.contains("<body") {
        return Ok(Format::Html);
    }
    let text = String::from_utf8_lossy(bytes);
    Ok(if text.lines().any(is_markdown_heading) {
        Format::Markdown
    } else {
        Format::Text
    })
}

fn is_markdown_heading(line: &str) -> bool {
    let words = line.trim_start_matches('#');
    let marks = line.len() - words.len();
    (1..=6).contains(&marks) && words.starts_with(' ') && words.trim().len() > 1
}

/// Text in UTF-8, UTF-16 with a mark, or the Windows encoding that older Swedish files are in.
pub(super) fn decode(bytes: &[u8], notes: &mut Vec<String>) -> String {
    let (encoding, skip) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    let (text, damaged) = encoding.decode_without_bom_handling(&bytes[skip..]);
    if !damaged || skip > 0 {
        return text.into_owned();
    }
    notes.push("not UTF-8: read as Windows-1252".to_owned());
    encoding_rs::WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(of(b"\xEF\xBB\xBF<!DOCTYPE html><p>x"), Ok(Format::Html));
        assert_eq!(of("1 § Denna lag gäller.".as_bytes()), Ok(Format::Text));
        assert_eq!(of(b"# Rubrik\n\nText"), Ok(Format::Markdown));
        assert_eq!(of(b"%PDF-1.7 ..."), Ok(Format::Pdf));
        assert!(matches!(of(&[0, 1, 2, 3, 200, 7]), Err(Refusal::UnknownFormat(_))));
    }

    #[test]
    fn an_old_file_keeps_its_letters() {
        let mut notes = Vec::new();
        assert_eq!(decode(b"f\xF6rvaltningsr\xE4tten", &mut notes), "förvaltningsrätten");
        assert_eq!(notes.len(), 1);
    }
}
