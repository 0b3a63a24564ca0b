//! A PDF in; its bookmarks out, which office programs write from the document's headings.

use std::collections::{HashMap, HashSet};

use pdf_extract::{Dictionary, Document, Object, ObjectId, decode_text_string};

/// More bookmarks than any handbook has; a made file may hold millions, or lead in a circle.
const MOST: usize = 5_000;
/// How deep bookmarks are followed.
const DEEPEST: u8 = 6;

/// One entry of the outline that a reader shows beside the pages.
#[derive(Debug, PartialEq)]
pub(super) struct Bookmark {
    pub(super) title: String,
    /// Depth, from 1.
    pub(super) level: u8,
    /// The page it leads to, where the file says so plainly.
    pub(super) page: Option<u32>,
}

/// All bookmarks in the order in which they are shown. A damaged outline is read as far as it goes.
pub(super) fn of(document: &Document) -> Vec<Bookmark> {
    let pages: HashMap<ObjectId, u32> = document
        .get_pages()
        .into_iter()
        .map(|(number, id)| (id, number))
        .collect();
    let root = document
        .catalog()
        .ok()
        .and_then(|catalog| dictionary(document, catalog, b"Outlines"));
    let first = root.and_then(|root| root.get(b"First").ok()?.as_reference().ok());
    let mut waiting: Vec<(ObjectId, u8)> = first.into_iter().map(|id| (id, 1)).collect();
    let mut seen = HashSet::new();
    let mut bookmarks = Vec::new();
    while let Some((id, level)) = waiting.pop() {
        if !seen.insert(id) || bookmarks.len() == MOST {
            continue;
        }
        let Ok(entry) = document.get_dictionary(id) else {
            continue;
        };
        let title = entry
            .get(b"Title")
            .ok()
            .and_then(|title| decode_text_string(title).ok());
        if let Some(title) = title.filter(|t| t.chars().any(char::is_alphanumeric)) {
            let page = page(document, entry, &pages);
            bookmarks.push(Bookmark { title, level, page });
        }
        let follow = |key: &[u8]| entry.get(key).ok().and_then(|next| next.as_reference().ok());
        // The entry's children are shown before its next sibling, so they are taken up last.
        waiting.extend(follow(b"Next").map(|next| (next, level)));
        waiting.extend(
            follow(b"First")
                .filter(|_| level < DEEPEST)
                .map(|child| (child, level + 1)),
        );
    }
    bookmarks
}

fn dictionary<'a>(document: &'a Document, holder: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    let (_, object) = document.dereference(holder.get(key).ok()?).ok()?;
    object.as_dict().ok()
}

/// `/Dest [page ...]`, or the same in an action. Named destinations are left: a title finds its line without a page too.
fn page(document: &Document, entry: &Dictionary, pages: &HashMap<ObjectId, u32>) -> Option<u32> {
    let place = match entry.get(b"Dest") {
        Ok(place) => place,
        Err(_) => dictionary(document, entry, b"A")?.get(b"D").ok()?,
    };
    let (_, place) = document.dereference(place).ok()?;
    match place.as_array().ok()?.first()? {
        Object::Reference(id) => pages.get(id).copied(),
        _ => None,
    }
}
