//! Whether the server is up, ready and how it does: nothing in, a word or numbers out.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use lotsen_corpus::index::Filter;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use crate::generator::GeneratorKind;

/// Seconds between which latencies are counted: from a lookup to a summary on a small machine.
const BUCKETS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0,
];

/// Starts counting for the whole process. To be called once.
///
/// # Errors
/// Something else counts already.
pub fn recorder() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()
}

/// Is the process alive?
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", tag = "operations",
    responses((status = 200, description = "It answers", body = String)))]
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// What stands ready.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// Whether questions can be answered.
    ready: bool,
    /// The release that serves.
    release: String,
    /// The language model: `off` when none is configured, else `ready` or `starting`. Quotes work without it.
    model: &'static str,
    /// The index: `ready`, or `unreachable` while its server does not answer.
    index: &'static str,
}

/// Can the server answer questions?
///
/// A release, its index and the embedding model must be there. A configured language model that is being started again makes the
/// server unready, so that a balancer sends questions elsewhere meanwhile.
#[utoipa::path(get, path = "/readyz", operation_id = "readyz", tag = "operations",
    responses(
        (status = 200, description = "It can", body = Readiness),
        (status = 503, description = "It cannot, yet or any more", body = Readiness)
    ))]
pub async fn readyz(State(app): State<App>) -> Response {
    let model = match app.settings.generator.kind {
        GeneratorKind::Off => "off",
        _ if app.service.can_summarise() => "ready",
        _ => "starting",
    };
    let library = app.service.library();
    let index = match library.index.list(&Filter::default(), 1).await {
        Ok(_) => "ready",
        Err(_) => "unreachable",
    };
    let ready = model != "starting" && index == "ready" && !app.leaving.is_cancelled();
    let release = library.release.manifest.release.clone();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = Json(Readiness {
        ready,
        release,
        model,
        index,
    });
    (status, body).into_response()
}

/// Counts and latencies for Prometheus. No label ever holds text of a request.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "operations",
    responses((status = 200, description = "Prometheus text format", body = String)))]
pub async fn metrics(State(app): State<App>) -> Response {
    metrics::gauge!("lotsen_uptime_seconds").set(app.started.elapsed().as_secs_f64());
    metrics::gauge!("lotsen_answers_running")
        .set((app.settings.limits.answers - app.answers.available_permits()) as f64);
    app.metrics.run_upkeep();
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        app.metrics.render(),
    )
        .into_response()
}
