//! The words of a question in; the past or coming day that it asks about out, if it names one.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::pattern;

/// As questions and legal texts write them.
pub(crate) const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

/// "2024-05-01".
static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{4})-(\d{2})-(\d{2})\b"));
/// "den 1 maj 2024", "i maj 2024".
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:(\d{{1,2}})\s+)?({})\s+(\d{{4}})\b",
        MONTHS.join("|")
    ))
});
/// What asks about the present whatever dates stand beside it: "beviljades i januari 2025, kan vi minska den nu".
static PRESENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:nu|idag|i dag|numera|fortfarande|sedan|gäller (?:det|den)|kan vi|får vi|ska vi)\b")
});

/// The day that a question asks about. A month alone means its first day.
pub fn of_question(text: &str, today: Date) -> Option<Date> {
    let day = iso(text).or_else(|| named(text))?;
    let past_but_about_now = day < today && PRESENT.is_match(text);
    (!past_but_about_now).then_some(day)
}

fn iso(text: &str) -> Option<Date> {
    let groups = ISO.captures(text)?;
    Date::new(
        groups[1].parse().ok()?,
        groups[2].parse().ok()?,
        groups[3].parse().ok()?,
    )
    .ok()
}

fn named(text: &str) -> Option<Date> {
    let groups = NAMED.captures(text)?;
    let name = groups[2].to_lowercase();
    let month = MONTHS.iter().position(|month| *month == name)? + 1;
    let day = groups.get(1).map_or(Some(1), |day| day.as_str().parse().ok())?;
    Date::new(groups[3].parse().ok()?, i8::try_from(month).ok()?, day).ok()
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
