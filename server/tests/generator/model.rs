//! Where the smallest model lies, for the tests that need one: in the folder `LOTSEN_MODELS`, or in `models`.

use std::path::PathBuf;

use lotsen_corpus::models::{ModelFolder, ModelList};

/// The smallest language model of the list.
pub const ID: &str = "qwen2.5-coder-0.5b-instruct";

/// The folder of all models, and the smallest one's file in it; or a line that says that a test is skipped.
pub fn find() -> Option<(ModelFolder, PathBuf)> {
    let root = std::env::var_os("LOTSEN_MODELS").map_or_else(|| PathBuf::from("../models"), PathBuf::from);
    let folder = ModelFolder::new(root);
    let models = ModelList::built_in().unwrap();
    let model = models.get(ID).unwrap();
    let file = folder.of(model).join(&model.main_file().path);
    if file.is_file() {
        return Some((folder, file));
    }
    eprintln!(
        "SKIPPED: {} is missing; `lotsen-ingest models fetch {ID}` brings it",
        file.display()
    );
    None
}
