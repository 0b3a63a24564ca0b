//! Statute text in; groups of lines between empty lines, and what sort of group each is, out.

use std::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;
use lotsen_corpus::Validity;
use regex::Regex;

use crate::outline::lines;
use crate::outline::lines::Marker;
use lotsen_corpus::text::pattern;

static PARAGRAPH: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\d+)( [a-zåäö]{1,2})? §(?:\s|$)"));
static RANGE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(\d+(?: [a-z])?[-–, och]+\d+(?: [a-z])?) §§ (?i:har upphävts)"));
static CHAPTER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\d+)( [a-z])? kap\.\s+(?P<title>\S.*)$"));
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\d|§|[a-zåäö])"));
static DIVISION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^AVD(ELNING|\.) +(?:[IVXL]+|[A-ZÅÄÖ])\b"));
static SUBDIVISION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[IVX]+ {1,3}\p{Lu}"));
static AMENDMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d{4}:\d{1,4}$"));
static ANNEX: LazyLock<Regex> = LazyLock::new(|| pattern(r"^Bilaga(?: \d+| [A-Z])?\.?\s*$"));
static DATES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<label>\d+(?: [a-zåäö]{1,2})? § ?)?/(?P<what>[^/]*?(?:(?i:i kraft) I:|(?:gälla|§|[a-z]) +U:)[^/]*)/\s*",
    )
});
static DAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([IU]):(\d{4}-\d\d-\d\d)?"));

/// A text that takes effect on a day that is not decided: later than every day anyone asks about.
const UNDECIDED: Date = jiff::civil::date(9999, 12, 31);

/// The number of a chapter or paragraph, in the order of the act: 2, 2 a, 2 b, 3.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(u32, String);

impl Number {
    fn new(digits: &str, letter: Option<&str>) -> Option<Self> {
        Some(Self(digits.parse().ok()?, letter.unwrap_or_default().trim().to_owned()))
    }

    /// The number without a space, for anchors: `2a`.
    pub(super) fn joined(&self) -> String {
        format!("{}{}", self.0, crate::outline::slug(&self.1))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        if !self.1.is_empty() {
            write!(f, " {}", self.1)?;
        }
        Ok(())
    }
}

/// When a marked wording applies: "/Träder i kraft I:2026-01-01/", "/Upphör att gälla U:2026-01-01/".
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dates {
    pub(super) validity: Validity,
    /// True where the government is still to set the day.
    pub(super) open: bool,
    /// True where only the heading's words change on the day: "/Rubriken upphör att gälla U:2026-03-01/".
    pub(super) heading_only: bool,
}

impl Dates {
    /// Both notes taken together.
    fn and(self, other: Self) -> Self {
        Self {
            validity: self.validity.within(other.validity),
            open: self.open || other.open,
            heading_only: self.heading_only || other.heading_only,
        }
    }
}

/// Lines that no empty line parts, without the note on when they apply.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) lines: Vec<&'a str>,
    pub(super) dates: Option<Dates>,
    /// Where it begins in the file, from 1.
    pub(super) line: usize,
    label: Option<&'a str>,
}

/// What a group is, as far as the group alone can tell.
#[derive(Debug, PartialEq)]
pub(super) enum Sort {
    Division,
    Subdivision,
    Chapter(Number),
    Paragraph(Number),
    /// "13-41 §§ har upphävts genom lag (1976:612)."
    RepealedRange(String),
    Transitional,
    Amendment(String),
    Annex,
    Text,
}

/// Cuts a text at its empty lines.
pub(super) fn of(text: &str) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut open = false;
    let mut waiting: Option<Dates> = None;
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            open = false;
            continue;
        }
        if open && let Some(group) = groups.last_mut() {
            match DATES.captures(line) {
                // A wording that both begins and ends has a second note, on a line of its own.
                Some(note) if note.name("label").is_none() => {
                    let second = dates(&note["what"]);
                    group.dates = Some(group.dates.map_or(second, |first| first.and(second)));
                }
                _ => group.lines.push(line),
            }
            continue;
        }
        let mut group = Group {
            lines: Vec::new(),
            dates: waiting.take(),
            line: number + 1,
            label: None,
        };
        let mut rest = line;
        if let Some(found) = DATES.captures(line) {
            group.dates = Some(dates(&found["what"]));
            group.label = found.name("label").map(|l| l.as_str().trim_end());
            rest = &line[found[0].len()..];
        }
        if !rest.trim().is_empty() {
            group.lines.push(rest);
        }
        open = true;
        groups.push(group);
    }
    // A note that stands in a group of its own belongs to the group after it.
    for at in 0..groups.len().saturating_sub(1) {
        if groups[at].is_empty() && groups[at + 1].dates.is_none() {
            groups[at + 1].dates = groups[at].dates;
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn dates(note: &str) -> Dates {
    let mut dates = Dates {
        validity: Validity::default(),
        open: false,
        heading_only: note.starts_with("Rubriken"),
    };
    for found in DAY.captures_iter(note) {
        let day = found.get(2).and_then(|d| d.as_str().parse().ok());
        dates.open |= day.is_none();
        match &found[1] {
            "I" => dates.validity.valid_from = day.or(Some(UNDECIDED)),
            _ => dates.validity.valid_to = day,
        }
    }
    dates
}

impl Group<'_> {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.label.is_none()
    }

    /// Its lines as one text, with the paragraph's label first.
    pub(super) fn text(&self) -> String {
        lines::join(&self.with_label())
    }

    /// Its lines, with a label that stood before the dates put back.
    pub(super) fn with_label(&self) -> Vec<&str> {
        self.label.into_iter().chain(self.lines.iter().copied()).collect()
    }

    /// The dates of its wording; unbounded when it has no note.
    pub(super) fn validity(&self) -> Validity {
        self.dates.map_or(Validity::default(), |dates| dates.validity)
    }

    pub(super) fn sort(&self) -> Sort {
        let first = self
            .label
            .or(self.lines.first().copied())
            .unwrap_or_default()
            .trim_end();
        if let Some(found) = RANGE.captures(first) {
            return Sort::RepealedRange(found[1].to_owned());
        }
        if let Some(found) = PARAGRAPH.captures(first)
            && let Some(number) = Number::new(&found[1], found.get(2).map(|l| l.as_str()))
        {
            return Sort::Paragraph(number);
        }
        if let Some(found) = CHAPTER.captures(first)
            && !REFERENCE.is_match(&found["title"])
            && let Some(number) = Number::new(&found[1], found.get(2).map(|l| l.as_str()))
        {
            return Sort::Chapter(number);
        }
        if DIVISION.is_match(first) {
            Sort::Division
        } else if SUBDIVISION.is_match(first) {
            Sort::Subdivision
        } else if first == super::TRANSITIONAL && self.lines.len() == 1 {
            Sort::Transitional
        } else if AMENDMENT.is_match(first) && self.lines.len() == 1 {
            Sort::Amendment(first.to_owned())
        } else if ANNEX.is_match(first) {
            Sort::Annex
        } else {
            Sort::Text
        }
    }

    /// Whether it reads like a heading; what follows decides whether it is one.
    fn reads_like_heading(&self) -> bool {
        let text = self.text();
        let ends_open =
            !text.ends_with(['.', ',', ':', ';']) || ["m.m.", "m.fl.", "etc."].iter().any(|e| text.ends_with(e));
        let is_row = matches!(
            lines::blocks(&self.lines).first(),
            Some((lotsen_corpus::BlockKind::TableRow { .. }, _))
        );
        text.chars().count() <= 250
            && text.starts_with(char::is_uppercase)
            && ends_open
            && Marker::of(&text).is_none()
            && !is_row
    }

    /// Headings in an annex are single short lines; nothing after them tells them from text.
    pub(super) fn looks_like_annex_heading(&self) -> bool {
        self.lines.len() <= 2 && self.text().chars().count() <= 90 && self.reads_like_heading()
    }
}

/// Whether the first of these groups is a heading: it reads like one and a §, a chapter or a further heading follows.
pub(super) fn is_heading(groups: &[Group<'_>]) -> bool {
    let [first, rest @ ..] = groups else { return false };
    if !first.reads_like_heading() {
        return false;
    }
    match rest.first().map(Group::sort) {
        Some(Sort::Paragraph(_) | Sort::RepealedRange(_) | Sort::Chapter(_) | Sort::Division) => true,
        Some(Sort::Text | Sort::Subdivision) => is_heading(&rest[..rest.len().min(4)]),
        _ => false,
    }
}
