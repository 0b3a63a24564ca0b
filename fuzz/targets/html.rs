//! The inside of a web page in.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|page: &str| {
    lotsen_fuzz::read(format!("<!doctype html>{page}").as_bytes());
});
