//! `POST /mcp`: a message of the Model Context Protocol in, its reply out (Streamable HTTP, without sessions).
//!
//! The protocol itself is the library's: revision 2026-07-28, where each request says what it needs, and the earlier ones with
//! a handshake. A tool goes the same way as the route of its name, with the same guard, queues and time limits, and what it
//! may not take is told by the tool's result, since clients show that to the user. 1. `tools` lists them, 2. `call` runs one.

mod call;
mod tools;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;
use tracing::Instrument;

use super::App;
use super::body::{self, Sent};
use super::problem::{Problem, ProblemKind};
use super::search::nothing_beside;
use super::told::told;

/// Takes a message.
pub async fn receive(State(app): State<App>, request: Request) -> Response {
    match answer(&app, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn answer(app: &App, request: Request) -> Result<Response, Problem> {
    let (mut parts, bytes, mut message) = body::message(request, app).await?;
    // What a tool is given is looked through by what the tool does, so that its result can say what was found.
    message.take_out("/params/arguments");
    nothing_beside(&message.0)?;
    // The reply is always one JSON object, so a client that reads nothing else is served too.
    parts
        .headers
        .insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
    let tools = Tools {
        app: app.clone(),
        span: tracing::Span::current(),
    };
    let make = move || Ok(tools.clone());
    let service = StreamableHttpService::new(make, Arc::new(NeverSessionManager::default()), config(app));
    let reply = service.handle(Request::from_parts(parts, Body::from(bytes))).await;
    presented(reply.map(Body::new))
}

/// Only hosts that the settings name, so that no page on the web can reach a service on this machine by a name of its own
/// (DNS rebinding), and no other site's page at all.
fn config(app: &App) -> StreamableHttpServerConfig {
    let url = app.settings.public_url();
    let uri: Uri = url.parse().unwrap_or_default();
    let hosts = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let own = uri.authority().map(Authority::to_string);
    let port = uri
        .port_u16()
        .unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let origin = uri
        .host()
        .map(|host| format!("{}://{host}:{port}", uri.scheme_str().unwrap_or("http")));
    StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(app.settings.limits.body_bytes)
        .with_allowed_hosts(hosts.into_iter().chain(own))
        .with_allowed_origins(origin)
        .enforce_origin_validation()
        .with_cancellation_token(app.closing.clone())
}

/// The protocol's own errors go out as they are; what the library says in plain text becomes a problem without its words.
fn presented(reply: Response) -> Result<Response, Problem> {
    let in_protocol = reply
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    match reply.status() {
        status if status.is_success() || in_protocol => Ok(reply),
        StatusCode::FORBIDDEN => Err(ProblemKind::Forbidden.into()),
        StatusCode::PAYLOAD_TOO_LARGE => Err(ProblemKind::TooLarge.into()),
        status if status.is_server_error() => Err(ProblemKind::Internal.into()),
        _ => Err(ProblemKind::InvalidRequest.into()),
    }
}

/// What serves one message.
#[derive(Clone)]
struct Tools {
    app: App,
    span: tracing::Span,
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let own = Implementation::new("lotsen", env!("CARGO_PKG_VERSION")).with_title("Lotsen");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(own)
            .with_instructions(tools::instructions())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::list()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::list().into_iter().find(|tool| tool.name == name)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = Sent(Value::Object(request.arguments.unwrap_or_default()));
        let called = AssertUnwindSafe(call::call(&self.app, &request.name, &arguments)).catch_unwind();
        let called = tokio::select! {
            called = called.instrument(self.span.clone()) => called,
            () = context.ct.cancelled() => return Err(ErrorData::internal_error("cancelled", None)),
        };
        let outcome = called.unwrap_or_else(|_panic| {
            metrics::counter!("lotsen_panics_total").increment(1);
            Some(Err(ProblemKind::Internal.into()))
        });
        let result = match outcome {
            None => return Err(ErrorData::invalid_params("no such tool", None)),
            Some(Ok(found)) => CallToolResult::success(vec![ContentBlock::text(found.to_string())]),
            Some(Err(problem)) => {
                let said = told(&problem, &self.app.settings.public_url());
                CallToolResult::error(vec![ContentBlock::text(said)])
            }
        };
        Ok(result.into())
    }
}
