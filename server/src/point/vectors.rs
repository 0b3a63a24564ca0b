//! A passage in, the vectors of its sentences out; made once and kept, since the same passages are asked for again and again.
//!
//! Only the corpus's own text is kept here, never a word of a question.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lotsen_corpus::PassageId;
use lotsen_corpus::embed::Embedder;
use lotsen_corpus::release::PlacedPassage;

use super::quote;
use crate::question::AskError;

/// Passages kept. At some eight sentences each and 384 numbers a vector, about 60 MB when full.
const MOST_PASSAGES: usize = 5_000;

/// One vector for every sentence of a passage.
type OfPassage = Arc<Vec<Vec<f32>>>;

/// Vectors of sentences by passage. A passage's name depends on its text, so a new release makes no entry wrong.
#[derive(Default)]
pub struct SentenceVectors {
    kept: Mutex<HashMap<PassageId, OfPassage>>,
}

impl SentenceVectors {
    /// The vectors of a passage's sentences, in their order.
    pub async fn of(&self, embedder: &Embedder, place: &PlacedPassage) -> Result<OfPassage, AskError> {
        let id = &place.passage().id;
        if let Some(known) = self.lock().get(id) {
            return Ok(Arc::clone(known));
        }
        let text = &place.passage().text;
        let sentences = quote::sentences(place)
            .into_iter()
            .map(|range| text[range].to_owned())
            .collect();
        let made = Arc::new(embedder.passages(sentences).await.map_err(AskError::from_embed)?);
        let mut kept = self.lock();
        if kept.len() >= MOST_PASSAGES {
            kept.clear();
        }
        kept.insert(id.clone(), Arc::clone(&made));
        Ok(made)
    }

    /// A thread that panicked while it held the lock left a map that is still whole.
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PassageId, OfPassage>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
