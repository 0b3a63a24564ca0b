//! Personnummer and samordningsnummer: in comes a view, out come the places of both in every spelling.
//!
//! Source: Skatteverket, SKV 704 (personnummer) and SKV 707 (samordningsnummer, day + 60); month `00` and day `60`
//! exist where the date of birth is unknown. Sole traders' organisation numbers and their VAT numbers
//! (`SE` + number + `01`) are personnummer and are found as such. Two rules decide:
//!
//! 1. **Right check digit**: ten or twelve digits that begin with a date, in any grouping that people write.
//! 2. **Wrong check digit**: a typing error is still personal data, so the usual written forms (`460823-9987`,
//!    `19460823 9987`, `1946-08-23-9987`, ten or twelve digits in a row) are stopped on the date alone. Dates with a
//!    clock time or a second date behind them are not numbers.

use std::ops::Range;

use super::Hit;
use super::chain::{self, Group, Link};
use super::checksum::mod_10;
use crate::finding::FindingKind;

/// Finds the numbers of a text, in one pass over its digit groups.
pub(super) fn find(text: &str) -> Vec<Hit> {
    let groups = chain::groups(text);
    let dates = calendar_dates(&groups);
    let mut hits = Vec::new();
    let mut first = 0;
    while first < groups.len() {
        match longest_from(text, &groups, &dates, first) {
            Some((last, kind, certain)) => {
                hits.push((groups[first].place.start..groups[last].place.end, kind, certain));
                first = last + 1;
            }
            None => first += 1,
        }
    }
    hits
}

/// Finds a number that begins in one message and ends in the next, given their texts: the last digits of the first
/// with the first digits of the second, whatever words stand between. Only a right check digit counts.
pub(crate) fn find_split(first: &str, second: &str) -> Option<(Range<usize>, Range<usize>, FindingKind)> {
    let (head, tail) = (chain::groups(first), chain::groups(second));
    // A number has at most twelve groups, so no more than that of a long chain is looked at.
    let linked = |group: &&Group| group.link != Link::None;
    let ending = 1 + head.iter().rev().take(11).take_while(linked).count();
    let beginning = 1 + tail.iter().skip(1).take(11).take_while(linked).count();
    for from in (head.len().saturating_sub(ending)..head.len()).rev() {
        for to in 1..=beginning.min(tail.len()) {
            let groups = || head[from..].iter().chain(&tail[..to]);
            let digits: Vec<u8> = groups().flat_map(|group| group.digits.iter().copied()).collect();
            let cuts = cuts(groups());
            if let Some((ten, kind)) = dated(&digits)
                && mod_10(ten)
                && is_natural(&cuts, digits.len())
            {
                let begin = head[from].place.start..head.last()?.place.end;
                return Some((begin, tail[0].place.start..tail[to - 1].place.end, kind));
            }
        }
    }
    None
}

/// The longest number that begins with group `first`: the index of its last group, its kind, whether it is certain.
fn longest_from(text: &str, groups: &[Group], dates: &[Date], first: usize) -> Option<(usize, FindingKind, bool)> {
    let mut digits = Vec::with_capacity(12);
    let mut best = None;
    for (last, group) in groups.iter().enumerate().skip(first) {
        if last > first && group.link == Link::None || digits.len() + group.digits.len() > 12 {
            break;
        }
        digits.extend_from_slice(&group.digits);
        let begins_in_date = dates
            .get(dates.partition_point(|date| date.last < first))
            .is_some_and(|d| d.first < first);
        let ends_in_date = dates
            .get(dates.partition_point(|date| date.last <= last))
            .is_some_and(|d| d.first <= last);
        if !begins_in_date
            && !ends_in_date
            && let Some((kind, certain)) = judge(text, &groups[first..=last], &digits)
        {
            best = Some((last, kind, certain));
        }
    }
    best
}

/// Judges groups that hold ten or twelve digits between them.
fn judge(text: &str, groups: &[Group], digits: &[u8]) -> Option<(FindingKind, bool)> {
    let digits = match *digits {
        // Day first: 23.08.1946-9986.
        [a, b, c, d, y1, y2, y3, y4, ref rest @ ..]
            if rest.len() == 4 && cuts(groups.iter()).starts_with(&[2, 4, 8]) =>
        {
            [&[y1, y2, y3, y4, c, d, a, b], rest].concat()
        }
        // VAT number of a sole trader: SE4608239986 01.
        [ref ten @ .., 0, 1] if ten.len() == 10 && text[..groups[0].place.start].to_lowercase().ends_with("se") => {
            ten.to_vec()
        }
        _ => digits.to_vec(),
    };
    let (ten, kind) = dated(&digits)?;
    let real: usize = groups.iter().map(|group| group.real).sum();
    let plain = real == digits.len() && !groups.iter().any(|group| group.spoken);
    let cuts = cuts(groups.iter());
    let spoken = groups.iter().all(|group| group.spoken);
    let natural = spoken || is_natural(&cuts, digits.len());
    let signs = groups.iter().skip(1).any(|group| group.link == Link::Sign);
    // 070-445 78 60 is a mobile number, whatever its last digit.
    if begins_as_mobile(&digits) && !natural {
        return None;
    }
    if mod_10(ten) {
        let telling = real >= 2 && (plain || natural);
        let listed = signs && !is_main_cut(&cuts, digits.len()) && !spoken;
        let thousands = groups.len() > 2 && groups.iter().skip(1).all(|group| group.digits.len() == 3);
        // 200101-201231 is a period.
        let period =
            cuts == [6] && digits.len() == 12 && is_born_date(&digits[6..]) && digits[10] * 10 + digits[11] < 32;
        return (telling && !listed && !thousands && !period).then_some((kind, natural));
    }
    let last_link = groups.last().map_or(Link::None, |group| group.link);
    let certain = plain
        && !signs
        && match cuts.as_slice() {
            // Ten digits in a row that begin as a mobile number are one.
            [] if begins_as_mobile(&digits) => return None,
            [] => digits.len() == 12,
            [6 | 8] if is_main_cut(&cuts, digits.len()) => last_link == Link::Hyphen,
            [4, 6, 8] if last_link == Link::Hyphen => true,
            [4, 6, 8] if last_link == Link::Space && !is_time_or_year(&digits[8..]) => false,
            _ => return None,
        };
    (plain && !signs && is_born_date(ten)).then_some((kind, certain))
}

fn begins_as_mobile(digits: &[u8]) -> bool {
    digits.len() == 10 && matches!(digits, [0, 7, 0 | 2 | 3 | 6 | 9, ..])
}

/// The last ten of ten or twelve digits that may be a number by their date, with its kind. The century is 18, 19 or
/// 20. A day of 32 to 59 is a reserve number of some county councils.
fn dated(digits: &[u8]) -> Option<(&[u8], FindingKind)> {
    let ten = match digits {
        [1, 8 | 9, ten @ ..] | [2, 0, ten @ ..] if ten.len() == 10 => ten,
        ten if ten.len() == 10 => ten,
        _ => return None,
    };
    match (ten[2] * 10 + ten[3], ten[4] * 10 + ten[5]) {
        (0..=12, 60..=91) => Some((ten, FindingKind::Samordningsnummer)),
        (1..=12, 1..=59) => Some((ten, FindingKind::Personnummer)),
        _ => None,
    }
}

/// Whether ten digits begin with a real day of birth, as a person's or with 60 added to the day.
fn is_born_date(ten: &[u8]) -> bool {
    let (month, day) = (ten[2] * 10 + ten[3], ten[4] * 10 + ten[5]);
    (0..=12).contains(&month) && day >= 60 || (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// Whether the last four digits are a clock time or a year, as in `2026-11-20 0915`.
fn is_time_or_year(four: &[u8]) -> bool {
    let &[a, b, c, d] = four else { return false };
    let (hundreds, rest) = (a * 10 + b, c * 10 + d);
    hundreds < 24 && rest < 60 || hundreds == 19 || hundreds == 20
}

/// The number of digits before each border between two groups.
fn cuts<'g>(groups: impl Iterator<Item = &'g Group>) -> Vec<usize> {
    let mut sum = 0;
    let mut cuts: Vec<usize> = groups
        .map(|group| {
            sum += group.digits.len();
            sum
        })
        .collect();
    cuts.pop();
    cuts
}

/// Whether a number is split as people split one: between year, month, day and the last four, inside the last four,
/// or after every digit.
fn is_natural(cuts: &[usize], length: usize) -> bool {
    cuts.len() + 1 == length || cuts.iter().all(|cut| matches!(length - cut, 1 | 2 | 4 | 6 | 8 | 10))
}

/// Whether the only split is the one before the last four digits.
fn is_main_cut(cuts: &[usize], length: usize) -> bool {
    matches!(cuts, [cut] if length - cut == 4)
}

/// A date of the calendar in groups `first..=last`. Part of one is never part of a number.
struct Date {
    first: usize,
    last: usize,
}

/// The dates `2024-01-31`, `31.01.2024` and `31/1/2024` of a text.
fn calendar_dates(groups: &[Group]) -> Vec<Date> {
    let value = |group: &Group| {
        group
            .digits
            .iter()
            .fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit))
    };
    let is_date = |year: u32, month: u32, day: u32| {
        (1850..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
    };
    let mut dates = Vec::new();
    let mut at = 0;
    while let Some([a, b, c]) = groups.get(at..at + 3) {
        let linked = b.link == c.link && matches!(b.link, Link::Hyphen | Link::Dot);
        let widths = [a.digits.len(), b.digits.len(), c.digits.len()];
        let found = linked
            && match widths {
                [4, 2, 2] => is_date(value(a), value(b), value(c)),
                [1 | 2, 1 | 2, 4] => is_date(value(c), value(b), value(a)),
                _ => false,
            };
        if found {
            dates.push(Date {
                first: at,
                last: at + 2,
            });
        }
        at += if found { 3 } else { 1 };
    }
    dates
}
