//! A PowerPoint presentation in; blocks with the slide as their page out.

use std::collections::HashMap;

use lotsen_corpus::{Block, BlockKind};

use super::Refusal;
use super::archive::Archive;
use super::xml::{self, Part, Tag};

/// Reads the slides in the order in which they are shown. Hidden slides and speaker's notes are left out.
pub(super) fn read(archive: &mut Archive<'_>, notes: &mut Vec<String>) -> Result<Vec<Block>, Refusal> {
    let show = archive.part("ppt/presentation.xml")?.unwrap_or_default();
    let relations = xml::relations(&archive.part("ppt/_rels/presentation.xml.rels")?.unwrap_or_default())?;
    let mut reader = Reader::default();
    for (number, id) in (1u32..).zip(slide_ids(&show)?) {
        let Some(target) = relations.get(&id) else { continue };
        let name = format!("ppt/{}", target.trim_start_matches("/ppt/"));
        let slide = archive.part(&name)?.unwrap_or_default();
        if is_hidden(&slide) {
            notes.push(format!("left out: slide {number} is hidden"));
            continue;
        }
        reader.page = number;
        xml::each(&slide, |part| reader.part(&part))?;
    }
    Ok(reader.blocks)
}

fn slide_ids(xml: &str) -> Result<Vec<String>, Refusal> {
    let mut ids = Vec::new();
    xml::each(xml, |part| {
        if let Part::Open("sldId", tag) = part {
            ids.extend(tag.get("r:id"));
        }
    })?;
    Ok(ids)
}

fn is_hidden(slide: &str) -> bool {
    let start: String = slide.chars().take(2_000).collect();
    start
        .split("<p:cSld")
        .next()
        .is_some_and(|head| head.contains("show=\"0\""))
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    page: u32,
    /// What the placeholder is for: a title, a body of bullets, something else.
    place: Place,
    text: String,
    depth: u8,
    bullets: bool,
    in_text: bool,
    rows: HashMap<u32, usize>,
    cells: Option<Vec<String>>,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Place {
    Title,
    Body,
    /// Slide number, date and footer: the same on every slide.
    Frame,
    #[default]
    Other,
}

impl Reader {
    fn part(&mut self, part: &Part<'_>) {
        match part {
            Part::Open(name, tag) => self.start(name, tag),
            Part::Close(name) => self.end(name),
            Part::Text(words) if self.in_text => self.text.push_str(words),
            Part::Text(_) => {}
        }
    }

    fn start(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "sp" => self.place = Place::Other,
            "ph" => {
                self.place = match tag.local("type").as_deref() {
                    Some("title" | "ctrTitle") => Place::Title,
                    None | Some("body" | "obj") => Place::Body,
                    Some("sldNum" | "dt" | "ftr" | "hdr") => Place::Frame,
                    Some(_) => Place::Other,
                }
            }
            "p" => {
                self.depth = 0;
                self.bullets = self.place == Place::Body;
            }
            "pPr" => self.depth = tag.local("lvl").and_then(|l| l.parse().ok()).unwrap_or(0).min(8),
            "buNone" => self.bullets = false,
            "buChar" | "buAutoNum" => self.bullets = true,
            "t" => self.in_text = true,
            "br" => self.text.push(' '),
            "tr" => self.cells = Some(Vec::new()),
            "tc" => {
                if let Some(cells) = &mut self.cells {
                    cells.push(String::new());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => self.paragraph(),
            "sp" => self.place = Place::Other,
            "tr" => {
                let row = self.cells.take().unwrap_or_default();
                let row: Vec<&str> = row.iter().map(|c| c.trim()).collect();
                let rows = self.rows.entry(self.page).or_default();
                *rows += 1;
                let header = *rows == 1;
                self.push(BlockKind::TableRow { header }, &row.join(" | "));
            }
            "tbl" => {
                self.rows.remove(&self.page);
            }
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if let Some(cell) = self.cells.as_mut().and_then(|cells| cells.last_mut()) {
            cell.push_str(text);
            cell.push(' ');
            return;
        }
        match self.place {
            Place::Frame => {}
            Place::Title => self.push(BlockKind::Heading { level: 1 }, text),
            _ if self.bullets => self.push(BlockKind::ListItem { depth: self.depth + 1 }, &format!("– {text}")),
            _ => self.push(BlockKind::Paragraph, text),
        }
    }

    fn push(&mut self, kind: BlockKind, text: &str) {
        if text.chars().any(char::is_alphanumeric) {
            self.blocks.push(Block {
                kind,
                text: text.trim().to_owned(),
                page: Some(self.page),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slide_has_a_title_bullets_and_a_table_but_no_footer() {
        let slide = r#"<p:sld><p:cSld><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>Avgifter</a:t></a:r></a:p></p:sp>
            <p:sp><p:nvPr><p:ph idx="1"/></p:nvPr><a:p><a:r><a:t>fast avgift</a:t></a:r></a:p></p:sp><p:sp><p:nvPr><p:ph type="sldNum"/></p:nvPr><a:p><a:r><a:t>7</a:t></a:r></a:p></p:sp>
            <a:tbl><a:tr><a:tc><a:p><a:r><a:t>Nivå</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>Kr</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:cSld></p:sld>"#;
        let mut reader = Reader {
            page: 3,
            ..Reader::default()
        };
        xml::each(slide, |part| reader.part(&part)).unwrap();
        let lines: Vec<String> = reader
            .blocks
            .iter()
            .map(|b| format!("{:?} {}", b.kind, b.text))
            .collect();
        let expected = [
            "Heading { level: 1 } Avgifter",
            "ListItem { depth: 1 } – fast avgift",
            "TableRow { header: true } Nivå | Kr",
        ];
        assert_eq!(lines, expected);
        assert!(is_hidden("<p:sld show=\"0\"><p:cSld/>") && !is_hidden(slide));
    }
}
