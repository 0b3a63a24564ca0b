//! The rules as one recogniser: in come messages, out come the candidates of every rule in each.

use std::sync::LazyLock;

use crate::finding::Finding;
use crate::numbers::{self, Hit, Numbers};
use crate::people::People;
use crate::view::View;
use crate::{CannotRun, Recogniser};

/// How many messages further on a number may continue: past one answer, to the next question.
const SPLIT_REACH: usize = 2;

static COMPILED: LazyLock<Option<(Numbers, People)>> = LazyLock::new(|| Numbers::new().ok().zip(People::new().ok()));

/// Rules and word tables, compiled at the first use. No model, no network.
pub struct Rules;

impl Recogniser for Rules {
    fn find(&self, messages: &[&str]) -> Result<Vec<Vec<Finding>>, CannotRun> {
        let (numbers, people) = COMPILED.as_ref().ok_or(CannotRun)?;
        let views: Vec<View> = messages.iter().map(|text| View::of(text)).collect();
        let candidates = |view: &View| {
            let mut hits = numbers.find(view);
            people.find(view, &mut hits);
            hits.into_iter().map(|hit| located(view, hit)).collect()
        };
        let mut found: Vec<Vec<Finding>> = views.iter().map(candidates).collect();
        for (first, one) in views.iter().enumerate() {
            for (second, other) in views.iter().enumerate().skip(first + 1).take(SPLIT_REACH) {
                if let Some((begin, end, kind)) = numbers::find_split(&one.text, &other.text) {
                    found[first].push(located(one, (begin, kind, true)));
                    found[second].push(located(other, (end, kind, true)));
                }
            }
        }
        Ok(found)
    }
}

/// A description in general words; nothing of it if the rules cannot run.
pub(crate) fn general_description(description: &str) -> String {
    let view = View::of(description);
    match COMPILED.as_ref() {
        Some((_, people)) => people.generalise(&view.text),
        None => String::new(),
    }
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
