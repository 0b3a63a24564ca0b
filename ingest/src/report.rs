//! What a run did, for the operator: printed, and kept as JSON under `reports/` in the data folder.

use std::fmt;

use lotsen_corpus::DocumentId;
use serde::{Deserialize, Serialize};

use crate::extract::Format;
use crate::fetch::WebReport;
use crate::personal::{self, Policy};
use crate::references::References;

/// A whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When it began.
    pub started: jiff::Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The release that serves after it.
    pub release: String,
    /// Whether the run made that release.
    pub outcome: Outcome,
    /// What became of each entry on the web.
    #[serde(default)]
    pub web: Vec<WebReport>,
    /// The documents of the list, in its order.
    pub documents: Vec<DocumentReport>,
    /// Which of the documents' legal references lead nowhere.
    #[serde(default)]
    pub references: References,
    /// Documents of the release before that are on the list no more.
    pub gone: Vec<DocumentId>,
    /// How many passages the model read.
    pub embedded: usize,
    /// How many vectors were known from earlier runs.
    pub cached: usize,
    /// The most memory that this process held, in MiB, where the system tells.
    pub peak_memory_mib: Option<u64>,
}

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new release was made.
    Released,
    /// Neither texts nor settings differ from the release that serves: nothing was made.
    Unchanged,
}

/// What became of one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentReport {
    /// Which document.
    pub id: DocumentId,
    /// Its file.
    pub source: String,
    /// How it compares with the release before.
    pub state: State,
    /// What its content was.
    pub format: Option<Format>,
    /// How many chapters, paragraphs and passages it has.
    pub counts: Counts,
    /// What was left out, guessed or odd.
    pub notes: Vec<String>,
    /// How many certain findings of personal data its file has, by kind.
    pub personal_data: personal::Counts,
    /// What its source's policy does with them.
    #[serde(default)]
    pub policy: Policy,
}

/// How a document compares with the release before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was not there before.
    New,
    /// It has another version now.
    Changed,
    /// It has the version that it had.
    Unchanged,
    /// It could not be read; the version before is kept.
    Kept {
        /// Why it could not be read.
        reason: String,
    },
    /// It holds personal data and its source's policy leaves such documents out; a version before is left out too.
    Quarantined,
    /// It could not be read and there was no version before.
    Refused {
        /// Why it could not be read.
        reason: String,
    },
}

/// The size of a document in what Lotsen counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Chapters with at least one paragraph.
    pub chapters: usize,
    /// Distinct paragraphs (§), dual wordings counted once.
    pub paragraphs: usize,
    /// Passages.
    pub passages: usize,
    /// Characters of the longest passage.
    pub longest: usize,
}

impl Report {
    /// The documents that could not be read.
    pub fn failures(&self) -> impl Iterator<Item = (&DocumentReport, &str)> {
        self.documents.iter().filter_map(|document| match &document.state {
            State::Kept { reason } | State::Refused { reason } => Some((document, reason.as_str())),
            _ => None,
        })
    }

    /// The documents that were left out because of personal data.
    pub fn quarantined(&self) -> impl Iterator<Item = &DocumentReport> {
        self.documents
            .iter()
            .filter(|document| document.state == State::Quarantined)
    }

    fn count(&self, wanted: fn(&State) -> bool) -> usize {
        self.documents.iter().filter(|d| wanted(&d.state)).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", table(&self.documents))?;
        for entry in &self.web {
            write!(f, "{entry}")?;
        }
        for (document, reason) in self.failures() {
            let kept = if matches!(document.state, State::Kept { .. }) {
                "the version before is kept"
            } else {
                "not in the release"
            };
            writeln!(f, "NOT READ  {}: {reason} ({kept})", document.source)?;
        }
        for id in &self.gone {
            writeln!(f, "GONE      {id} is on the list no more")?;
        }
        for document in self.documents.iter().filter(|d| !d.personal_data.is_empty()) {
            let found = personal::listed(&document.personal_data);
            let done = match (&document.state, document.policy) {
                (State::Quarantined, _) => "quarantined: not in the release",
                (_, Policy::Mask) => "masked",
                _ => "accepted: look whether that is right",
            };
            writeln!(f, "PERSONAL  {}: {found} ({done})", document.id)?;
        }
        write!(f, "{}", self.references)?;
        writeln!(
            f,
            "{} new, {} changed, {} unchanged, {} not read, {} gone; {} passages embedded, {} from the cache; {:.1} s{}",
            self.count(|s| *s == State::New),
            self.count(|s| *s == State::Changed),
            self.count(|s| *s == State::Unchanged),
            self.failures().count(),
            self.gone.len(),
            self.embedded,
            self.cached,
            self.took_ms as f64 / 1_000.0,
            self.peak_memory_mib
                .map_or(String::new(), |mib| format!(", at most {mib} MiB")),
        )?;
        match self.outcome {
            Outcome::Released => writeln!(f, "release {} serves", self.release),
            Outcome::Unchanged => writeln!(f, "nothing has changed: release {} goes on serving", self.release),
        }
    }
}

/// One line per document, and its notes under it.
pub fn table(documents: &[DocumentReport]) -> String {
    let mut table = format!(
        "{:<42} {:>8} {:>10} {:>9} {:>8}\n",
        "document", "chapters", "paragraphs", "passages", "longest"
    );
    for document in documents {
        let Counts {
            chapters,
            paragraphs,
            passages,
            longest,
        } = document.counts;
        table += &format!(
            "{:<42} {chapters:>8} {paragraphs:>10} {passages:>9} {longest:>8}\n",
            document.id.as_str()
        );
        for note in &document.notes {
            table += &format!("    {note}\n");
        }
    }
    table
}

/// The most memory this process has held, in MiB.
pub(crate) fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib >> 10)
}
