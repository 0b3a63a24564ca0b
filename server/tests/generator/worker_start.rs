//! What stops a worker before it has loaded anything: none of these needs a model.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lotsen_corpus::models::{ModelError, ModelFolder, ModelList};
use lotsen_server::generator::{Generator, GeneratorError, GeneratorKind, WorkerFault};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{program, settings};

const CONTENT: &[u8] = b"GGUF\x03\0\0\0 no model follows, only some bytes with a known hash";

/// A models folder with one file, and a list that names the file as it should be.
struct Models {
    folder: TempDir,
    list: ModelList,
    path: PathBuf,
}

impl Models {
    fn new(kind: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small").join("small.gguf");
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, CONTENT).unwrap();
        let (bytes, sha256) = (CONTENT.len(), expected());
        let list = format!(
            "[[model]]\nid = \"small\"\nkind = \"{kind}\"\npurpose = \"a test\"\nlicence = \"CC0-1.0\"\n\
             [[model.source]]\nfrom = \"folder\"\npath = \"nowhere\"\n\
             [[model.file]]\npath = \"small.gguf\"\nbytes = {bytes}\nsha256 = \"{sha256}\"\n"
        );
        Self {
            folder,
            list: ModelList::parse(&list, "test").unwrap(),
            path,
        }
    }

    async fn start(&self, program: &Path) -> GeneratorError {
        let mut settings = settings(GeneratorKind::Worker);
        settings.worker.model = "small".to_owned();
        let folder = ModelFolder::new(self.folder.path());
        Generator::start_with(&settings, &self.list, &folder, program)
            .await
            .err()
            .unwrap()
    }
}

fn expected() -> String {
    format!("{:x}", Sha256::digest(CONTENT))
}

#[tokio::test]
async fn a_changed_file_is_refused_before_it_is_loaded() {
    let models = Models::new("language");
    let refused = async || {
        // If the file were not refused first, starting this program would be the error.
        let error = models.start(Path::new("/nonexistent/program")).await;
        let message = error.to_string();
        assert!(
            message.contains("small.gguf") && message.contains(&expected()),
            "{message}"
        );
        let GeneratorError::Model(error) = error else {
            panic!("{error:?}")
        };
        error
    };

    let mut flipped = CONTENT.to_vec();
    flipped[40] ^= 1;
    fs::write(&models.path, &flipped).unwrap();
    assert!(matches!(refused().await, ModelError::Hash { .. }));
    fs::write(&models.path, &CONTENT[..50]).unwrap();
    assert!(matches!(refused().await, ModelError::Size { found: 50, .. }));
    fs::remove_file(&models.path).unwrap();
    assert!(matches!(refused().await, ModelError::Missing { .. }));
}

#[tokio::test]
async fn a_model_that_cannot_write_is_refused() {
    let error = Models::new("runtime").start(program()).await;
    assert!(
        matches!(
            error,
            GeneratorError::Setting {
                name: "worker.model",
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_model_is_a_clear_error_and_no_crash() {
    let error = Models::new("language").start(program()).await;
    assert!(matches!(error, GeneratorError::Worker(WorkerFault::Load)), "{error:?}");
}

#[tokio::test]
async fn a_program_that_ends_at_once_is_an_error_within_a_second() {
    let began = Instant::now();
    let error = Models::new("language").start(Path::new("/bin/false")).await;
    assert!(matches!(error, GeneratorError::Died), "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[test]
fn the_worker_ends_when_its_parent_is_gone() {
    let mut worker = Command::new(program())
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(worker.stdin.take());
    let deadline = Instant::now() + Duration::from_secs(2);
    while worker.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}
