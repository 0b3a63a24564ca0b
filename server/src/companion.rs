//! The quotes of an answer in; the provisions that its local guidelines rest on, to be quoted beside them, out.
//!
//! A guideline interprets an act and says which paragraph. Who sees the guideline alone cannot tell whether it says what
//! the act says, so the act's own words come along.

use jiff::civil::Date;
use lotsen_corpus::reference::{self, Reference};
use lotsen_corpus::release::PlacedPassage;

use crate::library::Library;
use crate::point::{Quote, quote};

/// Guideline quotes that are followed to the act: the best ones, since the last ones seldom carry the answer.
const FOLLOWED: usize = 2;
/// Most provisions beside an answer.
const MOST: usize = 2;

/// The provisions in force that the best guideline quotes name in the same paragraph of text, each by its first sentence.
pub fn beside(library: &Library, quotes: &[Quote], as_of: Date) -> Vec<Quote> {
    named_by(quotes, as_of, |reference| library.named(reference))
}

fn named_by(quotes: &[Quote], as_of: Date, named: impl Fn(&Reference) -> Vec<PlacedPassage>) -> Vec<Quote> {
    let in_force = |reference: &Reference| named(reference).into_iter().find(|place| place.applies(as_of));
    let mut found: Vec<Quote> = Vec::new();
    let local = quotes
        .iter()
        .filter(|quote| quote.place.edition.document.kind.is_local());
    for quote in local.take(FOLLOWED) {
        for place in reference::find(paragraph_around(quote)).iter().filter_map(in_force) {
            let is_same = |other: &Quote| other.place.passage().id == place.passage().id;
            if found.len() < MOST && !quotes.iter().chain(&found).any(is_same) {
                found.extend(first_sentence(place, quote.score));
            }
        }
    }
    found
}

/// The quote with the rest of the paragraph of text it stands in: the reference is often in the next sentence.
fn paragraph_around(quote: &Quote) -> &str {
    let text = &quote.place.passage().text;
    let start = text[..quote.range.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[quote.range.end..]
        .find('\n')
        .map_or(text.len(), |at| quote.range.end + at);
    &text[start..end]
}

/// A provision says its rule first.
fn first_sentence(place: PlacedPassage, score: f32) -> Option<Quote> {
    let range = quote::sentences(&place).into_iter().next()?;
    Some(Quote { place, range, score })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draft, place};
    use jiff::civil::date;
    use lotsen_corpus::{Kind, Validity};

    const GUIDELINE: &str = "Inledning enligt 1 § LSS.\nDet går inte att avslå en ansökan av det skälet. Varje ansökan ska prövas enligt 11 kap. 1 § SoL.";

    fn guideline(kind: Kind) -> Quote {
        let place = place(&Draft {
            kind: Some(kind),
            text: GUIDELINE,
            ..Draft::default()
        });
        let start = GUIDELINE.find("Det går").unwrap();
        Quote {
            place,
            range: start..start + 45,
            score: 1.0,
        }
    }

    fn act(valid_to: Option<Date>) -> PlacedPassage {
        place(&Draft {
            kind: Some(Kind::Lag),
            text: "1 § Den som behöver har rätt till insatser. Den ska tillförsäkras skäliga levnadsförhållanden.",
            validity: Validity {
                valid_from: None,
                valid_to,
            },
            ..Draft::default()
        })
    }

    fn found(kind: Kind, valid_to: Option<Date>) -> Vec<String> {
        let named = |reference: &Reference| {
            let asked = reference.chapter.as_deref() == Some("11") && reference.paragraph.as_deref() == Some("1");
            if asked { vec![act(valid_to)] } else { Vec::new() }
        };
        let quotes = named_by(&[guideline(kind)], date(2026, 11, 22), named);
        quotes.iter().map(|quote| quote.text().to_owned()).collect()
    }

    #[test]
    fn a_guideline_brings_along_the_rule_it_rests_on() {
        assert_eq!(
            found(Kind::Riktlinje, None),
            ["Den som behöver har rätt till insatser."]
        );
    }

    #[test]
    fn an_act_brings_nothing_and_a_repealed_rule_stays_away() {
        assert!(found(Kind::Lag, None).is_empty());
        assert!(found(Kind::Riktlinje, Some(date(2025, 7, 1))).is_empty());
    }
}
