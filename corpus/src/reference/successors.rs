//! `successors.toml` in; for a repealed provision, the provisions that took its place out.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The address of a provision in a named act.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// SFS number of the act.
    pub sfs: String,
    /// Kapitel, in acts that have chapters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<String>,
    /// Paragraf.
    pub paragraph: String,
}

impl Place {
    /// The document id of its act: "sfs-2025-400".
    pub fn document(&self) -> String {
        super::document_of(&self.sfs)
    }
}

/// Where one repealed provision's rule stands now.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    /// The repealed provision.
    pub old: Place,
    /// The provisions that hold its rule now, most important first.
    pub new: Vec<Place>,
    /// Which words of both acts' texts show it.
    pub ground: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuccessorFile {
    successor: Vec<Successor>,
}

static SUCCESSORS: LazyLock<Vec<Successor>> = LazyLock::new(|| {
    // The file is built in and a test reads it, so the empty list is never seen.
    toml::from_str::<SuccessorFile>(include_str!("../../successors.toml"))
        .map(|file| file.successor)
        .unwrap_or_default()
});

/// Where the rule of this provision stands now; `None` if it is not known to have moved.
pub fn successor(sfs: &str, chapter: Option<&str>, paragraph: &str) -> Option<&'static Successor> {
    SUCCESSORS
        .iter()
        .find(|s| s.old.sfs == sfs && s.old.chapter.as_deref() == chapter && s.old.paragraph == paragraph)
}

/// All known successors, in the order of the repealed provisions.
pub fn successors() -> &'static [Successor] {
    &SUCCESSORS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_and_every_entry_has_its_ground() {
        let file: SuccessorFile = toml::from_str(include_str!("../../successors.toml")).unwrap();
        for (i, entry) in file.successor.iter().enumerate() {
            assert!(!entry.new.is_empty() && entry.ground.len() > 20, "{:?}", entry.old);
            assert!(
                file.successor[..i].iter().all(|s| s.old != entry.old),
                "twice: {:?}",
                entry.old
            );
        }
    }

    #[test]
    fn the_right_to_assistance_is_found_in_the_new_act() {
        let successor = successor("2001:453", Some("4"), "1").unwrap();
        assert_eq!(successor.new[0].chapter.as_deref(), Some("11"));
        assert_eq!(successor.new[0].paragraph, "1");
    }
}
