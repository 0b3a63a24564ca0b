//! What a run found on the web, for its report.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many notes on an entry are printed.
const MOST_NOTES: usize = 20;

/// What became of the pages of one entry of the list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WebReport {
    /// Which entry.
    pub id: String,
    /// Where its pages are.
    pub place: String,
    /// Pages that are new or have other bytes than before.
    pub fetched: usize,
    /// Pages that are as they were.
    pub unchanged: usize,
    /// Pages that were not there, for the first time: the next run decides.
    pub missing: Vec<Missed>,
    /// Pages that are proven gone, and out of the release from now on.
    pub gone: Vec<Missed>,
    /// Pages that the run knows nothing new about: their last text stays.
    pub unknown: Vec<Missed>,
    /// What else an operator should know: a list that could not be read, addresses that were left out.
    pub notes: Vec<String>,
}

/// A page that was not fetched, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// Where it is.
    pub address: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for WebReport {
    /// The pages that are missing or unknown stand among the documents that could not be read, with their reasons.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "WEB       {} ({}): {} fetched, {} unchanged, {} missing, {} gone, {} unknown",
            self.id,
            self.place,
            self.fetched,
            self.unchanged,
            self.missing.len(),
            self.gone.len(),
            self.unknown.len()
        )?;
        for Missed { address, reason } in &self.gone {
            writeln!(f, "    gone: {address}: {reason}")?;
        }
        for note in self.notes.iter().take(MOST_NOTES) {
            writeln!(f, "    {note}")?;
        }
        if let Some(more) = self.notes.len().checked_sub(MOST_NOTES).filter(|more| *more > 0) {
            writeln!(
                f,
                "    and {more} more, in the run's report under reports/ in the data folder"
            )?;
        }
        Ok(())
    }
}
