//! `sources.toml` in; the list of documents to read out, each with everything about it but its text.
//!
//! The file is written by an official, not by a programmer: every error names the entry and the field, and unknown
//! fields are errors, because a misspelt `valid_to` would otherwise leave a repealed text in force.

pub mod given;
pub mod web;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use lotsen_corpus::{Document, DocumentId, Kind, Validity};
use serde::Deserialize;

use crate::fetch::Place;
use crate::personal::Policy;
use given::{About, Given};
use web::{WebSettings, WebSource};

/// The whole list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sources {
    /// The documents on disk.
    pub files: Vec<Source>,
    /// The entries whose documents are on the web; which documents those are, their sites say.
    pub web: Vec<WebSource>,
    /// How pages are fetched.
    pub settings: WebSettings,
}

/// One document to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Where its bytes are.
    pub place: Place,
    /// What is known about the document before it is read.
    pub document: Document,
    /// True where the list gives no title: the text's own first heading is taken instead.
    pub untitled: bool,
    /// What is done with personal data in it.
    pub personal_data: Policy,
}

/// Why a list of sources could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SourcesError {
    /// The file could not be read.
    #[error("cannot read the list of sources {path}: {source}")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The file is not TOML, or has an unknown or missing field.
    #[error("{path} is not a list of sources: {source}")]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// What the parser said, with line and field.
        source: Box<toml::de::Error>,
    },
    /// A field of one entry does not make sense.
    #[error("{path}: {entry}: field `{field}`: {problem}")]
    Field {
        /// Which file.
        path: PathBuf,
        /// Which entry, by its file or folder.
        entry: String,
        /// Which field.
        field: &'static str,
        /// What is wrong with it and what to write instead.
        problem: String,
    },
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    defaults: Defaults,
    #[serde(default)]
    web: WebSettings,
    #[serde(default)]
    source: Vec<Entry>,
}

/// What holds for every entry that does not say otherwise.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defaults {
    kind: Option<Kind>,
    issuer: Option<String>,
    valid_from: Option<Date>,
    #[serde(default)]
    invented: bool,
    #[serde(default)]
    personal_data: Policy,
}

/// One `[[source]]`: a file, a folder whose files are all documents of the same sort, or one of the forms on the web.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: Option<PathBuf>,
    folder: Option<PathBuf>,
    page: Option<String>,
    pages: Option<Vec<String>>,
    sitemap: Option<String>,
    links: Option<String>,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    riksdag: Option<web::Acts>,
    rattspraxis: Option<web::Cases>,
    socialstyrelsen: Option<web::Publications>,
    id: Option<String>,
    title: Option<String>,
    short_title: Option<String>,
    kind: Option<Kind>,
    issuer: Option<String>,
    identifier: Option<String>,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    replaced_by: Option<DocumentId>,
    wording: Option<String>,
    invented: Option<bool>,
    personal_data: Option<Policy>,
    #[serde(default)]
    optional: bool,
}

/// Reads the list. Relative paths are taken from `root`, or from the list's own folder when there is no `root`.
pub fn load(list: &Path, root: Option<&Path>) -> Result<Sources, SourcesError> {
    let io = |source| SourcesError::Io {
        path: list.to_owned(),
        source,
    };
    let text = fs::read_to_string(list).map_err(io)?;
    let root = root.unwrap_or_else(|| list.parent().unwrap_or(Path::new(".")));
    parse(&text, list, root)
}

fn parse(text: &str, list: &Path, root: &Path) -> Result<Sources, SourcesError> {
    let parsed: List = toml::from_str(text).map_err(|source| SourcesError::Syntax {
        path: list.to_owned(),
        source: Box::new(source),
    })?;
    let mut sources = Sources {
        settings: parsed.web,
        ..Sources::default()
    };
    for entry in &parsed.source {
        let reader = EntryReader {
            list,
            root,
            entry,
            defaults: &parsed.defaults,
        };
        match reader.web(&sources.settings)? {
            Some(source) => sources.web.push(source),
            None => sources.files.extend(reader.sources()?),
        }
    }
    refuse_shared_ids(&sources, list)?;
    Ok(sources)
}

struct EntryReader<'a> {
    list: &'a Path,
    root: &'a Path,
    entry: &'a Entry,
    defaults: &'a Defaults,
}

impl EntryReader<'_> {
    fn sources(&self) -> Result<Vec<Source>, SourcesError> {
        match (&self.entry.file, &self.entry.folder) {
            (Some(file), None) if self.entry.optional && !self.root.join(file).exists() => {
                tracing::info!(file = %file.display(), "not there, left out as the list allows");
                Ok(Vec::new())
            }
            (Some(file), None) => Ok(vec![self.source(file)?]),
            (None, Some(folder)) => {
                for (field, given) in [("id", &self.entry.id), ("title", &self.entry.title)] {
                    if given.is_some() {
                        return Err(self.error(field, "a folder holds several documents: list the file by itself"));
                    }
                }
                self.files_in(folder)?.iter().map(|file| self.source(file)).collect()
            }
            _ => Err(self.error(
                "file",
                "give one of `file`, `folder`, `page`, `pages`, `sitemap`, `links`, `riksdag`, `rattspraxis` and `socialstyrelsen`",
            )),
        }
    }

    /// The files of a folder, in the order of their names so that two runs agree.
    fn files_in(&self, folder: &Path) -> Result<Vec<PathBuf>, SourcesError> {
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(self.root.join(folder)).sort_by_file_name() {
            let entry = entry.map_err(|e| SourcesError::Io {
                path: self.root.join(folder),
                source: e.into(),
            })?;
            if entry.file_type().is_file()
                && !is_nobodys(&entry.file_name().to_string_lossy())
                && let Ok(relative) = entry.path().strip_prefix(self.root)
            {
                files.push(relative.to_owned());
            }
        }
        Ok(files)
    }

    fn source(&self, file: &Path) -> Result<Source, SourcesError> {
        let (entry, defaults) = (self.entry, self.defaults);
        let stem = file
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        let id = match &entry.id {
            Some(id) => id.clone(),
            None => crate::outline::slug(&stem),
        };
        let id = DocumentId::new(id).map_err(|e| self.error("id", &e.to_string()))?;
        let given = self.given(true)?;
        let (document, untitled) = given.document(id, &About::default(), &file.to_string_lossy());
        let title = if untitled { stem } else { document.title };
        Ok(Source {
            place: Place::File(self.root.join(file)),
            untitled,
            personal_data: entry.personal_data.unwrap_or(defaults.personal_data),
            document: Document { title, ..document },
        })
    }

    /// What the entry says about its documents, with the list's defaults. Texts of the state have their own kind and
    /// issuer and are not invented: the defaults, which are about the municipality's own, say nothing about them.
    fn given(&self, own: bool) -> Result<Given, SourcesError> {
        let entry = self.entry;
        let none = Defaults::default();
        let defaults = if own { self.defaults } else { &none };
        let kind = entry.kind.or(defaults.kind);
        let issuer = entry.issuer.clone().or_else(|| defaults.issuer.clone());
        let missing = |field| self.error(field, "missing, here and in [defaults]");
        if own && kind.is_none() {
            return Err(missing("kind"));
        }
        if own && issuer.is_none() {
            return Err(missing("issuer"));
        }
        let validity = Validity {
            valid_from: entry.valid_from.or(defaults.valid_from),
            valid_to: entry.valid_to,
        };
        if let (Some(from), Some(to)) = (validity.valid_from, validity.valid_to)
            && to < from
        {
            return Err(self.error("valid_to", &format!("{to} is before valid_from ({from})")));
        }
        Ok(Given {
            title: entry.title.clone(),
            short_title: entry.short_title.clone(),
            kind,
            issuer,
            identifier: entry.identifier.clone(),
            validity,
            replaced_by: entry.replaced_by.clone(),
            wording: entry.wording.clone(),
            invented: entry.invented.unwrap_or(defaults.invented),
        })
    }

    fn error(&self, field: &'static str, problem: &str) -> SourcesError {
        let entry = self.entry;
        let path = entry.file.as_ref().or(entry.folder.as_ref());
        let name = path.map(|path| path.display().to_string());
        let address = [&entry.page, &entry.sitemap, &entry.links, &entry.id]
            .into_iter()
            .flatten()
            .next();
        SourcesError::Field {
            path: self.list.to_owned(),
            entry: name
                .or(address.cloned())
                .unwrap_or("an entry without a name".to_owned()),
            field,
            problem: problem.to_owned(),
        }
    }
}

/// Files that lie in a folder without being anybody's document: hidden ones, those that Office keeps beside an open
/// document, and those by which Windows and OneDrive remember how a folder looks.
fn is_nobodys(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with(['.', '~']) || lower.ends_with(".tmp") || matches!(&*lower, "desktop.ini" | "thumbs.db")
}

/// An id is part of permanent links: two documents that share one would be mixed up for good.
fn refuse_shared_ids(sources: &Sources, list: &Path) -> Result<(), SourcesError> {
    let files = sources.files.iter();
    let files = files.map(|source| (source.document.id.to_string(), source.document.source.clone()));
    let web = sources.web.iter();
    let web = web.map(|source| (source.id.clone(), source.form.to_string()));
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (id, entry) in files.chain(web) {
        if let Some(first) = seen.insert(id.clone(), entry.clone()) {
            return Err(SourcesError::Field {
                path: list.to_owned(),
                entry,
                field: "id",
                problem: format!("{id} is taken by {first}"),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Source>, String> {
        let sources = parse(text, Path::new("sources.toml"), Path::new("texts"));
        sources.map(|sources| sources.files).map_err(|e| e.to_string())
    }

    #[test]
    fn defaults_fill_what_an_entry_leaves_out() {
        let sources = read(
            r#"
            [defaults]
            kind = "riktlinje"
            issuer = "Storåker kommun"
            invented = true
            [[source]]
            file = "Avgifter 2026.md"
            valid_from = "2026-01-01"
            "#,
        )
        .unwrap();
        assert_eq!(sources[0].document.id.as_str(), "avgifter-2026");
        assert_eq!(sources[0].place, Place::File("texts/Avgifter 2026.md".into()));
        assert!(sources[0].document.invented && sources[0].untitled);
    }

    #[test]
    fn only_an_optional_file_may_be_missing() {
        let list = |optional: bool| {
            format!("[[source]]\nfile = 'no-such.md'\nkind = 'lag'\nissuer = 'X'\noptional = {optional}")
        };
        assert_eq!(read(&list(true)).unwrap().len(), 0);
        assert_eq!(
            read(&list(false)).unwrap().len(),
            1,
            "a missing file that must be there is reported by the run"
        );
    }

    #[test]
    fn a_mistake_is_named_by_entry_and_field() {
        let cases = [
            ("[[source]]\nfile = 'a.md'\nissuer = 'X'", "a.md: field `kind`: missing"),
            (
                "[[source]]\nfile = 'a.md'\nkind = 'lag'\nissuer = 'X'\nvalid_from = '2025-01-01'\nvalid_to = '2024-01-01'",
                "field `valid_to`: 2024-01-01 is before",
            ),
            (
                "[[source]]\nfile = 'a.md'\nkind = 'lag'\nissuer = 'X'\nid = 'Å'",
                "field `id`",
            ),
            ("[[source]]\nkind = 'lag'\nissuer = 'X'", "give one of `file`"),
            ("[[source]]\nfile = 'a.md'\nvalid_till = '2024-01-01'", "valid_till"),
            (
                "[defaults]\nkind = 'lag'\nissuer = 'X'\n[[source]]\nfile = 'a.md'\n[[source]]\nfile = 'b/a.md'",
                "a is taken by a.md",
            ),
        ];
        for (text, expected) in cases {
            let error = read(text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
