//! The headings that stand over a § at a given moment.

use lotsen_corpus::Validity;

/// Sub-headings of one level: one, or two wordings of it with different dates.
type Wordings = Vec<(Validity, String)>;

/// The headings in force while an act is read from top to bottom.
///
/// The text form does not tell the two levels of sub-headings apart. Where two stand together the second is under the
/// first; one that stands alone replaces both, so that a path may lack a level but never names a wrong one.
#[derive(Debug, Default)]
pub(super) struct Headings {
    division: Option<String>,
    subdivision: Option<String>,
    /// The chapter's title; two wordings where its words change on a day.
    chapter: Wordings,
    /// When the chapter itself applies.
    chapter_validity: Validity,
    sub: Vec<Wordings>,
    /// True while sub-headings follow one another with no text between them.
    in_run: bool,
}

impl Headings {
    pub(super) fn division(&mut self, text: &str) {
        *self = Self {
            division: Some(text.to_owned()),
            ..Self::default()
        };
    }

    pub(super) fn subdivision(&mut self, text: &str) {
        *self = Self {
            division: self.division.take(),
            subdivision: Some(text.to_owned()),
            ..Self::default()
        };
    }

    /// A chapter begins. Everything in it applies when it does, unless the dates are those of its title alone.
    pub(super) fn chapter(&mut self, text: &str, validity: Validity, title_only: bool) {
        self.chapter = vec![(validity, text.to_owned())];
        self.chapter_validity = if title_only { Validity::default() } else { validity };
        self.sub.clear();
        self.in_run = false;
    }

    /// The same chapter's title in another wording.
    pub(super) fn chapter_again(&mut self, text: &str, validity: Validity) {
        self.chapter.push((validity, text.to_owned()));
    }

    /// Takes a sub-heading and returns its level among the act's headings.
    pub(super) fn sub_heading(&mut self, text: &str, validity: Validity) -> u8 {
        if !self.in_run {
            self.sub.clear();
            self.in_run = true;
        }
        let replaces = |wordings: &Wordings| {
            wordings
                .last()
                .is_some_and(|(before, _)| before.valid_to.is_some() && before.valid_to == validity.valid_from)
        };
        match self.sub.last_mut() {
            Some(wordings) if replaces(wordings) => wordings.push((validity, text.to_owned())),
            _ => self.sub.push(vec![(validity, text.to_owned())]),
        }
        3 + u8::try_from(self.sub.len()).unwrap_or(3).min(3)
    }

    /// When the chapter applies; everything in it is bound by that.
    pub(super) fn chapter_validity(&self) -> Validity {
        self.chapter_validity
    }

    /// The headings over a § with this validity, and the end of a run of headings.
    pub(super) fn path(&mut self, validity: Validity) -> Vec<String> {
        self.in_run = false;
        let fixed = [self.division.as_ref(), self.subdivision.as_ref()];
        let dated = std::iter::once(&self.chapter).chain(&self.sub).filter_map(|wordings| {
            let fitting = wordings.iter().rev().find(|(heading, _)| overlap(*heading, validity));
            fitting.or(wordings.last()).map(|(_, text)| text)
        });
        fixed.into_iter().flatten().chain(dated).cloned().collect()
    }
}

/// Whether there is a day on which both apply.
fn overlap(a: Validity, b: Validity) -> bool {
    let both = a.within(b);
    both.valid_from.is_none() || both.valid_to.is_none() || both.valid_from < both.valid_to
}
