//! The guard: in comes Swedish text, out come the places in it that hold personal data.
//!
//! It stands in front of everything: questions, history, comments and documents, and it reads what the model writes.
//! It calls no network and stores nothing. Each rule is described where it stands. The time that the rules take grows in
//! proportion to the text.
//!
//! 1. `view` – one plain spelling of the text, with a map back to the original.
//! 2. `numbers` – numbers that belong to a person.
//! 3. `people` – names, addresses, case numbers and telling descriptions.
//! 4. `rules` – all of that together, for messages that follow one another.
//! 5. `classifier` – the second way to find names: a token classification model, where a site has one.
//! 6. `finding` – what is reported, sorted and without overlaps.
//! 7. `generalise` – the question without its personal data, to offer instead.

mod classifier;
mod finding;
mod generalise;
mod letters;
mod numbers;
mod people;
mod rules;
mod view;
mod words;

use std::sync::LazyLock;

pub use classifier::{ClassifierError, ClassifierSettings, TokenClassifier};
pub use finding::{Finding, FindingKind};
pub use generalise::generalise;
pub use rules::Rules;

/// A way of finding personal data: the [`Rules`], or a [`TokenClassifier`].
pub trait Recogniser: Send + Sync {
    /// Finds personal data in messages that follow one another: one list for each message. Findings may overlap;
    /// positions are Unicode code points.
    ///
    /// # Errors
    /// It could not look. Then nobody knows what the messages hold, and nothing may pass.
    fn find(&self, messages: &[&str]) -> Result<Vec<Vec<Finding>>, CannotRun>;
}

/// A recogniser could not look through a text. It says nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CannotRun;

/// All ways of finding personal data that are in use. The rules are always among them.
pub struct Guard {
    recognisers: Vec<Box<dyn Recogniser>>,
}

impl Guard {
    /// The rules alone.
    pub fn of_rules() -> Self {
        Guard {
            recognisers: vec![Box::new(Rules)],
        }
    }

    /// This guard and one recogniser more.
    #[must_use]
    pub fn with(mut self, recogniser: impl Recogniser + 'static) -> Self {
        self.recognisers.push(Box::new(recogniser));
        self
    }

    /// Finds personal data in a text. The findings are sorted and do not overlap; positions are Unicode code points.
    ///
    /// If one of the recognisers cannot run, the whole text is one certain finding: then nothing passes.
    pub fn find(&self, text: &str) -> Vec<Finding> {
        self.find_across(&[text]).into_iter().next().unwrap_or_default()
    }

    /// Finds personal data in messages that follow one another, also numbers that are split over two of them. The result
    /// has one list for each message.
    ///
    /// If one of the recognisers cannot run, each message is one certain finding: then nothing passes.
    pub fn find_across(&self, messages: &[&str]) -> Vec<Vec<Finding>> {
        let mut candidates = vec![Vec::new(); messages.len()];
        for recogniser in &self.recognisers {
            match recogniser.find(messages) {
                Ok(found) if found.len() == messages.len() => {
                    for (all, found) in candidates.iter_mut().zip(found) {
                        all.extend(found);
                    }
                }
                _ => return messages.iter().map(|text| vec![finding::whole(text)]).collect(),
            }
        }
        candidates.into_iter().map(finding::settle).collect()
    }
}

static OF_RULES: LazyLock<Guard> = LazyLock::new(Guard::of_rules);

/// [`Guard::find`] with the rules alone.
pub fn find(text: &str) -> Vec<Finding> {
    OF_RULES.find(text)
}

/// [`Guard::find_across`] with the rules alone.
pub fn find_across(messages: &[&str]) -> Vec<Vec<Finding>> {
    OF_RULES.find_across(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken;

    impl Recogniser for Broken {
        fn find(&self, _: &[&str]) -> Result<Vec<Vec<Finding>>, CannotRun> {
            Err(CannotRun)
        }
    }

    struct Silent;

    impl Recogniser for Silent {
        fn find(&self, _: &[&str]) -> Result<Vec<Vec<Finding>>, CannotRun> {
            Ok(Vec::new())
        }
    }

    #[test]
    fn nothing_passes_a_guard_that_cannot_look() {
        for guard in [Guard::of_rules().with(Broken), Guard::of_rules().with(Silent)] {
            for found in guard.find_across(&["Vad gäller?", "åäö", ""]) {
                assert!(matches!(found.as_slice(), [finding] if finding.certain && finding.start == 0));
            }
            assert_eq!(guard.find("Vad gäller?")[0].end, 11);
        }
    }
}
