//! The quotes of an answer in; the provisions that its local guidelines rest on, to be quoted beside them, out.
//!
//! A guideline interprets an act and says which paragraph. Who sees the guideline alone cannot tell whether it says what
//! the act says, so the act's own words come along. A guideline older than the act in force means the act of its own day
//! ("4 kap. 1 § SoL" in one of 2023): then the rule that took its place comes along, and the reader is told. So she is where
//! the guideline names one paragraph for what another one says.

use jiff::civil::Date;
use lotsen_corpus::embed::Embedder;
use lotsen_corpus::reference::successors::Place;
use lotsen_corpus::reference::{self, Reference};
use lotsen_corpus::release::PlacedPassage;

use crate::attribution::{self, Doubt};
use crate::library::Library;
use crate::point::{Quote, quote};
use crate::question::AskError;
use crate::succession::{self, Elsewhere};

/// Guideline quotes that are followed to the act: the best ones, since the last ones seldom carry the answer.
const FOLLOWED: usize = 2;
/// Most provisions that an answer gets beside its own quotes.
const MOST: usize = 2;

/// What comes along with the quotes.
#[derive(Debug, Default)]
pub struct Companions {
    /// The provisions in force that the best guideline quotes rest on, each as it begins, with the position of the first
    /// guideline quote that names it.
    pub quotes: Vec<(usize, Quote)>,
    /// What those guidelines refer to although it no longer applies, each once.
    pub outdated: Vec<Outdated>,
    /// What those guidelines refer to for what another provision says, each once.
    pub doubtful: Vec<Doubtful>,
}

/// A reference of a guideline to a provision that has been repealed since.
#[derive(Debug)]
pub struct Outdated {
    /// The guideline's title.
    pub guideline: String,
    /// What it refers to, and where the rule stands now.
    pub provision: Elsewhere,
}

/// A reference of a guideline to a provision that does not seem to say so.
#[derive(Debug)]
pub struct Doubtful {
    /// The guideline's title.
    pub guideline: String,
    /// What it refers to, and the provision that seems to say so.
    pub doubt: Doubt,
}

impl Companions {
    /// The quotes, each companion next to the guideline that it came with, and nothing twice.
    pub fn among(&mut self, quotes: Vec<Quote>) -> Vec<Quote> {
        let companions = std::mem::take(&mut self.quotes);
        let mut all = Vec::with_capacity(quotes.len() + companions.len());
        for (at, quote) in quotes.into_iter().enumerate() {
            let moved = |(guideline, companion): &(usize, Quote)| *guideline < at && is_same(companion, &quote);
            if !companions.iter().any(moved) {
                all.push(quote);
            }
            let its_own = companions.iter().filter(|(guideline, _)| *guideline == at);
            all.extend(its_own.map(|(_, companion)| companion.clone()));
        }
        all
    }

    /// Adds a provision: as it is quoted further down, or as it begins, since a provision says its rule first. Not one that
    /// the reader has seen before the guideline, and not too many.
    fn add(&mut self, quotes: &[Quote], guideline: usize, place: PlacedPassage) {
        let holds = |quote: &Quote| quote.place.passage().id == place.passage().id;
        if self.quotes.iter().any(|(_, companion)| holds(companion)) {
            return;
        }
        let is_new = |companion: &Quote| quotes.iter().all(|quote| !is_same(quote, companion));
        let new = self.quotes.iter().filter(|(_, companion)| is_new(companion)).count();
        let companion = match quotes.iter().position(holds) {
            Some(at) if at < guideline => None,
            Some(at) => Some(quotes[at].clone()),
            None if new < MOST => quote::opening(place, quotes[guideline].score),
            None => None,
        };
        self.quotes.extend(companion.map(|companion| (guideline, companion)));
    }
}

fn is_same(one: &Quote, other: &Quote) -> bool {
    one.place.passage().id == other.place.passage().id && one.range == other.range
}

/// The provisions that the best guideline quotes name in the same paragraph of text, as they stand on the day.
///
/// # Errors
/// Those of the model and the index.
pub async fn beside(
    library: &Library,
    embedder: &Embedder,
    quotes: &[Quote],
    as_of: Date,
) -> Result<Companions, AskError> {
    let mut doubts = Vec::new();
    for (_, quote) in followed(quotes) {
        let written = written(quote, as_of);
        doubts.push(attribution::doubts(library, embedder, paragraph_around(quote), written, as_of).await?);
    }
    let named = |reference: &Reference| library.named(reference);
    let at = |place: &Place| library.provision(&place.document(), place.chapter.as_deref(), &place.paragraph);
    Ok(named_by(quotes, as_of, named, at, doubts))
}

/// The guideline quotes that are followed, with their positions.
fn followed(quotes: &[Quote]) -> impl Iterator<Item = (usize, &Quote)> {
    let local = |(_, quote): &(usize, &Quote)| quote.place.edition.document.kind.is_local();
    quotes.iter().enumerate().filter(local).take(FOLLOWED)
}

/// The day from which the quote's document applies: its references mean the acts of that day.
fn written(quote: &Quote, as_of: Date) -> Date {
    quote.place.edition.document.validity.valid_from.unwrap_or(as_of)
}

/// `doubts` are those about each quote that is followed.
fn named_by(
    quotes: &[Quote],
    as_of: Date,
    named: impl Fn(&Reference) -> Vec<PlacedPassage>,
    at: impl Fn(&Place) -> Vec<PlacedPassage>,
    doubts: impl IntoIterator<Item = Vec<Doubt>>,
) -> Companions {
    let in_force = |places: Vec<PlacedPassage>| places.into_iter().find(|place| place.applies(as_of));
    let mut beside = Companions::default();
    for ((at_quote, quote), mut doubts) in followed(quotes).zip(doubts) {
        let guideline = &quote.place.edition.document;
        let written = written(quote, as_of);
        for reference in reference::find(paragraph_around(quote)) {
            let outdated = succession::repealed_since(&reference, written, as_of);
            let doubted = doubts.iter().position(|doubt| doubt.is_about(&reference));
            let doubt = doubted.map(|doubted| doubts.remove(doubted));
            let rule = match (&outdated, &doubt) {
                (Some(provision), _) => provision.now.iter().find_map(|place| in_force(at(place))),
                (None, Some(doubt)) => Some(doubt.nearer.clone()),
                (None, None) => in_force(named(&reference)),
            };
            if let Some(rule) = rule {
                beside.add(quotes, at_quote, rule);
            }
            if let Some(provision) = outdated
                && beside.outdated.iter().all(|known| known.provision.old != provision.old)
            {
                beside.outdated.push(Outdated {
                    guideline: guideline.title.clone(),
                    provision,
                });
            }
            if let Some(doubt) = doubt
                && beside.doubtful.iter().all(|known| known.doubt.named != doubt.named)
            {
                beside.doubtful.push(Doubtful {
                    guideline: guideline.title.clone(),
                    doubt,
                });
            }
        }
    }
    beside
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draft, place};
    use jiff::civil::date;
    use lotsen_corpus::{Kind, Validity};

    const GUIDELINE: &str = "Inledning enligt 1 § LSS.\nDet går inte att avslå en ansökan av det skälet. Varje ansökan ska prövas enligt 11 kap. 1 § SoL.";

    fn guideline(kind: Kind, text: &str, valid_from: Option<Date>) -> Quote {
        let place = place(&Draft {
            title: "Riktlinje för hemtjänst",
            kind: Some(kind),
            text,
            validity: Validity {
                valid_from,
                valid_to: None,
            },
            ..Draft::default()
        });
        let start = text.find("Det går").unwrap();
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

    fn no_doubts() -> impl Iterator<Item = Vec<Doubt>> {
        std::iter::repeat(Vec::new())
    }

    fn found(kind: Kind, valid_to: Option<Date>) -> Vec<String> {
        let named = |reference: &Reference| {
            let asked = reference.chapter.as_deref() == Some("11") && reference.paragraph.as_deref() == Some("1");
            if asked { vec![act(valid_to)] } else { Vec::new() }
        };
        let quotes = [guideline(kind, GUIDELINE, None)];
        let beside = named_by(&quotes, date(2026, 11, 22), named, |_| Vec::new(), no_doubts());
        assert!(beside.outdated.is_empty());
        beside.quotes.iter().map(|(_, quote)| quote.text().to_owned()).collect()
    }

    #[test]
    fn a_guideline_brings_along_the_rule_it_rests_on() {
        assert_eq!(
            found(Kind::Riktlinje, None),
            ["Den som behöver har rätt till insatser."]
        );
    }

    #[test]
    fn the_rule_stands_next_to_its_guideline_and_its_list_comes_along() {
        let list = "Insatser ges till personer\n1. med autism, eller\n2. med andra svårigheter.";
        let act = place(&Draft {
            provision: Some((Some("11"), "1")),
            text: list,
            ..Draft::default()
        });
        let other = guideline(Kind::Lag, GUIDELINE, None);
        let quotes = vec![other.clone(), guideline(Kind::Riktlinje, GUIDELINE, None), other];
        let named = |_: &Reference| vec![act.clone()];
        let mut beside = named_by(&quotes, date(2026, 11, 22), named, |_| Vec::new(), no_doubts());
        let all = beside.among(quotes);
        assert_eq!(all.len(), 4);
        assert_eq!(all[2].text(), list);
    }

    #[test]
    fn a_rule_that_is_quoted_further_down_comes_up_to_its_guideline() {
        let act = place(&Draft {
            provision: Some((Some("11"), "1")),
            text: "Den som behöver har rätt till insatser. Den ska ha det bra.",
            ..Draft::default()
        });
        let quoted = Quote {
            place: act.clone(),
            range: 40..60,
            score: 0.5,
        };
        let other = guideline(Kind::Lag, GUIDELINE, None);
        let quotes = vec![
            guideline(Kind::Riktlinje, GUIDELINE, None),
            other.clone(),
            quoted.clone(),
        ];
        let named = |_: &Reference| vec![act.clone()];
        let mut beside = named_by(&quotes, date(2026, 11, 22), named, |_| Vec::new(), no_doubts());
        let all = beside.among(quotes);
        assert_eq!(all.len(), 3);
        assert_eq!((all[1].text(), all[2].text()), (quoted.text(), other.text()));
    }

    #[test]
    fn an_act_brings_nothing_and_a_repealed_rule_stays_away() {
        assert!(found(Kind::Lag, None).is_empty());
        assert!(found(Kind::Riktlinje, Some(date(2025, 7, 1))).is_empty());
    }

    #[test]
    fn an_older_guideline_means_the_act_of_its_day_and_brings_along_what_took_its_place() {
        let text = "Det går inte att avslå en ansökan av det skälet. Det följer av 4 kap. 1 § SoL.";
        let beside = |written: Date| {
            let quotes = [guideline(Kind::Riktlinje, text, Some(written))];
            let moved = |place: &Place| match (place.chapter.as_deref(), place.paragraph.as_str()) {
                (Some("11"), "1") => vec![act(None)],
                _ => Vec::new(),
            };
            named_by(&quotes, date(2026, 11, 22), |_| Vec::new(), moved, no_doubts())
        };
        let old = beside(date(2023, 3, 1));
        assert_eq!(old.quotes.len(), 1);
        assert_eq!(old.quotes[0].1.text(), "Den som behöver har rätt till insatser.");
        assert_eq!(old.outdated.len(), 1);
        assert_eq!(old.outdated[0].provision.old.sfs, "2001:453");
        assert!(
            beside(date(2025, 7, 1)).outdated.is_empty(),
            "4 kap. 1 § of the act in force is another rule"
        );
    }

    #[test]
    fn the_provision_that_seems_to_say_so_comes_instead_of_the_one_that_is_named() {
        let provision = |paragraph, text| {
            place(&Draft {
                provision: Some((Some("11"), paragraph)),
                text,
                ..Draft::default()
            })
        };
        let doubt = Doubt {
            named: Place {
                sfs: "2025:400".to_owned(),
                chapter: Some("11".to_owned()),
                paragraph: "1".to_owned(),
            },
            nearer: provision("2", "Nämnden prövar varje ansökan."),
        };
        let named = |_: &Reference| vec![provision("1", "Den som behöver har rätt till insatser.")];
        let quotes = [guideline(Kind::Riktlinje, GUIDELINE, None)];
        let beside = named_by(&quotes, date(2026, 11, 22), named, |_| Vec::new(), [vec![doubt]]);
        let texts: Vec<&str> = beside.quotes.iter().map(|(_, quote)| quote.text()).collect();
        assert_eq!(texts, ["Nämnden prövar varje ansökan."]);
        assert_eq!(beside.doubtful.len(), 1);
    }
}
