//! An Excel workbook in; blocks out: each sheet a heading, each row a table row with the values that the reader sees.
//!
//! Formulas are not computed: the value that the program stored beside them is read. Dates are numbers that a style shows as
//! dates. Hidden sheets are left out and noted.

mod styles;

use lotsen_corpus::{Block, BlockKind};

use self::styles::Styles;
use super::Refusal;
use super::archive::Archive;
use super::xml::{self, Part};

/// Reads all sheets that are shown.
pub(super) fn read(archive: &mut Archive<'_>, notes: &mut Vec<String>) -> Result<Vec<Block>, Refusal> {
    let workbook = archive.part("xl/workbook.xml")?.unwrap_or_default();
    let relations = xml::relations(&archive.part("xl/_rels/workbook.xml.rels")?.unwrap_or_default())?;
    let strings = shared_strings(&archive.part("xl/sharedStrings.xml")?.unwrap_or_default())?;
    let styles = styles::read(&archive.part("xl/styles.xml")?.unwrap_or_default())?;
    let mut blocks = Vec::new();
    for sheet in sheets(&workbook)? {
        if sheet.hidden {
            notes.push(format!("left out: sheet {} is hidden", sheet.name));
            continue;
        }
        let Some(target) = relations.get(&sheet.relation) else {
            continue;
        };
        let part = format!("xl/{}", target.trim_start_matches("/xl/"));
        let rows = rows(&archive.part(&part)?.unwrap_or_default(), &strings, &styles)?;
        push_sheet(&mut blocks, sheet.name, rows);
    }
    Ok(blocks)
}

struct Sheet {
    name: String,
    relation: String,
    hidden: bool,
}

fn sheets(workbook: &str) -> Result<Vec<Sheet>, Refusal> {
    let mut sheets = Vec::new();
    xml::each(workbook, |part| {
        if let Part::Open("sheet", tag) = part {
            sheets.push(Sheet {
                name: tag.local("name").unwrap_or_default(),
                relation: tag.get("r:id").unwrap_or_default(),
                hidden: tag.local("state").is_some_and(|state| state.contains("idden")),
            });
        }
    })?;
    Ok(sheets)
}

/// Texts that cells share, by their number. Phonetic readings are not part of them.
fn shared_strings(xml: &str) -> Result<Vec<String>, Refusal> {
    let mut strings = Vec::new();
    let (mut text, mut in_text, mut phonetic) = (String::new(), false, false);
    xml::each(xml, |part| match part {
        Part::Open("rPh", _) => phonetic = true,
        Part::Close("rPh") => phonetic = false,
        Part::Open("t", _) => in_text = !phonetic,
        Part::Close("t") => in_text = false,
        Part::Text(words) if in_text => text.push_str(words),
        Part::Close("si") => strings.push(std::mem::take(&mut text)),
        _ => {}
    })?;
    Ok(strings)
}

/// The cells of each row, as they are shown; cells that the file leaves out are not made up.
fn rows(xml: &str, strings: &[String], styles: &Styles) -> Result<Vec<Vec<String>>, Refusal> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut sort, mut style, mut value, mut in_value) = (String::new(), 0, String::new(), false);
    xml::each(xml, |part| match part {
        Part::Open("row", _) => rows.push(Vec::new()),
        Part::Open("c", tag) => {
            sort = tag.local("t").unwrap_or_default();
            style = tag.local("s").and_then(|s| s.parse().ok()).unwrap_or(0);
            value.clear();
        }
        Part::Open("v" | "t", _) => in_value = true,
        Part::Close("v" | "t") => in_value = false,
        Part::Text(words) if in_value => value.push_str(words),
        Part::Close("c") => {
            let shown = match sort.as_str() {
                "s" => value
                    .trim()
                    .parse()
                    .ok()
                    .and_then(|at: usize| strings.get(at).cloned())
                    .unwrap_or_default(),
                "b" => if value.trim() == "1" { "ja" } else { "nej" }.to_owned(),
                "str" | "inlineStr" | "e" => value.clone(),
                _ => styles.shown(value.trim(), style),
            };
            if let Some(row) = rows.last_mut() {
                row.push(shown.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        _ => {}
    })?;
    Ok(rows)
}

/// A row with one cell is a line of text; several rows of cells are a table whose first row is its header.
fn push_sheet(blocks: &mut Vec<Block>, name: String, rows: Vec<Vec<String>>) {
    let begins = blocks.len();
    let mut push = |kind, text| blocks.push(Block { kind, text, page: None });
    push(BlockKind::Heading { level: 1 }, name);
    let mut in_table = false;
    for row in rows {
        let filled: Vec<&str> = row.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        match filled.as_slice() {
            [] => in_table = false,
            [only] if !in_table => push(BlockKind::Paragraph, (*only).to_owned()),
            _ => {
                let text = row.join(" | ").trim_end_matches([' ', '|']).to_owned();
                push(BlockKind::TableRow { header: !in_table }, text);
                in_table = true;
            }
        }
    }
    if blocks.len() == begins + 1 {
        blocks.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_they_are_shown() {
        let strings =
            shared_strings("<sst><si><t>Insats</t></si><si><r><t>Gäller </t></r><r><t>från</t></r></si></sst>")
                .unwrap();
        let styles =
            styles::read(r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#)
                .unwrap();
        let sheet = r#"<worksheet><sheetData><row><c t="inlineStr"><is><t>Taxa</t></is></c></row><row/><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>
            <row><c t="str"><f>A1</f><v>larm</v></c><c s="1"><v>46023</v></c></row><row><c><v>235.5</v></c><c t="b"><v>1</v></c></row></sheetData></worksheet>"#;
        let mut blocks = Vec::new();
        push_sheet(
            &mut blocks,
            "Avgifter".to_owned(),
            rows(sheet, &strings, &styles).unwrap(),
        );
        let texts: Vec<&str> = blocks.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Avgifter",
                "Taxa",
                "Insats | Gäller från",
                "larm | 2026-01-01",
                "235,5 | ja"
            ]
        );
        assert_eq!(blocks[2].kind, BlockKind::TableRow { header: true });
    }
}
