//! Passages' texts in; their vectors out: those that an earlier run made from the cache, the others from the model.
//!
//! The model takes seconds and a gigabyte to load, so it is loaded when the first text comes that no run has seen.

use std::path::Path;

use lotsen_corpus::embed::cache::VectorCache;
use lotsen_corpus::embed::{EmbedSettings, Embedder, stamp};
use lotsen_corpus::models::{ModelFolder, ModelList};
use lotsen_corpus::release::EmbeddingStamp;

use crate::release::BuildError;

/// Makes vectors, and counts what it had to make.
pub struct Vectors<'a> {
    list: &'a ModelList,
    folder: ModelFolder,
    settings: &'a EmbedSettings,
    stamp: EmbeddingStamp,
    model: Option<Embedder>,
    cache: VectorCache,
    /// How many vectors the model made.
    pub embedded: usize,
    /// How many were known from earlier runs.
    pub cached: usize,
}

impl<'a> Vectors<'a> {
    /// Opens the cache; the model is left for the first text that is not in it.
    pub fn open(
        list: &'a ModelList,
        folder: &Path,
        settings: &'a EmbedSettings,
        cache: &Path,
    ) -> Result<Self, BuildError> {
        Ok(Self {
            list,
            folder: ModelFolder::new(folder),
            settings,
            stamp: stamp(list, &settings.model)?,
            model: None,
            cache: VectorCache::open(cache)?,
            embedded: 0,
            cached: 0,
        })
    }

    /// The vector of each text, in their order.
    pub async fn of(&mut self, texts: &[String]) -> Result<Vec<Vec<f32>>, BuildError> {
        let known = self.cache.get(&self.stamp, texts)?;
        let missing = |(text, vector): (&String, &Option<Vec<f32>>)| vector.is_none().then(|| text.clone());
        let missing: Vec<String> = texts.iter().zip(&known).filter_map(missing).collect();
        let mut made = self.make(missing).await?.into_iter();
        self.cached += texts.len() - made.len();
        Ok(known
            .into_iter()
            .filter_map(|vector| vector.or_else(|| made.next()))
            .collect())
    }

    async fn make(&mut self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, BuildError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let model = match self.model.take() {
            Some(model) => model,
            None => Embedder::open(self.list, &self.folder, self.settings)?,
        };
        let made = self.model.insert(model).passages(texts.clone()).await?;
        let pairs: Vec<(&str, &[f32])> = texts
            .iter()
            .zip(&made)
            .map(|(text, vector)| (text.as_str(), vector.as_slice()))
            .collect();
        self.cache.insert(&self.stamp, &pairs)?;
        self.embedded += made.len();
        Ok(made)
    }
}
