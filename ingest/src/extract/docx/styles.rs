//! `styles.xml` in; what each paragraph style means for the structure out.

use std::collections::HashMap;

use crate::extract::Refusal;
use crate::extract::xml::{self, Part};

/// What a style says about a paragraph.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    /// Heading level from 1; 0 for the document's title.
    pub(super) heading: Option<u8>,
    /// An entry of a table of contents.
    pub(super) contents: bool,
    /// Numbering that comes with the style: list and level.
    pub(super) list: Option<(String, u8)>,
    based_on: Option<String>,
}

/// Styles by id, with what they inherit filled in.
pub(super) fn read(xml: &str) -> Result<HashMap<String, Style>, Refusal> {
    let mut styles: HashMap<String, Style> = HashMap::new();
    let mut id = String::new();
    let mut style = Style::default();
    xml::each(xml, |part| match part {
        Part::Open("style", tag) => {
            id = tag.get("w:styleId").unwrap_or_default();
            style = Style::default();
        }
        Part::Open("name", tag) => by_name(&mut style, &tag.value().unwrap_or_default().to_lowercase()),
        Part::Open("basedOn", tag) => style.based_on = tag.value(),
        Part::Open("outlineLvl", tag) => {
            let level = tag.value().and_then(|v| v.parse::<u8>().ok()).filter(|&l| l < 9);
            style.heading = style.heading.or(level.map(|l| l + 1));
        }
        Part::Open("numId", tag) => {
            let level = style.list.take().map_or(0, |(_, level)| level);
            style.list = tag.value().map(|list| (list, level));
        }
        Part::Open("ilvl", tag) => {
            let level = tag.value().and_then(|v| v.parse().ok()).unwrap_or(0);
            style.list = Some((style.list.take().map_or(String::new(), |(list, _)| list), level));
        }
        Part::Close("style") => {
            styles.insert(std::mem::take(&mut id), std::mem::take(&mut style));
        }
        _ => {}
    })?;
    Ok(inherited(&styles))
}

/// Word writes built-in names in English whatever its language; other programs do not.
fn by_name(style: &mut Style, name: &str) {
    let level = |prefix: &str| {
        name.strip_prefix(prefix)?
            .trim()
            .parse::<u8>()
            .ok()
            .filter(|l| (1..=9).contains(l))
    };
    if style.heading.is_some() || style.contents {
        return;
    }
    style.heading = level("heading").or(level("rubrik"));
    if name == "title" || name == "titel" {
        style.heading = Some(0);
    }
    style.contents = level("toc").is_some()
        || level("innehåll").is_some()
        || name.starts_with("toc heading")
        || name.starts_with("contents ");
}

fn inherited(styles: &HashMap<String, Style>) -> HashMap<String, Style> {
    let filled = |start: &Style| {
        let mut style = start.clone();
        let mut parent = start.based_on.clone();
        // A damaged file may name styles in a circle: twenty steps are more than any document takes.
        for _ in 0..20 {
            let Some(above) = parent.as_ref().and_then(|id| styles.get(id)) else {
                break;
            };
            style.heading = style.heading.or(above.heading.filter(|&l| l > 0));
            style.contents |= above.contents;
            style.list = style.list.or_else(|| above.list.clone());
            parent = above.based_on.clone();
        }
        style
    };
    styles.iter().map(|(id, style)| (id.clone(), filled(style))).collect()
}
