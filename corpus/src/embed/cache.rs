//! Texts in; the vectors that an earlier run made of them out, so that only what changed is embedded again.
//!
//! The cache may be lost at any time. Its keys are hashes over model and text, so it never gives a vector of another model.

use std::path::Path;

use redb::{Database, ReadableDatabase, ReadableTableMetadata, TableDefinition};
use sha2::{Digest, Sha256};

use crate::release::EmbeddingStamp;

/// How much of the file is held in memory, in bytes. A run asks for each vector once.
const HELD: usize = 16 << 20;

const VECTORS: TableDefinition<'_, &[u8; 32], &[u8]> = TableDefinition::new("vectors");

/// Why the cache cannot be used. Deleting its file is always a remedy.
#[derive(Debug, thiserror::Error)]
#[error("vector cache {path}: {reason} (it may be deleted; the next run then embeds everything again)")]
pub struct CacheError {
    path: String,
    reason: String,
}

/// Vectors on disk, by model and text.
pub struct VectorCache {
    database: Database,
    path: String,
}

impl VectorCache {
    /// Opens the cache file, or makes an empty one.
    pub fn open(path: &Path) -> Result<Self, CacheError> {
        let name = path.display().to_string();
        let failed = |reason: String| CacheError {
            path: name.clone(),
            reason,
        };
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).map_err(|e| failed(e.to_string()))?;
        }
        let database = Database::builder()
            .set_cache_size(HELD)
            .create(path)
            .map_err(|e| failed(e.to_string()))?;
        let cache = Self { database, path: name };
        // The table must exist before anyone reads it.
        cache.put(&[])?;
        Ok(cache)
    }

    /// The vector of each text under this model, where there is one.
    pub fn get(&self, stamp: &EmbeddingStamp, texts: &[String]) -> Result<Vec<Option<Vec<f32>>>, CacheError> {
        let read = self.database.begin_read().map_err(|e| self.failed(e))?;
        let table = read.open_table(VECTORS).map_err(|e| self.failed(e))?;
        let mut vectors = Vec::with_capacity(texts.len());
        for text in texts {
            let found = table.get(&key(stamp, text)).map_err(|e| self.failed(e))?;
            vectors.push(found.and_then(|bytes| unpacked(bytes.value(), stamp.dimensions)));
        }
        Ok(vectors)
    }

    /// Keeps vectors, all of them or none.
    pub fn insert(&self, stamp: &EmbeddingStamp, vectors: &[(&str, &[f32])]) -> Result<(), CacheError> {
        let entries: Vec<_> = vectors
            .iter()
            .map(|(text, vector)| (key(stamp, text), packed(vector)))
            .collect();
        self.put(&entries)
    }

    /// How many vectors it holds.
    pub fn len(&self) -> Result<u64, CacheError> {
        let read = self.database.begin_read().map_err(|e| self.failed(e))?;
        let table = read.open_table(VECTORS).map_err(|e| self.failed(e))?;
        table.len().map_err(|e| self.failed(e))
    }

    /// True if it holds none.
    pub fn is_empty(&self) -> Result<bool, CacheError> {
        Ok(self.len()? == 0)
    }

    fn put(&self, entries: &[([u8; 32], Vec<u8>)]) -> Result<(), CacheError> {
        let write = self.database.begin_write().map_err(|e| self.failed(e))?;
        {
            let mut table = write.open_table(VECTORS).map_err(|e| self.failed(e))?;
            for (key, vector) in entries {
                table.insert(key, vector.as_slice()).map_err(|e| self.failed(e))?;
            }
        }
        write.commit().map_err(|e| self.failed(e))
    }

    fn failed(&self, reason: impl ToString) -> CacheError {
        CacheError {
            path: self.path.clone(),
            reason: reason.to_string(),
        }
    }
}

fn key(stamp: &EmbeddingStamp, text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [&stamp.model, &stamp.sha256, text] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}

fn packed(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The vector again; `None` if the bytes are not one of this length.
fn unpacked(bytes: &[u8], dimensions: usize) -> Option<Vec<f32>> {
    let (values, rest) = bytes.as_chunks::<4>();
    let vector: Vec<f32> = values.iter().map(|&value| f32::from_le_bytes(value)).collect();
    (rest.is_empty() && vector.len() == dimensions).then_some(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(sha256: &str) -> EmbeddingStamp {
        EmbeddingStamp {
            model: "m".into(),
            sha256: sha256.into(),
            dimensions: 2,
        }
    }

    #[test]
    fn a_vector_is_found_again_after_reopening_but_not_for_another_model() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache").join("vectors.redb");
        let texts = ["en text".to_owned(), "en annan".to_owned()];
        VectorCache::open(&path)
            .unwrap()
            .insert(&stamp("a"), &[("en text", &[0.5, -1.0])])
            .unwrap();
        let cache = VectorCache::open(&path).unwrap();
        assert_eq!(cache.get(&stamp("a"), &texts).unwrap(), [Some(vec![0.5, -1.0]), None]);
        assert_eq!(cache.get(&stamp("b"), &texts).unwrap(), [None, None]);
        assert_eq!(cache.len().unwrap(), 1);
    }

    #[test]
    fn a_damaged_file_is_an_error_that_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors.redb");
        std::fs::write(&path, b"not a database").unwrap();
        let error = VectorCache::open(&path).err().unwrap().to_string();
        assert!(error.contains("deleted"), "{error}");
    }
}
