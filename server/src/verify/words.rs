//! A sentence's content words: each must be the quotes' own, say the same as one of theirs, or carry no rule.

use super::figures::is_number;
use super::lexicon::LEXICON;
use super::roles::is_actor;
use super::token::Token;
use super::{Cited, Flaw};

/// Checks the words of a claim; `cited` for names that stand in the references alone.
pub fn are_the_quotes_own(claim: &[Token], evidence: &[Token], cited: &[Cited<'_>]) -> Result<(), Flaw> {
    let in_references = |word: &str| cited.iter().any(|c| c.reference.to_lowercase().contains(word));
    // "80 år eller äldre" is a figure's bound.
    let is_bound =
        |at: usize| at > 0 && claim[at - 1].word == "eller" && ["äldre", "yngre"].contains(&claim[at].word.as_str());
    let content = (0..claim.len())
        .filter(|&at| claim[at].is_content() && !is_bound(at) && !is_number(&claim[at]))
        .map(|at| &claim[at]);
    for token in content {
        let exact = evidence.iter().any(|known| known.akin(token));
        if exact || in_references(&token.word) || LEXICON.free.contains(&token.stem) {
            continue;
        }
        let head = |known: &Token| known.stem.ends_with(&token.stem) && known.stem.len() > token.stem.len();
        if is_actor(token) {
            let is_office = ["nämnd", "myndighet", "utskott"].contains(&token.stem.as_str());
            if is_office && evidence.iter().any(head) {
                continue;
            }
            return Err(Flaw::Name);
        }
        if LEXICON.benefits.contains(&token.stem) {
            if evidence.iter().any(head) {
                continue;
            }
            return Err(Flaw::Name);
        }
        if !is_made_of(token, evidence) {
            return Err(Flaw::NewWords);
        }
    }
    Ok(())
}

/// True for a part of a quote's compound, and for a compound of the quotes' words.
fn is_made_of(token: &Token, evidence: &[Token]) -> bool {
    let starts = |known: &Token| known.stem.chars().count() >= 4 && token.stem.starts_with(&known.stem);
    let ends = |known: &Token| known.stem.chars().count() >= 4 && token.stem.ends_with(&known.stem);
    let is_nearly = |known: &Token| starts(known) && token.stem.chars().count() <= known.stem.chars().count() + 3;
    evidence.iter().any(|known| token.part_of(known) || is_nearly(known))
        || evidence.iter().any(starts) && evidence.iter().any(ends)
}
