//! A scanned PDF in; its text, as far as it can be recognised, out.
//!
//! Pages are drawn by `pdftoppm` and read by `tesseract` with its Swedish data, where both are installed; without them the
//! file is refused as it was. Each page is read in a child process of its own, whose limits both programs inherit.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::thread;

use lotsen_corpus::text::pattern;
use regex::Regex;

use super::{Content, ExtractError, ExtractSettings, Extracted, Format, Refusal, in_child};
use crate::outline;

/// More pages than this are hours of work: a person should scan them with text recognition instead.
const MOST_PAGES: usize = 200;
/// Dots per inch. Fewer lose the rings of å and ä, more cost time.
const RESOLUTION: &str = "200";

static DOLLAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\d(?: [a-z])?) \$"));

/// Reads all pages, or says that the file needs text recognition that is not to be had here.
pub(super) fn read(bytes: &[u8], pages: usize, settings: &ExtractSettings) -> Result<Extracted, ExtractError> {
    if pages > MOST_PAGES {
        return Err(Refusal::NeedsOcr { pages }.into());
    }
    let mut blocks = Vec::new();
    for number in (1u32..).take(pages) {
        let page = match in_child(bytes.to_vec(), Some(number), settings) {
            Ok(page) => page,
            Err(ExtractError::Refused(Refusal::NeedsOcr { .. })) => return Err(Refusal::NeedsOcr { pages }.into()),
            Err(error) => return Err(error),
        };
        if let Content::Text(text) = page.content {
            let read = outline::plain_blocks(&text).into_iter();
            blocks.extend(read.map(|block| lotsen_corpus::Block {
                page: Some(number),
                ..block
            }));
        }
    }
    let content = Content::Blocks(blocks);
    if content.letters() == 0 {
        return Err(Refusal::NoText.into());
    }
    Ok(Extracted {
        format: Format::Pdf,
        content,
        notes: vec![format!(
            "{pages} scanned pages read by text recognition: compare them with the original"
        )],
    })
}

/// Reads one page, inside the child process.
pub(super) fn page(bytes: Vec<u8>, number: u32) -> Result<Extracted, Refusal> {
    let text = recognise(bytes, number).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Refusal::NeedsOcr { pages: 1 },
        _ => Refusal::Damaged(format!("page {number} could not be recognised: {error}")),
    })?;
    Ok(Extracted {
        format: Format::Pdf,
        content: Content::Text(text),
        notes: Vec::new(),
    })
}

fn recognise(bytes: Vec<u8>, number: u32) -> io::Result<String> {
    let number = number.to_string();
    let mut draw = Command::new("pdftoppm")
        .args(["-r", RESOLUTION, "-gray", "-f", &number, "-l", &number, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (mut pipe, picture) = (draw.stdin.take(), draw.stdout.take());
    // Where drawing fails it closes the pipe early, and there is no picture to read.
    let writer = thread::spawn(move || pipe.as_mut().map(|pipe| pipe.write_all(&bytes)));
    let read = Command::new("tesseract")
        .args(["stdin", "stdout", "-l", "swe"])
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(picture.map_or(Stdio::null(), Stdio::from))
        .stderr(Stdio::null())
        .output();
    if read.is_err() {
        draw.kill()?;
    }
    let _drawn = draw.wait()?;
    let _written = writer.join();
    let read = read?;
    if !read.status.success() {
        // Tesseract without its Swedish data fails in the same way as without the program.
        return Err(io::ErrorKind::NotFound.into());
    }
    let text = String::from_utf8_lossy(&read.stdout).replace('\u{c}', "\n");
    // The paragraph sign is what it mistakes most, and what a reference cannot be without.
    Ok(DOLLAR.replace_all(&text, "$1 §").into_owned())
}
