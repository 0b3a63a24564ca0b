//! Positioned characters in; lines with place and size out.

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

/// A gap of this many font sizes is a space between words, in a line that writes no spaces of its own.
const WORD_GAP: f64 = 0.15;
/// The same in a line that does write spaces: smaller gaps there come from widths that the font states wrongly.
const WORD_GAP_BESIDE_SPACES: f64 = 0.2;
/// A gap of this many font sizes is a space between columns of a table.
const COLUMN_GAP: f64 = 1.3;
/// A step back by this share of the line so far is no new line: widths are rounded, and a browser puts the next run of a
/// line where it really belongs.
const STEP_BACK: f64 = 0.12;
/// A move up or down by this many font sizes is a new line.
const LINE_STEP: f64 = 0.4;

/// Nobody reads letters of fewer points than this.
const SMALLEST: f64 = 2.0;

/// One printed line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) page: u32,
    /// How far down the page, from 0 at the top to 1 at the bottom.
    pub(super) depth: f64,
    /// Baseline in points from the top of the page.
    pub(super) y: f64,
    /// Font size in points, of most of its characters.
    pub(super) size: f64,
    /// Whether all of its letters are bold.
    pub(super) bold: bool,
    /// Where each of its cells begins, in points from the left; one place in running text.
    pub(super) starts: Vec<f64>,
    /// Its words; columns of a table are parted by tabs.
    pub(super) text: String,
}

/// Collects what pdf-extract draws.
#[derive(Default)]
pub(super) struct Device {
    lines: Vec<Line>,
    page: u32,
    top: f64,
    height: f64,
    left: f64,
    right: f64,
    open: Option<Open>,
    /// Whether the piece of text that is being shown is bold, and those of the page that are to come.
    bold: bool,
    faces: std::vec::IntoIter<bool>,
    /// How many characters lie outside their page, and how many are too small to read.
    outside: usize,
    tiny: usize,
}

/// The line that is being written.
struct Open {
    y: f64,
    start: f64,
    end: f64,
    size: f64,
    bold: bool,
    sizes: Vec<f64>,
    /// Each character with its place and the gap before it, in font sizes.
    characters: Vec<(f64, f64, String)>,
}

impl Open {
    /// The line's words, with tabs where columns part, and where each column begins.
    fn cells(&self) -> (Vec<f64>, String) {
        let writes_spaces = self.characters.iter().any(|(_, _, c)| c == " ");
        let word_gap = if writes_spaces {
            WORD_GAP_BESIDE_SPACES
        } else {
            WORD_GAP
        };
        let mut text = String::new();
        let mut starts = Vec::new();
        for (x, gap, character) in &self.characters {
            if text.is_empty() {
                // What comes before the first letter is no gap.
            } else if *gap > COLUMN_GAP {
                text.truncate(text.trim_end().len());
                text.push('\t');
            } else if *gap > word_gap && !text.ends_with([' ', '\t']) {
                text.push(' ');
            }
            if (text.is_empty() || text.ends_with('\t')) && !character.trim().is_empty() {
                starts.push(*x);
            }
            if !starts.is_empty() {
                text.push_str(character);
            }
        }
        (starts, text.trim().to_owned())
    }
}

impl Device {
    /// All lines in the order in which the file draws them, which is reading order in every office program's files.
    pub(super) fn into_lines(mut self) -> Vec<Line> {
        self.close();
        self.lines
    }

    /// Tells which pieces of the next page's text are bold.
    pub(super) fn expect(&mut self, faces: Vec<bool>) {
        (self.bold, self.faces) = (false, faces.into_iter());
    }

    /// What was left out because no reader sees it.
    pub(super) fn unseen(&self) -> Option<String> {
        let (outside, tiny) = (self.outside, self.tiny);
        (outside + tiny > 0)
            .then(|| format!("hidden text left out: {outside} characters outside the page, {tiny} too small to read"))
    }

    fn close(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let (starts, text) = open.cells();
        if text.is_empty() {
            return;
        }
        open.sizes.sort_by(f64::total_cmp);
        self.lines.push(Line {
            page: self.page,
            depth: if self.height > 0.0 { open.y / self.height } else { 0.5 },
            y: open.y,
            size: open.sizes[open.sizes.len() / 2],
            bold: open.bold,
            starts,
            text,
        });
    }
}

impl OutputDev for Device {
    fn begin_page(
        &mut self,
        page: u32,
        media: &MediaBox,
        _art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.close();
        self.page = page;
        (self.left, self.right) = (media.llx, media.urx);
        self.top = media.ury;
        self.height = media.ury - media.lly;
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        character: &str,
    ) -> Result<(), OutputError> {
        let (x, y) = (place.m31, self.top - place.m32);
        let size = (place.m21 * font_size).hypot(place.m22 * font_size);
        if !(x.is_finite() && y.is_finite() && size.is_finite()) || size <= 0.0 {
            return Ok(());
        }
        let is_word = !character.trim().is_empty();
        if x + size < self.left || x > self.right || y < 0.0 || y - size > self.height {
            self.outside += usize::from(is_word);
            return Ok(());
        }
        if size < SMALLEST {
            self.tiny += usize::from(is_word);
            return Ok(());
        }
        let continues = self.open.as_ref().is_some_and(|line| {
            let back = size.max((line.end - line.start) * STEP_BACK);
            (y - line.y).abs() <= LINE_STEP * size.max(line.size) && x >= line.end - back
        });
        if !continues {
            self.close();
        }
        let line = self.open.get_or_insert_with(|| Open {
            y,
            start: x,
            end: x,
            size,
            bold: true,
            sizes: Vec::new(),
            characters: Vec::new(),
        });
        line.characters.push((x, (x - line.end) / size, character.to_owned()));
        line.sizes.push(size);
        line.bold &= self.bold || !is_word;
        line.end = x + width * size;
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.close();
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.bold = self.faces.next().unwrap_or(false);
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
