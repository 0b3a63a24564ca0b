//! Any bytes that begin as a zip archive in; reading them ends, and nothing fails.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    lotsen_fuzz::read(&[b"PK\x03\x04", bytes].concat());
});
