//! A source in; its bytes and their hash out.
//!
//! A file is read where it lies. A page is fetched first ([`gather`]) and kept in the data folder, and from then on it is a
//! file like any other: a run without network reads what the last one fetched.

pub mod reply;

pub mod address;

mod robots;

mod retry;

mod exchange;

pub mod client;

mod genuine;

mod ledger;

mod listing;

mod gather;

mod report;

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lotsen_corpus::ReleaseStore;
use sha2::{Digest, Sha256};

use crate::release;

pub use gather::{GatherError, Gathered, gather};
pub use report::{Missed, WebReport};

/// Where a document's bytes are.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// In a file.
    File(PathBuf),
    /// On the web.
    Page(Page),
}

/// A page as a run found it.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The file that holds what was last fetched of it; `None` when nothing ever was.
    pub original: Option<PathBuf>,
    /// When its site last said that this is what it holds.
    pub checked: Option<Timestamp>,
    /// Why this run does not know what it holds now.
    pub trouble: Option<String>,
}

impl Place {
    /// Why this run does not know what the place holds now.
    pub fn trouble(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::Page(page) => page.trouble.as_deref(),
        }
    }

    /// When the place was last seen with these bytes: for a file, now.
    pub fn checked(&self) -> Timestamp {
        match self {
            Self::File(_) => Timestamp::now(),
            Self::Page(page) => page.checked.unwrap_or_else(Timestamp::now),
        }
    }
}

/// Removes from the data folder what was fetched and no page has any more, and says how many files that were.
pub fn sweep(store: &ReleaseStore) -> Result<usize, GatherError> {
    let _lock = release::lock(store).map_err(|error| GatherError::Busy(error.to_string()))?;
    ledger::Shelf::new(store.root()).sweep()
}

/// A file as it was read.
#[derive(Debug)]
pub struct Original {
    /// Its content.
    pub bytes: Vec<u8>,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
}

/// Why a source could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The file is not there or may not be read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The file is larger than the limit.
    #[error("larger than {limit} bytes, the limit for one file")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The file is only a sign for one that lies elsewhere.
    #[error("its content is not on this disk: have the synchronisation keep the folder's files here at all times")]
    NotHere,
    /// What was fetched is no longer what was kept.
    #[error("{0} is damaged: it is fetched again when its site answers")]
    Damaged(PathBuf),
    /// Nothing has ever been fetched of the page.
    #[error("{0}")]
    NotFetched(String),
}

/// From this size on, a file without a single block on the disk is no small file that the file system keeps elsewhere.
const SURELY_BLOCKS: u64 = 64 << 10;

/// Reads what is in a place, if that is at most `limit` bytes.
pub fn original(place: &Place, limit: u64) -> Result<Original, FetchError> {
    match place {
        Place::File(path) => file(path, limit),
        Place::Page(page) => match &page.original {
            Some(path) => {
                let original = file(path, limit)?;
                let named = path.file_name().is_some_and(|name| name == original.sha256.as_str());
                if named {
                    Ok(original)
                } else {
                    Err(FetchError::Damaged(path.clone()))
                }
            }
            None => Err(FetchError::NotFetched(page.trouble.clone().unwrap_or_default())),
        },
    }
}

/// Reads a file of at most `limit` bytes.
pub fn file(path: &Path, limit: u64) -> Result<Original, FetchError> {
    let io = |source| FetchError::Io {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if metadata.len() >= SURELY_BLOCKS && metadata.blocks() == 0 {
        return Err(FetchError::NotHere);
    }
    file.take(limit + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > limit {
        return Err(FetchError::TooLarge { limit });
    }
    let sha256 = sha256(&bytes);
    Ok(Original { bytes, sha256 })
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The error with its causes: "error sending request" alone does not help an operator.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
