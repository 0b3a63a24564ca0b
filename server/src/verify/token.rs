//! A sentence in, its words out: lower case, with their stems, and with the clause they stand in.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use lotsen_corpus::analysis;

/// Words that carry no subject: what a sentence is about does not change when they come or go.
static FUNCTION_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "alla allt alltid aldrig andra att av bara blev bli blir bör då de dem den denna deras dess dessa det detta \
     dig din dina ditt dock du där därför efter eller en enbart endast enligt er ett flera får för fått från ha hade han \
     hans har hen hens hon hennes hos hur här i icke ifall inga ingen inget inom inte ja jag kan kanske kunde man med \
     mellan men mer mot måste mycket måst nej ni nog nu när och också om oss på redan samt samtliga ska skall skulle som \
     sig sin sina sitt så såvida sådan sådana sådant till trots under upp ur ut utan utom vad var vara varje varken vars \
     vem vi via vid vilka vilken vilket vill är även över § bland annat ej än någon något några ju väl"
        .split_whitespace()
        .collect()
});

/// Words that begin a new clause without a comma.
const CLAUSE_WORDS: [&str; 7] = ["men", "om", "dock", "eftersom", "medan", "såvida", "när"];

/// A word or number of a sentence.
#[derive(Debug, Clone)]
pub struct Token {
    /// In lower case.
    pub word: String,
    /// Counts the clauses of the text from 0.
    pub clause: usize,
    stems: Vec<String>,
}

impl Token {
    /// What other forms of the word, and words made from it, have in common with it.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.stems.iter().map(String::as_str)
    }

    /// True for words that a sentence is about.
    pub fn is_content(&self) -> bool {
        self.word.chars().all(char::is_alphabetic) && !FUNCTION_WORDS.contains(self.word.as_str())
    }

    /// True when the two words share a stem.
    pub fn akin(&self, other: &Token) -> bool {
        self.stems.iter().any(|stem| other.stems.contains(stem))
    }
}

/// The words and numbers of a text. Digits parted by a space ("30 000") are one number.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut clause = 0;
    for piece in text.split_whitespace() {
        let word: String = piece
            .trim_matches(|c: char| !c.is_alphanumeric() && c != '§' && c != '%')
            .to_lowercase();
        if CLAUSE_WORDS.contains(&word.as_str()) {
            clause += 1;
        }
        if !word.is_empty() {
            let is_number = word.chars().all(|c| c.is_ascii_digit());
            let joins = is_number && word.len() == 3;
            match tokens.last_mut() {
                Some(last) if joins && last.clause == clause && is_thousands(&last.word) => last.word.push_str(&word),
                _ => tokens.push(Token {
                    stems: if is_number {
                        vec![word.clone()]
                    } else {
                        analysis::terms(&word)
                    },
                    word,
                    clause,
                }),
            }
        }
        if piece.ends_with([',', ';', ':', '.', '!', '?']) {
            clause += 1;
        }
    }
    tokens
}

fn is_thousands(word: &str) -> bool {
    (1..=3).contains(&word.len()) && word.chars().all(|c| c.is_ascii_digit())
}
