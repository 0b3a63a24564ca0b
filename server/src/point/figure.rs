//! A question or a sentence in; whether it asks for a figure, or has one, out.

use std::sync::LazyLock;

use regex::Regex;

use lotsen_corpus::text::pattern;

/// How questions for a number, an amount, a length of time or an age are put.
const ASKS: &str = r"\bhur (?:många|mycket|ofta|länge|lång tid|snart|gammal|stor|hög)\b|\bvad (?:kostar|tjänar)\b|\bnär\b|\b(?:vilket belopp|vilket nummer|vilken ålder)\b";

/// A number in figures, or one in words that is no article.
const FIGURES: &str = r"\d|\b(?:två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|fjorton|femton|sexton|tjugo|trettio|hälften)\b|\b(?:en|ett|varje|tredje|fjärde) (?:dag|vecka|månad|år|dygn|gång)\b|\b(?:varannan|vartannat|dagligen)\b";

/// Numbers that only tell where a rule stands or when it was adopted.
const PLACES: &str =
    r"\d{4}-\d\d-\d\d|\b(?:19|20)\d\d\b|\b(?:version|dnr) \d+|\d+(?: \p{L})? (?:kap\.|§§?)|\(\d{4}:\d+\)|^\d+\.\s";

static QUESTION: LazyLock<Regex> = LazyLock::new(|| pattern(ASKS));
static FIGURE: LazyLock<Regex> = LazyLock::new(|| pattern(FIGURES));
static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(PLACES));

/// True if the answer should be a figure.
pub fn asks_for_a_figure(question: &str) -> bool {
    QUESTION.is_match(&question.to_lowercase())
}

/// True if a sentence has a figure that is not merely the number of a paragraph, an act or an item.
pub fn has_figure(sentence: &str) -> bool {
    FIGURE.is_match(&PLACE.replace_all(&sentence.to_lowercase(), " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_for_a_figure_is_known() {
        for text in [
            "Hur många timmar får man?",
            "Vad kostar ett larm?",
            "När ska det till rätten?",
        ] {
            assert!(asks_for_a_figure(text), "{text}");
        }
        assert!(!asks_for_a_figure("Får vi avslå?"));
    }

    #[test]
    fn where_a_rule_stands_is_no_figure() {
        for text in [
            "inom fjorton dagar",
            "400 kr",
            "minst en gång om året",
            "städas var tredje vecka",
            "Beslutet enligt 9 § gäller i två år.",
        ] {
            assert!(has_figure(text), "{text}");
        }
        for text in [
            "utan dröjsmål",
            "enligt 11 kap. 1 § SoL (2025:400)",
            "1. stöd i hemmet,",
        ] {
            assert!(!has_figure(text), "{text}");
        }
    }
}
