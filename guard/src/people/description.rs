//! Telling descriptions: in comes a view, out come places where a person's details together point at one person without
//! naming anyone.
//!
//! Each detail narrows down: an exact age, a place, children, an occupation, an origin, an event by its day count one, a
//! named school or workplace and what nobody else has count two. Three are too much when one of them is an anchor that
//! ties the person to somewhere: a place, a school, a workplace, being the only one. Examples: `Flickan är 14 år, går på
//! Solbergaskolan`, `en 34-årig kvinna från Visby med två barn`. Left alone: `en man på 67 år med MS`, which is how a
//! question should be written. A description is never certain: the user is asked to write more generally.

use std::ops::Range;

use regex::Regex;

use crate::finding::FindingKind;
use crate::numbers::Hit;
use crate::view::pattern;
use crate::words;

/// From how much on a description is too much.
const TOO_MUCH: u32 = 3;

pub(super) struct Rules {
    sentence: Regex,
    institution: Regex,
    somewhere: Regex,
    workplace: Regex,
    belongs: Regex,
    only_one: Regex,
    details: Vec<Regex>,
    age: Regex,
    referent: Regex,
}

impl Rules {
    pub fn new() -> Result<Self, regex::Error> {
        Ok(Rules {
            sentence: pattern(r"[^?!.\n]+(?:\.[^\s][^?!.\n]*)*")?,
            institution: pattern(
                r"(?x)(?:\b[A-Z]|[ÅÄÖ])[\p{L}-]*(?:skolan|skola|gymnasiet|gymnasium|förskolan|förskola|dagis|gården|hemmet
                     |kyrkan|församlingen|biblioteket)s?\b
                  |\b(?:klass|avdelning(?:en)?)\s(?:[0-9][A-Za-z]|[A-ZÅÄÖ]\p{L}+)
                  |(?:\b[A-Z]|[ÅÄÖ])\p{L}+\s(?:skola|förskola|gymnasium|friskola|(?:SiS|HVB)-hem|äldreboende|gruppbostad|gruppboende
                     |församling|vårdcentral|sjukhus|bibliotek|IF|IK|BK|AIK)\b
                  |\b(?:IK|IF|BK|FC|HVB|förskolan|skolan|äldreboendet|gruppbostaden|boendet|vårdcentralen|företaget|kyrkan)
                     \s[A-ZÅÄÖ]\p{Ll}+",
            )?,
            somewhere: pattern(
                r"(?x)\b(?:i|från|på|utanför|nära|till|norr\som|söder\som|vid)\s
                  (?<place>[A-ZÅÄÖ]\p{Ll}+(?:-[A-ZÅÄÖ]\p{Ll}+)?(?:\s[A-ZÅÄÖ]\p{Ll}+)?)(?<after>\s\p{Ll}+)?",
            )?,
            workplace: pattern(
                r"(?x)\b(?:jobba[rt]?|arbeta[rt]?|jobbade|arbetade|anställd|praktiserar|går|gick|spelar|tränar|kör)\s
                  (?:\p{Ll}+\s){0,4}(?:på|hos|vid|för|i)\s(?<place>[A-ZÅÄÖ]\p{L}+(?:\s[A-ZÅÄÖ]\p{L}+)?)",
            )?,
            belongs: pattern(r"\b(?:går|gick|bor|bodde|jobbar|arbetar|anställd|placerad|vistas)\s(?:\p{Ll}+\s){0,5}(?:i|på|hos|vid)\s$")?,
            only_one: pattern(
                r"(?ix)\bden\send[ae]\b|\bensam(?:ma)?\som\b|\b(?:känd\s(?:för|från|i|av)|omskriven|uppmärksammad|omtalad)\b|\balla\svet\b
                  |\b(?:stod|stått|varit|var)\si\s(?:lokal)?(?:tidningen|tv|media|radio|nyheterna)\b
                  |\b(?:första|enda)\s\p{L}+\si\s(?:byn|kommunen|sverige|länet|stan|staden|området|klassen|skolan|huset|trappen)\b",
            )?,
            details: [
                // Children and other family by number.
                r"(?ix)\b(?:två|tre|fyra|fem|sex|sju|åtta|[2-9])\s(?:\p{Ll}+a\s)?(?:barn|söner|döttrar|pojkar|flickor|syskon|bröder|systrar)\b
                  |\btvilling|\btrilling|\bsju(?:barns)mamma\b",
                // What somebody does.
                r"(?ix)\b(?:jobba[rt]?|arbeta[rt]?|jobbade|arbetade)\s(?:\p{L}+\s){0,2}som\s\p{L}+
                  |(?:\bvar|\sär|f\.d\.|före\sdetta|\bpensionerad|\btidigare|\ben|\bsom)\s(?:en\s)?\p{L}*(?:lärare|läkare|präst|imam|pastor|polis|brandman|chef
                     |politiker|kommunalråd|bagare|snickare|frisör|mästare|förare|sköterska|ingenjör|bonde|fiskare|konstnär
                     |musiker|författare|skådespelare|spelare|ägare|ordförande|rektor|advokat|domare|kantor|tandläkare|veterinär|chaufför)\b",
                // What somebody speaks.
                r"(?ix)\b(?:talar|pratar)\s(?:bara\s|endast\s|mest\s)?\p{L}+(?:iska|nska|dari|tigrinja|kurmanji|urdu|hindi|thai)\b",
                // When something happened.
                r"(?ix)\bi\s(?:måndags|tisdags|onsdags|torsdags|fredags|lördags|söndags|förrgår|helgen)\b
                  |\bden\s[0-9]{1,2}\s(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)\b",
                // What few have.
                r"(?x)\b[A-ZÅÄÖ]\p{Ll}+s\s(?:syndrom|sjukdom)\b|\b\p{Ll}+(?:dystrofi|ataxi|plegi)\b|\bovanlig(?:a|t)?\s(?:diagnos|sjukdom)\b",
            ]
            .into_iter()
            .map(pattern)
            .collect::<Result<_, _>>()?,
            age: pattern(
                r"(?ix)(?:(?<before>\p{L}+)\s)?\b(?:[0-9]{1,2}[\s-]?år(?:s|ig|ige|iga|ing|ingen)?\b
                     |(?:två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|\p{L}+ton|tjugo|(?:tjugo|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio)\p{L}*)
                        -?år(?:ig|ige|iga|ing|ingen)\b)
                  |\p{L}\p{L},\s[1-9][0-9]?,|\bfödd\s(?:år\s)?(?:19|20)[0-9]{2}\b",
            )?,
            referent: pattern(
                r"(?ix)\b(?:en|ett|min|vår|mitt|vårt|den\s(?:här|där))\s(?:\p{L}+\s){0,2}(?:man|kille|tjej|mamma|pappa|familj|par|person|änka|änkling|barn|ungdom|tonåring)\b
                  |\bfamiljen\b|\b(?:[0-9]{1,2}|\p{L}+)-?åring(?:en)?\b",
            )?,
        })
    }

    pub fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        let sentences: Vec<Range<usize>> = self.sentence.find_iter(text).map(|found| found.range()).collect();
        let mut reported = 0;
        for (i, sentence) in sentences.iter().enumerate() {
            let alone = self.telling(&text[sentence.clone()], sentence.start);
            // What is told may go on in the next sentence, if that one does not tell enough by itself.
            let pair = || {
                let both = sentence.start..sentences.get(i + 1)?.end;
                self.telling(&text[both.clone()], both.start)
            };
            if let Some(place) = alone.or_else(pair)
                && place.start >= reported
            {
                reported = place.end;
                hits.push((place, FindingKind::Other, false));
            }
        }
    }

    /// The part of a text that says too much about one person; `offset` is where the text begins in the view.
    fn telling(&self, text: &str, offset: usize) -> Option<Range<usize>> {
        let named = self.named_places(text);
        let only_one = self.only_one.find_iter(text).map(|found| (found.range(), 2));
        let anchors: Vec<(Range<usize>, u32)> = named
            .into_iter()
            .map(|(place, _, weight)| (place, weight))
            .chain(only_one)
            .collect();
        if anchors.is_empty() {
            return None;
        }
        let person = self.person(text)?;
        let age = self
            .age
            .captures_iter(text)
            .filter(is_age)
            .filter_map(|found| Some(found.get(0)?.range()));
        let others = age.take(1).chain(
            self.details
                .iter()
                .filter_map(|detail| detail.find(text))
                .map(|found| found.range()),
        );
        let told: Vec<(Range<usize>, u32)> = anchors.into_iter().chain(others.map(|place| (place, 1))).collect();
        let weight: u32 = told.iter().map(|(_, weight)| weight).sum();
        if weight < TOO_MUCH {
            return None;
        }
        let start = told.iter().map(|(place, _)| place.start).min()?.min(person.start);
        let end = told.iter().map(|(place, _)| place.end).max()?.max(person.end);
        let bare = text[start..end].trim_start_matches([',', ' ', '\n']);
        Some(offset + end - bare.len()..offset + end)
    }

    /// The names of schools, workplaces and places in a text: where, what may stand instead, and how much they tell.
    fn named_places(&self, text: &str) -> Vec<(Range<usize>, &'static str, u32)> {
        let institutions = self
            .institution
            .find_iter(text)
            .filter(|place| !is_generic(place.as_str()));
        let institutions = institutions.map(|place| {
            let before = &text[text.floor_char_boundary(place.start().saturating_sub(60))..place.start()];
            // Who goes there or lives there is one of a few.
            let weight = if self.belongs.is_match(before) { 3 } else { 2 };
            (place.range(), general_word(place.as_str()), weight)
        });
        let workplaces = self
            .workplace
            .captures_iter(text)
            .filter_map(|found| found.name("place"));
        let workplaces = workplaces.filter(|place| !is_known(place.as_str()));
        let places = self.somewhere.captures_iter(text).filter_map(|found| {
            let of_authority = |after: regex::Match<'_>| words::is_office(after.as_str().trim());
            let place = found.name("place").filter(|place| !is_known(place.as_str()))?;
            (!found.name("after").is_some_and(of_authority)).then(|| (place.range(), "[ort]", 1))
        });
        let mut found: Vec<_> = institutions
            .chain(workplaces.map(|place| (place.range(), "[arbetsplats]", 2)))
            .chain(places)
            .collect();
        found.sort_by_key(|(place, _, weight)| (place.start, std::cmp::Reverse(*weight)));
        let mut end = 0;
        found.retain(|(place, ..)| {
            let free = place.start >= end;
            end = if free { place.end } else { end };
            free
        });
        found
    }

    /// A description in other words: its ages and diagnoses stay, named places become what they are.
    pub fn generalise(&self, description: &str) -> String {
        let mut result = String::with_capacity(description.len());
        let mut at = 0;
        for (place, instead, _) in self.named_places(description) {
            result.push_str(&description[at..place.start]);
            result.push_str(instead);
            at = place.end;
        }
        result.push_str(&description[at..]);
        result
    }

    /// The first word of a text that stands for one person.
    fn person(&self, text: &str) -> Option<Range<usize>> {
        let mut at = 0;
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if words::is_person(&word.to_lowercase()) {
                return Some(at..at + word.len());
            }
            at += word.len() + text[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        }
        self.referent.find(text).map(|found| found.range())
    }
}

/// Whether a number of years is somebody's age: not `i 5 år`, `fyllt 65 år`, `över 18 år`.
fn is_age(found: &regex::Captures<'_>) -> bool {
    const OF_TIME_OR_LAW: [&str; 22] = [
        "i", "under", "inom", "efter", "fyllt", "fyller", "fyllda", "över", "minst", "högst", "till", "sedan", "per",
        "mellan", "än", "senaste", "cirka", "ungefär", "varje", "kommande", "nästa", "första",
    ];
    found
        .name("before")
        .is_none_or(|word| !OF_TIME_OR_LAW.contains(&word.as_str().to_lowercase().as_str()))
}

/// Whether words with a capital stand for a law, an authority or a country as a whole.
fn is_known(place: &str) -> bool {
    const WHOLE: [&str; 8] = [
        "sverige",
        "sveriges",
        "norden",
        "europa",
        "eu",
        "samhall",
        "försäkringskassan",
        "migrationsverket",
    ];
    let lower = place.to_lowercase();
    let first = lower.split([' ', '-']).next().unwrap_or_default();
    WHOLE.contains(&first)
        || words::is_not_name(first)
        || words::is_not_name(&lower)
        || words::is_office(first)
        || place.chars().filter(|c| c.is_uppercase()).count() > 1 && !place.contains([' ', '-'])
}

/// What stands instead of the name of a school or the like.
fn general_word(place: &str) -> &'static str {
    let lower = place.to_lowercase();
    let has = |part: &str| lower.contains(part);
    if has("förskol") || has("dagis") {
        "[förskola]"
    } else if has("skol") || has("gymnasi") || lower.starts_with("klass") {
        "[skola]"
    } else if has("boende") || has("bostad") || has("hem") || has("gården") || lower.starts_with("avdelning") {
        "[boende]"
    } else if has("kyrka") || has("församling") {
        "[församling]"
    } else if has("vård") || has("sjukhus") || has("mottagning") {
        "[vårdinrättning]"
    } else {
        "[verksamhet]"
    }
}

/// Kinds of schools and homes, which are no particular one: `Grundskolan`, `Barnhemmet`.
fn is_generic(place: &str) -> bool {
    const ENDS: [&str; 12] = [
        "skolan",
        "skola",
        "gymnasiet",
        "gymnasium",
        "dagis",
        "gården",
        "hemmet",
        "kyrkan",
        "församlingen",
        "biblioteket",
        "boendet",
        "s",
    ];
    const KINDS: [&str; 36] = [
        "",
        "grund",
        "för",
        "gymnasie",
        "gymnasiesär",
        "grundsär",
        "sär",
        "same",
        "special",
        "hög",
        "folkhög",
        "resurs",
        "fri",
        "bo",
        "hem",
        "äldre",
        "barn",
        "barna",
        "elev",
        "vuxen",
        "yrkes",
        "musik",
        "kultur",
        "sjuk",
        "vård",
        "familje",
        "service",
        "stats",
        "svenska",
        "lands",
        "stads",
        "sommar",
        "sim",
        "kör",
        "trafik",
        "daghem",
    ];
    let lower = place.to_lowercase();
    let proper = lower.contains(' ')
        && place
            .split(' ')
            .skip(1)
            .any(|word| word.starts_with(char::is_uppercase));
    let first = lower.split(' ').next().unwrap_or_default();
    let stem = ENDS
        .iter()
        .fold(first, |stem, end| stem.strip_suffix(end).unwrap_or(stem));
    !proper && KINDS.contains(&stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut hits = Vec::new();
        Rules::new().expect("compiles").find(text, &mut hits);
        hits.iter().map(|(place, ..)| text[place.clone()].to_owned()).collect()
    }

    #[test]
    fn too_much_about_one_person() {
        for text in [
            "Flickan är 14 år, går på Solbergaskolan och bor hos sin pappa",
            "En 34-årig kvinna från Visby med två barn på Norrbackaskolan söker bistånd.",
            "Han är den enda prästen i byn och bor i Rimbo. Får han hemtjänst?",
            "Min klient är 52 år. Hon jobbar på Findus i Bjuv.",
        ] {
            assert_eq!(found(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn general_descriptions_pass() {
        for text in [
            "Har min klient, en man på 67 år med MS, rätt till hemtjänst?",
            "En ensamstående mamma med två barn och autism, 34 år, söker avlösning.",
            "Får en 17-årig flicka som går i gymnasiet i en annan kommun bo kvar hos sin pappa?",
            "En kvinna har bott i Sverige i 5 år och har tre barn. Vad gäller enligt Socialtjänstlagen?",
            "Kan hon få insatser enligt LSS om hon är 66 år och bor i Botkyrka kommun?",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_description_in_general_words() {
        let rules = Rules::new().expect("compiles");
        assert_eq!(
            rules.generalise("Flickan är 14 år, går på Solbergaskolan och bor i Tullinge"),
            "Flickan är 14 år, går på [skola] och bor i [ort]"
        );
    }
}
