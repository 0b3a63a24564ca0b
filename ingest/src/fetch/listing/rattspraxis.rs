//! Which cases are wanted in; the judgments in the courts' open case law, out (`POST sok`, `GET publiceringar/{id}`,
//! `GET bilagor/{id}`).
//!
//! The list holds the judgments themselves. One that has no text of its own there is in its first attachment, a PDF.

use std::collections::HashSet;

use jiff::civil::Date;
use lotsen_corpus::Kind;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Item, Listing};
use crate::extract::rattspraxis::{Publication, or_nothing};
use crate::fetch::client::Client;
use crate::fetch::reply::Trouble;
use crate::outline::slug;
use crate::sources::given::About;
use crate::sources::web::{Cases, WebSettings, WebSource};

/// How many judgments an entry may have: the list holds their texts, and all of it is in memory at once.
const MOST_CASES: usize = 5_000;
/// How many judgments are asked for at a time. The interface may give fewer.
const AT_A_TIME: usize = 100;
/// How much of a judgment's name is in its id, before the part that makes it the only one.
const NAME_IN_ID: usize = 32;

#[derive(Deserialize)]
struct Found {
    total: usize,
    #[serde(rename = "publiceringLista", deserialize_with = "or_nothing")]
    cases: Vec<serde_json::Value>,
}

/// A judgment as the list has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    #[serde(default)]
    grupp_korrelationsnummer: Option<String>,
    #[serde(default, deserialize_with = "or_nothing")]
    bilaga_lista: Vec<Attachment>,
    #[serde(flatten)]
    publication: Publication,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    fillagring_id: String,
    #[serde(default, deserialize_with = "or_nothing")]
    filnamn: String,
}

/// What is kept of a judgment: marked, so that its reader knows it by its beginning.
#[derive(Serialize)]
struct Kept<'a> {
    publicering: &'a Publication,
}

/// All judgments that are wanted.
pub(super) async fn listing(
    wanted: &Cases,
    source: &WebSource,
    settings: &WebSettings,
    client: &mut Client,
) -> Listing {
    let mut listing = Listing::default();
    let mut seen = HashSet::new();
    let mut odd = 0;
    for page in 0.. {
        let found = match ask(wanted, page, settings, client).await {
            Ok(found) => found,
            Err(trouble) => {
                listing.trouble = Some(format!("the list of judgments: {trouble}"));
                return listing;
            }
        };
        if found.total > MOST_CASES {
            return Listing::failed(format!(
                "{} judgments, {MOST_CASES} at most are fetched: ask for fewer",
                found.total
            ));
        }
        let before = seen.len() + odd;
        for case in found.cases {
            match serde_json::from_value::<Record>(case) {
                Ok(case) if seen.insert(case.id.clone()) => listing.items.push(item(case, source, settings)),
                Ok(_) => {}
                Err(error) => {
                    odd += 1;
                    listing
                        .notes
                        .push(format!("a judgment is not in the form that is known: {error}"));
                }
            }
        }
        let given = seen.len() + odd;
        if given >= found.total {
            break;
        }
        if given == before {
            listing.trouble = Some(format!("the list of judgments ended at {given} of {}", found.total));
            break;
        }
    }
    listing
}

async fn ask(wanted: &Cases, page: usize, settings: &WebSettings, client: &mut Client) -> Result<Found, Trouble> {
    let question = json!({
        "antalPerSida": AT_A_TIME,
        "sidIndex": page,
        "sortorder": "avgorandedatum",
        "asc": false,
        "sokfras": { "andLista": [], "orLista": [], "notLista": [] },
        "filter": {
            "intervall": { "fromDatum": wanted.from.map(|day| day.to_string()), "toDatum": null },
            "domstolKodLista": wanted.courts,
            "sfsNummerLista": wanted.acts,
            "rattsomradeLista": [],
            "sokordLista": [],
            "avgorandeTypLista": [],
        },
    });
    let not_it = |error: String| Trouble::NotIt(format!("not what the interface gives: {error}"));
    let address = settings
        .rattspraxis
        .join("sok")
        .map_err(|error| not_it(error.to_string()))?;
    let answer = client.post(&address, &question).await?;
    serde_json::from_slice(&answer.bytes).map_err(|error| not_it(error.to_string()))
}

fn item(case: Record, source: &WebSource, settings: &WebSettings) -> Item {
    let publication = &case.publication;
    let name = publication.name();
    let short: String = slug(&name).chars().take(NAME_IN_ID).collect();
    let unique: String = case.id.chars().filter(char::is_ascii_hexdigit).take(8).collect();
    let address = |path: &[&str]| {
        let mut address = settings.rattspraxis.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        address
    };
    let file = case
        .bilaga_lista
        .iter()
        .find(|file| file.filnamn.to_lowercase().ends_with(".pdf"));
    let here = kept(publication).filter(|_| publication.has_text());
    let (at, here) = match (here, file) {
        (Some(here), _) => (address(&["publiceringar", &case.id]), Some(here)),
        (None, Some(file)) => (address(&["bilagor", &file.fillagring_id]), None),
        // A heading without a text is still what the court chose to publish.
        (None, None) => (address(&["publiceringar", &case.id]), kept(publication)),
    };
    let group = case.grupp_korrelationsnummer.as_ref();
    let readable = group.and_then(|group| settings.rattspraxis.join(&format!("/sok/publicering/{group}")).ok());
    Item {
        key: case.id.clone(),
        id: format!(
            "{}-{}-{}",
            source.id,
            short.trim_end_matches('-'),
            unique.to_lowercase()
        ),
        at: Ok(at),
        about: About {
            address: Some(
                readable
                    .unwrap_or_else(|| address(&["publiceringar", &case.id]))
                    .to_string(),
            ),
            ..about(publication)
        },
        here,
    }
}

fn kept(publication: &Publication) -> Option<Vec<u8>> {
    serde_json::to_vec(&Kept {
        publicering: publication,
    })
    .ok()
}

fn about(publication: &Publication) -> About {
    let day: Option<Date> = publication
        .avgorandedatum
        .as_deref()
        .and_then(|day| day.get(..10)?.parse().ok());
    About {
        title: Some(publication.title()),
        kind: Some(Kind::Rattsfall),
        issuer: publication.court().map(str::to_owned),
        identifier: Some(publication.name()),
        valid_from: day,
        ..About::default()
    }
}

/// A judgment that was asked for by itself, because the list could not be read: the same as on the list. A PDF is a PDF.
pub(super) fn inspect(bytes: Vec<u8>) -> Result<(Vec<u8>, About), Trouble> {
    if bytes.starts_with(b"%PDF-") || bytes.starts_with(b"{\"publicering\":") {
        return Ok((bytes, About::default()));
    }
    let not_it = |error: String| Trouble::NotIt(format!("no judgment: {error}"));
    let record: Record = serde_json::from_slice(&bytes).map_err(|error| not_it(error.to_string()))?;
    let bytes = kept(&record.publication).ok_or_else(|| not_it("it cannot be kept".to_owned()))?;
    Ok((bytes, about(&record.publication)))
}
