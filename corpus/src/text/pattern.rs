//! A regular expression written in the code in; the compiled one out.

use regex::Regex;

/// Compiles a pattern that is fixed in the code, which is why it cannot fail where it was tried once: every module that has
/// one has a test that compiles it. Never for what comes from outside.
pub fn pattern(source: &str) -> Regex {
    #[allow(
        clippy::unwrap_used,
        reason = "fixed patterns; the tests of the modules that have them compile every one"
    )]
    Regex::new(source).unwrap()
}
