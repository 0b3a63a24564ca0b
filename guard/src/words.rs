//! Word tables: in comes one word, out comes whether it is in a table under `words/`.
//!
//! A line of a table is a word in lower case; `*` in front stands for any beginning, `*` behind for any end, `#` begins
//! a comment.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

type Words = HashSet<&'static str, BuildHasherDefault<Fnv>>;

/// FNV-1a, which is quick for words. The tables are fixed, so no text can make their words collide.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}

/// Letters of the first part of a compound and bytes of the last: what is shorter may be part of a name.
const SHORTEST_HEAD: usize = 5;
const SHORTEST_TAIL: usize = 5;
const LONGEST_TAIL: usize = 24;

struct Table {
    words: Words,
    beginnings: Affixes,
    ends: Affixes,
}

/// Beginnings or ends, with their lengths in bytes: nothing of another length is looked up.
#[derive(Default)]
struct Affixes {
    all: Words,
    lengths: Vec<usize>,
}

impl Affixes {
    fn add(&mut self, affix: &'static str) {
        if !self.lengths.contains(&affix.len()) {
            self.lengths.push(affix.len());
        }
        self.all.insert(affix);
    }
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Table {
            words: Words::default(),
            beginnings: Affixes::default(),
            ends: Affixes::default(),
        };
        for line in text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if let Some(end) = line.strip_prefix('*') {
                table.ends.add(end);
            } else if let Some(beginning) = line.strip_suffix('*') {
                table.beginnings.add(beginning);
            } else {
                table.words.insert(line);
            }
        }
        table
    }

    fn has(&self, word: &str) -> bool {
        let tail = |length: &usize| word.get(word.len().checked_sub(*length)?..);
        let mut tails = self.ends.lengths.iter().filter_map(tail);
        self.has_but_for_ends(word) || tails.any(|tail| self.ends.all.contains(tail))
    }

    fn has_but_for_ends(&self, word: &str) -> bool {
        let mut heads = self.beginnings.lengths.iter().filter_map(|length| word.get(..*length));
        self.words.contains(word) || heads.any(|head| self.beginnings.all.contains(head))
    }
}

/// Whether a word ends in a common one of five letters or more, as Swedish compounds do: `Facebook-meddelanden`. The longest
/// tail that is looked up has `LONGEST_TAIL` bytes.
pub(crate) fn is_compound(word: &str) -> bool {
    let tails = word.char_indices().skip(SHORTEST_HEAD).map(|(at, _)| &word[at..]);
    tails
        .skip_while(|tail| tail.len() > LONGEST_TAIL)
        .take_while(|tail| tail.len() >= SHORTEST_TAIL)
        .any(|tail| tail.chars().nth(4).is_some() && is_common(tail))
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $file:literal) => {
        table! { $(#[$doc])* $name, $file, true }
    };
    ($(#[$doc:meta])* $name:ident, $file:literal, $in_use:expr) => {
        $(#[$doc])*
        pub(crate) fn $name(word: &str) -> bool {
            static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!(concat!("../words/", $file))));
            $in_use && TABLE.has(word)
        }
    };
}

/// Whether the lists of names count. Only a measurement of what the rules find without them leaves them out.
const WITH_NAMES: bool = cfg!(not(feature = "no-name-lists"));

table! {
    /// Whether a word stands for an authority, a service or a function.
    is_office, "offices.txt"
}
table! {
    /// Whether a word shows that the sentence is about one person.
    is_person, "persons.txt"
}
table! {
    /// Whether a part of an e-mail address before the @ names a function.
    is_mailbox, "mailboxes.txt"
}
table! {
    /// Whether a word shows that the sentence is about a vehicle.
    is_vehicle, "vehicles.txt"
}
table! {
    /// Whether a word stands for one person by what he or she is, so that a name after it adds nothing.
    is_person_noun, "person_nouns.txt"
}
table! {
    /// Whether a word is a verb that may follow on anybody and anything.
    is_auxiliary, "auxiliaries.txt"
}
table! {
    /// Whether a word is common in Swedish.
    is_common, "common_words.txt"
}
table! {
    /// Whether a word is what only persons do, so that a name may stand before it.
    is_person_verb, "person_verbs.txt"
}
table! {
    /// Whether a word says that the number of a person follows.
    is_number_label, "number_labels.txt"
}
table! {
    /// Whether a word is a given name.
    is_given_name, "given_names.txt", WITH_NAMES
}
table! {
    /// Whether a given name is frequent.
    is_frequent_name, "frequent_given_names.txt", WITH_NAMES
}
table! {
    /// Whether a given name is a common word too.
    is_name_and_word, "names_that_are_words.txt"
}
table! {
    /// Whether a given name that is a common word too is a name when it is what a sentence is about.
    is_name_before_verb, "names_before_verbs.txt", WITH_NAMES
}
table! {
    /// Whether a word that is a given name too hardly ever is one at the head of a sentence.
    is_opener, "openers.txt"
}
static SURNAMES: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../words/surnames.txt")));

/// Whether a word is a surname or ends as one.
pub(crate) fn is_surname(word: &str) -> bool {
    WITH_NAMES && SURNAMES.has(word)
}
/// Whether a word is itself in the table of surnames, whatever its end looks like: `Frisk`.
pub(crate) fn is_listed_surname(word: &str) -> bool {
    WITH_NAMES && SURNAMES.words.contains(word)
}

table! {
    /// Whether a word is a surname without a given name before it.
    is_surname_alone, "surnames_alone.txt", WITH_NAMES
}
table! {
    /// Whether a word often stands right before a name.
    is_name_cue, "name_cues.txt"
}
table! {
    /// Whether a word often stands right after a name in the genitive.
    may_follow_name, "name_endings.txt"
}
static NOT_NAMES: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../words/not_names.txt")));

/// Whether a word with a capital is known to be no name.
pub(crate) fn is_not_name(word: &str) -> bool {
    NOT_NAMES.has(word)
}

/// Whether a word is known to be no name by more than its end.
pub(crate) fn is_surely_not_name(word: &str) -> bool {
    NOT_NAMES.has_but_for_ends(word)
}

table! {
    /// Whether a word is a place.
    is_place, "places.txt"
}
