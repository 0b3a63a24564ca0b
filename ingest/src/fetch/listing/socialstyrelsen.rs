//! Article numbers or subjects in; Socialstyrelsen's publications, out.
//!
//! The list of publications is not in the page's text but in a script on it, as JSON. Each publication has a page of its
//! own with a link to its file, whose address changes when it is published again, so that page is what names it.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::Url;
use serde::Deserialize;

use super::{Item, Listing, page};
use crate::fetch::client::Client;
use crate::fetch::reply::Trouble;
use crate::outline::slug;
use crate::sources::given::About;
use crate::sources::web::{Publications, WebSettings, WebSource};
use lotsen_corpus::text::pattern;

/// What stands before the list in the page.
const COMPONENT: &str = "SOS.Components.PublicationListPage,";
/// What the link to a publication's own file is marked with.
const MAIN_FILE: &str = "publication-wrapper__main-doc";

static LINK_TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<a\s[^>]*>"));

#[derive(Deserialize)]
struct List {
    children: Vec<Publication>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Publication {
    #[serde(default)]
    article_number: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    url: Option<String>,
    /// Numbers with commas between.
    #[serde(default)]
    subjects_id: Option<String>,
}

impl Publication {
    fn is_wanted(&self, wanted: &Publications) -> bool {
        let own = self.subjects_id.as_deref().unwrap_or_default();
        let own: Vec<u32> = own.split(',').filter_map(|number| number.trim().parse().ok()).collect();
        let by_number = self
            .article_number
            .as_ref()
            .is_some_and(|number| wanted.articles.contains(number));
        by_number || wanted.subjects.iter().any(|subject| own.contains(subject))
    }
}

/// The publications that are wanted, each with the address of its file.
pub(super) async fn listing(
    wanted: &Publications,
    source: &WebSource,
    settings: &WebSettings,
    client: &mut Client,
) -> Listing {
    let place = &settings.socialstyrelsen;
    let all = match page(place, client)
        .await
        .and_then(|answer| list(&String::from_utf8_lossy(&answer.bytes)))
    {
        Ok(all) => all,
        Err(trouble) => return Listing::failed(format!("{place}: {trouble}")),
    };
    let mut listing = Listing::default();
    for number in &wanted.articles {
        if !all
            .iter()
            .any(|publication| publication.article_number.as_ref() == Some(number))
        {
            listing
                .notes
                .push(format!("there is no publication with the article number {number}"));
        }
    }
    for publication in all.into_iter().filter(|publication| publication.is_wanted(wanted)) {
        let address = publication.url.as_deref().and_then(|url| place.join(url).ok());
        let (Some(address), Some(number)) = (address, publication.article_number) else {
            continue;
        };
        let at = main_file(&address, client).await;
        listing.items.push(Item {
            key: address.to_string(),
            id: format!("{}-{}", source.id, slug(&number)),
            at,
            about: About {
                title: publication.name,
                issuer: Some("Socialstyrelsen".to_owned()),
                identifier: Some(number),
                address: Some(address.to_string()),
                ..About::default()
            },
            here: None,
        });
    }
    listing
}

fn list(page: &str) -> Result<Vec<Publication>, Trouble> {
    let not_it = |what: &str| Trouble::NotIt(format!("the list of publications is not in the page: {what}"));
    let (_, rest) = page.split_once(COMPONENT).ok_or_else(|| not_it(COMPONENT))?;
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<List>();
    match values.next() {
        Some(Ok(list)) => Ok(list.children),
        Some(Err(error)) => Err(not_it(&error.to_string())),
        None => Err(not_it("nothing comes after its name")),
    }
}

async fn main_file(address: &Url, client: &mut Client) -> Result<Url, Trouble> {
    let answer = page(address, client).await?;
    let text = String::from_utf8_lossy(&answer.bytes);
    let tag = LINK_TAG.find_iter(&text).find(|tag| tag.as_str().contains(MAIN_FILE));
    let link = tag.and_then(|tag| super::links::of(tag.as_str(), &answer.address).pop());
    link.ok_or_else(|| Trouble::NotIt(format!("{address} has no link to the publication's file")))
}
