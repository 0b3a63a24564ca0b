//! The Swedish sentences of `texts/sv.toml`, read once at start; a sentence with its fields filled in comes out.

use jiff::civil::Date;
use lotsen_corpus::record::Outcome;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The file as it was when the program was built.
const SOURCE: &str = include_str!("../texts/sv.toml");

/// Why the sentences cannot be used. Only a mistake in the program's own file leads here.
#[derive(Debug, thiserror::Error)]
#[error("texts/sv.toml: {0}")]
pub struct TextsError(#[from] toml::de::Error);

/// A sentence with names in braces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Template(String);

impl Template {
    /// The sentence with each `{name}` replaced. What is filled in is not looked at again, so braces in it stay.
    pub fn fill(&self, fields: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.0.as_str();
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|at| open + at) else {
                break;
            };
            filled.push_str(&rest[..open]);
            let name = &rest[open + 1..close];
            match fields.iter().find(|(field, _)| *field == name) {
                Some((_, value)) => filled.push_str(value),
                None => filled.push_str(&rest[open..=close]),
            }
            rest = &rest[close + 1..];
        }
        filled + rest
    }
}

/// The sentences that the journey from question to answer needs. The web side reads its own section of the same file.
#[derive(Debug, Clone, Deserialize)]
pub struct Texts {
    /// What a reader must know beside an answer.
    pub notice: NoticeTexts,
    /// How a place is written.
    pub place: PlaceTexts,
    /// How a date is written.
    pub date: DateTexts,
    /// How a case ended.
    pub outcome: OutcomeTexts,
}

/// Section `[date]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateTexts {
    months: [String; 12],
}

impl DateTexts {
    /// "1 juli 2025".
    pub fn written(&self, date: Date) -> String {
        let month = usize::from(date.month().unsigned_abs()).saturating_sub(1) % 12;
        format!("{} {} {}", date.day(), self.months[month], date.year())
    }
}

/// Section `[notice]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeTexts {
    /// `old`, `date`, `new`.
    pub repealed_law: Template,
    /// `old`, `date`, `new`.
    pub repealed_law_nearest: Template,
    /// `old`, `date`.
    pub repealed_law_gone: Template,
    /// `old`, `as_of`, `date`.
    pub repealed_then_in_force: Template,
    /// `reference`, `date`.
    pub future_law: Template,
    /// No fields.
    pub individual_assessment: Template,
    /// `issuer`, `title`.
    pub local_guideline: Template,
    /// `title` of a guideline, `old`, `date`, `new`.
    pub outdated_reference: Template,
    /// `title` of a guideline, `named`, `nearer`.
    pub doubtful_reference: Template,
    /// No fields.
    pub ai_generated: Template,
    /// No fields.
    pub invented_corpus: Template,
    /// No fields.
    pub no_support: Template,
    /// No fields.
    pub no_case_law: Template,
    /// No fields.
    pub one_sided_for: Template,
    /// No fields.
    pub one_sided_against: Template,
    /// No fields.
    pub invented_case_law: Template,
}

/// Section `[outcome]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeTexts {
    granted: String,
    partly_granted: String,
    denied: String,
    remitted: String,
    criticised: String,
    not_criticised: String,
    unknown: String,
}

impl OutcomeTexts {
    /// How a case ended for the person.
    pub fn of(&self, outcome: Option<Outcome>) -> &str {
        match outcome {
            Some(Outcome::Granted) => &self.granted,
            Some(Outcome::PartlyGranted) => &self.partly_granted,
            Some(Outcome::Denied) => &self.denied,
            Some(Outcome::Remitted) => &self.remitted,
            Some(Outcome::Criticised) => &self.criticised,
            Some(Outcome::NotCriticised) => &self.not_criticised,
            None => &self.unknown,
        }
    }
}

/// Section `[place]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceTexts {
    /// `chapter`, `paragraph`, `act`.
    pub chapter_and_paragraph: Template,
    /// `paragraph`, `act`.
    pub paragraph: Template,
    /// `act`.
    pub transitional: Template,
    /// `title`, `section`.
    pub section: Template,
    /// `title`, `heading`.
    pub heading: Template,
    /// `title`, `page`.
    pub page: Template,
    /// `short`, `identifier`.
    pub identified_act: Template,
}

impl Texts {
    /// The sentences that were built in.
    pub fn built_in() -> Result<Self, TextsError> {
        section()
    }
}

/// Any part of the file, in the form that its reader gives it.
pub fn section<T: DeserializeOwned>() -> Result<T, TextsError> {
    Ok(toml::from_str(SOURCE)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names in braces, in order.
    fn names(template: &Template) -> Vec<String> {
        let parts = template.0.split('{').skip(1);
        parts
            .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
            .collect()
    }

    #[test]
    fn every_sentence_uses_the_fields_it_is_given() {
        let Texts { notice, place, .. } = Texts::built_in().unwrap();
        for (template, fields) in [
            (&notice.repealed_law, vec!["old", "date", "new"]),
            (&notice.repealed_law_nearest, vec!["old", "date", "new"]),
            (&notice.repealed_law_gone, vec!["old", "date"]),
            (&notice.repealed_then_in_force, vec!["old", "as_of", "date"]),
            (&notice.future_law, vec!["reference", "date"]),
            (&notice.individual_assessment, vec![]),
            (&notice.local_guideline, vec!["issuer", "title"]),
            (&notice.outdated_reference, vec!["title", "old", "date", "new"]),
            (&notice.doubtful_reference, vec!["title", "named", "nearer"]),
            (&notice.ai_generated, vec![]),
            (&notice.invented_corpus, vec![]),
            (&notice.no_support, vec![]),
            (&notice.no_case_law, vec![]),
            (&notice.one_sided_for, vec![]),
            (&notice.one_sided_against, vec![]),
            (&notice.invented_case_law, vec![]),
            (&place.chapter_and_paragraph, vec!["chapter", "paragraph", "act"]),
            (&place.paragraph, vec!["paragraph", "act"]),
            (&place.transitional, vec!["act"]),
            (&place.section, vec!["title", "section"]),
            (&place.heading, vec!["title", "heading"]),
            (&place.page, vec!["title", "page"]),
            (&place.identified_act, vec!["short", "identifier"]),
        ] {
            assert_eq!(names(template), fields, "{template:?}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_read_as_a_template() {
        let template = Template("{a} och {b}".to_owned());
        assert_eq!(template.fill(&[("a", "{b}"), ("b", "2")]), "{b} och 2");
    }
}
