//! The words of a question in; whether it is about one person's case out.
//!
//! Two ways of asking are known: what to decide about a person who is described ("Kvinna, 82, med stroke. Ska jag bevilja
//! växelvård?"), and a situation told first, whose subject is one person ("Mannen har fått ledarhund. Får vi minska
//! ledsagningen?").

use std::sync::LazyLock;

use regex::Regex;

use lotsen_corpus::text::pattern;

/// "min klient", "vår brukare".
const MY_CLIENT: &str =
    r"\b(?:min|mitt|mina|vår|vårt|våra)\s+(?:klient|brukare|ärende|kund|sökande|familj|boende|patient|deltagare)";
/// "Kvinna, 82", "Pojke 9 år", "en 40-årig man", "tolvåring", "Ett par, 84 och 79".
const PERSON_WITH_AGE: &str = r"\b(?:kvinnan?|man(?:nen)?|pojken?|flickan?|personen?|mamman?|pappan?|dottern?|son(?:en)?|killen?|tjejen?|par(?:et)?|barnet|brukaren?|klienten?)\s?,?\s(?:på\s)?\d{1,3}\b|\b\d{1,3}[- ]åri(?:g|ge|ga|ng|ngen)\b";
/// "en tvåbarnsmamma fick", "en pensionär har": one person and what is true of her.
const ONE_PERSON: &str = r"\b(?:en|ett)\s(?:\p{L}+\s){0,2}?\p{L}*(?:mamma|pappa|pensionär|man|kvinna|pojke|flicka|par|familj|klient|brukare|änka|änkling|student|förälder)\b";
/// "Ska jag bevilja", "ska vi kräva tillbaka", "ska han få", "har hon rätt".
const WHAT_TO_DECIDE: &str = r"\bska jag\b|\b(?:ska|bör|kan|får)\s(?:vi|jag)\s(?:bevilja|bifalla|avslå|sänka|höja|kräva|efterge|säga ja|säga nej|godkänna|neka)|\b(?:ska|har|får|kan)\s(?:han|hon|hen|de|paret|familjen|klienten|brukaren)\b";
/// Where a question begins after a statement in the same sentence: ", får vi", " – vilken nivå".
const THEN_ASKS: &str = r"(?:,| –| -) (?:ska|får|kan|har|är|bör|måste|räcker|går|gäller|tillhör|behöver|vem|hur|vad|vilken|vilka|när|blir|räknas|finns|håller|ingår)\s";

/// Who a situation is told of.
const PERSONS: &str = "kvinna kvinnan man mannen pojke pojken flicka flickan grabb grabben mamma mamman pappa pappan dotter \
    dottern son sonen kille killen tjej tjejen dam damen herre herren farbror tant fru frun hustru hustrun \
    make maken maka makan sambo sambon par paret barnet bebis bebisen fosterbarnet brukare brukaren klient \
    klienten sökande sökanden kund kunden patient patienten pensionär pensionären änka änkan änkling \
    änklingen student studenten tonåring tonåringen mormor morfar farmor farfar moster mostern faster syster \
    systern bror brodern boende han hon hen";
/// How compounds end that stand for a person: `tvåbarnsmamman`, `17-åringen`.
const ENDS: [&str; 16] = [
    "mamma", "mamman", "pappa", "pappan", "dottern", "sonen", "tjej", "tjejen", "kille", "killen", "kvinna", "kvinnan",
    "pojken", "flickan", "åring", "åringen",
];
/// What begins a question, or a condition that holds for anybody: "När en brukare flyttar".
const GENERAL: &str = "när om ifall hur vad vem vems vilka vilken vilket varför var får kan ska måste bör har är blir gäller \
    finns räknas behöver vill vi jag och eller men";
/// How far from its beginning the subject of a statement stands at most, in words.
const SUBJECT_WITHIN: usize = 4;
/// Fewer words than this are a heading and no statement.
const SHORTEST: usize = 3;

static MINE: LazyLock<Regex> = LazyLock::new(|| pattern(MY_CLIENT));
static PERSON: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("{PERSON_WITH_AGE}|{ONE_PERSON}")));
static DECISION: LazyLock<Regex> = LazyLock::new(|| pattern(WHAT_TO_DECIDE));
static ASKS: LazyLock<Regex> = LazyLock::new(|| pattern(THEN_ASKS));
static TO_GRANT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bska jag\s\p{L}+"));

/// Whether a question, in lower case, is about one person's case.
pub(super) fn is_about_one(text: &str) -> bool {
    MINE.is_match(text)
        || TO_GRANT.is_match(text)
        || (PERSON.is_match(text) && DECISION.is_match(text))
        || text
            .split_inclusive(['.', '?', '!'])
            .filter_map(statement)
            .any(is_of_one)
}

/// What a sentence states: all of it, or what stands before the question in it.
fn statement(sentence: &str) -> Option<&str> {
    if sentence.ends_with(['.', '!']) {
        return Some(sentence);
    }
    ASKS.find(sentence).map(|question| &sentence[..question.start()])
}

/// Whether a statement has one person for its subject.
fn is_of_one(statement: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric() || c == '-';
    let words: Vec<&str> = statement
        .split(|c| !is_inside(c))
        .filter(|word| !word.is_empty())
        .collect();
    let is_person = |word: &&str| has(PERSONS, word) || ENDS.iter().any(|end| word.ends_with(end));
    words.len() >= SHORTEST && !has(GENERAL, words[0]) && words.iter().take(SUBJECT_WITHIN).any(is_person)
}

fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_situation_that_is_told_of_one_person_is_a_case() {
        for text in [
            "en dam med svår demens förstår inte hur larmet fungerar. ska hon beviljas det ändå?",
            "han har 35 timmar i månaden och dagvård tre dagar. vilken nivå lägger jag in?",
            "en änka på 80 trivs inte i sin lägenhet, bör hon få servicehus?",
            "klient med skulder lever på existensminimum. får vi bifall om vi stämmer?",
            "17-åringen vill bo själv på stödboende. kan vi placera där?",
        ] {
            assert!(is_about_one(text), "{text}");
        }
    }

    #[test]
    fn a_condition_that_holds_for_anybody_is_none() {
        for text in [
            "när en brukare flyttar, ska vi då lämna över ärendet?",
            "får klienten läsa sin akt?",
            "kan en 16-åring själv säga ja till att vara med i forskning?",
            "vi hinner inte klart med utredningen. får vi förlänga?",
            "om sökanden inte svarar, får vi avsluta?",
        ] {
            assert!(!is_about_one(text), "{text}");
        }
    }
}
