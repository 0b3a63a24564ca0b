//! Text units of a document in; where its tables of contents are, and which titles they promise, out.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use lotsen_corpus::text::pattern;

/// "2.1 Information till den enskilde", a tab and "8"; "Förord ..... 4", "Syfte      12".
static ENTRY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?P<title>\S.*?)(?:[ .…]*\t[\t ]*| ?(?:\.[ .]{2,}|…+)[ .…]*| {3,})(?P<page>\d{1,3})\s*$")
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?\s+(?P<rest>\S.*)$"));

/// A document's tables of contents.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Contents {
    /// Which units they take up.
    pub(super) places: Vec<Range<usize>>,
    /// The titles they list.
    pub(super) titles: Vec<String>,
}

/// Finds runs of at least three entries whose page numbers do not fall. Entries of one unit (a paragraph that kept its
/// line breaks) and entries of neighbouring units count alike.
pub(super) fn find(units: &[&str]) -> Contents {
    let mut contents = Contents::default();
    let mut run: Vec<(usize, String, u32)> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        for (title, page) in unit.lines().filter_map(entry) {
            let near = run
                .last()
                .is_none_or(|(last, _, before)| at - last <= 2 && page >= *before);
            if !near {
                contents.close(&mut run, units);
            }
            run.push((at, title, page));
        }
    }
    contents.close(&mut run, units);
    contents
}

impl Contents {
    fn close(&mut self, run: &mut Vec<(usize, String, u32)>, units: &[&str]) {
        if let (true, Some((first, ..)), Some((last, ..))) = (run.len() >= 3, run.first(), run.last()) {
            let mut start = *first;
            while start > 0 && (units[start - 1].trim().is_empty() || is_contents_heading(units[start - 1])) {
                start -= 1;
            }
            self.places.push(start..last + 1);
            self.titles.extend(run.iter().map(|(_, title, _)| title.clone()));
        }
        run.clear();
    }

    /// Whether a unit lies in one of them.
    pub(super) fn covers(&self, at: usize) -> bool {
        self.places.iter().any(|place| place.contains(&at))
    }
}

fn is_contents_heading(unit: &str) -> bool {
    let bare: String = unit
        .chars()
        .filter(|c| c.is_alphabetic())
        .collect::<String>()
        .to_lowercase();
    ["innehåll", "innehållsförteckning"].contains(&bare.as_str())
}

fn entry(line: &str) -> Option<(String, u32)> {
    let line = line.replace("<b>", "").replace("</b>", "").replace("**", "");
    let found = ENTRY.captures(&line)?;
    Some((found["title"].trim().to_owned(), found["page"].parse().ok()?))
}

/// Parts a printed heading into its number, without a closing full stop, and its words.
pub(super) fn numbered(heading: &str) -> (Option<&str>, &str) {
    match NUMBER.captures(heading) {
        Some(found) => {
            let number = found.name("number").map(|n| n.as_str());
            (number, found.name("rest").map_or(heading, |r| r.as_str()))
        }
        None => (None, heading),
    }
}

/// What two spellings of a title share: its letters and digits without its number.
pub(super) fn key(title: &str) -> String {
    let (_, words) = numbered(title.trim());
    words.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_contents_is_found_and_a_fee_table_is_not() {
        let units = [
            "Innehåll",
            "Inledning\t6",
            "1. God man\t7",
            "2.1 Information.....\t8",
            "Inledning",
            "Text.",
        ];
        let contents = find(&units);
        assert_eq!((contents.places.len(), &contents.places[0]), (1, &(0..4)));
        assert_eq!(contents.titles, ["Inledning", "1. God man", "2.1 Information"]);
        assert_eq!(
            find(&["Resor\t212", "Konsulter\t56", "Personal\t14"]),
            Contents::default()
        );
    }

    #[test]
    fn a_key_forgets_number_and_spelling() {
        assert_eq!(key("9. Överklagan"), key("10 Överklagan "));
    }
}
