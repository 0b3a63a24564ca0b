//! A text and where it stands in; the places that its references mean, on its date, out.
//!
//! A reference seldom says all: "4 § samma lag", "2 kap. 3 § och 5 § SoL", "enligt 7 §" inside an act. What is left out is
//! tried in the order in which a lawyer would read it, and the first reading whose place stands in the material on the date
//! is taken.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

pub use super::places::Places;
use super::successors::Place;
use super::{ActRef, Reference, act, find};
use crate::text::pattern;

/// Name of a judgment in its collection: "HFD 2021 ref. 61", "RÅ 2007 ref. 62", "JO 2019/20 s. 512".
static REFERAT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:HFD|RÅ|NJA|RH|RK|JO) (?:\d{4}(?:/\d\d)?|\d{4}:\d+) ?(?:ref\.?|not\.?|s\.) ?\d+"));
/// What points back at the act named last.
static SAME_ACT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[\s,]*(?:i\s+|enligt\s+)?(?:samma\s+(?:lag|balk|förordning)|den\s+(?:lagen|balken|förordningen))\b")
});
/// What points at the text's own act.
static THIS_ACT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[\s,]*(?:i\s+|enligt\s+)?(?:denna\s+(?:lag|balk|förordning)|detta\s+kapitel|dessa\s+föreskrifter)\b")
});
/// Where a sentence ends; "kap. 2" and "m.m. enligt" do not end one.
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.\s+\p{Lu}|\n"));
/// What joins references that share an act or a chapter.
static JOINED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\s,]*(?:första|andra|tredje|stycket|och|eller|samt|jämte|[\s,])*$"));

/// Where a text stands: what its incomplete references count from.
#[derive(Debug, Clone, Copy)]
pub struct Standpoint<'a> {
    /// SFS number of the act it is part of, and the chapter in it.
    pub act: Option<(&'a str, Option<&'a str>)>,
    /// The day on which its words are read.
    pub on: Date,
}

/// What a reference means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A provision of the material that stands on the date.
    Place(Place),
    /// An act, a chapter or a judgment of the material as a whole.
    Whole,
    /// Something that the material does not hold.
    Elsewhere,
    /// The material holds the act and not this place in it, on the date.
    Missing(Place),
    /// No act is named and none can be understood.
    Unclear,
}

/// A reference as it is written, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Its words.
    pub written: String,
    /// What it means.
    pub target: Target,
}

/// Resolves every reference of a text, in reading order.
pub fn resolve(text: &str, from: Standpoint<'_>, places: &Places) -> Vec<Resolved> {
    let references = find(text);
    let mut resolved = Vec::with_capacity(references.len());
    let mut last_act: Option<&ActRef> = None;
    for (at, reference) in references.iter().enumerate() {
        let reader = Reader {
            text,
            from,
            places,
            references: &references,
            at,
        };
        let written = text[reference.span.clone()].trim().to_owned();
        resolved.push(Resolved {
            written,
            target: reader.target(last_act),
        });
        last_act = reference.act.as_ref().or(last_act);
    }
    resolved.extend(judgments(text).map(|name| {
        let known = places.holds_judgment(name);
        let target = if known { Target::Whole } else { Target::Elsewhere };
        Resolved {
            written: name.to_owned(),
            target,
        }
    }));
    resolved
}

/// The judgments that a text names by their collection.
pub fn judgments(text: &str) -> impl Iterator<Item = &str> {
    REFERAT.find_iter(text).map(|name| name.as_str())
}

/// The act that bears a name on a day: of two that share it, the one in force.
pub fn in_force(named: &ActRef, on: Date) -> Option<&str> {
    let applied = |sfs: &&String| act(sfs).and_then(|a| a.repealed).is_some_and(|end| on < end);
    let older = named.sfs.iter().skip(1).find(applied);
    older.or(named.sfs.first()).map(String::as_str)
}

/// Where the words stand that lead a list in, when a reference is what one of its items begins with.
fn lead_in(before: &str) -> Option<Range<usize>> {
    let item = before.rfind('\n')? + 1;
    let mark = &before[item..];
    let is_mark = !mark.is_empty()
        && mark
            .chars()
            .all(|c| matches!(c, '-' | '–' | '•' | ' ' | '.' | '0'..='9'));
    let end = before[..item].rfind(":\n").filter(|_| is_mark)?;
    Some(before[..end].rfind('\n').map_or(0, |at| at + 1)..end)
}

struct Reader<'a> {
    text: &'a str,
    from: Standpoint<'a>,
    places: &'a Places,
    references: &'a [Reference],
    at: usize,
}

impl<'a> Reader<'a> {
    fn target(&self, last_act: Option<&'a ActRef>) -> Target {
        let reference = &self.references[self.at];
        let acts = self.acts(last_act);
        let Some(paragraph) = &reference.paragraph else {
            return self.whole(&acts);
        };
        let candidates = acts.iter().flat_map(|sfs| {
            let chapters = self.chapters(sfs);
            chapters.into_iter().map(|chapter| Place {
                sfs: (*sfs).to_owned(),
                chapter,
                paragraph: paragraph.clone(),
            })
        });
        let candidates: Vec<Place> = candidates.collect();
        if let Some(place) = candidates.iter().find(|place| self.places.stands(place, self.from.on)) {
            return Target::Place(place.clone());
        }
        match candidates.into_iter().next() {
            None => Target::Unclear,
            Some(place) if acts.iter().all(|sfs| self.places.holds(sfs)) => Target::Missing(place),
            Some(_) => Target::Elsewhere,
        }
    }

    /// An act, or a chapter of one, as a whole.
    fn whole(&self, acts: &[&str]) -> Target {
        let stands = |sfs: &str| match &self.references[self.at].chapter {
            Some(chapter) => self.places.has_chapter(sfs, chapter),
            None => self.places.holds(sfs),
        };
        if acts.iter().any(|sfs| stands(sfs)) {
            return Target::Whole;
        }
        match (acts.first(), &self.references[self.at].chapter) {
            (None, _) => Target::Unclear,
            (Some(sfs), Some(chapter)) if acts.iter().all(|sfs| self.places.holds(sfs)) => Target::Missing(Place {
                sfs: (*sfs).to_owned(),
                chapter: Some(chapter.clone()),
                paragraph: String::new(),
            }),
            _ => Target::Elsewhere,
        }
    }

    /// The acts that may be meant, likeliest first.
    fn acts(&self, last_act: Option<&'a ActRef>) -> Vec<&'a str> {
        let reference = &self.references[self.at];
        let on = self.from.on;
        if let Some(named) = &reference.act {
            return in_force(named, on).into_iter().collect();
        }
        let after = &self.text[reference.span.end..];
        let own = self.from.act.map(|(sfs, _)| sfs);
        if THIS_ACT.is_match(after) {
            return own.into_iter().collect();
        }
        let last = last_act.and_then(|named| in_force(named, on));
        // "Följande bestämmelser i förvaltningslagen ska gälla: – 10 § om partsinsyn": the items are the named act's.
        if let Some(lead_in) = lead_in(&self.text[..reference.span.start]) {
            let led = self.references.iter().filter(|r| lead_in.contains(&r.span.start));
            let named = led.filter_map(|r| in_force(r.act.as_ref()?, on));
            return named.chain(last).chain(own).collect();
        }
        if SAME_ACT.is_match(after) {
            return last.into_iter().collect();
        }
        let shared = self.joined_act().and_then(|named| in_force(named, on));
        // Inside an act a bare "4 §" is the act's own; elsewhere it carries on from the act named last.
        match own {
            Some(own) => std::iter::once(own)
                .chain(shared)
                .chain(last)
                .chain(self.named_later())
                .collect(),
            None => shared.into_iter().chain(last).chain(self.named_later()).collect(),
        }
    }

    /// The act that the rest of the sentence names: "ärenden enligt 3 kap. 2 §, om intyg ges, i brottsdatalagen".
    fn named_later(&self) -> Option<&'a str> {
        let end = self.references[self.at].span.end;
        let sentence = &self.text[end..];
        let length = SENTENCE_END
            .find(sentence)
            .map_or(sentence.len(), |found| found.start());
        let later = self.references[self.at + 1..]
            .iter()
            .take_while(|r| r.span.start < end + length);
        later
            .filter_map(|r| r.act.as_ref())
            .find_map(|named| in_force(named, self.from.on))
    }

    /// The act named after the last of several references: "4 kap. 1 § och 2 § SoL".
    fn joined_act(&self) -> Option<&'a ActRef> {
        let mut before = &self.references[self.at];
        for next in &self.references[self.at + 1..] {
            let between = self.text.get(before.span.end..next.span.start).unwrap_or_default();
            if !JOINED.is_match(between) {
                return None;
            }
            if next.act.is_some() {
                return next.act.as_ref();
            }
            before = next;
        }
        None
    }

    /// The chapters that may be meant: the one written, the one of the reference it is joined to, the text's own, none.
    fn chapters(&self, sfs: &str) -> Vec<Option<String>> {
        let reference = &self.references[self.at];
        if reference.chapter.is_some() {
            return vec![reference.chapter.clone()];
        }
        let mut chapters = Vec::new();
        for (before, after) in self.references[..self.at]
            .iter()
            .zip(&self.references[1..=self.at])
            .rev()
        {
            let between = self.text.get(before.span.end..after.span.start).unwrap_or_default();
            if !JOINED.is_match(between) {
                break;
            }
            if before.chapter.is_some() {
                chapters.push(before.chapter.clone());
                break;
            }
        }
        if let Some((_, chapter)) = self.from.act.filter(|(own, _)| *own == sfs) {
            chapters.push(chapter.map(str::to_owned));
        }
        chapters.push(None);
        chapters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Two acts that share a name, one of which has ended, and LSS.
    fn places() -> Places {
        Places::written(
            &[
                ("2025:400", &[("11", "1"), ("11", "2"), ("2", "3")]),
                ("2001:453", &[("4", "1")]),
                ("1993:387", &[("", "7"), ("", "9"), ("", "15 k")]),
            ],
            "HFD 2021 ref. 61",
        )
    }

    fn check(text: &str, act: Option<(&str, Option<&str>)>, on: Date, expected: &[&str]) {
        let found: Vec<String> = resolve(text, Standpoint { act, on }, &places())
            .into_iter()
            .map(|resolved| match resolved.target {
                Target::Place(p) => format!("{} {}:{}", p.sfs, p.chapter.unwrap_or_default(), p.paragraph),
                Target::Missing(p) => format!("missing {} {}:{}", p.sfs, p.chapter.unwrap_or_default(), p.paragraph),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_date_tells_which_of_two_acts_is_meant() {
        check("11 kap. 1 § SoL", None, date(2025, 7, 1), &["2025:400 11:1"]);
        check("4 kap. 1 § SoL", None, date(2025, 6, 30), &["2001:453 4:1"]);
        check("4 kap. 1 § SoL", None, date(2025, 7, 1), &["missing 2025:400 4:1"]);
    }

    #[test]
    fn what_is_left_out_is_understood_from_what_stands_beside_it() {
        let day = date(2026, 1, 1);
        check(
            "11 kap. 1 § och 2 § SoL",
            None,
            day,
            &["2025:400 11:1", "2025:400 11:2"],
        );
        check(
            "enligt 7 § LSS. Av 9 § samma lag följer",
            None,
            day,
            &["1993:387 :7", "1993:387 :9"],
        );
        check(
            "enligt 2 § eller 2 kap. 3 §",
            Some(("2025:400", Some("11"))),
            day,
            &["2025:400 11:2", "2025:400 2:3"],
        );
        check(
            "enligt 15 k § denna lag",
            Some(("1993:387", None)),
            day,
            &["1993:387 :15 k"],
        );
        let listed = "Dessa bestämmelser i LSS gäller också enligt 13 kap. KL:\n- 7 § om rätt, och\n- 9 § om insatser";
        check(
            listed,
            Some(("2025:400", Some("11"))),
            day,
            &["Whole", "Elsewhere", "1993:387 :7", "1993:387 :9"],
        );
        check("enligt 4 §", None, day, &["Unclear"]);
    }

    #[test]
    fn judgments_and_acts_elsewhere_are_told_apart_from_errors() {
        let day = date(2026, 1, 1);
        check(
            "HFD 2021 ref. 61 och HFD 2019 ref. 2",
            None,
            day,
            &["Whole", "Elsewhere"],
        );
        check("3 § förvaltningslagen", None, day, &["Elsewhere"]);
        check("kapitel 99 SoL", None, day, &["missing 2025:400 99:"]);
    }
}
