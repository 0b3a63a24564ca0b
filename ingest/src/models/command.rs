//! In: `lotsen-ingest models ...` on the command line. Out: the work done, told in lines that a person or a script reads.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use lotsen_corpus::models::{Check, DEFAULT_FOLDER, ModelFolder, ModelKind, ModelList};

use super::{FetchError, fetch, list, verify};

/// Fetches, checks and lists the models that Lotsen runs
#[derive(Debug, Args)]
pub struct ModelsCommand {
    /// Folder that holds one folder per model
    #[arg(long, global = true, env = "LOTSEN_MODELS", default_value = DEFAULT_FOLDER)]
    folder: PathBuf,
    /// A model list of your own instead of the one that is built in (corpus/models.toml shows the form)
    #[arg(long, global = true, env = "LOTSEN_MODEL_LIST", value_name = "FILE")]
    model_list: Option<PathBuf>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Fetch what is missing, from the first source that has it; goes on where an earlier run stopped
    Fetch {
        /// Names of models; none means all that this machine can use
        models: Vec<String>,
    },
    /// Check size and SHA-256 of every file
    Verify {
        /// Names of models; none means all that this machine can use
        models: Vec<String>,
        /// Hash every byte again, also of files that have not changed since they were last found right
        #[arg(long)]
        full: bool,
    },
    /// Show each model with its size, licence and state
    List,
}

impl ModelsCommand {
    /// Does what was asked; writes its lines to standard output.
    ///
    /// # Errors
    /// [`FetchError`] if the list is not valid, or if a model could not be fetched or is not what it should be.
    pub fn run(&self) -> Result<(), FetchError> {
        let models = match &self.model_list {
            Some(path) => ModelList::load(path)?,
            None => ModelList::built_in()?,
        };
        let folder = ModelFolder::new(&self.folder);
        match &self.action {
            Action::Fetch { models: ids } => fetch(&models, &folder, ids),
            Action::Verify { models: ids, full } => {
                let check = if *full { Check::Full } else { Check::Quick };
                let problems = verify(&models, &folder, ids, check)?;
                for problem in &problems {
                    println!("{problem}");
                }
                match problems.len() {
                    0 => println!("every file is what the list says"),
                    count => return Err(FetchError::NotUsable { count }),
                }
                Ok(())
            }
            Action::List => {
                show(&models, &folder);
                Ok(())
            }
        }
    }
}

fn show(models: &ModelList, folder: &ModelFolder) {
    for entry in list(models, folder, Check::Quick) {
        let model = entry.model;
        let kind = match model.kind {
            ModelKind::Embedding => "embedding",
            ModelKind::Judge => "judge",
            ModelKind::Language => "language",
            ModelKind::Names => "names",
            ModelKind::Runtime => "runtime",
        };
        let megabytes = model.bytes() / 1_000_000;
        println!("{:<30} {kind:<10} {megabytes:>6} MB  {}", model.id, model.licence);
        println!("    {}", model.purpose);
        match entry.problem {
            None => println!("    ready in {}", folder.of(model).display()),
            Some(problem) => println!("    not usable: {problem}"),
        }
    }
}
