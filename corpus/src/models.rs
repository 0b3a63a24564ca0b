//! In: `models.toml`, which names every model, where it comes from and what it must hash to. Out: typed settings, and
//! paths to files that were checked before anything loads them.
//!
//! Both sides need this: an index that was built with one embedding model is wrong under another. Nothing here opens a
//! connection; fetching is the work of `lotsen-ingest models fetch`, and the server never fetches.

mod check;
mod list;
mod verify;

pub use check::TOKENIZER_FILES;
pub use list::{
    Conversion, EmbeddingSettings, JudgeSettings, Model, ModelFile, ModelKind, ModelList, PackageSource, Pooling,
    Quantisation, Source,
};
pub use verify::{Check, ModelFolder, VerifiedModel, sha256_of};

use std::path::PathBuf;

/// Where models lie unless a setting says otherwise, relative to the working directory.
pub const DEFAULT_FOLDER: &str = "models";

/// Why a model cannot be used. Each message names the file or the field and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The list of models could not be read from disk.
    #[error("cannot read the model list {path}: {source}")]
    ListUnreadable {
        /// The list that was asked for.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The list is not valid TOML or lacks a field; the parser's text names the line and the field.
    #[error("the model list {path} is not valid: {reason}")]
    ListInvalid {
        /// The list, or `models.toml (built in)`.
        path: String,
        /// The parser's message.
        reason: String,
    },
    /// A field of the list has a value that cannot be right.
    #[error("model list, {field}: {reason}")]
    Field {
        /// The field as an operator finds it, for example `model "e5" file "model.onnx" sha256`.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No model of that name is listed for this platform.
    #[error("no model \"{id}\" in the model list for {platform}; listed are: {known}")]
    Unknown {
        /// What was asked for.
        id: String,
        /// This machine, as `platform` is written in the list.
        platform: String,
        /// The ids that do exist.
        known: String,
    },
    /// A file of the model is not there.
    #[error("{file} is missing (expected SHA-256 {expected}): run `lotsen-ingest models fetch {id}`")]
    Missing {
        /// The missing file.
        file: PathBuf,
        /// The hash that the list names.
        expected: String,
        /// The model it belongs to.
        id: String,
    },
    /// A file of the model is too short or too long.
    #[error(
        "{file} has {found} bytes, expected {bytes} (SHA-256 {expected}): \
         delete it and run `lotsen-ingest models fetch {id}`"
    )]
    Size {
        /// The file.
        file: PathBuf,
        /// Its size on disk, in bytes.
        found: u64,
        /// The size that the list names, in bytes.
        bytes: u64,
        /// The hash that the list names.
        expected: String,
        /// The model it belongs to.
        id: String,
    },
    /// A file of the model has the right size and other content.
    #[error(
        "{file} has SHA-256 {found}, expected {expected}: it is damaged or not the listed file. \
         Delete it and run `lotsen-ingest models fetch {id}`"
    )]
    Hash {
        /// The file.
        file: PathBuf,
        /// The hash of what lies on disk.
        found: String,
        /// The hash that the list names.
        expected: String,
        /// The model it belongs to.
        id: String,
    },
    /// The operating system would not read a file.
    #[error("cannot read {file} (expected SHA-256 {expected}): {source}")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The hash that the list names.
        expected: String,
        /// What the operating system said.
        source: std::io::Error,
    },
}
