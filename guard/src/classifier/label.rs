//! Labels of a model in; what each stands for among the guard's own kinds out.

use std::collections::BTreeMap;

use crate::finding::FindingKind;

/// The kind of each label, by its number; `None` where the numbers have gaps or no label stands for a person.
pub(super) fn kinds(id2label: &BTreeMap<String, String>) -> Option<Vec<Option<FindingKind>>> {
    let kinds: Vec<Option<FindingKind>> = (0..id2label.len())
        .map(|id| id2label.get(&id.to_string()).map(|label| kind(label)))
        .collect::<Option<_>>()?;
    kinds.contains(&Some(FindingKind::Name)).then_some(kinds)
}

/// What a label stands for, its prefix of the IOB schemes left out. Places and organisations are no personal data.
fn kind(label: &str) -> Option<FindingKind> {
    let label = label.to_uppercase();
    let bare = match label.split_once(['-', '_']) {
        Some(("B" | "I" | "E" | "S" | "L" | "U", rest)) => rest,
        _ => &label,
    };
    match bare {
        "PER" | "PRS" | "PERSON" | "NAME" | "FIRSTNAME" | "FIRST_NAME" | "SURNAME" | "LAST_NAME" => {
            Some(FindingKind::Name)
        }
        "ADDRESS" | "STREET" | "STREET_ADDRESS" => Some(FindingKind::Address),
        "PHONE" | "PHONE_NUMBER" => Some(FindingKind::Phone),
        "EMAIL" => Some(FindingKind::Email),
        _ => None,
    }
}

/// The kind that a token most likely is, and how likely: the likelihoods of all labels of a kind together.
pub(super) fn likeliest(logits: &[f32], labels: &[Option<FindingKind>]) -> (Option<FindingKind>, f32) {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights = logits.iter().map(|logit| (logit - highest).exp());
    let mut sums: BTreeMap<Option<FindingKind>, f32> = BTreeMap::new();
    let mut all = 0.0;
    for (weight, kind) in weights.zip(labels) {
        *sums.entry(*kind).or_default() += weight;
        all += weight;
    }
    let personal = sums.into_iter().filter(|(kind, _)| kind.is_some());
    let best = personal.max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.map_or((None, 0.0), |(kind, sum)| (kind, sum / all))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &[&str]) -> BTreeMap<String, String> {
        let number = |(id, name): (usize, &&str)| (id.to_string(), (*name).to_owned());
        names.iter().enumerate().map(number).collect()
    }

    #[test]
    fn labels_of_several_schemes() {
        let name = Some(FindingKind::Name);
        assert_eq!(
            kinds(&labels(&["O", "B-PER", "I-PER", "B-LOC"])),
            Some(vec![None, name, name, None])
        );
        assert_eq!(
            kinds(&labels(&["O", "PRS", "street_address"])).map(|all| all[2]),
            Some(Some(FindingKind::Address))
        );
        assert_eq!(kinds(&labels(&["O", "B-LOC"])), None, "nobody would be found");
        assert_eq!(
            kinds(&BTreeMap::from([("1".to_owned(), "PER".to_owned())])),
            None,
            "a gap"
        );
    }

    #[test]
    fn likelihoods_of_one_kind_are_added() {
        let name = Some(FindingKind::Name);
        let (kind, likelihood) = likeliest(&[1.0, 1.0, 1.0], &[None, name, name]);
        assert_eq!(kind, name);
        assert!((likelihood - 2.0 / 3.0).abs() < 1e-6);
    }
}
