//! `styles.xml` in; how a cell's number is shown out.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::extract::Refusal;
use crate::extract::xml::{self, Part};

/// The day that Excel counts from, after which its 1900 has a leap day that never was.
const DAY_ZERO: Date = date(1899, 12, 30);

/// Which cell styles show a number as a date, and which as a share of a hundred.
#[derive(Debug, Default)]
pub(super) struct Styles {
    cells: Vec<Shown>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Shown {
    #[default]
    Number,
    Date,
    Percent,
}

pub(super) fn read(xml: &str) -> Result<Styles, Refusal> {
    let mut own: HashMap<u32, Shown> = HashMap::new();
    let mut styles = Styles::default();
    let mut in_cells = false;
    xml::each(xml, |part| match part {
        Part::Open("numFmt", tag) => {
            let id = tag.local("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
            own.insert(id, by_code(&tag.local("formatCode").unwrap_or_default()));
        }
        Part::Open("cellXfs", _) => in_cells = true,
        Part::Close("cellXfs") => in_cells = false,
        Part::Open("xf", tag) if in_cells => {
            let id = tag.local("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
            styles.cells.push(own.get(&id).copied().unwrap_or_else(|| built_in(id)));
        }
        _ => {}
    })?;
    Ok(styles)
}

fn built_in(id: u32) -> Shown {
    match id {
        14..=17 | 22 | 27..=31 | 36 | 50..=58 => Shown::Date,
        9 | 10 => Shown::Percent,
        _ => Shown::Number,
    }
}

/// Reads a format such as `yyyy\-mm\-dd;@` or `0.0%`; what stands in quotes or brackets is decoration.
fn by_code(code: &str) -> Shown {
    let mut bare = String::new();
    let mut quoted = false;
    let mut bracketed = false;
    for c in code.chars() {
        match c {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            c if !quoted && !bracketed => bare.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    if bare.contains('y') || bare.contains('d') && bare.contains('m') {
        Shown::Date
    } else if bare.contains('%') {
        Shown::Percent
    } else {
        Shown::Number
    }
}

impl Styles {
    /// A stored number as a Swedish reader sees it; anything else as it is.
    pub(super) fn shown(&self, stored: &str, style: usize) -> String {
        let Ok(number) = stored.parse::<f64>() else {
            return stored.to_owned();
        };
        match self.cells.get(style).copied().unwrap_or_default() {
            Shown::Date => match DAY_ZERO.checked_add((number as i64).days()) {
                Ok(day) => day.to_string(),
                Err(_) => stored.to_owned(),
            },
            Shown::Percent => format!("{} %", decimal(number * 100.0)),
            Shown::Number => decimal(number),
        }
    }
}

/// Up to four decimals, with a comma: what a sum of tenths stores after them is noise.
fn decimal(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_codes_tell_dates_from_numbers() {
        assert_eq!(by_code(r"yyyy\-mm\-dd;@"), Shown::Date);
        assert_eq!(by_code("0.0%"), Shown::Percent);
        assert_eq!(by_code("#,##0 \"kr/dag\""), Shown::Number);
        assert_eq!(decimal(0.1 + 0.2), "0,3");
    }
}
