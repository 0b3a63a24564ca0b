//! The whole server through its real router, over a small release with real vectors: what the contract promises, what bad
//! input gets, and what never leaks. Needs the embedding model in the models folder; without it the tests say that they are skipped.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "http/bad_input.rs"]
mod bad_input;
#[path = "http/canary.rs"]
mod canary;
#[path = "http/case_law.rs"]
mod case_law;
#[path = "http/chat.rs"]
mod chat;
#[path = "http/confirm.rs"]
mod confirm;
#[path = "http/contract.rs"]
mod contract;
#[path = "pipeline/corpus.rs"]
mod corpus;
#[path = "pipeline/decisions.rs"]
mod decisions;
#[path = "http/documents.rs"]
mod documents;
#[path = "http/everywhere.rs"]
mod everywhere;
#[path = "http/fail_closed.rs"]
mod fail_closed;
#[path = "http/harness.rs"]
mod harness;
#[path = "http/headers.rs"]
mod headers;
#[path = "http/mcp.rs"]
mod mcp;
#[path = "http/panics.rs"]
mod panics;
#[path = "http/schema.rs"]
mod schema;
#[path = "http/sockets.rs"]
mod sockets;
#[path = "http/without_script.rs"]
mod without_script;
