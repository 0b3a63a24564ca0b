//! `/fraga`: the question as a plain form in, the answer as a page out. The way without script.
//!
//! The question stands on the page again so that it can be changed. That page is never stored, by us or by a cache.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use jiff::civil::Date;
use lotsen_guard::{Finding, FindingKind};
use minijinja::context;
use serde::{Deserialize, Serialize};

use super::App;
use super::ask;
use super::body::FormBody;
use super::problem::Problem;
use super::rank::Rank;
use crate::question::{AskRequest, Confirmed, Mode};
use crate::reply::{AskReply, Sentence, SentenceKind, Source};

/// Where the form asks for an answer.
const PAGE: &str = "/fraga";

/// The form's fields.
#[derive(Default, Deserialize)]
pub struct QuestionForm {
    question: String,
    #[serde(default)]
    as_of: String,
    /// What the page of a refusal says is confirmed by its button: a JSON list of [`Confirmed`].
    #[serde(default)]
    confirmed: String,
}

impl QuestionForm {
    /// The question, with the line ends that the rest of the program knows.
    pub fn question(&self) -> String {
        self.question.replace("\r\n", "\n")
    }

    /// The day as it was written.
    pub fn written_day(&self) -> &str {
        &self.as_of
    }

    /// The day, if one was written.
    pub fn day(&self) -> Result<Option<Date>, Problem> {
        match self.as_of.trim() {
            "" => Ok(None),
            day => day.parse().map(Some).map_err(|_| wrong_value("as_of")),
        }
    }

    /// What was confirmed before.
    pub fn confirmed(&self) -> Result<Vec<Confirmed>, Problem> {
        match self.confirmed.as_str() {
            "" => Ok(Vec::new()),
            list => serde_json::from_str(list).map_err(|_| wrong_value("confirmed")),
        }
    }
}

fn wrong_value(field: &str) -> Problem {
    Problem::invalid(Some(field.to_owned()), "wrong_value", &[])
}

/// `GET /fraga`: the empty form.
pub async fn empty(State(app): State<App>) -> Response {
    app.pages.render("ask.html", context! {})
}

/// `POST /fraga`: the answer, in quotes alone: nobody waits for a summary in front of an empty page.
pub async fn ask(State(app): State<App>, form: Result<FormBody<QuestionForm>, Problem>) -> Response {
    let form = match form {
        Ok(FormBody(form)) => form,
        Err(problem) => return refusal(&app, &problem, &QuestionForm::default(), PAGE),
    };
    match answer(&app, &form).await {
        Ok(reply) => page(&app, &form, &reply),
        Err(problem) => refusal(&app, &problem, &form, PAGE),
    }
}

async fn answer(app: &App, form: &QuestionForm) -> Result<AskReply, Problem> {
    let request = AskRequest {
        question: form.question(),
        history: Vec::new(),
        as_of: form.day()?,
        kinds: None,
        mode: Mode::Quotes,
        budget_ms: None,
        confirmed: form.confirmed()?,
    };
    ask::last(ask::updates(app, request)?).await
}

/// A source as the page shows it, with its page number in words.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    source: &'a Source,
    page_text: Option<String>,
}

/// Sources of one legal weight, under one heading.
#[derive(Serialize)]
struct RankGroup<'a> {
    rank: Rank,
    sources: Vec<Shown<'a>>,
}

fn page(app: &App, form: &QuestionForm, reply: &AskReply) -> Response {
    let words = app.pages.words();
    let summary: Vec<&Sentence> = reply
        .sentences
        .iter()
        .filter(|s| s.kind == SentenceKind::Summary)
        .collect();
    app.pages.render(
        "answer.html",
        context! {
            question => form.question,
            day => form.as_of,
            reply => reply,
            summary => summary,
            groups => by_rank(app, &reply.sources),
            nearest => reply.nearest.iter().map(|source| shown(app, source)).collect::<Vec<_>>(),
            as_of => words.as_of(reply.as_of),
            release => words.release(&reply.release),
        },
    )
}

fn shown<'a>(app: &App, source: &'a Source) -> Shown<'a> {
    let page_text = source.page.map(|page| app.pages.words().page_number(page));
    Shown { source, page_text }
}

/// The weightiest first; within a rank the reply's own order stays.
fn by_rank<'a>(app: &App, sources: &'a [Source]) -> Vec<RankGroup<'a>> {
    let mut groups: BTreeMap<Rank, Vec<Shown<'a>>> = BTreeMap::new();
    for source in sources {
        groups
            .entry(Rank::of(&source.document))
            .or_default()
            .push(shown(app, source));
    }
    let group = |(rank, sources)| RankGroup { rank, sources };
    groups.into_iter().map(group).collect()
}

/// A piece of the question: what was found in it, or what stands between.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Piece {
    text: String,
    kind: Option<FindingKind>,
    certain: bool,
}

/// The page of a request that got no reply; `action` is where its button sends what the reader confirms.
pub fn refusal(app: &App, problem: &Problem, form: &QuestionForm, action: &str) -> Response {
    let findings = problem.findings.as_deref();
    let values = context! {
        problem => problem,
        action => action,
        marked => findings.map(|findings| pieces(&form.question, findings)),
        telling => findings.is_some_and(|findings| findings.iter().any(is_description)),
        confirm => findings.and_then(|findings| confirmation(form, findings)),
        question => form.question,
        day => form.as_of,
    };
    let mut response = app.pages.render("refusal.html", values);
    *response.status_mut() = problem.status_code();
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A description that says too much is possible, and of no other kind.
fn is_description(finding: &Finding) -> bool {
    finding.kind == FindingKind::Other && !finding.certain
}

/// What the page's button sends to say that nothing of this is about a person; nothing where some finding is certain.
/// What was confirmed before stays confirmed: the question is the same.
fn confirmation(form: &QuestionForm, findings: &[Finding]) -> Option<String> {
    let mut confirmed: Vec<Confirmed> = serde_json::from_str(&form.confirmed).unwrap_or_default();
    for finding in findings {
        confirmed.push(Confirmed::of("question", finding)?);
    }
    serde_json::to_string(&confirmed).ok()
}

/// Cuts a text at its findings, which are sorted and do not overlap.
fn pieces(text: &str, findings: &[Finding]) -> Vec<Piece> {
    let text: Vec<char> = text.replace("\r\n", "\n").chars().collect();
    let cut = |from: usize, to: usize| {
        text[from.min(text.len())..to.min(text.len())]
            .iter()
            .collect::<String>()
    };
    let mut pieces = Vec::new();
    let mut at = 0;
    for finding in findings {
        let start = finding.start.max(at);
        let end = finding.end.max(start);
        pieces.push(Piece {
            text: cut(at, start),
            kind: None,
            certain: true,
        });
        pieces.push(Piece {
            text: cut(start, end),
            kind: Some(finding.kind),
            certain: finding.certain,
        });
        at = end;
    }
    pieces.push(Piece {
        text: cut(at, text.len().max(at)),
        kind: None,
        certain: true,
    });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_marked_where_they_stand() {
        let finding = |start, end| Finding {
            start,
            end,
            kind: FindingKind::Email,
            certain: true,
        };
        let pieces = pieces("åä a@b.se ö", &[finding(3, 9)]);
        let shown: Vec<(&str, bool)> = pieces.iter().map(|p| (p.text.as_str(), p.kind.is_some())).collect();
        assert_eq!(shown, [("åä ", false), ("a@b.se", true), (" ö", false)]);
    }

    #[test]
    fn findings_outside_the_text_do_no_harm() {
        let finding = |start, end| Finding {
            start,
            end,
            kind: FindingKind::Name,
            certain: true,
        };
        assert_eq!(pieces("ab", &[finding(5, 9), finding(3, 1)]).len(), 1);
    }
}
