//! Questions typed by hand, with names and without, that were written before their author had read a rule or a word list.
//! The rules were mended afterwards by the odd ones; the even ones show what the mending is worth.
//!
//! The figures and every miss: `cargo test -p lotsen-guard --test typed -- --nocapture`

#[path = "support/templates.rs"]
#[allow(dead_code)]
mod templates;

use lotsen_guard::{Finding, FindingKind, find};
use templates::lines;

const HALVES: [&str; 2] = ["odd", "even"];

fn part(text: &str, finding: &Finding) -> String {
    text.chars()
        .skip(finding.start)
        .take(finding.end - finding.start)
        .collect()
}

/// Prints every finding in harmless questions; how many of the odd and of the even ones are stopped.
fn stopped(what: &str, questions: &[&str]) -> [usize; 2] {
    let mut stopped = [0, 0];
    for (i, text) in questions.iter().enumerate() {
        let findings = find(text);
        for finding in &findings {
            let certainty = if finding.certain { "certain" } else { "possible" };
            println!(
                "STOPPED {} {certainty} {:?} {:?}: {text}",
                HALVES[i % 2],
                finding.kind,
                part(text, finding)
            );
        }
        stopped[i % 2] += usize::from(!findings.is_empty());
    }
    println!(
        "typed, {what}: stopped {} odd and {} even of {} questions",
        stopped[0],
        stopped[1],
        questions.len()
    );
    stopped
}

#[test]
fn harmless_questions_typed_by_hand_pass() {
    let questions = lines(include_str!("generated/typed_harmless.txt"));
    let [odd, even] = stopped("harmless", &questions);
    assert!(
        (odd + even) * 25 <= questions.len(),
        "far from what was measured before"
    );
}

/// The rules were mended by the questions of the test above. These were written afterwards.
#[test]
fn harmless_questions_that_no_rule_was_written_for() {
    let questions = lines(include_str!("generated/typed_afterwards.txt"));
    let [odd, even] = stopped("harmless, afterwards", &questions);
    assert!((odd + even) * 5 <= questions.len(), "far from what was measured before");
}

/// A question and the first and last code point of each name in it, which the file has in brackets.
fn unbracketed(line: &str) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut names, mut length) = (String::new(), Vec::new(), 0);
    for c in line.chars() {
        match c {
            '[' => names.push((length, length)),
            ']' => names
                .iter_mut()
                .for_each(|name| name.1 = if name.0 == name.1 { length } else { name.1 }),
            _ => {
                text.push(c);
                length += 1;
            }
        }
    }
    (text, names)
}

#[test]
fn names_typed_by_hand_are_found() {
    let mut odd = false;
    let mut sections: Vec<(&str, [(usize, usize); 2])> = Vec::new();
    let mut wrong = 0;
    for line in lines_with_sections() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push((title, [(0, 0); 2]));
            continue;
        }
        odd = !odd;
        let half = usize::from(!odd);
        let (text, names) = unbracketed(line);
        let findings = find(&text);
        let is_name = |finding: &Finding| finding.kind == FindingKind::Name;
        for (start, end) in &names {
            let found = findings.iter().any(|f| is_name(f) && f.start < *end && *start < f.end);
            if let Some((_, halves)) = sections.last_mut() {
                halves[half] = (halves[half].0 + usize::from(found), halves[half].1 + 1);
            }
            if !found {
                println!("MISSED {}: {line}", HALVES[half]);
            }
        }
        for finding in &findings {
            if !names
                .iter()
                .any(|(start, end)| finding.start < *end && *start < finding.end)
            {
                wrong += 1;
                println!(
                    "WRONG {} {:?} {:?}: {line}",
                    HALVES[half],
                    finding.kind,
                    part(&text, finding)
                );
            }
        }
    }
    let mut sum = [(0, 0); 2];
    for (title, halves) in &sections {
        println!(
            "{title}: {} of {} odd, {} of {} even",
            halves[0].0, halves[0].1, halves[1].0, halves[1].1
        );
        for (sum, half) in sum.iter_mut().zip(halves) {
            *sum = (sum.0 + half.0, sum.1 + half.1);
        }
    }
    let (found, all) = (sum[0].0 + sum[1].0, sum[0].1 + sum[1].1);
    assert!(
        cfg!(feature = "no-name-lists") || found * 10 >= all * 9,
        "found {found} of {all}"
    );
    println!(
        "typed, names: {} of {} odd, {} of {} even, {wrong} findings that are no name",
        sum[0].0, sum[0].1, sum[1].0, sum[1].1
    );
}

fn lines_with_sections() -> impl Iterator<Item = &'static str> {
    include_str!("generated/typed_names.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
}
