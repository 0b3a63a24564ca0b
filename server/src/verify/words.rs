//! Small words that change how far a rule reaches, and names that may not be exchanged. The tables stand first.

use std::collections::BTreeSet;

use super::token::Token;
use super::{Cited, Flaw};

/// What makes a rule hold for more, or for fewer, than it says. Words of one row say the same.
const REACHES: [&[&str]; 7] = [
    &["alla", "samtliga", "alltid"],
    &["varje", "var"],
    &["aldrig"],
    &["endast", "bara", "enbart", "uteslutande"],
    &["oavsett", "trots"],
    &["genast", "omedelbart", "omgående"],
    &["automatiskt"],
];

/// What opens an exception from a rule, or a condition for it.
const CONDITIONS: [&str; 14] = [
    "om",
    "när",
    "såvida",
    "ifall",
    "förutsättning",
    "förutsatt",
    "undantag",
    "utom",
    "förutom",
    "dock",
    "endast",
    "skäl",
    "kräver",
    "krävs",
];

/// Beginnings of names of bodies, groups of people and benefits: a rule about one is not a rule about another.
const NAMES: [&str; 62] = [
    "anhörig",
    "arbetsgivar",
    "arvode",
    "assistans",
    "avgift",
    "avlösar",
    "barn",
    "boende",
    "bostad",
    "boendestöd",
    "brukar",
    "domstol",
    "familjehem",
    "flick",
    "förbehållsbelopp",
    "föräld",
    "förmyndar",
    "förmögenhet",
    "förskol",
    "försäkringskass",
    "förvaltare",
    "förvaltningsrätt",
    "gode",
    "handläggar",
    "hemtjänst",
    "inkomst",
    "inspektion",
    "ivo",
    "jourhem",
    "kammarrätt",
    "kommun",
    "kontaktfamilj",
    "kontaktperson",
    "korttid",
    "ledsag",
    "läkar",
    "make",
    "migrationsverk",
    "nämnd",
    "polis",
    "pojk",
    "region",
    "riksdag",
    "regering",
    "sambo",
    "servicebostad",
    "sjuk",
    "skol",
    "socialnämnd",
    "socialsekreterar",
    "socialstyrels",
    "socialtjänst",
    "stödboende",
    "trygghetslarm",
    "ungdom",
    "utförar",
    "utskott",
    "vuxen",
    "vuxna",
    "vårdnadshavar",
    "åklagar",
    "äldre",
];

/// A condition or an exception of the nearest sentence may not be lost, and none may be made up.
pub fn conditions_are_kept(claim: &[Token], nearest: &[Token], evidence: &[&Token]) -> Result<(), Flaw> {
    let is_condition = |token: &Token| CONDITIONS.contains(&token.word.as_str());
    let claimed = claim.iter().any(is_condition);
    let lost = !claimed && nearest.iter().any(is_condition);
    let added = claimed && !evidence.iter().any(|token| is_condition(token));
    if lost || added { Err(Flaw::Exception) } else { Ok(()) }
}

/// Words of reach in the claim must have their like in the quotes.
pub fn nothing_is_widened(claim: &[Token], evidence: &[&Token]) -> Result<(), Flaw> {
    let row = |word: &str| REACHES.iter().position(|row| row.contains(&word));
    let known: BTreeSet<usize> = evidence.iter().filter_map(|token| row(&token.word)).collect();
    let widened = claim
        .iter()
        .filter_map(|token| row(&token.word))
        .any(|row| !known.contains(&row));
    if widened { Err(Flaw::Widened) } else { Ok(()) }
}

/// Bodies, groups, benefits and abbreviations of the claim must stand in the quotes or in their references.
pub fn names_are_known(claim: &[Token], evidence: &[&Token], cited: &[Cited<'_>]) -> Result<(), Flaw> {
    let in_references = |word: &str| cited.iter().any(|c| c.reference.to_lowercase().contains(word));
    let unknown = claim
        .iter()
        .filter(|token| token.is_content() && NAMES.iter().any(|name| token.word.starts_with(name)))
        .any(|token| !evidence.iter().any(|known| known.akin(token)) && !in_references(&token.word));
    if unknown { Err(Flaw::Name) } else { Ok(()) }
}
