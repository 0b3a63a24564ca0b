//! Negations: each of the claim's must be one of the quotes', about the same words, and none of theirs may be lost.

use super::Flaw;
use super::scope::{Scope, clauses, scope};
use super::token::Token;

const NOT: [&str; 9] = [
    "inte", "ej", "aldrig", "ingen", "inget", "inga", "icke", "varken", "saknar",
];
const WITHOUT: &str = "utan";

/// A negation with the words it bears on, and the first of them after it, which it bears on most.
struct Negation<'a> {
    scope: Scope<'a>,
    key: Option<&'a Token>,
}

fn is_negation(token: &Token) -> bool {
    NOT.contains(&token.word.as_str()) || token.word == WITHOUT
}

/// "Inte heller" only goes on with the negation before it, and "inte fyllt 18 år" is a figure's bound.
fn negations(tokens: &[Token]) -> Vec<Negation<'_>> {
    let goes_on = |at: usize| {
        let next = &tokens[at + 1..tokens.len().min(at + 3)];
        next.first().is_some_and(|next| next.word == "heller") || next.iter().any(|next| next.word == "fyllt")
    };
    let places = (0..tokens.len()).filter(|&at| is_negation(&tokens[at]) && !goes_on(at));
    places
        .map(|at| Negation {
            scope: scope(tokens, at),
            key: tokens[at + 1..]
                .iter()
                .take_while(|t| t.clause == tokens[at].clause)
                .find(|t| t.is_content()),
        })
        .collect()
}

impl Negation<'_> {
    /// How well one of the quotes answers for one of the claim. "Inte efter prövning" is not "utan prövning", but "ingen
    /// hänsyn" is "utan hänsyn".
    fn answers(&self, claimed: &Negation<'_>) -> usize {
        let same_kind = (self.scope.marker.word == WITHOUT) == (claimed.scope.marker.word == WITHOUT);
        let same_key = matches!((self.key, claimed.key), (Some(one), Some(other)) if one.akin(other));
        let both_bare = self.scope.words.is_empty() && claimed.scope.words.is_empty();
        if same_kind || same_key {
            2 * self.scope.shared(&claimed.scope.words) + usize::from(same_key || both_bare)
        } else {
            0
        }
    }
}

/// Every negation of the claim must be one of the quotes', and none of theirs about the claim's words may be missing.
pub fn agree(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    let mut unused = negations(evidence);
    let claimed = negations(claim);
    for negation in &claimed {
        let best = (0..unused.len()).max_by_key(|&i| unused[i].answers(negation));
        let answers = best.map_or(0, |i| unused[i].answers(negation));
        let affirmed = clauses(evidence)
            .into_iter()
            .filter(|clause| !clause.iter().any(is_negation));
        let affirmed = affirmed
            .map(|clause| negation.scope.shared(&clause.iter().collect::<Vec<_>>()))
            .max();
        match best {
            Some(i) if answers > 0 && answers >= 2 * affirmed.unwrap_or(0) => {
                unused.remove(i);
            }
            _ => return Err(Flaw::Negation),
        }
    }
    if unused
        .iter()
        .any(|negation| is_lost(negation, claim, evidence) || is_affirmed(negation, &claimed, claim, evidence))
    {
        return Err(Flaw::Negation);
    }
    Ok(())
}

/// Most of what it bears on stands in the claim, and no other clause of the quotes says it without the negation.
fn is_lost(negation: &Negation<'_>, claim: &[Token], evidence: &[Token]) -> bool {
    let all: Vec<&Token> = claim.iter().collect();
    let covered = negation.scope.shared(&all);
    let of_clause = |clause: &[Token]| {
        clause
            .iter()
            .filter(|t| t.is_content() && all.iter().any(|c| c.akin(t)))
            .count()
    };
    let own = clauses(evidence)
        .into_iter()
        .filter(|c| c[0].clause == negation.scope.marker.clause)
        .map(of_clause)
        .sum();
    let says_key = |clause: &[Token]| {
        negation
            .key
            .is_some_and(|key| clause.iter().any(|token| token.akin(key)))
    };
    let others = clauses(evidence)
        .into_iter()
        .filter(|c| !c.iter().any(is_negation) && says_key(c))
        .map(of_clause)
        .max();
    let words = negation.scope.words.len();
    let is_said = if negation.scope.marker.word == WITHOUT {
        2 * covered >= words
    } else {
        2 * covered > words && negation.key.is_none_or(|key| all.iter().any(|token| token.akin(key)))
    };
    is_said && covered >= 2 && others.unwrap_or(0) <= own
}

/// The word it bears on most stands in the claim in the same form and without a negation, and nowhere so in the quotes.
fn is_affirmed(negation: &Negation<'_>, claimed: &[Negation<'_>], claim: &[Token], evidence: &[Token]) -> bool {
    let Some(key) = negation.key else { return false };
    let times = |tokens: &[Token]| tokens.iter().filter(|token| token.word == key.word).count();
    let is_key = |other: &&Negation<'_>| other.key.is_some_and(|other| other.word == key.word);
    let denied = negations(evidence).iter().filter(is_key).count();
    times(claim) > claimed.iter().filter(is_key).count() && times(evidence) == denied
}
