//! A question and numbered texts in; the two messages that the model reads, with the grammar it must keep to, out.

use std::fmt;

use minijinja::{Environment, context};
use serde::{Deserialize, Serialize};

use super::GeneratorError;

const CHOOSE_SYSTEM: &str = include_str!("../../prompts/choose.system.md");
const CHOOSE_USER: &str = include_str!("../../prompts/choose.user.md");
const CHOOSE_GRAMMAR: &str = include_str!("../../prompts/choose.gbnf");
const SUMMARISE_SYSTEM: &str = include_str!("../../prompts/summarise.system.md");
const SUMMARISE_USER: &str = include_str!("../../prompts/summarise.user.md");
const SUMMARISE_GRAMMAR: &str = include_str!("../../prompts/summarise.gbnf");

/// Sentences of a summary at most. More than this is no summary of a few quotes, and weak models repeat themselves.
const MAX_SENTENCES: usize = 4;
/// Tokens that one number with its comma can take, whatever the vocabulary.
const TOKENS_PER_NUMBER: usize = 6;

/// A quote and the number by which the model cites it.
#[derive(Clone, Serialize)]
pub struct NumberedQuote {
    /// The number that stands before the quote in the prompt and comes back in [`super::DraftSentence::cites`].
    pub number: usize,
    /// The quote's words as in the source.
    pub text: String,
}

impl fmt::Debug for NumberedQuote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NumberedQuote")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// What a model is asked to complete. It has no `Debug`: it holds the question.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Completion {
    /// The same for all requests of one kind, so that the worker evaluates it once.
    pub(super) system: String,
    pub(super) user: String,
    /// GBNF with the rule `root`. Every list in it is bounded: a weak model fills an open one until its tokens are spent.
    pub(super) grammar: String,
    /// None takes the configured limit.
    pub(super) max_tokens: Option<u32>,
}

pub(super) fn choose(question: &str, sentences: &[String], max: usize) -> Result<Completion, GeneratorError> {
    let max = max.min(sentences.len());
    let numbers: Vec<usize> = (1..=sentences.len()).collect();
    let sentences: Vec<String> = sentences.iter().map(|sentence| one_line(sentence)).collect();
    Ok(Completion {
        system: CHOOSE_SYSTEM.trim().to_owned(),
        user: render(CHOOSE_USER, context! { question => one_line(question), sentences, max })?,
        grammar: render(CHOOSE_GRAMMAR, context! { numbers, max })?,
        max_tokens: u32::try_from((max + 1) * TOKENS_PER_NUMBER).ok(),
    })
}

pub(super) fn summarise(question: &str, quotes: &[NumberedQuote]) -> Result<Completion, GeneratorError> {
    let numbers: Vec<usize> = quotes.iter().map(|quote| quote.number).collect();
    let quotes: Vec<NumberedQuote> = quotes
        .iter()
        .map(|quote| NumberedQuote {
            number: quote.number,
            text: one_line(&quote.text),
        })
        .collect();
    let max = MAX_SENTENCES;
    Ok(Completion {
        system: SUMMARISE_SYSTEM.trim().to_owned(),
        user: render(SUMMARISE_USER, context! { question => one_line(question), quotes, max })?,
        grammar: render(SUMMARISE_GRAMMAR, context! { numbers, max })?,
        max_tokens: None,
    })
}

/// Line breaks become spaces, so that no text can add a numbered line of its own to the list it stands in.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn render(template: &str, values: minijinja::Value) -> Result<String, GeneratorError> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    let text = environment
        .render_str(template, values)
        .map_err(|error| GeneratorError::Prompt(error.kind()))?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(completion: &Completion) -> String {
        format!(
            "--- system\n{}\n--- user\n{}\n--- grammar\n{}\n--- max_tokens\n{:?}",
            completion.system, completion.user, completion.grammar, completion.max_tokens
        )
    }

    #[test]
    fn the_choice_prompt_is_reviewed() {
        let sentences = [
            "Ledsagning är en insats.".to_owned(),
            "Avgiften är högst\n7. 2 575 kronor.".to_owned(),
        ];
        let completion = choose("Vad kostar {{ det }}?\n\n3. Inget", &sentences, 5).unwrap();
        insta::assert_snapshot!(shown(&completion));
    }

    #[test]
    fn the_summary_prompt_is_reviewed() {
        let quotes = [
            NumberedQuote {
                number: 1,
                text: "Nämnden ska erbjuda hemtjänst.".to_owned(),
            },
            NumberedQuote {
                number: 4,
                text: "Beslutet ska vara\nskriftligt.".to_owned(),
            },
        ];
        let completion = summarise("Måste beslutet skrivas?", &quotes).unwrap();
        insta::assert_snapshot!(shown(&completion));
    }

    #[test]
    fn debug_shows_no_text() {
        let quote = NumberedQuote {
            number: 3,
            text: "hemligt".to_owned(),
        };
        assert_eq!(format!("{quote:?}"), "NumberedQuote { number: 3, .. }");
    }
}
