//! Fetching, checking and converting models: against servers and folders made here, and against the package's own engine.

#[path = "models/conversion.rs"]
mod conversion;
#[path = "models/fetching.rs"]
mod fetching;
