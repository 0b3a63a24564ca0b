//! The legal references of a question in; their passages on its day out, and for repealed ones where the rule stands now.
//!
//! A short name can belong to two acts with different numbering ("SoL": 2001:453 and 2025:400). A reference then names the
//! act in force, unless that act has no such paragraph or the question's other words fit the repealed one at least as well.

use jiff::civil::Date;
use lotsen_corpus::analysis::query_vector;
use lotsen_corpus::embed::Embedder;
use lotsen_corpus::index::Filter;
use lotsen_corpus::reference::successors::Place;
use lotsen_corpus::reference::{self, Reference, successors};
use lotsen_corpus::release::PlacedPassage;
use lotsen_corpus::{DocumentId, Status};

use crate::library::{Library, question_terms_less};
use crate::question::AskError;
use crate::retrieve;
use crate::understand::{Understood, without_references};

/// With what one asks for a provision, whatever stands in it: "Vad gäller enligt 4 kap. 1 § SoL?".
const ASKS: &str = "gäller säger sägs står enligt innebär betyder menas avses handlar regleras tillämpas paragraf lagrum \
    bestämmelse idag numera";

/// How many passages are looked at to find the nearest provision of a new act.
const NEAREST: usize = 10;

/// What the references of a question lead to.
#[derive(Debug, Default)]
pub struct Named {
    /// Provisions in force on the day.
    pub in_force: Vec<PlacedPassage>,
    /// Provisions that no longer apply on the day.
    pub repealed: Vec<Repealed>,
    /// Provisions that do not apply yet on the day.
    pub future: Vec<PlacedPassage>,
    /// Repealed provisions of acts that the material does not hold.
    pub elsewhere: Vec<Elsewhere>,
}

/// A repealed provision that the material does not hold: what `acts.toml` and `successors.toml` know of it.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// The old provision.
    pub old: &'static Place,
    /// First day on which it no longer applied.
    pub since: Date,
    /// Where its rule stands now, most important first.
    pub now: &'static [Place],
}

/// A repealed provision, and where its rule stands now.
#[derive(Debug, Clone)]
pub struct Repealed {
    /// The old wording.
    pub old: PlacedPassage,
    /// First day on which it no longer applied.
    pub since: Date,
    /// The provisions in force that hold its rule, most important first; empty when none was found.
    pub now: Vec<PlacedPassage>,
    /// True if `corpus/successors.toml` says so, false if they are only the nearest.
    pub certain: bool,
}

/// Follows every reference of the question to its place.
pub async fn resolve(library: &Library, embedder: &Embedder, question: &Understood) -> Result<Named, AskError> {
    let mut named = Named::default();
    for reference in &question.references {
        let places = library.named(reference);
        if places.is_empty() {
            named.elsewhere.extend(known_elsewhere(reference, question.as_of));
        }
        let on_day = |status| {
            places
                .iter()
                .filter(move |p| p.passage().validity.on(question.as_of) == status)
        };
        let in_force: Vec<PlacedPassage> = on_day(Status::InForce).cloned().collect();
        let repealed: Vec<PlacedPassage> = on_day(Status::Repealed).cloned().collect();
        if in_force.is_empty() && repealed.is_empty() {
            named.future.extend(on_day(Status::Future).cloned());
        }
        let means_the_old = match (in_force.first(), repealed.first()) {
            (Some(new), Some(old)) => {
                new.edition.document.id != old.edition.document.id && fits_at_least_as_well(library, question, old, new)
            }
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if let Some(old) = repealed.first().filter(|_| means_the_old) {
            named
                .repealed
                .push(succeeded(library, embedder, question, reference, old).await?);
        }
        named.in_force.extend(in_force);
    }
    Ok(named)
}

/// The first of the acts that may be meant whose rules have moved by the day.
fn known_elsewhere(reference: &Reference, as_of: Date) -> Option<Elsewhere> {
    let act = reference.act.as_ref()?;
    act.sfs.iter().find_map(|sfs| moved(sfs, reference, as_of))
}

/// What has become of a provision that a text of an earlier day refers to; `None` if it still applies or is not known to
/// have moved. A name that two acts share means the one in force when the text was written.
pub fn repealed_since(reference: &Reference, written: Date, as_of: Date) -> Option<Elsewhere> {
    moved(
        reference::resolve::in_force(reference.act.as_ref()?, written)?,
        reference,
        as_of,
    )
}

fn moved(sfs: &str, reference: &Reference, as_of: Date) -> Option<Elsewhere> {
    let since = reference::act(sfs)?.repealed.filter(|end| *end <= as_of)?;
    let successor = successors::successor(sfs, reference.chapter.as_deref(), reference.paragraph.as_deref()?)?;
    Some(Elsewhere {
        old: &successor.old,
        since,
        now: &successor.new,
    })
}

/// Whether the question's words, its references apart, are at home in the old provision as much as in the new.
fn fits_at_least_as_well(library: &Library, question: &Understood, old: &PlacedPassage, new: &PlacedPassage) -> bool {
    let terms = question_terms_less(&without_references(&question.text), ASKS);
    let fit = |place: &PlacedPassage| -> f32 {
        let in_passage = library.terms(&place.passage().id);
        let known = terms
            .iter()
            .filter(|term| in_passage.is_some_and(|passage| passage.has(**term)));
        known.map(|term| library.rarity(*term)).sum()
    };
    fit(old) >= fit(new)
}

async fn succeeded(
    library: &Library,
    embedder: &Embedder,
    question: &Understood,
    reference: &Reference,
    old: &PlacedPassage,
) -> Result<Repealed, AskError> {
    let document = &old.edition.document;
    let known = document
        .identifier
        .as_deref()
        .zip(reference.paragraph.as_deref())
        .and_then(|(sfs, paragraph)| successors::successor(sfs, reference.chapter.as_deref(), paragraph));
    let mut now: Vec<PlacedPassage> = known
        .into_iter()
        .flat_map(|successor| &successor.new)
        .flat_map(|new| library.provision(&new.document(), new.chapter.as_deref(), &new.paragraph))
        .filter(|place| place.applies(question.as_of))
        .collect();
    let certain = !now.is_empty();
    if !certain {
        now = nearest(library, embedder, question.as_of, old).await?;
    }
    Ok(Repealed {
        since: old.passage().validity.valid_to.unwrap_or(question.as_of),
        old: old.clone(),
        now,
        certain,
    })
}

/// The passage of the successor act that is nearest to the old provision's own text.
async fn nearest(
    library: &Library,
    embedder: &Embedder,
    as_of: Date,
    old: &PlacedPassage,
) -> Result<Vec<PlacedPassage>, AskError> {
    let Some(successor) = successor_act(library, old, as_of) else {
        return Ok(Vec::new());
    };
    let text = &old.passage().text;
    let filter = Filter {
        as_of: Some(as_of),
        documents: vec![successor],
        ..Filter::default()
    };
    let query = retrieve::embed(embedder, text).await?;
    let hits = retrieve::search(library, &query, query_vector(text), filter, NEAREST).await?;
    let ranks = |hit: &lotsen_corpus::index::Hit| {
        let of = |rank: Option<lotsen_corpus::index::Rank>| 1.0 / rank.map_or(2 * NEAREST, |r| r.rank) as f32;
        of(hit.dense) + of(hit.sparse)
    };
    let best = hits.iter().max_by(|a, b| ranks(a).total_cmp(&ranks(b)));
    Ok(best
        .and_then(|hit| library.release.passage(&hit.passage))
        .into_iter()
        .collect())
}

/// The act that took an old one's place: the one it names, or the one in force that bears the same short name.
fn successor_act(library: &Library, old: &PlacedPassage, as_of: Date) -> Option<DocumentId> {
    let document = &old.edition.document;
    let named = document.replaced_by.clone();
    let namesake = || {
        let short = document.short_title.as_deref()?;
        let (entry, _) = library.release.editions().find(|(_, edition)| {
            edition.document.id != document.id
                && edition.document.short_title.as_deref() == Some(short)
                && edition.document.validity.on(as_of) == Status::InForce
        })?;
        Some(entry.document.clone())
    };
    named.or_else(namesake)
}
