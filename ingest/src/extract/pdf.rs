//! A PDF in; blocks with their pages out.
//!
//! A PDF knows where each character stands and nothing of words, lines or headings. [`hidden`] takes out what no reader sees,
//! [`device`] makes lines of characters, [`layout`] makes blocks of lines: headings by the [`bookmarks`] or their size,
//! running heads by repetition.

mod bookmarks;
mod device;
mod headings;
mod hidden;
mod layout;
mod matrix;
mod rows;

use lotsen_corpus::Block;
use pdf_extract::Document;

use super::Refusal;

/// What a PDF holds.
pub(super) struct ReadPdf {
    pub(super) blocks: Vec<Block>,
    pub(super) pages: usize,
    pub(super) notes: Vec<String>,
}

/// Reads all pages; a page that cannot be read is noted and left out.
pub(super) fn read(bytes: &[u8]) -> Result<ReadPdf, Refusal> {
    let mut document = Document::load_mem(bytes).map_err(|e| Refusal::Damaged(e.to_string()))?;
    if document.is_encrypted() {
        document.decrypt("").map_err(|_| Refusal::Encrypted)?;
    }
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    if pages.is_empty() {
        return Err(Refusal::Damaged("it has no pages".to_owned()));
    }
    let mut device = device::Device::default();
    let mut notes = hidden::remove(&mut document);
    for &page in &pages {
        if let Err(error) = pdf_extract::output_doc_page(&document, &mut device, page) {
            notes.push(format!("page {page} could not be read: {error}"));
        }
    }
    notes.extend(device.unseen());
    let blocks = layout::blocks(device.into_lines(), &bookmarks::of(&document));
    Ok(ReadPdf {
        blocks,
        pages: pages.len(),
        notes,
    })
}
