//! A document that has been read in; what it tells about its own making, filled into it, out.

mod adoption;
mod case;
mod life_area;
mod outcome;
mod pairs;

use lotsen_corpus::record::Record;
use lotsen_corpus::{Edition, Kind};

/// Reads the record of a document, and marks the parts of the case in judgments and the areas of life in handbooks. What looks
/// odd goes to `notes`.
pub fn fill(edition: &mut Edition, notes: &mut Vec<String>) {
    edition.document.record = match edition.document.kind {
        Kind::Rattsfall | Kind::Beslut => Some(Record::Case(case::read(edition, notes))),
        Kind::Riktlinje | Kind::Rutin | Kind::Foreskrift | Kind::AllmannaRad => {
            adoption::read(edition, notes).map(Record::Adoption)
        }
        _ => None,
    };
    life_area::mark(edition);
}

#[cfg(test)]
mod tests {
    use lotsen_corpus::{Block, BlockKind, Document, DocumentId, Edition, Kind, Passage, PassageId, Validity};

    /// An edition with one passage of lines under each heading.
    pub(super) fn edition(kind: Kind, sections: &[(&str, &str)]) -> Edition {
        let id = DocumentId::new("prov").unwrap();
        let mut blocks = Vec::new();
        let mut passages = Vec::new();
        for (heading, text) in sections {
            let lines = text.lines().map(|line| Block {
                kind: BlockKind::Paragraph,
                text: line.to_owned(),
                page: None,
            });
            blocks.extend(lines);
            let heading_path: Vec<String> = Some(*heading)
                .filter(|h| !h.is_empty())
                .map(str::to_owned)
                .into_iter()
                .collect();
            passages.push(Passage {
                id: PassageId::new(&id, "p", &heading_path, text, 0),
                heading_path,
                provision: None,
                section: None,
                page: None,
                kind: Default::default(),
                marks: Default::default(),
                validity: Validity::default(),
                blocks: (0, 0),
                text: (*text).to_owned(),
            });
        }
        let document = Document {
            id,
            title: "Prov".to_owned(),
            short_title: None,
            kind,
            issuer: "Storåkers kommun".to_owned(),
            identifier: None,
            validity: Validity::default(),
            replaced_by: None,
            wording: None,
            source: "prov.md".to_owned(),
            record: None,
            invented: true,
        };
        Edition {
            document,
            blocks,
            passages,
        }
    }
}
