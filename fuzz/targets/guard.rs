//! Any text in; the guard must not fail, and what it reports must lie inside the text, in order, without overlaps.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let length = text.chars().count();
    let findings = lotsen_guard::find(text);
    let mut at = 0;
    for finding in &findings {
        assert!(at <= finding.start && finding.start < finding.end && finding.end <= length);
        at = finding.end;
    }
    let said = lotsen_guard::generalise(text, &findings);
    assert!(findings.is_empty() || said != text, "what was found is still there");
    let halves = text.chars().count() / 2;
    let (first, second): (String, String) = (text.chars().take(halves).collect(), text.chars().skip(halves).collect());
    assert_eq!(lotsen_guard::find_across(&[&first, &second]).len(), 2);
});
