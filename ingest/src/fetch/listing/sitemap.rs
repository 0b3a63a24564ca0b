//! The address of a sitemap in; the addresses in it, and in the sitemaps that it names, out (sitemaps.org).

use std::collections::{HashSet, VecDeque};

use quick_xml::Reader;
use quick_xml::events::Event;
use reqwest::Url;

use super::{LONGEST, page};
use crate::fetch::client::Client;

/// How many addresses one sitemap may have, by its standard.
const MOST_ENTRIES: usize = 50_000;
/// How many sitemaps are read for one entry of the list.
const MOST_MAPS: usize = 200;
/// How deep sitemaps may name sitemaps: the standard has one level, some sites two.
const DEEPEST: usize = 3;

/// What one sitemap holds.
#[derive(Debug, Default, PartialEq)]
struct Map {
    pages: Vec<String>,
    maps: Vec<String>,
}

/// All addresses of a sitemap and of those under it; an error if one of them could not be read.
pub(super) async fn read(address: &Url, client: &mut Client) -> Result<Vec<Url>, String> {
    let mut waiting = VecDeque::from([(address.clone(), 1)]);
    let mut seen = HashSet::from([address.to_string()]);
    let mut pages = Vec::new();
    while let Some((at, depth)) = waiting.pop_front() {
        let failed = |what: String| format!("sitemap {at}: {what}");
        let answer = page(&at, client).await.map_err(|trouble| failed(trouble.to_string()))?;
        let map = parse(&answer.bytes).map_err(failed)?;
        if !map.maps.is_empty() && depth == DEEPEST {
            return Err(failed(format!("sitemaps that name sitemaps more than {DEEPEST} deep")));
        }
        for inner in map.maps.iter().filter_map(|inner| answer.address.join(inner).ok()) {
            if seen.insert(inner.to_string()) {
                waiting.push_back((inner, depth + 1));
            }
        }
        if seen.len() > MOST_MAPS {
            return Err(failed(format!(
                "more than {MOST_MAPS} sitemaps: name one of them instead"
            )));
        }
        pages.extend(map.pages.iter().filter_map(|page| answer.address.join(page).ok()));
    }
    Ok(pages)
}

/// Reads a sitemap. Entities of its own are never expanded; a file that declares any is none.
fn parse(bytes: &[u8]) -> Result<Map, String> {
    if bytes.starts_with(&[0x1F, 0x8B]) {
        return Err("it is compressed: name one that is not".to_owned());
    }
    let mut reader = Reader::from_reader(bytes);
    let mut map = Map::default();
    let (mut is_sitemap, mut in_map, mut place) = (false, false, None::<String>);
    loop {
        match reader.read_event().map_err(|error| format!("not XML: {error}"))? {
            Event::DocType(_) => return Err("it declares a document type, which no sitemap needs".to_owned()),
            Event::Start(tag) => match tag.local_name().as_ref() {
                b"urlset" | b"sitemapindex" => is_sitemap = true,
                b"sitemap" => in_map = true,
                b"loc" => place = Some(String::new()),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                b"sitemap" => in_map = false,
                b"loc" => {
                    let place = place.take().map(|text| text.trim().to_owned());
                    let list = if in_map { &mut map.maps } else { &mut map.pages };
                    list.extend(place.filter(|text| !text.is_empty() && text.len() <= LONGEST));
                    if map.pages.len() + map.maps.len() > MOST_ENTRIES {
                        return Err(format!(
                            "more than {MOST_ENTRIES} addresses, the most that a sitemap may have"
                        ));
                    }
                }
                _ => {}
            },
            Event::Text(text) => push(&mut place, &String::from_utf8_lossy(&text)),
            Event::CData(text) => push(&mut place, &String::from_utf8_lossy(&text)),
            Event::GeneralRef(name) => match (name.resolve_char_ref(), &name[..]) {
                (Ok(Some(letter)), _) => push(&mut place, letter.encode_utf8(&mut [0; 4])),
                (_, b"amp") => push(&mut place, "&"),
                (_, b"lt" | b"gt" | b"quot" | b"apos") => {}
                _ => return Err("it uses an entity of its own, which is never expanded".to_owned()),
            },
            Event::Eof if is_sitemap => return Ok(map),
            Event::Eof => return Err("it is no sitemap".to_owned()),
            _ => {}
        }
    }
}

fn push(place: &mut Option<String>, text: &str) {
    if let Some(place) = place
        && place.len() <= LONGEST
    {
        place.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_sitemaps_are_told_apart() {
        let map = parse(
            b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> https://a.se/x?a=1&amp;b=2 </loc>\
              <lastmod>2026-01-01</lastmod></url><url><loc><![CDATA[https://a.se/y]]></loc></url></urlset>",
        )
        .unwrap();
        assert_eq!(map.pages, ["https://a.se/x?a=1&b=2", "https://a.se/y"]);
        let index = parse(b"<sitemapindex><sitemap><loc>https://a.se/1.xml</loc></sitemap></sitemapindex>").unwrap();
        assert_eq!(
            (index.pages.len(), index.maps),
            (0, vec!["https://a.se/1.xml".to_owned()])
        );
    }

    #[test]
    fn a_sitemap_made_to_harm_is_refused() {
        let bomb =
            b"<!DOCTYPE l [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]><urlset><url><loc>&b;</loc></url></urlset>";
        assert!(parse(bomb).unwrap_err().contains("document type"));
        assert!(
            parse(b"<urlset><url><loc>&b;</loc></url></urlset>")
                .unwrap_err()
                .contains("entity")
        );
        let endless = format!(
            "<urlset>{}</urlset>",
            "<url><loc>https://a.se/x</loc></url>".repeat(1_000_000)
        );
        let clock = std::time::Instant::now();
        assert!(parse(endless.as_bytes()).unwrap_err().contains("50000"));
        assert!(clock.elapsed().as_secs() < 5);
        assert!(parse(b"<html><body>Tekniskt fel</body></html>").is_err());
        assert!(parse(b"\x1f\x8b\x08").unwrap_err().contains("compressed"));
        assert!(parse(b"").is_err());
    }
}
