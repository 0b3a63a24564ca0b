//! How many texts there are in, the GBNF that binds the model to their numbers out; and the numbers read back.
//!
//! Every repetition is bounded: an open list lets a weak model count until its tokens are spent.

/// What the model writes when no sentence answers the question.
const NONE: &str = "inget";
/// Quotes that one sentence may cite.
const MAX_CITES: usize = 3;

/// `inget`, or up to `max` of the numbers 1 to `count` with a comma between them.
pub(super) fn choice(count: usize, max: usize) -> String {
    let numbers: Vec<usize> = (1..=count).collect();
    let more = if max > 1 {
        format!(" (\", \" number){{0,{}}}", max - 1)
    } else {
        String::new()
    };
    format!(
        "root ::= \"{NONE}\" | number{more}\nnumber ::= {}\n",
        alternatives(&numbers)
    )
}

/// Up to `max` lines; each is a sentence that begins with a capital and ends with the numbers it cites.
pub(super) fn summary(numbers: &[usize], max: usize) -> String {
    format!(
        "root ::= line (\"\\n\" line){{0,{}}}\n\
         line ::= [A-ZÅÄÖ] [^\\[\\]\\n]+ cite (\" \"? cite){{0,{}}} \".\"\n\
         cite ::= \"[\" number \"]\"\n\
         number ::= {}\n",
        max.saturating_sub(1),
        MAX_CITES - 1,
        alternatives(numbers)
    )
}

fn alternatives(numbers: &[usize]) -> String {
    numbers
        .iter()
        .map(|number| format!("\"{number}\""))
        .collect::<Vec<_>>()
        .join(" | ")
}

/// Reads a choice as indexes from 0, each once, in the model's order. None when the answer is anything else than the
/// agreed form: a model at an address is not bound by the grammar.
pub(super) fn read_choice(answer: &str, count: usize, max: usize) -> Option<Vec<usize>> {
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
            assert_eq!(read_choice(answer, 3, 2), expected, "{answer:?}");
        }
    }

    #[test]
    fn a_single_choice_has_no_list() {
        assert_eq!(
            choice(3, 1),
            "root ::= \"inget\" | number\nnumber ::= \"1\" | \"2\" | \"3\"\n"
        );
    }
}
