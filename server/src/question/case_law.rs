//! A request for case law in; a [`Question`] out, with the provision looked through as well.

use std::fmt;

use jiff::civil::Date;
use lotsen_guard::Guard;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    AskError, Confirmed, Hidden, Invalid, MAX_QUESTION, Question, Turn, check_length, invalid, look_through, said,
    turn_fields,
};

/// Longest `provision`, in characters.
const MAX_PROVISION: usize = 200;

/// Request of `POST /v1/case-law`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseLawRequest {
    /// What the caseworker asks.
    pub question: String,
    /// What was said before, oldest first.
    #[serde(default)]
    pub history: Vec<Turn>,
    /// Decisions up to this day; today when absent.
    #[serde(default)]
    pub as_of: Option<Date>,
    /// Only decisions that interpret this paragraph, or the one whose place it took: "9 § LSS".
    #[serde(default)]
    pub provision: Option<String>,
    /// Findings of an earlier refusal that the user says are not about a person.
    #[serde(default)]
    pub confirmed: Vec<Confirmed>,
}

impl CaseLawRequest {
    /// The text of a field that the guard names; that of the question for any other name.
    pub fn text_of(&self, field: &str) -> &str {
        let provision = self.provision.as_deref().filter(|_| field == "provision");
        provision
            .or_else(|| said(&self.history, field))
            .unwrap_or(&self.question)
    }
}

/// Lets a question about case law through, or says why not.
pub fn admit_case_law(guard: &Guard, request: &CaseLawRequest) -> Result<Question, AskError> {
    check_length("question", &request.question, MAX_QUESTION)?;
    let provision = request.provision.as_deref().unwrap_or_default();
    if provision.chars().count() > MAX_PROVISION {
        return Err(invalid("provision", Invalid::TooLong { max: MAX_PROVISION }));
    }
    let mut fields = turn_fields(&request.history)?;
    fields.push(("question".to_owned(), &request.question));
    fields.push(("provision".to_owned(), provision));
    look_through(guard, &fields, &request.confirmed)?;
    Ok(Question {
        text: request.question.trim().to_owned(),
        history: request.history.clone(),
    })
}

impl fmt::Debug for CaseLawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaseLawRequest")
            .field("question", &Hidden(self.question.len()))
            .field("turns", &self.history.len())
            .finish_non_exhaustive()
    }
}
