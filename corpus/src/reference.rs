//! Swedish text in, the legal references (lagrumshänvisningar) in it out.
//!
//! A reference says what is written, not what is meant: "4 kap. 1 § SoL" names two acts, the one of 2001 and the one of
//! 2025, and only a date tells which. [`successors`] knows where a repealed provision's rule stands now.

mod acts;
mod find;
mod mention;
mod places;
pub mod resolve;
pub mod successors;

use std::ops::Range;

pub use acts::{Act, act, acts};
pub use find::find;

/// One reference as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The act it names; `None` if the text around it must tell ("enligt 4 §").
    pub act: Option<ActRef>,
    /// Kapitel: "4", "2 a".
    pub chapter: Option<String>,
    /// Paragraf: "1", "7 a". `None` for a whole chapter or a whole act.
    pub paragraph: Option<String>,
    /// Last paragraph of a range: "7" in "5–7 §§".
    pub through: Option<String>,
    /// Stycke, counted from 1.
    pub part: Option<u32>,
    /// Punkt: "3", "3 a".
    pub item: Option<String>,
    /// Where it stands, in bytes. Paragraphs listed together ("4 och 5 §§") share one place.
    pub span: Range<usize>,
}

/// An act as a reference names it: one name, and the acts that bear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActRef {
    /// The act's short name ("SoL"); the number itself where the act is not in `acts.toml`.
    pub name: String,
    /// SFS numbers of the acts that may be meant, newest first. One if the text leaves no doubt.
    pub sfs: Vec<String>,
}

impl ActRef {
    /// The document ids of the candidates: "sfs-2025-400".
    pub fn documents(&self) -> impl Iterator<Item = String> {
        self.sfs.iter().map(|sfs| document_of(sfs))
    }
}

/// The document id of the act with this SFS number: "sfs-2025-400" of "2025:400".
pub fn document_of(sfs: &str) -> String {
    format!("sfs-{}", sfs.replace(':', "-"))
}

impl Reference {
    /// The one term that stands for it in the sparse vectors: "sol:11:1", "lss:9". `None` without an act or paragraph.
    pub fn term(&self) -> Option<String> {
        let act = self.act.as_ref()?.name.to_lowercase();
        let paragraph = self.paragraph.as_ref()?.replace(' ', "");
        Some(match &self.chapter {
            Some(chapter) => format!("{act}:{}:{paragraph}", chapter.replace(' ', "")),
            None => format!("{act}:{paragraph}"),
        })
    }
}
