//! Completions in, their text in pieces out; keeps one worker process running and gives it one completion at a time.
//!
//! Whoever waits holds a place in the queue by holding the reply stream. Dropping the stream gives the place back: a
//! request that has not begun never begins, one that runs is cancelled.

mod child;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use lotsen_corpus::models::{Check, Model, ModelFolder, ModelKind, ModelList};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_stream::wrappers::ReceiverStream;

use self::child::{Child, Job, Launch};
use super::GeneratorError;
use super::prompt::Completion;
use super::protocol::Load;
use super::settings::{GeneratorSettings, MAX_TOKENS_LIMIT};

/// Pause before the second start in a row; it doubles from there.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause between two starts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A worker that lived this long is healthy: the next one is started without a pause.
const STABLE: Duration = Duration::from_secs(60);

/// The worker process as its callers see it.
pub struct Supervisor {
    jobs: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
    state: Arc<State>,
    time_limit: Duration,
    max_tokens: u32,
    model_name: String,
}

/// Shared with the task that keeps the worker running.
#[derive(Default)]
struct State {
    /// The model is loaded.
    ready: AtomicBool,
    /// The last start failed, so waiting is no use.
    down: AtomicBool,
}

impl Supervisor {
    /// Verifies the model's file, starts the worker and waits until its model is loaded.
    pub(super) async fn start(
        settings: &GeneratorSettings,
        models: &ModelList,
        folder: &ModelFolder,
        program: &Path,
    ) -> Result<Self, GeneratorError> {
        let model = models.get(&settings.worker.model)?;
        if model.kind != ModelKind::Language {
            return Err(GeneratorError::Setting {
                name: "worker.model",
                why: "choose a model of kind \"language\"",
            });
        }
        let launch = Launch {
            program: program.to_owned(),
            load: Load {
                model: verified(model, folder).await?,
                threads: threads(settings.worker.threads),
                context: settings.worker.context,
            },
            load_limit: Duration::from_secs(settings.worker.load_limit_s),
        };
        let child = Child::start(&launch).await?;
        let state = Arc::new(State {
            ready: AtomicBool::new(true),
            down: AtomicBool::new(false),
        });
        // One job may lie ready while one runs; the others wait in their callers' hands.
        let (jobs, inbox) = mpsc::channel(1);
        tokio::spawn(keep_running(launch, child, inbox, Arc::clone(&state)));
        Ok(Self {
            jobs,
            places: Arc::new(Semaphore::new(settings.queue + 1)),
            state,
            time_limit: settings.time_limit(),
            max_tokens: settings.max_tokens,
            model_name: model.id.clone(),
        })
    }

    pub(super) fn model_name(&self) -> &str {
        &self.model_name
    }

    pub(super) fn ready(&self) -> bool {
        self.state.ready.load(Ordering::Relaxed)
    }

    /// Takes a place in the queue now; the work begins when the stream is first polled and its turn has come.
    pub(super) fn complete(
        &self,
        completion: Completion,
    ) -> impl Stream<Item = Result<String, GeneratorError>> + Send + use<> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let down = self.state.down.load(Ordering::Relaxed);
        let jobs = self.jobs.clone();
        let deadline = Instant::now() + self.time_limit;
        let max_tokens = completion.max_tokens.unwrap_or(self.max_tokens);
        let started = async move {
            let place = place.map_err(|_| GeneratorError::Busy)?;
            if down {
                return Err(GeneratorError::Died);
            }
            let turn = timeout_at(deadline, jobs.reserve()).await;
            let turn = turn
                .map_err(|_| GeneratorError::TimedOut)?
                .map_err(|_| GeneratorError::Died)?;
            let (reply, pieces) = mpsc::channel(MAX_TOKENS_LIMIT as usize + 1);
            turn.send(Job {
                completion,
                max_tokens,
                deadline,
                reply,
            });
            Ok(ReceiverStream::new(pieces).inspect(move |_| {
                let _held = &place;
            }))
        };
        stream::once(started).try_flatten()
    }
}

/// The worker's whole life, and the next one's after it. Ends when no caller can come any more.
async fn keep_running(launch: Launch, child: Child, mut jobs: mpsc::Receiver<Job>, state: Arc<State>) {
    let mut running = Some(child);
    let mut failures = 0;
    let mut next_id = 1;
    loop {
        let child = match running.take() {
            Some(child) => Ok(child),
            None => Child::start(&launch).await,
        };
        state.down.store(child.is_err(), Ordering::Relaxed);
        match child {
            Ok(mut child) => {
                state.ready.store(true, Ordering::Relaxed);
                let born = Instant::now();
                let lost = child.serve(&mut jobs, &mut next_id).await;
                state.ready.store(false, Ordering::Relaxed);
                let ended = child.end().await;
                if !lost {
                    return;
                }
                failures = if born.elapsed() > STABLE { 0 } else { failures + 1 };
                metrics::counter!("lotsen_generator_worker_deaths_total").increment(1);
                tracing::warn!(%ended, failures, "the language model's process ended; starting it again");
            }
            Err(error) => {
                failures += 1;
                tracing::error!(%error, failures, "the language model's process cannot be started; trying again");
            }
        }
        if !rest(pause_after(failures), &mut jobs, &state).await {
            return;
        }
    }
}

/// Waits before the next start. While starts fail, nobody is left waiting for one. False when no caller can come.
async fn rest(pause: Duration, jobs: &mut mpsc::Receiver<Job>, state: &State) -> bool {
    let woken = sleep(pause);
    tokio::pin!(woken);
    loop {
        tokio::select! {
            () = &mut woken => return true,
            job = jobs.recv(), if state.down.load(Ordering::Relaxed) => match job {
                Some(job) => job.fail(GeneratorError::Died),
                None => return false,
            },
        }
    }
}

/// None after a long life, then a quarter of a second, doubling.
fn pause_after(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        _ => FIRST_PAUSE
            .saturating_mul(1 << (failures - 1).min(16))
            .min(LONGEST_PAUSE),
    }
}

/// As configured, or one for each core.
fn threads(configured: u16) -> u16 {
    match configured {
        0 => available_parallelism().map_or(1, |cores| u16::try_from(cores.get()).unwrap_or(u16::MAX)),
        threads => threads,
    }
}

/// The path of the model's file, once its bytes were found to be those of the list. llama.cpp answers a broken file
/// with a null pointer and no reason, or reads beyond its end: it only ever sees files that somebody chose.
async fn verified(model: &Model, folder: &ModelFolder) -> Result<PathBuf, GeneratorError> {
    let (model, folder) = (model.clone(), folder.clone());
    let verify = move || Ok(folder.verify(&model, Check::Quick)?.main_path());
    tokio::task::spawn_blocking(verify)
        .await
        .map_err(|_| GeneratorError::Died)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_half_a_minute() {
        let pauses: Vec<u128> = [0, 1, 2, 3, 7, 8, 1000].map(|n| pause_after(n).as_millis()).to_vec();
        assert_eq!(pauses, [0, 250, 500, 1000, 16_000, 30_000, 30_000]);
    }
}
