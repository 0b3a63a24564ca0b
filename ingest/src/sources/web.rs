//! The entries of the list whose documents are on the web, and how pages are fetched.

mod entry;

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Date;
use reqwest::Url;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

pub(super) use entry::Acts;
pub(crate) use entry::name_of;

use super::given::Given;
use crate::personal::Policy;

/// An entry whose documents are on the web.
#[derive(Debug, Clone, PartialEq)]
pub struct WebSource {
    /// What the ids of its documents begin with, and the name of what is kept about it; the document's own id where the
    /// entry is a single page.
    pub id: String,
    /// Where its documents are.
    pub form: Form,
    /// What the list says about them.
    pub given: Given,
    /// What is done with personal data in them.
    pub personal_data: Policy,
}

/// Where documents on the web are, by the ways in which sites list them.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// One page or file.
    Page(Url),
    /// Pages and files, one by one.
    Pages(Vec<Url>),
    /// What a site lists in its sitemap.
    Sitemap(Url, Paths),
    /// What a page has links to.
    Links(Url, Paths),
    /// Acts and ordinances in the Riksdag's open data, by SFS number.
    Riksdag(Vec<String>),
    /// Judgments in the courts' open case law.
    Rattspraxis(Cases),
    /// Publications of Socialstyrelsen.
    Socialstyrelsen(Publications),
}

impl Form {
    /// Whether the entry names each of its documents itself: one that it names no more is meant to go.
    pub fn is_written_out(&self) -> bool {
        matches!(self, Self::Page(_) | Self::Pages(_) | Self::Riksdag(_))
    }

    /// The addresses that the entry itself names.
    pub fn addresses<'a>(&'a self, settings: &'a WebSettings) -> Vec<&'a Url> {
        match self {
            Self::Page(address) | Self::Sitemap(address, _) | Self::Links(address, _) => vec![address],
            Self::Pages(addresses) => addresses.iter().collect(),
            Self::Riksdag(_) => vec![&settings.riksdag],
            Self::Rattspraxis(_) => vec![&settings.rattspraxis],
            Self::Socialstyrelsen(_) => vec![&settings.socialstyrelsen],
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(address) => write!(f, "{address}"),
            Self::Pages(addresses) => write!(f, "{} pages", addresses.len()),
            Self::Sitemap(address, paths) => write!(f, "sitemap {address}{paths}"),
            Self::Links(address, paths) => write!(f, "links on {address}{paths}"),
            Self::Riksdag(acts) => write!(f, "the Riksdag's open data: SFS {}", acts.join(", ")),
            Self::Rattspraxis(cases) => write!(f, "the courts' case law{cases}"),
            Self::Socialstyrelsen(publications) => write!(f, "Socialstyrelsen's publications{publications}"),
        }
    }
}

/// Which of a site's pages are meant, by how their paths begin.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Paths {
    pub(super) include: Vec<String>,
    pub(super) exclude: Vec<String>,
}

impl Paths {
    /// Whether a path is meant: under one of `include`, if there are any, and under none of `exclude`.
    pub fn mean(&self, path: &str) -> bool {
        let under = |prefixes: &[String]| prefixes.iter().any(|prefix| path.starts_with(prefix.as_str()));
        (self.include.is_empty() || under(&self.include)) && !under(&self.exclude)
    }
}

impl fmt::Display for Paths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, prefixes) in [("under", &self.include), ("not under", &self.exclude)] {
            if !prefixes.is_empty() {
                write!(f, ", {word} {}", prefixes.join(", "))?;
            }
        }
        Ok(())
    }
}

/// Which judgments are meant. An empty list leaves nothing out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cases {
    /// Those that apply one of these acts, by SFS number.
    pub acts: Vec<String>,
    /// Those of these courts, by the interface's codes: `HFD`, `KST`.
    pub courts: Vec<String>,
    /// Those from this day on.
    pub from: Option<Date>,
}

impl fmt::Display for Cases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, values) in [("on SFS", &self.acts), ("of", &self.courts)] {
            if !values.is_empty() {
                write!(f, ", {word} {}", values.join(", "))?;
            }
        }
        self.from.map_or(Ok(()), |day| write!(f, ", from {day}"))
    }
}

/// Which publications are meant: those with one of these numbers, and those on one of these subjects.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Publications {
    /// Article numbers: `2021-5-7397`.
    pub articles: Vec<String>,
    /// Numbers of subjects, as the list of publications has them.
    pub subjects: Vec<u32>,
}

impl fmt::Display for Publications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.articles.is_empty() {
            write!(f, " {}", self.articles.join(", "))?;
        }
        if !self.subjects.is_empty() {
            let subjects: Vec<String> = self.subjects.iter().map(u32::to_string).collect();
            write!(f, ", on subjects {}", subjects.join(", "))?;
        }
        Ok(())
    }
}

/// How pages are fetched: the `[web]` table of the list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebSettings {
    /// Who fetches, for the sites' owners: an e-mail address or a page.
    pub contact: String,
    /// Hosts that may be gone to beside those of the sources.
    pub hosts: Vec<String>,
    /// Hosts that may be at an address of the municipality's own network.
    pub private_hosts: Vec<String>,
    /// Hosts whose owners have agreed to be fetched from whatever their robots.txt says.
    pub ignore_robots: Vec<String>,
    /// Whether the proxy that the environment names is used.
    pub proxy_from_environment: bool,
    /// The least time between two requests to a host.
    pub pause: SignedDuration,
    /// Where the Riksdag's open data is.
    #[serde(deserialize_with = "base")]
    pub riksdag: Url,
    /// Where the courts' open case law is.
    #[serde(deserialize_with = "base")]
    pub rattspraxis: Url,
    /// Where Socialstyrelsen lists its publications.
    #[serde(deserialize_with = "url")]
    pub socialstyrelsen: Url,
    /// Whether pages may be fetched from this machine, without https: for tests.
    pub loopback: bool,
}

impl Default for WebSettings {
    fn default() -> Self {
        let address = |text: &str| Url::parse(text).unwrap_or_else(|e| unreachable!("{text}: {e}"));
        Self {
            contact: String::new(),
            hosts: Vec::new(),
            private_hosts: Vec::new(),
            ignore_robots: Vec::new(),
            proxy_from_environment: false,
            pause: SignedDuration::from_secs(1),
            riksdag: address("https://data.riksdagen.se/"),
            rattspraxis: address("https://rattspraxis.etjanst.domstol.se/api/v1/"),
            socialstyrelsen: address("https://www.socialstyrelsen.se/publikationer/"),
            loopback: false,
        }
    }
}

impl WebSettings {
    /// What the program calls itself.
    pub fn user_agent(&self) -> String {
        format!("Lotsen/{} (+{})", env!("CARGO_PKG_VERSION"), self.contact)
    }

    /// The least time between two requests to a host.
    pub fn pause(&self) -> Duration {
        Duration::try_from(self.pause).unwrap_or_default()
    }
}

fn url<'de, D: Deserializer<'de>>(text: D) -> Result<Url, D::Error> {
    let text = String::deserialize(text)?;
    Url::parse(&text).map_err(|error| D::Error::custom(format!("{text}: {error}")))
}

/// An address that others are under: it ends with a slash.
fn base<'de, D: Deserializer<'de>>(text: D) -> Result<Url, D::Error> {
    let mut base = url(text)?;
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok(base)
}
