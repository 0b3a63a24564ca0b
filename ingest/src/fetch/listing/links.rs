//! A page in; the addresses that it has links to, out.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::Url;

use super::page;
use crate::fetch::client::Client;
use lotsen_corpus::text::pattern;

/// How many links are read from a page.
const MOST_LINKS: usize = 50_000;

/// A pattern and no parser: it reads any page in a time that grows with its length alone.
static LINK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)<a\s(?:[^>]*?\s)?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#));

/// The addresses that a page has links to, in its order.
pub(super) async fn read(address: &Url, client: &mut Client) -> Result<Vec<Url>, String> {
    let answer = page(address, client)
        .await
        .map_err(|trouble| format!("{address}: {trouble}"))?;
    let links = of(&String::from_utf8_lossy(&answer.bytes), &answer.address);
    // The list itself is no document of its own, and a link to a part of it leads nowhere else.
    Ok(links
        .into_iter()
        .filter(|link| link.path() != answer.address.path())
        .collect())
}

/// The links in a page's text.
pub(super) fn of(page: &str, base: &Url) -> Vec<Url> {
    let links = LINK.captures_iter(page).take(MOST_LINKS);
    links
        .filter_map(|found| {
            let link = found.get(1).or(found.get(2)).or(found.get(3))?.as_str();
            let address = base.join(link.trim().replace("&amp;", "&").as_str()).ok()?;
            matches!(address.scheme(), "https" | "http").then_some(address)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_however_they_are_written() {
        let page = r##"<a href="/a.pdf">A</a><a class="x" HREF='b?c=1&amp;d=2'>B</a><a href=//annan.se/c>C</a>
            <a href="mailto:x@y.se">D</a><a name="e">E</a><a href="javascript:void(0)">F</a><a href="#g">G</a><link href="/h">"##;
        let base = Url::parse("https://storaker.se/styr/").unwrap();
        let links: Vec<String> = of(page, &base).iter().map(Url::to_string).collect();
        assert_eq!(
            links,
            [
                "https://storaker.se/a.pdf",
                "https://storaker.se/styr/b?c=1&d=2",
                "https://annan.se/c",
                "https://storaker.se/styr/#g"
            ]
        );
    }
}
