//! A sentence that the model wrote and the quotes it cites go in; out comes the sentence, or what is wrong with it.
//!
//! A wrong sentence does harm and a missing one only costs a look at the quote, so every rule here errs on the side of
//! dropping. The rules compare what can be compared without understanding: figures, negations, exceptions, modal
//! strength, references, names. Likeness of meaning is asked last, since it alone cannot tell "får" from "får inte".

mod conditions;
mod conjunctions;
mod figures;
mod lexicon;
mod negation;
mod roles;
mod scope;
mod token;
mod words;

use lotsen_corpus::embed::Embedder;
use lotsen_corpus::reference;

use self::token::Token;
use crate::point::cosine;
use crate::question::AskError;
use crate::reply::{Sentence, SentenceKind, Source, Support};
use crate::understand::without_references;

/// Least cosine between a sentence and the quotes it cites. Vectors of the e5 family lie close together and high, so this
/// only stops what is about something else. A first value set by hand.
pub const LEAST_LIKENESS: f32 = 0.86;

/// A quote that a sentence cites, and the reference under which it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Cited<'a> {
    /// The source's own words.
    pub quote: &'a str,
    /// "11 kap. 1 § SoL".
    pub reference: &'a str,
}

/// What is wrong with a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It cites nothing, or says nothing.
    Uncited,
    /// A number, amount, date or time limit that no quote has.
    Figure,
    /// "minst" for "högst" and the like.
    Bound,
    /// A negation that was added or lost.
    Negation,
    /// An exception or condition that was lost, or one that was added.
    Exception,
    /// "alla", "alltid", "endast" where the quotes do not say so.
    Widened,
    /// "ska" for "får" and the like.
    Modality,
    /// "före" for "efter", "avslå" for "bevilja" and the like.
    Opposite,
    /// "och" for "eller", or the other way round.
    Conjunction,
    /// Someone else does it, or has it done to them.
    Role,
    /// A legal reference that the quotes neither are nor contain.
    Reference,
    /// A body, group or benefit that the quotes do not name.
    Name,
    /// Personal data, certain or possible, that does not stand in a quote: published rulings may name people.
    PersonalData,
    /// Too many words that are not the quotes' own.
    NewWords,
    /// Its meaning is not near enough to that of the quotes.
    Unlike,
}

/// A sentence that passed every check. Only [`judge`] makes one, so an unchecked sentence cannot be shown.
#[derive(Clone)]
pub struct Verified {
    text: String,
    cites: Vec<usize>,
}

impl Verified {
    /// The sentence as a reply shows it.
    pub fn sentence(&self) -> Sentence {
        Sentence {
            text: self.text.clone(),
            kind: SentenceKind::Summary,
            support: Support::Verified,
            citations: self.cites.clone(),
        }
    }
}

/// Checks a sentence against the sources it cites, by their indexes.
///
/// # Errors
/// The embedding model failed; a sentence that is wrong is the inner error.
pub async fn judge(
    embedder: &Embedder,
    text: String,
    cites: Vec<usize>,
    sources: &[Source],
) -> Result<Result<Verified, Flaw>, AskError> {
    let cited: Vec<Cited<'_>> = cites
        .iter()
        .filter_map(|&i| sources.get(i))
        .map(|source| Cited {
            quote: &source.quote,
            reference: &source.reference,
        })
        .collect();
    if cited.len() != cites.len() {
        return Ok(Err(Flaw::Uncited));
    }
    if let Err(flaw) = check(&text, &cited) {
        return Ok(Err(flaw));
    }
    let mut texts = vec![text.clone()];
    texts.extend(cited.iter().map(|cited| cited.quote.to_owned()));
    let vectors = embedder.passages(texts).await.map_err(AskError::from_embed)?;
    let likeness = match vectors.split_first() {
        Some((claim, quotes)) => quotes.iter().map(|quote| cosine(claim, quote)).fold(0.0, f32::max),
        None => 0.0,
    };
    if likeness < LEAST_LIKENESS {
        return Ok(Err(Flaw::Unlike));
    }
    Ok(Ok(Verified { text, cites }))
}

/// Checks everything but likeness of meaning, which needs the embedding model ([`LEAST_LIKENESS`]).
pub fn check(sentence: &str, cited: &[Cited<'_>]) -> Result<(), Flaw> {
    let claim = token::tokens(&without_references(sentence));
    if cited.is_empty() || !claim.iter().any(Token::is_content) {
        return Err(Flaw::Uncited);
    }
    // The lone full stop parts the quotes: no clause runs on from one into the next.
    let quotes: Vec<String> = cited.iter().map(|cited| without_references(cited.quote)).collect();
    let evidence = token::tokens(&quotes.join(" . "));

    no_personal_data(sentence, cited)?;
    references_are_known(sentence, cited)?;
    figures::check(&claim, &evidence)?;
    negation::agree(&claim, &evidence)?;
    scope::modals_agree(&claim, &evidence)?;
    scope::opposites_agree(&claim, &evidence)?;
    conjunctions::agree(&claim, &evidence)?;
    conditions::are_kept(&claim, &evidence)?;
    conditions::nothing_is_widened(&claim, &evidence)?;
    conditions::nothing_narrowing_is_lost(&claim, &evidence)?;
    roles::agree(&claim, &evidence)?;
    words::are_the_quotes_own(&claim, &evidence, cited)
}

/// The guard reads what the model writes by the same rules as what users write. The sources' own words are exempt.
fn no_personal_data(sentence: &str, cited: &[Cited<'_>]) -> Result<(), Flaw> {
    let letters: Vec<char> = sentence.chars().collect();
    for finding in lotsen_guard::find(sentence) {
        let found: String = letters.iter().take(finding.end).skip(finding.start).collect();
        let found = found.to_lowercase();
        if !cited.iter().any(|cited| cited.quote.to_lowercase().contains(&found)) {
            return Err(Flaw::PersonalData);
        }
    }
    Ok(())
}

/// Each reference in the sentence must be a cited quote's own place, or stand in a cited quote.
fn references_are_known(sentence: &str, cited: &[Cited<'_>]) -> Result<(), Flaw> {
    let place = |r: &reference::Reference| (r.chapter.clone(), r.paragraph.clone());
    let known: Vec<_> = cited
        .iter()
        .flat_map(|cited| [cited.quote, cited.reference])
        .flat_map(|text| reference::find(&text.replace("--", "–")))
        .collect();
    for claimed in reference::find(sentence) {
        let found = known.iter().any(|known| {
            place(known) == place(&claimed)
                && (claimed.act.is_none() || known.act.is_none() || claimed.act == known.act)
        });
        if !found {
            return Err(Flaw::Reference);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
