//! The child process: orders on standard input in, events on standard output out (`lotsen-server worker`).
//!
//! It holds questions and quotes in memory only: it can write no file, leaves no core dump and its standard error
//! goes nowhere. The main thread owns the model; a second one reads orders, so that a cancellation is seen in
//! mid-answer and the end of the parent ends this process at once.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, getpid, kill_process, set_dumpable_behavior, setrlimit,
};

use super::engine::{Engine, Loaded};
use super::protocol::{Event, Load, Order, WorkerFault};

/// Files that the worker may have open: its three streams, the model, and some that its libraries read once.
const OPEN_FILES: u64 = 64;
/// Address space beside the model: context, stacks, what the allocator reserves for its threads.
const ADDRESS_SPACE: u64 = 8 << 30;
/// The model is mapped once and may be copied once more in the layout that the processor likes best.
const COPIES_OF_MODEL: u64 = 3;

/// Runs the worker until its parent closes standard input. Not for use by hand.
pub fn run() -> ExitCode {
    let (orders, inbox) = mpsc::channel();
    let cancelled = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&cancelled);
    thread::spawn(move || read_orders(&orders, &seen));
    match serve(&inbox, &cancelled) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // If the parent is gone there is nobody left to tell.
            let _ = send(&Event::Failed { id: None, fault });
            ExitCode::FAILURE
        }
    }
}

fn serve(inbox: &Receiver<Order>, cancelled: &AtomicU64) -> Result<(), WorkerFault> {
    let Ok(Order::Load(load)) = inbox.recv() else {
        return Ok(());
    };
    limit_process(&load)?;
    let loaded = Loaded::open(&load.model)?;
    let mut engine = Engine::new(&loaded, &load)?;
    if send(&Event::Ready).is_err() {
        return Ok(());
    }
    while let Ok(order) = inbox.recv() {
        let Order::Complete {
            id,
            max_tokens,
            completion,
        } = order
        else {
            continue;
        };
        let stopped = || cancelled.load(Ordering::Relaxed) >= id;
        let mut on_text = |text: &str| {
            // A text that cannot be sent has no reader: the reading thread ends the process in that moment.
            let _ = send(&Event::Text {
                id,
                text: text.to_owned(),
            });
        };
        let (event, healthy) = match engine.complete(&completion, max_tokens, &stopped, &mut on_text) {
            Ok(work) => (Event::Done { id, work }, true),
            Err(fault) => (Event::Failed { id: Some(id), fault }, fault == WorkerFault::TooLong),
        };
        // After a failure inside llama.cpp nobody knows what its context holds: a new process does.
        if send(&event).is_err() || !healthy {
            break;
        }
    }
    Ok(())
}

/// Hands orders on, except cancellations, which take effect at once.
fn read_orders(orders: &Sender<Order>, cancelled: &AtomicU64) {
    for line in io::stdin().lock().lines() {
        let Ok(order) = line.and_then(|line| serde_json::from_str(&line).map_err(io::Error::from)) else {
            break;
        };
        match order {
            Order::Cancel { id } => {
                cancelled.fetch_max(id, Ordering::Relaxed);
            }
            order => {
                if orders.send(order).is_err() {
                    break;
                }
            }
        }
    }
    // The parent is gone (or speaks another language). A death signal from the parent would come when its spawning
    // *thread* ends, which in an async runtime means little. And no clean-up of C++ runs beside the model's threads.
    let _ = kill_process(getpid(), Signal::KILL);
}

/// One line to the parent.
fn send(event: &Event) -> io::Result<()> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}

fn limit_process(load: &Load) -> Result<(), WorkerFault> {
    let limit = |resource, value| {
        setrlimit(
            resource,
            Rlimit {
                current: Some(value),
                maximum: Some(value),
            },
        )
        .map_err(|_| WorkerFault::Limits)
    };
    // Neither a crash nor a debugger of the same user gets at the memory.
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|_| WorkerFault::Limits)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nofile, OPEN_FILES)?;
    limit(Resource::As, address_space(&load.model))
}

fn address_space(model: &Path) -> u64 {
    let bytes = model.metadata().map_or(0, |file| file.len());
    ADDRESS_SPACE + COPIES_OF_MODEL * bytes
}
