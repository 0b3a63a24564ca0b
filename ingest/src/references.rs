//! The editions of a run in; which of their legal references lead nowhere out, for a person to look at.
//!
//! A guideline that names a § that does not exist, or that went with an act's repeal, is wrong in a way that its readers
//! cannot see. Each reference is read on the date on which its text applies.

use std::fmt;

use jiff::civil::Date;
use lotsen_corpus::record::Record;
use lotsen_corpus::reference::resolve::{Places, Standpoint, Target, resolve};
use lotsen_corpus::{Document, DocumentId, Edition, Passage};
use serde::{Deserialize, Serialize};

use crate::history;

/// What became of the references of all documents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct References {
    /// How many lead to a place in the material.
    pub resolved: usize,
    /// How many name a text that the material does not hold.
    pub elsewhere: usize,
    /// How many name no act, where none can be understood either.
    pub unclear: usize,
    /// Those that name a place which an act of the material lacks on the date.
    pub missing: Vec<MissingReference>,
}

/// A reference to a place that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingReference {
    /// Which document names it.
    pub document: DocumentId,
    /// Under which heading or §.
    pub place: String,
    /// Its words.
    pub written: String,
    /// Where it was looked for: the act's number, chapter and paragraph.
    pub sought: String,
}

impl References {
    /// Adds what became of one edition's references on `today`, or on the day on which its text applied.
    pub fn add(&mut self, edition: &Edition, places: &Places, today: Date) {
        let mut chapter = None;
        for passage in &edition.passages {
            // General advice and annexes have no number of their own and stand in the chapter before them.
            chapter = passage.provision.as_ref().map_or(chapter, |at| at.chapter.as_deref());
            let from = standpoint(&edition.document, passage, chapter, today);
            for resolved in resolve(&passage.text, from, places) {
                match resolved.target {
                    Target::Place(_) | Target::Whole => self.resolved += 1,
                    Target::Elsewhere => self.elsewhere += 1,
                    Target::Unclear => self.unclear += 1,
                    Target::Missing(place) => {
                        let chapter = place.chapter.map_or(String::new(), |c| format!(" {c} kap."));
                        let paragraph = match place.paragraph.as_str() {
                            "" => String::new(),
                            number => format!(" {number} §"),
                        };
                        self.missing.push(MissingReference {
                            document: edition.document.id.clone(),
                            place: history::place(passage),
                            written: resolved.written,
                            sought: format!("{}{chapter}{paragraph}", place.sfs),
                        });
                    }
                }
            }
        }
    }
}

fn standpoint<'a>(document: &'a Document, passage: &Passage, chapter: Option<&'a str>, today: Date) -> Standpoint<'a> {
    let decided = match &document.record {
        Some(Record::Case(case)) => case.decided,
        _ => None,
    };
    Standpoint {
        act: document
            .identifier
            .as_deref()
            .filter(|_| document.kind.is_statute())
            .map(|number| (number, chapter)),
        on: decided.unwrap_or_else(|| applied_on(passage, today)),
    }
}

/// The day nearest to today on which a passage applies.
fn applied_on(passage: &Passage, today: Date) -> Date {
    let last = passage.validity.valid_to.and_then(|end| end.yesterday().ok());
    let day = last.map_or(today, |last| last.min(today));
    passage.validity.valid_from.map_or(day, |first| first.max(day))
}

impl fmt::Display for References {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for MissingReference {
            document,
            place,
            written,
            sought,
        } in &self.missing
        {
            writeln!(f, "NO SUCH   {document}: {place}: \"{written}\" ({sought})")?;
        }
        writeln!(
            f,
            "references: {} lead to a place, {} to texts that are not here, {} name no act, {} lead nowhere",
            self.resolved,
            self.elsewhere,
            self.unclear,
            self.missing.len()
        )
    }
}
