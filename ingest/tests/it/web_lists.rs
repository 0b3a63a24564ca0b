//! Sites that list their pages: sitemaps, those made to harm among them, and pages with links.

use crate::web_forms::ids;
use crate::web_server::{Answer, Server, Town};

fn sitemap(addresses: &[String]) -> Answer {
    let entries: String = addresses.iter().map(|a| format!("<url><loc>{a}</loc></url>")).collect();
    Answer::text(&format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{entries}</urlset>"
    ))
}

fn index(addresses: &[String]) -> Answer {
    let entries: String = addresses
        .iter()
        .map(|a| format!("<sitemap><loc>{a}</loc></sitemap>"))
        .collect();
    Answer::text(&format!("<sitemapindex>{entries}</sitemapindex>"))
}

#[test]
fn a_sitemap_gives_the_pages_that_are_meant() {
    let server = Server::answering("127.0.0.1", |asked| {
        asked
            .path
            .starts_with("/omsorg")
            .then(|| Answer::page("Sida", &asked.path))
    });
    let entry = format!(
        "[[source]]\nsitemap = '{}'\nid = 'webb'\ninclude = ['/omsorg/']\nexclude = ['/omsorg/nyheter/']\n",
        server.url("/sitemap.xml")
    );
    let town = Town::new(&entry);
    let url = |path: &str| server.url(path);
    server.set("/sitemap.xml", index(&[url("/1.xml"), url("/2.xml")]));
    server.set("/1.xml", index(&[url("/3.xml")]));
    server.set(
        "/2.xml",
        sitemap(&[url("/omsorg/lss"), url("/omsorg/nyheter/x"), url("/kultur")]),
    );
    let annan = "https://annan.se/omsorg/y".to_owned();
    server.set(
        "/3.xml",
        sitemap(&[url("/omsorg/äldre/hemtjänst"), url("/omsorg/lss#bot"), annan]),
    );
    let run = town.gather();
    assert_eq!(ids(&run), ["webb-hemtjanst", "webb-lss"], "{:?}", run.reports);
    assert!(run.reports[0].notes[0].contains("1 addresses on annan.se"));

    // Two runs without a page on a list that is whole: it is gone. A list that is not whole proves nothing.
    server.set("/3.xml", sitemap(&[url("/omsorg/fel")]));
    assert_eq!(town.gather().reports[0].missing[0].reason, "not on the list");
    server.set("/2.xml", Answer::status(500));
    for _ in 0..3 {
        let run = town.gather();
        assert!(run.reports[0].notes[0].contains("NO LIST"), "{:?}", run.reports);
        assert_eq!((run.sources.len(), run.reports[0].gone.len()), (3, 0));
    }
    server.set("/2.xml", sitemap(&[url("/omsorg/lss")]));
    assert_eq!(
        ids(&town.gather()),
        ["webb-hemtjanst", "webb-fel", "webb-lss"],
        "seen again while the list was broken"
    );
    let run = town.gather();
    assert_eq!(
        (ids(&run), run.reports[0].gone.len()),
        (vec!["webb-fel", "webb-lss"], 1)
    );
}

#[test]
fn a_sitemap_made_to_harm_takes_nothing_away() {
    let server = Server::new();
    server.set("/a", Answer::page("A", "Text."));
    let town = Town::new(&format!(
        "[[source]]\nsitemap = '{}'\nid = 'webb'\n",
        server.url("/sitemap.xml")
    ));
    server.set("/sitemap.xml", sitemap(&[server.url("/a")]));
    town.gather();
    let bomb =
        "<!DOCTYPE l [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><urlset><url><loc>&b;</loc></url></urlset>";
    let many: Vec<String> = (0..1_000_000).map(|i| server.url(&format!("/{i}"))).collect();
    let itself = index(&[server.url("/sitemap.xml"), server.url("/2.xml")]);
    server.set("/2.xml", index(&[server.url("/3.xml")]));
    server.set("/3.xml", index(&[server.url("/4.xml")]));
    let maps: Vec<String> = (0..300).map(|i| server.url(&format!("/{i}.xml"))).collect();
    for (answer, expected) in [
        (Answer::text(bomb), "document type"),
        (sitemap(&many), "more than 50000 addresses"),
        (itself, "more than 3 deep"),
        (index(&maps), "more than 200 sitemaps"),
        (sitemap(&[]), "empty"),
        (Answer::page("Sidan saknas", "Hoppsan"), "no sitemap"),
    ] {
        server.set("/sitemap.xml", answer);
        for _ in 0..2 {
            let run = town.gather();
            assert!(
                run.reports[0].notes[0].contains(expected),
                "{expected}: {:?}",
                run.reports
            );
            assert_eq!(ids(&run), ["webb-a"], "{expected}");
        }
    }
}

#[test]
fn a_page_with_links_gives_the_files_under_it() {
    let server = Server::new();
    let page = "<html><body><a href='/kontakt'>Kontakt</a><a href=\"/styr/avgift.pdf\">Avgift</a>\
        <a href='/styr/gammal/avgift.pdf'>Gammal</a><a href='#topp'>Upp</a></body></html>";
    server.set("/styrdokument", Answer::text(page));
    server.set("/styr/avgift.pdf", Answer::text("%PDF-1.7 ny"));
    server.set("/styr/gammal/avgift.pdf", Answer::text("%PDF-1.7 gammal"));
    let town = Town::new(&format!(
        "[[source]]\nlinks = '{}'\nid = 'styr'\ninclude = ['/styr/']\n",
        server.url("/styrdokument")
    ));
    let run = town.gather();
    let found = ids(&run);
    assert_eq!((found.len(), found[0]), (2, "styr-avgift"));
    assert!(
        found[1].starts_with("styr-avgift-"),
        "the second gets a name of its own: {found:?}"
    );
    let again = town.gather();
    assert_eq!(ids(&again), found, "and keeps it");
}
