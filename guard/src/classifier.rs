//! Names by a model: in come messages, out come the places that a token classification model calls a person.
//!
//! For a site that has such a model for Swedish, as an ONNX file with its tokenizer: any BERT-like encoder whose
//! `config.json` names its labels (`B-PER`, `PRS`, `LABEL ... ADDRESS`). A long text is read in windows that overlap, so
//! that no name stands on an edge. What the model says is possible, and certain only above a likelihood that the site
//! sets: models of this sort are wrong about one name in ten.

mod label;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::value::Tensor;
use serde::Deserialize;
use tokenizers::{Encoding, Tokenizer};

use crate::finding::{Finding, FindingKind};
use crate::{CannotRun, Recogniser};

/// Tokens that two windows share: longer than any name.
const OVERLAP: usize = 32;

/// Room for a model's own tokens at both ends of a window, and for a word that a cut tokenizes in another way.
const SPECIAL: usize = 8;

/// How a token classification model is used.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClassifierSettings {
    /// Most tokens that the model reads at once, its own special tokens among them.
    pub max_tokens: usize,
    /// Threads of one inference.
    pub threads: usize,
    /// Likelihood, 0 to 1, from which a token is reported.
    pub possible_from: f32,
    /// Likelihood from which a finding is certain, so that the user cannot confirm it away. Above 1: never.
    pub certain_from: f32,
}

impl Default for ClassifierSettings {
    fn default() -> Self {
        Self {
            max_tokens: 512,
            threads: 2,
            possible_from: 0.5,
            certain_from: 0.98,
        }
    }
}

/// Why a model cannot be used for this.
#[derive(Debug, thiserror::Error)]
pub enum ClassifierError {
    /// A file of the model cannot be read as what it should be.
    #[error("{file} cannot be used: {reason}")]
    File {
        /// Which file of the model's folder.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// None of the labels stands for a person.
    #[error("config.json: no label of id2label stands for a person (PER, PRS, NAME ...): the model would find nobody")]
    Labels,
    /// The window has no room for text.
    #[error("max_tokens must be more than {least}")]
    Window {
        /// The least that makes sense.
        least: usize,
    },
    /// It loads, but does not give one row of labels for each token.
    #[error("model.onnx does not answer as a token classification model with the labels of config.json")]
    Shape,
}

/// A loaded token classification model.
pub struct TokenClassifier {
    session: Mutex<Session>,
    tokenizer: Tokenizer,
    labels: Vec<Option<FindingKind>>,
    wants_segments: bool,
    settings: ClassifierSettings,
}

#[derive(Deserialize)]
struct Config {
    id2label: BTreeMap<String, String>,
}

impl TokenClassifier {
    /// Loads a model from the bytes of its `model.onnx`, `tokenizer.json` and `config.json`, and tries it.
    ///
    /// # Errors
    /// The files are not those of a token classification model that knows persons.
    pub fn open(
        environment: &Environment,
        [onnx, tokenizer, config]: [&[u8]; 3],
        settings: ClassifierSettings,
    ) -> Result<Self, ClassifierError> {
        let broken = |file| move |reason: String| ClassifierError::File { file, reason };
        if settings.max_tokens <= 2 * OVERLAP {
            return Err(ClassifierError::Window { least: 2 * OVERLAP });
        }
        let config: Config = serde_json::from_slice(config).map_err(|e| broken("config.json")(e.to_string()))?;
        let labels = label::kinds(&config.id2label).ok_or(ClassifierError::Labels)?;
        let mut tokenizer = Tokenizer::from_bytes(tokenizer).map_err(|e| broken("tokenizer.json")(e.to_string()))?;
        tokenizer.with_padding(None);
        // It would remember the words that it has split, to be quicker the next time.
        let mut words = tokenizer.get_model().clone();
        words.resize_cache(0);
        tokenizer.with_model(words);
        let whole = tokenizer.with_truncation(None).map(|_| ());
        whole.map_err(|e| broken("tokenizer.json")(e.to_string()))?;
        let session = session(environment, onnx, settings.threads).map_err(|e| broken("model.onnx")(e.to_string()))?;
        let wants_segments = session.inputs().iter().any(|input| input.name() == "token_type_ids");
        let classifier = Self {
            session: Mutex::new(session),
            tokenizer,
            labels,
            wants_segments,
            settings,
        };
        classifier.look("a").map_err(|CannotRun| ClassifierError::Shape)?;
        Ok(classifier)
    }

    fn look(&self, text: &str) -> Result<Vec<Finding>, CannotRun> {
        let characters: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        for Range { start, end } in self.windows(text)? {
            let part: String = characters.get(start..end).ok_or(CannotRun)?.iter().collect();
            let window = self.tokenizer.encode_char_offsets(part, true).map_err(|_| CannotRun)?;
            let likelihoods = self.judge(&window)?;
            found.extend(self.runs(&window, &likelihoods).into_iter().map(|finding| Finding {
                start: start + finding.start,
                end: start + finding.end,
                ..finding
            }));
        }
        Ok(found
            .into_iter()
            .map(|finding| to_whole_words(finding, &characters))
            .collect())
    }

    /// Parts of a text, in code points, that the model can read at once. Each begins before the one before it ends.
    fn windows(&self, text: &str) -> Result<Vec<Range<usize>>, CannotRun> {
        let tokens = self.tokenizer.encode_char_offsets(text, false).map_err(|_| CannotRun)?;
        let room = self.settings.max_tokens - SPECIAL;
        let places = tokens.get_offsets();
        let first_of = (0..places.len())
            .step_by(room - OVERLAP)
            .take_while(|first| *first == 0 || first + OVERLAP < places.len());
        let range = |first: usize| {
            let last = (first + room).min(places.len()) - 1;
            places[first].0..places[last].1
        };
        Ok(first_of.map(range).collect())
    }

    /// For each token the kind that it most likely is, and how likely.
    fn judge(&self, window: &Encoding) -> Result<Vec<(Option<FindingKind>, f32)>, CannotRun> {
        let length = window.len();
        if length == 0 {
            return Ok(Vec::new());
        }
        if length > self.settings.max_tokens {
            return Err(CannotRun);
        }
        let tensor = |values: &[u32]| {
            let values: Vec<i64> = values.iter().map(|&value| i64::from(value)).collect();
            Tensor::from_array(([1, length], values)).map_err(|_| CannotRun)
        };
        let mut inputs = ort::inputs! {
            "input_ids" => tensor(window.get_ids())?,
            "attention_mask" => tensor(window.get_attention_mask())?,
        };
        if self.wants_segments {
            inputs.push(("token_type_ids".into(), tensor(window.get_type_ids())?.into()));
        }
        // The engine's own error may quote its input, so only the fact of it goes on. After a panic the model is not
        // trusted again.
        let mut session = self.session.lock().map_err(|_: PoisonError<_>| CannotRun)?;
        let outputs = session.run(inputs).map_err(|_| CannotRun)?;
        let (shape, logits) = outputs[0].try_extract_tensor::<f32>().map_err(|_| CannotRun)?;
        let expected = [1, length as i64, self.labels.len() as i64];
        if shape[..] != expected || logits.iter().any(|logit| !logit.is_finite()) {
            return Err(CannotRun);
        }
        Ok(logits
            .chunks(self.labels.len())
            .map(|row| label::likeliest(row, &self.labels))
            .collect())
    }

    /// Tokens of one kind that follow one another are one finding.
    fn runs(&self, window: &Encoding, likelihoods: &[(Option<FindingKind>, f32)]) -> Vec<Finding> {
        let mut found: Vec<Finding> = Vec::new();
        for (&(start, end), &(kind, likelihood)) in window.get_offsets().iter().zip(likelihoods) {
            let Some(kind) = kind.filter(|_| likelihood >= self.settings.possible_from && start < end) else {
                continue;
            };
            let certain = likelihood >= self.settings.certain_from;
            match found.last_mut() {
                Some(last) if last.kind == kind && start <= last.end + 1 => {
                    last.end = end;
                    last.certain |= certain;
                }
                _ => found.push(Finding {
                    start,
                    end,
                    kind,
                    certain,
                }),
            }
        }
        found
    }
}

impl Recogniser for TokenClassifier {
    fn find(&self, messages: &[&str]) -> Result<Vec<Vec<Finding>>, CannotRun> {
        messages.iter().map(|text| self.look(text)).collect()
    }
}

fn session(environment: &Environment, onnx: &[u8], threads: usize) -> ort::Result<Session> {
    // The runtime's own messages go to standard error and may hold what it was given.
    let mut builder = Session::builder(environment)?
        .with_log_level(LogLevel::Fatal)?
        .with_intra_threads(threads.max(1))?;
    builder.commit_from_memory(onnx)
}

/// A model may call only a part of a word a name; the whole word is shown.
fn to_whole_words(finding: Finding, text: &[char]) -> Finding {
    let inside = |at: usize| text.get(at).is_some_and(|c| c.is_alphanumeric());
    let (mut start, mut end) = (finding.start, finding.end.min(text.len()));
    while start > 0 && inside(start) && inside(start - 1) {
        start -= 1;
    }
    while end > 0 && inside(end) && inside(end - 1) {
        end += 1;
    }
    Finding { start, end, ..finding }
}
