//! The forms in which sites list their documents, served in the shapes that open-source readers of the real interfaces
//! have, with invented content.

use lotsen_corpus::Kind;
use lotsen_ingest::extract::{self, Content};
use lotsen_ingest::fetch::Gathered;
use lotsen_ingest::sources;

use crate::support::extract_settings;
use crate::web_server::{Answer, Server, Town, text_of};

/// The documents that a run has found, in its order.
pub fn ids(run: &Gathered) -> Vec<&str> {
    run.sources.iter().map(|source| source.document.id.as_str()).collect()
}

/// The JSON of one act, as `data.riksdagen.se/dokumentstatus/sfs-….json` has it.
fn act(number: &str, title: &str, text: &str) -> Answer {
    let json = serde_json::json!({ "dokumentstatus": {
        "dokument": {
            "hangar_id": "1", "dok_id": format!("sfs-{}", number.replace(':', "-")), "rm": "2099", "beteckning": number,
            "doktyp": "sfs", "typ": "sfs", "subtyp": "sfst", "organ": "Socialdepartementet", "datum": "2099-01-01 00:00:00",
            "titel": title, "subtitel": "t.o.m. SFS 2099:9", "status": "", "text": text, "html": ""
        },
        "dokuppgift": { "uppgift": [{ "kod": "utfardad", "namn": "Utfärdad", "text": "2099-01-01" }] }
    }});
    Answer::text(&json.to_string())
}

#[test]
fn an_act_comes_from_the_riksdag_with_its_own_data() {
    let server = Server::new();
    server.set(
        "/dokumentstatus/sfs-2099-1.json",
        act(
            "2099:1",
            "Påhittad lag (2099:1) om hjälp",
            "1 § Den som behöver hjälp får hjälp.",
        ),
    );
    server.set(
        "/dokumentstatus/sfs-2099-2.json",
        act("2099:2", "Påhittad förordning (2099:2) om hjälp", "1 § Hjälp ges."),
    );
    let town = Town::new("");
    let web = format!("riksdag = '{}'", server.base);
    town.list(&web, "[[source]]\nriksdag = '2099:1'\nshort_title = 'PåhL'\nvalid_from = '2099-07-01'\n[[source]]\nriksdag = ['2099:2', '2099:3']\n");
    let run = town.gather();
    let lag = &run.sources[0].document;
    assert_eq!(
        (lag.id.as_str(), lag.kind, lag.issuer.as_str()),
        ("sfs-2099-1", Kind::Lag, "Riksdagen")
    );
    assert_eq!(lag.title, "Påhittad lag (2099:1) om hjälp");
    assert_eq!(
        (lag.wording.as_deref(), lag.identifier.as_deref()),
        (Some("t.o.m. SFS 2099:9"), Some("2099:1"))
    );
    assert!(!lag.invented && lag.source.ends_with("/dokument/sfs-2099-1.html"));
    assert_eq!(
        (run.sources[1].document.id.as_str(), run.sources[1].document.kind),
        ("sfs-2099-2", Kind::Forordning)
    );
    assert!(run.reports[1].missing[0].address.ends_with("/dokument/sfs-2099-3.html"));

    server.set(
        "/dokumentstatus/sfs-2099-1.json",
        act("2099:7", "En annan lag", "1 § X."),
    );
    assert!(
        town.gather().sources[0]
            .place
            .trouble()
            .unwrap()
            .contains("it says that it is 2099:7")
    );
    server.set("/dokumentstatus/sfs-2099-1.json", act("2099:1", "Påhittad lag", " "));
    let run = town.gather();
    assert!(run.sources[0].place.trouble().unwrap().contains("no text"));
    assert!(text_of(&run.sources[0]).contains("får hjälp"));
}

/// A judgment as `POST /api/v1/sok` lists it.
fn judgment(number: usize, referat: Option<&str>, text: Option<&str>) -> serde_json::Value {
    serde_json::json!({
        "id": format!("{number:08}-0000-4000-8000-000000000000"), "typ": "REFERAT",
        "gruppKorrelationsnummer": format!("{number:08}-aaaa-4000-8000-000000000000"),
        "domstol": { "domstolKod": "HFD", "domstolNamn": "Högsta förvaltningsdomstolen" },
        "malNummerLista": [format!("{number}-99")], "referatNummerLista": referat.into_iter().collect::<Vec<_>>(),
        "avgorandedatum": "2099-02-03", "publiceringstid": "2099-03-01T10:00:00",
        "benamning": "", "sammanfattning": "Påhittad fråga om kontaktperson.", "innehall": text,
        "lagrumLista": [{ "referens": "9 § lagen (2099:1) om hjälp", "sfsNummer": "2099:1" }],
        "nyckelordLista": ["Kontaktperson"], "rattsomradeLista": null, "arVagledande": true, "forarbeteLista": [],
        "hanvisadePubliceringarLista": [], "europarattsligaAvgorandenLista": [], "litteraturLista": [],
        "bilagaLista": [{ "filnamn": "dom.pdf", "fillagringId": format!("a/{number}") }]
    })
}

#[test]
fn judgments_come_from_the_courts_with_text_or_file() {
    let text = "<p><b>Skälen för avgörandet</b></p><p>Han har rätt till kontaktperson.</p>";
    let server = Server::answering("127.0.0.1", move |asked| {
        if asked.path != "/api/v1/sok" {
            return None;
        }
        assert_eq!(asked.method, "POST");
        let question: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
        assert_eq!(question["filter"]["sfsNummerLista"], serde_json::json!(["2099:1"]));
        assert_eq!(question["filter"]["intervall"]["fromDatum"], "2090-01-01");
        // The interface gives fewer at a time than it is asked for.
        let page = question["sidIndex"].as_u64().unwrap() as usize;
        let cases = [
            vec![
                judgment(1, Some("HFD 2099 ref. 1"), Some(text)),
                judgment(2, None, None),
            ],
            vec![judgment(3, Some("HFD 2099 not. 3"), Some(text))],
        ];
        let cases = cases.get(page).cloned().unwrap_or_default();
        Some(Answer::text(
            &serde_json::json!({ "total": 3, "publiceringLista": cases }).to_string(),
        ))
    });
    server.set("/api/v1/bilagor/a%2F2", Answer::text("%PDF-1.7 dom"));
    let town = Town::new("");
    let web = format!("rattspraxis = '{}/api/v1'", server.base);
    let entry = "[[source]]\nrattspraxis = { acts = ['2099:1'], courts = ['HFD'], from = '2090-01-01' }\nid = 'dom'\n";
    town.list(&web, entry);
    let run = town.gather();
    assert_eq!(
        ids(&run),
        [
            "dom-hfd-2099-ref-1-00000001",
            "dom-hfd-2-99-00000002",
            "dom-hfd-2099-not-3-00000003"
        ]
    );
    let first = &run.sources[0].document;
    assert_eq!(
        (first.kind, first.issuer.as_str()),
        (Kind::Rattsfall, "Högsta förvaltningsdomstolen")
    );
    assert_eq!(first.validity.valid_from, Some(jiff::civil::date(2099, 2, 3)));
    assert!(
        first
            .source
            .ends_with("/sok/publicering/00000001-aaaa-4000-8000-000000000000")
    );
    assert_eq!(text_of(&run.sources[1]), "%PDF-1.7 dom");
    assert_eq!(run.sources[1].document.title, "Högsta förvaltningsdomstolen, mål 2-99");

    let extracted = extract::extract(text_of(&run.sources[0]).into_bytes(), &extract_settings()).unwrap();
    let Content::Blocks(blocks) = extracted.content else {
        panic!("no blocks")
    };
    let words: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    for line in [
        "Domstol: Högsta förvaltningsdomstolen",
        "Målnummer: 1-99",
        "Han har rätt till kontaktperson.",
    ] {
        assert!(words.contains(&line), "{line}: {words:?}");
    }

    // A list that ends too early is not whole; what is known is asked for one by one and stays.
    let one = serde_json::json!({ "total": 3, "publiceringLista": [judgment(1, Some("HFD 2099 ref. 1"), Some(text))] });
    server.set("/api/v1/sok", Answer::text(&one.to_string()));
    server.set(
        "/api/v1/publiceringar/00000003-0000-4000-8000-000000000000",
        Answer::text(""),
    );
    let run = town.gather();
    assert!(run.reports[0].notes[0].contains("ended at"), "{:?}", run.reports);
    assert_eq!(
        (
            run.sources.len(),
            run.reports[0].gone.len(),
            run.reports[0].unknown.len()
        ),
        (3, 0, 1)
    );
    server.set("/api/v1/sok", Answer::page("Driftinformation", "Tjänsten är stängd."));
    assert_eq!(town.gather().sources.len(), 3);
}

#[test]
fn a_publication_comes_by_its_article_number() {
    let server = Server::new();
    let list = serde_json::json!({ "heading": "Publikationer }", "children": [
        { "articleNumber": "2099-1-1", "name": "Påhittad handbok om behov", "url": "/publikationer/pahittad-2099-1-1/",
          "languageId": "147", "subjectsId": "160,172", "mandatoryId": "114", "publishOnWebFrom": "2099-01-10" },
        { "articleNumber": "2099-1-2", "name": "Annan", "url": "/publikationer/annan-2099-1-2/", "subjectsId": "155" }
    ]});
    let page = format!(
        "<html><title>Publikationer</title><script>ReactDOM.hydrate(React.createElement(SOS.Components.PublicationListPage, {list}), \
         document.getElementById('x'));</script>"
    );
    server.set("/publikationer/", Answer::text(&page));
    let publication = "<html><title>Påhittad handbok</title><a href='/contentassets/1/bilaga.pdf'>Bilaga</a>\
        <a class=\"publication-wrapper__main-doc\" href=\"/contentassets/1/2099-1-1.pdf\">Öppna publikation</a>";
    server.set("/publikationer/pahittad-2099-1-1/", Answer::text(publication));
    server.set("/contentassets/1/2099-1-1.pdf", Answer::text("%PDF-1.7 handbok"));
    let town = Town::new("");
    let web = format!("socialstyrelsen = '{}/publikationer/'", server.base);
    town.list(
        &web,
        "[[source]]\nsocialstyrelsen = { articles = ['2099-1-1', '2099-9-9'] }\nid = 'sos'\nkind = 'handbok'\n",
    );
    let run = town.gather();
    let document = &run.sources[0].document;
    assert_eq!(
        (document.id.as_str(), document.title.as_str()),
        ("sos-2099-1-1", "Påhittad handbok om behov")
    );
    assert_eq!(
        (document.issuer.as_str(), document.kind, document.invented),
        ("Socialstyrelsen", Kind::Handbok, false)
    );
    assert_eq!(document.source, server.url("/publikationer/pahittad-2099-1-1/"));
    assert_eq!(text_of(&run.sources[0]), "%PDF-1.7 handbok");
    assert!(run.reports[0].notes[0].contains("2099-9-9"));

    // Published again under another address: the same document.
    let moved = publication.replace("/contentassets/1/2099", "/contentassets/2/2099");
    server.set("/publikationer/pahittad-2099-1-1/", Answer::text(&moved));
    server.set("/contentassets/2/2099-1-1.pdf", Answer::text("%PDF-1.7 handbok, ny"));
    let run = town.gather();
    assert_eq!(
        (ids(&run), text_of(&run.sources[0])),
        (vec!["sos-2099-1-1"], "%PDF-1.7 handbok, ny".to_owned())
    );
    server.set("/publikationer/", Answer::text("<html><title>Publikationer</title>"));
    assert_eq!(town.gather().sources.len(), 1);
}

#[test]
fn a_mistake_in_an_entry_is_named() {
    let town = Town::new("");
    let page = "page = 'https://storaker.se/a'\n";
    for (web, entry, expected) in [
        ("", format!("{page}file = 'a.md'"), "in one way"),
        ("", "page = 'storaker.se'".to_owned(), "field `page`"),
        ("", "page = 'file:///etc/passwd'".to_owned(), "begins with https://"),
        ("", format!("{page}include = ['/a']"), "field `include`"),
        ("", "riksdag = 'SoL'".to_owned(), "no SFS number"),
        ("", "rattspraxis = {}".to_owned(), "say which cases"),
        ("", "socialstyrelsen = { articles = ['1'] }".to_owned(), "field `kind`"),
        (
            "",
            "pages = ['https://a.se/x']\ntitle = 'X'".to_owned(),
            "field `title`",
        ),
        (
            "",
            format!("sitemap = 'https://a.se/s.xml'\nid = '{}'", "a".repeat(31)),
            "1 to 30",
        ),
        ("", format!("{page}optional = true"), "field `optional`"),
        ("hots = ['a.se']", page.to_owned(), "hots"),
        ("riksdag = 'nowhere'", page.to_owned(), "nowhere"),
    ] {
        town.list(web, &format!("[[source]]\n{entry}\n"));
        let error = sources::load(&town.path("sources.toml"), None).unwrap_err().to_string();
        assert!(error.contains(expected), "{entry}: {error}");
    }
    std::fs::write(
        town.path("sources.toml"),
        format!("[[source]]\n{page}kind = 'lag'\nissuer = 'X'\n"),
    )
    .unwrap();
    let error = sources::load(&town.path("sources.toml"), None).unwrap_err().to_string();
    assert!(error.contains("field `contact`"), "{error}");
}

#[test]
fn the_example_in_the_documentation_is_a_list() {
    let text = std::fs::read_to_string(format!("{}/../docs/inlasning.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let example = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let town = Town::new("");
    let defaults = "[defaults]\nkind = 'riktlinje'\nissuer = 'Storåkers kommun'\n";
    std::fs::write(town.path("sources.toml"), format!("{defaults}{example}")).unwrap();
    let list = sources::load(&town.path("sources.toml"), None).unwrap();
    let ids: Vec<&str> = list.web.iter().map(|source| source.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "storaker-hemtjanst",
            "storaker-webb",
            "sfs-2025-400",
            "rattspraxis",
            "socialstyrelsen"
        ]
    );
    let shown: Vec<String> = list.web.iter().map(|source| source.form.to_string()).collect();
    assert!(
        shown[1].ends_with("sitemap.xml, under /omsorg/, not under /omsorg/nyheter/"),
        "{shown:?}"
    );
    assert_eq!(
        shown[3],
        "the courts' case law, on SFS 1993:387, 2001:453, 2025:400, of HFD, from 2005-01-01"
    );
}
