//! Words in; the day that they name out.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::outline::regex;

const MONTHS: [&str; 12] = [
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
static ISO: LazyLock<Regex> = LazyLock::new(|| regex(r"\b\d{4}-\d\d-\d\d\b"));
static WRITTEN: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"(?i)\b(\d{{1,2}}) ({}) (\d{{4}})\b", MONTHS.join("|"))));

/// The first day named: "2025-06-16", "16 juni 2025".
pub(super) fn first(text: &str) -> Option<Date> {
    if let Some(day) = ISO.find(text).and_then(|found| found.as_str().parse().ok()) {
        return Some(day);
    }
    let found = WRITTEN.captures(text)?;
    let month = MONTHS.iter().position(|m| *m == found[2].to_lowercase())?;
    let (day, year) = (found[1].parse().ok()?, found[3].parse().ok()?);
    Date::new(year, i8::try_from(month + 1).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_in_figures_and_in_words() {
        assert_eq!(first("§ 45, 2025-06-16"), Some(date(2025, 6, 16)));
        assert_eq!(first("den 3 Mars 2026"), Some(date(2026, 3, 3)));
        assert_eq!(first("2025-13-40 eller 31 februari 2025"), None);
    }
}
