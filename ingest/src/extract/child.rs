//! The child process: bytes on standard input in, a JSON reply on standard output out, under limits of its own.

use std::io::{self, Read, Write};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::archive::Archive;
use super::format::{self, Format};
use super::{Extracted, Refusal, docx, html, markdown, ocr, odt, pdf, pptx, rattspraxis, riksdag, xlsx};
use crate::extract::Content;

/// A page of a readable document has more letters than this; a scanned one has none, or a stamp.
const LETTERS_PER_PAGE: usize = 20;

/// Limits this process, reads the file (or recognises one page of it) and replies. An error here means that not even a refusal could be said.
pub fn serve(memory: u64, seconds: u64, page: Option<u32>) -> io::Result<()> {
    for (resource, limit) in [
        (Resource::As, memory),
        (Resource::Cpu, seconds + 1),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        setrlimit(
            resource,
            Rlimit {
                current: Some(limit),
                maximum: Some(limit),
            },
        )?;
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    // Parsers are recursive; a deep file should meet the memory limit before the stack's end.
    let reply = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || match page {
            Some(page) => ocr::page(bytes, page),
            None => read(&bytes),
        })?
        .join()
        .unwrap_or_else(|_| Err(Refusal::Crashed("a parser failed".to_owned())));
    io::stdout().write_all(&serde_json::to_vec(&reply)?)
}

/// Reads a file, whatever its name says that it is, in this process and without limits.
pub fn read(bytes: &[u8]) -> Result<Extracted, Refusal> {
    let format = format::of(bytes)?;
    let mut notes = Vec::new();
    let mut pages = None;
    let content = match format {
        Format::Pdf => {
            let read = pdf::read(bytes)?;
            pages = Some(read.pages);
            notes.extend(read.notes);
            Content::Blocks(read.blocks)
        }
        Format::Docx => Content::Blocks(docx::read(&mut Archive::open(bytes)?, &mut notes)?),
        Format::Odt => Content::Blocks(odt::read(&mut Archive::open(bytes)?)?),
        Format::Xlsx => Content::Blocks(xlsx::read(&mut Archive::open(bytes)?, &mut notes)?),
        Format::Pptx => Content::Blocks(pptx::read(&mut Archive::open(bytes)?, &mut notes)?),
        Format::Html => {
            let page = format::decode(bytes, &mut notes);
            match riksdag::is_page(&page) {
                true => Content::Text(riksdag::from_page(&page)),
                false => Content::Blocks(html::blocks(&page)),
            }
        }
        Format::RiksdagJson => Content::Text(riksdag::from_json(&format::decode(bytes, &mut notes))?),
        Format::RattspraxisJson => {
            Content::Blocks(html::blocks(&rattspraxis::page(&format::decode(bytes, &mut notes))?))
        }
        Format::Markdown => Content::Blocks(markdown::blocks(&format::decode(bytes, &mut notes))),
        Format::Text => Content::Text(format::decode(bytes, &mut notes)),
    };
    match (content.letters(), pages) {
        (letters, Some(pages)) if pages > 0 && letters < LETTERS_PER_PAGE * pages => Err(Refusal::NeedsOcr { pages }),
        (0, _) => Err(Refusal::NoText),
        _ => Ok(Extracted { format, content, notes }),
    }
}
