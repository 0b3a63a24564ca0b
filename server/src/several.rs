//! The quotes for a question of several parts in, and those for each part; the quotes that answer them together out.

use crate::point::Quote;

/// Quotes for the question as a whole that stay, and those that each part adds at most. On 110 questions that need several
/// places (of `eval/train/questions`) all of them were there in 0.50 with five quotes for the whole, in 0.64 with eight, and in
/// 0.65 so, with less that is beside the point.
const OF_WHOLE: usize = 4;
const OF_EACH: usize = 3;
/// How many quotes more than an answer may have otherwise.
const MORE: usize = 3;

/// The best quotes for the whole, then those of each part from passages that do not stand there yet. `most` is how many
/// an answer may have otherwise.
pub fn together(whole: Vec<Quote>, parts: Vec<Vec<Quote>>, most: usize) -> Vec<Quote> {
    if parts.is_empty() {
        return whole;
    }
    let most = most + MORE;
    let mut whole = whole.into_iter();
    let mut quotes: Vec<Quote> = whole.by_ref().take(OF_WHOLE).collect();
    let is_new = |quotes: &[Quote], quote: &Quote| {
        let passage = &quote.place.passage().id;
        quotes.iter().all(|shown| shown.place.passage().id != *passage)
    };
    for part in parts {
        let wanted = quotes.len() + OF_EACH;
        for quote in part {
            if quotes.len() < wanted.min(most) && is_new(&quotes, &quote) {
                quotes.push(quote);
            }
        }
    }
    quotes.extend(whole.take(most.saturating_sub(quotes.len())));
    quotes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draft, place};

    fn quotes(texts: &[&str]) -> Vec<Quote> {
        let quote = |text: &&str| Quote {
            place: place(&Draft {
                text,
                ..Draft::default()
            }),
            range: 0..text.len(),
            score: 1.0,
        };
        texts.iter().map(quote).collect()
    }

    fn texts(quotes: &[Quote]) -> Vec<&str> {
        quotes.iter().map(Quote::text).collect()
    }

    #[test]
    fn each_part_adds_what_is_not_there_yet() {
        let whole = quotes(&["a", "b", "c", "d", "e"]);
        let parts = vec![quotes(&["b", "f", "g", "h", "i"]), quotes(&["a", "j"])];
        assert_eq!(
            texts(&together(whole, parts, 5)),
            ["a", "b", "c", "d", "f", "g", "h", "j"]
        );
    }

    #[test]
    fn what_the_parts_leave_free_the_whole_fills() {
        let whole = quotes(&["a", "b", "c", "d", "e"]);
        assert_eq!(
            texts(&together(whole.clone(), Vec::new(), 5)),
            ["a", "b", "c", "d", "e"]
        );
        assert_eq!(
            texts(&together(whole, vec![quotes(&["f"]), Vec::new()], 5)),
            ["a", "b", "c", "d", "f", "e"]
        );
    }
}
