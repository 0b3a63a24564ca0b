//! The inside of a judgment's JSON, as the courts' open case law gives it, in.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &str| {
    lotsen_fuzz::read(format!("{{\"publicering\":{json}").as_bytes());
});
