//! Sentences with slots in, written questions with the place of each filled slot out. The same seed gives the same questions.

/// A written question and what in it is personal data: first and last code point, the slot's name.
pub struct Written {
    pub text: String,
    pub spans: Vec<(usize, usize, String)>,
}

/// Numbers that look random and are the same each time (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed.max(1))
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit.max(1)
    }

    pub fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// The lines of a file of templates that are no comments.
pub fn lines(file: &str) -> Vec<&str> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

/// Fills `{slot}` and `~slot`. Only the places of `{slot}` are told.
pub fn fill(template: &str, mut word: impl FnMut(&str) -> String) -> Written {
    let mut written = Written {
        text: String::new(),
        spans: Vec::new(),
    };
    let mut rest = template;
    while let Some(at) = rest.find(['{', '~']) {
        written.text.push_str(&rest[..at]);
        let is_span = rest[at..].starts_with('{');
        let name_end = rest[at + 1..]
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .map_or(rest.len(), |end| at + 1 + end);
        let name = &rest[at + 1..name_end];
        let start = written.text.chars().count();
        written.text.push_str(&word(name));
        if is_span {
            written
                .spans
                .push((start, written.text.chars().count(), name.to_owned()));
        }
        rest = &rest[name_end + usize::from(is_span)..];
    }
    written.text.push_str(rest);
    written
}
