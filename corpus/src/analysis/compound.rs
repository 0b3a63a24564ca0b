//! A Swedish word in; the words that it is put together of, out.
//!
//! "Biståndsbedömning" is bistånd and bedömning, joined by an s. What can be a part is listed in `words/parts.txt`: words that
//! stand alone in statutes, guidelines and reports and are no compounds themselves. A wrong cut adds a term that seldom meets
//! another, so it costs little; a missed one costs what was missed before.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::stem::stem;

/// Fewest letters of a part.
const LEAST: usize = 3;
/// Fewest letters of a part that is not itself in the list but a form of a word in it: shorter ones fit into any word.
const LEAST_OF_A_FORM: usize = 4;
/// Most letters of a word that is taken apart, so that no text can make this slow.
const MOST: usize = 40;

/// The words that may be parts, and the stems of their forms at a compound's end.
struct Parts {
    words: HashSet<&'static str>,
    stems: HashSet<String>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let lines = include_str!("../../words/parts.txt").lines();
    let words: HashSet<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    let stems = words.iter().map(|word| stem(word)).collect();
    Parts { words, stems }
});

/// The beginning of a word, taken apart.
#[derive(Clone)]
struct Beginning {
    stems: Vec<String>,
    shortest: usize,
}

impl Beginning {
    /// Few parts are likelier than many, and of as many those of which none is short.
    fn is_better_than(&self, other: &Self) -> bool {
        let fewer = other.stems.len().cmp(&self.stems.len());
        fewer.then(self.shortest.cmp(&other.shortest)).is_gt()
    }
}

/// True for a word that is put together of known ones. `word` in lower case.
pub fn is_compound(word: &str) -> bool {
    !part_stems(word).is_empty()
}

/// The stems of a compound's parts in their order; none for a word that is no compound. `word` in lower case.
pub fn part_stems(word: &str) -> Vec<String> {
    let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    let letters = ends.len() - 1;
    if !(2 * LEAST..=MOST).contains(&letters) {
        return Vec::new();
    }
    // For each letter the best way to take apart what stands before it.
    let mut best: Vec<Option<Beginning>> = vec![None; ends.len()];
    best[0] = Some(Beginning {
        stems: Vec::new(),
        shortest: letters,
    });
    for start in 0..letters {
        let Some(before) = best[start].clone() else { continue };
        for end in start + LEAST..=letters {
            let piece = &word[ends[start]..ends[end]];
            let Some(stem) = (if end == letters {
                last_part(piece)
            } else {
                first_part(piece)
            }) else {
                continue;
            };
            let mut longer = before.clone();
            longer.stems.push(stem);
            longer.shortest = longer.shortest.min(end - start);
            if best[end].as_ref().is_none_or(|known| longer.is_better_than(known)) {
                best[end] = Some(longer);
            }
        }
    }
    let stems = best.pop().flatten().map(|whole| whole.stems).unwrap_or_default();
    if stems.len() > 1 { stems } else { Vec::new() }
}

/// The stem of the word that a first part stands for: as it is, with a joining letter ("biståndsbedömning", "familjehem"), or
/// with another vowel than it has alone ("skolgång", "kvinnofrid").
fn first_part(piece: &str) -> Option<String> {
    let known = |word: String| PARTS.words.contains(word.as_str()).then(|| stem(&word));
    let joined = piece.strip_suffix(['s', 'e', 'o', 'u']);
    known(piece.to_owned())
        .or_else(|| joined.and_then(|word| known(word.to_owned())))
        .or_else(|| known(format!("{piece}a")))
        .or_else(|| known(format!("{piece}e")))
        .or_else(|| joined.and_then(|word| known(format!("{word}a"))))
}

/// The stem of a last part: any form of a known word.
fn last_part(piece: &str) -> Option<String> {
    let is_known = PARTS.words.contains(piece) || piece.chars().count() >= LEAST_OF_A_FORM;
    Some(stem(piece)).filter(|stem| is_known && PARTS.stems.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_come_apart_into_the_stems_of_their_words() {
        for (word, parts) in [
            ("biståndsbedömning", &["bistånd", "bedömning"][..]),
            ("biståndsbedömningen", &["bistånd", "bedömning"]),
            ("skolgång", &["skola", "gång"]),
            ("hushållsarbete", &["hushåll", "arbete"]),
            ("boendekostnader", &["boende", "kostnad"]),
            ("omsorgsbehov", &["omsorg", "behov"]),
            ("hemtjänsten", &["hem", "tjänst"]),
        ] {
            let stems: Vec<String> = parts.iter().map(|part| stem(part)).collect();
            assert_eq!(part_stems(word), stems, "{word}");
        }
    }

    #[test]
    fn a_compound_of_compounds_comes_apart_whole() {
        assert_eq!(part_stems("familjehemsplacering").len(), 3);
    }

    #[test]
    fn a_word_made_to_be_slow_is_left_whole() {
        assert!(part_stems(&"vård".repeat(1_000)).is_empty());
        assert!(part_stems(&"vård".repeat(10)).len() > 1);
    }

    #[test]
    fn words_that_are_whole_stay_whole() {
        for word in [
            "bistånd",
            "myndighet",
            "underrättelse",
            "överklagande",
            "ansökan",
            "äldre",
            "lss",
        ] {
            assert!(part_stems(word).is_empty(), "{word}: {:?}", part_stems(word));
        }
    }
}
