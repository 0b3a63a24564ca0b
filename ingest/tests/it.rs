//! The write side as an operator meets it: files in, passages and releases out. One module per subject.

#[path = "it/documents.rs"]
mod documents;
#[path = "it/hostile.rs"]
mod hostile;
#[path = "it/real.rs"]
mod real;
#[path = "it/releases.rs"]
mod releases;
#[path = "it/support.rs"]
mod support;
