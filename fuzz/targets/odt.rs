//! The parts of an OpenDocument text in; `content.xml` first.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: &str| {
    lotsen_fuzz::read_office("content.xml", parts);
});
