//! Raw Swedish text in; the one normal form and its sentences out.
//!
//! Everything that is stored, quoted, compared or embedded has passed [`normalise`], so that a quote can be looked for byte
//! by byte. [`sentences`] cuts a passage where a Swedish lawyer would, not where a full stop stands: "11 kap. 1 § första
//! st. SoL" is no sentence end, and each item of a list is a sentence of its own.

mod dates;
mod normal;
mod pattern;
mod sentences;

pub use dates::{MONTHS, first_day, first_month};
pub use normal::normalise;
pub use pattern::pattern;
pub use sentences::sentences;
