//! Digits as Swedish words: in comes one word in lower case, out come the digits it says.

const UNITS: [&str; 10] = ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"];
const TEENS: [&str; 10] = [
    "tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton",
];
const TENS: [&str; 10] = [
    "", "", "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio",
];
/// Other spellings of a single digit.
const OTHER: [(&str, u8); 5] = [("en", 1), ("nolla", 0), ("etta", 1), ("tva", 2), ("atta", 8)];
/// How centuries are said: `nittonhundrafyrtiosex` is 1946, `tjugohundranio` and `tvåtusennio` are 2009.
const CENTURIES: [(&str, [u8; 2]); 5] = [
    ("artonhundra", [1, 8]),
    ("nittonhundra", [1, 9]),
    ("tjugohundra", [2, 0]),
    ("tvåtusen", [2, 0]),
    ("tjugonoll", [2, 0]),
];

/// The digits of a number word, or nothing for any other word. `åtta` is 8, `fyrtiosex` 46, `nittonhundrafyrtiosex`
/// 1946, `fyrasexnollåtta` 4608.
pub(super) fn digits(word: &str) -> Option<Vec<u8>> {
    if word.len() > 80 {
        return None;
    }
    if let Some((_, digit)) = OTHER.iter().find(|(name, _)| *name == word) {
        return Some(vec![*digit]);
    }
    for (name, century) in CENTURIES {
        if let Some(rest) = word.strip_prefix(name) {
            let mut digits = century.to_vec();
            match (rest.trim_start_matches("och"), unit(rest)) {
                ("", _) => {}
                (_, Some(last)) => digits.extend([0, last]),
                (rest, None) => digits.extend(below_hundred(rest)?),
            }
            return Some(digits);
        }
    }
    unit(word)
        .map(|digit| vec![digit])
        .or_else(|| below_hundred(word))
        .or_else(|| run_of_units(word))
}

fn unit(word: &str) -> Option<u8> {
    (0_u8..)
        .zip(UNITS)
        .find(|(_, name)| *name == word)
        .map(|(digit, _)| digit)
}

fn below_hundred(word: &str) -> Option<Vec<u8>> {
    if let Some((digit, _)) = (0_u8..).zip(TEENS).find(|(_, name)| *name == word) {
        return Some(vec![1, digit]);
    }
    let (tens, name) = (0_u8..).zip(TENS).skip(2).find(|(_, name)| word.starts_with(name))?;
    match word.strip_prefix(name)? {
        "" => Some(vec![tens, 0]),
        "en" => Some(vec![tens, 1]),
        rest => unit(rest).filter(|digit| *digit > 0).map(|digit| vec![tens, digit]),
    }
}

/// Digits said without a pause, at least three of them.
fn run_of_units(word: &str) -> Option<Vec<u8>> {
    let mut digits = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let (digit, name) = (0_u8..).zip(UNITS).find(|(_, name)| rest.starts_with(name))?;
        digits.push(digit);
        rest = rest.strip_prefix(name)?;
    }
    (digits.len() >= 3).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_words() {
        for (word, expected) in [
            ("noll", Some(vec![0])),
            ("sjutton", Some(vec![1, 7])),
            ("fyrtiosex", Some(vec![4, 6])),
            ("nittio", Some(vec![9, 0])),
            ("nittonhundrafyrtiosex", Some(vec![1, 9, 4, 6])),
            ("tvåtusennio", Some(vec![2, 0, 0, 9])),
            ("tjugohundraelva", Some(vec![2, 0, 1, 1])),
            ("fyrasexnollåtta", Some(vec![4, 6, 0, 8])),
            ("sexuell", None),
            ("treårig", None),
            ("", None),
        ] {
            assert_eq!(digits(word), expected, "{word}");
        }
    }
}
