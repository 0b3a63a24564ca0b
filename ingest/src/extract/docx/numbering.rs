//! `numbering.xml` in; the number or bullet that Word prints before each list item or numbered heading out.

use std::collections::HashMap;

use crate::extract::Refusal;
use crate::extract::xml::{self, Part};

/// One level of a list as its designer set it.
#[derive(Debug, Clone, Default)]
struct Level {
    format: String,
    /// The printed form, with `%1` for the number of the first level.
    text: String,
    start: u32,
}

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    levels: HashMap<(String, u8), Level>,
    designs: HashMap<String, String>,
    counts: HashMap<String, [u32; 9]>,
}

pub(super) fn read(xml: &str) -> Result<Numbering, Refusal> {
    let mut numbering = Numbering::default();
    let (mut design, mut list, mut level) = (String::new(), String::new(), 0);
    let mut current = Level::default();
    xml::each(xml, |part| match part {
        Part::Open("abstractNum", tag) => design = tag.get("w:abstractNumId").unwrap_or_default(),
        Part::Open("lvl", tag) => {
            level = tag.get("w:ilvl").and_then(|v| v.parse().ok()).unwrap_or(0);
            current = Level {
                start: 1,
                ..Level::default()
            };
        }
        Part::Open("start", tag) => current.start = tag.value().and_then(|v| v.parse().ok()).unwrap_or(1),
        Part::Open("numFmt", tag) => current.format = tag.value().unwrap_or_default(),
        Part::Open("lvlText", tag) => current.text = tag.value().unwrap_or_default(),
        Part::Close("lvl") => {
            numbering
                .levels
                .insert((design.clone(), level), std::mem::take(&mut current));
        }
        Part::Open("num", tag) => list = tag.get("w:numId").unwrap_or_default(),
        Part::Open("abstractNumId", tag) => {
            numbering.designs.insert(list.clone(), tag.value().unwrap_or_default());
        }
        _ => {}
    })?;
    Ok(numbering)
}

impl Numbering {
    /// Counts one more item and returns what stands before it; `None` for a list that prints nothing.
    pub(super) fn next(&mut self, list: &str, level: u8) -> Option<String> {
        let design = self.designs.get(list)?.clone();
        let at = usize::from(level.min(8));
        let shape = self.levels.get(&(design.clone(), level))?.clone();
        let start_of = |l: usize| {
            let level = u8::try_from(l).unwrap_or(8);
            self.levels.get(&(design.clone(), level)).map_or(1, |shape| shape.start)
        };
        let starts: Vec<u32> = (0..9).map(start_of).collect();
        let counts = self.counts.entry(design.clone()).or_insert([0; 9]);
        counts[at] = if counts[at] == 0 {
            starts[at]
        } else {
            counts[at].saturating_add(1)
        };
        counts[at + 1..].fill(0);
        match shape.format.as_str() {
            "bullet" => return Some("–".to_owned()),
            "none" => return None,
            _ => {}
        }
        let counts = *counts;
        let mut printed = shape.text;
        for l in 0..=at {
            let format = u8::try_from(l)
                .ok()
                .and_then(|l| self.levels.get(&(design.clone(), l)))
                .map_or("decimal", |s| &s.format);
            let count = if counts[l] == 0 { starts[l] } else { counts[l] };
            printed = printed.replace(&format!("%{}", l + 1), &spelled(count, format));
        }
        Some(printed).filter(|p| !p.trim().is_empty())
    }
}

fn spelled(number: u32, format: &str) -> String {
    let letter = |base: u8| {
        let within = u8::try_from((number.max(1) - 1) % 26).unwrap_or(0);
        char::from(base + within).to_string()
    };
    match format {
        "lowerLetter" => letter(b'a'),
        "upperLetter" => letter(b'A'),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        _ => number.to_string(),
    }
}

fn roman(mut number: u32) -> String {
    let mut text = String::new();
    for (value, sign) in [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
        while number >= value && text.len() < 12 {
            text.push_str(sign);
            number -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_word_prints_them() {
        let xml = r#"<w:numbering><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/>
            <w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#;
        let mut numbering = read(xml).unwrap();
        let printed: Vec<_> = [0, 1, 1, 0, 1]
            .into_iter()
            .filter_map(|level| numbering.next("1", level))
            .collect();
        assert_eq!(printed, ["3.", "3.1", "3.2", "4.", "4.1"]);
        assert_eq!(numbering.next("2", 0), None);
    }
}
