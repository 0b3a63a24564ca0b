//! Word tables: in comes one word, out comes whether it is in a table under `words/`.
//!
//! A line of a table is a word in lower case; `*` in front stands for any beginning, `*` behind for any end, `#` begins
//! a comment.

use std::collections::HashSet;
use std::sync::LazyLock;

struct Table {
    words: HashSet<&'static str>,
    beginnings: Affixes,
    ends: Affixes,
}

/// Beginnings or ends, with the length of the longest in bytes: no word is looked at beyond it.
#[derive(Default)]
struct Affixes {
    all: HashSet<&'static str>,
    longest: usize,
}

impl Affixes {
    fn add(&mut self, affix: &'static str) {
        self.longest = self.longest.max(affix.len());
        self.all.insert(affix);
    }
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Table {
            words: HashSet::new(),
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
        let head = |length: usize| word.get(..length);
        let tail = |length: usize| word.get(word.len().checked_sub(length)?..);
        self.words.contains(word)
            || (1..=self.beginnings.longest)
                .filter_map(head)
                .any(|head| self.beginnings.all.contains(head))
            || (1..=self.ends.longest)
                .filter_map(tail)
                .any(|tail| self.ends.all.contains(tail))
    }
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
    /// Whether a word is a surname or ends as one.
    is_surname, "surnames.txt", WITH_NAMES
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
table! {
    /// Whether a word with a capital is known to be no name.
    is_not_name, "not_names.txt"
}
table! {
    /// Whether a word is a place.
    is_place, "places.txt"
}
