//! Requests in, from any thread; the next one to do out, to the model's thread.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{EmbedError, Role};

/// What a request gets.
pub(super) type Vectors = Result<Vec<Vec<f32>>, EmbedError>;
/// Where a request waits for it.
pub(super) type Reply = oneshot::Receiver<Vectors>;

/// Texts that go through the model together, and where their vectors go.
pub(super) struct Job {
    pub texts: Vec<String>,
    reply: oneshot::Sender<Vectors>,
}

impl Job {
    pub fn new(texts: Vec<String>) -> (Self, Reply) {
        let (reply, receiver) = oneshot::channel();
        (Self { texts, reply }, receiver)
    }

    /// True if nobody waits for it any more.
    pub fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    pub fn finish(self, vectors: Vectors) {
        // Whoever asked may have left in the meantime; then nobody misses the vectors.
        let _ = self.reply.send(vectors);
    }
}

/// Two bounded lines, of which the questions' goes first.
pub(super) struct Queue {
    lines: Mutex<Lines>,
    changed: Condvar,
    capacity: usize,
}

#[derive(Default)]
struct Lines {
    queries: VecDeque<Job>,
    passages: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    /// A queue that holds `capacity` jobs in each line.
    pub fn new(capacity: usize) -> Self {
        Self {
            lines: Mutex::default(),
            changed: Condvar::new(),
            capacity: capacity.max(1),
        }
    }

    /// Adds a job, or says that its line is full.
    pub fn push(&self, role: Role, job: Job) -> Result<(), EmbedError> {
        let mut lines = self.lock();
        if lines.closed {
            return Err(EmbedError::Stopped);
        }
        let line = match role {
            Role::Query => &mut lines.queries,
            Role::Passage => &mut lines.passages,
        };
        line.retain(|job| !job.is_abandoned());
        if line.len() >= self.capacity {
            return Err(EmbedError::Busy);
        }
        line.push_back(job);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for the next job; `None` once the queue is closed and empty.
    pub fn next(&self) -> Option<(Role, Job)> {
        let mut lines = self.lock();
        loop {
            let query = lines.queries.pop_front().map(|job| (Role::Query, job));
            let job = query.or_else(|| Some((Role::Passage, lines.passages.pop_front()?)));
            match job {
                Some((_, job)) if job.is_abandoned() => {}
                Some(job) => return Some(job),
                None if lines.closed => return None,
                None => lines = self.changed.wait(lines).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Lets the model's thread end.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Nothing can panic while the lock is held, so a poisoned one is as good as any.
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(text: &str) -> (Job, Reply) {
        Job::new(vec![text.to_owned()])
    }

    #[test]
    fn questions_go_before_passages() {
        let queue = Queue::new(2);
        let (passage, _keep) = job("passage");
        let (query, _keep_too) = job("query");
        queue.push(Role::Passage, passage).unwrap();
        queue.push(Role::Query, query).unwrap();
        assert_eq!(queue.next().unwrap().1.texts, ["query"]);
        assert_eq!(queue.next().unwrap().1.texts, ["passage"]);
    }

    #[test]
    fn a_full_line_says_so_and_an_abandoned_request_makes_room() {
        let queue = Queue::new(1);
        let (first, waiting) = job("first");
        queue.push(Role::Query, first).unwrap();
        let (second, _keep) = job("second");
        assert!(matches!(queue.push(Role::Query, second), Err(EmbedError::Busy)));
        drop(waiting);
        let (third, _keep_too) = job("third");
        queue.push(Role::Query, third).unwrap();
        assert_eq!(queue.next().unwrap().1.texts, ["third"]);
    }

    #[test]
    fn a_closed_queue_ends_the_thread_that_waits_on_it() {
        let queue = std::sync::Arc::new(Queue::new(1));
        let waiting = std::sync::Arc::clone(&queue);
        let thread = std::thread::spawn(move || waiting.next().is_none());
        queue.close();
        assert!(thread.join().unwrap());
        let (late, _keep) = job("late");
        assert!(matches!(queue.push(Role::Query, late), Err(EmbedError::Stopped)));
    }
}
