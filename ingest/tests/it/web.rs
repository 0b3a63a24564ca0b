//! Pages from run to run: present, proven gone, unknown; and manners towards the sites that they are on.

use std::time::{Duration, Instant};

use lotsen_ingest::fetch::reply::Limits;

use crate::web_server::{Answer, Server, Town, files_in, text_of};

/// A town with one page, `/hemtjanst`.
pub fn one_page(server: &Server) -> Town {
    Town::new(&format!(
        "[[source]]\npage = '{}'\nid = 'hemtjanst'\n",
        server.url("/hemtjanst")
    ))
}

#[test]
fn a_page_is_asked_for_again_only_if_it_has_changed() {
    let server = Server::new();
    let page = Answer::page("Hemtjänst", "Nämnden beslutar om hemtjänst.");
    server.set(
        "/hemtjanst",
        page.with("ETag: \"1\"")
            .with("Last-Modified: Mon, 02 Mar 2026 08:00:00 GMT"),
    );
    let town = one_page(&server);
    let first = town.gather();
    assert_eq!((first.reports[0].fetched, first.sources.len()), (1, 1));
    assert_eq!(first.sources[0].document.source, server.url("/hemtjanst"));
    assert!(first.sources[0].untitled && first.sources[0].place.trouble().is_none());

    server.set("/hemtjanst", Answer(304, Vec::new(), Vec::new()));
    let second = town.gather();
    assert_eq!((second.reports[0].fetched, second.reports[0].unchanged), (0, 1));
    assert!(text_of(&second.sources[0]).contains("Nämnden beslutar"));
    let asked = &server.asked("/hemtjanst")[1].headers;
    assert_eq!(asked["if-none-match"], "\"1\"");
    assert_eq!(asked["if-modified-since"], "Mon, 02 Mar 2026 08:00:00 GMT");
    assert!(asked["user-agent"].starts_with("Lotsen/") && asked["user-agent"].contains("it@storaker.se"));
    assert_eq!(files_in(&town.path("data/originals")), 1);
}

#[test]
fn a_page_that_is_missing_once_stays_and_twice_is_gone() {
    let server = Server::new();
    server.set("/hemtjanst", Answer::page("Hemtjänst", "Text."));
    let town = one_page(&server);
    town.gather();

    server.set("/hemtjanst", Answer::status(404));
    let once = town.gather();
    assert_eq!((once.reports[0].missing.len(), once.sources.len()), (1, 1));
    assert!(once.sources[0].place.trouble().unwrap().contains("404"));
    assert!(text_of(&once.sources[0]).contains("Text."));

    server.set("/hemtjanst", Answer::status(410));
    let twice = town.gather();
    assert_eq!((twice.reports[0].gone.len(), twice.sources.len()), (1, 0));

    let later = town.gather();
    assert_eq!((later.reports[0].gone.len(), later.sources.len()), (0, 0));
    server.set("/hemtjanst", Answer::page("Hemtjänst", "Åter."));
    let back = town.gather();
    assert_eq!(back.sources[0].document.id.as_str(), "hemtjanst");
}

#[test]
fn what_an_operator_takes_off_the_list_goes_at_once_and_what_moves_keeps_its_id() {
    let server = Server::new();
    for path in ["/a", "/b", "/ny"] {
        server.set(path, Answer::page("Sida", path).with("ETag: \"1\""));
    }
    let entry = |page: &str, pages: &[&str]| {
        let pages: Vec<String> = pages.iter().map(|path| format!("'{}'", server.url(path))).collect();
        let page = server.url(page);
        format!(
            "[[source]]\npage = '{page}'\nid = 'avgift'\n[[source]]\npages = [{}]\nid = 'webb'\n",
            pages.join(", ")
        )
    };
    let town = Town::new(&entry("/a", &["/a", "/b"]));
    assert_eq!(town.gather().sources.len(), 3);
    town.list("", &entry("/ny", &["/b"]));
    let run = town.gather();
    let ids: Vec<&str> = run.sources.iter().map(|source| source.document.id.as_str()).collect();
    assert_eq!(ids, ["avgift", "webb-b"]);
    assert_eq!(run.reports[1].gone[0].reason, "taken off the list");
    assert_eq!(run.sources[0].document.source, server.url("/ny"));
    assert!(text_of(&run.sources[0]).contains("/ny"));
    assert!(
        !server.asked("/ny")[0].headers.contains_key("if-none-match"),
        "another address, another version"
    );
}

#[test]
fn what_is_unknown_keeps_its_text() {
    let server = Server::new();
    server.set("/hemtjanst", Answer::page("Hemtjänst", "Text som gäller."));
    let town = one_page(&server);
    town.gather();
    let broken = [
        (Answer::status(500), "500"),
        (Answer::status(403), "403"),
        (Answer::page("Sidan kunde inte hittas", "Hoppsan!"), "an error page"),
        (Answer::text(""), "nothing"),
        (Answer::text("<html><form><input type=password>"), "logging in"),
        (Answer::redirect("/"), "another page"),
        (
            Answer::redirect("https://login.annan.se/x"),
            "no source names the host login.annan.se",
        ),
    ];
    server.set("/", Answer::page("Storåkers kommun", "Välkommen!"));
    for (answer, expected) in broken.iter().chain(&broken) {
        server.set("/hemtjanst", answer.clone());
        let run = town.gather();
        let trouble = run.sources[0].place.trouble().unwrap();
        assert!(trouble.contains(expected) && trouble.contains("stays"), "{trouble}");
        assert!(text_of(&run.sources[0]).contains("Text som gäller."));
        assert_eq!((run.reports[0].unknown.len(), run.reports[0].gone.len()), (1, 0));
    }
    assert_eq!(files_in(&town.path("data/originals")), 1, "no error page is kept");
}

#[test]
fn a_file_that_becomes_a_web_page_is_unknown() {
    let server = Server::new();
    server.set("/dokument/17", Answer::text("%PDF-1.7 ..."));
    let town = Town::new(&format!("[[source]]\npages = ['{}']\n", server.url("/dokument/17")));
    town.gather();
    server.set("/dokument/17", Answer::page("Dokument", "Logga in för att läsa."));
    let run = town.gather();
    assert!(
        run.sources[0]
            .place
            .trouble()
            .unwrap()
            .contains("a web page came where a file is")
    );
    assert!(text_of(&run.sources[0]).starts_with("%PDF"));
}

#[test]
fn a_site_that_is_busy_is_asked_again_and_a_site_that_is_down_is_left_alone() {
    let server = Server::new();
    let page = Answer::page("Hemtjänst", "Text.");
    let busy = Answer::status(503).with("Retry-After: 1");
    server.then("/hemtjanst", [busy, Answer::status(429), page]);
    let town = one_page(&server);
    let run = town.gather();
    assert_eq!(run.reports[0].fetched, 1);
    let asked = server.asked("/hemtjanst");
    assert_eq!(asked.len(), 3);
    assert!(
        asked[1].at - asked[0].at >= Duration::from_secs(1),
        "Retry-After is waited for"
    );

    let down = Server::answering("127.0.0.1", |asked| {
        (asked.path != "/robots.txt").then(|| Answer::status(503))
    });
    let pages: Vec<String> = (0..20).map(|i| format!("'{}'", down.url(&format!("/{i}")))).collect();
    let town = Town::new(&format!("[[source]]\npages = [{}]\n", pages.join(", ")));
    let run = town.gather();
    assert_eq!((run.reports[0].unknown.len(), run.sources.len()), (20, 20));
    assert_eq!(down.all().len(), 1 + 3 * 4, "robots.txt, and four tries at three pages");
}

#[test]
fn robots_txt_is_held_to() {
    let server = Server::new();
    server.set(
        "/robots.txt",
        Answer::text("User-agent: *\nDisallow: /internt\nAllow: /internt/oppet\n"),
    );
    for path in ["/internt/a", "/internt/oppet/b", "/c"] {
        server.set(path, Answer::page("Sida", path));
    }
    server.set("/d", Answer::redirect("/internt/a"));
    let pages = ["/internt/a", "/internt/oppet/b", "/c", "/d"].map(|path| format!("'{}'", server.url(path)));
    let entry = format!("[[source]]\npages = [{}]\n", pages.join(", "));
    let town = Town::new(&entry);
    let run = town.gather();
    assert_eq!((run.reports[0].fetched, run.reports[0].unknown.len()), (2, 2));
    assert!(
        run.reports[0]
            .unknown
            .iter()
            .all(|missed| missed.reason.contains("robots.txt"))
    );
    assert!(server.asked("/internt/a").is_empty());
    assert_eq!(server.asked("/robots.txt").len(), 1, "asked for once in a run");

    let host = server.base.trim_start_matches("http://");
    town.list(&format!("ignore_robots = ['{host}']"), &entry);
    assert_eq!(town.gather().reports[0].unknown.len(), 0);
}

#[test]
fn a_host_is_not_asked_more_often_than_it_wants() {
    let server = Server::new();
    server.set("/robots.txt", Answer::text("User-agent: *\nCrawl-delay: 0.2\n"));
    let paths: Vec<String> = (0..5).map(|i| format!("/{i}")).collect();
    for path in &paths {
        server.set(path, Answer::page("Sida", path));
    }
    let pages: Vec<String> = paths.iter().map(|path| format!("'{}'", server.url(path))).collect();
    let town = Town::new(&format!("[[source]]\npages = [{}]\n", pages.join(", ")));
    let clock = Instant::now();
    assert_eq!(town.gather().reports[0].fetched, 5);
    assert!(
        clock.elapsed() >= Duration::from_millis(4 * 200),
        "{:?}",
        clock.elapsed()
    );
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let server = Server::new();
    server.set("/hemtjanst", Answer::text("%PDF-1.7").with("X-Endless: yes"));
    let town = one_page(&server);
    let limits = Limits {
        bytes: 1 << 20,
        time: Duration::from_secs(20),
    };
    let run = town.gather_within(limits);
    assert!(
        run.reports[0].unknown[0].reason.contains("larger than 1048576 bytes"),
        "{:?}",
        run.reports
    );
    assert_eq!(files_in(&town.path("data/originals")), 0);

    server.set("/hemtjanst", Answer::text("%PDF-1.7").with("X-Endless: slowly"));
    let patience = Limits {
        time: Duration::from_millis(500),
        ..limits
    };
    assert!(
        town.gather_within(patience).reports[0].unknown[0]
            .reason
            .contains("out of reach")
    );

    let large = Answer(200, Vec::new(), vec![b'a'; 2 << 20]);
    server.set("/hemtjanst", large);
    let run = town.gather_within(limits);
    assert!(run.reports[0].unknown[0].reason.contains("larger than"));
}

#[test]
fn a_site_that_does_not_answer_is_given_up() {
    let slow = Server::answering("127.0.0.1", |asked| {
        if asked.path != "/robots.txt" {
            std::thread::sleep(Duration::from_secs(30));
        }
        None
    });
    let town = one_page(&slow);
    let limits = Limits {
        bytes: 1 << 20,
        time: Duration::from_millis(500),
    };
    let clock = Instant::now();
    let run = town.gather_within(limits);
    let reason = &run.reports[0].unknown[0].reason;
    assert!(
        reason.contains("out of reach") || reason.contains("could not be read"),
        "{reason}"
    );
    assert!(clock.elapsed() < Duration::from_secs(10));
}
