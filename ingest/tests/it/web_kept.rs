//! What was fetched stays: without network, after damage, after a kill; and goes when nobody has it any more.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::site::Site;
use crate::web::one_page;
use crate::web_server::{Answer, Server, Town, files_in, text_of};

#[test]
fn what_no_page_has_any_more_is_removed_when_asked() {
    let server = Server::new();
    server.set("/hemtjanst", Answer::page("Hemtjänst", "Gammal text."));
    let town = one_page(&server);
    town.gather();
    server.set("/hemtjanst", Answer::page("Hemtjänst", "Ny text."));
    let run = town.gather();
    assert_eq!(files_in(&town.path("data/originals")), 2);
    let store = lotsen_corpus::ReleaseStore::new(town.path("data"));
    assert_eq!(lotsen_ingest::fetch::sweep(&store).unwrap(), 1);
    assert!(text_of(&run.sources[0]).contains("Ny text."));

    // What is known is damaged: nothing is fetched or removed until an operator has looked.
    std::fs::write(town.path("data/web/hemtjanst.json"), "{").unwrap();
    let error = lotsen_ingest::fetch::sweep(&store).unwrap_err().to_string();
    assert!(
        error.contains("is damaged") && files_in(&town.path("data/originals")) == 1,
        "{error}"
    );
}

#[test]
fn what_was_kept_and_is_damaged_is_fetched_again() {
    let server = Server::new();
    server.set("/hemtjanst", Answer::page("Hemtjänst", "Text.").with("ETag: \"1\""));
    let town = one_page(&server);
    let first = town.gather();
    let original = std::fs::read_dir(town.path("data/originals"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::write(&original, "<html>Annat").unwrap();
    let read = lotsen_ingest::fetch::original(&first.sources[0].place, 1 << 20);
    assert!(read.unwrap_err().to_string().contains("is damaged"));
    let run = town.gather();
    assert!(text_of(&run.sources[0]).contains("Text."));
    assert!(!server.asked("/hemtjanst")[1].headers.contains_key("if-none-match"));
}

#[test]
fn without_network_the_last_texts_are_there() {
    let server = Server::new();
    server.set("/hemtjanst", Answer::page("Hemtjänst", "Text."));
    let town = one_page(&server);
    let with = town.gather();
    server.set("/robots.txt", Answer::status(503));
    server.set("/hemtjanst", Answer::status(503));
    let without = town.gather();
    assert_eq!(with.sources[0].document, without.sources[0].document);
    assert_eq!(text_of(&with.sources[0]), text_of(&without.sources[0]));
    assert_eq!(with.sources[0].place.checked(), without.sources[0].place.checked());
    assert!(without.sources[0].place.trouble().is_some());
}

#[test]
fn a_run_without_network_leaves_the_release_as_it_is() {
    let Some(site) = Site::new() else { return };
    let server = Server::new();
    server.set(
        "/hemtjanst",
        Answer::page("Hemtjänst på nätet", "Nämnden beslutar om hjälp i hemmet."),
    );
    server.set("/fotvard", Answer::page("Fotvård", "Nämnden beslutar om fotvård."));
    let list = format!(
        "[defaults]\nkind = 'riktlinje'\nissuer = 'Storåkers kommun'\ninvented = true\n\
         [web]\ncontact = 'it@storaker.se'\nloopback = true\npause = '5ms'\n\
         [[source]]\nfolder = 'texts'\n[[source]]\npages = ['{}', '{}']\nid = 'webb'\n",
        server.url("/hemtjanst"),
        server.url("/fotvard")
    );
    std::fs::write(site.path("sources.toml"), list).unwrap();
    let says = |output: &std::process::Output, words: &str| {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains(words), "{words}: {said}");
    };
    let first = site.run();
    says(
        &first,
        "WEB       webb (2 pages): 2 fetched, 0 unchanged, 0 missing, 0 gone, 0 unknown",
    );
    says(&first, "5 new");
    assert_eq!(first.status.code(), Some(0));
    let release = site.store().current().unwrap();
    let entry = |name: &str| {
        let open = site.store().open_current().unwrap();
        let (entry, edition) = open.edition(name).unwrap();
        (
            entry.checked,
            edition.document.source.clone(),
            edition.document.title.clone(),
        )
    };
    let (_, address, title) = entry("webb-hemtjanst");
    assert_eq!(
        (address, title.as_str()),
        (server.url("/hemtjanst"), "Hemtjänst på nätet")
    );

    for path in ["/hemtjanst", "/fotvard", "/robots.txt"] {
        server.set(path, Answer::status(503));
    }
    let down = site.run();
    says(&down, "0 fetched, 0 unchanged, 0 missing, 0 gone, 2 unknown");
    says(&down, "stays (the version before is kept)");
    says(&down, "nothing has changed");
    assert_eq!(
        (down.status.code(), site.store().current().unwrap()),
        (Some(2), release)
    );

    server.set("/robots.txt", Answer::status(404));
    server.set("/fotvard", Answer::status(404));
    server.set(
        "/hemtjanst",
        Answer::page("Hemtjänst på nätet", "Nämnden beslutar om något nytt."),
    );
    says(&site.run(), "it is gone if the next run finds the same");
    let gone = site.run();
    says(&gone, "GONE      webb-fotvard is on the list no more");
    says(&gone, "in 2 runs");
    assert!(site.text_of("webb-hemtjanst").contains("något nytt"));
    assert!(site.store().open_current().unwrap().edition("webb-fotvard").is_none());
}

#[test]
fn killed_while_it_fetches_nothing_is_lost_or_there_twice() {
    let server = Server::answering("127.0.0.1", |asked| {
        asked
            .path
            .starts_with("/sida-")
            .then(|| Answer::page("Sida", &asked.path))
    });
    let pages: Vec<String> = (0..60)
        .map(|i| format!("'{}'", server.url(&format!("/sida-{i}"))))
        .collect();
    let town = Town::new(&format!("[[source]]\npages = [{}]\nid = 'webb'\n", pages.join(", ")));
    for round in 0..8 {
        let mut run = Command::new(env!("CARGO_BIN_EXE_lotsen-ingest"));
        run.arg("run").arg("--sources").arg(town.path("sources.toml"));
        run.arg("--data")
            .arg(town.path("data"))
            .arg("--models")
            .arg(town.path("no-models"));
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(40 + round * 60));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    let run = town.gather();
    assert_eq!((run.sources.len(), run.reports[0].unknown.len()), (60, 0));
    for source in &run.sources {
        let path = source.document.source.rsplit('/').next().unwrap();
        assert_eq!(source.document.id.as_str(), format!("webb-{path}"));
        assert!(text_of(source).contains(&format!("/{path}<")), "{path}");
    }
    assert_eq!(files_in(&town.path("data/originals")), 60);
}
