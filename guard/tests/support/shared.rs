//! Where the test data lies that is not part of the project.

use std::path::PathBuf;

/// The text of a file of the shared data, or nothing, said aloud, when the data is missing.
pub fn shared(path: &str) -> Option<String> {
    let folder = std::env::var_os("LOTSEN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let file = folder.join("data").join(path);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        eprintln!(
            "SKIPPED: {} is missing (set LOTSEN_SHARED to the folder that holds data/)",
            file.display()
        );
    }
    text
}
