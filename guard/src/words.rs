//! Word tables: in comes one word, out comes whether it is in a table under `words/`.
//!
//! A line of a table is a word in lower case; `*` in front stands for any beginning, `*` behind for any end, `#` begins
//! a comment.

use std::collections::HashSet;
use std::sync::LazyLock;

struct Table {
    words: HashSet<&'static str>,
    beginnings: Vec<&'static str>,
    ends: Vec<&'static str>,
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Table {
            words: HashSet::new(),
            beginnings: Vec::new(),
            ends: Vec::new(),
        };
        for line in text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if let Some(end) = line.strip_prefix('*') {
                table.ends.push(end);
            } else if let Some(beginning) = line.strip_suffix('*') {
                table.beginnings.push(beginning);
            } else {
                table.words.insert(line);
            }
        }
        table
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(word)
            || self.beginnings.iter().any(|beginning| word.starts_with(beginning))
            || self.ends.iter().any(|end| word.ends_with(end))
    }
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $file:literal) => {
        $(#[$doc])*
        pub(crate) fn $name(word: &str) -> bool {
            static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!(concat!("../words/", $file))));
            TABLE.has(word)
        }
    };
}

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
