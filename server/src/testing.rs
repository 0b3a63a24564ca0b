//! A few words in, a placed passage out; for unit tests only.

use std::sync::Arc;

use lotsen_corpus::passage::{Marks, PassageKind};
use lotsen_corpus::record::CasePart;
use lotsen_corpus::release::PlacedPassage;
use lotsen_corpus::{Document, DocumentId, Edition, Kind, Passage, PassageId, Provision, Validity};

/// What a test says about a passage.
#[derive(Clone, Default)]
pub(crate) struct Draft<'a> {
    pub title: &'a str,
    pub short: Option<&'a str>,
    pub identifier: Option<&'a str>,
    pub kind: Option<Kind>,
    pub provision: Option<(Option<&'a str>, &'a str)>,
    pub section: Option<&'a str>,
    pub heading: Option<&'a str>,
    pub page: Option<u32>,
    pub case_part: Option<CasePart>,
    pub validity: Validity,
    pub text: &'a str,
    pub invented: bool,
}

pub(crate) fn place(draft: &Draft<'_>) -> PlacedPassage {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let id = DocumentId::new("document").unwrap();
    let heading_path: Vec<String> = owned(draft.heading).into_iter().collect();
    let passage = Passage {
        id: PassageId::new(&id, "anchor", &heading_path, draft.text, 0),
        heading_path,
        provision: draft.provision.map(|(chapter, paragraph)| Provision {
            chapter: owned(chapter),
            paragraph: paragraph.to_owned(),
            parts: None,
        }),
        section: owned(draft.section),
        page: draft.page,
        kind: PassageKind::Body,
        marks: Marks {
            case_part: draft.case_part,
            ..Marks::default()
        },
        validity: draft.validity,
        blocks: (0, 1),
        text: draft.text.to_owned(),
    };
    let document = Document {
        id,
        title: draft.title.to_owned(),
        short_title: owned(draft.short),
        kind: draft.kind.unwrap_or(Kind::Lag),
        issuer: "Storåker kommun".to_owned(),
        identifier: owned(draft.identifier),
        validity: draft.validity,
        replaced_by: None,
        wording: None,
        source: "test".to_owned(),
        record: None,
        invented: draft.invented,
    };
    PlacedPassage {
        edition: Arc::new(Edition {
            document,
            blocks: Vec::new(),
            passages: vec![passage],
        }),
        version: "0123456789ab".to_owned(),
        position: 0,
    }
}
