//! Releases on disk: what is finished is found again, and nothing half-written, damaged or foreign is ever served.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use lotsen_corpus::release::{EditionEntry, EmbeddingStamp, FORMAT, ReleaseError};
use lotsen_corpus::{
    Block, BlockKind, Document, DocumentId, Edition, Kind, Manifest, Passage, PassageId, ReleaseStore, Validity,
};

fn edition(text: &str) -> Edition {
    let id = DocumentId::new("riktlinje").unwrap();
    Edition {
        passages: vec![Passage {
            id: PassageId::new(&id, "s1", &[], text, 0),
            heading_path: Vec::new(),
            provision: None,
            section: None,
            page: None,
            kind: Default::default(),
            marks: Default::default(),
            validity: Validity::default(),
            blocks: (0, 1),
            text: text.to_owned(),
        }],
        blocks: vec![Block {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
            page: None,
        }],
        document: Document {
            id,
            title: "Riktlinje".to_owned(),
            short_title: None,
            kind: Kind::Riktlinje,
            issuer: "Storåker kommun".to_owned(),
            identifier: None,
            validity: Validity::default(),
            replaced_by: None,
            wording: None,
            source: "riktlinje.md".to_owned(),
            record: None,
            invented: true,
        },
    }
}

/// Writes and finishes a release with one edition, and returns that edition's version.
fn release(store: &ReleaseStore, name: &str, text: &str) -> String {
    let version = store.write_edition(&edition(text)).unwrap();
    store.write_manifest(&manifest(name, &version)).unwrap();
    version
}

fn manifest(name: &str, version: &str) -> Manifest {
    Manifest {
        format: FORMAT,
        release: name.to_owned(),
        created: Timestamp::now(),
        analysis: lotsen_corpus::analysis::VERSION.to_owned(),
        embedding: EmbeddingStamp {
            model: "m".to_owned(),
            sha256: "0".repeat(64),
            dimensions: 4,
        },
        index: "embedded".to_owned(),
        editions: vec![EditionEntry {
            document: DocumentId::new("riktlinje").unwrap(),
            version: version.to_owned(),
            source_sha256: "0".repeat(64),
            checked: Timestamp::now(),
        }],
    }
}

fn flip_a_letter(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, text.replacen("avgift", "avgåft", 1)).unwrap();
}

#[test]
fn an_interrupted_run_leaves_the_old_release_serving() {
    let dir = tempfile::tempdir().unwrap();
    let store = ReleaseStore::new(dir.path());
    assert!(matches!(store.open_current(), Err(ReleaseError::None(_))));
    release(&store, "one", "Ingen avgift.");
    store.activate("one").unwrap();

    // A run that was killed has written editions and part of an index, but no manifest.
    store.write_edition(&edition("Hög avgift.")).unwrap();
    fs::create_dir_all(store.index_dir("two")).unwrap();
    assert!(store.activate("two").is_err());
    let serving = store.open_current().unwrap();
    assert_eq!(serving.manifest.release, "one");
    let names: Vec<String> = store.releases().unwrap().into_iter().map(|m| m.release).collect();
    assert_eq!(names, ["one"]);
}

#[test]
fn an_older_release_can_be_chosen_again_and_its_text_never_changes() {
    let dir = tempfile::tempdir().unwrap();
    let store = ReleaseStore::new(dir.path());
    let first = release(&store, "one", "Ingen avgift.");
    let second = release(&store, "two", "Hög avgift.");
    assert_ne!(first, second);
    assert_eq!(
        store.write_edition(&edition("Ingen avgift.")).unwrap(),
        first,
        "same words, same version"
    );
    for (name, text) in [("two", "Hög avgift."), ("one", "Ingen avgift.")] {
        store.activate(name).unwrap();
        let release = store.open_current().unwrap();
        let passage = &release.edition("riktlinje").unwrap().1.passages[0];
        let placed = release.passage(&passage.id).unwrap();
        assert_eq!((placed.passage().text.as_str(), release.passage_count()), (text, 1));
    }
}

#[test]
fn a_name_that_would_leave_its_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = ReleaseStore::new(dir.path().join("data"));
    fs::write(dir.path().join("manifest.json"), "{}").unwrap();
    for name in ["..", "../..", "a/b", "a\\b", "", ".", "a\0", "å", &"a".repeat(81)] {
        assert!(matches!(store.manifest(name), Err(ReleaseError::Name(_))), "{name:?}");
        assert!(matches!(store.activate(name), Err(ReleaseError::Name(_))), "{name:?}");
        assert!(
            matches!(store.edition(name, "v"), Err(ReleaseError::Name(_))),
            "{name:?}"
        );
        assert!(
            matches!(store.edition("d", name), Err(ReleaseError::Name(_))),
            "{name:?}"
        );
    }
    fs::create_dir_all(store.root()).unwrap();
    fs::write(store.root().join("current"), "../../etc").unwrap();
    assert!(matches!(store.current(), Err(ReleaseError::Name(_))));
}

#[test]
fn a_damaged_manifest_names_its_file_and_does_not_hide_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let store = ReleaseStore::new(dir.path());
    release(&store, "one", "Ingen avgift.");
    release(&store, "two", "Hög avgift.");
    let path = store.release_dir("two").join("manifest.json");
    let json = fs::read_to_string(&path).unwrap();
    fs::write(&path, &json[..json.len() / 2]).unwrap();
    let error = store.activate("two").unwrap_err().to_string();
    assert!(error.contains("manifest.json") && error.contains("rollback"), "{error}");
    assert_eq!(store.releases().unwrap().len(), 1);
    store.activate("one").unwrap();
}

#[test]
fn an_edition_with_other_words_than_were_written_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = ReleaseStore::new(dir.path());
    let version = release(&store, "one", "Ingen avgift.");
    flip_a_letter(&dir.path().join("editions/riktlinje").join(format!("{version}.json")));
    let error = store.open("one").unwrap_err();
    assert!(matches!(error, ReleaseError::Damaged { .. }), "{error}");
}

#[test]
fn a_release_of_another_format_is_refused_with_both_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let store = ReleaseStore::new(dir.path());
    let version = store.write_edition(&edition("Ingen avgift.")).unwrap();
    store
        .write_manifest(&Manifest {
            format: FORMAT + 1,
            ..manifest("new", &version)
        })
        .unwrap();
    let error = store.open("new").unwrap_err().to_string();
    assert!(
        error.contains(&(FORMAT + 1).to_string()) && error.contains("run ingest again"),
        "{error}"
    );
}
