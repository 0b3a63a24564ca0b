//! A passage's text in, the byte ranges of its sentences out.

use std::ops::Range;

/// Abbreviations after which a sentence goes on, whatever follows. Without the last full stop, in lower case.
const NEVER_LAST: &[&str] = &[
    "kap", "st", "p", "pp", "jfr", "bl.a", "bl. a", "t.ex", "t. ex", "prop", "bet", "rskr", "dnr", "sfs", "mål nr",
    "nr", "s.k", "s. k", "dvs", "d.v.s", "d. v. s", "resp", "fr.o.m", "fr. o. m", "t.o.m", "t. o. m", "f.n", "f. n",
    "m.a.o", "p.g.a", "p. g. a", "pga", "ang", "avs", "ca", "c:a", "cirka", "exkl", "inkl", "eg", "enl", "ev", "f.d",
    "f. d", "fig", "föreg", "i st.f", "i.st.f", "kl", "obs", "o.d", "ref", "rubr", "s", "sid", "tab", "tel", "tfn",
    "t.v", "vol", "äv", "övers", "art", "avd", "avsn", "bil", "dir", "ds", "hfd", "nja", "rå", "jo", "doc", "dr",
    "fil", "hr", "fru", "prof", "st.f", "ordf", "v. ordf", "min", "max", "kr", "jan", "feb", "mar", "apr", "jun",
    "jul", "aug", "sep", "sept", "okt", "nov", "dec", "a.a", "i.a", "u.a", "kungl", "k.m:t", "ung", "t.f", "tf",
];

/// Abbreviations that may end a sentence: it ends there if a capital letter follows.
const MAYBE_LAST: &[&str] = &[
    "m.m", "m. m", "m.fl", "m. fl", "osv", "o.s.v", "o. s. v", "etc", "o.dyl", "o. dyl", "dyl", "o.d", "o. d", "mm",
    "ff", "f", "e.d", "e. d", "e.dyl", "mfl",
];

/// The sentences of a passage as byte ranges, in order, without the white space between them.
///
/// Each line is a block, so no sentence crosses a line feed. The paragraph label at the start ("12 § ", "4 a § ") and the note
/// of the last amendment at a line's end ("Lag (2019:883).") are the source's apparatus, not its words, and belong to none.
/// An item of a list is one sentence with its mark ("1. ", "– "), and so is the lead-in that ends in a colon.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = paragraph_label(text);
    for line in text.split_inclusive('\n') {
        let line_start = line.as_ptr() as usize - text.as_ptr() as usize;
        let end = line_start + line.len();
        split_line(text, start.max(line_start)..end, &mut found);
        start = end;
    }
    found
}

/// Cuts one line; `line` is a range of `text`.
fn split_line(text: &str, line: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut start = line.start;
    let body = &text[line.clone()];
    let mut from = list_mark(body);
    while let Some(offset) = body[from..].find(['.', '!', '?']) {
        let mark = from + offset;
        let end = after_closers(body, mark + 1);
        from = end;
        if ends_sentence(body, mark, end) {
            push_trimmed(text, start..line.start + end, found);
            start = line.start + end;
        }
    }
    push_trimmed(text, start..line.end, found);
}

/// True if the stop at `mark`, with what closes after it up to `end`, ends a sentence of `line`.
fn ends_sentence(line: &str, mark: usize, end: usize) -> bool {
    let rest = &line[end..];
    let next = rest.trim_start();
    if next.is_empty() {
        return true;
    }
    let parted = rest.len() > next.len();
    let starts_anew = next
        .trim_start_matches(['"', '”', '“', '\'', '’', '«', '»', '(', '[', '–', '—', '-', ' ', '…'])
        .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    if !parted || !starts_anew {
        return false;
    }
    if !line[mark..].starts_with('.') {
        return true;
    }
    let before = &line[..mark];
    !(is_ordinal_or_initial(before, next) || ends_with_any(before, NEVER_LAST))
        && (!ends_with_any(before, MAYBE_LAST) || next.starts_with(|c: char| c.is_uppercase()))
}

/// "den 1. Januari", "C. Andersson", "12.": a full stop that belongs to the number or letter before it.
fn is_ordinal_or_initial(before: &str, next: &str) -> bool {
    let word = before.rsplit([' ', '(', '\n']).next().unwrap_or_default();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let list_number = before.trim_start().chars().all(|c| c.is_ascii_digit());
    let number_goes_on = word.ends_with(|c: char| c.is_ascii_digit())
        && next.starts_with(|c: char| c.is_ascii_digit())
        && word.len() <= 2;
    initial || list_number || number_goes_on
}

/// True if `before` ends with one of the abbreviations as a whole word.
fn ends_with_any(before: &str, abbreviations: &[&str]) -> bool {
    abbreviations.iter().any(|abbreviation| {
        let Some(start) = before.len().checked_sub(abbreviation.len()) else {
            return false;
        };
        before.is_char_boundary(start)
            && before[start..].to_lowercase() == *abbreviation
            && !before[..start].ends_with(|c: char| c.is_alphanumeric() || c == '.')
    })
}

/// Where the closing quotation marks and brackets after a stop end.
fn after_closers(line: &str, from: usize) -> usize {
    let rest = &line[from..];
    from + rest.len()
        - rest
            .trim_start_matches(['.', '!', '?', '…', '"', '”', '’', '\'', '»', ')', ']'])
            .len()
}

/// Length of the paragraph label with its space: "12 § ", "4 a § ", "11 kap. 1 § "; 0 if there is none.
fn paragraph_label(text: &str) -> usize {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 {
        return 0;
    }
    let mut rest = &text[digits..];
    let lettered = rest.trim_start_matches(' ');
    let mut letters = lettered.chars();
    if letters.next().is_some_and(|c| c.is_ascii_lowercase()) && letters.next() == Some(' ') {
        rest = &lettered[1..];
    }
    match rest.trim_start_matches(' ').strip_prefix('§') {
        Some(body) if body.starts_with([' ', '\n']) => text.len() - body.trim_start().len(),
        _ => 0,
    }
}

/// Length of a list item's mark ("1. ", "a) ", "– "), so that its full stop is not taken for a sentence end.
fn list_mark(line: &str) -> usize {
    let mark = line.split(' ').next().unwrap_or_default();
    let numbered = mark.len() <= 5
        && mark.ends_with(['.', ')'])
        && mark
            .trim_end_matches(['.', ')'])
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '.');
    if numbered && mark.chars().count() < line.chars().count() {
        mark.len()
    } else {
        0
    }
}

fn push_trimmed(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let raw = &text[range.clone()];
    let start = range.start + raw.len() - raw.trim_start().len();
    let sentence = raw.trim();
    if !sentence.is_empty() && !is_amendment_note(sentence) {
        found.push(start..start + sentence.len());
    }
}

/// "Lag (2019:883)." and "Förordning (2024:96)." name the act that last changed the paragraph.
fn is_amendment_note(sentence: &str) -> bool {
    let number = sentence
        .strip_prefix("Lag (")
        .or_else(|| sentence.strip_prefix("Förordning ("))
        .and_then(|rest| rest.strip_suffix(").").or_else(|| rest.strip_suffix(')')));
    number.is_some_and(|n| n.contains(':') && n.chars().all(|c| c.is_ascii_digit() || c == ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn abbreviations_of_statutes_do_not_end_a_sentence() {
        check(
            "Se 4 kap. 1 § andra st. SoL, jfr prop. 2000/01:80 s. 94. Beslutet ska bl.a. innehålla skäl.",
            &[
                "Se 4 kap. 1 § andra st. SoL, jfr prop. 2000/01:80 s. 94.",
                "Beslutet ska bl.a. innehålla skäl.",
            ],
        );
        check(
            "Enligt dnr. 2023/12 och SFS 2025:400 gäller det.",
            &["Enligt dnr. 2023/12 och SFS 2025:400 gäller det."],
        );
        check(
            "Städning, tvätt m.m. Insatsen beviljas.",
            &["Städning, tvätt m.m.", "Insatsen beviljas."],
        );
    }

    #[test]
    fn the_label_and_the_amendment_note_are_outside() {
        check("12 § Nämnden ska besluta. Lag (2019:883).", &["Nämnden ska besluta."]);
        check(
            "4 a § Barn har rätt att komma till tals.",
            &["Barn har rätt att komma till tals."],
        );
        check("3 § första stycket gäller.", &["första stycket gäller."]);
    }

    #[test]
    fn each_item_of_a_list_is_a_sentence_and_so_is_its_lead_in() {
        check(
            "9 § Insatserna är\n1. rådgivning och annat personligt stöd,\n2. biträde av personlig assistent,\n– ledsagarservice.",
            &[
                "Insatserna är",
                "1. rådgivning och annat personligt stöd,",
                "2. biträde av personlig assistent,",
                "– ledsagarservice.",
            ],
        );
    }

    #[test]
    fn quotation_marks_and_brackets_stay_with_their_sentence() {
        check(
            "Han sade ”nej.” Hon gick (hem.) Slut!",
            &["Han sade ”nej.”", "Hon gick (hem.)", "Slut!"],
        );
    }
}
