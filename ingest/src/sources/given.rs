//! What the list of sources and the source itself say about a document in; the document out.

use jiff::civil::Date;
use lotsen_corpus::{Document, DocumentId, Kind, Validity};
use serde::{Deserialize, Serialize};

/// What an entry of the list says about its documents. It weighs more than what a source says itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    pub(super) title: Option<String>,
    pub(super) short_title: Option<String>,
    pub(super) kind: Option<Kind>,
    pub(super) issuer: Option<String>,
    pub(super) identifier: Option<String>,
    pub(super) validity: Validity,
    pub(super) replaced_by: Option<DocumentId>,
    pub(super) wording: Option<String>,
    pub(super) invented: bool,
}

/// What a source says about one of its documents.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What sort of text it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Who decided it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Its official number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// The first day in force, or the day of a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Up to which amendment the text goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// Where people read it, if that is not where the program fetched it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl About {
    /// The same, with what was known before where nothing is said now.
    pub(crate) fn or(self, before: About) -> Self {
        Self {
            title: self.title.or(before.title),
            kind: self.kind.or(before.kind),
            issuer: self.issuer.or(before.issuer),
            identifier: self.identifier.or(before.identifier),
            valid_from: self.valid_from.or(before.valid_from),
            wording: self.wording.or(before.wording),
            address: self.address.or(before.address),
        }
    }
}

impl Given {
    /// The document, and whether its title is still to be taken from its own text.
    pub(crate) fn document(&self, id: DocumentId, about: &About, place: &str) -> (Document, bool) {
        let one = |given: &Option<String>, said: &Option<String>| given.clone().or_else(|| said.clone());
        let title = one(&self.title, &about.title);
        let untitled = title.is_none();
        let document = Document {
            title: title.unwrap_or_else(|| place.to_owned()),
            short_title: self.short_title.clone(),
            kind: self.kind.or(about.kind).unwrap_or(Kind::Ovrigt),
            issuer: one(&self.issuer, &about.issuer).unwrap_or_default(),
            identifier: one(&self.identifier, &about.identifier),
            validity: Validity {
                valid_from: self.validity.valid_from.or(about.valid_from),
                ..self.validity
            },
            replaced_by: self.replaced_by.clone(),
            wording: one(&self.wording, &about.wording),
            source: about.address.clone().unwrap_or_else(|| place.to_owned()),
            record: None,
            invented: self.invented,
            id,
        };
        (document, untitled)
    }
}
