//! Chains of digit groups: in comes a view, out come its groups of digits and how each is linked to the one before.
//!
//! A group is a run of digits (`460823`), a run of digits and letters that look like digits (`46O823`), letters that
//! look like digits standing alone between groups (`OO`), or a number word (`fyrtiosex`).

use std::ops::Range;

use super::spoken;

/// A group of digits.
pub(super) struct Group {
    /// Where it stands in the view.
    pub place: Range<usize>,
    /// Its digits, 0 to 9.
    pub digits: Vec<u8>,
    /// How many of them were written as digits or number words, not as letters that look like digits.
    pub real: usize,
    /// Whether it is a number word.
    pub spoken: bool,
    /// How it is linked to the group before it.
    pub link: Link,
}

/// What stands between two groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// Anything that ends a number: words, a long gap.
    None,
    /// White space alone.
    Space,
    /// A hyphen or a plus, with or without white space.
    Hyphen,
    /// A dot, slash or underscore, with or without white space.
    Dot,
    /// A comma, colon, bracket or other signs. They join a date and the last four digits, no more.
    Sign,
}

/// Words that are said between digits.
const SAID_BETWEEN: [&str; 8] = [
    "streck",
    "bindestreck",
    "minus",
    "plus",
    "hundra",
    "punkt",
    "mellanslag",
    "snedstreck",
];

/// Reads all groups of a text, in order.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut end_of_last = 0;
    for run in (Runs { text, at: 0 }) {
        let word = &text[run.clone()];
        if word.len() <= 12 && SAID_BETWEEN.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        for (place, digits, real, spoken) in read(word, run.start) {
            let link = match groups.is_empty() {
                true => Link::None,
                false => link(&text[end_of_last..place.start]),
            };
            end_of_last = place.end;
            // "nittio nio" is said as two words but is one number below a hundred.
            if let Some(tens) = groups.last_mut()
                && spoken
                && tens.spoken
                && link == Link::Space
                && let (&[ten @ 2..=9, 0], &[unit @ 1..=9]) = (tens.digits.as_slice(), digits.as_slice())
            {
                tens.digits = vec![ten, unit];
                tens.place.end = place.end;
                continue;
            }
            groups.push(Group {
                place,
                digits,
                real,
                spoken,
                link,
            });
        }
    }
    groups
}

/// The runs of letters and digits of a text.
struct Runs<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.text[self.at..];
        let start = self.at + rest.find(char::is_alphanumeric)?;
        let rest = &self.text[start..];
        let end = start + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        self.at = end;
        Some(start..end)
    }
}

type Read = (Range<usize>, Vec<u8>, usize, bool);

/// The groups inside one run of letters and digits.
fn read(run: &str, offset: usize) -> Vec<Read> {
    let whole = offset..offset + run.len();
    if let Some(digits) = run.chars().map(look).collect::<Option<Vec<u8>>>() {
        let real = run.bytes().filter(u8::is_ascii_digit).count();
        return vec![(whole, digits, real, false)];
    }
    if !run.bytes().any(|b| b.is_ascii_digit()) {
        let digits = spoken::digits(&run.to_lowercase());
        return digits
            .map(|digits| (whole, digits.clone(), digits.len(), true))
            .into_iter()
            .collect();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = run[at..].find(|c: char| c.is_ascii_digit()).map(|start| at + start) {
        at = run[start..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(run.len(), |length| start + length);
        let digits: Vec<u8> = run[start..at].bytes().map(|b| b - b'0').collect();
        found.push((offset + start..offset + at, digits.clone(), digits.len(), false));
    }
    found
}

/// The digit that a character is or looks like: Latin, Greek and Cyrillic O for 0, and l, I for 1.
fn look(c: char) -> Option<u8> {
    match c {
        '0'..='9' => u8::try_from(c.to_digit(10)?).ok(),
        'o' | 'O' | 'ο' | 'Ο' | 'о' | 'О' | 'Ø' | 'ø' => Some(0),
        'l' | 'I' | 'i' | 'ı' | 'І' | 'і' | 'Ӏ' | 'Ι' => Some(1),
        _ => None,
    }
}

fn link(between: &str) -> Link {
    let is_filler = |word: &str| SAID_BETWEEN.contains(&word);
    let mut link = Link::Space;
    let mut width = 0;
    for part in between.split_whitespace() {
        let lower = part.to_lowercase();
        link = match (lower.as_str(), link) {
            (_, Link::Hyphen | Link::Dot | Link::Sign) => return signs(between),
            ("-" | "--" | "+" | "-\\", _) => Link::Hyphen,
            ("." | "/" | "_" | "\\" | "'" | "*" | "~", _) => Link::Dot,
            (",", _) => Link::Sign,
            (word, _) if is_filler(word) => Link::Hyphen,
            _ => return signs(between),
        };
        width += 1;
    }
    let spaces = between.chars().filter(|c| c.is_whitespace()).count();
    if spaces > 6 || width > 1 { Link::None } else { link }
}

/// At most five signs without a letter or digit among them.
fn signs(between: &str) -> Link {
    let few = between.chars().nth(5).is_none();
    if few && !between.contains(char::is_alphanumeric) {
        Link::Sign
    } else {
        Link::None
    }
}
