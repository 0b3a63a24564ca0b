//! Fetching, checking and converting models: against servers and folders made here, and against the package's own engine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "models/conversion.rs"]
mod conversion;
#[path = "models/fetching.rs"]
mod fetching;
