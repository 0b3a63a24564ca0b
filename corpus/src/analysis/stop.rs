//! The words that say nothing about what a text is about.

/// Swedish function words. Short on purpose: "inte", "ska", "får" and "utan" stay, because in law they decide.
const STOP_WORDS: &[&str] = &[
    "alla", "att", "av", "blir", "bli", "de", "dem", "den", "denna", "deras", "dess", "dessa", "det", "detta", "dig",
    "din", "dina", "ditt", "du", "där", "då", "ej", "eller", "en", "er", "era", "ert", "ett", "för", "från", "ha",
    "hade", "han", "hans", "har", "hennes", "hon", "honom", "hur", "här", "hen", "i", "in", "inom", "jag", "ju", "kan",
    "man", "med", "mig", "min", "mina", "mitt", "mot", "mycket", "ni", "nu", "när", "någon", "något", "några", "och",
    "om", "oss", "på", "samt", "sedan", "sig", "sin", "sina", "sitt", "som", "så", "sådan", "sådana", "sådant", "till",
    "upp", "var", "vara", "vad", "vem", "vi", "vid", "vilka", "vilken", "vilket", "vår", "våra", "vårt", "är", "även",
    "åt", "över",
];

/// True for a word that is never a term. The word is in lower case.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}
