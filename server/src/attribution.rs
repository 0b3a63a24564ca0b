//! A guideline's paragraph of text in; what it says that a provision says, where another provision of the act does, out.
//!
//! Guidelines outlive the numbers of the provisions they rest on, and numbers slip when they are typed. Only sentences that
//! put words into a provision's mouth are looked at ("Av 13 kap. 9 § SoL framgår att ..."), never those that name the
//! provision a decision rests on ("beslut enligt 11 kap. 1 § SoL"). A doubt needs another provision whose words are nearer, by
//! the words themselves or by meaning and words together, and is the reader's to settle. `eval/attributions` says how often
//! it is right.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use lotsen_corpus::DocumentId;
use lotsen_corpus::analysis::query_vector;
use lotsen_corpus::embed::Embedder;
use lotsen_corpus::index::Filter;
use lotsen_corpus::reference::successors::Place;
use lotsen_corpus::reference::{self, Reference, resolve};
use lotsen_corpus::release::PlacedPassage;
use lotsen_corpus::text::{pattern, sentences};
use regex::Regex;

use crate::library::{Library, PassageTerms, Term, question_terms};
use crate::question::AskError;
use crate::retrieve;
use crate::understand::without_references;

/// A provision that has at most this share of the words, by rarity, does not say so.
const NOT_THERE: f32 = 0.35;
/// One that has this share does, whatever it means.
const THERE: f32 = 0.6;
/// One that is nearest in meaning needs this share, and this much more than the one that is named.
const NEAR: (f32, f32) = (0.3, 0.15);
/// How much nearer in meaning it has to be than the one that is named, in cosine.
const NEARER: f32 = 0.04;
/// Passages of the act whose nearness is looked up.
const NEAREST: usize = 20;
/// A claim of fewer terms could stand anywhere.
const FEWEST_TERMS: usize = 5;

/// What comes before a reference that opens a sentence; Swedish word order then has the provision speak.
static OPENS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\W*(?:Av|Enligt|I|Med stöd av)\s+$"));
/// A reference inside the verb: "Nämnden ska enligt ...".
static WITHIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:ska|får|kan|bör|har|är)\s+enligt\s+$"));
/// A reference that ends a description: "Bestämmelser om avgifter finns i ...".
static REFERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:estämmelser(?:na)?|egler(?:na)?)\s+om\s.*\s(?:finns|står)(?:\s+även|\s+också)?\s+i\s+$|\sregleras\s+i\s+$",
    )
});
/// A sentence that gives the source of the one before it.
static FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:Det|Detta|Kravet|Rätten|Skyldigheten|Stöd(?:et)?\s+för\s+det(?:ta)?)\s+(?:framgår\s+av|följer\s+av|finns\s+i|står\s+i)|Se(?:\s+även)?)\s+$",
    )
});
/// What may follow a reference in parentheses that ends a sentence.
static CLOSES: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^()\p{L}]*\)\W*$"));

/// What a text says that a provision says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The provision it names.
    pub reference: Reference,
    /// The words, without the reference.
    pub claim: String,
}

/// A provision that a guideline names for what another one says.
#[derive(Debug, Clone)]
pub struct Doubt {
    /// The provision it names.
    pub named: Place,
    /// The provision whose words are nearer.
    pub nearer: PlacedPassage,
}

impl Doubt {
    /// True if it is about the provision that the reference names.
    pub fn is_about(&self, reference: &Reference) -> bool {
        let named = &self.named;
        reference.act.as_ref().is_some_and(|act| act.sfs.contains(&named.sfs))
            && reference.chapter == named.chapter
            && reference.paragraph.as_ref() == Some(&named.paragraph)
    }
}

/// What the text says that provisions say, in reading order. A sentence that names several provisions is left out: which of
/// them says what cannot be told.
pub fn find(text: &str) -> Vec<Attribution> {
    let mut found = Vec::new();
    let mut before: Option<Range<usize>> = None;
    for range in sentences(text) {
        let sentence = &text[range.clone()];
        if let [reference] = reference::find(sentence).as_slice()
            && reference.through.is_none()
        {
            let own = says(sentence, reference).then(|| sentence.to_owned());
            let earlier = before.filter(|_| FOLLOWS.is_match(&sentence[..reference.span.start]));
            let claim = own.or_else(|| earlier.map(|range| text[range].to_owned()));
            found.extend(claim.map(|claim| Attribution {
                reference: reference.clone(),
                claim: without_references(&claim),
            }));
        }
        before = Some(range);
    }
    found
}

/// True if the sentence is what the provision says, by the place where it is named.
fn says(sentence: &str, reference: &Reference) -> bool {
    let before = &sentence[..reference.span.start];
    let after = &sentence[reference.span.end..];
    OPENS.is_match(before)
        || WITHIN.is_match(before)
        || REFERS.is_match(before)
        || before.ends_with('(') && CLOSES.is_match(after)
}

/// The provisions that a paragraph of text names for what another provision of the same act says. `written` is the day of the
/// text, which tells the act that a name means; `as_of` the day whose wording is compared.
///
/// # Errors
/// Those of the model and the index.
pub async fn doubts(
    library: &Library,
    embedder: &Embedder,
    text: &str,
    written: Date,
    as_of: Date,
) -> Result<Vec<Doubt>, AskError> {
    let references = reference::find(text);
    let mut doubts = Vec::new();
    for Attribution { reference, claim } in find(text) {
        let Some(named) = place(reference, written) else {
            continue;
        };
        let claim = Claim {
            library,
            as_of,
            terms: question_terms(&claim),
            text: claim,
        };
        let nearer = claim.nearer(embedder, &named).await?;
        // A text that names both provisions knows which is which.
        let knows = |nearer: &PlacedPassage| {
            let places = references.iter().flat_map(|other| library.named(other));
            places.into_iter().any(|place| is_same(&place, nearer))
        };
        doubts.extend(
            nearer
                .filter(|nearer| !knows(nearer))
                .map(|nearer| Doubt { named, nearer }),
        );
    }
    Ok(doubts)
}

/// Where the provision stands that a reference of that day names; `None` if it names no act or no provision.
fn place(reference: Reference, written: Date) -> Option<Place> {
    let act = resolve::in_force(reference.act.as_ref()?, written)?;
    Some(Place {
        sfs: act.to_owned(),
        chapter: reference.chapter,
        paragraph: reference.paragraph?,
    })
}

fn is_same(one: &PlacedPassage, other: &PlacedPassage) -> bool {
    one.passage().id == other.passage().id
}

/// What is said of a provision, to be looked for in the acts as they stand on a day.
struct Claim<'a> {
    library: &'a Library,
    as_of: Date,
    text: String,
    terms: Vec<Term>,
}

impl Claim<'_> {
    /// The provision that says so where the one that is named does not.
    async fn nearer(&self, embedder: &Embedder, named: &Place) -> Result<Option<PlacedPassage>, AskError> {
        let act = named.document();
        let named = self.library.provision(&act, named.chapter.as_deref(), &named.paragraph);
        let own = self.share(&named);
        if self.terms.len() < FEWEST_TERMS || own > NOT_THERE {
            return Ok(None);
        }
        match self.in_words(&act) {
            Some(place) => Ok(Some(place)),
            None => self.in_meaning(embedder, &act, &named, own).await,
        }
    }

    /// The share of the words that a provision has, as it stands on the day and with its headings.
    fn share(&self, provision: &[PlacedPassage]) -> f32 {
        let in_force = provision.iter().filter(|place| place.applies(self.as_of));
        let wordings: Vec<&PassageTerms> = in_force
            .filter_map(|place| self.library.terms(&place.passage().id))
            .collect();
        self.library
            .covered(&self.terms, |term| wordings.iter().any(|wording| wording.has(term)))
    }

    /// The provision of the act that has most of the words, if it has enough.
    fn in_words(&self, act: &str) -> Option<PlacedPassage> {
        let in_force = self.library.provisions(act).filter_map(|provision| {
            let share = self.share(&provision);
            let place = provision.into_iter().find(|place| place.applies(self.as_of))?;
            Some((share, place))
        });
        // Of equals the first in the act.
        let (share, place) = in_force.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.position.cmp(&a.1.position)))?;
        (share >= THERE).then_some(place)
    }

    /// The provision of the act that is nearest in meaning, if it is clearly nearer and has some of the words.
    async fn in_meaning(
        &self,
        embedder: &Embedder,
        act: &str,
        named: &[PlacedPassage],
        own: f32,
    ) -> Result<Option<PlacedPassage>, AskError> {
        let Ok(act) = DocumentId::new(act) else {
            return Ok(None);
        };
        let filter = Filter {
            as_of: Some(self.as_of),
            documents: vec![act.clone()],
            ..Filter::default()
        };
        let query = retrieve::embed(embedder, &self.text).await?;
        let hits = retrieve::search(self.library, &query, query_vector(&self.text), filter, NEAREST).await?;
        let mut near: Vec<(f32, PlacedPassage)> = hits
            .iter()
            .filter_map(|hit| Some((hit.dense?.score, self.library.release.passage(&hit.passage)?)))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.position.cmp(&b.1.position)));
        let is_named = |place: &PlacedPassage| named.iter().any(|other| is_same(other, place));
        // One that is not among the nearest is at best as near as the last of them.
        let of_named = near.iter().find(|(_, place)| is_named(place)).or(near.last());
        let (Some((first, place)), Some((of_named, _))) = (near.first(), of_named) else {
            return Ok(None);
        };
        let Some(provision) = &place.passage().provision else {
            return Ok(None);
        };
        let whole = self
            .library
            .provision(act.as_str(), provision.chapter.as_deref(), &provision.paragraph);
        let share = self.share(&whole);
        let is_nearer = first - of_named >= NEARER && share >= NEAR.0 && share - own >= NEAR.1;
        Ok(is_nearer.then(|| place.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(text: &str) -> Vec<(String, String)> {
        let number = |reference: Reference| reference.term().unwrap_or_default();
        find(text)
            .into_iter()
            .map(|found| (number(found.reference), found.claim))
            .collect()
    }

    #[test]
    fn a_sentence_that_lets_a_provision_speak_is_found() {
        for (text, claim) in [
            (
                "Av 13 kap. 8 § SoL framgår att nämnden ska erbjuda stöd.",
                "Av  §  framgår att nämnden ska erbjuda stöd.",
            ),
            (
                "Enligt 13 kapitlet 8 § SoL har den enskilde rätt.",
                "Enligt  §  har den enskilde rätt.",
            ),
            (
                "I 13 kap. 8 § SoL anges hur det går till.",
                "I  §  anges hur det går till.",
            ),
            (
                "Nämnden ska enligt 13 kap. 8 § SoL ge stöd.",
                "Nämnden ska enligt  §  ge stöd.",
            ),
            ("Kommunen betalar (13 kap. 8 § SoL).", "Kommunen betalar ( § )."),
            (
                "Bestämmelser om stöd till anhöriga finns i 13 kap. 8 § SoL.",
                "Bestämmelser om stöd till anhöriga finns i  § .",
            ),
            ("Nämnden ger stöd. Det framgår av 13 kap. 8 § SoL.", "Nämnden ger stöd."),
            (
                "Nämnden ger stöd. Stöd för det finns i 13 kap. 8 § SoL.",
                "Nämnden ger stöd.",
            ),
            ("Nämnden ger stöd. Se 13 kap. 8 § SoL.", "Nämnden ger stöd."),
            (
                "Hur stödet ges regleras i 13 kap. 8 § SoL.",
                "Hur stödet ges regleras i  § .",
            ),
            (
                "Med stöd av 13 kap. 8 § SoL kan nämnden ge stöd.",
                "Med stöd av  §  kan nämnden ge stöd.",
            ),
        ] {
            assert_eq!(claims(text), [("sol:13:8".to_owned(), claim.to_owned())], "{text}");
        }
    }

    #[test]
    fn the_ground_of_a_decision_is_not_taken_for_what_it_says() {
        for text in [
            "Beslut om hemtjänst enligt 11 kap. 1 § SoL gäller i ett år.",
            "Ett beslut enligt 11 kap. 1 § SoL får överklagas.",
            "Det framgår av 11 kap. 1 § SoL.",
            "Enligt 11 kap. 1 § och 32 kap. 1 § SoL tas avgift ut.",
            "Enligt 29 kap. 5-7 §§ SoL ansvarar kommunen.",
            "Riktlinjen gäller äldre.",
        ] {
            assert!(claims(text).is_empty(), "{text}");
        }
    }
}
