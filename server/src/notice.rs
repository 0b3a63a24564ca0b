//! What was found and shown in; what the reader must know beside it out, in Swedish.

use jiff::civil::Date;
use lotsen_corpus::release::PlacedPassage;

use crate::cite;
use crate::companion::{Companions, Doubtful, Outdated};
use crate::reply::{AnswerStatus, CaseLawReply, Notice, Source};
use crate::retrieve::Candidates;
use crate::succession::{Elsewhere, Repealed};
use crate::texts::Texts;
use crate::understand::{QuestionKind, Understood};

/// The notices of a reply, the most important first.
pub fn of(
    texts: &Texts,
    question: &Understood,
    candidates: &Candidates,
    status: AnswerStatus,
    shown: &[Source],
    companions: &Companions,
    today: Date,
) -> Vec<Notice> {
    let mut notices: Vec<Notice> = Vec::new();
    if status == AnswerStatus::NoSupport {
        notices.push(notice("no_support", texts.notice.no_support.fill(&[])));
    }
    notices.extend(of_named(texts, candidates, question.as_of));
    if status == AnswerStatus::Answered {
        notices.extend(no_longer_in_force(texts, candidates, shown, question.as_of, today));
        if question.kind == QuestionKind::Individual {
            notices.push(individual_assessment(texts));
        }
        notices.extend(of_local_guideline(texts, shown));
        notices.extend(companions.outdated.iter().map(|outdated| of_outdated(texts, outdated)));
        notices.extend(
            companions
                .doubtful
                .iter()
                .map(|doubtful| of_doubtful(texts, doubtful, question.as_of)),
        );
    }
    if shown.iter().any(|source| source.document.invented) {
        notices.push(notice("invented_corpus", texts.notice.invented_corpus.fill(&[])));
    }
    notices
}

/// The notices of a reply with case law: first that there is none, or that it speaks for one side alone.
pub fn of_case_law(texts: &Texts, question: &Understood, candidates: &Candidates, reply: &CaseLawReply) -> Vec<Notice> {
    let mut notices = Vec::new();
    if reply.status == AnswerStatus::NoSupport {
        notices.push(notice("no_support", texts.notice.no_case_law.fill(&[])));
    }
    let one_sided = match (reply.in_favour.is_empty(), reply.against.is_empty()) {
        (false, true) => Some(&texts.notice.one_sided_for),
        (true, false) => Some(&texts.notice.one_sided_against),
        _ => None,
    };
    notices.extend(one_sided.map(|template| notice("one_sided_case_law", template.fill(&[]))));
    notices.extend(of_named(texts, candidates, question.as_of));
    let mut decisions = reply.decisions().peekable();
    if decisions.peek().is_some() {
        if question.kind == QuestionKind::Individual {
            notices.push(individual_assessment(texts));
        }
        if decisions.all(|decision| decision.invented) {
            notices.push(notice("invented_corpus", texts.notice.invented_case_law.fill(&[])));
        }
    }
    notices
}

/// What became of the provisions that the question names.
fn of_named(texts: &Texts, candidates: &Candidates, as_of: Date) -> Vec<Notice> {
    let repealed = candidates.repealed.iter();
    let elsewhere = candidates.elsewhere.iter();
    let future = candidates.future.iter();
    repealed
        .map(|repealed| of_repealed(texts, repealed, as_of))
        .chain(elsewhere.map(|repealed| of_elsewhere(texts, repealed)))
        .chain(future.filter_map(|place| of_future(texts, place, as_of)))
        .collect()
}

fn individual_assessment(texts: &Texts) -> Notice {
    notice("individual_assessment", texts.notice.individual_assessment.fill(&[]))
}

/// The notice above sentences of the language model.
pub fn ai_generated(texts: &Texts) -> Notice {
    notice("ai_generated", texts.notice.ai_generated.fill(&[]))
}

fn of_repealed(texts: &Texts, repealed: &Repealed, as_of: Date) -> Notice {
    let old = cite::reference(&repealed.old, as_of, &texts.place);
    let date = texts.date.written(repealed.since);
    let new: Vec<String> = repealed
        .now
        .iter()
        .map(|place| cite::reference(place, as_of, &texts.place))
        .collect();
    let new = joined(new);
    let template = match (repealed.now.is_empty(), repealed.certain) {
        (true, _) => &texts.notice.repealed_law_gone,
        (false, true) => &texts.notice.repealed_law,
        (false, false) => &texts.notice.repealed_law_nearest,
    };
    notice(
        "repealed_law",
        template.fill(&[("old", &old), ("date", &date), ("new", &new)]),
    )
}

fn of_elsewhere(texts: &Texts, repealed: &Elsewhere) -> Notice {
    let (old, date, new) = moved(texts, repealed);
    let fields = [("old", old.as_str()), ("date", &date), ("new", &new)];
    notice("repealed_law", texts.notice.repealed_law.fill(&fields))
}

fn of_outdated(texts: &Texts, outdated: &Outdated) -> Notice {
    let (old, date, new) = moved(texts, &outdated.provision);
    let fields = [
        ("title", outdated.guideline.as_str()),
        ("old", &old),
        ("date", &date),
        ("new", &new),
    ];
    notice("outdated_reference", texts.notice.outdated_reference.fill(&fields))
}

fn of_doubtful(texts: &Texts, doubtful: &Doubtful, as_of: Date) -> Notice {
    let doubt = &doubtful.doubt;
    let fields = [
        ("title", doubtful.guideline.as_str()),
        ("named", &cite::address(&doubt.named, &texts.place)),
        ("nearer", &cite::reference(&doubt.nearer, as_of, &texts.place)),
    ];
    notice("doubtful_reference", texts.notice.doubtful_reference.fill(&fields))
}

/// The old provision, the day since which it no longer applies, and where its rule stands now.
fn moved(texts: &Texts, repealed: &Elsewhere) -> (String, String, String) {
    let new = repealed.now.iter().map(|place| cite::address(place, &texts.place));
    (
        cite::address(repealed.old, &texts.place),
        texts.date.written(repealed.since),
        joined(new.collect()),
    )
}

fn of_future(texts: &Texts, place: &PlacedPassage, as_of: Date) -> Option<Notice> {
    let from = place.passage().validity.valid_from?;
    let reference = cite::reference(place, as_of, &texts.place);
    let fields = [("reference", reference.as_str()), ("date", &texts.date.written(from))];
    Some(notice("future_law", texts.notice.future_law.fill(&fields)))
}

/// An answer for an earlier day may rest on law that has ended since.
fn no_longer_in_force(
    texts: &Texts,
    candidates: &Candidates,
    shown: &[Source],
    as_of: Date,
    today: Date,
) -> Option<Notice> {
    let ended = shown
        .iter()
        .find(|source| source.document.valid_to.is_some_and(|end| end <= today))?;
    let end = ended.document.valid_to?;
    let place = candidates
        .found
        .iter()
        .find(|c| c.place.passage().id.as_str() == ended.passage_id)?;
    let old = cite::reference(&place.place, today, &texts.place);
    let fields = [
        ("old", old.as_str()),
        ("as_of", &texts.date.written(as_of)),
        ("date", &texts.date.written(end)),
    ];
    Some(notice(
        "repealed_law",
        texts.notice.repealed_then_in_force.fill(&fields),
    ))
}

fn of_local_guideline(texts: &Texts, shown: &[Source]) -> Option<Notice> {
    let local = shown.iter().find(|source| source.document.kind.is_local())?;
    let fields = [
        ("issuer", local.document.issuer.as_str()),
        ("title", &local.document.title),
    ];
    Some(notice("local_guideline", texts.notice.local_guideline.fill(&fields)))
}

fn notice(code: &str, text: String) -> Notice {
    Notice {
        code: code.to_owned(),
        text,
    }
}

/// "a", "a och b", "a, b och c"; the same reference only once.
fn joined(mut parts: Vec<String>) -> String {
    parts.dedup();
    match parts.pop() {
        None => String::new(),
        Some(last) if parts.is_empty() => last,
        Some(last) => format!("{} och {last}", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draft, place};
    use jiff::civil::date;
    use lotsen_corpus::Validity;

    #[test]
    fn a_repealed_provision_is_named_with_its_day_and_its_heir() {
        let texts = Texts::built_in().unwrap();
        let switch = date(2025, 7, 1);
        let sol = |identifier, chapter, validity| {
            place(&Draft {
                title: "Socialtjänstlag",
                short: Some("SoL"),
                identifier: Some(identifier),
                provision: Some((Some(chapter), "1")),
                validity,
                ..Draft::default()
            })
        };
        let repealed = Repealed {
            old: sol(
                "2001:453",
                "4",
                Validity {
                    valid_from: None,
                    valid_to: Some(switch),
                },
            ),
            since: switch,
            now: vec![
                sol(
                    "2025:400",
                    "11",
                    Validity {
                        valid_from: Some(switch),
                        valid_to: None,
                    },
                ),
                sol(
                    "2025:400",
                    "12",
                    Validity {
                        valid_from: Some(switch),
                        valid_to: None,
                    },
                ),
            ],
            certain: true,
        };
        let shown = of_repealed(&texts, &repealed, date(2026, 11, 22));
        assert_eq!(shown.code, "repealed_law");
        assert_eq!(
            shown.text,
            "4 kap. 1 § SoL (2001:453) upphörde att gälla den 1 juli 2025. Regeln finns nu i 11 kap. 1 § SoL och 12 kap. 1 § SoL."
        );
    }

    #[test]
    fn a_repealed_provision_is_known_also_where_its_act_is_not_in_the_material() {
        let successor = lotsen_corpus::reference::successors::successor("2001:453", Some("5"), "10").unwrap();
        let repealed = Elsewhere {
            old: &successor.old,
            since: date(2025, 7, 1),
            now: &successor.new,
        };
        assert_eq!(
            of_elsewhere(&Texts::built_in().unwrap(), &repealed).text,
            "5 kap. 10 § SoL (2001:453) upphörde att gälla den 1 juli 2025. Regeln finns nu i 13 kap. 9 § SoL."
        );
    }
}
