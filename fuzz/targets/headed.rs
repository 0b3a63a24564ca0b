//! Text in; its headings are looked for.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lotsen_corpus::Kind;

fuzz_target!(|text: &str| {
    lotsen_fuzz::read_text(text, Kind::Riktlinje);
});
