//! What the tests share: how to read one file, and where the real texts and the models are.

use std::path::{Path, PathBuf};

use lotsen_corpus::{Document, DocumentId, Kind, Validity};
use lotsen_ingest::extract::ExtractSettings;
use lotsen_ingest::read::{self, ReadError, Reading};
use lotsen_ingest::sources::Source;

/// The limits of a normal run, with the program that was just built.
pub fn extract_settings() -> ExtractSettings {
    ExtractSettings::with_program(PathBuf::from(env!("CARGO_BIN_EXE_lotsen-ingest")))
}

/// Reads one file as a document of this kind.
pub fn read(path: &Path, kind: Kind) -> Result<Reading, ReadError> {
    let source = Source {
        path: path.to_owned(),
        untitled: true,
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
