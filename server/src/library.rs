//! A finished release in; everything the read side looks up in it out: passages by address, and how rare each word is.

mod words;

use std::collections::HashMap;

use lotsen_corpus::analysis::{document_vector, query_vector};
use lotsen_corpus::index::Index;
use lotsen_corpus::passage::PassageKind;
use lotsen_corpus::reference::Reference;
use lotsen_corpus::release::PlacedPassage;
use lotsen_corpus::{Edition, PassageId, Release};

pub use self::words::Words;

/// The number of a term, as the sparse vectors have it.
pub type Term = u32;

/// A release that is open for reading, and what can be worked out from it once and for all.
pub struct Library {
    /// The texts.
    pub release: Release,
    /// The vectors.
    pub index: Index,
    /// The words of all texts.
    pub words: Words,
    provisions: HashMap<Address, Vec<PassageId>>,
    terms: HashMap<PassageId, PassageTerms>,
    frequencies: HashMap<Term, u32>,
}

/// Document, chapter and paragraph, with the spaces out of "2 a".
type Address = (String, Option<String>, String);

/// The terms of one passage, each once, ascending.
#[derive(Debug, Default)]
pub struct PassageTerms {
    /// In its own words.
    pub text: Vec<Term>,
    /// In its document's title and its headings.
    pub context: Vec<Term>,
}

impl PassageTerms {
    /// True if the term stands in the passage or above it.
    pub fn has(&self, term: Term) -> bool {
        self.text.binary_search(&term).is_ok() || self.context.binary_search(&term).is_ok()
    }
}

impl Library {
    /// Reads through the whole release once. Takes a second or two, so not on an async thread.
    pub fn new(release: Release, index: Index) -> Self {
        let mut provisions: HashMap<Address, Vec<PassageId>> = HashMap::new();
        let mut terms = HashMap::with_capacity(release.passage_count());
        let mut frequencies: HashMap<Term, u32> = HashMap::new();
        for (_, edition) in release.editions() {
            for passage in &edition.passages {
                if let Some(provision) = passage.provision.as_ref().filter(|_| passage.kind == PassageKind::Body) {
                    let key = address(
                        edition.document.id.as_str(),
                        provision.chapter.as_deref(),
                        &provision.paragraph,
                    );
                    provisions.entry(key).or_default().push(passage.id.clone());
                }
                let of_passage = PassageTerms {
                    text: document_vector(&passage.text).indices,
                    context: document_vector(&context(edition, &passage.heading_path)).indices,
                };
                let mut all = [of_passage.text.as_slice(), &of_passage.context].concat();
                all.sort_unstable();
                all.dedup();
                for term in all {
                    *frequencies.entry(term).or_default() += 1;
                }
                terms.insert(passage.id.clone(), of_passage);
            }
        }
        let passages = release.editions().flat_map(|(_, edition)| &edition.passages);
        let words = Words::of(passages.map(|passage| passage.text.as_str()));
        Self {
            words,
            release,
            index,
            provisions,
            terms,
            frequencies,
        }
    }

    /// The passages that hold a provision: several where it was too long for one, or has wordings of different dates.
    pub fn provision(&self, document: &str, chapter: Option<&str>, paragraph: &str) -> Vec<PlacedPassage> {
        let ids = self.provisions.get(&address(document, chapter, paragraph));
        ids.map(|ids| self.placed(ids)).unwrap_or_default()
    }

    /// The provisions of a document, each as the passages that hold it, in no order.
    pub fn provisions(&self, document: &str) -> impl Iterator<Item = Vec<PlacedPassage>> {
        let its_own = self.provisions.iter().filter(move |((of, _, _), _)| of == document);
        its_own.map(|(_, ids)| self.placed(ids))
    }

    /// The passages that a reference may mean, of all days and of every act that goes by its name; none where it names no
    /// act or no paragraph.
    pub fn named(&self, reference: &Reference) -> Vec<PlacedPassage> {
        let (Some(act), Some(paragraph)) = (&reference.act, &reference.paragraph) else {
            return Vec::new();
        };
        act.documents()
            .flat_map(|document| self.provision(&document, reference.chapter.as_deref(), paragraph))
            .collect()
    }

    fn placed(&self, ids: &[PassageId]) -> Vec<PlacedPassage> {
        ids.iter().filter_map(|id| self.release.passage(id)).collect()
    }

    /// The terms of a passage.
    pub fn terms(&self, passage: &PassageId) -> Option<&PassageTerms> {
        self.terms.get(passage)
    }

    /// How much a term tells passages apart: the inverse document frequency of BM25. Highest for one that nothing has.
    pub fn rarity(&self, term: Term) -> f32 {
        let passages = self.release.passage_count() as f32;
        let with_term = self.frequencies.get(&term).copied().unwrap_or(0) as f32;
        (1.0 + (passages - with_term + 0.5) / (with_term + 0.5)).ln()
    }

    /// Share of the terms, weighted by rarity, for which `is_in` holds. 0 when there are none.
    pub fn covered(&self, terms: &[Term], is_in: impl Fn(Term) -> bool) -> f32 {
        let (mut all, mut held) = (0.0, 0.0);
        for &term in terms {
            let rarity = self.rarity(term);
            all += rarity;
            if is_in(term) {
                held += rarity;
            }
        }
        if all > 0.0 { held / all } else { 0.0 }
    }

    /// The share of the terms, by rarity, that a sentence has.
    pub fn share(&self, terms: &[Term], sentence: &str) -> f32 {
        let own = question_terms(sentence);
        self.covered(terms, |term| own.binary_search(&term).is_ok())
    }
}

/// The terms of a question, each once.
pub fn question_terms(text: &str) -> Vec<Term> {
    query_vector(text).indices
}

/// The same without the terms of another text.
pub fn question_terms_less(text: &str, other: &str) -> Vec<Term> {
    let other = question_terms(other);
    let mut terms = question_terms(text);
    terms.retain(|term| other.binary_search(term).is_err());
    terms
}

fn context(edition: &Edition, headings: &[String]) -> String {
    let mut context = edition.document.title.clone();
    let short = edition.document.short_title.iter().map(String::as_str);
    for part in short.chain(headings.iter().map(String::as_str)) {
        context.push('\n');
        context.push_str(part);
    }
    context
}

fn address(document: &str, chapter: Option<&str>, paragraph: &str) -> Address {
    let tight = |number: &str| number.replace(' ', "");
    (document.to_owned(), chapter.map(tight), tight(paragraph))
}
