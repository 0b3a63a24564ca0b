//! The bytes of a file in; its text, with what the format says about structure, out.
//!
//! Every file is hostile until read. The reading happens in a child process of this same program ([`child`]) that has
//! limits on time and memory, may write no file and knows nothing but the bytes on its standard input, so that a file
//! that hangs, eats memory or crashes its parser costs that one file and not the run.

mod archive;
pub mod child;
mod docx;
mod format;
mod html;
mod markdown;
mod ocr;
mod odt;
mod pdf;
mod pptx;
pub(crate) mod rattspraxis;
pub(crate) mod riksdag;
mod xlsx;
mod xml;

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use lotsen_corpus::Block;
use serde::{Deserialize, Serialize};

pub use format::Format;

/// How extraction is run.
#[derive(Debug, Clone)]
pub struct ExtractSettings {
    /// This program, which is started again with the hidden subcommand `extract`.
    pub program: PathBuf,
    /// How long one file may take.
    pub time: Duration,
    /// How much address space the child may use, in bytes.
    pub memory: u64,
    /// How large a file may be, in bytes.
    pub file_size: u64,
}

impl ExtractSettings {
    /// The limits that a municipality's documents never reach: 30 seconds, 1 GiB, 100 MiB.
    pub fn with_program(program: PathBuf) -> Self {
        Self {
            program,
            time: Duration::from_secs(30),
            memory: 1 << 30,
            file_size: 100 << 20,
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// What the content says that it is; the file's name has no say.
    pub format: Format,
    /// Its text.
    pub content: Content,
    /// What was left out or guessed, in English, for the run's report.
    pub notes: Vec<String>,
}

/// Text with or without structure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Plain text: the outline has to find everything.
    Text(String),
    /// Blocks as the format marks them.
    Blocks(Vec<Block>),
}

impl Content {
    /// How many letters and digits it has: a file of none has nothing to search.
    pub(crate) fn letters(&self) -> usize {
        let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        match self {
            Content::Text(text) => count(text),
            Content::Blocks(blocks) => blocks.iter().map(|b| count(&b.text)).sum(),
        }
    }
}

/// Why a file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The file holds no text.
    #[error("no text in it")]
    NoText,
    /// The pages are pictures.
    #[error(
        "needs OCR: {pages} pages hold almost no text; install tesseract with Swedish data and pdftoppm, or scan it with text recognition"
    )]
    NeedsOcr {
        /// How many pages it has.
        pages: usize,
    },
    /// A password is needed.
    #[error("encrypted: save it without a password and try again")]
    Encrypted,
    /// Not one of the formats that can be read.
    #[error("{0}; save it as .docx, .odt, .xlsx, .pptx, .pdf, .html, .md or .txt and try again")]
    UnknownFormat(String),
    /// An archive that unpacks to far more than a document holds.
    #[error("unpacks to more than a document can hold ({0})")]
    Bomb(String),
    /// The file is not what it claims to be.
    #[error("damaged: {0}")]
    Damaged(String),
    /// It took too long.
    #[error("not read within {seconds} seconds")]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// The reader died: out of memory, or a fault in a parser.
    #[error("its reader stopped ({0}); the file is probably damaged or made to harm")]
    Crashed(String),
}

/// Why extraction could not be tried at all.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The file was tried and refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The child process could not be started or spoken to.
    #[error("cannot start the extraction process {program}: {source}")]
    Process {
        /// Which program.
        program: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
}

/// Reads one file in a child process, and a scanned one by text recognition where that is installed.
pub fn extract(bytes: Vec<u8>, settings: &ExtractSettings) -> Result<Extracted, ExtractError> {
    let is_pdf = bytes.windows(5).take(1024).any(|w| w == b"%PDF-");
    let scanned = is_pdf.then(|| bytes.clone());
    match (in_child(bytes, None, settings), scanned) {
        (Err(ExtractError::Refused(Refusal::NeedsOcr { pages })), Some(bytes)) => ocr::read(&bytes, pages, settings),
        (result, _) => result,
    }
}

/// Starts a child process for a file, or for one scanned page of it, and waits for its reply.
fn in_child(bytes: Vec<u8>, page: Option<u32>, settings: &ExtractSettings) -> Result<Extracted, ExtractError> {
    let process = |source| ExtractError::Process {
        program: settings.program.clone(),
        source,
    };
    let mut child = Command::new(&settings.program)
        .arg("extract")
        .arg("--memory")
        .arg(settings.memory.to_string())
        .arg("--seconds")
        .arg(settings.time.as_secs().to_string())
        .args(page.map(|page| format!("--page={page}")))
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(process)?;
    let (mut stdin, stdout) = (child.stdin.take(), child.stdout.take());
    // A child that dies early closes the pipe; what it managed to say is read all the same.
    let writer = thread::spawn(move || stdin.as_mut().map(|pipe| pipe.write_all(&bytes)));
    let (answer, answered) = mpsc::channel();
    let limit = settings.file_size.saturating_mul(4);
    thread::spawn(move || {
        let mut reply = Vec::new();
        if let Some(pipe) = stdout {
            let _ended = pipe.take(limit).read_to_end(&mut reply);
        }
        let _gone = answer.send(reply);
    });
    let reply = answered.recv_timeout(settings.time);
    if reply.is_err() {
        child.kill().map_err(process)?;
    }
    let status = child.wait().map_err(process)?;
    let _written = writer.join();
    let Ok(reply) = reply else {
        return Err(Refusal::TooSlow {
            seconds: settings.time.as_secs(),
        }
        .into());
    };
    match serde_json::from_slice::<Result<Extracted, Refusal>>(&reply) {
        Ok(result) => Ok(result?),
        Err(_) => Err(Refusal::Crashed(status.to_string()).into()),
    }
}
