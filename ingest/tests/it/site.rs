//! A small municipality on disk: three guidelines, a list of them, a data folder and the program.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};

use lotsen_corpus::index::{Filter, Index, IndexSettings};
use lotsen_corpus::{PassageId, ReleaseStore};

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

    /// Writes one of the wordings of the guideline on fees that [`Site::learned`] has met.
    pub fn write_fee(&self, number: u64) {
        self.write("avgift", &fee(number % WORDINGS));
    }

    /// True if the guideline on fees has this wording in the release that serves.
    pub fn has_fee(&self, number: u64) -> bool {
        self.text_of("avgift") == format!("Avgiften är {} kronor.", number % WORDINGS)
    }

    /// A site with a release, whose runs have all the vectors that they will need: they take a moment, and most of it is
    /// writing.
    pub fn learned() -> Option<Self> {
        let site = Self::new()?;
        for number in 0..WORDINGS {
            site.write(&format!("ordalydelse-{number}"), &fee(number));
        }
        site.run();
        for number in 0..WORDINGS {
            std::fs::remove_file(site.path(&format!("texts/ordalydelse-{number}.md"))).unwrap();
        }
        site.write_fee(0);
        site.run();
        Some(site)
    }

    /// Fails unless the release that serves has its three documents, each once, and the index exactly their passages.
    pub fn assert_whole(&self, when: &str) {
        let release = self.store().open_current().unwrap();
        let names: Vec<&str> = release.editions().map(|(entry, _)| entry.document.as_str()).collect();
        assert_eq!(names, ["avgift", "hemtjanst", "ledsagning"], "{when}");
        let texts: BTreeSet<PassageId> = release
            .editions()
            .flat_map(|(_, edition)| edition.passages.iter().map(|p| p.id.clone()))
            .collect();
        let name = &release.manifest.release;
        let indexed = tokio::runtime::Runtime::new().unwrap().block_on(async {
            let index = Index::open(&IndexSettings::Embedded, &self.store(), name)
                .await
                .unwrap();
            index.list(&Filter::default(), 100).await.unwrap()
        });
        assert_eq!(
            indexed.len(),
            texts.len(),
            "{when}: a passage is in the index twice or not at all"
        );
        assert_eq!(indexed.into_iter().collect::<BTreeSet<_>>(), texts, "{when}");
    }

    /// Fails if anything is left of runs that did not end.
    pub fn assert_clean(&self, when: &str) {
        let folders = std::fs::read_dir(self.path("data/releases")).unwrap().count();
        assert_eq!(
            folders,
            self.store().releases().unwrap().len(),
            "{when}: an unfinished release"
        );
        let files = walkdir::WalkDir::new(self.path("data")).into_iter().flatten();
        let unfinished = files.filter(|file| file.file_name().to_string_lossy().starts_with(".tmp"));
        assert_eq!(unfinished.count(), 0, "{when}: an unfinished file");
    }

    /// Removes all releases but the one that serves.
    pub fn prune(&self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lotsen-ingest"));
        let pruned = command.args(["prune", "--keep", "1", "--data"]).arg(self.path("data"));
        assert!(pruned.output().unwrap().status.success());
    }
}

/// How many sites are put to the test at the same time: their runs wait for the disk more than they compute.
pub const TOGETHER: u64 = 4;

/// Does the same with several learned sites at once, each told which it is of them; `None` where there is no model.
pub fn together<T: Send>(work: impl Fn(&Site, u64) -> T + Sync) -> Option<Vec<T>> {
    let sites: Vec<Site> = (0..TOGETHER).map(|_| Site::learned()).collect::<Option<_>>()?;
    Some(std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..TOGETHER)
            .zip(&sites)
            .map(|(which, site)| scope.spawn(move || work(site, which)))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    }))
}

/// How many wordings of the guideline on fees there are.
const WORDINGS: u64 = 4;

fn fee(number: u64) -> String {
    format!("# Riktlinje för avgift\n\n## 1 Syfte\n\nAvgiften är {number} kronor.\n")
}
