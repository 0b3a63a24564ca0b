//! The guard: in comes Swedish text, out come the places in it that hold personal data.
//!
//! It stands in front of everything: questions, history, comments and documents, and it reads what the model writes.
//! It is a pure library: rules and word tables, no model, no network, nothing stored. Each rule is described where it
//! stands. The time it takes grows in proportion to the text.
//!
//! 1. `view` – one plain spelling of the text, with a map back to the original.
//! 2. `numbers` – numbers that belong to a person.
//! 3. `people` – names, addresses, case numbers and telling descriptions.
//! 4. `finding` – what is reported, sorted and without overlaps.
//! 5. `generalise` – the question without its personal data, to offer instead.

mod finding;
mod generalise;
mod numbers;
mod people;
mod view;
mod words;

use std::sync::LazyLock;

pub use finding::{Finding, FindingKind};
pub use generalise::generalise;

use numbers::{Hit, Numbers};
use people::People;
use view::View;

/// How many messages further on a number may continue: past one answer, to the next question.
const SPLIT_REACH: usize = 2;

static RULES: LazyLock<Option<(Numbers, People)>> = LazyLock::new(|| Numbers::new().ok().zip(People::new().ok()));

/// Finds personal data in a text. The findings are sorted and do not overlap; positions are Unicode code points.
///
/// If the rules cannot run, the whole text is one certain finding: then nothing passes.
pub fn find(text: &str) -> Vec<Finding> {
    let view = View::of(text);
    finding::settle(candidates(&view))
}

/// Finds personal data in messages that follow one another, and numbers that are split over two of them. The result
/// has one list for each message.
pub fn find_across(messages: &[&str]) -> Vec<Vec<Finding>> {
    let views: Vec<View> = messages.iter().map(|text| View::of(text)).collect();
    let mut candidates: Vec<Vec<Finding>> = views.iter().map(candidates).collect();
    for (first, one) in views.iter().enumerate() {
        for (second, other) in views.iter().enumerate().skip(first + 1).take(SPLIT_REACH) {
            if let Some((begin, end, kind)) = numbers::find_split(&one.text, &other.text) {
                candidates[first].push(located(one, (begin, kind, true)));
                candidates[second].push(located(other, (end, kind, true)));
            }
        }
    }
    candidates.into_iter().map(finding::settle).collect()
}

fn candidates(view: &View) -> Vec<Finding> {
    let Some((numbers, people)) = RULES.as_ref() else {
        let whole = 0..view.text.len();
        return vec![located(view, (whole, FindingKind::Other, true))];
    };
    let mut hits = numbers.find(view);
    people.find(view, &mut hits);
    hits.into_iter().map(|hit| located(view, hit)).collect()
}

fn located(view: &View, (place, kind, certain): Hit) -> Finding {
    let place = view.original(place);
    Finding {
        start: place.start,
        end: place.end,
        kind,
        certain,
    }
}
