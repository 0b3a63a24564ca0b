//! A Word document in; blocks out.
//!
//! Only the parts of the archive that hold text are opened, by name and in memory: relations, embedded objects, macros and
//! HTML chunks are never followed. Tracked changes are read as if accepted.

mod body;
mod numbering;
mod styles;

use lotsen_corpus::Block;

use super::Refusal;
use super::archive::Archive;

/// Reads the document's text with its headings, lists, tables and footnotes.
pub(super) fn read(archive: &mut Archive<'_>, notes: &mut Vec<String>) -> Result<Vec<Block>, Refusal> {
    let document = archive.part("word/document.xml")?.unwrap_or_default();
    for unread in archive.unread() {
        notes.push(format!("left out: {unread}"));
    }
    let styles = styles::read(&archive.part("word/styles.xml")?.unwrap_or_default())?;
    let numbering = numbering::read(&archive.part("word/numbering.xml")?.unwrap_or_default())?;
    let footnotes = body::footnotes(&archive.part("word/footnotes.xml")?.unwrap_or_default())?;
    body::read(&document, styles, numbering, footnotes, notes)
}
