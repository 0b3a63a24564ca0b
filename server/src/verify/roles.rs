//! Who does what: the one who acts and the one it is done to may not change places.

use super::Flaw;
use super::lexicon::LEXICON;
use super::scope::stands_among;
use super::token::Token;

/// How a body or person stands in its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Subject or object without a preposition, or agent after "av".
    Acts,
    /// After "till", "hos", "från" and the like: what is done goes to them or comes from them.
    Receives,
    /// After another preposition, or in the genitive.
    Other,
}

const GOALS: [&str; 4] = ["till", "hos", "från", "åt"];
const PREPOSITIONS: [&str; 6] = ["mot", "för", "med", "utan", "om", "i"];

/// Words that may stand between a preposition and its noun.
const DETERMINERS: [&str; 14] = [
    "den", "det", "de", "en", "ett", "sin", "sitt", "sina", "någon", "annan", "denna", "egna", "annat", "båda",
];

/// True for bodies and people.
pub fn is_actor(token: &Token) -> bool {
    LEXICON.is_actor(&token.word, &token.stem)
}

fn same(one: &Token, other: &Token) -> bool {
    one.akin(other) || one.part_of(other) || other.part_of(one)
}

fn role(tokens: &[Token], at: usize) -> Role {
    let before = tokens[..at]
        .iter()
        .rev()
        .find(|token| !DETERMINERS.contains(&token.word.as_str()));
    let before = before
        .filter(|b| b.clause == tokens[at].clause)
        .map_or("", |b| b.word.as_str());
    let genitive = tokens[at].word.ends_with('s') && tokens.get(at + 1).is_some_and(Token::is_content);
    if GOALS.contains(&before) {
        Role::Receives
    } else if genitive || PREPOSITIONS.contains(&before) {
        Role::Other
    } else {
        Role::Acts
    }
}

/// Bodies and people of a text with their places and roles.
fn cast(tokens: &[Token]) -> Vec<(usize, &Token, Role)> {
    let actors = (0..tokens.len()).filter(|&at| is_actor(&tokens[at]));
    actors.map(|at| (at, &tokens[at], role(tokens, at))).collect()
}

/// No two bodies or people may change places, no act may go to another, and "erbjuda" is not "erbjudas".
pub fn agree(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    if changed_places(claim, evidence)
        || changed_sides(claim, evidence)
        || acts_of_another(claim, evidence)
        || goes_elsewhere(claim, evidence)
        || does_what_is_done_to_it(claim, evidence)
        || turned_voice(claim, evidence)
    {
        return Err(Flaw::Role);
    }
    Ok(())
}

/// One who only acts in the quotes only receives in the claim, or the two have changed places.
fn changed_places(claim: &[Token], evidence: &[Token]) -> bool {
    let (claimed, known) = (cast(claim), cast(evidence));
    let only = |actor: &Token, role: Role| {
        let mut roles = known.iter().filter(|(_, k, _)| same(k, actor)).peekable();
        roles.peek().is_some() && roles.all(|(_, _, r)| *r == role)
    };
    let acts = |actor: &Token| known.iter().any(|(_, k, role)| same(k, actor) && *role == Role::Acts);
    claimed.iter().any(|(_, one, role)| match role {
        Role::Receives => only(one, Role::Acts),
        Role::Acts => {
            (only(one, Role::Receives) || only(one, Role::Other))
                && claimed
                    .iter()
                    .any(|(_, two, role)| *role != Role::Acts && !same(two, one) && acts(two))
        }
        Role::Other => false,
    })
}

/// "A hänvisar B" for "B hänvisar A".
fn changed_sides(claim: &[Token], evidence: &[Token]) -> bool {
    let claimed = cast(claim);
    claimed
        .iter()
        .zip(claimed.iter().skip(1))
        .any(|((a, _, _), (b, second, role))| {
            let between = &claim[a + 1..*b];
            let verb = between.iter().find(|token| token.is_content());
            let Some(verb) =
                verb.filter(|verb| *role == Role::Acts && verb.part == second.part && claim[*a].part == verb.part)
            else {
                return false;
            };
            let verbs = (0..evidence.len()).filter(|&at| evidence[at].akin(verb));
            let near = |at: usize, before: bool| {
                let range = if before {
                    at.saturating_sub(4)..at
                } else {
                    at + 1..evidence.len().min(at + 4)
                };
                evidence[range]
                    .iter()
                    .any(|token| token.part == evidence[at].part && is_actor(token) && same(token, second))
            };
            verbs.clone().any(|at| near(at, true)) && !verbs.clone().any(|at| near(at, false))
        })
}

/// Something done, in its words, and who does it.
struct Deed<'a> {
    actors: Vec<&'a Token>,
    words: Vec<&'a Token>,
}

/// The parts of a text with those who act in them; a part that begins with "som" takes who stands before it, and "ansökan av
/// nämnden" is a deed of its own.
fn deeds(tokens: &[Token]) -> Vec<Deed<'_>> {
    let mut deeds: Vec<Deed<'_>> = Vec::new();
    let mut before = None;
    for part in tokens.chunk_by(|one, next| one.part == next.part) {
        let mut rest: Vec<&Token> = part.iter().collect();
        while let Some(at) =
            (1..rest.len().saturating_sub(1)).find(|&at| rest[at].word == "av" && is_actor(rest[at + 1]))
        {
            let done: Vec<&Token> = rest.drain(at - 1..at + 2).collect();
            deeds.push(Deed {
                actors: vec![done[2]],
                words: vec![done[0]],
            });
        }
        let cast = cast(part)
            .into_iter()
            .filter(|(_, actor, role)| *role == Role::Acts && rest.iter().any(|t| std::ptr::eq(*t, *actor)));
        let antecedent = before.filter(|last: &&Token| part[0].word == "som" && is_actor(last));
        deeds.push(Deed {
            actors: cast.map(|(_, actor, _)| actor).chain(antecedent).collect(),
            words: rest,
        });
        before = part.last();
    }
    deeds
}

/// How much more the verb tells than the other words.
const VERB: usize = 4;

/// What the claim lets one do that the quotes let only another do. The verb comes first.
fn acts_of_another(claim: &[Token], evidence: &[Token]) -> bool {
    let known = deeds(evidence);
    deeds(claim).iter().filter(|deed| deed.actors.len() == 1).any(|deed| {
        let actor = deed.actors[0];
        let after = deed
            .words
            .iter()
            .position(|token| std::ptr::eq(*token, actor))
            .map_or(0, |at| at + 1);
        let words = deed.words[after..]
            .iter()
            .filter(|token| token.is_content() && !is_actor(token))
            .take(4);
        let words: Vec<&Token> = words.copied().collect();
        let overlap = |known: &Deed<'_>| {
            let stands = |word: &Token| stands_among(word, known.words.iter().copied());
            let verb = words.first().is_some_and(|word| stands(word));
            words.iter().filter(|word| stands(word)).count() + VERB * usize::from(verb)
        };
        let is_own = |deed: &&Deed<'_>| deed.actors.iter().chain(&deed.words).any(|token| same(token, actor));
        let own = known.iter().filter(is_own).map(overlap).max().unwrap_or(0);
        let others = known
            .iter()
            .filter(|deed| !deed.actors.is_empty() && !is_own(deed))
            .map(overlap)
            .max()
            .unwrap_or(0);
        others > own
    })
}

/// "Överklagas till nämnden" for "överklagas till förvaltningsrätten", where the quotes name both.
fn goes_elsewhere(claim: &[Token], evidence: &[Token]) -> bool {
    let goals = |tokens: &[Token]| -> Vec<(Token, Token)> {
        let goals = cast(tokens).into_iter().filter(|(_, _, role)| *role == Role::Receives);
        goals
            .filter_map(|(at, actor, _)| {
                let before = tokens[..at].iter().rev().take_while(|token| token.part == actor.part);
                let verb = before
                    .into_iter()
                    .find(|token| token.is_content() && !is_actor(token))?;
                Some((verb.clone(), actor.clone()))
            })
            .collect()
    };
    let known = goals(evidence);
    goals(claim).iter().any(|(verb, actor)| {
        let mut of_verb = known.iter().filter(|(known, _)| known.akin(verb)).peekable();
        of_verb.peek().is_some() && !of_verb.any(|(_, goal)| same(goal, actor))
    })
}

/// One whom something is done to in the quotes ("underställas förvaltningsrätten") does it in the claim.
fn does_what_is_done_to_it(claim: &[Token], evidence: &[Token]) -> bool {
    let done = evidence
        .windows(2)
        .filter(|pair| pair[0].word.ends_with("as") && pair[0].is_content() && is_actor(&pair[1]));
    let done: Vec<&[Token]> = done.collect();
    deeds(claim).iter().any(|deed| {
        let (Some(actor), Some(verb)) = (
            deed.actors.first(),
            deed.words.iter().find(|t| t.is_content() && !is_actor(t)),
        ) else {
            return false;
        };
        done.iter()
            .any(|pair| pair[0].akin(verb) && !verb.word.ends_with('s') && same(&pair[1], actor))
    })
}

/// A verb after a modal verb, and whether it is passive.
fn infinitives(tokens: &[Token]) -> impl Iterator<Item = (usize, &str, bool)> {
    let modal = |token: &Token| ["ska", "skall", "måste", "får", "kan", "bör"].contains(&token.word.as_str());
    let after_modal = (1..tokens.len()).filter(move |&at| {
        let mut clause = tokens[..at]
            .iter()
            .rev()
            .take(4)
            .take_while(|t| t.clause == tokens[at].clause);
        clause.any(modal)
    });
    after_modal.filter_map(|at| {
        let word = tokens[at].word.as_str();
        match word.strip_suffix("as") {
            Some(base) => Some((at, base, true)),
            None => word.strip_suffix('a').map(|base| (at, base, false)),
        }
    })
}

/// "Ska erbjuda" for "ska erbjudas" of the same subject, or the other way round.
fn turned_voice(claim: &[Token], evidence: &[Token]) -> bool {
    let before = |tokens: &[Token], at: usize| -> Vec<Token> {
        let same_sentence = tokens[..at]
            .iter()
            .rev()
            .take_while(|t| t.sentence == tokens[at].sentence);
        same_sentence.filter(|t| t.is_content()).take(2).cloned().collect()
    };
    infinitives(claim).any(|(at, base, passive)| {
        let subject = before(claim, at);
        let same_verb = infinitives(evidence).filter(|other| other.1 == base && !subject.is_empty());
        let same_subject = same_verb.filter(|other| {
            let known = before(evidence, other.0);
            subject.iter().all(|word| stands_among(word, &known))
        });
        let voices: Vec<bool> = same_subject.map(|found| found.2).collect();
        !voices.is_empty() && !voices.contains(&passive)
    })
}
