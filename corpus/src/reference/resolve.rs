//! A text and where it stands in; the places that its references mean, on its date, out.
//!
//! A reference seldom says all: "4 § samma lag", "2 kap. 3 § och 5 § SoL", "enligt 7 §" inside an act. What is left out is
//! tried in the order in which a lawyer would read it, and the first reading whose place stands in the material on the date
//! is taken.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::successors::Place;
use super::{ActRef, Reference, act, find, pattern};
use crate::document::{Kind, Validity};
use crate::edition::Edition;
use crate::record::Record;

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
/// What joins references that share an act or a chapter.
static JOINED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\s,]*(?:första|andra|tredje|stycket|och|eller|samt|jämte|[\s,])*$"));

/// The provisions and judgments of a material, and when each stands there.
#[derive(Debug, Default)]
pub struct Places {
    acts: HashMap<String, HashMap<(Option<String>, String), Vec<Validity>>>,
    judgments: BTreeSet<String>,
}

impl Places {
    /// Collects what these editions hold.
    pub fn of<'a>(editions: impl IntoIterator<Item = &'a Edition>) -> Self {
        let mut places = Self::default();
        for edition in editions {
            let document = &edition.document;
            if let Some(Record::Case(case)) = &document.record {
                places.judgments.extend(case.referat.as_deref().map(bare));
            }
            let Some(number) = document.identifier.as_ref().filter(|_| is_act(document.kind)) else {
                continue;
            };
            let act = places.acts.entry(number.clone()).or_default();
            for passage in &edition.passages {
                if let Some(at) = &passage.provision {
                    let key = (at.chapter.clone(), at.paragraph.clone());
                    act.entry(key).or_default().push(passage.validity);
                }
            }
        }
        places
    }

    fn holds(&self, sfs: &str) -> bool {
        self.acts.contains_key(sfs)
    }

    fn stands(&self, place: &Place, on: Date) -> bool {
        let wordings = self.acts.get(&place.sfs);
        let wordings = wordings.and_then(|act| act.get(&(place.chapter.clone(), place.paragraph.clone())));
        wordings.is_some_and(|all| {
            let ends_after = |v: &Validity| v.valid_to.is_none_or(|end| end > on);
            all.iter()
                .any(|v| ends_after(v) && v.valid_from.is_none_or(|start| start <= on))
        })
    }

    fn has_chapter(&self, sfs: &str, chapter: &str) -> bool {
        let act = self.acts.get(sfs);
        act.is_some_and(|act| act.keys().any(|(c, _)| c.as_deref() == Some(chapter)))
    }
}

fn is_act(kind: Kind) -> bool {
    matches!(kind, Kind::Lag | Kind::Forordning | Kind::Foreskrift)
}

fn bare(referat: &str) -> String {
    let letters = referat
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ':' || *c == '/');
    letters.collect::<String>().to_lowercase()
}

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
    resolved.extend(REFERAT.find_iter(text).map(|name| {
        let known = places.judgments.contains(&bare(name.as_str()));
        let target = if known { Target::Whole } else { Target::Elsewhere };
        Resolved {
            written: name.as_str().to_owned(),
            target,
        }
    }));
    resolved
}

/// The act that bears a name on a day: of two that share it, the one in force.
pub fn in_force<'a>(named: &'a ActRef, on: Date) -> Option<&'a str> {
    let applied = |sfs: &&String| act(sfs).and_then(|a| a.repealed).is_some_and(|end| on < end);
    let older = named.sfs.iter().skip(1).find(applied);
    older.or(named.sfs.first()).map(String::as_str)
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
            return match acts.first() {
                None => Target::Unclear,
                Some(sfs) if !self.places.holds(sfs) => Target::Elsewhere,
                Some(sfs) => match &reference.chapter {
                    Some(chapter) if !acts.iter().any(|sfs| self.places.has_chapter(sfs, chapter)) => {
                        Target::Missing(Place {
                            sfs: (*sfs).to_owned(),
                            chapter: Some(chapter.clone()),
                            paragraph: String::new(),
                        })
                    }
                    _ => Target::Whole,
                },
            };
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
            Some(place) if acts.iter().any(|sfs| self.places.holds(sfs)) => Target::Missing(place),
            Some(_) => Target::Elsewhere,
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
        if SAME_ACT.is_match(after) {
            return last.into_iter().collect();
        }
        let shared = self.joined_act().and_then(|named| in_force(named, on));
        // Inside an act a bare "4 §" is the act's own; elsewhere it carries on from the act named last.
        match own {
            Some(own) => std::iter::once(own).chain(shared).chain(last).collect(),
            None => shared.into_iter().chain(last).collect(),
        }
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

    /// Two acts that share a name, one with chapters that the other's date ends, and LSS.
    fn places() -> Places {
        let open = Validity::default();
        let mut places = Places::default();
        for (sfs, provisions) in [
            ("2025:400", vec![(Some("11"), "1"), (Some("11"), "2"), (Some("2"), "3")]),
            ("2001:453", vec![(Some("4"), "1")]),
            ("1993:387", vec![(None, "7"), (None, "9"), (None, "15 k")]),
        ] {
            let act = places.acts.entry(sfs.to_owned()).or_default();
            for (chapter, paragraph) in provisions {
                act.insert((chapter.map(str::to_owned), paragraph.to_owned()), vec![open]);
            }
        }
        places.judgments.insert(bare("HFD 2021 ref. 61"));
        places
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
