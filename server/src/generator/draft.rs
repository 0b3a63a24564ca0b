//! The model's text in pieces of any size in; whole sentences with the numbers they cite out, as they are finished.

use std::fmt;

use futures::future;
use futures::stream::{self, Stream, StreamExt};

use super::{GeneratorError, Pieces};

/// A sentence that the model wrote and nobody has checked.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftSentence {
    /// The sentence without its citations.
    pub text: String,
    /// The numbers of the quotes it cites, each once. Empty when it cites none, or any that does not exist: one
    /// invented source makes the others worth nothing.
    pub cites: Vec<usize>,
}

impl fmt::Debug for DraftSentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DraftSentence")
            .field("cites", &self.cites)
            .finish_non_exhaustive()
    }
}

/// Cuts the stream of pieces into sentences. `known` are the numbers that exist. An error is the last item.
pub(super) fn sentences(
    pieces: Pieces,
    known: Vec<usize>,
) -> impl Stream<Item = Result<DraftSentence, GeneratorError>> + Send + use<> {
    let mut reader = DraftReader {
        known,
        ..DraftReader::default()
    };
    pieces
        .map(Some)
        .chain(stream::once(future::ready(None)))
        .flat_map(move |piece| {
            stream::iter(match piece {
                Some(Ok(piece)) => reader.read(&piece).into_iter().map(Ok).collect(),
                Some(Err(error)) => {
                    reader.text.clear();
                    vec![Err(error)]
                }
                None => reader.finish().into_iter().map(Ok).collect::<Vec<_>>(),
            })
        })
}

/// Collects pieces until a sentence is whole.
#[derive(Default)]
struct DraftReader {
    text: String,
    known: Vec<usize>,
    written: Vec<String>,
}

impl DraftReader {
    fn read(&mut self, piece: &str) -> Vec<DraftSentence> {
        self.text.push_str(piece);
        let mut finished = Vec::new();
        while let Some(end) = end_of_sentence(&self.text) {
            let rest = self.text.split_off(end);
            let raw = std::mem::replace(&mut self.text, rest);
            finished.extend(self.sentence(&raw));
        }
        finished
    }

    /// What is left when the model has stopped: a sentence if it is whole, nothing if the model was cut off.
    fn finish(&mut self) -> Option<DraftSentence> {
        let raw = std::mem::take(&mut self.text);
        self.sentence(&raw)
            .filter(|last| !last.cites.is_empty() || last.text.ends_with(['.', '!', '?']))
    }

    /// None when there are no words in it, or the same words as before: weak models repeat themselves.
    fn sentence(&mut self, raw: &str) -> Option<DraftSentence> {
        let (text, mut cites) = without_cites(raw);
        if cites.iter().any(|cite| !self.known.contains(cite)) {
            cites.clear();
        }
        let text = without_bullet(&text).to_owned();
        if !text.contains(char::is_alphabetic) || self.written.contains(&text) {
            return None;
        }
        self.written.push(text.clone());
        Some(DraftSentence { text, cites })
    }
}

/// The byte where the first whole sentence ends: after a line break, or in running text where a full stop and a
/// citation (in either order) are followed by the start of a sentence. A citation in mid-sentence ends nothing.
fn end_of_sentence(text: &str) -> Option<usize> {
    let (mut stop, mut cite, mut space) = (false, false, false);
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        if let Some((length, _)) = cite_at(&text[at..]) {
            cite = true;
            at += length;
            continue;
        }
        match next {
            '\n' => return Some(at + 1),
            '.' | '!' | '?' => stop = true,
            ',' => {}
            _ if next.is_whitespace() => space = true,
            _ if stop && cite && space && (next.is_uppercase() || matches!(next, '-' | '*')) => return Some(at),
            _ => (stop, cite, space) = (false, false, false),
        }
        at += next.len_utf8();
    }
    None
}

/// Reads `[1]` or `[1, 2]` at the start of the text: its length in bytes and its numbers.
fn cite_at(text: &str) -> Option<(usize, Vec<usize>)> {
    let (list, _) = text.strip_prefix('[')?.split_once(']')?;
    let numbers = list
        .split(',')
        .map(|number| number.trim().parse().ok())
        .collect::<Option<_>>()?;
    Some((list.len() + 2, numbers))
}

fn without_cites(raw: &str) -> (String, Vec<usize>) {
    let (mut text, mut cites) = (String::with_capacity(raw.len()), Vec::new());
    let mut rest = raw;
    while let Some(next) = rest.chars().next() {
        let length = if let Some((length, numbers)) = cite_at(rest) {
            cites.extend(numbers);
            text.truncate(text.trim_end().len());
            length
        } else {
            // "… ska. [1]." has one full stop, not two.
            if !(next == '.' && !cites.is_empty() && text.ends_with(['.', '!', '?'])) {
                text.push(next);
            }
            next.len_utf8()
        };
        rest = &rest[length..];
    }
    cites.sort_unstable();
    cites.dedup();
    (text.split_whitespace().collect::<Vec<_>>().join(" "), cites)
}

/// Takes away what models put before a line of a list: "- ", "1. ".
fn without_bullet(line: &str) -> &str {
    let line = line.trim_start_matches(['-', '*', '•']).trim_start();
    let unnumbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    match unnumbered.strip_prefix(". ").or_else(|| unnumbered.strip_prefix(") ")) {
        Some(rest) if unnumbered.len() < line.len() => rest,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `text` in pieces of `size` characters.
    fn read(text: &str, size: usize) -> Vec<(String, Vec<usize>)> {
        let mut reader = DraftReader {
            known: vec![1, 2, 3],
            ..DraftReader::default()
        };
        let characters: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        for piece in characters.chunks(size) {
            found.extend(reader.read(&piece.iter().collect::<String>()));
        }
        found.extend(reader.finish());
        found
            .into_iter()
            .map(|sentence| (sentence.text, sentence.cites))
            .collect()
    }

    fn check(text: &str, expected: &[(&str, &[usize])]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(text, cites)| ((*text).to_owned(), cites.to_vec()))
            .collect();
        for size in [1, 3, 1000] {
            assert_eq!(read(text, size), expected, "pieces of {size}");
        }
    }

    #[test]
    fn a_line_is_a_sentence() {
        check(
            "Nämnden ska utreda [1].\nBeslutet får överklagas. [2] [3]\n",
            &[("Nämnden ska utreda.", &[1]), ("Beslutet får överklagas.", &[2, 3])],
        );
    }

    #[test]
    fn running_text_is_cut_after_stop_and_citation() {
        check(
            "Nämnden ska utreda [1]. Den ska göra det skyndsamt. [2] Enligt [3] ska det ske inom en månad, se 4 kap. SoL [1, 3].",
            &[
                ("Nämnden ska utreda.", &[1]),
                ("Den ska göra det skyndsamt.", &[2]),
                ("Enligt ska det ske inom en månad, se 4 kap. SoL.", &[1, 3]),
            ],
        );
    }

    #[test]
    fn lists_and_double_stops_are_tidied() {
        check(
            "- Du får ledsagning. [1].\n2. Du betalar inget [2].",
            &[("Du får ledsagning.", &[1]), ("Du betalar inget.", &[2])],
        );
    }

    #[test]
    fn what_is_said_once_is_not_said_again() {
        check(
            "Du får ledsagning [1].\nDu får ledsagning [2].\nDu betalar inget [2].",
            &[("Du får ledsagning.", &[1]), ("Du betalar inget.", &[2])],
        );
    }

    #[test]
    fn an_invented_source_leaves_no_citation() {
        check("Avgiften är 200 kronor [1] [9].\n", &[("Avgiften är 200 kronor.", &[])]);
    }

    #[test]
    fn a_cut_off_end_is_no_sentence() {
        check("Nämnden ska utreda [1].\nDen får", &[("Nämnden ska utreda.", &[1])]);
        check("Nämnden ska utreda [1", &[]);
        check("\n\n  \n", &[]);
    }

    #[test]
    fn debug_shows_no_text() {
        let sentence = DraftSentence {
            text: "hemligt".to_owned(),
            cites: vec![2],
        };
        assert_eq!(format!("{sentence:?}"), "DraftSentence { cites: [2], .. }");
    }
}
