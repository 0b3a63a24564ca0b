//! HTTP requests in, replies of the contract out: every route, and what each request passes on its way to it.
//!
//! A request passes, from the outside in: its log line and count ([`observe`](middleware::observe)), the security headers,
//! the catching of panics, the limit on how much is done at once, and its route. Nothing outside this module knows a
//! status code.
//!
//! Modules in the order to read them:

#![expect(
    clippy::result_large_err,
    reason = "a problem is made once per refused request, and moving it costs nothing beside writing it out"
)]

pub mod problem;

mod about;
mod ask;
mod body;
mod case_law;
mod chat;
mod connection;
mod documents;
mod feedback;
mod form;
mod health;
mod layout;
mod mcp;
mod middleware;
mod pages;
mod passages;
mod rank;
mod reader;
mod releases;
mod search;
mod swedish;
mod told;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::config::Settings;

pub use connection::serve;
pub use health::recorder;
pub use pages::{Pages, PagesError};

/// What every handler can reach.
#[derive(Clone)]
pub struct App {
    /// The journey from question to answer.
    pub service: Arc<Service>,
    /// How this site wants it.
    pub settings: Arc<Settings>,
    pages: Arc<Pages>,
    metrics: PrometheusHandle,
    requests: Arc<Semaphore>,
    answers: Arc<Semaphore>,
    leaving: CancellationToken,
    closing: CancellationToken,
    started: Instant,
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// A page's template or a sentence of the program is broken.
    pub fn new(service: Arc<Service>, settings: Arc<Settings>, metrics: PrometheusHandle) -> Result<Self, PagesError> {
        Ok(Self {
            service,
            pages: Arc::new(Pages::built_in()?),
            metrics,
            requests: Arc::new(Semaphore::new(settings.limits.requests)),
            answers: Arc::new(Semaphore::new(settings.limits.answers)),
            settings,
            leaving: CancellationToken::new(),
            closing: CancellationToken::new(),
            started: Instant::now(),
        })
    }
}

/// The description of the service that `openapi/openapi.json` holds.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lotsen",
        description = "Answers Swedish social-services caseworkers' questions from statutes and guidelines, in the sources' own \
                       words, each with its place. A question with personal data in it is stopped with 422 before anything \
                       else sees it. Errors are application/problem+json with a Swedish `detail`."
    ),
    servers((url = "/", description = "The municipality's own machine")),
    tags(
        (name = "answers", description = "Questions and searches"),
        (name = "documents", description = "What the answers rest on"),
        (name = "releases", description = "Which material serves, and what changed"),
        (name = "compatible", description = "The same answers for programs that speak to language models"),
        (name = "operations", description = "Whether the service is up")
    )
)]
struct Description;

/// The JSON part of the interface, which is also what the description describes.
fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(search::search))
        .routes(routes!(search::guard))
        .routes(routes!(case_law::case_law))
        .routes(routes!(documents::list_documents))
        .routes(routes!(documents::show_document))
        .routes(routes!(passages::show_passage))
        .routes(routes!(releases::list_releases))
        .routes(routes!(releases::compare_releases))
        .routes(routes!(feedback::give_feedback))
        .routes(routes!(chat::list_models))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
}

/// Answers may take minutes, so they have a limit of their own inside their handlers.
fn described_answers() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ask::ask))
        .routes(routes!(chat::complete))
}

/// The description as OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().merge(described_answers()).into_openapi()
}

/// The description as it is committed in `openapi/openapi.json`.
///
/// # Errors
/// It cannot be written as JSON.
pub fn description() -> Result<String, serde_json::Error> {
    Ok(openapi().to_pretty_json()? + "\n")
}

/// Everything that the server answers to.
pub fn router(app: App) -> Router {
    let pages = Router::new()
        .route("/d/{document}", get(reader::newest))
        .route("/d/{document}/{version}", get(reader::read))
        .route("/problems/{name}", get(pages::explain_problem))
        .route("/fraga", get(form::empty))
        .route("/om", get(about::about))
        .route("/tillganglighet", get(about::accessibility))
        .route("/openapi.json", get(pages::description))
        .route("/", get(pages::front_page))
        .route("/assets/{*path}", get(pages::asset))
        .layer(CompressionLayer::new());
    let quick = Router::from(described())
        .merge(pages)
        .route("/avgoranden", get(form::empty).post(case_law::page))
        .route("/mcp", post(mcp::receive))
        .layer(from_fn_with_state(app.clone(), middleware::admit));
    let answers = Router::from(described_answers()).route("/fraga", post(form::ask));
    quick
        .merge(answers)
        .fallback(middleware::not_found)
        .method_not_allowed_fallback(middleware::method_not_allowed)
        .layer(CatchPanicLayer::custom(middleware::after_panic))
        .layer(from_fn(middleware::protect))
        .layer(from_fn(middleware::observe))
        .with_state(app)
}
