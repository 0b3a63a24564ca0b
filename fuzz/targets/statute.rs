//! Text in; its chapters and paragraphs are looked for.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lotsen_corpus::Kind;

fuzz_target!(|text: &str| {
    lotsen_fuzz::read_text(text, Kind::Lag);
    lotsen_fuzz::read_text(text, Kind::Foreskrift);
});
