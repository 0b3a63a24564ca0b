//! A message of another program in; the personal numbers in those parts of it that nobody will read out.
//!
//! Such programs send more than a question: instructions, settings, their own name. Lotsen uses none of it, so names in it
//! stop nothing, and a client may be called Claude. A personal number in it says that somebody's case is being sent.

use lotsen_guard::{Finding, FindingKind};
use serde_json::Value;

/// The personal numbers in any string or field name of a message. The caller has taken out what [`admit`](super::admit) will read.
pub fn numbers_beside(message: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    look(message, &mut found);
    found
}

fn look(value: &Value, found: &mut Vec<Finding>) {
    match value {
        Value::String(text) => found.extend(numbers_in(text)),
        Value::Array(values) => values.iter().for_each(|value| look(value, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                found.extend(numbers_in(name));
                look(value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The rules alone are enough here: a model that finds names would have nothing to add.
fn numbers_in(text: &str) -> impl Iterator<Item = Finding> {
    let personal = |finding: &Finding| {
        let number = [FindingKind::Personnummer, FindingKind::Samordningsnummer].contains(&finding.kind);
        number && finding.certain
    };
    lotsen_guard::find(text).into_iter().filter(personal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_is_found_wherever_it_stands() {
        for message in [
            json!("19121212-1212"),
            json!({"user": "19121212-1212"}),
            json!({"a": [{"b": ["x", "gäller 19121212-1212"]}]}),
            json!({"19121212-1212": true}),
        ] {
            assert_eq!(numbers_beside(&message).len(), 1, "{message}");
        }
    }

    #[test]
    fn programs_may_have_names_and_numbers_of_their_own() {
        let message = json!({
            "clientInfo": {"name": "Claude Desktop", "title": "Anna", "version": "1.20.3"},
            "id": "0b9a5f0e-5a53-4c39-9df2-2f4e1a7f4a10", "user": "65f1c0ffee0123456789abcd", "created": 1764000000,
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        });
        assert_eq!(numbers_beside(&message), []);
    }
}
