//! A listener and a router in, served connections out, until told to stop.
//!
//! axum's own loop has no limit on connections, no time limit for headers and none for a client that does not read, so
//! this one has its place. HTTP/1.1 alone: the proxy in front speaks newer versions to browsers.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::App;

/// How long before the end of the grace period the answers that still run are told to end.
const LAST_WORD: Duration = Duration::from_secs(2);

/// Serves until `stop` is done; then readiness goes off, nothing new is accepted, and what runs may finish within
/// `server.shutdown_seconds`. Streams that are still open shortly before that end with an error event.
pub async fn serve(listener: TcpListener, router: Router, app: App, stop: impl Future<Output = ()> + Send) {
    let connections = TaskTracker::new();
    let room = Arc::new(Semaphore::new(app.settings.limits.connections));
    tokio::select! {
        () = accept(&listener, &router, &app, &connections, room) => {}
        () = stop => {}
    }
    drop(listener);
    app.leaving.cancel();
    connections.close();
    let grace = Duration::from_secs(app.settings.server.shutdown_seconds);
    tracing::info!(open = connections.len(), "stopping");
    if tokio::time::timeout(grace.saturating_sub(LAST_WORD), connections.wait())
        .await
        .is_err()
    {
        app.closing.cancel();
        if tokio::time::timeout(LAST_WORD.min(grace), connections.wait())
            .await
            .is_err()
        {
            tracing::warn!(open = connections.len(), "connections were cut");
        }
    }
}

async fn accept(listener: &TcpListener, router: &Router, app: &App, connections: &TaskTracker, room: Arc<Semaphore>) {
    loop {
        // Waiting for room before accepting leaves the rest in the kernel's queue, which costs this process nothing.
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((socket, _)) => {
                let connection = hold(socket, router.clone(), app.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            // Out of file descriptors, mostly. Trying again at once would only burn the processor.
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

async fn hold(socket: TcpStream, router: Router, app: App) {
    let limits = &app.settings.limits;
    // Events are small and must not wait for more to come. Failing to say so costs milliseconds only.
    let _ = socket.set_nodelay(true);
    let socket = Impatient::new(socket, Duration::from_secs(limits.stalled_client_seconds));
    let service = router.map_request(|request: hyper::Request<Incoming>| request.map(Body::new));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(limits.header_seconds))
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(socket), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = app.leaving.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended early");
    }
}

/// A socket that gives up when nothing that is written to it goes anywhere for a while.
struct Impatient {
    socket: TcpStream,
    patience: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Impatient {
    fn new(socket: TcpStream, patience: Duration) -> Self {
        Self {
            socket,
            patience,
            stalled: None,
        }
    }

    /// Passes on what a write said, and starts or stops the clock.
    fn watched<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let clock = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + patience)));
        ready!(clock.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Impatient {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, into)
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, from);
        self.watched(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.socket).poll_flush(context);
        self.watched(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
