//! A question in; the questions that it is made of out, each so that it can be asked alone.
//!
//! "Sambon är frisk. Får hon bo med, och vem svarar för hennes sjukvård?" has two answers, in two places, and a sentence that
//! gives one says little of the other. The parts are told by how Swedish asks: with a question word or the verb first, at the
//! start of a sentence or after a comma or "och" in one that asks. What is told before is told with each of them.

use std::sync::LazyLock;

use lotsen_corpus::text::pattern;
use regex::Regex;

/// More parts than this are not followed: each costs as much time as a question.
const MOST: usize = 3;

/// Question words, and the verbs with which questions of this field begin.
const ASKS: &str = r"(?:(?:i|för|av|till|på|från|med|enligt|inom|under)\s+(?:vil\w+|vad|vems?|hur)|i så fall|hur|vad|vems?|vil(?:ken|ket|ka)|när|var|vart|varför|får|kan|ska|måste|har|är|behöver|räcker|krävs|gäller|ger|blir|finns|går|bör|kommer|innebär|tar|vill|hör|räknas|omfattas)\s";
static BEGINS: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)^\W*(?:och\s|men\s|så\s)?{ASKS}")));
/// What stands between two parts, in the first group.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)((?:,|\soch|\ssamt|\seller)(?:\s(?:och|samt|men))?\s){ASKS}"
    ))
});

/// The parts in reading order; none where one thing is asked.
pub fn of(text: &str) -> Vec<String> {
    let mut told = String::new();
    let mut parts = Vec::new();
    for clause in text.split_inclusive(['.', '?', '!', ':']) {
        if !BEGINS.is_match(clause) {
            told.push_str(clause);
            continue;
        }
        let mut start = 0;
        for between in BETWEEN.captures_iter(clause).filter_map(|found| found.get(1)) {
            parts.push(alone(&told, &clause[start..between.start()]));
            start = between.end();
        }
        parts.push(alone(&told, &clause[start..]));
    }
    parts.truncate(MOST);
    if parts.len() > 1 { parts } else { Vec::new() }
}

/// A part with what was told before it, as a sentence of its own.
fn alone(told: &str, part: &str) -> String {
    let part = part.trim().trim_end_matches(['?', '.', '!', ':', ',']);
    let mut letters = part.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let part: String = first.chain(letters).collect();
    format!("{} {part}?", told.trim()).trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn one_question_has_no_parts_however_long() {
        for text in [
            "Får vi säga nej till hemtjänst för att vi inte har insatsen?",
            "Rösterna blev lika när vi skulle besluta om ärendet, vem avgör?",
            "Vad är ett biståndsbeslut och en insats?",
            "Brukaren har hund och är ensam. Får vi neka promenader?",
            "4 kap. 1 § SoL",
            "parkering",
            "",
        ] {
            assert!(of(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn each_thing_that_is_asked_can_be_asked_alone() {
        for (text, parts) in [
            (
                "Sambon är frisk. Får hon bo med, och vem svarar för hennes sjukvård?",
                vec![
                    "Sambon är frisk. Får hon bo med?",
                    "Sambon är frisk. Vem svarar för hennes sjukvård?",
                ],
            ),
            (
                "Vad är lagstödet, hur mycket kan man få och vad ska den enskilde få veta?",
                vec![
                    "Vad är lagstödet?",
                    "Hur mycket kan man få?",
                    "Vad ska den enskilde få veta?",
                ],
            ),
            (
                "Vem betalar? Vad gör jag själv?",
                vec!["Vem betalar?", "Vad gör jag själv?"],
            ),
            (
                "Privat hemtjänst: ska kommunen anmäla det, och kan IVO stoppa dem?",
                vec![
                    "Privat hemtjänst: Ska kommunen anmäla det?",
                    "Privat hemtjänst: Kan IVO stoppa dem?",
                ],
            ),
        ] {
            assert_eq!(of(text), parts, "{text}");
        }
    }

    #[test]
    fn no_more_parts_than_there_is_time_for() {
        assert_eq!(
            of("Vad är ett? Vad är två? Vad är tre? Vad är fyra? Vad är fem?").len(),
            3
        );
    }
}
