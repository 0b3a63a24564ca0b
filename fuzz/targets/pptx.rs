//! The parts of a PowerPoint file in; `ppt/presentation.xml` first.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: &str| {
    lotsen_fuzz::read_office("ppt/presentation.xml", parts);
});
