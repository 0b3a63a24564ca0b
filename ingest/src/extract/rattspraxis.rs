//! A judgment as the courts' open case law gives it in; a page of it out.
//!
//! The interface has the text as HTML in one field and what is known about the case in others. The page has both, with the
//! labels that a judgment on paper has.

use serde::{Deserialize, Deserializer, Serialize};

use super::Refusal;

/// How a kept judgment begins, in lower case.
const MARK: &str = "{\"publicering\":";

/// What is kept of a judgment, by the interface's names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Publication {
    #[serde(deserialize_with = "or_nothing")]
    pub domstol: Court,
    pub typ: Option<String>,
    #[serde(deserialize_with = "or_nothing")]
    pub referat_nummer_lista: Vec<String>,
    #[serde(deserialize_with = "or_nothing")]
    pub mal_nummer_lista: Vec<String>,
    pub avgorandedatum: Option<String>,
    pub benamning: Option<String>,
    pub sammanfattning: Option<String>,
    pub innehall: Option<String>,
    #[serde(deserialize_with = "or_nothing")]
    pub lagrum_lista: Vec<Provision>,
    #[serde(deserialize_with = "or_nothing")]
    pub nyckelord_lista: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Court {
    pub domstol_kod: Option<String>,
    pub domstol_namn: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Provision {
    pub referens: Option<String>,
    pub sfs_nummer: Option<String>,
}

/// A field that is `null` holds nothing, as one that is not there.
pub(crate) fn or_nothing<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(field: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(field)?.unwrap_or_default())
}

impl Publication {
    /// The court's name.
    pub(crate) fn court(&self) -> Option<&str> {
        self.domstol.domstol_namn.as_deref()
    }

    /// What it is cited as: its number in the reports, or court and case number.
    pub(crate) fn name(&self) -> String {
        let code = self.domstol.domstol_kod.as_deref().unwrap_or_default();
        match (self.referat_nummer_lista.first(), self.mal_nummer_lista.first()) {
            (Some(referat), _) => referat.clone(),
            (None, Some(number)) => format!("{code} {number}").trim().to_owned(),
            (None, None) => code.to_owned(),
        }
    }

    /// What a list of documents shows.
    pub(crate) fn title(&self) -> String {
        let court = self.court().unwrap_or_default();
        let name = match (self.referat_nummer_lista.first(), self.mal_nummer_lista.first()) {
            (Some(referat), _) => referat.clone(),
            (None, Some(number)) => format!("{court}, mål {number}"),
            (None, None) => court.to_owned(),
        };
        match self.benamning.as_deref().map(str::trim) {
            Some(own) if !own.is_empty() => format!("{name}: {own}"),
            _ => name,
        }
    }

    /// Whether its whole text is in it, and not only a heading.
    pub(crate) fn has_text(&self) -> bool {
        self.innehall.as_deref().is_some_and(|text| !text.trim().is_empty())
    }

    fn page(&self) -> String {
        let mut page = format!("<html><body><main><h1>{}</h1>", escaped(&self.title()));
        let numbers = self.mal_nummer_lista.join(", ");
        let referat = self.referat_nummer_lista.join(", ");
        let references: Vec<&str> = self.lagrum_lista.iter().filter_map(|p| p.referens.as_deref()).collect();
        let references = references.join("; ");
        let words = self.nyckelord_lista.join(", ");
        let day = self
            .avgorandedatum
            .as_deref()
            .and_then(|day| day.get(..10))
            .unwrap_or_default();
        for (label, value) in [
            ("Domstol", self.court().unwrap_or_default()),
            ("Målnummer", &numbers),
            ("Avgörandedatum", day),
            ("Referat", &referat),
            ("Lagrum", &references),
            ("Sökord", &words),
        ] {
            if !value.is_empty() {
                page += &format!("<p>{label}: {}</p>", escaped(value));
            }
        }
        if let Some(summary) = self.sammanfattning.as_deref().filter(|text| !text.trim().is_empty()) {
            page += &format!("<h2>Sammanfattning</h2><div>{summary}</div>");
        }
        if let Some(text) = &self.innehall {
            page += &format!("<h2>Hela texten</h2><div>{text}</div>");
        }
        page + "</main></body></html>"
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Whether a file is a kept judgment, by how it begins.
pub(super) fn is_json(start: &str) -> bool {
    start.starts_with(MARK)
}

/// Reads a kept judgment as a page.
pub(super) fn page(json: &str) -> Result<String, Refusal> {
    #[derive(Deserialize)]
    struct Kept {
        publicering: Publication,
    }
    let kept: Kept = serde_json::from_str(json).map_err(|e| Refusal::Damaged(e.to_string()))?;
    Ok(kept.publicering.page())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_labels_of_a_judgment() {
        let json = r#"{"publicering":{"domstol":{"domstolKod":"HFD","domstolNamn":"Högsta förvaltningsdomstolen"},
            "referatNummerLista":["HFD 2099 ref. 1"],"malNummerLista":["1-99"],"avgorandedatum":"2099-02-03T00:00:00",
            "sammanfattning":"Fråga om <i>stöd</i>.","innehall":"<p>Domstolen bifaller.</p>","lagrumLista":null,
            "nyckelordLista":["LSS","Stöd & hjälp"]}}"#;
        let page = page(json).unwrap();
        for part in [
            "<h1>HFD 2099 ref. 1</h1>",
            "<p>Målnummer: 1-99</p>",
            "<p>Avgörandedatum: 2099-02-03</p>",
            "Stöd &amp; hjälp",
            "<p>Domstolen bifaller.</p>",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("Lagrum"));
        assert!(super::page("{\"publicering\":[").is_err());
    }
}
