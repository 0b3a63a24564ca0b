//! An entry of the list in; the documents that its site has, out.
//!
//! A list counts only when it was read to its end. From half a list, or an empty one, nothing follows about what is not on it.

mod links;
mod rattspraxis;
mod riksdag;
mod sitemap;
mod socialstyrelsen;

use std::collections::{BTreeMap, HashSet};

use reqwest::Url;

use super::client::Client;
use super::reply::{Answer, Reply, Trouble};
use crate::outline::slug;
use crate::sources::given::About;
use crate::sources::web::{Form, Paths, WebSettings, WebSource, name_of};

/// The longest address that is fetched.
const LONGEST: usize = 2_048;
/// How many documents an entry may have. A list that is longer is a mistake, or made to harm.
const MOST_ITEMS: usize = 20_000;

/// What a site lists.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The documents, in the list's order.
    pub items: Vec<Item>,
    /// Why the list is not whole, if it is not.
    pub trouble: Option<String>,
    /// What was left out.
    pub notes: Vec<String>,
}

/// One document of a list.
#[derive(Debug)]
pub(super) struct Item {
    /// What names it for good: where people find it, or the entry where that is a single document.
    pub key: String,
    /// The document id that it would like to have.
    pub id: String,
    /// Where to fetch it, or why that is not known.
    pub at: Result<Url, Trouble>,
    /// What the list says about it.
    pub about: About,
    /// Its bytes, where the list held them.
    pub here: Option<Vec<u8>>,
}

impl Listing {
    fn failed(trouble: impl ToString) -> Self {
        Self {
            trouble: Some(trouble.to_string()),
            ..Self::default()
        }
    }

    /// A list of addresses that are pages or files of a site.
    fn of_addresses(addresses: impl IntoIterator<Item = Url>, prefix: &str) -> Self {
        let item = |address: Url| Item {
            key: address.to_string(),
            id: format!("{prefix}-{}", slug(&name_of(&address))),
            at: Ok(address),
            about: About::default(),
            here: None,
        };
        Self {
            items: addresses.into_iter().map(item).collect(),
            ..Self::default()
        }
    }

    /// The list, if it can be one: an empty one says that the site is broken and not that all its pages are gone.
    fn believed(mut self) -> Self {
        if self.items.is_empty() && self.trouble.is_none() {
            self.trouble = Some("the list is empty, which is not believed".to_owned());
        }
        self
    }
}

/// What an entry lists now.
pub(super) async fn of(source: &WebSource, settings: &WebSettings, client: &mut Client) -> Listing {
    let listing = match &source.form {
        // The entry is the document, wherever its page moves.
        Form::Page(address) => Listing {
            items: vec![Item {
                key: source.id.clone(),
                id: source.id.clone(),
                at: Ok(address.clone()),
                about: About {
                    address: Some(address.to_string()),
                    ..About::default()
                },
                here: None,
            }],
            ..Listing::default()
        },
        Form::Pages(addresses) => Listing::of_addresses(addresses.iter().cloned(), &source.id),
        Form::Sitemap(address, paths) => {
            let found = sitemap::read(address, client).await;
            chosen(found, paths, &source.id, client)
        }
        Form::Links(address, paths) => {
            let found = links::read(address, client).await;
            chosen(found, paths, &source.id, client)
        }
        Form::Riksdag(acts) => riksdag::listing(acts, source, settings),
        Form::Rattspraxis(cases) => rattspraxis::listing(cases, source, settings, client).await,
        Form::Socialstyrelsen(wanted) => socialstyrelsen::listing(wanted, source, settings, client).await,
    };
    listing.believed()
}

/// The bytes of an answer as they are kept, and what they say about the document; an error where they are not what the
/// form's interface gives.
pub(super) fn inspect(form: &Form, key: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, About), Trouble> {
    match form {
        Form::Riksdag(acts) => riksdag::inspect(acts, key, bytes),
        Form::Rattspraxis(_) => rattspraxis::inspect(bytes),
        _ => Ok((bytes, About::default())),
    }
}

/// Of the addresses on a list, those that are meant and whose host is named.
fn chosen(found: Result<Vec<Url>, String>, paths: &Paths, prefix: &str, client: &Client) -> Listing {
    let found = match found {
        Ok(found) => found,
        Err(trouble) => return Listing::failed(trouble),
    };
    let mut elsewhere: BTreeMap<String, usize> = BTreeMap::new();
    let mut meant = Vec::new();
    let mut seen = HashSet::new();
    for mut address in found {
        address.set_fragment(None);
        let meant_here = address.as_str().len() <= LONGEST && paths.mean(address.path());
        if !meant_here || !seen.insert(address.to_string()) {
            continue;
        }
        if client.names(&address) {
            meant.push(address);
        } else {
            *elsewhere
                .entry(address.host_str().unwrap_or_default().to_owned())
                .or_default() += 1;
        }
    }
    if meant.len() > MOST_ITEMS {
        let many = meant.len();
        return Listing::failed(format!(
            "{many} pages are listed, {MOST_ITEMS} at most are fetched: use `include`"
        ));
    }
    let mut listing = Listing::of_addresses(meant, prefix);
    let note = |(host, many)| format!("{many} addresses on {host} left out: no source names that host");
    listing.notes = elsewhere.into_iter().take(10).map(note).collect();
    listing
}

/// Gets a page that lists others.
async fn page(address: &Url, client: &mut Client) -> Result<Answer, Trouble> {
    match client.get(address, None).await? {
        Reply::Page(answer) => Ok(answer),
        Reply::Missing(status) => Err(Trouble::Status(status)),
        Reply::Same => Err(Trouble::NotIt(
            "the site says that a page is unchanged that was never asked for".to_owned(),
        )),
    }
}
