//! The write side as an operator meets it: files in, passages and releases out. One module per subject.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "it/bombs.rs"]
mod bombs;
#[path = "it/documents.rs"]
mod documents;
#[path = "it/faults.rs"]
mod faults;
#[path = "it/formats.rs"]
mod formats;
#[path = "it/hostile.rs"]
mod hostile;
#[path = "it/real.rs"]
mod real;
#[path = "it/records.rs"]
mod records;
#[path = "it/releases.rs"]
mod releases;
#[path = "it/site.rs"]
mod site;
#[path = "it/support.rs"]
mod support;
