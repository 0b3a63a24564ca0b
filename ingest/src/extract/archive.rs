//! A zip archive in; the parts asked for out, unless it is made to burst.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{Format, Refusal};

/// What all parts together may unpack to.
const LARGEST: u64 = 200 << 20;
/// A part of more than a mebibyte that shrank more than this was not written by a word processor.
const HIGHEST_RATIO: u64 = 200;
/// A document has some dozens of parts.
const MOST_PARTS: usize = 5_000;

pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Archive<'a> {
    /// Opens an archive and checks what its directory promises, before anything is unpacked.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let damaged = |e: zip::result::ZipError| Refusal::Damaged(e.to_string());
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if zip.len() > MOST_PARTS {
            return Err(Refusal::Bomb(format!("{} parts", zip.len())));
        }
        let mut total = 0u64;
        for at in 0..zip.len() {
            let part = zip.by_index_raw(at).map_err(damaged)?;
            if part.encrypted() {
                return Err(Refusal::Encrypted);
            }
            total = total.saturating_add(part.size());
            let ratio = part.size() / part.compressed_size().max(1);
            if part.size() > 1 << 20 && ratio > HIGHEST_RATIO {
                return Err(Refusal::Bomb(format!("a part is packed {ratio}:1")));
            }
        }
        if total > LARGEST {
            return Err(Refusal::Bomb(format!("{} MiB", total >> 20)));
        }
        Ok(Self { zip })
    }

    /// Which office format it is, by the part that only that format has.
    pub(super) fn format(&self) -> Result<Format, Refusal> {
        let formats = [
            ("word/document.xml", Format::Docx),
            ("xl/workbook.xml", Format::Xlsx),
            ("ppt/presentation.xml", Format::Pptx),
            ("content.xml", Format::Odt),
        ];
        let found = formats.iter().find(|(part, _)| self.zip.index_for_name(part).is_some());
        found
            .map(|(_, format)| *format)
            .ok_or_else(|| Refusal::UnknownFormat("a zip archive that is no office document".to_owned()))
    }

    /// Unpacks one part; `None` when the archive lacks it. The directory may lie, so the unpacking is bounded as well.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let damaged = |e: std::io::Error| Refusal::Damaged(e.to_string());
        let mut part = match self.zip.by_name(name) {
            Ok(part) => part,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(e) => return Err(Refusal::Damaged(e.to_string())),
        };
        let mut bytes = Vec::new();
        part.by_ref()
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(damaged)?;
        if bytes.len() as u64 > LARGEST {
            return Err(Refusal::Bomb(format!("more than {} MiB", LARGEST >> 20)));
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Parts that could carry text or code and are left alone, for the report.
    pub(super) fn unread(&self) -> Vec<String> {
        let telling = |name: &&str| {
            ["afchunk", "embeddings/", "vbaProject", "activeX/"]
                .iter()
                .any(|mark| name.contains(mark))
        };
        self.zip.file_names().filter(telling).map(str::to_owned).collect()
    }
}
