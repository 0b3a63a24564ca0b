//! The words of a question in; the past or coming day that it asks about out, if it names one.

use std::sync::LazyLock;

use jiff::civil::Date;
use lotsen_corpus::text;
use regex::Regex;

use lotsen_corpus::text::pattern;

/// What asks about the present whatever dates stand beside it: "beviljades i januari 2025, kan vi minska den nu".
static PRESENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:nu|idag|i dag|numera|fortfarande|sedan|gäller (?:det|den)|kan vi|får vi|ska vi)\b")
});

/// The day that a question asks about. A month alone means its first day.
pub fn of_question(question: &str, today: Date) -> Option<Date> {
    let day = text::first_day(question).or_else(|| text::first_month(question))?;
    let past_but_about_now = day < today && PRESENT.is_match(question);
    (!past_but_about_now).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_in_the_question_counts_unless_it_asks_about_now() {
        let today = date(2026, 11, 22);
        for (text, expected) in [
            (
                "Enligt vilken paragraf beslutade vi om hemtjänst i maj 2024?",
                Some(date(2024, 5, 1)),
            ),
            ("Vad gällde den 30 juni 2025?", Some(date(2025, 6, 30))),
            ("Vilken regel gällde 2024-05-01?", Some(date(2024, 5, 1))),
            (
                "Hemtjänst beviljades i januari 2025. Hon är bättre nu, kan vi minska?",
                None,
            ),
            ("Hur länge får barn bo i jourhem?", None),
            ("Vad hände den 99 maj 2024?", None),
        ] {
            assert_eq!(of_question(text, today), expected, "{text}");
        }
    }
}
