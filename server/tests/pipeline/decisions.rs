//! Decisions by invented courts, read as `lotsen-ingest` reads them. All texts are written for the tests.

use std::path::Path;

use jiff::civil::{Date, date};
use lotsen_corpus::embed::Embedder;
use lotsen_corpus::passage::{Marks, PassageKind};
use lotsen_corpus::record::{Case, CasePart, Outcome, Record};
use lotsen_corpus::reference::successors::Place;
use lotsen_corpus::{Block, BlockKind, Document, DocumentId, Edition, Kind, Passage, PassageId, Validity, analysis};

use crate::corpus;

/// What differs between the decisions; number and day name them.
struct Written {
    number: &'static str,
    title: &'static str,
    court: &'static str,
    decided: Date,
    outcome: Option<Outcome>,
    provision: (&'static str, Option<&'static str>, &'static str),
    question: &'static str,
    reasoning: &'static str,
    verdict: &'static str,
}

const LSS: (&str, Option<&str>, &str) = ("1993:387", None, "9");

const DECISIONS: [Written; 5] = [
    Written {
        number: "8004-25",
        title: "Påhittat avgörande: kontaktperson och ett brett umgänge",
        court: "Förvaltningsrätten i Storåker (påhittad)",
        decided: date(2025, 3, 4),
        outcome: Some(Outcome::Denied),
        provision: LSS,
        question: "Frågan är om en kvinna med många vänner har rätt till kontaktperson enligt 9 § 4 LSS.",
        reasoning: "Kontaktperson är till för den som är isolerad. Kvinnan har vänner, och rätten till kontaktperson förutsätter att behovet inte är tillgodosett på annat sätt.",
        verdict: "Förvaltningsrätten avslår överklagandet. Kvinnan har inte rätt till kontaktperson.",
    },
    Written {
        number: "8001-25",
        title: "Påhittat avgörande: kontaktperson i gruppbostad",
        court: "Kammarrätten i Storåker (påhittad)",
        decided: date(2025, 10, 14),
        outcome: Some(Outcome::Granted),
        provision: LSS,
        question: "Frågan är om en man som bor i gruppbostad har rätt till kontaktperson enligt 9 § 4 LSS.",
        reasoning: "En kontaktperson ska vara en medmänniska och inte personal. Rätten till kontaktperson i gruppbostad faller inte bort för att personalen följer med på aktiviteter.",
        verdict: "Kammarrätten avslår nämndens överklagande. Mannen har rätt till kontaktperson.",
    },
    Written {
        number: "8002-25",
        title: "Påhittat avgörande: kontaktperson när syskon ställer upp",
        court: "Kammarrätten i Storåker (påhittad)",
        decided: date(2025, 11, 4),
        outcome: Some(Outcome::Denied),
        provision: LSS,
        question: "Frågan är om den som träffar sina syskon varje vecka har rätt till kontaktperson enligt 9 § 4 LSS.",
        reasoning: "Rätten till kontaktperson är till för den som har svårt att få egna kontakter. Den som bor i gruppbostad och träffar sina syskon varje vecka är inte isolerad.",
        verdict: "Kammarrätten avslår kvinnans överklagande om kontaktperson.",
    },
    Written {
        number: "8003-25",
        title: "Påhittat avgörande: kontaktperson ska utredas på nytt",
        court: "Kammarrätten i Storåker (påhittad)",
        decided: date(2025, 12, 2),
        outcome: Some(Outcome::Remitted),
        provision: LSS,
        question: "Frågan är om nämndens utredning av rätten till kontaktperson räcker enligt 9 § 4 LSS.",
        reasoning: "Underlaget säger inget om hur mannen i gruppbostad får kontakter. Rätten till kontaktperson går därför inte att bedöma.",
        verdict: "Kammarrätten visar målet om kontaktperson åter till nämnden för ny prövning.",
    },
    Written {
        number: "8005-26",
        title: "Påhittat avgörande: parboende efter femton år",
        court: "Kammarrätten i Storåker (påhittad)",
        decided: date(2026, 2, 10),
        outcome: Some(Outcome::Denied),
        provision: ("2025:400", Some("11"), "3"),
        question: "Frågan är om makar som länge har haft var sin lägenhet får flytta ihop i ett särskilt boende.",
        reasoning: "Makar får bo tillsammans i särskilt boende bara om de varaktigt har bott ihop. Att äktenskapet består räcker inte.",
        verdict: "Kammarrätten bifaller nämndens överklagande om parboende i särskilt boende.",
    },
];

/// A release of the decisions alone in a folder of its own, and the service on it.
pub async fn service() -> Option<(tempfile::TempDir, lotsen_server::Service)> {
    let embedder = corpus::embedder()?;
    let dir = tempfile::tempdir().unwrap();
    write_release(dir.path(), &embedder).await;
    let service = corpus::open(dir.path(), embedder).await.unwrap();
    Some((dir, service))
}

/// A release of the decisions alone, made current.
async fn write_release(dir: &Path, embedder: &Embedder) {
    let editions: Vec<Edition> = DECISIONS.iter().map(edition).collect();
    corpus::write_editions(dir, "decisions", embedder, analysis::VERSION, &editions).await;
}

fn edition(written: &Written) -> Edition {
    let id = DocumentId::new(format!("storaker-{}", written.number)).unwrap();
    let validity = Validity {
        valid_from: Some(written.decided),
        valid_to: None,
    };
    let parts = [
        ("Frågan i målet", CasePart::Question, written.question),
        ("Skälen för avgörandet", CasePart::Reasoning, written.reasoning),
        ("Domslut", CasePart::Outcome, written.verdict),
    ];
    let passages: Vec<Passage> = (0..)
        .zip(parts)
        .map(|(position, (heading, part, text))| {
            let heading_path = vec![heading.to_owned()];
            Passage {
                id: PassageId::new(&id, &format!("p{position}"), &heading_path, text, 0),
                heading_path,
                provision: None,
                section: None,
                page: None,
                kind: PassageKind::Body,
                marks: Marks {
                    case_part: Some(part),
                    ..Marks::default()
                },
                validity,
                blocks: (position, position + 1),
                text: text.to_owned(),
            }
        })
        .collect();
    let block = |passage: &Passage| Block {
        kind: BlockKind::Paragraph,
        text: passage.text.clone(),
        page: None,
    };
    let (sfs, chapter, paragraph) = written.provision;
    let case = Case {
        court: Some(written.court.to_owned()),
        number: Some(written.number.to_owned()),
        decided: Some(written.decided),
        referat: None,
        outcome: written.outcome,
        provisions: vec![Place {
            sfs: sfs.to_owned(),
            chapter: chapter.map(str::to_owned),
            paragraph: paragraph.to_owned(),
        }],
    };
    Edition {
        blocks: passages.iter().map(block).collect(),
        document: Document {
            id,
            title: written.title.to_owned(),
            short_title: None,
            kind: Kind::Rattsfall,
            issuer: written.court.to_owned(),
            identifier: Some(written.number.to_owned()),
            validity,
            replaced_by: None,
            wording: None,
            source: "test".to_owned(),
            record: Some(Record::Case(case)),
            invented: true,
        },
        passages,
    }
}
