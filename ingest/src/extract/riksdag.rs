//! An act as the Riksdag's open data gives it in; the official text form out.
//!
//! The JSON form holds the act twice, as text and as HTML (`dokumentstatus.dokument`). The text is the official form and is
//! taken where it is there. The HTML has no element around a §: anchors (`<a class="paragraf">`) and empty paragraphs mark
//! where one begins, and `<br>` ends each printed line, so it is turned back into the lines that it was made from.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Node};
use serde::Deserialize;

use super::Refusal;

/// What marks the HTML form, wherever it comes from.
const PARAGRAPH_ANCHOR: &str = "class=\"paragraf\"";
/// The table of contents that the Riksdag adds.
const CONTENTS_CLASS: &str = "sfstoc";
/// How many elements around a text are looked at: the form nests three.
const DEEPEST: usize = 12;

#[derive(Deserialize)]
struct File {
    dokumentstatus: Status,
}

#[derive(Deserialize)]
struct Status {
    dokument: Act,
}

/// What the JSON form says of an act, by its own names.
#[derive(Deserialize)]
pub(crate) struct Act {
    /// The act's number: "2025:400".
    pub beteckning: Option<String>,
    pub titel: Option<String>,
    /// Up to which amendment the text goes.
    pub subtitel: Option<String>,
    pub text: Option<String>,
    pub html: Option<String>,
}

impl Act {
    /// Reads the JSON form.
    pub(crate) fn read(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json).map(|file: File| file.dokumentstatus.dokument)
    }
}

/// Whether a file is in the JSON form, by how it begins.
pub(super) fn is_json(start: &str) -> bool {
    start.starts_with('{') && start.contains("\"dokumentstatus\"")
}

/// Whether a page is in the HTML form.
pub(super) fn is_page(page: &str) -> bool {
    page.contains(PARAGRAPH_ANCHOR)
}

/// Reads the JSON form.
pub(super) fn from_json(json: &str) -> Result<String, Refusal> {
    let Act { text, html, .. } = Act::read(json.as_bytes()).map_err(|e| Refusal::Damaged(e.to_string()))?;
    match (text.filter(|t| !t.trim().is_empty()), html) {
        (Some(text), _) => Ok(text.replace('\r', "")),
        (None, Some(html)) => Ok(from_page(&html)),
        (None, None) => Err(Refusal::NoText),
    }
}

/// Reads the HTML form.
pub(super) fn from_page(page: &str) -> String {
    let page = Html::parse_document(page);
    let mut text = String::new();
    let mut heading = None;
    let mut known = HashMap::new();
    for node in page.tree.root().descendants() {
        match node.value() {
            Node::Element(element) => match element.name() {
                "br" => text.push('\n'),
                "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" => text.push_str("\n\n"),
                "a" if element.attr("class") == Some("paragraf") => text.push_str("\n\n"),
                _ => {}
            },
            Node::Text(words) => {
                let around = node.ancestors().take(DEEPEST).filter_map(ElementRef::wrap);
                let (mut left_out, mut above) = (false, None);
                for element in around {
                    left_out |= *known.entry(element.id()).or_insert_with(|| is_left_out(element));
                    if element.value().name().starts_with('h') && element.value().name().len() == 2 {
                        above = Some(element.id());
                    }
                }
                if above != heading {
                    text.push_str("\n\n");
                    heading = above;
                }
                if !left_out {
                    push_words(&mut text, words);
                }
            }
            _ => {}
        }
    }
    text
}

fn is_left_out(element: ElementRef<'_>) -> bool {
    let contents = element
        .attr("class")
        .is_some_and(|class| class.contains(CONTENTS_CLASS));
    contents || matches!(element.value().name(), "script" | "style" | "head")
}

/// Adds words to the line; where HTML breaks its own lines says nothing.
fn push_words(text: &mut String, words: &str) {
    for c in words.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !text.ends_with([' ', '\n']) {
            text.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_and_breaks_become_the_lines_of_the_text_form() {
        let page = r#"<div class="sfstoc"><ul><li>1 kap.</li></ul></div><h3 name="K1"><a name="K1">1 kap. Om hjälp</a></h3>
            <h4><a name="Mål">Mål</a></h4><a class="paragraf" name="K1P1"><b>1 §</b></a> &nbsp;&nbsp;<i>/Träder i kraft I:2026-01-01/</i><br />Den som behöver<br />
            hjälp får:<br />1. råd,<br />2. stöd.<p><a name="K1P1S2"></a></p>Nämnden beslutar. <i>Lag (2025:1)</i>.<a class="paragraf" name="K1P2"><b>2 §</b></a> Andra."#;
        let text = from_page(page);
        let groups: Vec<&str> = text.split("\n\n").map(str::trim).filter(|g| !g.is_empty()).collect();
        assert_eq!(
            groups,
            [
                "1 kap. Om hjälp",
                "Mål",
                "1 § /Träder i kraft I:2026-01-01/\nDen som behöver\nhjälp får:\n1. råd,\n2. stöd.",
                "Nämnden beslutar. Lag (2025:1).",
                "2 § Andra."
            ]
        );
    }

    #[test]
    fn the_text_is_taken_before_the_html() {
        let json = r#"{"dokumentstatus": {"dokument": {"beteckning": "2025:1", "text": "1 § Text.", "html": "<p>1 § HTML.</p>"}}}"#;
        assert_eq!(from_json(json).unwrap(), "1 § Text.");
    }
}
