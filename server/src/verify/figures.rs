//! Numbers, amounts, dates and time limits: each in the sentence must stand in a quote, with its unit and its bound.

use super::Flaw;
use super::token::Token;
use lotsen_corpus::text::MONTHS;

/// Cardinal numbers as Swedish law writes them.
const NUMBER_WORDS: [(&str, u64); 33] = [
    ("två", 2),
    ("tre", 3),
    ("fyra", 4),
    ("fem", 5),
    ("sex", 6),
    ("sju", 7),
    ("åtta", 8),
    ("nio", 9),
    ("tio", 10),
    ("elva", 11),
    ("tolv", 12),
    ("tretton", 13),
    ("fjorton", 14),
    ("femton", 15),
    ("sexton", 16),
    ("sjutton", 17),
    ("arton", 18),
    ("nitton", 19),
    ("tjugo", 20),
    ("tjugoen", 21),
    ("tjugoett", 21),
    ("tjugofyra", 24),
    ("tjugofem", 25),
    ("trettio", 30),
    ("fyrtio", 40),
    ("femtio", 50),
    ("sextio", 60),
    ("sjuttio", 70),
    ("åttio", 80),
    ("nittio", 90),
    ("hundra", 100),
    ("tusen", 1000),
    ("halv", 0),
];

/// What is counted: first letters of the word after the number, and the unit. "ett" and "en" count only before one of these.
const UNITS: [(&str, &str); 13] = [
    ("dag", "day"),
    ("dygn", "day"),
    ("veck", "week"),
    ("månad", "month"),
    ("år", "year"),
    ("timm", "hour"),
    ("minut", "minute"),
    ("kr", "krona"),
    ("procent", "percent"),
    ("%", "percent"),
    ("gång", "time"),
    ("prisbasbelopp", "base amount"),
    ("kvartal", "quarter"),
];

/// Words that say on which side of a number one must be.
const BOUNDS: [(&str, &str); 17] = [
    ("minst", "least"),
    ("lägst", "least"),
    ("tidigast", "least"),
    ("åtminstone", "least"),
    ("högst", "most"),
    ("senast", "most"),
    ("längst", "most"),
    ("inom", "most"),
    ("max", "most"),
    ("maximalt", "most"),
    ("överstiger", "more"),
    ("överstiga", "more"),
    ("äldre", "more"),
    ("fyllt", "more"),
    ("understiger", "less"),
    ("understiga", "less"),
    ("yngre", "less"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Figure {
    value: u64,
    unit: Option<&'static str>,
}

/// Every figure, month and bound of the claim must stand in a quote.
pub fn check(claim: &[Token], quotes: &[Vec<Token>]) -> Result<(), Flaw> {
    let known: Vec<Figure> = quotes.iter().flat_map(|quote| figures(quote)).collect();
    let claimed = figures(claim);
    if claimed.iter().any(|figure| !known.contains(figure)) {
        return Err(Flaw::Figure);
    }
    let in_quotes = |word: &str| quotes.iter().flatten().any(|token| token.word == word);
    if claim
        .iter()
        .any(|t| MONTHS.contains(&t.word.as_str()) && !in_quotes(&t.word))
    {
        return Err(Flaw::Figure);
    }
    let known_bounds: Vec<&str> = quotes.iter().flatten().filter_map(bound).collect();
    if !claimed.is_empty() && claim.iter().filter_map(bound).any(|b| !known_bounds.contains(&b)) {
        return Err(Flaw::Bound);
    }
    Ok(())
}

/// The figures of a text. In "12 men inte 15 år", both numbers are years.
fn figures(tokens: &[Token]) -> Vec<Figure> {
    let mut found: Vec<(usize, Figure)> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let unit = tokens.get(i + 1).and_then(unit);
        let own_unit = digits_with_unit(&token.word);
        if let Some(value) = number(&token.word) {
            found.push((i, Figure { value, unit }));
        } else if matches!(token.word.as_str(), "en" | "ett") && unit.is_some() {
            found.push((i, Figure { value: 1, unit }));
        } else if let Some(figure) = own_unit {
            found.push((i, figure));
        }
    }
    for k in (1..found.len()).rev() {
        let (later, earlier) = (found[k], found[k - 1]);
        if earlier.1.unit.is_none() && later.0 - earlier.0 <= 4 {
            found[k - 1].1.unit = later.1.unit;
        }
    }
    found.into_iter().map(|(_, figure)| figure).collect()
}

fn number(word: &str) -> Option<u64> {
    let named = NUMBER_WORDS.iter().find(|(name, _)| *name == word);
    named.map(|(_, value)| *value).or_else(|| word.parse().ok())
}

/// "14-dagars", "20-årig", "65-årsdagen".
fn digits_with_unit(word: &str) -> Option<Figure> {
    let (digits, rest) = word.split_once('-')?;
    let unit = UNITS.iter().find(|(start, _)| rest.starts_with(start))?;
    Some(Figure {
        value: digits.parse().ok()?,
        unit: Some(unit.1),
    })
}

fn unit(token: &Token) -> Option<&'static str> {
    let fits = |start: &str| token.word.starts_with(start) && token.word.len() <= start.len() + 5;
    UNITS.iter().find(|(start, _)| fits(start)).map(|(_, unit)| *unit)
}

fn bound(token: &Token) -> Option<&'static str> {
    BOUNDS
        .iter()
        .find(|(word, _)| *word == token.word)
        .map(|(_, class)| *class)
}
