//! What the tests share: how to read one file, and where the real texts and the models are.

use std::path::{Path, PathBuf};

use lotsen_corpus::{BlockKind, Document, DocumentId, Edition, Kind, Validity};
use lotsen_ingest::extract::ExtractSettings;
use lotsen_ingest::fetch::Place;
use lotsen_ingest::personal::Policy;
use lotsen_ingest::read::{self, ReadError, Reading};
use lotsen_ingest::sources::Source;

/// The limits of a normal run, with the program that was just built.
pub fn extract_settings() -> ExtractSettings {
    ExtractSettings::with_program(PathBuf::from(env!("CARGO_BIN_EXE_lotsen-ingest")))
}

/// Reads one file as a document of this kind.
pub fn read(path: &Path, kind: Kind) -> Result<Reading, ReadError> {
    let source = Source {
        place: Place::File(path.to_owned()),
        untitled: true,
        personal_data: Policy::Accept,
        document: Document {
            id: DocumentId::new("test").unwrap(),
            title: "Test".to_owned(),
            short_title: None,
            kind,
            issuer: "Storåkers kommun".to_owned(),
            identifier: None,
            validity: Validity::default(),
            replaced_by: None,
            wording: None,
            source: "test".to_owned(),
            record: None,
            invented: true,
        },
    };
    read::read(&source, &extract_settings())
}

/// The folder with the real texts, or `None` with a line that says so.
pub fn shared_corpus() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = std::env::var_os("LOTSEN_SHARED")
        .map_or(root.join("../shared"), PathBuf::from)
        .join("data/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "skipped: {} is not here, set LOTSEN_SHARED to the folder with the real data",
        folder.display()
    );
    None
}

/// The models folder, if the embedding model and its runtime are in it, or `None` with a line that says so.
pub fn models() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = std::env::var_os("LOTSEN_MODELS").map_or(root.join("models"), PathBuf::from);
    let ready = ["multilingual-e5-small", "onnxruntime"]
        .iter()
        .all(|model| folder.join(model).is_dir());
    if ready {
        return Some(folder);
    }
    eprintln!(
        "skipped: no embedding model in {}, run `lotsen-ingest models fetch`",
        folder.display()
    );
    None
}

/// Fails unless the edition's blocks give back the source letter by letter, in its order, and every block that is no
/// heading is in exactly one passage. The cells of a table row may change places: a cell that runs over several printed
/// lines becomes whole.
pub fn assert_whole(edition: &Edition, source: &str, name: &str) {
    let mut left = source.chars().filter(|c| c.is_alphanumeric());
    for block in &edition.blocks {
        let mut own: Vec<char> = block.text.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut there: Vec<char> = left.by_ref().take(own.len()).collect();
        if matches!(block.kind, BlockKind::TableRow { .. }) {
            own.sort_unstable();
            there.sort_unstable();
        }
        assert!(own == there, "{name}: not as in the source: {}", block.text);
    }
    let rest: String = left.take(80).collect();
    assert!(rest.is_empty(), "{name}: lost from the end: {rest}");
    let mut covered = vec![0; edition.blocks.len()];
    for passage in &edition.passages {
        let range = passage.blocks.0 as usize..passage.blocks.1 as usize;
        let text: Vec<&str> = edition.blocks[range.clone()].iter().map(|b| b.text.as_str()).collect();
        assert_eq!(passage.text, text.join("\n"), "{name}");
        range.for_each(|at| covered[at] += 1);
    }
    for (block, times) in edition.blocks.iter().zip(covered) {
        let heading = matches!(block.kind, BlockKind::Heading { .. });
        assert_eq!(times, usize::from(!heading), "{name}: {}", block.text);
    }
}

/// The folder with the demonstration texts.
pub fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/demo")
}
