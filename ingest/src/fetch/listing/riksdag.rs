//! SFS numbers in; the acts in the Riksdag's open data, out (`/dokumentstatus/sfs-2025-400.json`).

use lotsen_corpus::Kind;
use lotsen_corpus::reference::document_of;

use super::{Item, Listing};
use crate::extract::riksdag::Act;
use crate::fetch::reply::Trouble;
use crate::sources::given::About;
use crate::sources::web::{WebSettings, WebSource};

/// One address for each act.
pub(super) fn listing(acts: &[String], source: &WebSource, settings: &WebSettings) -> Listing {
    let item = |number: &String| {
        let name = document_of(number);
        let single = acts.len() == 1;
        let address = |path: String| settings.riksdag.join(&path).map_err(|e| Trouble::NotIt(e.to_string()));
        Item {
            key: if single { source.id.clone() } else { number.clone() },
            id: if single { source.id.clone() } else { name.clone() },
            at: address(format!("dokumentstatus/{name}.json")),
            about: About {
                address: address(format!("dokument/{name}.html"))
                    .ok()
                    .map(|address| address.to_string()),
                ..About::default()
            },
            here: None,
        }
    };
    Listing {
        items: acts.iter().map(item).collect(),
        ..Listing::default()
    }
}

/// What the answer says about the act: that it is the one that was asked for, and that its text is there.
pub(super) fn inspect(acts: &[String], key: &str, bytes: Vec<u8>) -> Result<(Vec<u8>, About), Trouble> {
    let number = match acts {
        [act] => act,
        _ => key,
    };
    let not_it = |what: String| Trouble::NotIt(format!("not SFS {number} from the Riksdag's open data: {what}"));
    let act = Act::read(&bytes).map_err(|error| not_it(error.to_string()))?;
    if act.beteckning.as_deref() != Some(number) {
        return Err(not_it(format!(
            "it says that it is {}",
            act.beteckning.unwrap_or_default()
        )));
    }
    let says = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    if says(act.text).or(says(act.html)).is_none() {
        return Err(not_it("it has no text".to_owned()));
    }
    let title = says(act.titel);
    let is_ordinance = title
        .as_deref()
        .is_some_and(|title| title.to_lowercase().contains("förordning ("));
    let (kind, issuer) = if is_ordinance {
        (Kind::Forordning, "Regeringen")
    } else {
        (Kind::Lag, "Riksdagen")
    };
    let about = About {
        title,
        kind: Some(kind),
        issuer: Some(issuer.to_owned()),
        identifier: Some(number.to_owned()),
        wording: says(act.subtitel),
        ..About::default()
    };
    Ok((bytes, about))
}
