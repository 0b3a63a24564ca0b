//! Hostile text: no panic, findings in order, time in proportion to length.

use std::time::Instant;

use lotsen_guard::{find, find_across, generalise};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn findings_are_sorted_and_inside_the_text(text in "[A-ZÅÄÖ][a-zşłéå]{1,9}([ ,.(-][a-zA-ZåäöÅÄÖ0-9]{1,9}){0,20}|\\PC{0,200}|[0-9OoIl +./,:\\-\u{AD}\u{200B}]{0,80}|[A-ZÅÄÖa-zåäö0-9 ,.\\-@\n]{0,200}") {
        let findings = find(&text);
        let length = text.chars().count();
        for finding in &findings {
            prop_assert!(finding.start < finding.end && finding.end <= length);
        }
        for pair in findings.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
        let _ = find_across(&[&text, "och", &text]);
        let safe = generalise(&text, &findings);
        prop_assert!(findings.is_empty() == (safe == text), "{}", safe);
    }

    #[test]
    fn a_number_is_found_in_any_surroundings(before in "[a-zåäö ,.?]{0,40}", after in "[a-zåäö ,.?]{0,40}") {
        let text = format!("{before} 19460823-9986 {after}");
        prop_assert!(find(&text).iter().any(|finding| finding.certain), "{}", text);
    }

    #[test]
    fn nothing_found_is_left_after_generalising(name in "(Anna|Leif|Fatuma) (Lindström|Warsame)", number in "19460823[- ]?9986") {
        let text = format!("Har {name} {number} på Ekvägen 2 rätt till hjälp?");
        let safe = generalise(&text, &find(&text));
        prop_assert_eq!(safe, "Har [person] rätt till hjälp?".to_owned());
    }
}

/// What makes careless patterns go back and forth when it is repeated.
const WORST: [&str; 35] = [
    "1",
    "19",
    "1 ",
    "0-",
    "194608239986",
    "2024-01-01 ",
    "ett ",
    "O",
    "a",
    "a.",
    "a@",
    "SE45",
    "07 ",
    "Anna ",
    "Aa ",
    "A. ",
    "Ab-",
    "vägen ",
    "SN 2024-",
    "+4",
    "\u{301}",
    "\u{200B}",
    "konto 1 ",
    "e\u{301}",
    "Flickan går på ",
    "\n",
    "Xaawo ",
    "xaawo ",
    "En kvinna, 34 år, i Visby ",
    "Hon går på Xskolan ",
    "Xaawo, ",
    "Xaawo och ",
    "Kan Netflix ",
    "xaawos dotter ",
    "Weynshet-het",
];

/// The quickest of three runs, in seconds: other work on the machine only ever adds time.
fn seconds(part: &str, length: usize) -> f64 {
    let text = part.repeat(length / part.len());
    let run = || {
        let start = Instant::now();
        let _ = find(&text);
        start.elapsed().as_secs_f64()
    };
    run().min(run()).min(run())
}

/// Five times the text may take about five times as long; a pattern that goes back and forth would take twenty-five times.
#[test]
fn time_grows_with_the_text_and_no_faster() {
    for part in WORST {
        let (fifth, whole) = (seconds(part, 20_000), seconds(part, 100_000));
        println!("{part:>20?}: 100 kB in {:6.1} ms", whole * 1000.0);
        assert!(whole < fifth * 12.0 + 0.2, "{part:?}: {fifth} s, then {whole} s");
    }
}

#[test]
#[ignore = "a megabyte of each, half a minute"]
fn a_megabyte_takes_ten_times_as_long_as_a_tenth_of_it() {
    for part in WORST {
        let (tenth, whole) = (seconds(part, 100_000), seconds(part, 1_000_000));
        println!("{part:>30?}: 1 MB in {:6.0} ms", whole * 1000.0);
        assert!(whole < tenth * 20.0 + 0.2, "{part:?}: {tenth} s, then {whole} s");
    }
}

#[test]
fn long_messages_side_by_side_take_little_time() {
    let text = "1 ".repeat(20_000);
    let start = Instant::now();
    let _ = find_across(&[&text, &text, &text]);
    assert!(start.elapsed().as_secs_f64() < 3.0);
}

#[test]
fn a_question_takes_little_time() {
    let text =
        "Har klienten 19460823-9986 på Ekvägen 2 rätt till hemtjänst enligt 4 kap. 1 § SoL (2001:453)? ".repeat(20);
    let _ = find(&text);
    let mut times: Vec<f64> = (0..100)
        .map(|_| {
            let start = Instant::now();
            let _ = find(&text);
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{} characters: median {:.2} ms, p99 {:.2} ms",
        text.chars().count(),
        times[50],
        times[98]
    );
    assert!(times[50] < 50.0, "median {} ms", times[50]);
}
