//! Dates and validity in, Swedish words for them out, from sections `[date]` and `[page]` of `texts/sv.toml`.

use jiff::ToSpan;
use jiff::civil::Date;
use lotsen_corpus::{Status, Validity};
use serde::Deserialize;

use crate::texts::{DateTexts, Template};

/// What the server's pages need to say dates, validity and places: sections `[date]` and `[page]`.
#[derive(Debug, Deserialize)]
pub struct PageWords {
    /// How a date is written.
    pub date: DateTexts,
    /// The sentences.
    pub page: PageSentences,
}

/// The sentences of the server's pages that have something to fill in, and those that choose between each other.
#[derive(Debug, Deserialize)]
pub struct PageSentences {
    in_force: String,
    repealed: String,
    future: String,
    valid_from: Template,
    valid_to: Template,
    passage_repealed: Template,
    passage_future: Template,
    repealed_banner: Template,
    future_banner: Template,
    as_of: Template,
    release: Template,
    page_number: Template,
    permalink: Template,
    /// Leads to the document that took another's place.
    pub replaced_by: String,
    /// There is a newer version.
    pub newer_version: String,
    /// Leads to it.
    pub newer_version_link: String,
    /// The document is no longer in the release.
    pub no_longer_held: String,
    /// The text is invented.
    pub invented_banner: String,
}

impl PageWords {
    /// "Gäller från och med 1 juli 2025", "Upphävd från och med ... till och med ...".
    pub fn validity(&self, status: Status, validity: Validity) -> String {
        let mut words = match status {
            Status::InForce => self.page.in_force.clone(),
            Status::Repealed => self.page.repealed.clone(),
            Status::Future => self.page.future.clone(),
        };
        let last = validity.valid_to.and_then(|end| end.checked_sub(1.day()).ok());
        for (template, date) in [
            (&self.page.valid_from, validity.valid_from),
            (&self.page.valid_to, last),
        ] {
            if let Some(date) = date {
                words.push(' ');
                words.push_str(&template.fill(&[("date", &self.date.written(date))]));
            }
        }
        words
    }

    /// What to know about a passage whose wording does not apply on `today`, if so.
    pub fn passage_note(&self, validity: Validity, today: Date) -> Option<String> {
        match (validity.on(today), validity.valid_from, validity.valid_to) {
            (Status::Repealed, _, Some(end)) => {
                Some(self.page.passage_repealed.fill(&[("date", &self.date.written(end))]))
            }
            (Status::Future, Some(start), _) => {
                Some(self.page.passage_future.fill(&[("date", &self.date.written(start))]))
            }
            _ => None,
        }
    }

    /// What to know about a whole document that does not apply on `today`, if so.
    pub fn document_note(&self, title: &str, validity: Validity, today: Date) -> Option<String> {
        let (template, date) = match (validity.on(today), validity.valid_from, validity.valid_to) {
            (Status::Repealed, _, Some(end)) => (&self.page.repealed_banner, end),
            (Status::Future, Some(start), _) => (&self.page.future_banner, start),
            _ => return None,
        };
        Some(template.fill(&[("title", title), ("date", &self.date.written(date))]))
    }

    /// The day that an answer holds for.
    pub fn as_of(&self, date: Date) -> String {
        self.page.as_of.fill(&[("date", &self.date.written(date))])
    }

    /// The release that an answer rests on.
    pub fn release(&self, release: &str) -> String {
        self.page.release.fill(&[("release", release)])
    }

    /// "s. 12".
    pub fn page_number(&self, page: u32) -> String {
        self.page.page_number.fill(&[("page", &page.to_string())])
    }

    /// What a passage's link is called.
    pub fn permalink(&self, reference: &str) -> String {
        self.page.permalink.fill(&[("reference", reference)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts;
    use jiff::civil::date;

    #[test]
    fn validity_reads_as_a_sentence() {
        let words: PageWords = texts::section().expect("the built-in sentences");
        let old = Validity {
            valid_from: Some(date(2002, 1, 1)),
            valid_to: Some(date(2025, 7, 1)),
        };
        assert_eq!(
            words.validity(Status::Repealed, old),
            "Upphävd från och med 1 januari 2002 till och med 30 juni 2025"
        );
        assert_eq!(words.validity(Status::InForce, Validity::default()), "Gäller");
        let note = words
            .document_note("Socialtjänstlagen", old, date(2026, 1, 1))
            .expect("a note");
        assert_eq!(note, "Socialtjänstlagen upphörde att gälla den 1 juli 2025.");
    }
}
