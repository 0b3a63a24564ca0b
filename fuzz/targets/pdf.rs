//! Any bytes that begin as a PDF in; a fault in the PDF library costs that one file, one of ours is found.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    lotsen_fuzz::read(&[b"%PDF-1.7\n", bytes].concat());
});
