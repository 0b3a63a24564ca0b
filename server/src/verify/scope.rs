//! Negations and modal verbs, each with the words around it: "får inte tas ut" in a quote answers for a claim about
//! taking something out, not for everything the quote says.

use super::Flaw;
use super::token::Token;

const NEGATIONS: [&str; 9] = [
    "inte", "ej", "aldrig", "ingen", "inget", "inga", "icke", "varken", "utan",
];

/// How many content words before and after a marker belong to it.
const REACH: (usize, usize) = (2, 3);

/// A marker and the content words that it bears on.
struct Scope<'a> {
    marker: &'a Token,
    words: Vec<&'a Token>,
}

impl Scope<'_> {
    fn shared(&self, others: &[&Token]) -> usize {
        self.words
            .iter()
            .filter(|word| others.iter().any(|other| word.akin(other)))
            .count()
    }
}

fn scopes<'a>(tokens: &[&'a Token], is_marker: impl Fn(&Token) -> bool) -> Vec<Scope<'a>> {
    let mut scopes = Vec::new();
    for (i, &marker) in tokens.iter().enumerate() {
        if is_marker(marker) {
            let same_clause = |token: &&&Token| token.clause == marker.clause && token.is_content();
            let before = tokens[..i].iter().rev().filter(same_clause).take(REACH.0);
            let after = tokens[i + 1..].iter().filter(same_clause).take(REACH.1);
            let words = before.chain(after).copied().collect();
            scopes.push(Scope { marker, words });
        }
    }
    scopes
}

/// Every negation of the claim must stand in the quotes about the same words, and every negation of the nearest
/// sentence about words that the claim uses must stand in the claim.
pub fn negations_agree(claim: &[Token], nearest: &[Token], evidence: &[&Token]) -> Result<(), Flaw> {
    let negates = |token: &Token| NEGATIONS.contains(&token.word.as_str());
    let claim: Vec<&Token> = claim.iter().collect();
    let nearest: Vec<&Token> = nearest.iter().collect();
    let claimed = scopes(&claim, negates);
    let known = scopes(evidence, negates);
    let added = claimed
        .iter()
        .any(|scope| !known.iter().any(|k| k.shared(&scope.words) > 0));
    let lost = scopes(&nearest, negates).iter().any(|scope| {
        let covered = scope.shared(&claim);
        !scope.words.is_empty()
            && 2 * covered > scope.words.len()
            && !claimed.iter().any(|c| c.shared(&scope.words) > 0)
    });
    if added || lost { Err(Flaw::Negation) } else { Ok(()) }
}

/// How strongly a modal verb binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    Duty,
    Should,
    May,
}

fn strength(token: &Token) -> Option<Strength> {
    match token.word.as_str() {
        "ska" | "skall" | "måste" | "skyldig" | "skyldiga" | "skyldighet" => Some(Strength::Duty),
        "bör" => Some(Strength::Should),
        "får" | "kan" => Some(Strength::May),
        _ => None,
    }
}

/// Each modal verb of the claim must be as strong as the one that the quotes use about the same words.
pub fn modals_agree(claim: &[Token], evidence: &[&Token]) -> Result<(), Flaw> {
    let claim: Vec<&Token> = claim.iter().collect();
    let known = scopes(evidence, |token| strength(token).is_some());
    for scope in scopes(&claim, |token| strength(token).is_some()) {
        let most = known.iter().map(|k| k.shared(&scope.words)).max().unwrap_or(0);
        let agrees = known
            .iter()
            .any(|k| k.shared(&scope.words) == most && strength(k.marker) == strength(scope.marker));
        if !agrees {
            return Err(Flaw::Modality);
        }
    }
    Ok(())
}
