//! Swedish text in; the terms that stand for it in sparse search, and their BM25 weights, out.
//!
//! The weight of a term in a document is the document half of BM25; how rare the term is (IDF) is the index's to know, since
//! only it sees all documents. A question's terms weigh one each.

mod bm25;
mod compound;
mod stem;
mod stop;
mod terms;

pub use bm25::{AVERAGE_TERMS, SparseVector, document_vector, query_vector};
pub use compound::is_compound;
pub use terms::{stems, terms};

/// Name of these rules. An index made by others must not be searched with them: change it with any change of a term.
pub const VERSION: &str = "sv-3";
