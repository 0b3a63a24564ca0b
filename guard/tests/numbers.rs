//! Every official test number in every spelling, and the numbers that must pass.
//!
//! The full table: `cargo test -p lotsen-guard --test numbers -- --ignored --nocapture`

#[path = "support/shared.rs"]
mod shared;
#[path = "support/spellings.rs"]
mod spellings;

use std::collections::BTreeMap;

use lotsen_guard::{FindingKind, find, find_across};
use shared::shared;
use spellings::{Kind, spellings, splits};

/// Found of tried.
type Score = (u32, u32);

/// Whether one finding covers the number and nothing of the words around it.
fn is_found(spelling: &str) -> bool {
    let text = format!("Har klienten {spelling} rätt till hemtjänst?");
    let (start, end) = (13, 13 + spelling.chars().count());
    find(&text).iter().any(|f| {
        matches!(f.kind, FindingKind::Personnummer | FindingKind::Samordningsnummer)
            && (start..start + 5).contains(&f.start)
            && (end.saturating_sub(2)..=end).contains(&f.end)
    })
}

fn table(numbers: &[String]) -> BTreeMap<&'static str, (Kind, Score)> {
    let mut table = BTreeMap::new();
    let mut count = |name, kind, found: bool| {
        let (_, score) = table.entry(name).or_insert((kind, (0, 0)));
        *score = (score.0 + u32::from(found), score.1 + 1);
    };
    for number in numbers {
        for (name, kind, text) in spellings(number) {
            count(name, kind, is_found(&text));
        }
        for (first, second) in splits(number) {
            let messages = [
                format!("Hon har nummer {first}"),
                "Vad gäller?".to_owned(),
                format!("och {second} sist."),
            ];
            let found = find_across(&[&messages[0], &messages[1], &messages[2]]);
            let whole = |list: &[lotsen_guard::Finding]| list.iter().any(|f| f.certain && f.kind < FindingKind::Email);
            count(
                "split over two messages",
                Kind::Digits,
                whole(&found[0]) && whole(&found[2]),
            );
        }
    }
    table
}

fn check(numbers: &[String], what: &str) {
    for (name, (kind, (found, tried))) in table(numbers) {
        let percent = f64::from(found) * 100.0 / f64::from(tried.max(1));
        println!("{what:20} {name:26} {found:>7} of {tried:>7}  {percent:6.2} %");
        match kind {
            Kind::Digits => assert_eq!(found, tried, "{name}"),
            Kind::LookAlike => assert!(percent >= 99.0, "{name}: {percent} %"),
        }
    }
}

/// The official test numbers; without the shared data the few that the project itself carries.
fn test_numbers(every: usize) -> Vec<String> {
    let own = [
        "194608239986",
        "190905271474",
        "200002292399",
        "195704289999",
        "200004059937",
    ];
    match shared("pii/skatteverket_testpersonnummer.txt") {
        Some(text) => text
            .lines()
            .filter(|line| line.len() == 12)
            .step_by(every)
            .map(str::to_owned)
            .collect(),
        None => own.map(str::to_owned).to_vec(),
    }
}

/// Coordination numbers made from test numbers: day plus 60, and the unknown dates (month 00, day 60), each with its
/// right check digit.
fn coordination_numbers(personal: &[String]) -> Vec<String> {
    let mut numbers = vec![
        "197010632391".to_owned(),
        "197302889931".to_owned(),
        "202107919967".to_owned(),
    ];
    for (index, number) in personal.iter().enumerate() {
        let day: u32 = number[6..8].parse().expect("valid");
        let (month, day) = match index % 3 {
            0 => (number[4..6].to_owned(), day + 60),
            1 => ("00".to_owned(), 60),
            _ => ("00".to_owned(), day + 60),
        };
        numbers.push(with_check_digit(&format!(
            "{}{month}{day}{}",
            &number[..4],
            &number[8..11]
        )));
    }
    numbers
}

#[test]
fn test_numbers_in_every_spelling() {
    let numbers = test_numbers(331);
    check(&numbers, "personnummer");
    check(&coordination_numbers(&numbers), "samordningsnummer");
}

#[test]
#[ignore = "all test numbers in all spellings: minutes"]
fn all_test_numbers_in_every_spelling() {
    let numbers = test_numbers(1);
    check(&numbers, "personnummer");
    check(&coordination_numbers(&numbers), "samordningsnummer");
}

#[test]
fn interim_and_vector_numbers() {
    for file in ["pii/meta_interim.json", "pii/meta_list.json"] {
        let Some(text) = shared(file) else { return };
        let vectors: Vec<serde_json::Value> = serde_json::from_str(&text).expect("valid");
        for vector in vectors {
            for form in ["long_format", "short_format", "separated_format", "separated_long"] {
                let number = vector[form].as_str().expect("valid");
                // Invalid vectors are typing errors: they are stopped by their date.
                assert!(
                    is_found(number) || vector["valid"] == false && !find(number).is_empty(),
                    "{number}"
                );
            }
        }
    }
    let Some(text) = shared("pii/meta_orgnumber.json") else {
        return;
    };
    for vector in serde_json::from_str::<Vec<serde_json::Value>>(&text).expect("valid") {
        assert_eq!(find(vector["separated_format"].as_str().expect("valid")), []);
    }
}

#[track_caller]
fn check_kinds(text: &str, expected: &[(&str, FindingKind)]) {
    let found: Vec<(String, FindingKind)> = find(text)
        .iter()
        .map(|f| (text.chars().skip(f.start).take(f.end - f.start).collect(), f.kind))
        .collect();
    let expected: Vec<(String, FindingKind)> = expected
        .iter()
        .map(|(part, kind)| ((*part).to_owned(), *kind))
        .collect();
    assert_eq!(found, expected, "{text}");
}

/// The check digit of eleven digits YYYYMMDDNNN.
fn with_check_digit(eleven: &str) -> String {
    let weights = [2, 1].into_iter().cycle();
    let products = eleven[2..]
        .chars()
        .filter_map(|c| c.to_digit(10))
        .zip(weights)
        .map(|(digit, weight)| digit * weight);
    let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
    format!("{eleven}{}", (10 - sum % 10) % 10)
}

#[test]
fn interim_and_reserve_numbers() {
    let (mut found, mut tried) = (0, 0);
    for (index, day) in (0..1500_usize).map(|index| (index, 1 + index % 28)) {
        let date = format!("{}{:02}{day:02}", 1920 + index % 100, 1 + index % 12);
        let letter = |from: &[u8]| char::from(from[index % from.len()]);
        let three = (index * 7) % 1000;
        let numbers = [
            format!("{date}-{}{three:03}", letter(b"TRSUWXJKLMN")),
            format!("{}-{}{three:03}", &date[2..], letter(b"TRSUWXJKLMN")),
            format!("{date}{}{three:03}", letter(b"KMX")),
            format!("{date}-{}{}{:02}", letter(b"ABCDEFGH"), letter(b"KLMNPR"), three % 100),
            format!("{date}{}{}{:02}", letter(b"ABCDEFGH"), letter(b"KLMNPR"), three % 100),
            format!("{date}-{:02}{}{}", three % 100, letter(b"ABCDEF"), three % 10),
            format!("99{}{:06}", &date[..4], index * 661 % 1_000_000),
            with_check_digit(&format!("{}{:02}{three:03}", &date[..6], 32 + day % 28)),
        ];
        for number in numbers {
            tried += 1;
            found += usize::from(is_found(&number));
        }
    }
    println!("interim and reserve numbers: {found} of {tried}");
    assert!(found * 1000 >= tried * 999, "{found} of {tried}");
}

#[test]
fn typing_errors_are_still_personal_data() {
    for number in [
        "460823-9987",
        "19460823-9987",
        "194608239987",
        "4608239987",
        "460823 9987",
        "1946-08-23-9987",
        "1946-08-23 9987",
        "701063-2392",
    ] {
        assert_eq!(find(&format!("Gäller {number} nu")).len(), 1, "{number}");
    }
}

#[test]
fn other_numbers_of_persons() {
    use FindingKind::{Email, Other, Phone};
    check_kinds("Dottern nås på 0701740612.", &[("0701740612", Phone)]);
    check_kinds(
        "Hon har 070-174 06 58 eller +46 70 174 06 58",
        &[("070-174 06 58", Phone), ("+46 70 174 06 58", Phone)],
    );
    check_kinds("Sonen, tel 08-465 004 11, vill", &[("08-465 004 11", Phone)]);
    check_kinds(
        "Skriv till fatima_82@mail.exempel.se nu",
        &[("fatima_82@mail.exempel.se", Email)],
    );
    check_kinds(
        "Skriv till anna.a (at) exempel.se nu",
        &[("anna.a (at) exempel.se", Email)],
    );
    check_kinds(
        "IBAN SE45 5000 0000 0583 9825 7466",
        &[("SE45 5000 0000 0583 9825 7466", Other)],
    );
    check_kinds(
        "Hans konto 8327-9, 123 456 789-0 är nytt",
        &[("8327-9, 123 456 789-0", Other)],
    );
    check_kinds("Passnummer AA123456", &[("AA123456", Other)]);
    check_kinds("Brukaren har bil med reg.nr KLM 482 och", &[("KLM 482", Other)]);
    check_kinds(
        "Hon är född 1941-03-17 med sista fyra 9987?",
        &[("1941-03-17", Other), ("9987", Other)],
    );
}

#[test]
fn numbers_of_nobody_pass() {
    for text in [
        "Vad säger 11 kap. 1 § SFS 2025:400 och 2001:453?",
        "HFD 2021 ref. 1, RÅ 1995 ref. 24, prop. 2020/21:160 s. 35, SOU 2020:47, HSLF-FS 2022:39",
        "Kammarrätten skriver i mål nr 1234-23 den 3 mars 2026.",
        "KS 2017/141 och dnr 2024-00123",
        "Org.nr 212000-1355, 202100-5521 och 556036-0793",
        "Bankgiro 5050-1055, plusgiro 15 60 31-7",
        "Barnombudet i Botkyrka: 08-530 615 77, stämmer det?",
        "Kommunens växel 08-530 610 00, e-post registrator@botkyrka.se",
        "Ring 112, 1177 eller 020-50 50 50",
        "Beloppet 1 946 082 399 kronor, 12 500,50 kr och 3,5 procent",
        "Perioden 2024-01-01–2024-12-31 och 2024-01-01 - 2024-06-30",
        "2026-11-20 0915, 2026-11-20 09:15 och 2026-11-20T09:15:00Z",
        "Från 01.01.2024 till 31.12.2024, 1/7 2025",
        "Klockan 10:30:45, sid. 200101 (12), 2001:453, 2025:400, dnr 2024:00123",
        "8 kap. 10, 11, 12, 13 och 14 §§, åren 2019, 2020 och 2021",
        "Barn födda 2008, den som är född före den 1 juli 1958 och född 1937 eller tidigare",
        "ISBN 978-91-38-25012-3, DOI 10.1000/182, version 1.2.3",
        "Ett två tre, fyra fem sex sju",
        "https://www.riksdagen.se/sv/dokument/sfs-2025-400/",
        "",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}
