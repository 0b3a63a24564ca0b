//! The parts of a Word file in; `word/document.xml` first.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: &str| {
    lotsen_fuzz::read_office("word/document.xml", parts);
});
