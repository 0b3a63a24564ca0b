//! One normalised view of a text: in comes the text as sent, out comes a plain spelling of it with a map back.
//!
//! The rules read only the view, so that each of them is written once for all spellings: digits of any script and
//! full-width forms are ASCII digits, every dash is `-`, every white space but the line break is a space, invisible
//! characters (soft hyphen, zero-width, direction marks, variation selectors) are gone, and combining marks are
//! composed with their letter or dropped.

use std::ops::Range;

use regex::Regex;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_compatible};
use zeroize::Zeroize;

/// A normalised text and, for each of its bytes, the code points of the original that it stands for.
pub(crate) struct View {
    /// The normalised text.
    pub text: String,
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl View {
    /// Builds the view of a text in one pass.
    pub fn of(original: &str) -> Self {
        let mut view = View {
            text: String::with_capacity(original.len()),
            starts: Vec::with_capacity(original.len()),
            ends: Vec::with_capacity(original.len()),
        };
        for (index, c) in (0_u32..).zip(original.chars()) {
            if c.is_ascii_graphic() || c == ' ' || c == '\n' {
                view.push(c, index, index + 1);
            } else if !is_invisible(c) {
                match fold(c) {
                    Some(plain) => view.push(plain, index, index + 1),
                    None => decompose_compatible(c, |part| view.join(part, index)),
                }
            }
        }
        view
    }

    /// The code points of the original that a byte range of the view stands for.
    pub fn original(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.starts.get(bytes.start).copied().unwrap_or_default();
        let end = bytes
            .end
            .checked_sub(1)
            .and_then(|last| self.ends.get(last))
            .copied()
            .unwrap_or(start);
        start as usize..end as usize
    }

    fn push(&mut self, c: char, start: u32, end: u32) {
        self.text.push(c);
        self.starts.resize(self.text.len(), start);
        self.ends.resize(self.text.len(), end);
    }

    /// Adds one part of a decomposed character: a mark joins the letter before it, all else stands for itself.
    fn join(&mut self, part: char, index: u32) {
        if canonical_combining_class(part) == 0 {
            self.push(fold(part).unwrap_or(part), index, index + 1);
        } else if let Some(letter) = self.text.pop() {
            let start = self.starts.get(self.text.len()).copied().unwrap_or(index);
            self.starts.truncate(self.text.len());
            self.ends.truncate(self.text.len());
            self.push(compose(letter, part).unwrap_or(letter), start, index + 1);
        }
    }
}

/// The text is what somebody wrote, so its memory is overwritten before others get it.
impl Drop for View {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

/// Compiles a pattern that reads a view. `\s` is a space or a line break, the only white space there is in a view, and
/// `\b` a border of ASCII letters and digits: both are far smaller and quicker than their Unicode selves.
pub(crate) fn pattern(source: &str) -> Result<Regex, regex::Error> {
    Regex::new(&source.replace(r"\s", r"[\x20\n]").replace(r"\b", r"(?-u:\b)"))
}

/// Characters that show nothing and are used, by mistake or by will, to break a number up.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{20D0}'..='\u{20FF}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
        || (c.is_control() && !c.is_whitespace())
}

/// The plain character for digits, dashes, apostrophes and spaces of every script; `None` where Unicode's own
/// compatibility decomposition should decide.
fn fold(c: char) -> Option<char> {
    match c {
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2796}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{30FC}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}'
        | '\u{58A}'
        | '\u{5BE}'
        | '\u{2053}' => Some('-'),
        '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{B4}' => Some('\''),
        '\u{2028}' | '\u{2029}' | '\u{85}' | '\r' | '\u{B}' | '\u{C}' => Some('\n'),
        _ if c.is_whitespace() => Some(' '),
        _ => DIGIT_ZEROS
            .iter()
            .find_map(|zero| (c as u32).checked_sub(*zero).filter(|value| *value < 10))
            .and_then(|value| char::from_digit(value, 10)),
    }
}

/// The zero of each script whose ten decimal digits follow one another (Unicode general category Nd) and that has no
/// compatibility decomposition to ASCII. Source: the Unicode Character Database.
const DIGIT_ZEROS: &[u32] = &[
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
    0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0, 0x11066, 0x1E950,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(original: &str, expected: &str) {
        assert_eq!(View::of(original).text, expected);
    }

    #[test]
    fn spellings_fold_to_one() {
        check("４６０８２３－９９８６", "460823-9986");
        check("4608\u{AD}23\u{2013}99\u{200B}86", "460823-9986");
        check("٤٦٠٨٢٣\u{A0}९९८६", "460823 9986");
        check("1\u{FE0F}\u{20E3}2\u{332}", "12");
        check("A\u{30A}ke O\u{2019}Connor", "Åke O'Connor");
    }

    #[test]
    fn positions_lead_back_to_the_original() {
        let view = View::of("a\u{200B}ö-e\u{301}.");
        assert_eq!(view.text, "aö-é.");
        assert_eq!(view.original(1..3), 2..3);
        assert_eq!(view.original(4..6), 4..6);
        assert_eq!(view.original(6..7), 6..7);
    }
}
