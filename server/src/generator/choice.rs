//! What the model wrote when it was asked to point in, indexes out.

/// What the model writes when no sentence answers the question; `choose.gbnf` says the same.
const NONE: &str = "inget";

/// Reads an answer as indexes from 0, each once, in the model's order. None when the answer is anything else than the
/// agreed form: a model at an address is not bound by the grammar.
pub(super) fn read(answer: &str, count: usize, max: usize) -> Option<Vec<usize>> {
    let answer = answer.trim().trim_end_matches('.');
    if answer.eq_ignore_ascii_case(NONE) {
        return Some(Vec::new());
    }
    let mut chosen = Vec::new();
    for number in answer.split(',') {
        let index = number
            .trim()
            .parse::<usize>()
            .ok()?
            .checked_sub(1)
            .filter(|&index| index < count)?;
        if !chosen.contains(&index) {
            chosen.push(index);
        }
    }
    chosen.truncate(max);
    Some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_strictly() {
        for (answer, expected) in [
            ("inget", Some(vec![])),
            ("Inget.\n", Some(vec![])),
            ("3, 1", Some(vec![2, 0])),
            ("2,2, 2", Some(vec![1])),
            ("1, 2, 3", Some(vec![0, 1])),
            ("4", None),
            ("0", None),
            ("-1", None),
            ("", None),
            ("1, inget", None),
            ("Mening 1", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(read(answer, 3, 2), expected, "{answer:?}");
        }
    }
}
