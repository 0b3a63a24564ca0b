//! Thousands of written questions with and without personal data, made from sentences and names that lie beside this file.
//! Half of the names are in none of the guard's lists.
//!
//! The figures and every miss: `cargo test -p lotsen-guard --test generated -- --nocapture`. Without the name lists: the
//! same with `--features no-name-lists`. With `LOTSEN_GENERATED` the questions are written to that folder, for other
//! programs to be measured by (`eval/guard/presidio.py`).

#[path = "support/templates.rs"]
mod templates;

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use lotsen_guard::{FindingKind, find, generalise};
use templates::{Dice, Written, fill, lines};

const SEED: u64 = 20_261_122;
const PERSONAL: &str = include_str!("generated/personal.txt");
const HARMLESS: &str = include_str!("generated/harmless.txt");
const DESCRIPTIONS: &str = include_str!("generated/descriptions.txt");

/// Names of which one half is in the guard's lists and the other is not.
struct Names {
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
struct Persons {
    given: Names,
    family: Names,
    dice: Dice,
}

impl Persons {
    fn new(given: &str, family: &str) -> Self {
        let given = Names::read(given, include_str!("../words/given_names.txt"));
        let family = Names::read(family, include_str!("../words/surnames.txt"));
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

    fn word(&mut self, slot: &str) -> String {
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
fn word(slot: &str, dice: &mut Dice) -> String {
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

fn kind(slot: &str) -> FindingKind {
    match slot {
        "street" => FindingKind::Address,
        "phone" | "mobile" => FindingKind::Phone,
        "email" => FindingKind::Email,
        "pnr" => FindingKind::Personnummer,
        "case" => FindingKind::CaseNumber,
        _ => FindingKind::Name,
    }
}

/// Writes the questions where other programs can read them, if somebody wants that.
fn hand_on(name: &str, questions: &[Written]) {
    let Some(folder) = std::env::var_os("LOTSEN_GENERATED") else {
        return;
    };
    let line = |(i, question): (usize, &Written)| {
        let span = |(start, end, slot): &(usize, usize, String)| {
            let label = serde_json::to_value(kind(slot)).expect("a name");
            serde_json::json!({"start": start, "end": end, "type": label, "slot": slot})
        };
        let spans: Vec<_> = question.spans.iter().map(span).collect();
        serde_json::json!({"id": format!("{name}{i}"), "text": question.text, "spans": spans}).to_string()
    };
    let all: Vec<String> = questions.iter().enumerate().map(line).collect();
    std::fs::write(
        std::path::Path::new(&folder).join(format!("{name}.jsonl")),
        all.join("\n"),
    )
    .expect("can be written");
}

/// Per thousand, for goals.
fn share(part: usize, of: usize) -> f64 {
    part as f64 / of.max(1) as f64
}

/// What share was found of all places and of those with full names, and what share of the findings is right.
struct Figures {
    recall: f64,
    full_names: f64,
    precision: f64,
    left: f64,
}

/// Measures the questions that these templates and persons give, and prints every miss.
fn measure(name: &str, templates: &str, mut persons: Persons, count: usize) -> Figures {
    let templates = lines(templates);
    let questions: Vec<Written> = (0..count)
        .map(|i| fill(templates[i % templates.len()], |slot| persons.word(slot)))
        .collect();
    hand_on(name, &questions);
    let mut slots: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut reported, mut right, mut stopped, mut left) = (0, 0, 0, 0);
    for Written { text, spans } in &questions {
        let findings = find(text);
        stopped += usize::from(!findings.is_empty());
        for (start, end, slot) in spans {
            let found = findings
                .iter()
                .any(|f| f.kind == kind(slot) && f.start < *end && *start < f.end);
            let count = slots.entry(slot).or_default();
            *count = (count.0 + usize::from(found), count.1 + 1);
            if !found {
                println!("MISSED {slot}: {text}");
            }
        }
        for finding in &findings {
            reported += 1;
            let is_right = spans
                .iter()
                .any(|(start, end, _)| finding.start < *end && *start < finding.end);
            right += usize::from(is_right);
            if !is_right {
                println!("WRONG {:?} {}..{}: {text}", finding.kind, finding.start, finding.end);
            }
        }
        left += usize::from(find(&generalise(text, &findings)).iter().any(|finding| finding.certain));
    }
    for (slot, (found, all)) in &slots {
        println!("{slot:>10}: {found} of {all} ({:.1} %)", 100.0 * share(*found, *all));
    }
    let sum = |wanted: &dyn Fn(&str) -> bool| {
        let chosen = slots.iter().filter(|(slot, _)| wanted(slot));
        chosen.fold((0, 0), |sum, (_, count)| (sum.0 + count.0, sum.1 + count.1))
    };
    let all = sum(&|_| true);
    let full = sum(&|slot| matches!(slot, "full" | "two" | "gen" | "turned"));
    let figures = Figures {
        recall: share(all.0, all.1),
        full_names: share(full.0, full.1),
        precision: share(right, reported),
        left: share(left, count),
    };
    println!(
        "{name}: {count} questions, {stopped} stopped: recall {all:?} {:.4}, full names {full:?} {:.4}, precision \
         {right}/{reported} {:.4}, suggestions that still hold something certain {left}",
        figures.recall, figures.full_names, figures.precision
    );
    figures
}

#[test]
fn personal_data_in_written_questions() {
    let persons = Persons::new(
        include_str!("generated/given_names.txt"),
        include_str!("generated/surnames.txt"),
    );
    let figures = measure("personal", PERSONAL, persons, 6_000);
    if cfg!(not(feature = "no-name-lists")) {
        assert!(figures.recall >= 0.97 && figures.full_names >= 0.99 && figures.precision >= 0.90);
        assert!(figures.left <= 0.01);
    }
}

/// The rules were written with the questions of the test above in view. These were written afterwards.
#[test]
fn questions_that_no_rule_was_written_for() {
    let persons = Persons::new(
        include_str!("generated/held_out_given_names.txt"),
        include_str!("generated/held_out_surnames.txt"),
    );
    let figures = measure("held_out", include_str!("generated/held_out.txt"), persons, 5_000);
    if cfg!(not(feature = "no-name-lists")) {
        assert!(
            figures.recall >= 0.9 && figures.precision >= 0.9,
            "far from what was measured before"
        );
    }
}

/// The quickest of three runs of each question: other work on the machine only ever adds time.
#[test]
fn a_written_question_takes_less_than_a_millisecond() {
    let mut dice = Dice::new(SEED);
    let mut persons = Persons::new(
        include_str!("generated/given_names.txt"),
        include_str!("generated/surnames.txt"),
    );
    let (personal, harmless) = (lines(PERSONAL), lines(HARMLESS));
    let with = (0..3_000).map(|i| fill(personal[i % personal.len()], |slot| persons.word(slot)).text);
    let without = (0..3_000).map(|i| fill(harmless[i % harmless.len()], |slot| word(slot, &mut dice)).text);
    let questions: Vec<String> = with.chain(without).collect();
    let milliseconds = |text: &String| {
        let run = || {
            let started = Instant::now();
            let _ = find(text);
            started.elapsed().as_secs_f64() * 1_000.0
        };
        run().min(run()).min(run())
    };
    let mut times: Vec<f64> = questions.iter().map(milliseconds).collect();
    times.sort_by(f64::total_cmp);
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{} questions: median {median:.3} ms, p99 {p99:.3} ms", times.len());
    assert!(p99 <= 1.0);
}

#[test]
fn harmless_written_questions_pass() {
    let templates = lines(HARMLESS);
    let mut dice = Dice::new(SEED);
    let questions: Vec<Written> = (0..40_000)
        .map(|i| fill(templates[i % templates.len()], |slot| word(slot, &mut dice)))
        .collect();
    let mut seen = HashSet::new();
    let different: Vec<Written> = questions
        .into_iter()
        .filter(|written| seen.insert(written.text.clone()))
        .map(|written| Written {
            spans: Vec::new(),
            ..written
        })
        .collect();
    hand_on("harmless", &different);
    let (mut by_number, mut by_name) = (0, 0);
    for Written { text, .. } in &different {
        let findings = find(text);
        let is_name = |kind| matches!(kind, FindingKind::Name | FindingKind::Address | FindingKind::CaseNumber);
        for finding in &findings {
            println!("STOPPED {:?} {}..{}: {text}", finding.kind, finding.start, finding.end);
        }
        by_number += usize::from(findings.iter().any(|finding| !is_name(finding.kind)));
        by_name += usize::from(findings.iter().any(|finding| is_name(finding.kind)));
    }
    println!(
        "{} harmless questions: stopped by number rules {by_number}, by name rules {by_name}",
        different.len()
    );
    assert!(different.len() >= 10_000);
    assert!(share(by_number, different.len()) <= 0.001 && share(by_name, different.len()) <= 0.02);
}

#[test]
fn telling_descriptions_get_a_hint() {
    let templates = lines(DESCRIPTIONS);
    let mut dice = Dice::new(SEED);
    let questions: Vec<Written> = (0..1_000)
        .map(|i| fill(templates[i % templates.len()], |slot| word(slot, &mut dice)))
        .collect();
    hand_on("descriptions", &questions);
    let is_hint = |text: &str| {
        find(text)
            .iter()
            .any(|finding| finding.kind == FindingKind::Other && !finding.certain)
    };
    let missed: Vec<&Written> = questions.iter().filter(|question| !is_hint(&question.text)).collect();
    for question in &missed {
        println!("NO HINT: {}", question.text);
    }
    let hinted = questions.len() - missed.len();
    println!("{hinted} of {} descriptions get a hint", questions.len());
    assert!(share(hinted, questions.len()) >= 0.8);
}
