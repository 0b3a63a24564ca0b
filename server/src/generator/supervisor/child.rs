//! One worker process, from its start to its end: jobs in, pieces of text back to each job's caller.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use futures::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::codec::{FramedRead, LinesCodec};

use crate::generator::GeneratorError;
use crate::generator::prompt::Completion;
use crate::generator::protocol::{Event, Load, MAX_EVENT_BYTES, Order, Work, WorkerFault};

/// How long a worker may take to stop a cancelled request before it is killed.
const GRACE: Duration = Duration::from_secs(5);
/// How long a worker may take to read an order.
const ORDER_LIMIT: Duration = Duration::from_secs(5);

/// The only variables that the worker gets: how OpenMP's threads wait, which is the operator's choice.
const PASSED_ON: [&str; 2] = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"];

/// How to start a worker.
pub(super) struct Launch {
    pub(super) program: PathBuf,
    pub(super) load: Load,
    pub(super) load_limit: Duration,
}

/// A completion and the caller that waits for it.
pub(super) struct Job {
    pub(super) completion: Completion,
    pub(super) max_tokens: u32,
    pub(super) deadline: Instant,
    pub(super) reply: mpsc::Sender<Result<String, GeneratorError>>,
}

impl Job {
    /// Tells the caller, if there still is one.
    pub(super) fn fail(&self, error: GeneratorError) {
        let _ = self.reply.try_send(Err(error));
    }
}

/// The worker is of no more use: it ended, hangs or speaks nonsense.
struct Lost;

/// A process with its model loaded.
pub(super) struct Child {
    process: tokio::process::Child,
    orders: ChildStdin,
    events: FramedRead<ChildStdout, LinesCodec>,
}

impl Child {
    /// Starts a process and waits until its model is loaded.
    pub(super) async fn start(launch: &Launch) -> Result<Self, GeneratorError> {
        let mut command = Command::new(&launch.program);
        command.arg("worker").env_clear();
        for name in PASSED_ON {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // What llama.cpp prints could hold text of a question: nobody reads it.
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut process = command.spawn().map_err(GeneratorError::Spawn)?;
        let (Some(orders), Some(events)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(GeneratorError::Died);
        };
        let events = FramedRead::new(events, LinesCodec::new_with_max_length(MAX_EVENT_BYTES));
        let mut child = Self {
            process,
            orders,
            events,
        };
        child
            .order(&Order::Load(launch.load.clone()))
            .await
            .map_err(|Lost| GeneratorError::Died)?;
        match timeout(launch.load_limit, child.event()).await {
            Ok(Ok(Event::Ready)) => Ok(child),
            Ok(Ok(Event::Failed { fault, .. })) => Err(fault.into()),
            Ok(_) => Err(GeneratorError::Died),
            Err(_) => Err(GeneratorError::Setting {
                name: "worker.load_limit_s",
                why: "the model was not loaded in time: raise it, or take a smaller model",
            }),
        }
    }

    /// Works on jobs until the process is lost (true) or no caller can come any more (false).
    pub(super) async fn serve(&mut self, jobs: &mut mpsc::Receiver<Job>, next_id: &mut u64) -> bool {
        loop {
            let job = tokio::select! {
                job = jobs.recv() => job,
                // An idle worker has nothing to say: whatever comes means that it is lost.
                _ = self.events.next() => return true,
            };
            let Some(job) = job else { return false };
            if job.reply.is_closed() {
                continue;
            }
            let id = *next_id;
            *next_id += 1;
            if let Err(Lost) = self.work(id, &job).await {
                job.fail(GeneratorError::Died);
                return true;
            }
        }
    }

    /// One job to its end, whoever ends it: the model, the caller who leaves, or the clock.
    async fn work(&mut self, id: u64, job: &Job) -> Result<(), Lost> {
        let Job {
            completion,
            max_tokens,
            deadline,
            reply,
        } = job;
        self.order(&Order::Complete {
            id,
            max_tokens: *max_tokens,
            completion: completion.clone(),
        })
        .await?;
        let mut stopping = false;
        let mut deadline = *deadline;
        loop {
            let stop = tokio::select! {
                event = self.event() => match event? {
                    Event::Text { id: of, text } if of == id => match reply.try_send(Ok(text)) {
                        Ok(()) => false,
                        Err(TrySendError::Closed(_) | TrySendError::Full(_)) => true,
                    },
                    Event::Done { id: of, work } if of == id => {
                        record(work);
                        return Ok(());
                    }
                    Event::Failed { id: Some(of), fault } if of == id => {
                        job.fail(match fault {
                            WorkerFault::TooLong => GeneratorError::TooLong,
                            fault => fault.into(),
                        });
                        return Ok(());
                    }
                    _ => return Err(Lost),
                },
                () = reply.closed(), if !stopping => true,
                () = sleep_until(deadline) => {
                    if stopping {
                        return Err(Lost);
                    }
                    job.fail(GeneratorError::TimedOut);
                    true
                }
            };
            if stop && !stopping {
                stopping = true;
                deadline = Instant::now() + GRACE;
                self.order(&Order::Cancel { id }).await?;
            }
        }
    }

    /// Ends the process if it still runs, and says how it ended.
    pub(super) async fn end(mut self) -> String {
        // It may have ended already, which is no error here.
        let _ = self.process.start_kill();
        self.process
            .wait()
            .await
            .map_or_else(|error| error.to_string(), |status: ExitStatus| status.to_string())
    }

    async fn order(&mut self, order: &Order) -> Result<(), Lost> {
        let mut line = serde_json::to_vec(order).map_err(|_| Lost)?;
        line.push(b'\n');
        timeout(ORDER_LIMIT, self.orders.write_all(&line))
            .await
            .map_err(|_| Lost)?
            .map_err(|_| Lost)
    }

    async fn event(&mut self) -> Result<Event, Lost> {
        let line = self.events.next().await.ok_or(Lost)?.map_err(|_| Lost)?;
        serde_json::from_str(&line).map_err(|_| Lost)
    }
}

/// Numbers for the operator; no text.
fn record(work: Work) {
    metrics::counter!("lotsen_generator_tokens_total", "kind" => "prompt").increment(work.prompt_tokens as u64);
    metrics::counter!("lotsen_generator_tokens_total", "kind" => "reused").increment(work.reused_tokens as u64);
    metrics::counter!("lotsen_generator_tokens_total", "kind" => "answer").increment(work.answer_tokens as u64);
    tracing::debug!(?work, "the language model finished a request");
}
