//! The router over a small release with real vectors, everything that it logs caught; one for all tests of this program.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{self, Body};
use axum::http::{HeaderMap, Request, StatusCode};
use lotsen_corpus::release::EditionEntry;
use lotsen_corpus::{DocumentId, ReleaseStore};
use lotsen_server::config::{LogLevel, Settings};
use lotsen_server::http::{self, App};
use lotsen_server::{Service, ServiceSettings, log};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

use crate::{corpus, decisions};

/// A question that the small release answers.
pub const QUESTION: &str = "Hur lång tid får en förhandsbedömning ta?";

/// An official test number of the Swedish Tax Agency.
pub const NUMBER: &str = "19121212-1212";

/// The server, and what a test wants to look at beside its replies.
pub struct Harness {
    runtime: Runtime,
    router: Router,
    service: Arc<Service>,
    settings: Settings,
    metrics: PrometheusHandle,
    /// Page of a guideline's older version.
    pub older_guideline: String,
    /// Page of a repealed act's version that names its successor.
    pub older_act: String,
    /// The folder of releases.
    pub data: tempfile::TempDir,
}

/// A reply that has been read whole.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("plain text"))
    }

    /// An HTML page's text with its entities resolved.
    pub fn text(&self) -> String {
        [
            ("&#x2f;", "/"),
            ("&#x27;", "'"),
            ("&quot;", "\""),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(self.body.clone(), |text, (entity, character)| {
            text.replace(entity, character)
        })
    }
}

/// The names of an object's fields, sorted.
pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// The one server of this program; none, with a word about it, where there is no embedding model.
pub fn harness() -> Option<&'static Harness> {
    static HARNESS: OnceLock<Option<Harness>> = OnceLock::new();
    HARNESS.get_or_init(start).as_ref()
}

fn start() -> Option<Harness> {
    let runtime = Runtime::new().expect("a runtime");
    let (data, service) = runtime.block_on(corpus::service())?;
    let subscriber = tracing_subscriber::registry()
        .with(log::filter(LogLevel::Trace))
        .with(tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Captured));
    tracing::subscriber::set_global_default(subscriber).expect("no other subscriber");
    let metrics = http::recorder().expect("no other recorder");
    let (older_guideline, older_act) = write_earlier(&ReleaseStore::new(data.path()));
    let mut settings = Settings::load(None).expect("the defaults");
    settings.data.dir = data.path().to_owned();
    let service = Arc::new(service);
    let app = App::new(Arc::clone(&service), Arc::new(settings.clone()), metrics.clone()).expect("an app");
    let router = http::router(app);
    Some(Harness {
        runtime,
        router,
        service,
        settings,
        metrics,
        older_guideline,
        older_act,
        data,
    })
}

/// A release before the one that serves: without the repealed act, and with a guideline of one passage less. Nobody
/// searches it, so it needs no index.
fn write_earlier(store: &ReleaseStore) -> (String, String) {
    let release = store.open_current().expect("a release");
    let mut manifest = release.manifest.clone();
    manifest.release = "earlier".to_owned();
    manifest.created = manifest
        .created
        .checked_sub(Duration::from_secs(3_600))
        .expect("an earlier time");
    let edited = |document: &str, edit: fn(&mut lotsen_corpus::Edition)| {
        let (_, edition) = release.edition(document).expect("a document");
        let mut edition = (**edition).clone();
        edit(&mut edition);
        (
            format!("/d/{document}/"),
            store.write_edition(&edition).expect("an edition"),
        )
    };
    let (guideline, version) = edited("riktlinje-hemtjanst", |edition| {
        edition.passages.pop();
    });
    let (act, act_version) = edited("sfs-2001-453", |edition| {
        edition.document.replaced_by = DocumentId::new("sfs-2025-400").ok();
    });
    manifest
        .editions
        .retain(|entry| entry.document.as_str() != "sfs-2001-453");
    let of_guideline = |entry: &&mut EditionEntry| entry.document.as_str() == "riktlinje-hemtjanst";
    manifest
        .editions
        .iter_mut()
        .find(of_guideline)
        .expect("the guideline")
        .version
        .clone_from(&version);
    store.write_manifest(&manifest).expect("a manifest");
    (guideline + &version, act + &act_version)
}

impl Harness {
    /// A second server on a release of its own, behind another guard.
    pub fn with_guard(&self, guard: lotsen_guard::Guard) -> Option<Self> {
        let runtime = Runtime::new().expect("a runtime");
        let embedder = corpus::embedder()?;
        let data = tempfile::tempdir().expect("a folder");
        let service = runtime.block_on(async {
            corpus::write_release(data.path(), "first", &embedder, lotsen_corpus::analysis::VERSION).await;
            let settings = corpus::settings(data.path(), embedder);
            Service::open(ServiceSettings { guard, ..settings }).await
        });
        Some(self.beside(runtime, data, service.expect("a service")))
    }

    /// A second server on a release of decisions alone.
    pub fn on_decisions(&self) -> Option<Self> {
        let runtime = Runtime::new().expect("a runtime");
        let (data, service) = runtime.block_on(decisions::service())?;
        Some(self.beside(runtime, data, service))
    }

    fn beside(&self, runtime: Runtime, data: tempfile::TempDir, service: Service) -> Self {
        let service = Arc::new(service);
        let app = App::new(
            Arc::clone(&service),
            Arc::new(self.settings.clone()),
            self.metrics.clone(),
        )
        .expect("an app");
        Self {
            runtime,
            router: http::router(app),
            service,
            settings: self.settings.clone(),
            metrics: self.metrics.clone(),
            older_guideline: String::new(),
            older_act: String::new(),
            data,
        }
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).expect("a request"))
    }

    /// Opens the first link to a document on a page, and looks whether the place that it names is there.
    pub fn first_link_stands(&self, page: &str) -> bool {
        let link = page.split("href=\"/d/").nth(1).and_then(|rest| rest.split('"').next());
        let (address, anchor) = link.expect("a link").split_once('#').expect("an anchor");
        let document = self.get(&format!("/d/{address}"));
        document.body.contains(&format!("id=\"{anchor}\""))
    }

    pub fn get_with(&self, path: &str, header: &str, value: &str) -> Reply {
        self.send(
            Request::get(path)
                .header(header, value)
                .body(Body::empty())
                .expect("a request"),
        )
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.post_raw(path, body.to_string().into_bytes())
    }

    pub fn post_raw(&self, path: &str, body: Vec<u8>) -> Reply {
        self.post_as(path, "application/json; charset=utf-8", "", body)
    }

    pub fn post_form(&self, path: &str, form: &str) -> Reply {
        self.post_as(
            path,
            "application/x-www-form-urlencoded",
            "",
            form.to_owned().into_bytes(),
        )
    }

    pub fn post_as(&self, path: &str, kind: &str, encoding: &str, body: Vec<u8>) -> Reply {
        let mut request = Request::post(path).header("content-type", kind);
        if !encoding.is_empty() {
            request = request.header("content-encoding", encoding);
        }
        self.send(request.body(Body::from(body)).expect("a request"))
    }

    pub fn post_for_events(&self, body: Value) -> Reply {
        self.post_headed("/v1/ask", &[("accept", "text/event-stream")], &body)
    }

    pub fn post_headed(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        let mut request = Request::post(path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string())).expect("a request"))
    }

    /// Asks for something in the Model Context Protocol, as a client of 2025 does.
    pub fn mcp(&self, method: &str, params: Value) -> Reply {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        self.post_headed("/mcp", &[("host", "127.0.0.1:8080")], &message)
    }

    /// Calls a tool: whether it succeeded, and the text that it gave.
    pub fn tool(&self, name: &str, arguments: Value) -> (bool, String) {
        let reply = self.mcp("tools/call", json!({"name": name, "arguments": arguments}));
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let result = reply.json()["result"].clone();
        let text = result["content"][0]["text"].as_str().expect("a text").to_owned();
        (result["isError"] == false, text)
    }

    fn send(&self, request: Request<Body>) -> Reply {
        let router = self.router.clone();
        self.runtime.block_on(async {
            let response = router.oneshot(request).await.expect("a reply");
            let (parts, body) = response.into_parts();
            let bytes = body::to_bytes(body, usize::MAX).await.expect("a body");
            let body = String::from_utf8_lossy(&bytes).into_owned();
            Reply {
                status: parts.status,
                headers: parts.headers,
                body,
            }
        })
    }

    /// A server on a real socket with other settings. It stops when the second value is dropped or sent to.
    pub fn serve(
        &self,
        change: impl FnOnce(&mut Settings),
    ) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let mut settings = self.settings.clone();
        change(&mut settings);
        let app = App::new(Arc::clone(&self.service), Arc::new(settings), self.metrics.clone()).expect("an app");
        let (stop, stopped) = oneshot::channel();
        let listener = self.runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = self.runtime.spawn(async move {
            let router = http::router(app.clone());
            http::serve(listener, router, app, async move { _ = stopped.await }).await;
        });
        (address, stop, serving)
    }

    pub fn wait<T>(&self, task: impl Future<Output = T>) -> T {
        self.runtime.block_on(task)
    }

    /// Everything that has been logged so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&LINES.lock().expect("the lines")).into_owned()
    }
}

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Writes where a test can read it.
struct Captured;

impl Write for Captured {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        LINES.lock().expect("the lines").extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Captured {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}
