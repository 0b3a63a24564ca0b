//! The de-identified question: in come a text and what was found in it, out comes a sentence that can be read, with a
//! word in brackets where a person stood.
//!
//! What stands side by side is one person: `Har Leif Granqvist 19530219-2264 rätt` becomes `Har [person] rätt`. Where the
//! text says already who it is about, nothing stands instead: `min klient Leif Granqvist` becomes `min klient`. Ages,
//! diagnoses and everything else that was not found stay as they are written.

use crate::finding::{Finding, FindingKind};
use crate::rules;
use crate::words;

/// Replaces each finding with what it is: `[person]`, `[personnummer]`, `[adress]`. Findings must be sorted and must
/// not overlap, as [`find`](crate::find) returns them; those outside the text are left out.
pub fn generalise(text: &str, findings: &[Finding]) -> String {
    let text: Vec<char> = text.chars().collect();
    let cut = |from: usize, to: usize| {
        text[from.min(text.len())..to.min(text.len())]
            .iter()
            .collect::<String>()
    };
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    let mut before: Option<FindingKind> = None;
    for finding in findings.iter().filter(|finding| finding.start < text.len()) {
        let gap = cut(at, finding.start.max(at));
        let words = cut(finding.start, finding.end);
        at = finding.end.max(at);
        if before.is_some_and(|before| is_same_person(before, finding, &gap)) {
            if gap.contains('(') && text.get(at) == Some(&')') {
                at += 1;
            }
            continue;
        }
        result.push_str(&gap);
        before = is_telling(finding).then_some(finding.kind);
        match stand_in(finding, &words, &result) {
            Instead::Words(words) => result.push_str(&words),
            Instead::Nothing { genitive } => {
                result.truncate(result.trim_end().len());
                result.push_str(if genitive { "s" } else { "" });
            }
        }
    }
    result.push_str(&cut(at, text.len()));
    result
}

/// What is written where a finding stood.
enum Instead {
    Words(String),
    /// The words before say it already.
    Nothing {
        genitive: bool,
    },
}

/// Whether a finding is of a kind that says who a person is, so that what follows it may say the same again.
fn is_telling(finding: &Finding) -> bool {
    use FindingKind::{Name, Personnummer, Samordningsnummer};
    matches!(finding.kind, Name | Personnummer | Samordningsnummer)
}

/// Whether a finding only says more about the person that stands before it.
fn is_same_person(before: FindingKind, finding: &Finding, gap: &str) -> bool {
    const BETWEEN: [&str; 26] = [
        "",
        "på",
        "med",
        "personnummer",
        "personnr",
        "med personnummer",
        "med personnr",
        "pnr",
        "med pnr",
        "samordningsnummer",
        "samordningsnr",
        "född",
        "f",
        "tel",
        "telefon",
        "tfn",
        "mobil",
        "nr",
        "adress",
        "boende på",
        "bosatt på",
        "som bor på",
        "bor på",
        "id",
        "mejl",
        "e-post",
    ];
    let said = gap
        .trim_matches(|c: char| c.is_whitespace() || ",;:.()/-–".contains(c))
        .to_lowercase();
    let two_names = finding.kind == FindingKind::Name && before == FindingKind::Name;
    let is_description = finding.kind == FindingKind::Other && !finding.certain;
    let new_sentence = gap.contains(['?', '!', '\n']) || gap.contains(". ");
    let listed = two_names && gap.trim() != "";
    !is_description && !new_sentence && !listed && BETWEEN.contains(&said.as_str())
}

/// What the user reads in place of a finding; `before` is what the sentence says up to it.
fn stand_in(finding: &Finding, found: &str, before: &str) -> Instead {
    let last = before
        .rsplit(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or_default()
        .to_lowercase();
    let fixed = |words: &str| Instead::Words(words.to_owned());
    let is_labelled = words::is_number_label(&last);
    match finding.kind {
        FindingKind::Name => person(&last, before, is_genitive(found)),
        FindingKind::Personnummer if is_labelled => fixed("[personnummer]"),
        FindingKind::Samordningsnummer if is_labelled => fixed("[samordningsnummer]"),
        FindingKind::Personnummer | FindingKind::Samordningsnummer => person(&last, before, false),
        FindingKind::Address => fixed("[adress]"),
        FindingKind::Phone => fixed("[telefonnummer]"),
        FindingKind::Email => fixed("[e-postadress]"),
        FindingKind::CaseNumber => fixed("[ärendenummer]"),
        FindingKind::Other if !finding.certain => Instead::Words(rules::general_description(found)),
        FindingKind::Other if last.starts_with("född") || last.starts_with("födelse") => fixed("[datum]"),
        FindingKind::Other => fixed("[nummer]"),
    }
}

/// `[person]`, or nothing after a word that says who it is, as in `klienten Amina Yusuf`.
fn person(last: &str, before: &str, genitive: bool) -> Instead {
    let is_said =
        before.ends_with(' ') && before.trim_end().ends_with(char::is_alphanumeric) && words::is_person_noun(last);
    match is_said {
        true => Instead::Nothing {
            genitive: genitive && !last.ends_with('s'),
        },
        false => Instead::Words(if genitive { "[person]s" } else { "[person]" }.to_owned()),
    }
}

/// Whether a name was found with the -s of the genitive, as in `Ellens`.
fn is_genitive(name: &str) -> bool {
    let last = name.rsplit([' ', '-']).next().unwrap_or_default().to_lowercase();
    let is_name = |word: &str| words::is_given_name(word) || words::is_surname(word);
    !is_name(&last) && last.strip_suffix('s').is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(generalise(text, &find(text)), expected);
    }

    #[test]
    fn a_sentence_that_can_be_read() {
        check(
            "Har Leif Granqvist 19530219-2264 rätt till hjälp?",
            "Har [person] rätt till hjälp?",
        );
        check(
            "Leif Granqvist (19530219-2264), Ekvägen 2, 67 år, har MS.",
            "[person], 67 år, har MS.",
        );
        check(
            "Kan du kolla om 19481125-2222 har rätt till insatser?",
            "Kan du kolla om [person] har rätt till insatser?",
        );
        check(
            "Hens personnummer är 19481125-2222. Vad gäller?",
            "Hens personnummer är [personnummer]. Vad gäller?",
        );
        check("Min klient Amina Yusuf vill flytta.", "Min klient vill flytta.");
        check("Mamman heter Sara Haddad.", "Mamman heter [person].");
        check("Vad gäller för Ellens son?", "Vad gäller för [person]s son?");
        check(
            "Får Anna Lindström bo hos Leif Granqvist?",
            "Får [person] bo hos [person]?",
        );
        check(
            "Hon bor på Ekvägen 2 och har två barn.",
            "Hon bor på [adress] och har två barn.",
        );
    }

    #[test]
    fn a_description_keeps_what_matters() {
        check(
            "Flickan är 14 år, går på Solbergaskolan och har autism. Krävs samtycke?",
            "Flickan är 14 år, går på [skola] och har autism. Krävs samtycke?",
        );
    }

    #[test]
    fn findings_outside_the_text_do_no_harm() {
        let finding = |start, end| Finding {
            start,
            end,
            kind: FindingKind::Email,
            certain: true,
        };
        assert_eq!(generalise("ab", &[finding(0, 1), finding(5, 9)]), "[e-postadress]b");
        assert_eq!(generalise("", &[finding(0, 1)]), "");
    }
}
