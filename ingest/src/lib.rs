//! In: documents and models. Out: a release that the server can read, and models that it can load.

pub mod models;
