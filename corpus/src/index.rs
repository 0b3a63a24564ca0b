//! Passages with vectors in; for a question's vectors and a filter, the passages that match out.
//!
//! Two engines behind one front: Qdrant embedded in the process, and a Qdrant server. Only this module knows either.
//! An index belongs to one release and is never changed once that release is finished.

use jiff::civil::Date;

use crate::analysis::SparseVector;
use crate::document::{DocumentId, Kind, Validity};
use crate::passage::{PassageId, Provision};

/// One passage as the index holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Which passage.
    pub passage: PassageId,
    /// Its document.
    pub document: DocumentId,
    /// The document's kind.
    pub kind: Kind,
    /// Who decided the document.
    pub issuer: String,
    /// When the passage's wording applies.
    pub validity: Validity,
    /// Its address, in acts and regulations.
    pub provision: Option<Provision>,
    /// What it means, from [`crate::embed`].
    pub dense: Vec<f32>,
    /// What it says, from [`crate::analysis`].
    pub sparse: SparseVector,
}

/// Which wordings may be found, by how they stand on the day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lane {
    /// Those in force.
    #[default]
    InForce,
    /// Those that no longer apply.
    Repealed,
    /// All, also those that do not apply yet.
    All,
}

/// What may be found. An empty list lets everything pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The day that matters; without one, validity is not looked at.
    pub as_of: Option<Date>,
    /// Which wordings, on that day.
    pub lane: Lane,
    /// Kinds of document.
    pub kinds: Vec<Kind>,
    /// Issuers, spelled as the documents have them.
    pub issuers: Vec<String>,
    /// Documents.
    pub documents: Vec<DocumentId>,
}

/// A search by meaning, by words, or both.
#[derive(Clone)]
pub struct Search {
    /// Vector of the question's meaning.
    pub dense: Option<Vec<f32>>,
    /// Vector of the question's words.
    pub sparse: Option<SparseVector>,
    /// What may be found.
    pub filter: Filter,
    /// How many to find at most, in each of the two ways.
    pub limit: usize,
}

/// A passage's standing in one way of searching.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rank {
    /// Place in the list, from 1.
    pub rank: usize,
    /// Cosine (dense) or the sum of weight times IDF (sparse); comparable only within one list.
    pub score: f32,
}

/// A passage that was found, with its standing in each way that found it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Which passage.
    pub passage: PassageId,
    /// By meaning.
    pub dense: Option<Rank>,
    /// By words.
    pub sparse: Option<Rank>,
}
