//! A small release made by hand, with the real index and the real embedding model. All texts are written for the tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::{Date, date};
use lotsen_corpus::analysis::{self, document_vector};
use lotsen_corpus::embed::{EmbedSettings, Embedder};
use lotsen_corpus::index::{Index, IndexSettings, Point};
use lotsen_corpus::models::{ModelFolder, ModelList};
use lotsen_corpus::passage::PassageKind;
use lotsen_corpus::release::{EditionEntry, FORMAT};
use lotsen_corpus::{
    Block, BlockKind, Document, DocumentId, Edition, Kind, LifeArea, Manifest, Marks, Passage, PassageId, Provision,
    ReleaseStore, Validity,
};
use lotsen_server::generator::Generator;
use lotsen_server::open::Width;
use lotsen_server::point::Chooser;
use lotsen_server::{OpenError, Service, ServiceSettings};

/// The day on which one act took the other's place.
pub const SWITCH: Date = date(2025, 7, 1);

/// Heading, chapter, paragraph, text.
type Written = (&'static str, Option<&'static str>, &'static str, &'static str);

const OLD_ACT: &[Written] = &[
    (
        "Rätten till bistånd",
        Some("4"),
        "1",
        "Den som inte själv kan tillgodose sina behov har rätt till bistånd av socialnämnden. Biståndet ska ge en skälig levnadsnivå.",
    ),
    (
        "Hemtjänst utan prövning",
        Some("4"),
        "2 a",
        "Kommunen får erbjuda hemtjänst till äldre personer utan föregående individuell behovsprövning.",
    ),
];
const NEW_ACT: &[Written] = &[
    (
        "Kommunens ansvar",
        Some("4"),
        "1",
        "Varje kommun ansvarar för socialtjänsten inom sitt område.",
    ),
    (
        "Fast omsorgskontakt",
        Some("10"),
        "7",
        "Den som har hemtjänst ska erbjudas en fast omsorgskontakt, om det inte är uppenbart obehövligt.",
    ),
    (
        "Rätten till insatser",
        Some("11"),
        "1",
        "Den som inte själv kan tillgodose sina behov har rätt till insatser av socialnämnden. Insatserna ska ge en skälig levnadsnivå.",
    ),
    (
        "Makars rätt att bo tillsammans",
        Some("11"),
        "3",
        "Makar och sambor har rätt att bo tillsammans i särskilt boende. Det gäller under förutsättning att paret stadigvarande bor tillsammans.",
    ),
    (
        "Insatser utan individuell behovsprövning",
        Some("11"),
        "5",
        "Socialnämnden får tillhandahålla insatser utan individuell behovsprövning.",
    ),
    (
        "Förhandsbedömning",
        Some("20"),
        "2",
        "Socialnämnden ska besluta om en utredning ska inledas inom fjorton dagar från det att anmälan kom in (förhandsbedömning). Tiden får förlängas om det finns synnerliga skäl.",
    ),
    (
        "Undantag från samtycke",
        Some("21"),
        "1",
        "Samtycke krävs inte vid\n1. råd och stöd,\n2. insatser för barn som har fyllt 12 år, eller\n3. öppna verksamheter.",
    ),
];
const GUIDELINE: &[Written] = &[
    (
        "3.6.1 Att städa bostaden",
        None,
        "",
        "Städning utförs varannan vecka och omfattar högst två rum och kök. Fönsterputs ingår en gång per år.",
    ),
    (
        "3.7 Trygghetslarm",
        None,
        "",
        "Trygghetslarm beviljas den som känner oro eller har risk att falla. Avgiften är 250 kr i månaden.",
    ),
    (
        "3.8 Kontakt med hemtjänsten",
        None,
        "",
        "Den som har hemtjänst ska enligt 11 kap. 5 § SoL erbjudas en fast omsorgskontakt. Kontakten presenterar sig första veckan.",
    ),
];

/// The models folder, or why a test is skipped.
pub fn models() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("models");
    folder.join("multilingual-e5-small").is_dir().then_some(folder)
}

/// The real embedding model; one for all tests, since it takes a second to load.
pub fn embedder() -> Option<Embedder> {
    static EMBEDDER: std::sync::OnceLock<Option<Embedder>> = std::sync::OnceLock::new();
    let opened = EMBEDDER.get_or_init(|| {
        let folder = models()?;
        let list = ModelList::built_in().unwrap();
        Some(Embedder::open(&list, &ModelFolder::new(folder), &EmbedSettings::default()).unwrap())
    });
    if opened.is_none() {
        eprintln!("skipped: no embedding model; run `lotsen-ingest models fetch`");
    }
    opened.clone()
}

/// A release with both acts and a guideline in `dir`, made current.
pub async fn write_release(dir: &Path, name: &str, embedder: &Embedder, analysis: &str) {
    write_editions(dir, name, embedder, analysis, &editions()).await;
}

/// Both acts and a guideline.
pub fn editions() -> [Edition; 3] {
    let ends = Validity {
        valid_from: Some(date(2002, 1, 1)),
        valid_to: Some(SWITCH),
    };
    let begins = Validity {
        valid_from: Some(SWITCH),
        valid_to: None,
    };
    [
        edition(
            "riktlinje-hemtjanst",
            "Riktlinjer för hemtjänst",
            None,
            Kind::Riktlinje,
            Validity::default(),
            GUIDELINE,
        ),
        edition(
            "sfs-2001-453",
            "Socialtjänstlag (2001:453)",
            Some("2001:453"),
            Kind::Lag,
            ends,
            OLD_ACT,
        ),
        edition(
            "sfs-2025-400",
            "Socialtjänstlag (2025:400)",
            Some("2025:400"),
            Kind::Lag,
            begins,
            NEW_ACT,
        ),
    ]
}

/// A release of these editions in `dir`, made current.
pub async fn write_editions(dir: &Path, name: &str, embedder: &Embedder, analysis: &str, editions: &[Edition]) {
    let store = ReleaseStore::new(dir);
    let index = Index::create(&IndexSettings::Embedded, &store, name, embedder.stamp().dimensions)
        .await
        .unwrap();
    let mut entries = Vec::new();
    for edition in editions {
        index.insert(&points(edition, embedder).await).await.unwrap();
        entries.push(EditionEntry {
            document: edition.document.id.clone(),
            version: store.write_edition(edition).unwrap(),
            source_sha256: String::new(),
            checked: jiff::Timestamp::now(),
        });
    }
    index.finish().await.unwrap();
    drop(index);
    let manifest = Manifest {
        format: FORMAT,
        release: name.to_owned(),
        created: jiff::Timestamp::now(),
        analysis: analysis.to_owned(),
        embedding: embedder.stamp().clone(),
        index: "embedded".to_owned(),
        editions: entries,
    };
    store.write_manifest(&manifest).unwrap();
    store.activate(name).unwrap();
}

/// A service on the current release, without a judge and a language model.
pub async fn open(dir: &Path, embedder: Embedder) -> Result<Service, OpenError> {
    Service::open(settings(dir, embedder)).await
}

/// What such a service is made of.
pub fn settings(dir: &Path, embedder: Embedder) -> ServiceSettings {
    ServiceSettings {
        guard: lotsen_guard::Guard::of_rules(),
        data_dir: dir.to_owned(),
        index: IndexSettings::Embedded,
        embedder,
        judge: None,
        generator: Arc::new(Generator::Off),
        chooser: Chooser::Scorer,
        width: Width {
            candidates: 20,
            judged: 20,
            passages: 4,
            sentences: 4,
        },
        time_zone: jiff::tz::TimeZone::UTC,
    }
}

/// A release in a folder of its own, and the service on it.
pub async fn service() -> Option<(tempfile::TempDir, Service)> {
    let embedder = embedder()?;
    let dir = tempfile::tempdir().unwrap();
    write_release(dir.path(), "first", &embedder, analysis::VERSION).await;
    let service = open(dir.path(), embedder).await.unwrap();
    Some((dir, service))
}

fn edition(
    id: &str,
    title: &str,
    number: Option<&str>,
    kind: Kind,
    validity: Validity,
    written: &[Written],
) -> Edition {
    let id = DocumentId::new(id).unwrap();
    let passages = written
        .iter()
        .enumerate()
        .map(|(i, (heading, chapter, paragraph, text))| {
            let heading_path = vec![(*heading).to_owned()];
            let position = u32::try_from(i).unwrap();
            Passage {
                id: PassageId::new(&id, &format!("p{i}"), &heading_path, text, 0),
                section: chapter.is_none().then(|| heading.split(' ').next().unwrap().to_owned()),
                heading_path,
                provision: chapter.map(|chapter| Provision {
                    chapter: Some(chapter.to_owned()),
                    paragraph: (*paragraph).to_owned(),
                    parts: None,
                }),
                page: None,
                kind: PassageKind::Body,
                marks: Marks {
                    life_area: heading.contains("städa").then_some(LifeArea::Hemliv),
                    ..Marks::default()
                },
                validity,
                blocks: (position, position + 1),
                text: (*text).to_owned(),
            }
        });
    let passages: Vec<Passage> = passages.collect();
    let block = |passage: &Passage| Block {
        kind: BlockKind::Paragraph,
        text: passage.text.clone(),
        page: None,
    };
    Edition {
        blocks: passages.iter().map(block).collect(),
        document: Document {
            id,
            title: title.to_owned(),
            short_title: number.map(|_| "SoL".to_owned()),
            kind,
            issuer: if number.is_some() {
                "Riksdagen"
            } else {
                "Storåker kommun"
            }
            .to_owned(),
            identifier: number.map(str::to_owned),
            validity,
            replaced_by: None,
            wording: None,
            source: "test".to_owned(),
            record: None,
            invented: number.is_none(),
        },
        passages,
    }
}

async fn points(edition: &Edition, embedder: &Embedder) -> Vec<Point> {
    let texts: Vec<String> = edition
        .passages
        .iter()
        .map(|p| p.with_context(&edition.document.title))
        .collect();
    let vectors = embedder.passages(texts.clone()).await.unwrap();
    let passages = edition.passages.iter().zip(texts).zip(vectors);
    passages
        .map(|((passage, text), dense)| Point {
            passage: passage.id.clone(),
            document: edition.document.id.clone(),
            kind: edition.document.kind,
            issuer: edition.document.issuer.clone(),
            validity: passage.validity,
            provision: passage.provision.clone(),
            life_area: passage.marks.life_area,
            dense,
            sparse: document_vector(&text),
        })
        .collect()
}
