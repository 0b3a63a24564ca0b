//! The HTML of an act as the Riksdag's open data holds it in.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    let act = serde_json::json!({ "dokumentstatus": { "dokument": { "html": html } } });
    lotsen_fuzz::read(act.to_string().as_bytes());
    lotsen_fuzz::read(format!("{{\"dokumentstatus\":{html}").as_bytes());
});
