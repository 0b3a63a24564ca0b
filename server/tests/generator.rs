//! The generator as its callers see it: with a real model in a real child process, and against a real HTTP server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "generator/endpoint.rs"]
mod endpoint;
#[path = "generator/model.rs"]
mod model;
#[path = "generator/worker.rs"]
mod worker;
#[path = "generator/worker_start.rs"]
mod worker_start;

use std::path::Path;

use lotsen_server::generator::{EndpointSettings, GeneratorKind, GeneratorSettings, NumberedQuote, WorkerSettings};

/// The program under test, which has the worker in it.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_lotsen-server"))
}

/// Settings with nothing but what every test needs; each test fills in its own part.
fn settings(kind: GeneratorKind) -> GeneratorSettings {
    GeneratorSettings {
        kind,
        queue: 1,
        time_limit_s: 120,
        max_tokens: 200,
        worker: WorkerSettings {
            model: model::ID.to_owned(),
            threads: 2,
            context: 2048,
            load_limit_s: 60,
        },
        endpoint: EndpointSettings {
            base_url: None,
            model: None,
            api_key_env: None,
            send_grammar: false,
        },
    }
}

fn quotes() -> Vec<NumberedQuote> {
    [
        "Socialnämnden ska skyndsamt ta ställning till om en utredning ska inledas.",
        "En utredning ska vara slutförd senast fyra månader efter det att den inleddes.",
        "Den enskilde har rätt att ta del av utredningen och yttra sig innan nämnden fattar beslut.",
    ]
    .iter()
    .enumerate()
    .map(|(index, text)| NumberedQuote {
        number: index + 1,
        text: (*text).to_owned(),
    })
    .collect()
}

const QUESTION: &str = "Hur lång tid får en utredning ta?";
