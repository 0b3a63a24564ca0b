//! A question in; what the texts say where staff say something else, out.
//!
//! The table (`server/texts/terms.toml`) is data that is reviewed like code. Its words join the search; they never answer.

use std::sync::LazyLock;

use lotsen_corpus::analysis::stems;
use lotsen_corpus::reference::{self, Reference};
use serde::Deserialize;

const TABLE: &str = include_str!("../../texts/terms.toml");

/// Something that staff say, met in a question.
#[derive(Debug, Clone, Copy)]
pub struct Meant {
    /// What staff say, as the table writes it.
    pub said: &'static str,
    /// What the texts say.
    pub mean: &'static [String],
    /// The provisions that it is the name of, if it is one.
    pub places: &'static [Reference],
    /// What is read in its place, where staff's words would say something else.
    pub read: Option<&'static str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    term: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    say: Vec<String>,
    mean: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "for those who review the table"))]
    ground: String,
    #[serde(default)]
    place: Vec<String>,
    #[serde(default)]
    read: Option<String>,
}

struct Entry {
    /// Each phrase with its stems.
    say: Vec<(String, Vec<String>)>,
    mean: Vec<String>,
    places: Vec<Reference>,
    read: Option<String>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    // A test parses the table; a program whose table is broken does not pass it.
    let table: Table = toml::from_str(TABLE).unwrap_or(Table { term: Vec::new() });
    let entry = |row: Row| Entry {
        say: row.say.into_iter().map(|said| (said.clone(), stems(&said))).collect(),
        mean: row.mean,
        read: row.read,
        places: row.place.iter().flat_map(|place| reference::find(place)).collect(),
    };
    table.term.into_iter().map(entry).collect()
});

/// The entries of the table that the question meets, each once.
pub fn meant(question: &str) -> Vec<Meant> {
    let asked = stems(question);
    let is_said = |phrase: &[String]| !phrase.is_empty() && asked.windows(phrase.len()).any(|window| window == phrase);
    ENTRIES
        .iter()
        .filter_map(|entry| {
            let (said, _) = entry.say.iter().find(|(_, phrase)| is_said(phrase))?;
            Some(Meant {
                said,
                mean: &entry.mean,
                places: &entry.places,
                read: entry.read.as_deref(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn means(question: &str) -> Vec<&'static str> {
        meant(question)
            .iter()
            .flat_map(|m| m.mean)
            .map(String::as_str)
            .collect()
    }

    #[test]
    fn the_table_is_whole_and_says_nothing_twice() {
        let table: Table = toml::from_str(TABLE).unwrap();
        let mut said = HashSet::new();
        for row in &table.term {
            assert!(!row.mean.is_empty() && !row.ground.is_empty(), "{:?}", row.say);
            for place in &row.place {
                assert_eq!(reference::find(place).len(), 1, "{place}");
            }
            for phrase in &row.say {
                assert!(said.insert(stems(phrase)), "{phrase} twice");
            }
        }
        assert_eq!(ENTRIES.len(), table.term.len());
    }

    #[test]
    fn what_staff_say_is_met_in_any_form_and_only_as_a_whole() {
        assert!(means("Får vi säga nej till hemtjänst?").contains(&"avslå"));
        let guardian = means("Behöver klienten en god man?");
        assert!(!guardian.is_empty());
        assert!(
            means("Vad är god kvalitet?")
                .iter()
                .all(|mean| !guardian.contains(mean))
        );
        assert!(
            means("Hur ofta ska städning utföras?")
                .iter()
                .all(|mean| *mean != "avslå")
        );
    }

    #[test]
    fn the_municipality_s_no_is_read_as_a_refusal() {
        let no = meant("Får vi säga nej till hemtjänst?");
        assert!(no.iter().any(|m| m.read == Some("får vi avslå")), "{no:?}");
    }

    #[test]
    fn a_name_of_a_provision_leads_to_it() {
        let places: Vec<_> = meant("Vem ingår i personkretsen?")
            .iter()
            .flat_map(|m| m.places)
            .collect();
        assert!(places.iter().any(|place| place.paragraph.as_deref() == Some("1")));
    }
}
