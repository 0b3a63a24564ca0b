//! A request in, the same request on its way or a refusal out; and on the way back, what every reply carries.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::App;
use super::problem::{Problem, ProblemKind};

/// Nothing but our own script, style, pictures and forms; no frames.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Gives each request a number of our own, one log line and one count. The address is logged as its route's pattern and
/// nothing else of the request at all: a query string or a header can hold anything. A number that the client sends is
/// not taken over for the same reason.
pub async fn observe(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
        .to_owned();
    let method = known_method(request.method());
    let number = uuid::Uuid::new_v4().to_string();
    let span = tracing::info_span!("request", id = %number, method, route = %route);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let taken = started.elapsed();
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(status, ms = taken.as_secs_f64() * 1_000.0, "replied"));
    let labels = [
        ("route", route.clone()),
        ("method", method.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("lotsen_requests_total", &labels).increment(1);
    metrics::histogram!("lotsen_request_seconds", "route" => route).record(taken.as_secs_f64());
    if let Ok(number) = HeaderValue::from_str(&number) {
        response.headers_mut().insert("x-request-id", number);
    }
    response
}

/// A method's name is the client's text unless it is one that we know.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Sets the security headers. What says nothing else about caching is not to be stored.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Lets in as many requests as the settings say and stops those that take too long. Answers are counted by themselves.
/// The questions whether the server is up are let in always: a busy server is not a dead one.
pub async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    let limits = &app.settings.limits;
    if matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics") {
        return next.run(request).await;
    }
    let Ok(_place) = app.requests.try_acquire() else {
        return Problem::busy(limits.retry_after_seconds).into_response();
    };
    match tokio::time::timeout(Duration::from_secs(limits.request_seconds), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(ProblemKind::Timeout).into_response(),
    }
}

/// The reply after a panic. What it was about is not shown: it may hold text.
pub fn after_panic(_: Box<dyn Any + Send>) -> Response {
    metrics::counter!("lotsen_panics_total").increment(1);
    Problem::new(ProblemKind::Internal).into_response()
}

/// For addresses that nothing has: a page for browsers, a problem for programs.
pub async fn not_found(State(app): State<App>, headers: HeaderMap) -> Response {
    let accepted = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    if accepted.contains("text/html") {
        app.pages.problem(ProblemKind::NotFound)
    } else {
        Problem::new(ProblemKind::NotFound).into_response()
    }
}

/// For addresses that are used in another way.
pub async fn method_not_allowed() -> Problem {
    ProblemKind::MethodNotAllowed.into()
}
