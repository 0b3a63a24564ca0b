//! A web page in; the blocks of its main content out, without menus, cookie banners and forms.

use lotsen_corpus::{Block, BlockKind};
use scraper::{ElementRef, Html, Node, Selector};

/// Elements whose content is no part of a text.
const LEFT_OUT: [&str; 14] = [
    "nav", "header", "footer", "aside", "script", "style", "noscript", "template", "form", "button", "select", "svg",
    "iframe", "dialog",
];
/// Declarations of a `style` attribute that hide an element, without their spaces.
const UNSEEN: [&str; 5] = [
    "display:none",
    "visibility:hidden",
    "font-size:0",
    "font-size:1px",
    "opacity:0",
];
/// Words in `class`, `id` or `role` of what surrounds a page's own text.
const SURROUNDINGS: [&str; 9] = [
    "cookie",
    "navigation",
    "breadcrumb",
    "brodsmul",
    "sidebar",
    "banner",
    "menu",
    "meny",
    "share",
];

/// Words in `class`, `id` or `role` of an `aside` that is a box of the text: facts, an example, a note.
const BOXES: [&str; 7] = ["box", "ruta", "fakta", "fact", "note", "exempel", "example"];

/// Reads the main content: `main` or `article` where the page has one, else its body.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let page = Html::parse_document(page);
    let main = ["main", "[role=main]", "article", "body"]
        .iter()
        .filter_map(|selector| Selector::parse(selector).ok())
        .find_map(|selector| page.select(&selector).next());
    let mut reader = Reader::default();
    if let Some(main) = main {
        reader.walk(main);
    }
    reader.flush();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    text: String,
    kind: Option<BlockKind>,
    lists: Vec<Option<u32>>,
    in_row: bool,
}

impl Reader {
    /// Visits the tree without recursion: a page may nest a million elements.
    fn walk(&mut self, root: ElementRef<'_>) {
        let mut node = *root;
        loop {
            let enters = self.open(node.value());
            if enters && let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            loop {
                if let Node::Element(element) = node.value() {
                    self.close(element.name());
                }
                if node.id() == root.id() {
                    return;
                }
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                let Some(parent) = node.parent() else { return };
                node = parent;
            }
        }
    }

    /// Takes a node in; false when its children are to be left out.
    fn open(&mut self, node: &Node) -> bool {
        let element = match node {
            Node::Text(text) => {
                self.text.push_str(&text.replace(['\n', '\t'], " "));
                return false;
            }
            Node::Element(element) => element,
            _ => return false,
        };
        let name = element.name();
        let styled_away = element.attr("style").is_some_and(|style| {
            let style: String = style.to_lowercase().split_whitespace().collect();
            style.split(';').any(|declaration| UNSEEN.contains(&declaration))
        });
        let hidden = element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true") || styled_away;
        let labels = ["class", "id", "role"].map(|a| element.attr(a).unwrap_or_default().to_lowercase());
        let labelled = |words: &[&str]| words.iter().any(|word| labels.iter().any(|label| label.contains(word)));
        let around = labelled(&SURROUNDINGS) && name != "body" && name != "main";
        let is_box = name == "aside" && labelled(&BOXES);
        if LEFT_OUT.contains(&name) && !is_box || hidden || around {
            return false;
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes()[1] - b'0';
                self.begin(BlockKind::Heading { level });
            }
            "ul" => self.open_list(None),
            "ol" => self.open_list(Some(element.attr("start").and_then(|s| s.parse().ok()).unwrap_or(1))),
            "li" => {
                let depth = u8::try_from(self.lists.len()).unwrap_or(9).max(1);
                self.begin(BlockKind::ListItem { depth });
                self.text = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "– ".to_owned(),
                };
            }
            "tr" => {
                self.begin(BlockKind::TableRow { header: false });
                self.in_row = true;
            }
            "th" if self.in_row && self.text.trim().is_empty() => {
                self.kind = Some(BlockKind::TableRow { header: true })
            }
            "br" => self.text.push(' '),
            _ if is_block(name) && !self.in_row => self.begin(BlockKind::Paragraph),
            _ => {}
        }
        true
    }

    fn close(&mut self, name: &str) {
        match name {
            "td" | "th" => self.text.push_str(" | "),
            "tr" => {
                self.flush();
                self.in_row = false;
            }
            "ul" | "ol" => {
                self.flush();
                self.lists.pop();
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" => self.flush(),
            _ if is_block(name) && !self.in_row => self.flush(),
            _ => {}
        }
    }

    fn open_list(&mut self, first: Option<u32>) {
        self.flush();
        self.lists.push(first);
    }

    /// Begins a block. A paragraph at the start of a list item is the item itself.
    fn begin(&mut self, kind: BlockKind) {
        let only_mark = matches!(self.kind, Some(BlockKind::ListItem { .. })) && self.text.trim_end().len() <= 4;
        if kind == BlockKind::Paragraph && only_mark {
            return;
        }
        self.flush();
        self.kind = Some(kind);
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let kind = self.kind.take().unwrap_or(BlockKind::Paragraph);
        let text = match kind {
            BlockKind::TableRow { .. } => text.trim().trim_end_matches('|').trim(),
            _ => text.trim(),
        };
        if text.chars().any(char::is_alphanumeric) {
            let text = text.to_owned();
            self.blocks.push(Block { kind, text, page: None });
        }
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "body"
            | "blockquote"
            | "pre"
            | "dt"
            | "dd"
            | "dl"
            | "table"
            | "figure"
            | "figcaption"
            | "caption"
            | "hr"
            | "address"
            | "aside"
            | "details"
            | "summary"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_main_content_is_read() {
        let page = "<html><body><nav>Meny</nav><main><h1>Ledsagning</h1><div class='cookie-banner'>Kakor</div>\
            <p>Du kan få <b>ledsagning</b>.</p><ul><li><p>promenad</p></li><li>besök</li></ul>\
            <table><tr><th>Nivå</th><th>Kr</th></tr><tr><td>1</td><td>200</td></tr></table></main></body></html>";
        let texts: Vec<String> = blocks(page).into_iter().map(|b| b.text).collect();
        assert_eq!(
            texts,
            [
                "Ledsagning",
                "Du kan få ledsagning.",
                "– promenad",
                "– besök",
                "Nivå | Kr",
                "1 | 200"
            ]
        );
    }

    #[test]
    fn a_box_is_text_and_what_stands_beside_the_text_is_not() {
        let page = "<main><p>Utred behovet.<aside class='faktaruta'><h3>Exempel</h3><p>Ada får stöd.</p></aside>\
            <p>Besluta sedan.</p><aside class='related'>Läs också</aside><aside id='sidebar-box'>Nyheter</aside>\
            <p style='opacity: 0'>Osynlig.</p></main>";
        let texts: Vec<String> = blocks(page).into_iter().map(|b| b.text).collect();
        assert_eq!(texts, ["Utred behovet.", "Exempel", "Ada får stöd.", "Besluta sedan."]);
    }

    #[test]
    fn a_deep_page_does_not_overflow() {
        let deep = format!("<html><body>{}text", "<div>".repeat(50_000));
        assert_eq!(blocks(&deep).len(), 1);
    }
}
