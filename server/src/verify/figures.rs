//! Numbers, amounts, dates and time limits: each in the sentence must stand in a quote, with its unit and its bound.

use super::Flaw;
use super::token::Token;
use lotsen_corpus::text::MONTHS;

/// Cardinal numbers, ordinals and parts as Swedish law writes them.
const NUMBER_WORDS: [(&str, &str); 54] = [
    ("två", "2"),
    ("tre", "3"),
    ("fyra", "4"),
    ("fem", "5"),
    ("sex", "6"),
    ("sju", "7"),
    ("åtta", "8"),
    ("nio", "9"),
    ("tio", "10"),
    ("elva", "11"),
    ("tolv", "12"),
    ("tretton", "13"),
    ("fjorton", "14"),
    ("femton", "15"),
    ("sexton", "16"),
    ("sjutton", "17"),
    ("arton", "18"),
    ("nitton", "19"),
    ("tjugo", "20"),
    ("tjugoen", "21"),
    ("tjugoett", "21"),
    ("tjugofyra", "24"),
    ("tjugofem", "25"),
    ("trettio", "30"),
    ("fyrtio", "40"),
    ("femtio", "50"),
    ("sextio", "60"),
    ("sjuttio", "70"),
    ("åttio", "80"),
    ("nittio", "90"),
    ("hundra", "100"),
    ("tusen", "1000"),
    ("halv", "1/2"),
    ("hälften", "1/2"),
    ("tredjedel", "1/3"),
    ("fjärdedel", "1/4"),
    ("femtedel", "1/5"),
    ("tiondel", "1/10"),
    ("tolftedel", "1/12"),
    ("andra", "2:a"),
    ("tredje", "3:e"),
    ("fjärde", "4:e"),
    ("femte", "5:e"),
    ("sjätte", "6:e"),
    ("sjunde", "7:e"),
    ("åttonde", "8:e"),
    ("nionde", "9:e"),
    ("tionde", "10:e"),
    ("tolfte", "12:e"),
    ("dubbelt", "2x"),
    ("varannan", "2:a"),
    ("vartannat", "2:a"),
    ("tjugotvå", "22"),
    ("nittionde", "90:e"),
];

/// What is counted: first letters of the word after the number, and the unit. "ett" and "en" count only before one of these.
const UNITS: [(&str, &str); 15] = [
    ("dag", "day"),
    ("dygn", "day"),
    ("veck", "week"),
    ("månad", "month"),
    ("år", "year"),
    ("timm", "hour"),
    ("timma", "hour"),
    ("minut", "minute"),
    ("kr", "krona"),
    ("kron", "krona"),
    ("procent", "percent"),
    ("%", "percent"),
    ("gång", "time"),
    ("prisbasbelopp", "base amount"),
    ("kvartal", "quarter"),
];

/// What may follow the first letters of a unit: "dagarna", "månaders", but not "daglig".
const ENDINGS: [&str; 20] = [
    "", "ar", "arna", "ars", "en", "er", "erna", "ers", "et", "s", "or", "orna", "a", "an", "e", "na", "ens", "ets",
    "me", "mar",
];

/// Words that say on which side of a number one must be.
const BOUNDS: [(&str, Bound); 26] = [
    ("minst", Bound::Least),
    ("lägst", Bound::Least),
    ("tidigast", Bound::Least),
    ("åtminstone", Bound::Least),
    ("fyllt", Bound::Least),
    ("fyller", Bound::Least),
    ("uppnått", Bound::Least),
    ("högst", Bound::Most),
    ("senast", Bound::Most),
    ("längst", Bound::Most),
    ("inom", Bound::Most),
    ("första", Bound::Most),
    ("max", Bound::Most),
    ("maximalt", Bound::Most),
    ("överstiger", Bound::More),
    ("överstiga", Bound::More),
    ("äldre", Bound::More),
    ("över", Bound::More),
    ("understiger", Bound::Less),
    ("understiga", Bound::Less),
    ("yngre", Bound::Less),
    ("under", Bound::Less),
    ("före", Bound::Less),
    ("innan", Bound::Less),
    ("ung", Bound::Less),
    ("knappt", Bound::Less),
];

/// On which side of a number one must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Least,
    Most,
    More,
    Less,
}

impl Bound {
    /// "Över 18 år" and "fyllt 18 år" go the same way, "under 18 år" the other.
    fn upwards(self) -> bool {
        matches!(self, Bound::Least | Bound::More)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Figure {
    at: usize,
    value: String,
    unit: Option<&'static str>,
    bound: Option<Bound>,
}

impl Figure {
    fn same(&self, other: &Figure) -> bool {
        self.value == other.value && self.unit == other.unit
    }

    fn is_age(&self) -> bool {
        self.unit == Some("year") && self.bound.is_some() && self.value.parse().is_ok_and(|years: u32| years >= 12)
    }
}

/// Every figure, month, period and bound of the claim must stand in a quote, in the place it has there, and the ages that a
/// rule is about may not be lost.
pub fn check(claim: &[Token], evidence: &[Token]) -> Result<(), Flaw> {
    let (claimed, known) = (figures(claim), figures(evidence));
    for figure in &claimed {
        let like: Vec<&Figure> = known.iter().filter(|k| k.same(figure)).collect();
        if like.is_empty() || !stands_best(figure, claim, &known, evidence) {
            return Err(Flaw::Figure);
        }
        if figure
            .bound
            .is_some_and(|bound| !like.iter().any(|k| agrees(bound, k.bound)))
        {
            return Err(Flaw::Bound);
        }
        let lost = |k: &&Figure| figure.bound.is_none() && k.bound.is_some_and(|b| is_explicit(evidence, k.at, b));
        if like.iter().all(lost) {
            return Err(Flaw::Bound);
        }
    }
    let is_period =
        |token: &&Token| MONTHS.contains(&token.word.as_str()) || unit(token).is_some_and(|u| TIMES.contains(&u));
    let known_period = |token: &Token| {
        let same = |k: &Token| k.word == token.word || unit(token).is_some() && unit(k) == unit(token);
        token.word == "dag" || evidence.iter().any(same)
    };
    if claim.iter().filter(is_period).any(|token| !known_period(token)) {
        return Err(Flaw::Figure);
    }
    let ages_claimed = claimed.iter().any(Figure::is_age);
    let lost_age = |age: &&Figure| {
        let clause: Vec<&Token> = evidence
            .iter()
            .filter(|t| t.sentence == evidence[age.at].sentence && t.is_content())
            .collect();
        let kept = clause
            .iter()
            .filter(|word| claim.iter().any(|token| token.akin(word)))
            .count();
        5 * kept >= 2 * clause.len()
    };
    if !ages_claimed && known.iter().filter(|figure| figure.is_age()).any(|age| lost_age(&age)) {
        return Err(Flaw::Widened);
    }
    Ok(())
}

/// Units that a period of the calendar is counted in.
const TIMES: [&str; 6] = ["day", "week", "month", "year", "hour", "quarter"];

fn agrees(claimed: Bound, known: Option<Bound>) -> bool {
    known.is_some_and(|known| {
        known == claimed
            || known.upwards() == claimed.upwards()
                && [known, claimed].iter().any(|b| matches!(b, Bound::More | Bound::Less))
    })
}

/// "inom" and "senast" may become "i" or "har ... på sig"; "minst" and "högst" may not go.
fn is_explicit(tokens: &[Token], at: usize, bound: Bound) -> bool {
    let near = tokens[at.saturating_sub(3)..at]
        .iter()
        .rev()
        .find(|t| BOUNDS.iter().any(|(w, b)| *w == t.word && *b == bound));
    near.is_some_and(|token| ["minst", "högst", "lägst"].contains(&token.word.as_str()))
}

/// No other figure of the same unit may stand nearer to the claim's words than this one does.
fn stands_best(figure: &Figure, claim: &[Token], known: &[Figure], evidence: &[Token]) -> bool {
    let around = |tokens: &[Token], at: usize| -> Vec<Token> {
        let told = |t: &&Token| t.sentence == tokens[at].sentence && t.is_content() && unit(t).is_none();
        let before = tokens[..at].iter().rev().filter(told).take(4);
        before
            .chain(tokens[at + 1..].iter().filter(told).take(2))
            .cloned()
            .collect()
    };
    let own = around(claim, figure.at);
    let fits = |k: &Figure| {
        around(evidence, k.at)
            .iter()
            .filter(|word| own.iter().any(|o| o.akin(word)))
            .count()
    };
    let best = |same: bool| {
        known
            .iter()
            .filter(|k| alike(k.unit, figure.unit) && k.same(figure) == same)
            .map(fits)
            .max()
    };
    best(false).unwrap_or(0) <= best(true).unwrap_or(0)
}

fn alike(one: Option<&str>, other: Option<&str>) -> bool {
    let is_time = |unit: Option<&str>| unit.is_some_and(|unit| TIMES.contains(&unit));
    one == other || is_time(one) && is_time(other)
}

/// The figures of a text. In "12 men inte 15 år", both numbers are years.
fn figures(tokens: &[Token]) -> Vec<Figure> {
    let mut found: Vec<Figure> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let unit = tokens.get(at + 1).and_then(unit);
        let figure = |value: String, unit| Figure {
            at,
            value,
            unit,
            bound: None,
        };
        if let Some(value) = number(&token.word) {
            found.push(figure(value, unit));
        } else if matches!(token.word.as_str(), "en" | "ett") && unit.is_some() {
            found.push(figure("1".to_owned(), unit));
        } else if let Some((value, unit)) = digits_with_unit(&token.word) {
            found.push(figure(value, Some(unit)));
        }
    }
    for k in (1..found.len()).rev() {
        if found[k - 1].unit.is_none() && found[k].at - found[k - 1].at <= 4 {
            found[k - 1].unit = found[k].unit;
        }
    }
    for figure in &mut found {
        figure.bound = bound(tokens, figure.at, figure.unit);
    }
    found
}

/// The bound before the figure, or the one after it in "80 år eller äldre".
fn bound(tokens: &[Token], at: usize, unit: Option<&'static str>) -> Option<Bound> {
    let of = |token: &Token| {
        BOUNDS
            .iter()
            .find(|(word, _)| *word == token.word)
            .map(|(_, bound)| *bound)
    };
    let after = tokens[at + 1..]
        .iter()
        .take(4)
        .find(|t| ["äldre", "yngre"].contains(&t.word.as_str()))
        .and_then(of);
    if let Some(bound) = after {
        return Some(if bound == Bound::More {
            Bound::Least
        } else {
            Bound::Most
        });
    }
    let from = at.saturating_sub(3);
    let place = (from..at).rev().find(|&i| of(&tokens[i]).is_some())?;
    let bound = of(&tokens[place])?;
    // "Under två år" is how long, "under 18 år" how old.
    if tokens[place].word == "under" && (unit != Some("year") || number(&tokens[at].word)?.parse::<u32>().ok()? < 10) {
        return None;
    }
    let negated = tokens[place.saturating_sub(2)..place]
        .iter()
        .any(|t| ["inte", "ej"].contains(&t.word.as_str()));
    match bound {
        Bound::Least if negated => Some(Bound::Less),
        Bound::More if negated => Some(Bound::Most),
        bound => Some(bound),
    }
}

fn number(word: &str) -> Option<String> {
    let named = NUMBER_WORDS.iter().find(|(name, _)| *name == word);
    let is_digits =
        word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || ",:".contains(c));
    named
        .map(|(_, value)| (*value).to_owned())
        .or_else(|| is_digits.then(|| word.to_owned()))
}

/// "14-dagars", "20-årig", "65-årsdagen".
fn digits_with_unit(word: &str) -> Option<(String, &'static str)> {
    let (digits, rest) = word.split_once('-')?;
    let unit = UNITS.iter().find(|(start, _)| rest.starts_with(start))?;
    Some((number(digits)?, unit.1))
}

/// True for a number in digits or words.
pub fn is_number(token: &Token) -> bool {
    number(&token.word).is_some()
}

/// True for "sex" and "6".
pub fn same_number(one: &Token, other: &Token) -> bool {
    number(&one.word).is_some() && number(&one.word) == number(&other.word)
}

/// True for the name of what a figure counts.
pub fn is_unit(token: &Token) -> bool {
    unit(token).is_some()
}

fn unit(token: &Token) -> Option<&'static str> {
    let fits = |start: &str| {
        token
            .word
            .strip_prefix(start)
            .is_some_and(|ending| ENDINGS.contains(&ending))
    };
    UNITS.iter().find(|(start, _)| fits(start)).map(|(_, unit)| *unit)
}
