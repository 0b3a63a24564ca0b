//! An understood question in; the passages that may answer it out, with their standing in each way of searching.
//!
//! Meaning and words are searched at once. A legal reference needs no search: its passage is fetched from its place and
//! joins the candidates, marked as named.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use lotsen_corpus::analysis::{SparseVector, query_vector};
use lotsen_corpus::embed::Embedder;
use lotsen_corpus::index::{Filter, Hit, Lane, Search};
use lotsen_corpus::release::PlacedPassage;
use lotsen_corpus::{DocumentId, Kind, LifeArea, PassageId};

use crate::library::Library;
use crate::question::AskError;
use crate::succession::{self, Elsewhere, Repealed};
use crate::understand::Understood;

/// What a term counts for that the table of the field's words brought in; the question's own count 1.
const MEANT: f32 = 0.4;

/// A passage that may answer the question.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Where it stands.
    pub place: PlacedPassage,
    /// Cosine with the question, if meaning found it.
    pub dense: Option<f32>,
    /// Sum of term weights, if words found it.
    pub sparse: Option<f32>,
    /// True if the question names it, or names the repealed provision whose rule it now holds.
    pub named: bool,
    /// True if the question names it by the number that it bears on its day.
    pub itself: bool,
    /// True if a word of the question is a name for it ("personkretsen").
    pub called: bool,
}

/// Everything that the search brought.
#[derive(Default)]
pub struct Candidates {
    /// In no particular order.
    pub found: Vec<Candidate>,
    /// The question's vector, for what compares meanings later.
    pub query: Vec<f32>,
    /// Repealed provisions that the question names, with where their rules stand now.
    pub repealed: Vec<Repealed>,
    /// The same for provisions of acts that the material does not hold.
    pub elsewhere: Vec<Elsewhere>,
    /// Named provisions that do not apply yet.
    pub future: Vec<PlacedPassage>,
}

/// Which texts to look in, and how widely.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Only these sorts of text; all when empty.
    pub kinds: Vec<Kind>,
    /// Only texts of these issuers; all when empty.
    pub issuers: Vec<String>,
    /// Only passages about these areas of life; all when empty.
    pub life_areas: Vec<LifeArea>,
    /// Only these documents; all when empty.
    pub documents: Vec<DocumentId>,
    /// Which wordings, by how they stand on the question's day.
    pub lane: Lane,
    /// Candidates of each way of searching.
    pub candidates: usize,
}

impl Reach {
    fn allows(&self, place: &PlacedPassage) -> bool {
        let document = &place.edition.document;
        let life_area = place.passage().marks.life_area;
        (self.kinds.is_empty() || self.kinds.contains(&place.kind()))
            && (self.issuers.is_empty() || self.issuers.contains(&document.issuer))
            && (self.life_areas.is_empty() || life_area.is_some_and(|area| self.life_areas.contains(&area)))
            && (self.documents.is_empty() || self.documents.contains(&document.id))
    }
}

/// Looks for passages that may answer, and follows the references.
pub async fn find(
    library: &Library,
    embedder: &Embedder,
    question: &Understood,
    reach: &Reach,
) -> Result<Candidates, AskError> {
    let filter = Filter {
        as_of: Some(question.as_of),
        kinds: reach.kinds.clone(),
        issuers: reach.issuers.clone(),
        life_areas: reach.life_areas.clone(),
        documents: reach.documents.clone(),
        lane: reach.lane,
        ..Filter::default()
    };
    let query = embed(embedder, &question.search_text).await?;
    let words = sparse(question);
    let hits = search(library, &query, words, filter, reach.candidates).await?;
    let gate = (reach.lane == Lane::InForce).then_some(question.as_of);
    let mut found = candidates(library, hits, gate);
    let named = succession::resolve(library, embedder, question).await?;
    for place in named.in_force.iter().filter(|place| reach.allows(place)) {
        let entry = entry(&mut found, place);
        (entry.named, entry.itself) = (true, true);
    }
    let successors = named.repealed.iter().flat_map(|repealed| &repealed.now);
    for place in successors.filter(|place| reach.allows(place)) {
        entry(&mut found, place).named = true;
    }
    let references = question.meant.iter().flat_map(|meant| meant.places);
    let called = references.flat_map(|reference| library.named(reference));
    for place in called.filter(|place| place.applies(question.as_of) && reach.allows(place)) {
        entry(&mut found, &place).called = true;
    }
    Ok(Candidates {
        found,
        query,
        repealed: named.repealed,
        elsewhere: named.elsewhere,
        future: named.future,
    })
}

/// The candidate for a place; a new one if no search found it.
pub(crate) fn entry<'a>(found: &'a mut Vec<Candidate>, place: &PlacedPassage) -> &'a mut Candidate {
    let is_same = |candidate: &Candidate| candidate.place.passage().id == place.passage().id;
    let at = found.iter().position(is_same).unwrap_or_else(|| {
        found.push(Candidate {
            place: place.clone(),
            dense: None,
            sparse: None,
            named: false,
            itself: false,
            called: false,
        });
        found.len() - 1
    });
    &mut found[at]
}

/// The terms of a question, and with less weight those that the texts use for what it says.
fn sparse(question: &Understood) -> SparseVector {
    let asked = query_vector(&question.search_text);
    let mut weights: BTreeMap<u32, f32> = asked.indices.into_iter().zip(asked.values).collect();
    for phrase in question.meant.iter().flat_map(|meant| meant.mean) {
        for term in query_vector(phrase).indices {
            weights.entry(term).or_insert(MEANT);
        }
    }
    SparseVector {
        indices: weights.keys().copied().collect(),
        values: weights.into_values().collect(),
    }
}

/// Both searches at once; what either found comes back once, with its standing in each.
pub async fn search(
    library: &Library,
    query: &[f32],
    words: SparseVector,
    filter: Filter,
    limit: usize,
) -> Result<Vec<Hit>, AskError> {
    let search = Search {
        dense: Some(query.to_vec()),
        sparse: Some(words),
        filter,
        limit,
    };
    library.index.search(&search).await.map_err(AskError::Index)
}

/// Hits with their places. One whose passage the release does not hold, or that does not apply on the day, is left out:
/// the filter of the index is the first gate, this is the second.
fn candidates(library: &Library, hits: Vec<Hit>, as_of: Option<Date>) -> Vec<Candidate> {
    let mut by_id: HashMap<PassageId, Candidate> = HashMap::with_capacity(hits.len());
    for hit in hits {
        let Some(place) = library.release.passage(&hit.passage) else {
            continue;
        };
        if as_of.is_some_and(|day| !place.applies(day)) {
            continue;
        }
        by_id.entry(hit.passage).or_insert(Candidate {
            place,
            dense: hit.dense.map(|rank| rank.score),
            sparse: hit.sparse.map(|rank| rank.score),
            named: false,
            itself: false,
            called: false,
        });
    }
    let mut found: Vec<Candidate> = by_id.into_values().collect();
    found.sort_by(|a, b| a.place.passage().id.cmp(&b.place.passage().id));
    found
}

/// The vector of a question.
pub async fn embed(embedder: &Embedder, text: &str) -> Result<Vec<f32>, AskError> {
    embedder.query(text.to_owned()).await.map_err(AskError::from_embed)
}
