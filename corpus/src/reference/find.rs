//! A text in, its legal references out, in every spelling that caseworkers use.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Reference;
use super::mention::{Mention, act_mentions};
use crate::text::pattern;

/// All references in a text, in reading order.
pub fn find(text: &str) -> Vec<Reference> {
    let mentions = act_mentions(text);
    let provisions = provisions(text);
    let mut taken = vec![false; mentions.len()];
    let mut found = Vec::new();
    for provision in provisions {
        let near = mentions
            .iter()
            .enumerate()
            .position(|(i, mention)| !taken[i] && belongs(text, &provision, mention));
        if near.is_none() && provision.needs_act {
            continue;
        }
        let mut span = provision.span.clone();
        let act = near.map(|i| {
            taken[i] = true;
            span = span.start.min(mentions[i].span.start)..span.end.max(mentions[i].span.end);
            mentions[i].act.clone()
        });
        for paragraph in &provision.paragraphs {
            found.push(Reference {
                act: act.clone(),
                chapter: provision.chapter.clone(),
                paragraph: paragraph.0.clone(),
                through: paragraph.1.clone(),
                part: provision.part,
                item: provision.item.clone(),
                span: span.clone(),
            });
        }
    }
    let alone = mentions
        .into_iter()
        .zip(taken)
        .filter(|(mention, taken)| !taken && mention.certain);
    found.extend(alone.map(|(mention, _)| Reference {
        act: Some(mention.act),
        chapter: None,
        paragraph: None,
        through: None,
        part: None,
        item: None,
        span: mention.span,
    }));
    found.sort_by_key(|reference| reference.span.start);
    found
}

/// A chapter, paragraphs or both named in the text.
struct Found {
    chapter: Option<String>,
    /// Each paragraph with the last one of its range; one empty pair for a whole chapter.
    paragraphs: Vec<(Option<String>, Option<String>)>,
    part: Option<u32>,
    item: Option<String>,
    span: Range<usize>,
    /// True for "11:1", which is a time of day unless an act stands beside it.
    needs_act: bool,
}

/// True if the mention names the provision's act: right after it ("1 § i SoL"), or right before it ("SoL 11:1").
fn belongs(text: &str, provision: &Found, mention: &Mention) -> bool {
    if mention.span.start >= provision.span.end {
        AFTER.is_match(&text[provision.span.end..mention.span.start])
    } else if mention.span.end <= provision.span.start {
        BEFORE.is_match(&text[mention.span.end..provision.span.start])
    } else {
        false
    }
}

/// What may stand between a provision and the act after it.
static AFTER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\s,]*(?:(?:i|enligt|ur|av)\s+)?(?:den\s+)?$"));
/// What may stand between an act and the provision after it.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\s,:(]*$"));

/// Ordinals of chapters and stycken as words; the position gives the number.
const ORDINALS: &[&str] = &[
    "första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde", "elfte",
    "tolfte",
];
/// Number of a chapter or paragraph: "4", "2 a", "7a". A letter counts only if it stands alone: not the "i" of "4 i lagen".
const NUMBER: &str = r"\d{1,3}(?:\s?[a-h]\b)?";
/// The same right before "§", where nothing else can stand: an act that has grown for long reaches "15 k §" and "3 za §".
const NUMBER_BEFORE_SIGN: &str = r"\d{1,3}(?:\s?[a-zåäö]{1,2}\b)?";
/// What joins numbers in a list.
const JOIN: &str = r"\s?(?:,|–|-|\boch\b|\beller\b|\bsamt\b|\btill\b)\s?";

/// "4 kap.", "11 kapitlet", "kap. 11", "fjärde kapitlet".
static CHAPTER: LazyLock<Regex> = LazyLock::new(|| {
    let ordinal = ORDINALS.join("|");
    pattern(&format!(
        r"(?i)\b(?:({NUMBER})\s?(?:kap\b\.?|kapitlet\b|kapitel\b)|(?:kap\b\.?|kapitel)\s?({NUMBER})|({ordinal})\skapitlet\b)"
    ))
});
/// "1 §", "4 och 5 §§", "5–7 §§", "§ 9", "paragraf 9".
static PARAGRAPHS: LazyLock<Regex> = LazyLock::new(|| {
    let list = format!("{NUMBER}(?:{JOIN}{NUMBER})*");
    let before_sign = format!("(?:{NUMBER_BEFORE_SIGN}{JOIN})*{NUMBER_BEFORE_SIGN}");
    pattern(&format!(
        r"(?i)\b({before_sign})\s?(?:§§?|paragraf(?:en|erna|er)?\b)|(?:§§?|\bparagraf(?:en|erna)?\b)\s?({list})"
    ))
});
/// "11:1", "4:2a". Not part of a longer number, an SFS number or a sum.
static COLON: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(\d{1,2}(?:\s?[a-h]\b)?):(\d{1,2}(?:\s?[a-h]\b)?)\b"));
/// What may stand between a chapter and its paragraph.
static GAP: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\s,]*$"));
/// "första stycket", "2 st.", "st. 2".
static PART: LazyLock<Regex> = LazyLock::new(|| {
    let ordinal = ORDINALS.join("|");
    pattern(&format!(
        r"(?i)^[\s,]*(?:({ordinal})\s(?:stycket\b|st\b\.?)|(\d)\s?(?:stycket\b|st\b\.?)|(?:st\b\.?|stycke)\s?(\d)\b)"
    ))
});
/// "3", "p. 3", "punkt 3", "3 p", "1–9".
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"\d{1,2}(?:\s?[a-h]\b)?";
    pattern(&format!(
        r"(?i)^\s?(?:(?:,\s?)?(?:p\b\.?|punkt(?:en|erna)?\b)\s?)?({number}(?:{JOIN}{number})*)\b(?:\s?(?:p\b\.?|punkten\b))?"
    ))
});
/// A number after a paragraph that counts something else: "6 § 14 dagar", "2 § 3 kap.", "1 § 2 §".
static COUNTS_ELSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^(?:\d|:\d|\s?(?:§|kap|%|procent|dag|veck|månad|år|timm|kr|personer|barn|\d{3}\b))")
});

/// The provisions in reading order, each without its act.
fn provisions(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next_start(text, at) {
        let provision = match start {
            Start::Chapter { number, span } => chapter_with_paragraphs(text, number, span),
            Start::Paragraphs { list, span } => with_details(text, None, &list, span),
            Start::Colon {
                chapter,
                paragraph,
                span,
            } => Found {
                needs_act: true,
                ..with_details(text, Some(chapter), &paragraph, span)
            },
        };
        at = provision.span.end;
        found.push(provision);
    }
    found
}

/// How a provision can begin.
enum Start {
    Chapter {
        number: String,
        span: Range<usize>,
    },
    Paragraphs {
        list: String,
        span: Range<usize>,
    },
    Colon {
        chapter: String,
        paragraph: String,
        span: Range<usize>,
    },
}

impl Start {
    fn span(&self) -> &Range<usize> {
        match self {
            Start::Chapter { span, .. } | Start::Paragraphs { span, .. } | Start::Colon { span, .. } => span,
        }
    }
}

fn next_start(text: &str, at: usize) -> Option<Start> {
    let chapter = CHAPTER.captures_at(text, at).and_then(|groups| {
        let number = match (groups.get(1).or(groups.get(2)), groups.get(3)) {
            (Some(digits), _) => tidy(digits.as_str()),
            (None, word) => ordinal(word?.as_str())?.to_string(),
        };
        Some(Start::Chapter {
            number,
            span: groups.get(0)?.range(),
        })
    });
    let paragraphs = PARAGRAPHS.captures_at(text, at).and_then(|groups| {
        let list = groups.get(1).or(groups.get(2))?.as_str().to_owned();
        Some(Start::Paragraphs {
            list,
            span: groups.get(0)?.range(),
        })
    });
    let colon = colon_at(text, at);
    [chapter, paragraphs, colon]
        .into_iter()
        .flatten()
        .min_by_key(|start| start.span().start)
}

/// The next "11:1" that is not part of a number such as "2001:453", "10:30:00" or "1:50,5".
fn colon_at(text: &str, at: usize) -> Option<Start> {
    COLON.captures_iter(&text[at..]).find_map(|groups| {
        let whole = groups.get(0)?;
        let span = at + whole.start()..at + whole.end();
        let joined = |c: char| c.is_alphanumeric() || matches!(c, ':' | '/');
        if text[..span.start].ends_with(joined) || text[span.end..].starts_with(joined) {
            return None;
        }
        Some(Start::Colon {
            chapter: tidy(&groups[1]),
            paragraph: tidy(&groups[2]),
            span,
        })
    })
}

/// A chapter and, if they follow at once, its paragraphs.
fn chapter_with_paragraphs(text: &str, number: String, span: Range<usize>) -> Found {
    let following = PARAGRAPHS.captures_at(text, span.end).and_then(|groups| {
        let whole = groups.get(0)?;
        let list = groups.get(1).or(groups.get(2))?.as_str().to_owned();
        GAP.is_match(&text[span.end..whole.start()])
            .then_some((list, whole.end()))
    });
    match following {
        Some((list, end)) => with_details(text, Some(number), &list, span.start..end),
        None => Found {
            chapter: Some(number),
            paragraphs: vec![(None, None)],
            part: None,
            item: None,
            span,
            needs_act: false,
        },
    }
}

/// Paragraphs with the stycke and punkt that follow them.
fn with_details(text: &str, chapter: Option<String>, list: &str, mut span: Range<usize>) -> Found {
    let part = PART.captures(&text[span.end..]).and_then(|groups| {
        let number = match (groups.get(1), groups.get(2).or(groups.get(3))) {
            (Some(word), _) => ordinal(word.as_str())?,
            (None, digit) => digit?.as_str().parse().ok()?,
        };
        Some((number, groups.get(0)?.end()))
    });
    if let Some((_, length)) = part {
        span.end += length;
    }
    let item = ITEM.captures(&text[span.end..]).and_then(|groups| {
        let end = span.end + groups.get(0)?.end();
        (!COUNTS_ELSE.is_match(&text[end..])).then(|| (tidy(&groups[1]), end))
    });
    if let Some((_, end)) = item {
        span.end = end;
    }
    Found {
        chapter,
        paragraphs: listed(list),
        part: part.map(|(number, _)| number),
        item: item.map(|(item, _)| item),
        span,
        needs_act: false,
    }
}

/// A number of a list: its letter is one that a join word does not begin with ("4 och 5 §§").
static LIST_NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?i){NUMBER_BEFORE_SIGN}")));

/// "4, 5 och 7–9" as single paragraphs and ranges.
fn listed(list: &str) -> Vec<(Option<String>, Option<String>)> {
    let mut paragraphs: Vec<(Option<String>, Option<String>)> = Vec::new();
    let mut end = 0;
    for number in LIST_NUMBER.find_iter(list) {
        let between = list[end..number.start()].trim();
        end = number.end();
        match paragraphs.last_mut() {
            Some((_, through)) if matches!(between, "–" | "-" | "till") => *through = Some(tidy(number.as_str())),
            _ => paragraphs.push((Some(tidy(number.as_str())), None)),
        }
    }
    paragraphs
}

/// One spelling for a number: "7a" and "7  A" are "7 a"; lists keep their joins.
fn tidy(number: &str) -> String {
    let mut tidied = String::with_capacity(number.len() + 1);
    for c in number
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
    {
        if c.is_alphabetic() && tidied.ends_with(|before: char| before.is_ascii_digit()) {
            tidied.push(' ');
        }
        tidied.push(c);
    }
    tidied
}

fn ordinal(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let position = ORDINALS.iter().position(|ordinal| *ordinal == word)?;
    u32::try_from(position + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes each reference as "act chapter:paragraph-through/part.item".
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = find(text)
            .into_iter()
            .map(|r| {
                let act = r
                    .act
                    .map_or("?".into(), |act| format!("{}[{}]", act.name, act.sfs.join(",")));
                let through = r.through.map_or(String::new(), |p| format!("-{p}"));
                let part = r.part.map_or(String::new(), |part| format!("/{part}"));
                let item = r.item.map_or(String::new(), |item| format!(".{item}"));
                let chapter = r.chapter.map_or(String::new(), |chapter| format!("{chapter}:"));
                format!(
                    "{act} {chapter}{}{through}{part}{item}",
                    r.paragraph.unwrap_or_default()
                )
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    const SOL: &str = "SoL[2025:400,2001:453]";

    #[test]
    fn every_spelling_of_one_provision_is_the_same_reference() {
        for text in [
            "11 kap. 1 § SoL",
            "11 kap 1 § SoL",
            "11 kap.1§ SoL",
            "11:1 SoL",
            "SoL 11:1",
            "SoL 11 kap. 1 §",
            "11 kapitlet 1 § SoL",
            "elfte kapitlet 1 § SoL",
            "kap. 11 § 1 SoL",
            "11 kap. 1 paragrafen i socialtjänstlagen",
            "11 kap. 1 § sol",
            "11 kap. 1 § i SoL",
            "socialtjänstlagens 11 kap. 1 §",
        ] {
            check(text, &[&format!("{SOL} 11:1")]);
        }
    }

    #[test]
    fn a_number_or_an_era_settles_which_act_is_meant() {
        check("4 kap. 1 § socialtjänstlagen (2001:453)", &["SoL[2001:453] 4:1"]);
        check("4 kap. 1 § gamla SoL", &["SoL[2001:453] 4:1"]);
        check("11 kap. 1 § nya socialtjänstlagen", &["SoL[2025:400] 11:1"]);
        check("21 kap. 2 § utlänningslagen (2005:716)", &["UtlL[2005:716] 21:2"]);
        check("enligt 3 § lagen (1999:1) om annat", &["1999:1[1999:1] 3"]);
    }

    #[test]
    fn stycke_and_punkt_are_read() {
        check("9 § 3 LSS", &["LSS[1993:387] 9.3"]);
        check("9 § p. 3 LSS", &["LSS[1993:387] 9.3"]);
        check("9 § första stycket 3 LSS", &["LSS[1993:387] 9/1.3"]);
        check("32 § 2 st. FL", &["FL[2017:900] 32/2"]);
        check("9 a § andra stycket LSS", &["LSS[1993:387] 9 a/2"]);
        check("enligt 9 § 1–9", &["? 9.1–9"]);
        check("6 § 14 dagar", &["? 6"]);
        check("15 k § LSS", &["LSS[1993:387] 15 k"]);
        check(
            "2 i–2 k och 3 za §§ LSS",
            &["LSS[1993:387] 2 i-2 k", "LSS[1993:387] 3 za"],
        );
        check("5 i eller 7 § LSS", &["LSS[1993:387] 5 i", "LSS[1993:387] 7"]);
    }

    #[test]
    fn listed_paragraphs_are_references_of_their_own() {
        check("4 och 5 §§ FL", &["FL[2017:900] 4", "FL[2017:900] 5"]);
        check("5–7 och 9 a §§ FL", &["FL[2017:900] 5-7", "FL[2017:900] 9 a"]);
        check(
            "4 kap. 1 § SoL och 7 § LSS",
            &[&format!("{SOL} 4:1"), "LSS[1993:387] 7"],
        );
    }

    #[test]
    fn an_act_or_a_chapter_alone_is_a_reference() {
        check("Vad säger LSS om ledsagning?", &["LSS[1993:387] "]);
        check("26 kap. OSL", &["OSL[2009:400] 26:"]);
    }

    #[test]
    fn what_only_looks_like_a_reference_is_none() {
        check("Mötet börjar 11:15 och sol väntas.", &[]);
        check("prop. 2000/01:80 s. 94", &[]);
        check("Hon är 11 år och bor på plan 4.", &[]);
    }
}
