//! The official consolidated text of an act or ordinance in; its avdelningar, kapitel and §§ as sections out.
//!
//! The text form has no markup. What carries the structure is the empty line: a § begins a group of lines, while a line
//! inside a group that begins with "12 §" is a cross reference that the line break happened to put first. What an empty
//! line alone does not settle is settled by the numbers, which only grow within a chapter.

mod groups;
mod headings;
mod printed;

use std::sync::LazyLock;

use lotsen_corpus::passage::PassageKind;
use lotsen_corpus::{BlockKind, Kind, Marks, Provision, Validity};
use regex::Regex;

use self::groups::{Group, Number, Sort};
use self::headings::Headings;
use super::{Builder, Outline, Section, lines, slug};
use lotsen_corpus::text::pattern;

pub(super) use printed::Printed;

/// The heading under which an act's transitional provisions stand, in the official text form.
const TRANSITIONAL: &str = "Övergångsbestämmelser";

/// The heading under which a regulation gives advice on the § before it. What stands there does not bind.
const ADVICE: &str = "Allmänna råd";
/// The note at the end of a § that tells which act gave it its wording: "Lag (2025:1501).", ". (HSLF-FS 2022:40)".
static AMENDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\b(?:Lag|Förordning|Kungörelse) \(|\. \((?:[A-ZÅÄÖ]+-)?[A-ZÅÄÖ]*FS )(\d{4}:\d{1,4})\)\.?$")
});

/// Reads a whole act, ordinance or regulation.
pub(super) fn read(printed: &Printed, kind: Kind) -> Outline {
    let groups = groups::of(&printed.text);
    let mut reader = Reader {
        advises: kind == Kind::Foreskrift,
        ..Reader::default()
    };
    if let Some(title) = &printed.title {
        reader.builder.heading(1, title, printed.page(1));
        reader.builder.outline.title = Some(title.clone());
    }
    for (at, group) in groups.iter().enumerate() {
        reader.page = printed.page(group.line);
        match reader.part {
            Part::Provisions => reader.provision_group(group, &groups[at..]),
            Part::Transitional => reader.transitional_group(group),
            Part::Annex => reader.annex_group(group),
        }
    }
    let mut outline = reader.builder.finish();
    for section in &mut outline.sections {
        let last = outline.blocks[section.blocks.clone()].last();
        let note = last.and_then(|block| AMENDED.captures(&block.text));
        section.marks.amended_by = note.map(|found| found[1].to_owned());
    }
    outline
}

/// Which part of an act is being read. They come in this order; an act may lack the last two.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Part {
    #[default]
    Provisions,
    Transitional,
    Annex,
}

#[derive(Debug, Default)]
struct Reader {
    builder: Builder,
    part: Part,
    headings: Headings,
    chapter: Option<Number>,
    paragraph: Option<Number>,
    /// True when the last paragraph's wording had dates: only then may its number come again.
    dated: bool,
    annex: Vec<String>,
    /// The page of the group that is being read.
    page: Option<u32>,
    /// True in regulations, which hold general advice between their provisions.
    advises: bool,
}

impl Reader {
    fn provision_group(&mut self, group: &Group<'_>, rest: &[Group<'_>]) {
        match group.sort() {
            Sort::Division => {
                let text = group.text();
                self.headings.division(&text);
                self.builder.heading(1, &text, self.page);
            }
            Sort::Subdivision if groups::is_heading(rest) => {
                let text = group.text();
                self.headings.subdivision(&text);
                self.builder.heading(2, &text, self.page);
            }
            Sort::Chapter(number) if self.chapter.as_ref().is_none_or(|last| number > *last) => {
                let text = group.text();
                let title_only = group.dates.is_some_and(|dates| dates.heading_only);
                self.headings.chapter(&text, group.validity(), title_only);
                self.builder.heading(3, &text, self.page);
                self.chapter = Some(number);
                self.paragraph = None;
            }
            Sort::Chapter(number) if self.paragraph.is_none() && self.chapter.as_ref() == Some(&number) => {
                let text = group.text();
                self.headings.chapter_again(&text, group.validity());
                self.builder.heading(3, &text, self.page);
            }
            Sort::Paragraph(number) if self.begins(&number, group) => self.paragraph(number, group),
            Sort::RepealedRange(label) => {
                self.open(None, Validity::default(), format!("{}{}", self.prefix(), slug(&label)));
                self.body(group);
            }
            Sort::Transitional => self.transitional(group),
            Sort::Annex => self.annex(group),
            Sort::Text if self.advises && group.text() == ADVICE => self.advice(),
            _ if groups::is_heading(rest) => {
                let text = group.text();
                let level = self.headings.sub_heading(&text, group.validity());
                self.builder.heading(level, &text, self.page);
            }
            _ => self.text(group),
        }
    }

    /// Whether a group that looks like a § is one: its number must grow, or stand there once more. The official text has
    /// a § twice where it has two dated wordings, and now and then without saying why, which is worth a look.
    fn begins(&mut self, number: &Number, group: &Group<'_>) -> bool {
        let last = self.paragraph.clone();
        let grows = last.as_ref().is_none_or(|last| number > last);
        let again = last.as_ref() == Some(number);
        let line = group.line;
        if again && !self.dated && group.dates.is_none() {
            self.builder
                .odd(format!("line {line}: {number} § stands twice, without dates"));
        } else if let Some(last) = last.filter(|_| !grows && !again) {
            self.builder.odd(format!(
                "line {line}: \"{number} §\" does not follow {last} §: taken as running text"
            ));
        }
        grows || again
    }

    fn paragraph(&mut self, number: Number, group: &Group<'_>) {
        if group.dates.is_some_and(|dates| dates.open) {
            self.builder.odd(format!(
                "line {}: {number} §: the government has not set the date yet",
                group.line
            ));
        }
        let validity = group.validity();
        let anchor = match &self.chapter {
            Some(chapter) => format!("{}k{}", chapter.joined(), number.joined()),
            None => format!("p{}", number.joined()),
        };
        let provision = Provision {
            chapter: self.chapter.as_ref().map(Number::to_string),
            paragraph: number.to_string(),
            parts: None,
        };
        self.open(Some(provision), validity, anchor);
        self.body(group);
        self.dated = group.dates.is_some();
        self.paragraph = Some(number);
    }

    /// Advice belongs under the § that it stands after, and is no part of it.
    fn advice(&mut self) {
        self.builder.heading(6, ADVICE, self.page);
        let after = self.paragraph.as_ref().map_or(String::new(), Number::joined);
        self.open(None, Validity::default(), format!("{}{after}rad", self.prefix()));
        if let Some(section) = self.builder.outline.sections.last_mut() {
            section.heading_path.push(match &self.paragraph {
                Some(number) => format!("{ADVICE} till {number} §"),
                None => ADVICE.to_owned(),
            });
            section.marks.kind = Some(Kind::AllmannaRad);
        }
    }

    fn open(&mut self, provision: Option<Provision>, validity: Validity, anchor: String) {
        self.builder.open(Section {
            heading_path: self.headings.path(validity),
            provision,
            number: None,
            kind: PassageKind::Body,
            marks: Marks::default(),
            validity: validity.within(self.headings.chapter_validity()),
            anchor,
            blocks: 0..0,
        });
    }

    /// Text outside any §: what stands before the first one is front matter, the rest belongs where it stands.
    fn text(&mut self, group: &Group<'_>) {
        if self.builder.outline.sections.is_empty() {
            let path = self.headings.path(Validity::default());
            self.open_other(PassageKind::FrontMatter, path, "inledning".to_owned());
        } else if self.after_heading() {
            let anchor = format!("{}text", self.prefix());
            self.open(None, Validity::default(), anchor);
        }
        self.body(group);
    }

    fn prefix(&self) -> String {
        self.chapter
            .as_ref()
            .map_or("p".to_owned(), |chapter| format!("{}k", chapter.joined()))
    }

    /// True where a heading stands last and no section has been opened for what follows it.
    fn after_heading(&self) -> bool {
        let opened = |s: &Section| s.blocks.is_empty() && s.marks.kind.is_some();
        matches!(self.builder.last_kind(), Some(BlockKind::Heading { .. }))
            && !self.builder.outline.sections.last().is_some_and(opened)
    }

    fn transitional(&mut self, group: &Group<'_>) {
        self.part = Part::Transitional;
        self.builder.heading(1, &group.text(), self.page);
    }

    fn transitional_group(&mut self, group: &Group<'_>) {
        match group.sort() {
            Sort::Amendment(act) => {
                self.builder.heading(2, &act, self.page);
                let anchor = format!("o{}", slug(&act));
                self.open_other(PassageKind::Transitional, vec![TRANSITIONAL.to_owned(), act], anchor);
            }
            Sort::Annex => self.annex(group),
            _ => {
                if self.after_heading()
                    && self
                        .builder
                        .outline
                        .sections
                        .last()
                        .is_none_or(|s| !s.blocks.is_empty())
                {
                    self.open_other(
                        PassageKind::Transitional,
                        vec![TRANSITIONAL.to_owned()],
                        "overgang".to_owned(),
                    );
                }
                self.body(group);
            }
        }
    }

    fn annex(&mut self, group: &Group<'_>) {
        self.part = Part::Annex;
        let text = group.text();
        self.builder.heading(1, &text, self.page);
        self.annex = vec![text];
        self.open_annex();
    }

    fn annex_group(&mut self, group: &Group<'_>) {
        if group.sort() == Sort::Transitional {
            self.transitional(group);
        } else if group.sort() == Sort::Annex {
            self.annex(group);
        } else if group.looks_like_annex_heading() {
            let text = group.text();
            if !self.after_heading() {
                self.annex.truncate(1);
            }
            self.builder.heading(2, &text, self.page);
            self.annex.push(text);
            self.open_annex();
        } else {
            self.body(group);
        }
    }

    fn open_annex(&mut self) {
        let anchor = slug(&format!(
            "{} {}",
            self.annex[0],
            self.annex.last().filter(|_| self.annex.len() > 1).map_or("", |h| h)
        ));
        self.open_other(PassageKind::Annex, self.annex.clone(), anchor);
    }

    fn open_other(&mut self, kind: PassageKind, heading_path: Vec<String>, anchor: String) {
        self.builder.open(Section {
            heading_path,
            provision: None,
            number: None,
            kind,
            marks: Marks::default(),
            validity: Validity::default(),
            anchor,
            blocks: 0..0,
        });
    }

    fn body(&mut self, group: &Group<'_>) {
        for (kind, text) in lines::blocks(&group.with_label()) {
            let kind = match kind {
                BlockKind::TableRow { .. } => BlockKind::TableRow {
                    header: !matches!(self.builder.last_kind(), Some(BlockKind::TableRow { .. })),
                },
                other => other,
            };
            self.builder.block(kind, &text, self.page);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Outline {
        super::read(&Printed::of_text(text), Kind::Lag)
    }

    fn places(text: &str) -> Vec<String> {
        let outline = read(text);
        let place = |s: &Section| format!("{} {}", s.anchor, outline.blocks[s.blocks.start].text);
        outline.sections.iter().map(place).collect()
    }

    #[test]
    fn a_reference_that_a_line_break_put_first_is_no_paragraph() {
        let text = "1 kap. Om hjälp\n\n1 § Den som avses i\n2 § får hjälp enligt\n3 kap. 1 § den lagen.\n\n2 § Andra.";
        assert_eq!(
            places(text),
            [
                "1k1 1 § Den som avses i 2 § får hjälp enligt 3 kap. 1 § den lagen.",
                "1k2 2 § Andra."
            ]
        );
    }

    #[test]
    fn a_number_that_goes_backwards_is_no_paragraph() {
        let outline = read("4 § Första.\n\n2 § andra stycket gäller inte.\n\n5 § Sista.");
        assert_eq!(outline.sections.len(), 2);
        assert_eq!(outline.oddities.len(), 1);
    }

    #[test]
    fn two_wordings_of_a_paragraph_have_their_dates() {
        let outline = read(
            "9 b § /Upphör att gälla U:2026-01-01/\nGammal lydelse.\n\n9 b § /Träder i kraft I:2026-01-01/\nNy lydelse. Lag (2025:1).",
        );
        let dates: Vec<_> = outline.sections.iter().map(|s| s.validity).collect();
        let day = jiff::civil::date(2026, 1, 1);
        assert_eq!((dates[0].valid_to, dates[1].valid_from), (Some(day), Some(day)));
        assert_eq!(outline.blocks[1].text, "9 b § Ny lydelse. Lag (2025:1).");
        let amended = outline.sections.iter().map(|s| s.marks.amended_by.as_deref());
        assert_eq!(amended.collect::<Vec<_>>(), [None, Some("2025:1")]);
    }

    #[test]
    fn a_title_that_changes_does_not_end_its_chapter() {
        let outline = read(
            "/Rubriken upphör att gälla U:2026-03-01/\n2 kap. Anmälan\n\n/Rubriken träder i kraft I:2026-03-01/\n2 kap. Tillstånd\n\n1 § Text.\n\n2 § /Upphör att gälla U:2026-03-01/\nGammal.",
        );
        let found: Vec<_> = outline
            .sections
            .iter()
            .map(|s| (s.heading_path[0].as_str(), s.validity.valid_to))
            .collect();
        let day = jiff::civil::date(2026, 3, 1);
        assert_eq!(found, [("2 kap. Tillstånd", None), ("2 kap. Anmälan", Some(day))]);
    }

    #[test]
    fn transitional_provisions_are_parted_by_amending_act_and_annexes_stand_apart() {
        let text = "1 § Text.\n\n\nÖvergångsbestämmelser\n\n2025:400\n\n1. Denna lag träder i kraft.\n\n2025:9\n\nÄldre regler gäller.\n\n\nBilaga\n\nOrgan\n\n0\t        12\t                0";
        let outline = read(text);
        let kinds: Vec<_> = outline.sections.iter().map(|s| (s.kind, s.anchor.as_str())).collect();
        assert_eq!(
            kinds,
            [
                (PassageKind::Body, "p1"),
                (PassageKind::Transitional, "o2025-400"),
                (PassageKind::Transitional, "o2025-9"),
                (PassageKind::Annex, "bilaga-organ"),
            ]
        );
    }

    #[test]
    fn general_advice_in_a_regulation_stands_apart_from_the_provision_before_it() {
        let text = "1 kap. Avgifter\n\n1 § Nämnden ska underrätta.\n\nAllmänna råd\n\nNämnden bör underrätta skriftligt. Råd ges\nenligt 2 §.\n\nUppgifter\n\n2 § Andra.";
        let outline = super::read(&Printed::of_text(text), Kind::Foreskrift);
        let kinds: Vec<_> = outline
            .sections
            .iter()
            .map(|s| (s.anchor.as_str(), s.marks.kind))
            .collect();
        assert_eq!(
            kinds,
            [("1k1", None), ("1k1rad", Some(Kind::AllmannaRad)), ("1k2", None)]
        );
        assert_eq!(
            outline.sections[1].heading_path,
            ["1 kap. Avgifter", "Allmänna råd till 1 §"]
        );
        assert_eq!(outline.sections[2].heading_path, ["1 kap. Avgifter", "Uppgifter"]);
    }
}
