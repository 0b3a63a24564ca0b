//! Question files in, cases out.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::jsonl;

/// What sort of question a case is; each sort has its own way of being answered right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseKind {
    /// One rule in one place.
    Lookup,
    /// Several places are needed.
    Multi,
    /// Makes sense only after the turns before it.
    Followup,
    /// The material does not say.
    Unanswerable,
    /// Names repealed law, or asks about a day before the switch.
    OldLaw,
    /// Takes something for granted that is not so.
    FalsePremise,
    /// Asks for a verdict on one person.
    Individual,
}

/// A place that answers the question.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gold {
    /// The document's id.
    pub doc: String,
    /// Chapter, where the act has chapters.
    #[serde(default)]
    pub kap: Option<String>,
    /// Paragraph.
    #[serde(default)]
    pub par: Option<String>,
    /// Heading, in documents without paragraphs.
    #[serde(default)]
    pub heading: Option<String>,
    /// Words that stand there.
    pub evidence: String,
}

/// An earlier turn of the conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Turn {
    /// `user` or `assistant`.
    pub role: String,
    /// What was said.
    pub content: String,
}

/// One question with its right places.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// Its name in reports.
    pub id: String,
    /// What sort it is.
    pub kind: CaseKind,
    /// The question as a caseworker asks it.
    pub question: String,
    /// The turns before it.
    #[serde(default)]
    pub history: Vec<Turn>,
    /// The day it is about; today when absent.
    #[serde(default)]
    pub as_of: Option<jiff::civil::Date>,
    /// Where the answer stands; empty when the material does not say.
    #[serde(default)]
    pub gold: Vec<Gold>,
    /// True when every place is needed for a right answer, false when one is enough.
    #[serde(default)]
    pub all_required: bool,
    /// Words that no answer may hold.
    #[serde(default)]
    pub must_not: Vec<String>,
}

#[derive(Deserialize)]
struct CaseFile {
    case: Vec<Case>,
}

/// Reads a `.toml` file with `[[case]]` tables or a `.jsonl` file with one case a line.
pub fn read(path: &Path) -> Result<Vec<Case>> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("toml") => {
            let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
            let file: CaseFile = toml::from_str(&text).with_context(|| path.display().to_string())?;
            Ok(file.case)
        }
        Some("jsonl") => jsonl::read(path),
        _ => bail!("{}: questions are read from .toml and .jsonl", path.display()),
    }
}

/// Which questions to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Half {
    /// All of them.
    All,
    /// The half that thresholds and weights were chosen on.
    Tune,
    /// The half that is reported.
    Report,
}

impl Half {
    /// Whether the case with this id belongs here: an even FNV-1a hash of the id is for tuning, an odd one for reporting.
    pub fn holds(self, id: &str) -> bool {
        let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
        });
        match self {
            Half::All => true,
            Half::Tune => hash.is_multiple_of(2),
            Half::Report => !hash.is_multiple_of(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_is_in_exactly_one_half() {
        let ids: Vec<String> = (0..200).map(|i| format!("LU{i:03}")).collect();
        let tune = ids.iter().filter(|id| Half::Tune.holds(id)).count();
        assert!(ids.iter().all(|id| Half::Tune.holds(id) != Half::Report.holds(id)));
        assert!((60..=140).contains(&tune), "{tune}");
    }

    #[test]
    fn a_gold_place_with_an_unknown_field_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("q.toml");
        fs::write(
            &file,
            "[[case]]\nid='A'\nkind='lookup'\nquestion='?'\ngold=[{doc='d',evidence='e',page=3}]\n",
        )
        .unwrap();
        let error = format!("{:#}", read(&file).unwrap_err());
        assert!(error.contains("page"), "{error}");
    }
}
