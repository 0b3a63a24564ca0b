//! The words of a question in; what kind of answer it calls for out.

use std::sync::LazyLock;

use regex::Regex;

use lotsen_corpus::text::pattern;

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

/// "min klient", "vår brukare".
const MY_CLIENT: &str =
    r"\b(?:min|mitt|mina|vår|vårt|våra)\s+(?:klient|brukare|ärende|kund|sökande|familj|boende|patient|deltagare)";
/// "Kvinna, 82", "Pojke 9 år", "en 40-årig man", "tolvåring", "Ett par, 84 och 79".
const PERSON_WITH_AGE: &str = r"\b(?:kvinnan?|man(?:nen)?|pojken?|flickan?|personen?|mamman?|pappan?|dottern?|son(?:en)?|killen?|tjejen?|par(?:et)?|barnet|brukaren?|klienten?)\s?,?\s(?:på\s)?\d{1,3}\b|\b\d{1,3}[- ]åri(?:g|ge|ga|ng|ngen)\b";
/// "en tvåbarnsmamma fick", "en pensionär har": one person and what is true of her.
const ONE_PERSON: &str = r"\b(?:en|ett)\s(?:\p{L}+\s){0,2}?\p{L}*(?:mamma|pappa|pensionär|man|kvinna|pojke|flicka|par|familj|klient|brukare|änka|änkling|student|förälder)\b";
/// "Ska jag bevilja", "ska vi kräva tillbaka", "ska han få", "har hon rätt".
const WHAT_TO_DECIDE: &str = r"\bska jag\b|\b(?:ska|bör|kan|får)\s(?:vi|jag)\s(?:bevilja|bifalla|avslå|sänka|höja|kräva|efterge|säga ja|säga nej|godkänna|neka)|\b(?:ska|har|får|kan)\s(?:han|hon|hen|de|paret|familjen|klienten|brukaren)\b";

static MINE: LazyLock<Regex> = LazyLock::new(|| pattern(MY_CLIENT));
static PERSON: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("{PERSON_WITH_AGE}|{ONE_PERSON}")));
static DECISION: LazyLock<Regex> = LazyLock::new(|| pattern(WHAT_TO_DECIDE));
static TO_GRANT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bska jag\s\p{L}+"));
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
    let individual =
        MINE.is_match(&text) || TO_GRANT.is_match(&text) || (PERSON.is_match(&text) && DECISION.is_match(&text));
    if individual {
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
