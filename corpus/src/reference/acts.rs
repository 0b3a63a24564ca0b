//! `acts.toml` in, the acts and their names out.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

/// An act and the names it goes by.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// Number in Svensk författningssamling: "2025:400".
    pub sfs: String,
    /// What lawyers write after a paragraph: "SoL".
    pub short: String,
    /// Other names, in the definite form.
    pub names: Vec<String>,
    /// First day on which it no longer applied, of an act whose rules have moved elsewhere.
    #[serde(default)]
    pub repealed: Option<Date>,
    /// Words before a shared name that single this act out: "gamla".
    #[serde(default)]
    pub era: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActFile {
    act: Vec<Act>,
}

static ACTS: LazyLock<Vec<Act>> = LazyLock::new(|| {
    // The file is built in and a test reads it, so the empty list is never seen.
    toml::from_str::<ActFile>(include_str!("../../acts.toml"))
        .map(|file| file.act)
        .unwrap_or_default()
});

/// All acts that have names, newest first among those that share one.
pub fn acts() -> &'static [Act] {
    &ACTS
}

/// The act with this SFS number, if it has names.
pub fn act(sfs: &str) -> Option<&'static Act> {
    ACTS.iter().find(|act| act.sfs == sfs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_file_reads_and_names_no_act_twice() {
        let file: ActFile = toml::from_str(include_str!("../../acts.toml")).unwrap();
        assert!(file.act.len() > 40);
        let numbers: HashSet<_> = file.act.iter().map(|act| &act.sfs).collect();
        assert_eq!(numbers.len(), file.act.len());
    }

    #[test]
    fn an_act_whose_rules_have_moved_has_its_last_day() {
        for successor in crate::reference::successors::successors() {
            let old = act(&successor.old.sfs).unwrap();
            assert!(old.repealed.is_some(), "{}", old.sfs);
        }
    }

    #[test]
    fn acts_that_share_a_name_can_be_told_apart() {
        for act in acts() {
            let shared = acts().iter().filter(|other| other.short == act.short).count() > 1;
            assert_eq!(shared, !act.era.is_empty(), "{}", act.sfs);
        }
    }
}
