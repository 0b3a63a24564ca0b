//! In: a model of the list and the models folder. Out: paths whose size and SHA-256 were found right, or which file is not.
//!
//! Hashing a gigabyte at every start would cost seconds, so a file above [`ALWAYS_HASHED`] leaves a stamp when it was
//! found right: size, inode, time of change of content and of inode, and the hash. The stamp assumes that the operating
//! system notes every write. It therefore catches everything that goes through the file system, also a flipped bit with
//! the old modification time put back, since nothing but the kernel sets the inode's change time. It does not catch a
//! bit that rots on the disk itself, nor somebody who may write to the models folder and forges the stamp:
//! `lotsen-ingest models verify --full` is for the first (from cron, say), file permissions are for the second.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Model, ModelError, ModelFile};

/// Files up to this size in bytes are hashed every time: it takes a fraction of a second, and they include the shared
/// library, which is code.
const ALWAYS_HASHED: u64 = 64 << 20;

/// Name of the stamp file in a model's folder.
const STAMP_FILE: &str = ".verified.json";

/// How thorough a check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Believes the stamp of a large file that has not changed since it was last hashed.
    Quick,
    /// Hashes every file.
    Full,
}

/// The folder under which each model has a folder of its own.
#[derive(Debug, Clone)]
pub struct ModelFolder {
    root: PathBuf,
}

/// A model whose files were all found right.
#[derive(Debug, Clone)]
pub struct VerifiedModel<'a> {
    model: &'a Model,
    folder: PathBuf,
}

/// What the operating system said about a file when its hash was found right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    bytes: u64,
    inode: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    sha256: String,
}

type Stamps = BTreeMap<String, Stamp>;

impl ModelFolder {
    /// The models folder at `root`; it need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The models folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of one model.
    #[must_use]
    pub fn of(&self, model: &Model) -> PathBuf {
        self.root.join(&model.id)
    }

    /// Checks every file of the model and leaves stamps for the large ones.
    ///
    /// # Errors
    /// [`ModelError`] for the first file that is missing, unreadable, of another size or of another hash.
    pub fn verify<'a>(&self, model: &'a Model, check: Check) -> Result<VerifiedModel<'a>, ModelError> {
        let folder = self.of(model);
        let old = read_stamps(&folder);
        let mut new = Stamps::new();
        for file in &model.files {
            let believed = if check == Check::Full {
                None
            } else {
                old.get(&file.path)
            };
            let stamp = verify_file(model, file, &folder, believed)?;
            new.extend(stamp.map(|stamp| (file.path.clone(), stamp)));
        }
        if new != old {
            write_stamps(&folder, &new);
        }
        Ok(VerifiedModel { model, folder })
    }
}

impl VerifiedModel<'_> {
    /// The file that is opened first: the `.onnx`, the first `.gguf`, the library.
    #[must_use]
    pub fn main_path(&self) -> PathBuf {
        self.folder.join(&self.model.main_file().path)
    }

    /// The listed file of this name.
    ///
    /// # Errors
    /// [`ModelError::Field`] if the model lists no such file.
    pub fn path(&self, name: &str) -> Result<PathBuf, ModelError> {
        Ok(self.folder.join(&self.model.file(name)?.path))
    }
}

/// SHA-256 of everything that `reader` gives, as 64 hexadecimal digits; `seen` is told how many bytes came each time.
///
/// # Errors
/// What the reader says.
pub fn sha256_of(mut reader: impl Read, mut seen: impl FnMut(u64)) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(format!("{:x}", hasher.finalize())),
            n => {
                hasher.update(&buffer[..n]);
                seen(n as u64);
            }
        }
    }
}

/// Checks one file; gives the stamp to keep, if the file is large enough to deserve one.
fn verify_file(
    model: &Model,
    file: &ModelFile,
    folder: &Path,
    believed: Option<&Stamp>,
) -> Result<Option<Stamp>, ModelError> {
    let path = folder.join(&file.path);
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => ModelError::Missing {
            file: path.clone(),
            expected: file.sha256.clone(),
            id: model.id.clone(),
        },
        _ => ModelError::Unreadable {
            file: path.clone(),
            expected: file.sha256.clone(),
            source,
        },
    };
    let opened = File::open(&path).map_err(unreadable)?;
    let before = opened.metadata().map_err(unreadable)?;
    if before.len() != file.bytes {
        return Err(ModelError::Size {
            file: path.clone(),
            found: before.len(),
            bytes: file.bytes,
            expected: file.sha256.clone(),
            id: model.id.clone(),
        });
    }
    let stamp = Stamp::new(&before, &file.sha256);
    let stamped = file.bytes > ALWAYS_HASHED;
    if stamped && believed == Some(&stamp) {
        return Ok(Some(stamp));
    }
    let found = sha256_of(&opened, |_| ()).map_err(unreadable)?;
    if found != file.sha256 {
        return Err(ModelError::Hash {
            file: path.clone(),
            found,
            expected: file.sha256.clone(),
            id: model.id.clone(),
        });
    }
    // A write while the hash was taken would make the stamp vouch for bytes that nobody hashed.
    let after = opened.metadata().map_err(unreadable)?;
    let unchanged = Stamp::new(&after, &file.sha256) == stamp;
    Ok((stamped && unchanged).then_some(stamp))
}

impl Stamp {
    fn new(metadata: &Metadata, sha256: &str) -> Self {
        Self {
            bytes: metadata.len(),
            inode: metadata.ino(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            sha256: sha256.to_owned(),
        }
    }
}

/// A stamp file that is missing or damaged only means that files are hashed again.
fn read_stamps(folder: &Path) -> Stamps {
    let text = std::fs::read(folder.join(STAMP_FILE)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// A models folder that may not be written to, which is how a careful site mounts it, only costs the hashing.
fn write_stamps(folder: &Path, stamps: &Stamps) {
    let write = || -> io::Result<()> {
        // Another user, the service's own for one, must be able to read it.
        let readable = Permissions::from_mode(0o644);
        let mut file = tempfile::Builder::new().permissions(readable).tempfile_in(folder)?;
        serde_json::to_writer(&mut file, stamps)?;
        file.persist(folder.join(STAMP_FILE)).map_err(|error| error.error)?;
        Ok(())
    };
    if let Err(error) = write() {
        tracing::debug!(folder = %folder.display(), %error, "no stamp kept: large models are hashed at every start");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::ModelList;
    use std::fs;

    /// A file just large enough to be stamped, and its model.
    fn large() -> (tempfile::TempDir, ModelList, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let content = vec![7; usize::try_from(ALWAYS_HASHED).unwrap() + 1];
        let hash = sha256_of(content.as_slice(), |_| ()).unwrap();
        let text = format!(
            r#"
            [[model]]
            id = "m"
            kind = "language"
            purpose = "test"
            licence = "MIT"
            source = [{{ from = "folder", path = "x" }}]
            file = [{{ path = "m.gguf", bytes = {}, sha256 = "{hash}" }}]
            "#,
            content.len()
        );
        let path = root.path().join("m/m.gguf");
        fs::create_dir(root.path().join("m")).unwrap();
        fs::write(&path, content).unwrap();
        (root, ModelList::parse(&text, "test").unwrap(), path)
    }

    fn flip_a_bit(path: &Path) {
        let mut content = fs::read(path).unwrap();
        content[1_000_000] ^= 1;
        fs::write(path, content).unwrap();
    }

    #[test]
    fn a_right_file_is_accepted_and_leaves_a_stamp_that_holds() {
        let (root, list, path) = large();
        let folder = ModelFolder::new(root.path());
        assert_eq!(folder.verify(&list.models[0], Check::Quick).unwrap().main_path(), path);
        let stamps = read_stamps(&root.path().join("m"));
        assert_eq!(stamps["m.gguf"].sha256, list.models[0].files[0].sha256);
        let opened = File::open(&path).unwrap();
        assert_eq!(
            stamps["m.gguf"],
            Stamp::new(&opened.metadata().unwrap(), &list.models[0].files[0].sha256)
        );
        folder.verify(&list.models[0], Check::Quick).unwrap();
    }

    #[test]
    fn one_flipped_bit_is_refused_with_file_and_hash_also_after_a_stamp_and_with_its_old_time() {
        let (root, list, path) = large();
        let (folder, model) = (ModelFolder::new(root.path()), &list.models[0]);
        folder.verify(model, Check::Quick).unwrap();
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        flip_a_bit(&path);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(time)
            .unwrap();
        for check in [Check::Quick, Check::Full] {
            let error = folder.verify(model, check).unwrap_err();
            assert!(matches!(error, ModelError::Hash { .. }), "{error}");
            let text = error.to_string();
            assert!(
                text.contains("m/m.gguf") && text.contains(&model.files[0].sha256),
                "{text}"
            );
        }
    }

    #[test]
    fn a_full_check_does_not_believe_the_stamp() {
        let (root, list, path) = large();
        let (folder, model) = (ModelFolder::new(root.path()), &list.models[0]);
        flip_a_bit(&path);
        // What a bit that rots on the disk looks like: the content is wrong, and the stamp fits.
        let metadata = fs::metadata(&path).unwrap();
        let stamp = Stamp::new(&metadata, &model.files[0].sha256);
        write_stamps(&root.path().join("m"), &Stamps::from([("m.gguf".to_owned(), stamp)]));
        folder.verify(model, Check::Quick).unwrap();
        assert!(matches!(
            folder.verify(model, Check::Full),
            Err(ModelError::Hash { .. })
        ));
    }

    #[test]
    fn truncated_and_missing_files_are_refused_with_file_and_hash() {
        let (root, list, path) = large();
        let (folder, model) = (ModelFolder::new(root.path()), &list.models[0]);
        folder.verify(model, Check::Quick).unwrap();
        File::options().write(true).open(&path).unwrap().set_len(1000).unwrap();
        let truncated = folder.verify(model, Check::Quick).unwrap_err();
        assert!(matches!(truncated, ModelError::Size { found: 1000, .. }), "{truncated}");
        fs::remove_file(&path).unwrap();
        let missing = folder.verify(model, Check::Quick).unwrap_err();
        assert!(matches!(missing, ModelError::Missing { .. }), "{missing}");
        for text in [truncated.to_string(), missing.to_string()] {
            assert!(
                text.contains("m/m.gguf") && text.contains(&model.files[0].sha256),
                "{text}"
            );
        }
    }

    #[test]
    fn a_damaged_stamp_file_only_costs_the_hashing() {
        let (root, list, _) = large();
        fs::write(root.path().join("m").join(STAMP_FILE), "{ not json").unwrap();
        ModelFolder::new(root.path())
            .verify(&list.models[0], Check::Quick)
            .unwrap();
        assert_eq!(read_stamps(&root.path().join("m")).len(), 1);
    }
}
