//! An answer with status 200 in; whether it is what the address is for, out.
//!
//! Many sites answer "all is well" with a page that says that nothing is. Stored as knowledge it would be quoted as the
//! municipality's guideline, so what looks like an error counts as no answer, and the text before it stays.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::Url;

use super::reply::{Answer, Trouble};
use lotsen_corpus::text::pattern;

const WORDS: &str = include_str!("../../words/error-pages.txt");
/// How much of a page is looked at for its title and headings.
const HEAD: usize = 256 << 10;
/// Files that are never a web page.
const FILES: [&str; 7] = [".pdf", ".docx", ".odt", ".xlsx", ".pptx", ".doc", ".xml"];
/// Parts of a path that a page for errors or for logging in has.
const ERROR_PATHS: [&str; 9] = [
    "404",
    "error",
    "felsida",
    "notfound",
    "not-found",
    "login",
    "logga-in",
    "inloggning",
    "signin",
];

static TITLES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?is)<(?:title|h1)(?:\s[^>]*)?>(.{0,400}?)</(?:title|h1)\s*>"));
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"<[^>]*>"));
static PASSWORD: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i)<input\s[^>]*type\s*=\s*["']?password"#));

/// Whether the answer is what was asked for; if so, whether it is a web page and not a file. `before` is what it was.
pub(super) fn is_page(answer: &Answer, asked: &Url, before: Option<bool>) -> Result<bool, Trouble> {
    let not_it = |what: String| Err(Trouble::NotIt(what));
    if answer.bytes.iter().all(u8::is_ascii_whitespace) {
        return not_it("the site answered with nothing".to_owned());
    }
    let sample = &answer.bytes[..answer.bytes.len().min(HEAD)];
    let head = String::from_utf8_lossy(sample);
    let is_page = looks_like_html(&head);
    if !is_page {
        return Ok(false);
    }
    let path = asked.path().to_lowercase();
    if FILES.iter().any(|ending| path.ends_with(ending)) || before == Some(false) {
        return not_it("a web page came where a file is: an error, or a page for logging in".to_owned());
    }
    if let Some(title) = titles(&head).find(|title| says_error(title)) {
        return not_it(format!("an error page came, sent as if all were well: \"{title}\""));
    }
    if PASSWORD.is_match(&head) {
        return not_it("a page for logging in came".to_owned());
    }
    let landed = answer.address.path().to_lowercase();
    if landed != path && (landed == "/" || ERROR_PATHS.iter().any(|word| landed.contains(word))) {
        return not_it(format!(
            "the site leads on to {}, which is another page",
            answer.address
        ));
    }
    Ok(true)
}

fn looks_like_html(head: &str) -> bool {
    let start: String = head
        .trim_start_matches('\u{FEFF}')
        .trim_start()
        .chars()
        .take(1_024)
        .collect();
    let start = start.to_lowercase();
    start.starts_with('<')
        && ["<html", "<!doctype html", "<body", "<head"]
            .iter()
            .any(|tag| start.contains(tag))
}

fn titles(head: &str) -> impl Iterator<Item = String> {
    TITLES.captures_iter(head).map(|found| {
        let words = TAG.replace_all(&found[1], " ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

fn says_error(title: &str) -> bool {
    let title = title.to_lowercase();
    // A site puts its own name after its pages': "Sidan saknas - Storåkers kommun".
    let own = title.split(" - ").next().unwrap_or_default();
    let own = own.split(['|', '–']).next().unwrap_or_default().trim();
    WORDS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .any(|line| match line.strip_prefix('=') {
            Some(whole) => own == whole || title == whole,
            None => title.contains(line),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::reply::Validators;

    fn came(asked: &str, landed: &str, body: &str, before: Option<bool>) -> Result<bool, String> {
        let answer = Answer {
            bytes: body.as_bytes().to_vec(),
            address: Url::parse(landed).unwrap(),
            validators: Validators::default(),
        };
        is_page(&answer, &Url::parse(asked).unwrap(), before).map_err(|trouble| trouble.to_string())
    }

    #[test]
    fn what_a_site_sends_instead_of_a_page_is_not_the_page() {
        let asked = "https://storaker.se/riktlinje";
        let cases = [
            ("", "with nothing"),
            (
                "<html><title>Sidan kunde inte hittas - Storåker</title><p>Hoppsan",
                "an error page",
            ),
            (
                "<!DOCTYPE html><title>Storåker</title><h1 class=x>Ett <b>fel</b> har uppstått</h1>",
                "an error page",
            ),
            ("<html><title>Fel | Storåkers kommun</title>", "an error page"),
            (
                "<html><title>Intranät</title><form><input id=p type='password'></form>",
                "logging in",
            ),
        ];
        for (body, expected) in cases {
            let said = came(asked, asked, body, None).unwrap_err();
            assert!(said.contains(expected), "{body}: {said}");
        }
        let page = "<html><title>Riktlinje för felanmälan och avvikelser</title><h1>Fel i insatsen</h1>";
        assert_eq!(came(asked, asked, page, None), Ok(true));
        assert!(
            came(asked, "https://storaker.se/", page, None).is_err(),
            "led to the first page"
        );
        assert!(came(asked, "https://storaker.se/404.html", page, None).is_err());
        assert_eq!(came(asked, "https://storaker.se/ny/riktlinje", page, None), Ok(true));
    }

    #[test]
    fn a_file_does_not_become_a_web_page() {
        let page = "<!doctype html><title>Dokument</title>";
        assert!(came("https://storaker.se/a.pdf", "https://storaker.se/a.pdf", page, None).is_err());
        assert!(
            came(
                "https://storaker.se/dok/17",
                "https://storaker.se/dok/17",
                page,
                Some(false)
            )
            .is_err()
        );
        assert_eq!(
            came(
                "https://storaker.se/dok/17",
                "https://storaker.se/dok/17",
                "%PDF-1.7",
                Some(true)
            ),
            Ok(false)
        );
    }
}
