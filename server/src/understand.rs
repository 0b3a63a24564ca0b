//! A question in; the day, the legal references, the kind of question and the words to search with out.
//!
//! Nothing here needs a model. A follow-up borrows the words of the question before it only when it cannot stand alone,
//! because every borrowed word also pulls the search back to what was already answered.

mod day;
mod field;
mod kind;
mod parts;
mod person;
mod spelling;

use jiff::civil::Date;
use lotsen_corpus::analysis;
use lotsen_corpus::reference::{self, ActRef, Reference};

pub use self::field::Meant;
pub use self::kind::QuestionKind;
pub use self::spelling::Slip;
use crate::library::Words;
use crate::question::Question;
use crate::reply::{Diagnostics, Widened};

/// A question with fewer content terms than this leans on the one before it.
const STANDS_ALONE: usize = 4;

/// Words that point back at something said before.
const POINTS_BACK: [&str; 14] = [
    "det", "den", "de", "dem", "detta", "denna", "dessa", "där", "då", "hen", "han", "hon", "samma", "också",
];

/// Ways in which a follow-up begins.
const GOES_ON: [&str; 6] = ["och ", "men ", "gäller det", "hur är det", "vad gäller", "även "];

/// What the later steps know about a question.
#[derive(Clone)]
pub struct Understood {
    /// The day whose law counts.
    pub as_of: Date,
    /// True when the user, or the question's own words, chose the day.
    pub dated: bool,
    /// What kind of answer is called for.
    pub kind: QuestionKind,
    /// The legal references in the question, each with the act that it names or inherits.
    pub references: Vec<Reference>,
    /// The words to search with.
    pub search_text: String,
    /// What the texts say where the question says something else; it joins the search.
    pub meant: Vec<Meant>,
    /// What is read as misspelt, and how; mended in `search_text`.
    pub slips: Vec<Slip>,
    /// The question's own words, for what is judged against the question alone.
    pub text: String,
}

impl Understood {
    /// The question as the judge reads it.
    pub fn judged_text(&self) -> String {
        let mut text = self.search_text.to_lowercase();
        let mut changed = false;
        for meant in &self.meant {
            if let Some(read) = meant.read.filter(|_| text.contains(meant.said)) {
                text = text.replace(meant.said, read);
                changed = true;
            }
        }
        if changed { text } else { self.search_text.clone() }
    }

    /// What joins the search, for the reply.
    pub fn diagnostics(&self) -> Diagnostics {
        let slips = self.slips.iter().map(|slip| Widened {
            said: slip.said.clone(),
            meant: vec![slip.meant.clone()],
        });
        let widened = self.meant.iter().map(|meant| Widened {
            said: meant.said.to_owned(),
            meant: meant.mean.to_vec(),
        });
        Diagnostics {
            widened: slips.chain(widened).collect(),
            support: None,
        }
    }
}

/// Reads a question. `as_of` is the day the user chose, `today` counts otherwise; `words` are those of the material.
pub fn understand(question: &Question, as_of: Option<Date>, today: Date, words: &Words) -> Understood {
    let text = question.text();
    let named_day = as_of.or_else(|| day::of_question(text, today));
    read(text, question.previous(), named_day, today, words)
}

/// The parts of a question that asks for several things, each read as if it were asked alone on the same day; none where
/// it asks for one.
pub fn parts(question: &Question, whole: &Understood, words: &Words) -> Vec<Understood> {
    let named_day = whole.dated.then_some(whole.as_of);
    let parts = parts::of(question.text());
    let understood = parts
        .iter()
        .map(|part| read(part, question.previous(), named_day, whole.as_of, words));
    understood.collect()
}

fn read(text: &str, previous: Option<&str>, named_day: Option<Date>, today: Date, words: &Words) -> Understood {
    let (search_text, slips) = spelling::mended(&search_text(text, previous), words);
    Understood {
        as_of: named_day.unwrap_or(today),
        dated: named_day.is_some(),
        kind: kind::of(text),
        references: references(text),
        meant: field::meant(&search_text),
        search_text,
        slips,
        text: text.to_owned(),
    }
}

/// The references of a question. One without an act takes the only act that the question names, as in "4 kap. 1 § och
/// 5 kap. 2 § SoL".
pub(crate) fn references(text: &str) -> Vec<Reference> {
    let mut found = reference::find(text);
    let mut acts: Vec<ActRef> = Vec::new();
    for act in found.iter().filter_map(|reference| reference.act.clone()) {
        if !acts.contains(&act) {
            acts.push(act);
        }
    }
    if let [only] = acts.as_slice() {
        for reference in &mut found {
            reference.act.get_or_insert_with(|| only.clone());
        }
    }
    found
}

/// The text without its legal references, whose numbers and names are no words of its own.
pub fn without_references(text: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for found in reference::find(text) {
        // Paragraphs that are listed together share one place.
        if found.span.start >= at {
            rest.push_str(&text[at..found.span.start]);
            rest.push_str(" § ");
            at = found.span.end;
        }
    }
    rest + &text[at..]
}

fn search_text(text: &str, previous: Option<&str>) -> String {
    match previous {
        Some(previous) if !stands_alone(text) => format!("{previous} {text}"),
        _ => text.to_owned(),
    }
}

fn stands_alone(text: &str) -> bool {
    let lower = text.to_lowercase();
    let terms = analysis::terms(text).len();
    let points_back = lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| POINTS_BACK.contains(&word));
    let goes_on = GOES_ON.iter().any(|start| lower.starts_with(start));
    terms >= STANDS_ALONE && !goes_on && !(points_back && terms < 2 * STANDS_ALONE)
}

impl std::fmt::Debug for Understood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Understood")
            .field("as_of", &self.as_of)
            .field("kind", &self.kind)
            .field("references", &self.references.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_without_an_act_takes_the_only_act_named() {
        let found = references("Gäller 4 kap. 1 § och 5 kap. 2 § SoL?");
        assert_eq!(found.len(), 2);
        assert!(
            found
                .iter()
                .all(|r| r.act.as_ref().is_some_and(|act| act.name == "SoL"))
        );
    }

    #[test]
    fn references_that_share_a_place_are_taken_out_once() {
        let left = without_references("Gäller 4 och 5 §§ LSS för barn?");
        assert_eq!(
            left.split_whitespace().collect::<Vec<_>>(),
            ["Gäller", "§", "för", "barn?"]
        );
    }

    #[test]
    fn a_follow_up_borrows_the_question_before() {
        let before = "Kan vi bevilja en trettonåring insatser om vårdnadshavaren säger nej?";
        for leaning in [
            "Gäller det även familjehem?",
            "Och om hen är under 18?",
            "Vad händer om vi missar det?",
        ] {
            assert!(search_text(leaning, Some(before)).starts_with(before), "{leaning}");
        }
        let alone = "Hur ofta ska städning utföras i hemtjänsten hos äldre makar?";
        assert_eq!(search_text(alone, Some(before)), alone);
        assert_eq!(
            search_text("Gäller det även familjehem?", None),
            "Gäller det även familjehem?"
        );
    }
}
