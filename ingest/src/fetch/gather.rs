//! The entries on the web in; what each of their documents holds now, or held when it was last seen, out.
//!
//! A page is *present*, *proven gone* or *unknown*. Present is what the site shows now. Proven gone is what two runs in a row
//! found missing: not there (404, 410), or not on a list that was read to its end. Everything else is unknown, and
//! keeps the text that it had: a site that is down must not empty the library.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use lotsen_corpus::DocumentId;
use lotsen_corpus::release::ReleaseError;
use reqwest::Url;

use super::client::Client;
use super::genuine;
use super::ledger::{Known, Ledger, Shelf};
use super::listing::{self, Item};
use super::reply::{Limits, Reply, Trouble, Validators};
use super::report::{Missed, WebReport};
use super::{Page, Place};
use crate::sources::web::WebSource;
use crate::sources::{Source, Sources};
use crate::{Progress, Step};

/// After how many runs that miss it a page is proven gone.
const PROOF: u32 = 2;
/// After how many pages what is known is written down, so that a run that is stopped has not fetched in vain.
const WRITE_EVERY: usize = 20;

/// Why nothing could be fetched or kept.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    /// What was fetched could not be kept.
    #[error(transparent)]
    Keep(#[from] ReleaseError),
    /// What is known about pages could not be read.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// What is known about pages is no longer readable.
    #[error(
        "{path} is damaged ({source}): put a copy of it back, or remove it and run while its sites answer, so that their pages are fetched again"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// Another run is at work in the data folder.
    #[error("{0}")]
    Busy(String),
    /// No connection could be made at all.
    #[error("cannot fetch from the web: {0}")]
    Client(#[from] Trouble),
}

/// What a run found on the web.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The documents, to be read as files are.
    pub sources: Vec<Source>,
    /// What became of each entry.
    pub reports: Vec<WebReport>,
}

/// Looks at all pages of the list's entries on the web and keeps what they hold in the data folder.
pub async fn gather(
    sources: &Sources,
    data: &Path,
    limits: Limits,
    progress: Progress<'_>,
) -> Result<Gathered, GatherError> {
    let mut gathered = Gathered::default();
    if sources.web.is_empty() {
        return Ok(gathered);
    }
    let named = sources
        .web
        .iter()
        .flat_map(|source| source.form.addresses(&sources.settings));
    let mut client = Client::new(&sources.settings, named, limits)?;
    let shelf = Shelf::new(data);
    let mut read: BTreeSet<DocumentId> = sources.files.iter().map(|file| file.document.id.clone()).collect();
    let mut taken = read.clone();
    for source in &sources.web {
        let ledger = shelf.ledger(&source.id)?;
        taken.extend(ledger.pages.values().map(|known| known.id.clone()));
    }
    for source in &sources.web {
        let listing = listing::of(source, &sources.settings, &mut client).await;
        let mut round = Round {
            source,
            shelf: &shelf,
            ledger: shelf.ledger(&source.id)?,
            report: WebReport {
                id: source.id.clone(),
                place: source.form.to_string(),
                notes: listing.notes,
                ..WebReport::default()
            },
            whole: listing.trouble.is_none(),
        };
        if let Some(trouble) = listing.trouble {
            round
                .report
                .notes
                .push(format!("NO LIST: {trouble}; no page is taken for gone because of it"));
        }
        let items = round.meet(listing.items, &mut taken);
        for source in round.run(items, &mut client, progress).await? {
            if read.insert(source.document.id.clone()) {
                gathered.sources.push(source);
            } else {
                let note = format!("{}: {} is taken", source.document.source, source.document.id);
                round.report.notes.push(note);
            }
        }
        gathered.reports.push(round.report);
    }
    Ok(gathered)
}

/// One entry's pages, looked at once.
struct Round<'a> {
    source: &'a WebSource,
    shelf: &'a Shelf,
    ledger: Ledger,
    report: WebReport,
    /// Whether the list was read to its end.
    whole: bool,
}

/// What a look at a page has shown.
enum Seen {
    Fetched,
    Unchanged,
    Missing(String),
    /// Whoever wrote the list has taken it off.
    Removed,
    Unknown(String),
}

impl Round<'_> {
    /// Writes down what the list says, and gives each new page an id that no other document has or had.
    fn meet(&mut self, items: Vec<Item>, taken: &mut BTreeSet<DocumentId>) -> BTreeMap<String, Item> {
        for item in &items {
            if !self.ledger.pages.contains_key(&item.key) {
                let Some(id) = unused_id(item, taken) else {
                    let note = format!("{}: no id can be made of {:?}", item.key, item.id);
                    self.report.notes.push(note);
                    continue;
                };
                taken.insert(id.clone());
                self.ledger.pages.insert(item.key.clone(), Known::new(id));
            }
            if let Some(known) = self.ledger.pages.get_mut(&item.key) {
                let at = item.at.as_ref().ok().map(Url::to_string);
                if at.is_some() && at != known.at {
                    // What one address said about its version says nothing about another's.
                    (known.at, known.validators, known.is_page) = (at, Validators::default(), None);
                }
                known.about = item.about.clone().or(std::mem::take(&mut known.about));
            }
        }
        items.into_iter().map(|item| (item.key.clone(), item)).collect()
    }

    async fn run(
        &mut self,
        mut items: BTreeMap<String, Item>,
        client: &mut Client,
        progress: Progress<'_>,
    ) -> Result<Vec<Source>, GatherError> {
        let keys: Vec<String> = self.ledger.pages.keys().cloned().collect();
        let mut sources = Vec::new();
        for (done, key) in keys.iter().enumerate() {
            progress(Step::Fetching {
                done,
                total: keys.len(),
                name: key,
            });
            let Some(mut known) = self.ledger.pages.get(key).cloned() else {
                continue;
            };
            let item = items.remove(key);
            if known.gone && item.is_none() {
                continue;
            }
            let seen = match item {
                None if self.source.form.is_written_out() => Seen::Removed,
                None if self.whole => Seen::Missing("not on the list".to_owned()),
                item => self.look(key, item, &mut known, client).await?,
            };
            sources.extend(self.conclude(key, &mut known, seen)?);
            self.ledger.pages.insert(key.clone(), known);
            if done % WRITE_EVERY == WRITE_EVERY - 1 {
                self.shelf.write(&self.source.id, &self.ledger)?;
            }
        }
        self.shelf.write(&self.source.id, &self.ledger)?;
        Ok(sources)
    }

    /// Looks at one page. An error is the data folder's; what the site does wrong is what was seen.
    async fn look(
        &self,
        key: &str,
        item: Option<Item>,
        known: &mut Known,
        client: &mut Client,
    ) -> Result<Seen, GatherError> {
        let unknown = |trouble: Trouble| Ok(Seen::Unknown(trouble.to_string()));
        let (at, here) = match item {
            Some(item) => (item.at, item.here),
            None => (Err(Trouble::NotIt("its address is not known".to_owned())), None),
        };
        if let Some(bytes) = here {
            return self.holds(known, &bytes);
        }
        let at = match (at, known.at.as_deref().map(Url::parse)) {
            (Ok(at), _) | (Err(_), Some(Ok(at))) => at,
            (Err(trouble), _) => return unknown(trouble),
        };
        let have = known.original.as_ref().filter(|hash| self.shelf.has(hash));
        let answer = match client.get(&at, have.map(|_| &known.validators)).await {
            Ok(Reply::Page(answer)) => answer,
            Ok(Reply::Same) => {
                known.is_there();
                return Ok(Seen::Unchanged);
            }
            Ok(Reply::Missing(status)) => return Ok(Seen::Missing(format!("the site answered {status}"))),
            Err(trouble) => return unknown(trouble),
        };
        let is_page = match genuine::is_page(&answer, &at, known.is_page) {
            Ok(is_page) => is_page,
            Err(trouble) => return unknown(trouble),
        };
        let (bytes, about) = match listing::inspect(&self.source.form, key, answer.bytes) {
            Ok(inspected) => inspected,
            Err(trouble) => return unknown(trouble),
        };
        known.is_page = Some(is_page);
        known.validators = answer.validators;
        known.about = about.or(std::mem::take(&mut known.about));
        self.holds(known, &bytes)
    }

    fn holds(&self, known: &mut Known, bytes: &[u8]) -> Result<Seen, GatherError> {
        let hash = self.shelf.keep(bytes)?;
        Ok(if known.holds(hash) {
            Seen::Fetched
        } else {
            Seen::Unchanged
        })
    }

    /// Counts what was seen, and makes the page a document to read unless it is proven gone.
    fn conclude(&mut self, key: &str, known: &mut Known, seen: Seen) -> Result<Option<Source>, GatherError> {
        let address = known.about.address.clone().unwrap_or_else(|| key.to_owned());
        let missed = |reason: &str| Missed {
            address: address.clone(),
            reason: reason.to_owned(),
        };
        let last = known.checked.map(|time| time.to_zoned(TimeZone::system()).date());
        let stays = last.map_or(String::new(), |day| format!("; its text of {day} stays"));
        let trouble = match seen {
            Seen::Fetched => {
                self.report.fetched += 1;
                None
            }
            Seen::Unchanged => {
                self.report.unchanged += 1;
                None
            }
            Seen::Unknown(reason) => {
                self.report.unknown.push(missed(&reason));
                Some(format!("{reason}{stays}"))
            }
            Seen::Removed => {
                known.gone = true;
                self.report.gone.push(missed("taken off the list"));
                return Ok(None);
            }
            Seen::Missing(reason) if known.gone => {
                self.report.notes.push(format!("{address}: on the list, but {reason}"));
                return Ok(None);
            }
            Seen::Missing(reason) => {
                known.missing += 1;
                if known.missing >= PROOF {
                    known.gone = true;
                    self.report.gone.push(missed(&format!("{reason}, in {PROOF} runs")));
                    return Ok(None);
                }
                self.report.missing.push(missed(&reason));
                Some(format!("{reason}; it is gone if the next run finds the same{stays}"))
            }
        };
        let (document, untitled) = self.source.given.document(known.id.clone(), &known.about, &address);
        Ok(Some(Source {
            place: Place::Page(Page {
                original: known.original.as_ref().map(|hash| self.shelf.original(hash)),
                checked: known.checked,
                trouble,
            }),
            document,
            untitled,
            personal_data: self.source.personal_data,
        }))
    }
}

/// The id that an item would like to have, or the same with a part of its address's hash where another document has it.
fn unused_id(item: &Item, taken: &BTreeSet<DocumentId>) -> Option<DocumentId> {
    let natural = DocumentId::new(item.id.trim_end_matches('-')).ok();
    let hash = super::sha256(item.key.as_bytes());
    let start: String = item.id.chars().take(71).collect();
    let unique = DocumentId::new(format!("{}-{}", start.trim_end_matches('-'), &hash[..8])).ok();
    [natural, unique].into_iter().flatten().find(|id| !taken.contains(id))
}
