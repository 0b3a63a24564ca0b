//! A problem in; the Swedish words out that a chat or another program's tool shows instead of an answer. None of them is
//! taken from what was sent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use lotsen_guard::FindingKind;
use serde::Deserialize;

use super::problem::Problem;
use crate::texts::{self, Template};

/// Section `[told]`, and what the pages call the kinds of finding.
#[derive(Deserialize)]
struct Words {
    told: Told,
    page: Kinds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    found: Template,
    instead: String,
    possible: Template,
    earlier: String,
    suggestion: Template,
}

#[derive(Deserialize)]
struct Kinds {
    finding: BTreeMap<FindingKind, String>,
}

static WORDS: LazyLock<Option<Words>> = LazyLock::new(|| texts::section().ok());

/// What happened, what was found and how to ask instead; `site` is where the service's own page is.
pub fn told(problem: &Problem, site: &str) -> String {
    let mut said = vec![problem.detail.clone()];
    if let Some(words) = WORDS.as_ref().filter(|_| problem.name() == "personal-data") {
        said.extend(taught(words, problem, site));
    }
    said.join("\n\n")
}

fn taught(words: &Words, problem: &Problem, site: &str) -> Vec<String> {
    let findings = problem.findings.as_deref().unwrap_or_default();
    let kinds: BTreeSet<&str> = findings
        .iter()
        .filter_map(|finding| words.page.finding.get(&finding.kind))
        .map(String::as_str)
        .collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let earlier = problem
        .field
        .as_deref()
        .is_some_and(|field| field.starts_with("history"));
    let mut said = Vec::new();
    if !kinds.is_empty() {
        said.push(words.told.found.fill(&[("kinds", &kinds.join(", "))]));
    }
    said.push(words.told.instead.clone());
    if earlier {
        said.push(words.told.earlier.clone());
    }
    if !findings.is_empty() && findings.iter().all(|finding| !finding.certain) {
        said.push(words.told.possible.fill(&[("page", site)]));
    }
    said
}

/// The question as it could be asked, if the guard can write it without what it found.
pub fn suggested(problem: &Problem) -> Option<String> {
    let suggestion = problem.suggestion.as_deref()?.trim();
    let asked = problem.field.as_deref() == Some("question") && !suggestion.is_empty();
    let suggestion = asked.then_some(suggestion)?;
    Some(WORDS.as_ref()?.told.suggestion.fill(&[("suggestion", suggestion)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_was_found_and_repeats_nothing() {
        let text = "Har Leif Granqvist 19121212-1212 rätt till hemtjänst?";
        let problem = Problem::personal_data("question", lotsen_guard::find(text), text);
        let said = told(&problem, "https://lotsen.example.se");
        assert!(said.contains("namn, personnummer"), "{said}");
        assert!(said.contains("en kvinna på 84 år"), "{said}");
        assert!(
            !said.contains("1212") && !said.contains("Leif") && !said.contains(['{', '}']),
            "{said}"
        );
        let suggestion = suggested(&problem).unwrap();
        assert!(
            suggestion.contains("[person]") && !suggestion.contains("1212"),
            "{suggestion}"
        );
    }

    #[test]
    fn what_may_be_nobody_leads_to_the_page_where_it_can_be_said() {
        let text = "Vad säger Granqvist om hemtjänst?";
        let problem = Problem::personal_data("history[0].content", lotsen_guard::find(text), text);
        let said = told(&problem, "https://lotsen.example.se");
        assert!(
            said.contains("https://lotsen.example.se") && said.contains("nytt samtal"),
            "{said}"
        );
        assert_eq!(suggested(&problem), None, "an earlier message is not the question");
    }
}
