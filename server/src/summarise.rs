//! The question and its quotes in; the language model's sentences out one by one, each already checked, or counted as dropped.

use std::time::{Duration, Instant};

use futures::StreamExt;
use lotsen_corpus::embed::Embedder;

use crate::generator::{Generator, GeneratorError, NumberedQuote};
use crate::progress::{self, Event, Progress};
use crate::question::AskError;
use crate::reply::Source;
use crate::understand::Understood;
use crate::verify::{self, Verified};

/// What became of the model's sentences.
#[derive(Default)]
pub struct Summary {
    /// Those that passed every check.
    pub sentences: Vec<Verified>,
    /// How many did not.
    pub dropped: usize,
    /// Time that the model took.
    pub writing: Duration,
    /// Time that the checks took.
    pub checking: Duration,
}

/// Lets the model write and checks each sentence as it comes, and shows every one that passes.
///
/// A model that is too busy, too slow or answers badly costs the summary, not the answer: the quotes stand by themselves.
///
/// # Errors
/// The model's process or server failed, or the embedding model did.
pub async fn write(
    generator: &Generator,
    embedder: &Embedder,
    question: &Understood,
    sources: &[Source],
    deadline: Option<Instant>,
    progress: &Progress,
) -> Result<Summary, AskError> {
    let mut summary = Summary::default();
    let drafts = generator.summarise(&question.text, &numbered(sources));
    futures::pin_mut!(drafts);
    loop {
        let started = Instant::now();
        let draft = match until(deadline, drafts.next()).await {
            Some(Some(draft)) => draft,
            _ => break,
        };
        summary.writing += started.elapsed();
        let draft = match draft {
            Ok(draft) => draft,
            Err(error) if costs_the_summary_only(&error) => break,
            Err(error) => return Err(AskError::from_generator(error)),
        };
        let started = Instant::now();
        let cites: Vec<usize> = draft.cites.iter().filter_map(|number| number.checked_sub(1)).collect();
        let verdict = until(deadline, verify::judge(embedder, draft.text, cites, sources)).await;
        summary.checking += started.elapsed();
        match verdict {
            None => break,
            Some(Ok(Ok(verified))) => {
                progress::show(progress, Event::Sentence(verified.sentence())).await;
                summary.sentences.push(verified);
            }
            Some(Ok(Err(flaw))) => {
                tracing::debug!(?flaw, "a sentence of the model was dropped");
                summary.dropped += 1;
            }
            Some(Err(error)) => return Err(error),
        }
    }
    Ok(summary)
}

/// The quotes as the model sees them, counted from 1.
fn numbered(sources: &[Source]) -> Vec<NumberedQuote> {
    sources
        .iter()
        .enumerate()
        .map(|(i, source)| NumberedQuote {
            number: i + 1,
            text: format!("{}: {}", source.reference, source.quote),
        })
        .collect()
}

/// The future's value, or `None` once the deadline has passed.
async fn until<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline.into(), future).await.ok(),
        None => Some(future.await),
    }
}

fn costs_the_summary_only(error: &GeneratorError) -> bool {
    matches!(
        error,
        GeneratorError::Off
            | GeneratorError::Busy
            | GeneratorError::TimedOut
            | GeneratorError::TooLong
            | GeneratorError::Unusable
    )
}
