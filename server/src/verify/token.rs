//! A sentence in, its words out: lower case, with their stems, and with the clause and the sentence they stand in.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::figures::is_unit;
use super::lexicon::{LEXICON, stem};

/// Words that carry no subject: what a sentence is about does not change when they come or go.
static FUNCTION_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "alla allt alltid aldrig andra antingen att av bara blev bli blir bör båda både då de dem den denna denne dennes deras dess \
     dessa det detta dig din dina ditt dock du där därför efter eller en enbart endast enligt er ett från får fått före för ha hade \
     han hans har heller hen hens henne hennes hon honom hos hur här i icke ifall in inga ingen inget innan inom inte ja jag kan kanske \
     kunde man med mellan men mer mot måste mycket nej ni nog nu när och också om oss på redan samt samtliga ska skall skulle \
     som så såvida sådan sådana sådant sig sin sina sitt till trots under upp ur ut utan utom vad var vara varit varje varandra varken vars \
     varför vem vi via vid vilka vilken vilket vill är även över åt § än annan annat ej någon något några ju väl förrän senast \
     tidigast minst högst lägst åtminstone medan eftersom sedan per cirka utanför innanför bland utöver genom kring gentemot såväl dels alltså därav därmed dess dit fram igen kvar ned ner"
        .split_whitespace()
        .collect()
});

/// Words that begin a new clause without a comma.
const CLAUSE_WORDS: [&str; 9] = [
    "men", "om", "eftersom", "medan", "såvida", "när", "ifall", "utom", "förutom",
];

/// Words that begin a part of a clause with a verb of its own.
const PART_WORDS: [&str; 2] = ["att", "som"];

/// Words that make the finite verb before them the start of the main clause: "..., ska nämnden", "anmäler kommunen".
const SUBJECTS: [&str; 11] = [
    "den", "det", "de", "han", "hon", "hen", "en", "ett", "ingen", "inget", "inga",
];

/// Most words between two commas of a list.
const LIST_ITEM: usize = 3;

/// A word or number of a text.
#[derive(Debug, Clone)]
pub struct Token {
    /// In lower case.
    pub word: String,
    /// Counts the clauses of the text from 0.
    pub clause: usize,
    /// Counts clauses and the parts of clauses that "att" and "som" open, from 0.
    pub part: usize,
    /// Counts the sentences of the text from 0.
    pub sentence: usize,
    /// True for the first word of a sentence.
    pub first: bool,
    /// What its other forms have in common with it.
    pub stem: String,
}

impl Token {
    /// True for words that a sentence is about.
    pub fn is_content(&self) -> bool {
        self.word.chars().all(|c| c.is_alphabetic() || c == '-')
            && !FUNCTION_WORDS.contains(self.word.as_str())
            && !is_unit(self)
    }

    /// True when the two words are forms of one, or say the same.
    pub fn akin(&self, other: &Token) -> bool {
        let rows = |token: &Token| LEXICON.same.get(&token.stem).map_or(&[][..], Vec::as_slice);
        if self.is_content() != other.is_content() {
            // "Sommaren" has the stem of "som".
            return self.word == other.word;
        }
        self.stem == other.stem || rows(self).iter().any(|row| rows(other).contains(row))
    }

    /// True when one is a part of the other, a compound, and long enough for that to be no chance.
    pub fn part_of(&self, whole: &Token) -> bool {
        self.stem.chars().count() >= 4 && (whole.stem.starts_with(&self.stem) || whole.stem.ends_with(&self.stem))
    }
}

/// The words and numbers of a text. Digits parted by a space ("30 000") are one number, a phrase of the tables one word.
pub fn tokens(text: &str) -> Vec<Token> {
    let text = with_phrases(text);
    let pieces: Vec<&str> = text.split_whitespace().collect();
    let mut tokens: Vec<Token> = Vec::new();
    let (mut clause, mut part, mut sentence, mut first) = (0, 0, 0, true);
    for (at, piece) in pieces.iter().enumerate() {
        let word = bare(piece);
        let subject = pieces.get(at + 1).is_some_and(|next| SUBJECTS[..6].contains(next));
        let about = word == "om" && !subject && tokens.last().is_some_and(|last| LEXICON.is_about(&last.word));
        if CLAUSE_WORDS.contains(&word) && !about
            || piece.starts_with('(')
            || begins_main_clause(&tokens, sentence, &pieces[at..])
        {
            clause += 1;
        }
        part += usize::from(PART_WORDS.contains(&word));
        let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
        if !word.is_empty() {
            match tokens.last_mut() {
                Some(last) if is_number && word.len() == 3 && last.clause == clause && is_thousands(&last.word) => {
                    last.word.push_str(word);
                    last.stem.clone_from(&last.word);
                }
                _ => tokens.push(Token {
                    stem: stem(word),
                    word: word.to_owned(),
                    clause,
                    part: clause + part,
                    sentence,
                    first,
                }),
            }
            first = false;
        }
        if piece.ends_with([';', ':', '.', '!', '?']) || piece.ends_with(',') && !is_list(&pieces[at + 1..]) {
            clause += 1;
        }
        if piece.ends_with(['.', '!', '?']) && !is_number {
            sentence += 1;
            first = true;
        }
    }
    tokens
}

fn bare(piece: &str) -> &str {
    piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '§' && c != '%')
}

/// True after a comma when a short item and another comma, "och" or "eller" follow.
fn is_list(rest: &[&str]) -> bool {
    let end = rest
        .iter()
        .take(LIST_ITEM + 1)
        .position(|p| p.ends_with(',') || ["och", "eller", "samt"].contains(p));
    let begins_clause = rest
        .first()
        .is_some_and(|p| CLAUSE_WORDS.contains(&bare(p)) || ["och", "eller", "som"].contains(p));
    end.is_some() && !begins_clause
}

/// In a sentence that begins with its condition, the main clause begins with a verb and its subject, comma or not.
fn begins_main_clause(before: &[Token], sentence: usize, rest: &[&str]) -> bool {
    let own = before.iter().filter(|token| token.sentence == sentence);
    let conditional = own.clone().next().is_some_and(|first| {
        ["om", "när", "ifall"].contains(&first.word.as_str()) || LEXICON.turned.contains(&first.word)
    });
    let [verb, subject, ..] = rest else { return false };
    let subject = bare(subject);
    let is_verb = verb.ends_with(['r', 's']) || ["ska", "kan", "måste", "bör"].contains(verb);
    conditional
        && own.count() >= 3
        && is_verb
        && (SUBJECTS.contains(&subject) || LEXICON.is_actor(subject, &stem(subject)))
        && !LEXICON.is_actor(verb, &stem(verb))
}

/// The text in lower case with the tables' phrases put into one word each.
fn with_phrases(text: &str) -> String {
    let mut text = format!(
        " {} ",
        text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
    );
    for (phrase, word) in &LEXICON.phrases {
        for end in [" ", ",", ".", ";"] {
            let (from, to) = (format!(" {phrase}{end}"), format!(" {word}{end}"));
            if text.contains(&from) {
                text = text.replace(&from, &to);
            }
        }
    }
    text
}

fn is_thousands(word: &str) -> bool {
    (1..=3).contains(&word.len()) && word.chars().all(|c| c.is_ascii_digit())
}
