//! Swedish text in; the days and months that it names out.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::pattern;

/// The months as texts write them, from January.
pub const MONTHS: [&str; 12] = [
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
static FIGURES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d{4}-\d{2}-\d{2}\b"));
/// "1 maj 2024", "maj 2024".
static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
    let months = MONTHS.join("|");
    pattern(&format!(r"(?i)\b(?:(\d{{1,2}})\s+)?({months})\s+(\d{{4}})\b"))
});

/// The first day named, in figures before in words: "2025-06-16", "16 juni 2025".
pub fn first_day(text: &str) -> Option<Date> {
    let in_figures = FIGURES.find(text).and_then(|found| found.as_str().parse().ok());
    let in_words = || {
        WRITTEN
            .captures_iter(text)
            .find_map(|found| written(&found, found.get(1)?.as_str().parse().ok()?))
    };
    in_figures.or_else(in_words)
}

/// The first day of the first month that is named without a day: "maj 2024".
pub fn first_month(text: &str) -> Option<Date> {
    let mut months = WRITTEN.captures_iter(text).filter(|found| found.get(1).is_none());
    months.find_map(|found| written(&found, 1))
}

fn written(found: &regex::Captures<'_>, day: i8) -> Option<Date> {
    let name = found[2].to_lowercase();
    let month = MONTHS.iter().position(|month| *month == name)? + 1;
    Date::new(found[3].parse().ok()?, i8::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_in_figures_and_in_words() {
        assert_eq!(first_day("§ 45, 2025-06-16"), Some(date(2025, 6, 16)));
        assert_eq!(first_day("den 3 Mars 2026"), Some(date(2026, 3, 3)));
        assert_eq!(first_day("2025-13-40 eller 31 februari 2025"), None);
    }

    #[test]
    fn a_month_alone_is_its_first_day() {
        assert_eq!(first_month("i maj 2024"), Some(date(2024, 5, 1)));
        assert_eq!(first_month("den 99 maj 2024"), None);
        assert_eq!(first_day("i maj 2024"), None);
    }
}
