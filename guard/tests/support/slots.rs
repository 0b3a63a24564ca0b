//! Slots of written questions in; names, addresses, numbers and harmless words to fill them with out.

use std::collections::HashSet;

use crate::templates::{Dice, lines};

/// The same questions each time.
pub const SEED: u64 = 20_261_122;

/// Names of which one half is in the guard's lists and the other is not.
pub struct Names {
    known: Vec<String>,
    unknown: Vec<String>,
}

impl Names {
    fn read(file: &str, table: &str) -> Self {
        let entries: HashSet<&str> = lines(table).into_iter().collect();
        let is_known = |name: &str| {
            let name = name.to_lowercase();
            entries.contains(name.as_str())
                || entries
                    .iter()
                    .any(|entry| entry.strip_prefix('*').is_some_and(|end| name.ends_with(end)))
        };
        let names = lines(file).join(" ");
        let names = names.split_whitespace().map(|name| name.replace('_', " "));
        let (known, unknown) = names.partition(|name| is_known(name));
        Names { known, unknown }
    }

    fn pick(&self, dice: &mut Dice) -> &str {
        let half = if dice.below(2) == 0 { &self.known } else { &self.unknown };
        &half[dice.below(half.len())]
    }
}

/// Fills the slots of questions with personal data.
pub struct Persons {
    given: Names,
    family: Names,
    dice: Dice,
}

impl Persons {
    pub fn new(given: &str, family: &str) -> Self {
        let given = Names::read(given, include_str!("../../words/given_names.txt"));
        let family = Names::read(family, include_str!("../../words/surnames.txt"));
        println!(
            "given names {} in the lists, {} not; surnames {} and {}",
            given.known.len(),
            given.unknown.len(),
            family.known.len(),
            family.unknown.len()
        );
        Persons {
            given,
            family,
            dice: Dice::new(SEED),
        }
    }

    pub fn word(&mut self, slot: &str) -> String {
        let dice = &mut self.dice;
        let given = self.given.pick(dice).to_owned();
        let family = self.family.pick(dice).to_owned();
        let full = format!("{given} {family}");
        let genitive = |name: String| {
            if name.ends_with(['s', 'x', 'z']) {
                name
            } else {
                name + "s"
            }
        };
        match slot {
            "full" => full,
            "two" => format!("{given} {} {family}", self.given.pick(dice)),
            "gen" => genitive(full),
            "turned" => format!("{family}, {given}"),
            "initials" => format!("{}. {family}", first_letter(&given)),
            "given" => given,
            "given_gen" => genitive(given),
            "short" => format!("{given} {}", first_letter(&family)),
            "family" => family,
            "lower" => full.to_lowercase(),
            "misspelt" => format!("{} {family}", misspelt(&given, dice)),
            "street" => {
                let street = dice.one_of(&[
                    "Ekvägen",
                    "Storgatan",
                    "Tallbacksvägen",
                    "Björkstigen",
                    "Kvarngränd",
                    "Nytorget",
                ]);
                let flat = dice.one_of(&["", "", " B", " lgh 1203", ", 147 31 Tumba"]);
                format!("{street} {}{flat}", 1 + dice.below(98))
            }
            "phone" => format!(
                "08-{} {:02} {:02}",
                400 + dice.below(500),
                dice.below(100),
                dice.below(100)
            ),
            "mobile" => format!(
                "07{}-{} {:02} {:02}",
                dice.one_of(&["0", "2", "3", "6", "9"]),
                100 + dice.below(900),
                dice.below(100),
                dice.below(100)
            ),
            "email" => format!("{}.{}@example.com", plain(&given), plain(&family)),
            "pnr" => personnummer(dice),
            "case" => format!(
                "{} 20{}-{:05}",
                dice.one_of(&["SN", "IFO", "VON"]),
                20 + dice.below(7),
                dice.below(99_999)
            ),
            shared => self::word(shared, dice),
        }
    }
}

/// Slots that stand for no person.
pub fn word(slot: &str, dice: &mut Dice) -> String {
    let year = 2015 + dice.below(12);
    let fixed: &[&str] = match slot {
        "law" => &[
            "SoL",
            "LSS",
            "LVU",
            "socialtjänstlagen",
            "OSL",
            "förvaltningslagen",
            "Barnkonventionen",
        ],
        "place" => &[
            "Botkyrka", "Lund", "Ale", "Nora", "Mora", "Umeå", "Tullinge", "Visby", "Kalix",
        ],
        "agency" => &[
            "Socialstyrelsen",
            "Försäkringskassan",
            "IVO",
            "Skatteverket",
            "Justitieombudsmannen",
            "Migrationsverket",
            "Boverket",
        ],
        "word" => &[
            "berg", "sten", "ek", "lind", "ask", "ström", "falk", "hed", "dal", "kulle",
        ],
        "street" => &["Storgatan", "Drottninggatan", "Kungsgatan", "Ringvägen"],
        "phone" => &["0771-524 524", "08-530 610 00", "010-788 50 00", "020-22 00 60"],
        "box" => &["registrator@botkyrka.se", "info@ivo.se", "socialnamnden@lund.se"],
        "public" => &["VON 2025:00149", "KS 2024/1180", "SN 2023:00071"],
        "org" => &["212000-2882", "202100-0555", "556036-0793"],
        "giro" => &["624-1061", "5050-1055"],
        "month" => &["maj", "juni", "augusti", "april"],
        "diagnosis" => &[
            "MS",
            "autism",
            "Downs syndrom",
            "Parkinsons sjukdom",
            "adhd",
            "demens",
            "Alzheimers",
        ],
        "group" => &[
            "barn",
            "anhöriga",
            "äldre personer",
            "makar",
            "unga vuxna",
            "papperslösa",
            "gode män",
            "studerande",
        ],
        "village" => &[
            "Rimbo",
            "Visby",
            "Tullinge",
            "Åseda",
            "Gnarp",
            "Sveg",
            "Kivik",
            "Överkalix",
        ],
        "school" => &[
            "Solbergaskolan",
            "Tallåsskolan",
            "Norrbackagymnasiet",
            "förskolan Blåklinten",
            "Ekgården",
            "Hagahemmet",
        ],
        "work" => &[
            "Findus",
            "Bruks AB",
            "Konsum Alidhem",
            "Sävsjö IF",
            "Hotell Kullen",
            "Ängsholms Bil",
        ],
        "job" => &[
            "präst",
            "brandman",
            "rektor",
            "frisör",
            "bagare",
            "lastbilschaufför",
            "kantor",
        ],
        "children" => &["två", "tre", "fyra", "fem"],
        "language" => &["tigrinska", "dari", "somaliska", "georgiska"],
        "day" => &["i lördags", "den 3 mars", "i helgen"],
        "rare" => &["Retts syndrom", "Huntingtons sjukdom", "muskeldystrofi"],
        "only" => &["den enda", "den enda rullstolsburna", "den första kvinnan"],
        "years" | "age" => return (7 + dice.below(88)).to_string(),
        "amount" => return format!("{} {:03}", 1 + dice.below(14), dice.below(1000)),
        "date" => {
            return format!(
                "{} {} {year}",
                1 + dice.below(28),
                dice.one_of(&["januari", "mars", "maj", "oktober"])
            );
        }
        "sfs" => return format!("SFS {year}:{}", 10 + dice.below(1500)),
        "chapter" => return format!("{} kap. {} §", 1 + dice.below(32), 1 + dice.below(20)),
        "ruling" => {
            let court = dice.one_of(&["HFD", "RÅ", "NJA", "JO"]);
            return format!("{court} {year} ref. {}", 1 + dice.below(60));
        }
        other => panic!("no slot is called {other}"),
    };
    dice.one_of(fixed).to_owned()
}

fn first_letter(name: &str) -> String {
    name.chars().take(1).collect()
}

/// As people mistype: a letter lost, doubled or swapped with the next.
fn misspelt(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + dice.below(letters.len().saturating_sub(2));
    match dice.below(3) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        _ => letters.swap(at, (at + 1).min(name.chars().count() - 1)),
    }
    letters.into_iter().collect()
}

fn plain(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .chain(['x'])
        .collect()
}

/// A number with a right check digit and a birth number that is not given out (980 to 999).
fn personnummer(dice: &mut Dice) -> String {
    let digits = format!(
        "{:02}{:02}{:02}{}",
        dice.below(100),
        1 + dice.below(12),
        1 + dice.below(28),
        980 + dice.below(20)
    );
    let doubled = digits.bytes().enumerate().map(|(i, digit)| {
        let value = u32::from(digit - b'0') * if i % 2 == 0 { 2 } else { 1 };
        value / 10 + value % 10
    });
    let check = (10 - doubled.sum::<u32>() % 10) % 10;
    let (date, serial) = digits.split_at(6);
    let between = dice.one_of(&["-", "", " ", "–", " - "]);
    format!("{date}{between}{serial}{check}")
}
