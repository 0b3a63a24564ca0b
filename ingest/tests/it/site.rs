//! A small municipality on disk: three guidelines, a list of them, a data folder and the program.

use std::path::PathBuf;
use std::process::{Command, Output};

use lotsen_corpus::ReleaseStore;

use crate::support::models;

/// A small corpus, a data folder and the program.
pub struct Site {
    folder: tempfile::TempDir,
    models: PathBuf,
}

impl Site {
    /// `None` where there is no model to make vectors with.
    pub fn new() -> Option<Self> {
        let site = Self {
            models: models()?,
            folder: tempfile::tempdir().unwrap(),
        };
        for name in ["avgift", "hemtjanst", "ledsagning"] {
            site.write(
                name,
                &format!("# Riktlinje för {name}\n\n## 1 Syfte\n\nNämnden beslutar om {name}.\n"),
            );
        }
        let list = "[defaults]\nkind = 'riktlinje'\nissuer = 'Storåkers kommun'\ninvented = true\n[[source]]\nfolder = 'texts'\n";
        std::fs::write(site.path("sources.toml"), list).unwrap();
        Some(site)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path("texts")).unwrap();
        std::fs::write(self.path("texts").join(format!("{name}.md")), text).unwrap();
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lotsen-ingest"));
        command.arg("run").arg("--sources").arg(self.path("sources.toml"));
        command
            .arg("--data")
            .arg(self.path("data"))
            .arg("--models")
            .arg(&self.models);
        command
    }

    pub fn run(&self) -> Output {
        let output = self.command().output().unwrap();
        assert!(
            output.status.code() != Some(1),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    pub fn store(&self) -> ReleaseStore {
        ReleaseStore::new(self.path("data"))
    }

    pub fn text_of(&self, document: &str) -> String {
        let release = self.store().open_current().unwrap();
        let (_, edition) = release.edition(document).unwrap();
        edition.passages.iter().map(|p| p.text.clone()).collect()
    }
}
