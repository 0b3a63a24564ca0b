//! An entry of the list in; where on the web its documents are, out, or which of its fields makes no sense.

use lotsen_corpus::reference::document_of;
use reqwest::Url;
use serde::Deserialize;

use super::{Form, Paths, WebSettings, WebSource};
use crate::outline::slug;
use crate::sources::{EntryReader, SourcesError};

/// The longest name of an entry with several documents: their own names follow it in their ids.
const LONGEST_ID: usize = 30;

/// One SFS number or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::sources) enum Acts {
    One(String),
    Several(Vec<String>),
}

impl Acts {
    fn numbers(&self) -> Vec<String> {
        match self {
            Self::One(number) => vec![number.clone()],
            Self::Several(numbers) => numbers.clone(),
        }
    }
}

impl EntryReader<'_> {
    /// The entry as one on the web, if that is what it is.
    pub(in crate::sources) fn web(&self, settings: &WebSettings) -> Result<Option<WebSource>, SourcesError> {
        let mut forms = self.forms()?;
        let Some((own_id, form)) = forms.pop() else {
            return Ok(None);
        };
        let entry = self.entry;
        if !forms.is_empty() || entry.file.is_some() || entry.folder.is_some() {
            return Err(self.error(
                "file",
                "an entry says in one way where its documents are: make two entries of it",
            ));
        }
        let lists = matches!(form, Form::Sitemap(..) | Form::Links(..));
        if !lists && (!entry.include.is_empty() || !entry.exclude.is_empty()) {
            return Err(self.error(
                "include",
                "`include` and `exclude` choose among what `sitemap` or `links` lists",
            ));
        }
        let contact = &settings.contact;
        if contact.trim().is_empty() || !contact.bytes().all(|b| b.is_ascii_graphic()) {
            let problem = "say in [web] who fetches, so that a site's owner can reach you: an e-mail address or a page";
            return Err(self.error("contact", problem));
        }
        let single = match &form {
            Form::Page(_) => true,
            Form::Riksdag(acts) => acts.len() == 1,
            _ => false,
        };
        let of_one = [
            ("title", &entry.title),
            ("short_title", &entry.short_title),
            ("identifier", &entry.identifier),
            ("wording", &entry.wording),
        ];
        if let Some((field, _)) = of_one.iter().find(|(_, given)| !single && given.is_some()) {
            return Err(self.error(field, "the entry holds several documents: list the page by itself"));
        }
        if entry.optional {
            return Err(self.error(
                "optional",
                "a page that is not there is reported and the run goes on: leave it out",
            ));
        }
        let id = entry.id.clone().unwrap_or(own_id);
        let longest = if single { 80 } else { LONGEST_ID };
        if id.len() > longest || lotsen_corpus::DocumentId::new(id.clone()).is_err() {
            return Err(self.error("id", &format!("{id:?} must be 1 to {longest} of a-z, 0-9 and '-'")));
        }
        let own = !matches!(form, Form::Riksdag(_) | Form::Rattspraxis(_) | Form::Socialstyrelsen(_));
        if matches!(form, Form::Socialstyrelsen(_)) && entry.kind.is_none() {
            return Err(self.error(
                "kind",
                "say which kind the publications are: handbok, foreskrift, allmanna_rad",
            ));
        }
        let personal_data = entry.personal_data.unwrap_or(self.defaults.personal_data);
        Ok(Some(WebSource {
            id,
            form,
            given: self.given(own)?,
            personal_data,
        }))
    }

    /// The forms on the web that the entry has, each with the id that it gives itself.
    fn forms(&self) -> Result<Vec<(String, Form)>, SourcesError> {
        let entry = self.entry;
        let paths = || Paths {
            include: entry.include.clone(),
            exclude: entry.exclude.clone(),
        };
        let host = |address: &Url| slug(address.host_str().unwrap_or_default());
        let mut forms = Vec::new();
        if let Some(page) = &entry.page {
            let address = self.address("page", page)?;
            forms.push((slug(&name_of(&address)), Form::Page(address)));
        }
        if let Some(pages) = &entry.pages {
            let addresses: Result<Vec<Url>, _> = pages.iter().map(|page| self.address("pages", page)).collect();
            let addresses = addresses?;
            let own_id = addresses.first().map(host).unwrap_or_default();
            forms.push((own_id, Form::Pages(addresses)));
        }
        if let Some(sitemap) = &entry.sitemap {
            let address = self.address("sitemap", sitemap)?;
            forms.push((host(&address), Form::Sitemap(address, paths())));
        }
        if let Some(links) = &entry.links {
            let address = self.address("links", links)?;
            forms.push((host(&address), Form::Links(address, paths())));
        }
        if let Some(acts) = &entry.riksdag {
            let acts = acts.numbers();
            for act in &acts {
                let parts = act
                    .split_once(':')
                    .map(|(year, number)| (year.parse::<u16>(), number.parse::<u32>()));
                if !matches!(parts, Some((Ok(_), Ok(_)))) {
                    return Err(self.error(
                        "riksdag",
                        &format!("{act:?} is no SFS number: write it as \"2025:400\""),
                    ));
                }
            }
            let own_id = match &acts[..] {
                [act] => document_of(act),
                _ => "riksdagen".to_owned(),
            };
            forms.push((own_id, Form::Riksdag(acts)));
        }
        if let Some(cases) = &entry.rattspraxis {
            if cases.acts.is_empty() && cases.courts.is_empty() {
                return Err(self.error("rattspraxis", "say which cases: give `acts`, `courts` or both"));
            }
            forms.push(("rattspraxis".to_owned(), Form::Rattspraxis(cases.clone())));
        }
        if let Some(publications) = &entry.socialstyrelsen {
            if publications.articles.is_empty() && publications.subjects.is_empty() {
                return Err(self.error("socialstyrelsen", "say which: give `articles`, `subjects` or both"));
            }
            forms.push((
                "socialstyrelsen".to_owned(),
                Form::Socialstyrelsen(publications.clone()),
            ));
        }
        Ok(forms)
    }

    fn address(&self, field: &'static str, text: &str) -> Result<Url, SourcesError> {
        let address = Url::parse(text).map_err(|error| self.error(field, &format!("{text:?}: {error}")))?;
        if !matches!(address.scheme(), "https" | "http") || address.username() != "" || address.password().is_some() {
            return Err(self.error(field, &format!("{text:?}: give an address that begins with https://")));
        }
        Ok(address)
    }
}

/// What a page or file calls itself in its address: the last part of the path, or the host.
pub(crate) fn name_of(address: &Url) -> String {
    let last = address.path().trim_end_matches('/').rsplit('/').next();
    let stem = last.map(|name| name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let name = stem.filter(|stem| !stem.is_empty()).or(address.host_str());
    decoded(name.unwrap_or_default())
}

/// Letters that an address writes as `%C3%A4`, as letters.
fn decoded(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let letter = digits
            .filter(|_| byte == b'%')
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(letter.unwrap_or(byte));
        rest = if letter.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
