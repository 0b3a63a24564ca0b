//! True sentences that must pass, and the same sentences broken in many ways, each of which must fail.

use super::*;

const PLANNING: Cited<'static> = Cited {
    quote: "En förhandsbedömning ska göras inom fjorton dagar från det att anmälan kom in. Tiden får förlängas om det finns synnerliga skäl.",
    reference: "20 kap. 2 § SoL",
};
const CONTACT: Cited<'static> = Cited {
    quote: "Den som har hemtjänst ska erbjudas en fast omsorgskontakt, om det inte är uppenbart obehövligt.",
    reference: "10 kap. 7 § SoL",
};
const FEES: Cited<'static> = Cited {
    quote: "Avgift får inte tas ut för ledsagning. För boende får kommunen ta ut högst 500 kr i månaden av vuxna.",
    reference: "21 § LSS",
};
const COUPLE: Cited<'static> = Cited {
    quote: "Makar har rätt att bo tillsammans oavsett om båda har behov av särskilt boende. Nämnden bör följa upp beslutet varje år enligt 37 § förvaltningslagen.",
    reference: "11 kap. 3 § SoL",
};

#[test]
fn true_sentences_pass() {
    for (sentence, cited) in [
        (
            "Förhandsbedömningen ska göras inom 14 dagar från att anmälan kom in.",
            PLANNING,
        ),
        ("Tiden får förlängas om det finns synnerliga skäl.", PLANNING),
        (
            "Enligt 20 kap. 2 § SoL ska en förhandsbedömning göras inom fjorton dagar.",
            PLANNING,
        ),
        (
            "Den som har hemtjänst ska erbjudas fast omsorgskontakt om det inte är uppenbart obehövligt.",
            CONTACT,
        ),
        ("Avgift får inte tas ut för ledsagning.", FEES),
        (
            "För boende får kommunen ta ut högst 500 kronor i månaden av vuxna.",
            FEES,
        ),
        (
            "Makar har rätt att bo tillsammans oavsett om båda har behov av särskilt boende.",
            COUPLE,
        ),
        ("Nämnden bör följa upp beslutet varje år.", COUPLE),
    ] {
        assert_eq!(check(sentence, &[cited]), Ok(()), "{sentence}");
    }
}

#[test]
fn broken_sentences_fail() {
    for (sentence, cited, flaw) in [
        // Time limits, amounts, units, dates.
        (
            "Förhandsbedömningen ska göras inom 21 dagar från att anmälan kom in.",
            PLANNING,
            Flaw::Figure,
        ),
        (
            "Förhandsbedömningen ska göras inom fjorton veckor från att anmälan kom in.",
            PLANNING,
            Flaw::Figure,
        ),
        (
            "Förhandsbedömningen ska göras inom fjorton dagar från mars 2025.",
            PLANNING,
            Flaw::Figure,
        ),
        (
            "För boende får kommunen ta ut högst 5 000 kr i månaden av vuxna.",
            FEES,
            Flaw::Figure,
        ),
        (
            "För boende får kommunen ta ut minst 500 kr i månaden av vuxna.",
            FEES,
            Flaw::Bound,
        ),
        // Negations added and lost.
        (
            "Förhandsbedömningen ska inte göras inom fjorton dagar.",
            PLANNING,
            Flaw::Negation,
        ),
        ("Avgift får tas ut för ledsagning.", FEES, Flaw::Negation),
        // Conditions and exceptions lost and made up.
        (
            "Den som har hemtjänst ska erbjudas en fast omsorgskontakt.",
            CONTACT,
            Flaw::Exception,
        ),
        ("Tiden får förlängas.", PLANNING, Flaw::Exception),
        // Wider or narrower than the rule.
        ("Avgift får aldrig tas ut för ledsagning.", FEES, Flaw::Widened),
        ("Nämnden bör följa upp alla beslut.", COUPLE, Flaw::Widened),
        // Modal strength.
        (
            "Tiden ska förlängas om det finns synnerliga skäl.",
            PLANNING,
            Flaw::Modality,
        ),
        ("Nämnden ska följa upp beslutet varje år.", COUPLE, Flaw::Modality),
        (
            "Förhandsbedömningen bör göras inom fjorton dagar från att anmälan kom in.",
            PLANNING,
            Flaw::Modality,
        ),
        // References.
        (
            "Enligt 20 kap. 3 § SoL ska en förhandsbedömning göras inom fjorton dagar.",
            PLANNING,
            Flaw::Reference,
        ),
        // Other bodies, groups and benefits.
        ("Avgift får inte tas ut för hemtjänst.", FEES, Flaw::Name),
        (
            "För boende får regionen ta ut högst 500 kr i månaden av vuxna.",
            FEES,
            Flaw::Role,
        ),
        (
            "Sambor har rätt att bo tillsammans oavsett om båda har behov av särskilt boende.",
            COUPLE,
            Flaw::Role,
        ),
        // Nothing of the quote.
        ("Ansökan lämnas på papper hos receptionen.", FEES, Flaw::NewWords),
    ] {
        assert_eq!(check(sentence, &[cited]), Err(flaw), "{sentence}");
    }
}

#[test]
fn a_sentence_without_a_citation_or_content_is_nothing() {
    assert_eq!(check("Avgift får inte tas ut för ledsagning.", &[]), Err(Flaw::Uncited));
    assert_eq!(check("Det är så.", &[FEES]), Err(Flaw::Uncited));
    assert_eq!(check("", &[FEES]), Err(Flaw::Uncited));
}

#[test]
fn a_sentence_may_rest_on_two_quotes() {
    let sentence = "Avgift får inte tas ut för ledsagning och en förhandsbedömning ska göras inom fjorton dagar.";
    assert_eq!(check(sentence, &[FEES, PLANNING]), Ok(()));
    assert!(check(sentence, &[FEES]).is_err());
}

#[test]
fn personal_data_passes_only_in_the_sources_own_words() {
    const RULING: Cited<'static> = Cited {
        quote: "Fredrik Mellqvist hade rätt till ledsagning enligt nämndens beslut.",
        reference: "HFD 2021 ref. 1",
    };
    let named = "Fredrik Mellqvist hade rätt till ledsagning enligt nämndens beslut.";
    assert_ne!(check(named, &[RULING]), Err(Flaw::PersonalData));
    for made_up in [
        "Erik Mellqvist hade rätt till ledsagning enligt nämndens beslut.",
        "Fredrik Mellqvist 19121212-1212 hade rätt till ledsagning enligt nämndens beslut.",
    ] {
        assert_eq!(check(made_up, &[RULING]), Err(Flaw::PersonalData), "{made_up}");
    }
}
