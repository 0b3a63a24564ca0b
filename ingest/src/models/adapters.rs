//! In: the name of trained adapters. Out: their bytes, which ship with the program.
//!
//! They are the project's own (`eval/train` says how they were made and what they are worth) and a few megabytes each.

/// The adapters of this name.
pub(super) fn get(name: &str) -> Option<&'static [u8]> {
    match name {
        "questions" => Some(include_bytes!("../../../corpus/adapters/questions.safetensors")),
        "judge" => Some(include_bytes!("../../../corpus/adapters/judge.safetensors")),
        _ => None,
    }
}
