//! Check digits: in come digits, out comes whether the last one is right.

/// The mod-10 check of personnummer, samordningsnummer and organisation numbers: weights 2, 1, 2, 1 ... from the left
/// over ten digits. Source: Skatteverket, SKV 704. Example: 640823-3234.
pub(crate) fn mod_10(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .zip([2_u32, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

/// The mod-97 check of an IBAN in capitals without spaces (ISO 13616): the first four characters go last, letters
/// count as 10 to 35, and the remainder is 1.
pub(crate) fn mod_97(iban: &str) -> bool {
    let (head, tail) = iban.split_at_checked(4).unwrap_or((iban, ""));
    let remainder = tail
        .chars()
        .chain(head.chars())
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, value| {
            (if value < 10 {
                rest * 10 + value
            } else {
                rest * 100 + value
            }) % 97
        });
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        assert!(mod_10(&[6, 4, 0, 8, 2, 3, 3, 2, 3, 4]));
        assert!(!mod_10(&[6, 4, 0, 8, 2, 3, 3, 2, 3, 5]));
        assert!(mod_97("SE4550000000058398257466"));
        assert!(!mod_97("SE4550000000058398257467"));
    }
}
