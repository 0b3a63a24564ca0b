//! A text in, the acts that it names out.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::ActRef;
use super::acts::{Act, acts};
use crate::text::pattern;

/// An act named in a text.
pub(super) struct Mention {
    pub act: ActRef,
    pub span: Range<usize>,
    /// False for an abbreviation in another case ("sol"): a word of its own unless a provision stands beside it.
    pub certain: bool,
}

/// Words that single out one of the acts that share a name: "gamla", "nya", "2001 års".
static ERAS: LazyLock<String> = LazyLock::new(|| {
    let mut eras: Vec<String> = acts()
        .iter()
        .flat_map(|act| &act.era)
        .map(|era| regex::escape(era))
        .collect();
    eras.sort();
    eras.dedup();
    eras.join("|")
});

/// A name from `acts.toml`, with the era before it and the number behind it.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    let mut names: Vec<String> = acts()
        .iter()
        .flat_map(|act| std::iter::once(&act.short).chain(&act.names))
        .map(|name| regex::escape(name))
        .collect();
    // The longest first: "socialtjänstlagen" before "socialtjänstlag".
    names.sort_by_key(|name| (std::cmp::Reverse(name.len()), name.clone()));
    names.dedup();
    pattern(&format!(
        r"(?i)\b(?:({eras})\s+)?({names})s?\b(?:\s?\(?(?:SFS\s?)?(\d{{4}}:\d{{1,4}})\b\)?)?",
        eras = *ERAS,
        names = names.join("|")
    ))
});

/// An act that its number names: "lagen (1993:387) om ...", "SFS 2025:400", "förordningen (2001:937)".
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\bSFS\s?(?:nr\s)?|\b(?:\p{L}*lag(?:en)?|\p{L}*balk(?:en)?|\p{L}*förordning(?:en)?)s?\s\()(\d{4}:\d{1,4})\b\)?",
    )
});

/// The acts named in a text, in reading order.
pub(super) fn act_mentions(text: &str) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = NAMED
        .captures_iter(text)
        .filter_map(|groups| {
            let name = groups.get(2)?.as_str();
            let candidates = narrowed(
                bearing(name),
                groups.get(1).map(|era| era.as_str()),
                groups.get(3).map(|n| n.as_str()),
            );
            let short = candidates.first()?.short.clone();
            let is_abbreviation = name.chars().skip(1).any(char::is_uppercase) || short.eq_ignore_ascii_case(name);
            Some(Mention {
                certain: !is_abbreviation || candidates.iter().any(|act| act.short == name) || name.len() > 5,
                act: ActRef {
                    name: short,
                    sfs: candidates.iter().map(|act| act.sfs.clone()).collect(),
                },
                span: groups.get(0)?.range(),
            })
        })
        .collect();
    for groups in NUMBERED.captures_iter(text) {
        let (Some(whole), number) = (groups.get(0), &groups[1]) else {
            continue;
        };
        if mentions
            .iter()
            .all(|mention| mention.span.end <= whole.start() || mention.span.start >= whole.end())
        {
            let name = super::act(number).map_or_else(|| number.to_owned(), |act| act.short.clone());
            mentions.push(Mention {
                act: ActRef {
                    name,
                    sfs: vec![number.to_owned()],
                },
                span: whole.range(),
                certain: true,
            });
        }
    }
    mentions.sort_by_key(|mention| mention.span.start);
    mentions
}

/// The acts that bear a name, as `acts.toml` orders them.
fn bearing(name: &str) -> Vec<&'static Act> {
    let name = name.to_lowercase();
    let bears = |act: &&Act| act.short.to_lowercase() == name || act.names.iter().any(|n| n.to_lowercase() == name);
    acts().iter().filter(bears).collect()
}

/// Those of the candidates that the era or the number leaves; all of them where it leaves none.
fn narrowed(candidates: Vec<&'static Act>, era: Option<&str>, number: Option<&str>) -> Vec<&'static Act> {
    let fits = |act: &&Act| {
        number.is_none_or(|number| act.sfs == number)
            && era.is_none_or(|era| act.era.iter().any(|e| e.eq_ignore_ascii_case(era)))
    };
    let left: Vec<_> = candidates.iter().copied().filter(fits).collect();
    if left.is_empty() { candidates } else { left }
}
