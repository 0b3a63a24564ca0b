//! Lotsen's read side: a question in, checked quotes with their places out.

pub mod reply;
