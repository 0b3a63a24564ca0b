//! The words of a question in; what kind of answer it calls for out.

use std::sync::LazyLock;

use regex::Regex;

use lotsen_corpus::text::pattern;

use super::person;

/// What kind of answer a question calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// What applies.
    Rule,
    /// What a word means.
    Definition,
    /// What to decide about one person; answered with the rule and a reminder whose assessment it is.
    Individual,
    /// What courts have said.
    CaseLaw,
}

static CASE_LAW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:rättsfall\p{L}*|praxis|rättspraxis|prejudikat\p{L}*|hfd|kammarrätt\p{L}*|domar|domen|domstolar\p{L}*)\b",
    )
});
static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:vad (?:är|betyder|innebär|menas|avses|räknas som)|vem (?:är|räknas)|hur definieras)\b")
});

/// The kind of a question.
pub fn of(text: &str) -> QuestionKind {
    let text = text.trim().to_lowercase();
    if person::is_about_one(&text) {
        QuestionKind::Individual
    } else if CASE_LAW.is_match(&text) {
        QuestionKind::CaseLaw
    } else if DEFINITION.is_match(&text) {
        QuestionKind::Definition
    } else {
        QuestionKind::Rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_persons_case_is_told_from_a_rule() {
        for (text, kind) in [
            (
                "Kvinna, 77, med stroke bor ensam. Ska jag bevilja växelvård?",
                QuestionKind::Individual,
            ),
            ("Har min klient rätt till ledsagning?", QuestionKind::Individual),
            (
                "En 35-årig man med psykossjukdom söker boendestöd. Ska han få det?",
                QuestionKind::Individual,
            ),
            (
                "En ensamstående mamma har fått för mycket. Ska vi kräva tillbaka?",
                QuestionKind::Individual,
            ),
            (
                "Ett par, 80 och 75, vill bo ihop. Har de rätt till det?",
                QuestionKind::Individual,
            ),
            ("Hur lång tid får en förhandsbedömning ta?", QuestionKind::Rule),
            ("Ska vi dokumentera rådgivningssamtal?", QuestionKind::Rule),
            ("Måste alla med hemtjänst ha fast omsorgskontakt?", QuestionKind::Rule),
            ("Vad är en fast omsorgskontakt?", QuestionKind::Definition),
            ("Finns det rättsfall om ledsagning?", QuestionKind::CaseLaw),
        ] {
            assert_eq!(of(text), kind, "{text}");
        }
    }
}
