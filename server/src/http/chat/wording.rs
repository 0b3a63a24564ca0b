//! The updates of an answer in; its Markdown out, piece by piece.
//!
//! Quotes stand as block quotes, each with its numbered reference and link below it; then the checked sentences of the
//! summary with the same numbers, then what the reader must know.

use std::sync::Arc;

use serde::Deserialize;

use crate::Event;
use crate::http::App;
use crate::http::ask::Update;
use crate::http::pages::Pages;
use crate::reply::{AskReply, Sentence, SentenceKind, Source};
use crate::texts;

/// Characters that Markdown reads as anything but themselves. A quote must not become a picture or a link.
const MARKUP: &str = "\\`*_[]<>#";

#[derive(Deserialize)]
struct Words {
    chat: Chat,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chat {
    summary: String,
}

/// Writes one answer.
pub struct Wording {
    site: String,
    pages: Arc<Pages>,
    words: Chat,
    sources: Vec<Source>,
    summarising: bool,
}

impl Wording {
    /// Begins an answer.
    pub fn new(app: &App) -> Self {
        Self {
            site: app.settings.public_url(),
            pages: Arc::clone(&app.pages),
            words: texts::section::<Words>().map(|words| words.chat).unwrap_or_default(),
            sources: Vec::new(),
            summarising: false,
        }
    }

    /// What an update adds to the text; nothing for a problem.
    pub fn piece(&mut self, update: &Update) -> String {
        match update {
            Update::Progress(Event::Sources(sources)) => {
                self.sources.clone_from(sources);
                String::new()
            }
            Update::Progress(Event::Sentence(sentence)) => self.sentence(sentence),
            Update::End(Ok(reply)) => self.ending(reply),
            Update::End(Err(_)) => String::new(),
        }
    }

    fn sentence(&mut self, sentence: &Sentence) -> String {
        if sentence.kind == SentenceKind::Quote {
            let cited = sentence
                .citations
                .iter()
                .filter_map(|&i| Some((i, self.sources.get(i)?)));
            return cited.map(|(i, source)| self.quote(i, source)).collect();
        }
        let numbers: Vec<String> = sentence.citations.iter().map(|i| format!("[{}]", i + 1)).collect();
        let said = format!("{} {} ", escaped(&sentence.text), numbers.concat());
        match std::mem::replace(&mut self.summarising, true) {
            true => said,
            false => format!("**{}**\n\n{said}", self.words.summary),
        }
    }

    /// The notices stand last, except where they say that nothing answers: then the nearest passages come after them.
    fn ending(&self, reply: &AskReply) -> String {
        let mut said = String::from(if self.summarising { "\n\n" } else { "" });
        for notice in &reply.notices {
            said.push_str(&format!("{}\n\n", escaped(&notice.text)));
        }
        let nearest = reply.nearest.iter().enumerate();
        said.extend(nearest.map(|(i, source)| self.quote(i, source)));
        said + &self.pages.words().as_of(reply.as_of)
    }

    fn quote(&self, i: usize, source: &Source) -> String {
        let lines: Vec<String> = source
            .quote
            .lines()
            .map(|line| format!("> {}\n", escaped(line)))
            .collect();
        let (number, reference, site) = (i + 1, escaped(&source.reference), &self.site);
        format!(
            "{}>\n> [{number}] [{reference}]({site}{})\n\n",
            lines.concat(),
            source.url
        )
    }
}

/// A text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if MARKUP.contains(c) {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_a_document_cannot_become_a_picture_or_a_link() {
        let hostile = "Se ![x](https://example.org/?q) och <img src=x>, 11 kap. 1 §.";
        let shown = escaped(hostile);
        assert!(!shown.contains("![x]") && !shown.contains(" <img"), "{shown}");
        assert_eq!(shown.replace('\\', ""), hostile);
    }
}
