//! `lotsen-server`: the command line in, a running server, a description or a diagnosis out.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use lotsen_server::config::{DEFAULTS, Settings};
use lotsen_server::http::{self, App};
use lotsen_server::{doctor, generator, log, start};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use tokio::net::TcpSocket;
use tokio::signal::unix::{SignalKind, signal};

/// Answers Swedish social-services questions from statutes and guidelines, in the sources' own words.
///
/// The server reads a release that `lotsen-ingest` has made, and models that `lotsen-ingest models fetch` has fetched. It
/// opens no connection of its own, unless its settings name a Qdrant server or a language model at an address.
#[derive(Parser)]
#[command(name = "lotsen-server", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  lotsen-server serve --data data/demo                 serve on http://localhost:8080
  lotsen-server serve --config /etc/lotsen.toml        with a site's own settings
  lotsen-server doctor --config /etc/lotsen.toml       why does it not start?
  lotsen-server config > lotsen.toml                   every setting, its default and its reason
  LOTSEN__LOG__FORMAT=json lotsen-server serve         one setting from the environment";

#[derive(Subcommand)]
enum Command {
    /// Serve the page and the interface until SIGTERM or Ctrl-C.
    Serve {
        #[command(flatten)]
        place: Place,
        /// Listen on this port instead of the one in server.listen.
        #[arg(long)]
        port: Option<u16>,
    },
    /// Check processor, folders, models, index and release; print what is wrong and what to do. Fails if anything is.
    Doctor {
        #[command(flatten)]
        place: Place,
    },
    /// Print the description of the interface as OpenAPI 3.1.
    Openapi,
    /// Print every setting with its default and its reason: the template of a site's own file.
    Config,
    /// Run the language model for a server. Started by it; not for use by hand.
    #[command(hide = true)]
    Worker,
}

#[derive(Args)]
struct Place {
    /// A file with the settings that differ from the defaults.
    #[arg(long, env = "LOTSEN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of releases, instead of data.dir.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The folder of models, instead of models.dir.
    #[arg(long, value_name = "FOLDER")]
    models: Option<PathBuf>,
    /// The site's own list of models, instead of models.list.
    #[arg(long, env = "LOTSEN_MODEL_LIST", value_name = "FILE")]
    model_list: Option<PathBuf>,
}

impl Place {
    fn settings(self) -> anyhow::Result<Settings> {
        let mut settings = Settings::load(self.config.as_deref())?;
        settings.data.dir = self.data.unwrap_or(settings.data.dir);
        settings.models.dir = self.models.unwrap_or(settings.models.dir);
        settings.models.list = self.model_list.or(settings.models.list);
        Ok(settings)
    }
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Worker => return generator::worker::run(),
        Command::Serve { place, port } => place.settings().and_then(|settings| serve(settings, port)),
        Command::Doctor { place } => place.settings().and_then(|settings| examine(&settings)),
        Command::Openapi => describe(),
        Command::Config => print(DEFAULTS),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lotsen-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(mut settings: Settings, port: Option<u16>) -> anyhow::Result<()> {
    log::start(&settings.log)?;
    keep_memory_private().context("cannot forbid dumps of this process's memory")?;
    if let Some(port) = port {
        settings.server.listen.set_port(port);
    }
    let listener = listen(settings.server.listen)
        .with_context(|| format!("cannot listen on {} (setting server.listen)", settings.server.listen))?;
    let address = listener.local_addr()?;
    settings.server.listen = address;
    let settings = Arc::new(settings);
    let metrics = http::recorder()?;
    let service = Arc::new(start::service(&settings).await?);
    let every = Duration::from_secs(settings.data.poll_seconds);
    let following = tokio::spawn(start::follow_releases(Arc::clone(&service), every));
    let app = App::new(Arc::clone(&service), settings, metrics)?;
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    };
    tracing::info!(%address, release = service.library().release.manifest.release, "serving");
    eprintln!("Lotsen serves http://{address}");
    http::serve(listener, http::router(app.clone()), app, stop).await;
    following.abort();
    Ok(())
}

/// Questions are in memory while they are answered. No crash writes it to disk, and no other program of the same user reads
/// it.
fn keep_memory_private() -> std::io::Result<()> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// The kernel holds at most this much for a client that does not read.
const SEND_BUFFER: u32 = 64 * 1024;

fn listen(address: SocketAddr) -> std::io::Result<tokio::net::TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }?;
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(1024)
}

#[tokio::main]
async fn examine(settings: &Settings) -> anyhow::Result<()> {
    let findings = doctor::examine(settings).await;
    let mut lines = String::new();
    for finding in &findings {
        let (mark, words) = match &finding.outcome {
            Ok(words) => ("ok  ", words),
            Err(words) => ("FAIL", words),
        };
        lines.push_str(&format!("{mark}  {}: {words}\n", finding.what));
    }
    print(&lines)?;
    let faults = findings.iter().filter(|finding| finding.outcome.is_err()).count();
    anyhow::ensure!(faults == 0, "{faults} of {} checks failed", findings.len());
    Ok(())
}

fn describe() -> anyhow::Result<()> {
    print(&http::description()?)
}

/// A reader that closes the pipe early is no fault.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}
