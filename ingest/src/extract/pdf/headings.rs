//! Printed lines and bookmarks in; which lines are headings, and of which level, out.
//!
//! Bookmarks are the surest sign, because a program wrote them from the headings. A file without them shows its headings by
//! their size, and the lowest of them by being bold.

use std::collections::HashMap;

use super::bookmarks::Bookmark;
use super::device::Line;

/// A heading is at least this much larger than running text.
pub(super) const HEADING_SIZE: f64 = 1.08;
/// A heading is printed on at most this many lines.
const MOST_LINES: usize = 5;
/// A bold heading is printed on at most this many lines: more is a preface, or a warning.
const MOST_BOLD_LINES: usize = 3;
/// Where more than this share of a text is bold, bold says nothing.
const BOLD_SHARE: f64 = 0.2;
/// So many bookmarks must be found among the lines before they are believed.
const FEWEST_FOUND: usize = 3;

/// A line that is (a part of) a heading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub(super) level: u8,
    /// Which bookmark it is; `None` for a heading known by its look.
    pub(super) bookmark: Option<usize>,
}

/// For each line its mark. `size` is that of running text.
pub(super) fn marks(lines: &[Line], size: f64, bookmarks: &[Bookmark]) -> Vec<Option<Mark>> {
    let found = by_bookmarks(lines, bookmarks);
    let looks = by_look(lines, size);
    let titles = found.iter().flatten().filter_map(|m| m.bookmark);
    let titles: std::collections::HashSet<usize> = titles.collect();
    if titles.len() < FEWEST_FOUND || titles.len() * 2 < bookmarks.len() {
        return looks;
    }
    alike(lines, with_title(lines, found), &looks)
}

/// What looks like a heading, and just like one that has a bookmark, is one too: bookmarks may leave out some.
fn alike(lines: &[Line], found: Vec<Option<Mark>>, looks: &[Option<Mark>]) -> Vec<Option<Mark>> {
    let look = |line: &Line| (super::layout::tenths(line.size), line.bold);
    let marked = lines
        .iter()
        .zip(&found)
        .filter_map(|(line, mark)| Some((look(line), (*mark)?)));
    let levels: HashMap<(i64, bool), u8> = marked
        .filter(|(_, mark)| mark.bookmark.is_some())
        .map(|(look, mark)| (look, mark.level))
        .collect();
    let of_look = |at: usize| {
        let level = *levels.get(&look(&lines[at]))?;
        looks[at].map(|_| Mark { level, bookmark: None })
    };
    let marks = found.iter().enumerate();
    marks.map(|(at, mark)| mark.or_else(|| of_look(at))).collect()
}

/// What is printed larger than every bookmarked heading, before them, is the document's title. It may have a bookmark too.
fn with_title(lines: &[Line], mut found: Vec<Option<Mark>>) -> Vec<Option<Mark>> {
    let first = found.iter().flatten().next().and_then(|mark| mark.bookmark);
    let is_other = |mark: &Option<Mark>| mark.is_some_and(|mark| mark.bookmark != first);
    let others = lines.iter().zip(&found).filter(|(_, mark)| is_other(mark));
    let largest = others.map(|(line, _)| line.size).fold(0.0, f64::max);
    let before = found.iter().position(is_other).unwrap_or(0);
    let titles: Vec<usize> = (0..before)
        .filter(|&at| lines[at].size > largest * HEADING_SIZE)
        .collect();
    if titles.is_empty() {
        return found;
    }
    for mark in found.iter_mut().flatten() {
        mark.level += 1;
    }
    for at in titles {
        found[at] = Some(Mark {
            level: 1,
            bookmark: None,
        });
    }
    found
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Finds each bookmark's title among the lines after the one before it. A heading may run over several lines.
fn by_bookmarks(lines: &[Line], bookmarks: &[Bookmark]) -> Vec<Option<Mark>> {
    let keys: Vec<String> = lines.iter().map(|line| letters(&line.text)).collect();
    let mut marks = vec![None; lines.len()];
    let mut from = 0;
    for (number, bookmark) in bookmarks.iter().enumerate() {
        let wanted = letters(&bookmark.title);
        // Some programs note the place before they break the page.
        let place = [0, 1].into_iter().find_map(|on| {
            let on_page = |at: &usize| bookmark.page.is_none_or(|page| lines[*at].page == page + on);
            let mut places = (from..lines.len()).filter(on_page);
            places.find_map(|at| Some((at, printed_on(&keys[at..], &wanted)?)))
        });
        if let Some((at, count)) = place.filter(|_| !wanted.is_empty()) {
            let level = bookmark.level;
            marks[at..at + count].fill(Some(Mark {
                level,
                bookmark: Some(number),
            }));
            from = at + count;
        }
    }
    marks
}

/// On how many of the lines the title is printed, if it begins with the first of them.
fn printed_on(keys: &[String], wanted: &str) -> Option<usize> {
    let mut left = wanted;
    for (at, key) in keys.iter().take(MOST_LINES).enumerate() {
        left = left.strip_prefix(key.as_str()).filter(|_| !key.is_empty())?;
        if left.is_empty() {
            return Some(at + 1);
        }
    }
    None
}

/// The sizes that headings have, largest first, make the levels. Sizes of whole paragraphs (a preface set large) are none.
fn by_look(lines: &[Line], body: f64) -> Vec<Option<Mark>> {
    let bold = bold_headings(lines, body);
    let stands_out = |at: usize| lines[at].size >= body * HEADING_SIZE || bold[at];
    let mut sizes: HashMap<i64, (usize, usize)> = HashMap::new();
    for (at, line) in lines.iter().enumerate().filter(|(at, _)| stands_out(*at)) {
        let seen = sizes.entry(super::layout::tenths(line.size)).or_default();
        seen.0 += 1;
        seen.1 += lines[at].text.chars().count();
    }
    let mut headings: Vec<f64> = sizes
        .into_iter()
        .filter(|(_, (lines, letters))| *letters <= lines * 90)
        .map(|(size, _)| super::layout::to_points(size))
        .collect();
    headings.sort_by(|a, b| b.total_cmp(a));
    headings.truncate(6);
    let level = |line: &Line| headings.iter().position(|&size| (size - line.size).abs() < 0.3);
    let mark = |at: usize| {
        let level = u8::try_from(level(&lines[at])? + 1).unwrap_or(6).min(6);
        Some(Mark { level, bookmark: None })
    };
    (0..lines.len()).map(|at| mark(at).filter(|_| stands_out(at))).collect()
}

/// Which lines are bold headings no larger than running text: a few bold lines over text that is not, and no sentence.
fn bold_headings(lines: &[Line], body: f64) -> Vec<bool> {
    let small = |line: &Line| line.bold && line.size < body * HEADING_SIZE;
    let letters = |line: &Line| line.text.len() as f64;
    let (bold, all): (f64, f64) = (
        lines.iter().filter(|line| small(line)).map(letters).sum(),
        lines.iter().map(letters).sum(),
    );
    let mut found = vec![false; lines.len()];
    if bold > all * BOLD_SHARE {
        return found;
    }
    let mut from = 0;
    for run in lines.chunk_by(|a, b| small(a) && small(b) && a.page == b.page && (a.size - b.size).abs() < 0.3) {
        let next = lines.get(from + run.len());
        let over_text = next.is_some_and(|next| !next.bold && !next.text.contains('\t'));
        let closed = run.last().is_some_and(|line| line.text.ends_with(['.', ',', ';', ':']));
        let is_heading = run.iter().all(|line| small(line) && !line.text.contains('\t'))
            && run.len() <= MOST_BOLD_LINES
            && over_text
            && !closed;
        found[from..from + run.len()].fill(is_heading);
        from += run.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(page: u32, size: f64, text: &str) -> Line {
        Line {
            page,
            depth: 0.5,
            y: 0.0,
            size,
            bold: false,
            starts: vec![50.0],
            text: text.to_owned(),
        }
    }

    #[test]
    fn bookmarks_find_their_lines_where_size_says_nothing() {
        let lines = [
            line(1, 20.0, "Riktlinje"),
            line(1, 12.0, "1 Allmänt ........ 2"),
            line(2, 12.0, "1 Allmänt"),
            line(2, 12.0, "Text."),
            line(2, 12.0, "1.1 En rubrik som är så"),
            line(2, 12.0, "lång att den bryts"),
            line(2, 12.0, "2 Avgift"),
        ];
        let bookmark = |title: &str, level| Bookmark {
            title: title.to_owned(),
            level,
            page: Some(2),
        };
        let bookmarks = [
            bookmark("1 Allmänt", 1),
            bookmark("1.1 En rubrik som är så lång att den bryts", 2),
            bookmark("2 Avgift", 1),
        ];
        let levels: Vec<_> = marks(&lines, 12.0, &bookmarks)
            .iter()
            .map(|m| m.map(|m| (m.level, m.bookmark)))
            .collect();
        let (first, long) = (Some((2, Some(0))), Some((3, Some(1))));
        assert_eq!(
            levels,
            [Some((1, None)), None, first, None, long, long, Some((2, Some(2)))]
        );
    }
}
