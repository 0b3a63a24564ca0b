//! XML text in; the few events that office formats need out. Entities of the file's own are never expanded.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::extract::Refusal;

/// No office program writes more attributes on a tag; a made one may hold millions.
const MOST_ATTRIBUTES: usize = 100;

/// An opening or closing tag, by its local name, or text.
pub(super) enum Part<'a> {
    Open(&'a str, &'a Tag<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// An opening tag, for its attributes.
pub(super) struct Tag<'a>(&'a BytesStart<'a>);

impl Tag<'_> {
    /// An attribute by its qualified name (`w:val`).
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let attribute = self.0.try_get_attribute(name).ok()??;
        Some(String::from_utf8_lossy(&attribute.value).into_owned())
    }

    /// An attribute by its local name, whatever its prefix.
    pub(super) fn local(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let mut few = attributes.with_checks(false).take(MOST_ATTRIBUTES).flatten();
        let found = few.find(|a| a.key.local_name().as_ref() == name.as_bytes())?;
        let value = String::from_utf8_lossy(&found.value);
        Some(quick_xml::escape::unescape(&value).map_or_else(|_| value.to_string(), |plain| plain.into_owned()))
    }

    /// The attribute that nearly all Word tags carry their meaning in.
    pub(super) fn value(&self) -> Option<String> {
        self.get("w:val")
    }

    /// A switch: present means on, unless it says otherwise.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.value().as_deref(), Some("0" | "false" | "off"))
    }
}

/// The targets of a part's relations, by their ids. They are names of other parts, never followed outside the archive.
pub(super) fn relations(xml: &str) -> Result<HashMap<String, String>, Refusal> {
    let mut relations = HashMap::new();
    each(xml, |part| {
        if let Part::Open("Relationship", tag) = part
            && let (Some(id), Some(target)) = (tag.get("Id"), tag.get("Target"))
        {
            relations.insert(id, target);
        }
    })?;
    Ok(relations)
}

/// Reads a part from start to end; an empty one has nothing to read.
pub(super) fn each(xml: &str, mut take: impl FnMut(Part<'_>)) -> Result<(), Refusal> {
    let mut reader = Reader::from_str(xml);
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    loop {
        match reader.read_event().map_err(|e| Refusal::Damaged(e.to_string()))? {
            Event::Start(tag) => take(Part::Open(&name(tag.local_name().as_ref()), &Tag(&tag))),
            Event::Empty(tag) => {
                let name = name(tag.local_name().as_ref());
                take(Part::Open(&name, &Tag(&tag)));
                take(Part::Close(&name));
            }
            Event::End(tag) => take(Part::Close(&name(tag.local_name().as_ref()))),
            Event::Text(text) => take(Part::Text(&String::from_utf8_lossy(&text))),
            Event::CData(text) => take(Part::Text(&String::from_utf8_lossy(&text))),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    _ => predefined(&String::from_utf8_lossy(&reference)).to_owned(),
                };
                take(Part::Text(&character));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn predefined(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}
