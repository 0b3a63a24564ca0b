//! The words of a decision in; how it ended for the person whose right was at stake out.
//!
//! "Kammarrätten avslår överklagandet" is a loss for whoever appealed, so the appellant decides how the verdict reads. Where
//! the text does not tell who that was, nothing is guessed.

use std::sync::LazyLock;

use lotsen_corpus::record::Outcome;
use regex::Regex;

use lotsen_corpus::text::pattern;

static REMITTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"återförvis|visar? (?:målet|ärendet) åter|visas åter|lämnar tillbaka (?:målet|ärendet)|för ny (?:prövning|handläggning)",
    )
});
static NO_CRITICISM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:ingen|inte någon|utan) kritik|inte (?:anledning|skäl) att (?:kritisera|rikta kritik)|kritiserar inte")
});
static CRITICISM: LazyLock<Regex> = LazyLock::new(|| pattern(r"kritik|kritiser"));
static BOARD_APPEALED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:nämnden|kommunen|stadsdelen)s överklagande|(?:nämnden|kommunen) (?:har )?överklaga(?:r|de|t)|klagande:? (?:\S+ )?(?:\S*nämnden|kommunen)",
    )
});
static PERSON_APPEALED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:den enskildes|hennes|hans|(?:mannens|kvinnans|\b[a-zåäö]{1,3}\.?s)) överklagande|(?:den enskilde|hon|han|mannen|kvinnan|\b[a-zåäö]{1,3}) (?:har )?överklaga(?:r|de|t)|klagande:? (?:den enskilde|\b[a-zåäö]{1,3}\b)",
    )
});
static ENTITLED: LazyLock<Regex> = LazyLock::new(|| pattern(r"har rätt till|beviljas?\b|är berättigad"));
static NOT_ENTITLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:inte|ej) (?:har |haft )?rätt till|har inte rätt|inte berättigad"));
static BOARD_DECISION_STANDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"fastställer \S*(?:nämndens|kommunens) beslut"));
static BOARD_DECISION_FALLS: LazyLock<Regex> = LazyLock::new(|| pattern(r"upphäver \S*(?:nämndens|kommunens) beslut"));

/// What a header field says: "bifall", "delvis bifall", "avslag", "återförvisning", "kritik", "ingen kritik".
pub(super) fn stated(field: &str) -> Option<Outcome> {
    let field = field.to_lowercase();
    let says = |word: &str| field.contains(word);
    Some(if says("återförvis") {
        Outcome::Remitted
    } else if NO_CRITICISM.is_match(&field) {
        Outcome::NotCriticised
    } else if says("kritik") {
        Outcome::Criticised
    } else if says("bifall") && says("delvis") {
        Outcome::PartlyGranted
    } else if says("bifall") {
        Outcome::Granted
    } else if says("avslag") {
        Outcome::Denied
    } else {
        return None;
    })
}

/// Reads the verdict; `all` is the whole text, for who appealed.
pub(super) fn read(verdict: &str, all: &str, supervisory: bool) -> Option<Outcome> {
    let (verdict, all) = (verdict.to_lowercase(), all.to_lowercase());
    if supervisory && CRITICISM.is_match(&verdict) {
        let none = NO_CRITICISM.is_match(&verdict);
        return Some(if none {
            Outcome::NotCriticised
        } else {
            Outcome::Criticised
        });
    }
    if REMITTED.is_match(&verdict) {
        return Some(Outcome::Remitted);
    }
    if BOARD_DECISION_STANDS.is_match(&verdict) || NOT_ENTITLED.is_match(&verdict) {
        return Some(Outcome::Denied);
    }
    if verdict.contains("delvis") && (verdict.contains("bifall") || ENTITLED.is_match(&verdict)) {
        return Some(Outcome::PartlyGranted);
    }
    if ENTITLED.is_match(&verdict) || BOARD_DECISION_FALLS.is_match(&verdict) {
        return Some(Outcome::Granted);
    }
    let by_board = appellant(&verdict).or_else(|| appellant(&all))?;
    let lost = verdict.contains("avslår") || verdict.contains("avslås");
    let won = verdict.contains("bifall");
    match (lost, won) {
        (true, false) => Some(if by_board { Outcome::Granted } else { Outcome::Denied }),
        (false, true) => Some(if by_board { Outcome::Denied } else { Outcome::Granted }),
        _ => None,
    }
}

/// Whether the board appealed (`true`) or the person; `None` where neither or both are said to have.
fn appellant(text: &str) -> Option<bool> {
    match (BOARD_APPEALED.is_match(text), PERSON_APPEALED.is_match(text)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_counts_and_not_the_appellant() {
        let read = |verdict, all| super::read(verdict, all, false);
        for (verdict, all, expected) in [
            (
                "Kammarrätten avslår överklagandet.",
                "Omsorgsnämnden överklagar domen.",
                Some(Outcome::Granted),
            ),
            (
                "Kammarrätten avslår överklagandet.",
                "Kvinnan överklagade beslutet.",
                Some(Outcome::Denied),
            ),
            ("Kammarrätten avslår överklagandet.", "", None),
            ("Rätten bifaller nämndens överklagande.", "", Some(Outcome::Denied)),
            (
                "Rätten upphäver domen och fastställer omsorgsnämndens beslut.",
                "",
                Some(Outcome::Denied),
            ),
            (
                "Rätten förklarar att hon har rätt till ledsagning.",
                "",
                Some(Outcome::Granted),
            ),
            (
                "Rätten upphäver beslutet och visar målet åter till nämnden för ny prövning.",
                "",
                Some(Outcome::Remitted),
            ),
            (
                "Rätten bifaller överklagandet delvis och förklarar att han har rätt till fem timmar.",
                "",
                Some(Outcome::PartlyGranted),
            ),
        ] {
            assert_eq!(read(verdict, all), expected, "{verdict}");
        }
    }

    #[test]
    fn supervisory_decisions_criticise_or_do_not() {
        assert_eq!(
            super::read("Nämnden får allvarlig kritik.", "", true),
            Some(Outcome::Criticised)
        );
        assert_eq!(
            super::read("Det finns inte skäl att rikta kritik mot nämnden.", "", true),
            Some(Outcome::NotCriticised)
        );
    }
}
