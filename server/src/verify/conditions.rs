//! How far a rule reaches: its conditions and exceptions, the groups and ages it is about, "alla" and "endast".

use std::collections::BTreeSet;

use super::Flaw;
use super::figures::{is_number, same_number};
use super::lexicon::LEXICON;
use super::scope::stands_among;
use super::token::Token;

/// What a clause is to its sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Rule,
    /// "Om ...", "när ...", "Är den enskilde ...": when the rule holds.
    Condition,
    /// "Som ...": for whom, or for what.
    Relative,
}

fn part(tokens: &[Token]) -> Part {
    let opens =
        |token: &Token| LEXICON.conditions.contains(&token.word) || token.first && LEXICON.turned.contains(&token.word);
    match tokens.first() {
        Some(token) if opens(token) => Part::Condition,
        Some(token) if token.word == "som" => Part::Relative,
        _ => Part::Rule,
    }
}

/// The parts of a sentence.
fn parts(sentence: &[Token]) -> Vec<(Part, &[Token])> {
    let mut parts: Vec<(Part, &[Token])> = Vec::new();
    let mut from = 0;
    for at in 1..=sentence.len() {
        let ends = at == sentence.len()
            || sentence[at].clause != sentence[at - 1].clause
            || sentence[at].word == "som"
            || ends_relative(&sentence[from..at], &sentence[at..]);
        if ends {
            // After a comma "som" only adds something.
            let adds = from > 0 && sentence[from].clause != sentence[from - 1].clause;
            let part = match part(&sentence[from..at]) {
                Part::Relative if adds => Part::Rule,
                part => part,
            };
            parts.push((part, &sentence[from..at]));
            from = at;
        }
    }
    parts
}

/// "Den som är jävig | får inte ...", "den som har ansökt | har rätt till ..."
fn ends_relative(relative: &[Token], rest: &[Token]) -> bool {
    let is_modal = ["ska", "skall", "får", "kan", "bör", "måste"].contains(&rest[0].word.as_str());
    let is_right = rest[0].word == "har" && rest.get(1).is_some_and(|next| next.word == "rätt");
    relative[0].word == "som" && relative.len() >= 3 && (is_modal || is_right)
}

/// True for words that a rule is told by.
fn tells(token: &Token) -> bool {
    token.is_content() && !is_number(token) && !LEXICON.free.contains(&token.stem)
}

/// A condition or an exception of a rule that the claim repeats may not be lost.
pub fn are_kept(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    for sentence in evidence.chunk_by(|one, next| one.sentence == next.sentence) {
        let parts = parts(sentence);
        let covered = |part: &mut dyn Iterator<Item = &Token>| {
            let content: Vec<&Token> = part.filter(|token| tells(token)).collect();
            let kept = content.iter().filter(|word| stands_among(word, claim)).count();
            (kept, content.len())
        };
        let rule = parts
            .iter()
            .filter(|(part, _)| *part == Part::Rule)
            .flat_map(|(_, tokens)| tokens.iter());
        let only = rule
            .clone()
            .any(|token| ["endast", "bara", "enbart"].contains(&token.word.as_str()));
        let (kept, of_rule) = covered(&mut rule.clone());
        let is_said = |token: &Token| {
            let said = parts
                .iter()
                .filter(|(part, _)| *part != Part::Condition)
                .flat_map(|(_, tokens)| tokens.iter());
            stands_among(token, said)
        };
        let own: Vec<(Part, &[Token])> = self::parts(claim);
        let own = own
            .iter()
            .filter(|(part, _)| *part != Part::Condition)
            .flat_map(|(_, tokens)| tokens.iter());
        let content = own.filter(|token| tells(token));
        let said = content.clone().filter(|token| is_said(token)).count();
        let all = content.count();
        let only_repeats = said >= 1 && (said == all || said >= 2 && 5 * said >= 4 * all);
        let repeats = only_repeats
            || of_rule > 1
                && if only {
                    2 * kept >= of_rule
                } else {
                    4 * kept >= 3 * of_rule
                };
        let unconditional = !self::parts(claim).iter().any(|(part, _)| *part == Part::Condition);
        // One of several alternatives is enough: "om barnet begär eller samtycker till det".
        // How much it tells is told too: a figure is as good as two words.
        let is_lost = |alternative: &[Token]| {
            let (kept, all) = covered(&mut alternative.iter());
            let figures = alternative.iter().filter(|token| is_number(token));
            let figure_lost = figures
                .clone()
                .any(|figure| !claim.iter().any(|token| same_number(token, figure)));
            let says_nothing = all == 0 && figures.clone().count() == 0;
            (
                says_nothing && unconditional || 2 * kept < all || all >= 4 && 5 * kept < 3 * all || figure_lost,
                all + 2 * figures.count(),
            )
        };
        let lost = parts.iter().any(|(part, tokens)| match part {
            Part::Rule => false,
            Part::Condition => {
                let alternatives: Vec<(bool, usize)> =
                    tokens.split(|token| token.word == "eller").map(is_lost).collect();
                if alternatives.iter().all(|(_, told)| *told >= 2) {
                    alternatives.iter().all(|(lost, _)| *lost)
                } else {
                    is_lost(tokens).0
                }
            }
            Part::Relative => {
                let telling: Vec<&Token> = tokens.iter().filter(|token| tells(token)).collect();
                telling.len() > 1 && !telling.iter().any(|word| claim.iter().any(|token| token.akin(word)))
            }
        });
        if repeats && lost {
            return Err(Flaw::Exception);
        }
    }
    Ok(())
}

/// Words of reach in the claim must have their like in the quotes. "Alla som" is "den som".
pub fn nothing_is_widened(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    let row = |token: &Token| LEXICON.reach.get(&token.word);
    let known: BTreeSet<&usize> = evidence.iter().filter_map(row).collect();
    let widened = claim.iter().enumerate().any(|(at, token)| {
        let stands_for_the = token.word == "alla" && claim.get(at + 1).is_some_and(|next| next.word == "som");
        !stands_for_the && row(token).is_some_and(|row| !known.contains(row))
    });
    if widened { Err(Flaw::Widened) } else { Ok(()) }
}

/// Words that point back to a noun that was narrowed before.
const POINTING: [&str; 8] = ["sådan", "sådant", "sådana", "denna", "detta", "dessa", "den", "det"];

/// A word that narrows a noun of the quotes must stay with the noun.
pub fn nothing_narrowing_is_lost(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    let lost = evidence.windows(2).any(|pair| {
        let [narrowing, noun] = pair else { return false };
        let narrows = LEXICON.narrowing.contains(&narrowing.word) && noun.is_content();
        let same_noun = |token: &Token| token.stem == noun.stem;
        let alone = |p: &[Token]| !LEXICON.narrowing.contains(&p[0].word) && !POINTING.contains(&p[0].word.as_str());
        let elsewhere = evidence.windows(2).any(|p| p[1].stem == noun.stem && alone(p));
        narrows && !elsewhere && claim.iter().any(same_noun) && !claim.iter().any(|token| token.akin(narrowing))
    });
    if lost { Err(Flaw::Widened) } else { Ok(()) }
}
