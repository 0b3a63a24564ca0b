//! The editions of a material in; which provisions and judgments it holds, and when each stands, out.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::successors::Place;
use crate::document::{Status, Validity};
use crate::edition::Edition;
use crate::record::Record;

/// When each provision of an act stands, by chapter and paragraph; dual wordings have a time each.
type Provisions = HashMap<(Option<String>, String), Vec<Validity>>;

/// The provisions and judgments of a material, and when each stands there.
#[derive(Debug, Default)]
pub struct Places {
    acts: HashMap<String, Provisions>,
    judgments: BTreeSet<String>,
}

impl Places {
    /// Collects what these editions hold.
    pub fn of<'a>(editions: impl IntoIterator<Item = &'a Edition>) -> Self {
        let mut places = Self::default();
        for edition in editions {
            places.add(edition);
        }
        places
    }

    /// Adds what one edition holds.
    pub fn add(&mut self, edition: &Edition) {
        let document = &edition.document;
        if let Some(Record::Case(case)) = &document.record {
            self.judgments.extend(case.referat.as_deref().map(bare));
        }
        let Some(number) = document.identifier.as_ref().filter(|_| document.kind.is_statute()) else {
            return;
        };
        let act = self.acts.entry(number.clone()).or_default();
        for passage in &edition.passages {
            if let Some(at) = &passage.provision {
                let key = (at.chapter.clone(), at.paragraph.clone());
                act.entry(key).or_default().push(passage.validity);
            }
        }
    }

    pub(super) fn holds(&self, sfs: &str) -> bool {
        self.acts.contains_key(sfs)
    }

    pub(super) fn holds_judgment(&self, referat: &str) -> bool {
        self.judgments.contains(&bare(referat))
    }

    pub(super) fn stands(&self, place: &Place, on: Date) -> bool {
        let wordings = self.acts.get(&place.sfs);
        let wordings = wordings.and_then(|act| act.get(&(place.chapter.clone(), place.paragraph.clone())));
        wordings.is_some_and(|all| all.iter().any(|validity| validity.on(on) == Status::InForce))
    }

    pub(super) fn has_chapter(&self, sfs: &str, chapter: &str) -> bool {
        let act = self.acts.get(sfs);
        act.is_some_and(|act| act.keys().any(|(c, _)| c.as_deref() == Some(chapter)))
    }
}

fn bare(referat: &str) -> String {
    let letters = referat
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ':' || *c == '/');
    letters.collect::<String>().to_lowercase()
}

#[cfg(test)]
impl Places {
    /// Acts by number with their provisions (no chapter is ""), in force for all time, and one judgment.
    pub(super) fn written(acts: &[(&str, &[(&str, &str)])], judgment: &str) -> Self {
        let mut places = Self::default();
        for (sfs, provisions) in acts {
            let act = places.acts.entry((*sfs).to_owned()).or_default();
            for (chapter, paragraph) in *provisions {
                let chapter = Some((*chapter).to_owned()).filter(|c| !c.is_empty());
                act.insert((chapter, (*paragraph).to_owned()), vec![Validity::default()]);
            }
        }
        places.judgments.insert(bare(judgment));
        places
    }
}
