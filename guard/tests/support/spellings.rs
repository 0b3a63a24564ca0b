//! The ways in which people, programs and copied documents write a personnummer.

/// How much is demanded of a spelling.
#[derive(PartialEq, Eq, Clone, Copy)]
pub enum Kind {
    /// Written with digits or number words: every one must be found.
    Digits,
    /// Written with letters that look like digits: 99 of 100 must be found.
    LookAlike,
}

/// All spellings of a number of twelve digits: name, kind, text.
pub fn spellings(n: &str) -> Vec<(&'static str, Kind, String)> {
    let (date, last) = n.split_at(8);
    let (short, year, month, day) = (&date[2..], &date[..4], &date[4..6], &date[6..]);
    let wide = |text: &str| -> String {
        text.chars()
            .filter_map(|c| c.to_digit(10))
            .filter_map(|d| char::from_u32(0xFF10 + d))
            .collect()
    };
    let between = |text: &str, gap: &str| text.chars().map(String::from).collect::<Vec<_>>().join(gap);
    let arabic: String = n
        .chars()
        .filter_map(|c| c.to_digit(10))
        .filter_map(|d| char::from_u32(0x660 + d))
        .collect();
    let digits = [
        ("YYYYMMDDNNNC", n.to_owned()),
        ("YYYYMMDD-NNNC", format!("{date}-{last}")),
        ("YYMMDDNNNC", format!("{short}{last}")),
        ("YYMMDD-NNNC", format!("{short}-{last}")),
        ("YYMMDD+NNNC", format!("{short}+{last}")),
        ("YYYYMMDD NNNC", format!("{date} {last}")),
        ("YYMMDD NNNC", format!("{short} {last}")),
        ("no-break space", format!("{date}\u{A0}{last}")),
        ("spaced hyphen", format!("{date} - {last}")),
        ("en dash", format!("{date}\u{2013}{last}")),
        ("em dash", format!("{short}\u{2014}{last}")),
        ("U+2011", format!("{date}\u{2011}{last}")),
        ("minus sign", format!("{short}\u{2212}{last}")),
        ("soft hyphen", format!("{short}\u{AD}{last}")),
        ("zero-width space", format!("{date}\u{200B}{last}")),
        ("zero-width everywhere", between(n, "\u{200D}")),
        ("line break", format!("{date}\n{last}")),
        ("hyphen, line break", format!("{date}-\r\n{last}")),
        ("YYYY.MM.DD-NNNC", format!("{year}.{month}.{day}-{last}")),
        ("YYYY-MM-DD-NNNC", format!("{year}-{month}-{day}-{last}")),
        ("YYYY-MM-DD NNNC", format!("{year}-{month}-{day} {last}")),
        ("YY-MM-DD-NNNC", format!("{}-{month}-{day}-{last}", &year[2..])),
        ("YYYY/MM/DD NNNC", format!("{year}/{month}/{day} {last}")),
        ("DD.MM.YYYY-NNNC", format!("{day}.{month}.{year}-{last}")),
        ("dot", format!("{date}.{last}")),
        ("comma", format!("{short},{last}")),
        (
            "pairs",
            format!("{} {month} {day} {} {}", &year[2..], &last[..2], &last[2..]),
        ),
        ("colon", format!("{date}:{last}")),
        ("brackets", format!("({date}) {last}")),
        ("stars and table bars", format!("**{short}** | {last}")),
        ("fours", format!("{year} {month}{day} {last}")),
        ("every digit alone", between(n, " ")),
        ("full-width digits", format!("{}\u{FF0D}{}", wide(date), wide(last))),
        ("Arabic digits", arabic),
        ("glued to a word", format!("pnr{n}")),
        ("VAT number", format!("SE{short}{last}01")),
        (
            "digits as words",
            n.chars().map(digit_word).collect::<Vec<_>>().join(" "),
        ),
        (
            "words, no century",
            (short.to_owned() + last)
                .chars()
                .map(digit_word)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("words in pairs", spoken_pairs(n)),
    ];
    let look_alikes = [
        ("O for 0", format!("{date}-{last}").replace('0', "O")),
        ("o for 0, no century", format!("{short}-{last}").replace('0', "o")),
        ("l for 1", format!("{date}-{last}").replace('1', "l")),
        ("I for 1, no century", format!("{short}{last}").replace('1', "I")),
        ("O and l", format!("{date} {last}").replace('0', "O").replace('1', "l")),
        ("Cyrillic O", n.replace('0', "\u{41E}")),
    ];
    let digits = digits.into_iter().map(|(name, text)| (name, Kind::Digits, text));
    digits
        .chain(
            look_alikes
                .into_iter()
                .map(|(name, text)| (name, Kind::LookAlike, text)),
        )
        .collect()
}

/// Where a number is cut when it is split over two messages.
pub fn splits(n: &str) -> [(&str, &str); 3] {
    [n.split_at(8), n[2..].split_at(6), n.split_at(6)]
}

const UNITS: [&str; 10] = ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"];

fn digit_word(digit: char) -> &'static str {
    digit.to_digit(10).map_or("", |value| UNITS[value as usize])
}

/// "nittonhundra fyrtiosex noll åtta tjugotre nittionio åttiosex".
fn spoken_pairs(n: &str) -> String {
    let teens = [
        "tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton",
    ];
    let tens = [
        "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio",
    ];
    let pair = |pair: &str| match pair.parse::<usize>() {
        Ok(value @ 0..10) => format!("noll {}", UNITS[value]),
        Ok(value @ 10..20) => teens[value - 10].to_owned(),
        Ok(value) if value % 10 == 0 => tens[value / 10 - 2].to_owned(),
        Ok(value) => format!("{}{}", tens[value / 10 - 2], UNITS[value % 10]),
        Err(_) => String::new(),
    };
    (0..12)
        .step_by(2)
        .map(|at| pair(&n[at..at + 2]))
        .collect::<Vec<_>>()
        .join(" ")
}
