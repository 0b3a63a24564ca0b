//! Ways out of the hosts that the sources name, all of which are closed: nothing is sent there.

use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lotsen_ingest::fetch::client::Client;
use lotsen_ingest::fetch::reply::{Limits, Trouble};
use lotsen_ingest::sources::web::WebSettings;
use reqwest::Url;

use crate::web_server::{Answer, Server, Town};

/// Why the page at an address was not fetched.
fn refusal(server: &Server, town: &Town, to: &str) -> String {
    server.set("/a", Answer::redirect(to));
    let run = town.gather();
    assert_eq!(run.reports[0].unknown.len(), 1, "{to}: {:?}", run.reports);
    run.reports[0].unknown[0].reason.clone()
}

#[test]
fn a_redirect_to_a_host_that_no_source_names_is_not_followed() {
    let server = Server::new();
    let other = Server::answering("127.0.0.2", |_| Some(Answer::page("Annan", "Hemligt")));
    let town = Town::new(&format!("[[source]]\npage = '{}'\n", server.url("/a")));
    let port_22 = "http://127.0.0.1:22/".to_owned();
    for to in [
        other.url("/x"),
        port_22,
        "https://annan.se/".to_owned(),
        "//annan.se/x".to_owned(),
    ] {
        assert!(
            refusal(&server, &town, &to).contains("no source names the host"),
            "{to}"
        );
    }
    assert!(other.all().is_empty());
    let host = other.base.trim_start_matches("http://").to_owned();
    town.list(
        &format!("hosts = ['{host}']"),
        &format!("[[source]]\npage = '{}'\n", server.url("/a")),
    );
    server.set("/a", Answer::redirect(&other.url("/x")));
    assert_eq!(
        town.gather().reports[0].fetched,
        1,
        "a host on the list of hosts is gone to"
    );
}

#[test]
fn inner_addresses_are_refused_even_on_a_host_that_is_named() {
    let server = Server::new();
    let entry = format!("[[source]]\npage = '{}'\n", server.url("/a"));
    let town = Town::new(&entry);
    let hosts = [
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "100.100.100.200",
        "0.0.0.0",
        "[::ffff:10.0.0.1]",
        "[fe80::1]",
    ];
    let quoted: Vec<String> = hosts.iter().map(|host| format!("'{host}'")).collect();
    town.list(&format!("hosts = [{}, '[::ffff:a00:1]']", quoted.join(", ")), &entry);
    for to in [
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://192.168.1.1/",
        "https://100.100.100.200/",
        "https://0.0.0.0/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fe80::1]/",
        "https://0xa9fea9fe/",
        "https://2852039166/",
        "https://0251.0376.0251.0376/",
        "https://10.1/",
    ] {
        let reason = refusal(&server, &town, to);
        assert!(
            reason.contains("inner network") || reason.contains("not on the public internet"),
            "{to}: {reason}"
        );
    }
}

#[test]
fn a_host_is_known_however_it_is_written() {
    let settings = WebSettings {
        hosts: vec!["Dokument.Älvstad.se".to_owned()],
        ..WebSettings::default()
    };
    let client = Client::new(&settings, [], Limits::default()).unwrap();
    for (address, named) in [
        ("https://dokument.älvstad.se/a", true),
        ("https://dokument.xn--lvstad-9ta.se/a", true),
        ("https://dokument.älvstad.se:8443/a", false),
        ("https://älvstad.se/a", false),
        ("https://dokument.älvstad.se.annan.se/a", false),
        ("https://dokument.älvstad.se@annan.se/a", false),
    ] {
        assert_eq!(client.names(&Url::parse(address).unwrap()), named, "{address}");
    }
}

#[test]
fn only_https_is_fetched() {
    let server = Server::new();
    let entry = format!("[[source]]\npage = '{}'\n", server.url("/a"));
    let town = Town::new(&entry);
    town.list("hosts = ['storaker.se']", &entry);
    assert!(refusal(&server, &town, "http://storaker.se/").contains("only https"));
    for to in ["file:///etc/passwd", "ftp://storaker.se/x", "data:text/html,x"] {
        let reason = refusal(&server, &town, to);
        assert!(
            reason.contains("only https") || reason.contains("no source names"),
            "{to}: {reason}"
        );
    }
    let strict = Town::new("");
    let list = format!(
        "[web]\ncontact = 'a@b.se'\n[[source]]\npage = '{}'\nkind='lag'\nissuer='X'\n",
        server.url("/a")
    );
    std::fs::write(strict.path("sources.toml"), list).unwrap();
    let before = server.all().len();
    assert!(
        strict.gather().reports[0].unknown[0]
            .reason
            .contains("not on the public internet")
    );
    assert_eq!(
        server.all().len(),
        before,
        "without the setting for tests this machine is closed"
    );
}

#[test]
fn redirects_without_end_end() {
    let server = Server::answering("127.0.0.1", |asked| {
        let next = asked
            .path
            .trim_start_matches("/a")
            .parse::<usize>()
            .map_or(1, |n| n + 1);
        asked
            .path
            .starts_with("/a")
            .then(|| Answer::redirect(&format!("/a{next}")))
    });
    let town = Town::new(&format!("[[source]]\npage = '{}'\n", server.url("/a")));
    assert!(
        town.gather().reports[0].unknown[0]
            .reason
            .contains("more than 5 redirects")
    );
    assert_eq!(server.all().len(), 1 + 6);
}

/// Asks for a page on a host whose name leads to these addresses; says why it was not fetched and how often it was
/// looked up.
fn with_names(settings: &WebSettings, answer: Vec<&'static str>) -> (Trouble, usize) {
    let looked_up = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&looked_up);
    let lookup = Arc::new(move |_: &str| {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(answer.iter().map(|ip| ip.parse::<IpAddr>().unwrap()).collect())
    });
    let address = Url::parse("https://www.storaker.se:4433/a").unwrap();
    let limits = Limits {
        bytes: 1 << 20,
        time: Duration::from_millis(300),
    };
    let mut client = Client::with_lookup(settings, [&address], limits, lookup).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let trouble = runtime.block_on(client.get(&address, None)).unwrap_err();
    (trouble, looked_up.load(Ordering::SeqCst))
}

#[test]
fn a_name_that_leads_inside_is_not_connected_to() {
    let mut settings = WebSettings {
        contact: "it@storaker.se".to_owned(),
        pause: jiff::SignedDuration::from_millis(1),
        ..WebSettings::default()
    };
    for inner in ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "fd00:ec2::254"] {
        let (trouble, looked_up) = with_names(&settings, vec!["194.14.7.1", inner]);
        assert!(matches!(trouble, Trouble::Address(_)), "{inner}: {trouble}");
        assert_eq!(looked_up, 1, "a refused address is not tried again");
    }
    settings.private_hosts = vec!["www.storaker.se".to_owned()];
    let (trouble, _) = with_names(&settings, vec!["127.0.0.1"]);
    assert!(
        matches!(trouble, Trouble::Address(_)),
        "one's own network is not this machine: {trouble}"
    );
}

/// Lets a name lead to this machine and asks for a page there; says what a listener got: the first byte of a connection.
fn first_byte(loopback: bool) -> Option<u8> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Url::parse(&format!(
        "https://www.storaker.se:{}/a",
        listener.local_addr().unwrap().port()
    ))
    .unwrap();
    let got = std::thread::spawn(move || {
        listener.set_nonblocking(true).unwrap();
        let connection = (0..100).find_map(|_| {
            std::thread::sleep(Duration::from_millis(10));
            listener.accept().ok()
        });
        let mut byte = [0];
        connection.and_then(|(mut stream, _)| {
            stream.set_nonblocking(false).unwrap();
            stream.read_exact(&mut byte).ok().map(|()| byte[0])
        })
    });
    let settings = WebSettings {
        loopback,
        pause: jiff::SignedDuration::from_millis(1),
        ..WebSettings::default()
    };
    let limits = Limits {
        bytes: 1 << 20,
        time: Duration::from_millis(1_500),
    };
    let lookup = Arc::new(|_: &str| Ok(vec!["127.0.0.1".parse::<IpAddr>().unwrap()]));
    let mut client = Client::with_lookup(&settings, [&address], limits, lookup).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(client.get(&address, None)).unwrap_err();
    got.join().unwrap()
}

#[test]
fn what_was_checked_is_what_is_connected_to() {
    assert_eq!(
        first_byte(true),
        Some(0x16),
        "TLS begins at the address that the check was given"
    );
    assert_eq!(first_byte(false), None, "no connection to an address that is refused");
}

/// What a site and a proxy were asked by a run of the program, with the proxy in its environment.
fn behind_a_proxy(settings: &str) -> (usize, usize) {
    let (server, proxy) = (Server::new(), Server::new());
    let town = Town::new("");
    town.list(settings, &format!("[[source]]\npage = '{}'\n", server.url("/a")));
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_lotsen-ingest"));
    run.arg("run").arg("--sources").arg(town.path("sources.toml"));
    run.arg("--data")
        .arg(town.path("data"))
        .arg("--models")
        .arg(town.path("no-models"));
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        run.env(name, &proxy.base);
    }
    run.env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env_remove("REQUEST_METHOD");
    run.output().unwrap();
    (server.all().len(), proxy.all().len())
}

#[test]
fn a_proxy_is_used_only_where_the_list_says_so() {
    let (server, proxy) = behind_a_proxy("");
    assert!(server > 0 && proxy == 0, "{server} {proxy}");
    let (server, proxy) = behind_a_proxy("proxy_from_environment = true");
    assert!(server == 0 && proxy > 0, "{server} {proxy}");
}
