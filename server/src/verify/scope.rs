//! A small word that decides, and the words that it bears on: "får inte tas ut" in a quote answers for a claim about taking
//! something out, not for everything that the quote says.

use super::Flaw;
use super::figures::is_unit;
use super::lexicon::{LEXICON, Side};
use super::token::Token;

/// How many content words before and after a marker belong to it.
const REACH: Reach = (2, 3);

type Reach = (usize, usize);

/// A marker and the content words that it bears on.
pub struct Scope<'a> {
    /// The small word.
    pub marker: &'a Token,
    /// What it bears on.
    pub words: Vec<&'a Token>,
}

impl Scope<'_> {
    /// How many of its words stand among the others, in any form.
    pub fn shared(&self, others: &[&Token]) -> usize {
        self.words
            .iter()
            .filter(|word| stands_among(word, others.iter().copied()))
            .count()
    }
}

/// True if the word, or one that says the same, is among the others.
pub fn stands_among<'a>(word: &Token, others: impl IntoIterator<Item = &'a Token>) -> bool {
    others
        .into_iter()
        .any(|other| word.akin(other) || word.part_of(other) || other.part_of(word))
}

/// What the marker at this place bears on.
pub fn scope(tokens: &[Token], at: usize) -> Scope<'_> {
    scope_within(tokens, at, REACH)
}

const MODALS: [&str; 6] = ["ska", "skall", "får", "kan", "bör", "måste"];

/// A modal verb bears on more; "har rätt" and "är skyldig" on what stands after its "att" too.
fn scope_of_modal(tokens: &[Token], at: usize, strength: Strength) -> Scope<'_> {
    if strength != Strength::Right && !tokens[at].word.starts_with("skyldig") {
        return scope_within(tokens, at, (3, 4));
    }
    let own = |token: &&Token| token.clause == tokens[at].clause && !MODALS.contains(&token.word.as_str());
    let after = tokens[at + 1..].iter().take_while(own);
    Scope {
        marker: &tokens[at],
        words: after.filter(|token| token.is_content()).take(4).collect(),
    }
}

fn scope_within(tokens: &[Token], at: usize, reach: Reach) -> Scope<'_> {
    let marker = &tokens[at];
    let same_clause = |token: &&Token| token.part == marker.part && token.is_content();
    let before = tokens[..at].iter().rev().filter(same_clause).take(reach.0);
    let after = tokens[at + 1..].iter().filter(same_clause).take(reach.1);
    let mut words: Vec<&Token> = before.chain(after).collect();
    if words.is_empty() {
        // "..., men inte den som ...": what follows "som" is meant.
        let following = tokens[at + 1..]
            .iter()
            .take_while(|token| token.sentence == marker.sentence);
        words = following.filter(|token| token.is_content()).take(reach.1).collect();
    }
    Scope { marker, words }
}

/// How strongly a modal verb binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    Duty,
    Should,
    May,
    Right,
    NeedNot,
}

/// Infinitives that do not end in -a, or are small words.
const SHORT_INFINITIVES: [&str; 18] = [
    "vara", "ha", "kunna", "låta", "bo", "bli", "få", "ge", "gå", "se", "ske", "stå", "ges", "fås", "ses", "be", "dö",
    "bero",
];

/// Verbs of granting: where the law says that something "beviljas", a summary may say that it can be granted.
const GRANTS: [&str; 6] = ["bevilja", "få", "ge", "använda", "godta", "ha"];

fn strength(tokens: &[Token], at: usize) -> Option<Strength> {
    match tokens[at].word.as_str() {
        "ska" | "skall" | "måste" | "skyldig" | "skyldiga" | "skyldighet" => Some(Strength::Duty),
        "behöver" | "behövs" | "krävs" | "kräver" if is_denied(tokens, at) => Some(Strength::NeedNot),
        "bör" | "borde" => Some(Strength::Should),
        // "får minst fyra månader" gives; "får besluta" allows.
        "får" if !has_infinitive(tokens, at) => None,
        "får" | "kan" => Some(Strength::May),
        "rätt" | "rätten"
            if tokens
                .get(at + 1)
                .is_some_and(|next| ["till", "att"].contains(&next.word.as_str())) =>
        {
            Some(Strength::Right)
        }
        _ => None,
    }
}

fn is_denied(tokens: &[Token], at: usize) -> bool {
    let near = tokens[at..]
        .iter()
        .take(8)
        .take_while(|token| token.part == tokens[at].part);
    near.into_iter()
        .any(|token| ["inte", "ej", "aldrig", "ingen", "inget", "inga"].contains(&token.word.as_str()))
}

fn has_infinitive(tokens: &[Token], at: usize) -> bool {
    let after = tokens[at + 1..]
        .iter()
        .take_while(|t| t.clause == tokens[at].clause && t.word != "att");
    let before_end = after.take(10).any(|token| {
        let word = token.word.as_str();
        SHORT_INFINITIVES.contains(&word)
            || token.is_content() && word != "fyra" && (word.ends_with('a') || word.ends_with("as"))
    });
    before_end || tokens.get(at + 1).is_some_and(|t| t.word == "inte")
}

/// Each modal verb of the claim must be as strong as the one that the quotes use about the same words, and a "får", "kan" or
/// "bör" of the quotes may not become a plain fact.
pub fn modals_agree(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    let modals = |tokens: &'_ [Token]| -> Vec<(usize, Strength)> {
        let at = 0..tokens.len();
        at.filter_map(|at| strength(tokens, at).map(|strength| (at, strength)))
            .collect()
    };
    let claimed = modals(claim);
    let known: Vec<(Scope<'_>, Strength)> = modals(evidence)
        .into_iter()
        .map(|(at, strength)| (scope_of_modal(evidence, at, strength), strength))
        .collect();
    for (at, wanted) in &claimed {
        let own = scope_of_modal(claim, *at, *wanted);
        let most = known
            .iter()
            .map(|(scope, _)| scope.shared(&own.words))
            .max()
            .unwrap_or(0);
        let plain = clauses(evidence)
            .iter()
            .filter(|clause| !known.iter().any(|(scope, _)| scope.marker.clause == clause[0].clause))
            .map(|clause| own.shared(&clause.iter().collect::<Vec<_>>()))
            .max()
            .unwrap_or(0);
        let agrees = most > 0
            && known
                .iter()
                .any(|(scope, strength)| scope.shared(&own.words) == most && strength == wanted);
        let verb = claim[at + 1..].iter().find(|token| token.is_content());
        let grants = verb.is_some_and(|verb| GRANTS.contains(&active(&verb.word).as_str()));
        let follows = plain > most && (*wanted == Strength::Duty || (*wanted == Strength::May && grants));
        // Who has a right to something can be granted it.
        let granted = *wanted == Strength::May && verb.is_some_and(|verb| active(&verb.word) == "bevilja");
        let has_right = granted && known.iter().any(|(_, strength)| *strength == Strength::Right);
        if !agrees && !follows && !has_right {
            return Err(Flaw::Modality);
        }
    }
    for (scope, strength) in &known {
        let weak = matches!(strength, Strength::Should | Strength::May);
        let covered = scope.shared(&claim.iter().collect::<Vec<_>>());
        if weak && claimed.is_empty() && scope.words.len() >= 2 && 4 * covered >= 3 * scope.words.len() {
            return Err(Flaw::Modality);
        }
    }
    Ok(())
}

fn active(verb: &str) -> String {
    verb.strip_suffix('s').unwrap_or(verb).to_owned()
}

/// The clauses of a text, each a run of its words.
pub fn clauses(tokens: &[Token]) -> Vec<&[Token]> {
    tokens.chunk_by(|one, next| one.clause == next.clause).collect()
}

/// Where the quotes have one word of a pair of opposites and the claim the other about the same thing, one of them is wrong.
pub fn opposites_agree(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    for (at, token) in claim.iter().enumerate() {
        for (one, other) in &LEXICON.opposite {
            for (own, against) in [(one, other), (other, one)] {
                if is_of(token, own) && contradicts(claim, at, evidence, own, against) {
                    return Err(Flaw::Opposite);
                }
            }
        }
    }
    Ok(())
}

/// Words of time that no quote implies without saying one of them.
const BEFORE: [&str; 3] = ["före", "innan", "förrän"];

fn is_of(token: &Token, side: &Side) -> bool {
    side.has(&token.word, &token.stem, token.is_content())
}

fn contradicts(claim: &[Token], at: usize, evidence: &[Token], own: &Side, against: &Side) -> bool {
    let narrow = |tokens: &[Token], at: usize| -> Vec<Token> {
        let next = tokens[at + 1..]
            .iter()
            .take_while(|token| token.sentence == tokens[at].sentence);
        // "Från den dag", "till årets slut": the time is meant.
        if let Some(time) = next.clone().take(2).find(|token| is_unit(token)) {
            return vec![time.clone()];
        }
        let next = next.filter(|token| token.is_content()).take(2);
        let mut words: Vec<Token> = next.clone().take(1).chain(next).cloned().collect();
        words.extend(scope_within(tokens, at, (1, 0)).words.into_iter().cloned());
        words
    };
    let bears_on = narrow(claim, at);
    let best = |side: &Side| {
        let places = evidence.iter().enumerate().filter(|(_, token)| is_of(token, side));
        places
            .map(|(at, _)| {
                narrow(evidence, at)
                    .iter()
                    .filter(|word| stands_among(word, &bears_on))
                    .count()
            })
            .max()
    };
    match (best(own), best(against)) {
        (None, Some(_)) => true,
        (None, None) => BEFORE.contains(&claim[at].word.as_str()),
        (Some(own), Some(against)) => against > own,
        _ => false,
    }
}
