//! How Swedish a word looks: in comes a word in lower case, out comes how many of its letter triples no Swedish word has.
//!
//! `Roobow` has four, `handläggning` none. It is a hint that a word may be a foreign or rare name, and never decides alone
//! for a word that stands where any word may stand.

use std::sync::LazyLock;

/// Letters that the table knows, and its two edges of a word.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzåäöé";
/// No part of a name has more bytes than this; what is longer is a long Swedish word, or noise.
const LONGEST: usize = 30;
const EDGE: usize = 30;
const SIDE: usize = 32;

static TRIPLES: LazyLock<Vec<bool>> = LazyLock::new(|| read(include_str!("../words/letter_triples.txt")));

/// How many triples of a word no Swedish word has, its edges counted in. Parts of a double name are looked at apart.
pub(crate) fn oddness(word: &str) -> usize {
    word.split(['-', '\'']).map(part).sum()
}

/// Whether the letters of a word are foreign enough to tell by themselves. Long Swedish words have an odd triple or two.
pub(crate) fn is_foreign(word: &str) -> bool {
    let odd = oddness(word);
    odd > 1 && odd * 5 >= word.chars().count()
}

fn part(word: &str) -> usize {
    if word.chars().nth(1).is_none() || word.len() > LONGEST {
        return 0;
    }
    let mut codes = std::iter::once(Some(EDGE))
        .chain(word.chars().map(code))
        .chain([Some(EDGE)]);
    let (mut first, mut second) = (codes.next().flatten(), codes.next().flatten());
    let mut odd = 0;
    for third in codes {
        let known = match (first, second, third) {
            (Some(a), Some(b), Some(c)) => TRIPLES.get(index(a, b, c)).is_some_and(|known| *known),
            _ => false,
        };
        odd += usize::from(!known);
        (first, second) = (second, third);
    }
    odd
}

fn read(table: &str) -> Vec<bool> {
    let mut known = vec![false; SIDE * SIDE * SIDE];
    for (pair, thirds) in table.lines().filter_map(|line| line.split_once(' ')) {
        let mut pair = pair.chars().map(code);
        let (Some(Some(a)), Some(Some(b)), None) = (pair.next(), pair.next(), pair.next()) else {
            continue;
        };
        for c in thirds.chars().filter_map(code) {
            known[index(a, b, c)] = true;
        }
    }
    known
}

fn code(letter: char) -> Option<usize> {
    match letter {
        '^' | '$' => Some(EDGE),
        'a'..='z' => Some(letter as usize - 'a' as usize),
        _ => LETTERS.chars().position(|known| known == letter),
    }
}

fn index(a: usize, b: usize, c: usize) -> usize {
    (a * SIDE + b) * SIDE + c
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_names_look_odd_and_swedish_words_do_not() {
        for word in ["handläggning", "biståndsbedömning", "ledsagning", "barn"] {
            assert_eq!(oddness(word), 0, "{word}");
        }
        for word in ["roobow", "przemysława", "quỳnhtrang", "xalimo"] {
            assert!(oddness(word) >= 2, "{word}: {}", oddness(word));
        }
    }
}
