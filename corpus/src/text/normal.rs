//! Raw text in, one block of text in normal form out.

use unicode_normalization::UnicodeNormalization;

/// One block of text in the one normal form: NFC, every run of white space one space, nothing invisible, ligatures spelled
/// out, all hyphens the ASCII one. Dashes, quotation marks and case stay as the source has them.
///
/// Line feeds are white space here: who joins blocks into a passage puts them back. Doing it twice changes nothing.
pub fn normalise(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut space_due = false;
    for c in raw.chars().filter(|&c| !is_invisible(c)).flat_map(spelled_out).nfc() {
        if c.is_whitespace() {
            space_due = !text.is_empty();
        } else {
            if space_due {
                text.push(' ');
                space_due = false;
            }
            text.push(c);
        }
    }
    text
}

/// Characters that a reader cannot see and a comparison trips over: soft hyphen, zero-width and direction marks, controls.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}')
        || (c.is_control() && !c.is_whitespace())
}

/// The letters behind a presentation form, and the plain hyphen behind the typographic ones. PDF text holds both.
fn spelled_out(c: char) -> impl Iterator<Item = char> {
    let one = [c; 1];
    let letters: &str = match c {
        '\u{FB00}' => "ff",
        '\u{FB01}' => "fi",
        '\u{FB02}' => "fl",
        '\u{FB03}' => "ffi",
        '\u{FB04}' => "ffl",
        '\u{FB05}' | '\u{FB06}' => "st",
        '\u{2010}' | '\u{2011}' => "-",
        _ => "",
    };
    let keep = if letters.is_empty() { 1 } else { 0 };
    letters.chars().chain(one.into_iter().take(keep))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_pdf_hides_is_made_plain() {
        assert_eq!(
            normalise(" identi\u{FB01}era\u{A0}o\u{FB00}iciell  "),
            "identifiera officiell"
        );
        assert_eq!(normalise("hand\u{AD}läggare\r\n\tbeslutar"), "handläggare beslutar");
        assert_eq!(normalise("a\u{30A}a\u{308}o\u{308}"), "åäö");
        assert_eq!(normalise("vård\u{2010} eller 5–7 §§ ”så”"), "vård- eller 5–7 §§ ”så”");
        assert_eq!(normalise("\u{FEFF}\u{200B}"), "");
    }

    proptest! {
        #[test]
        fn the_normal_form_is_stable(raw in "\\PC{0,60}[ \u{A0}\n]{0,3}\\PC{0,60}") {
            let once = normalise(&raw);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
