//! Text with and without Markdown headings in.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    lotsen_fuzz::read(format!("# Riktlinje\n\n{text}").as_bytes());
    lotsen_fuzz::read(text.as_bytes());
});
