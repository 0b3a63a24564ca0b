//! A Qdrant server for tests: the wire format of the client's own server stubs, over the embedded engine.
//!
//! It knows the requests that the index sends; every other one is answered `unimplemented`, so that a new one shows.

mod collections;
mod points;
mod translate;

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use qdrant_client::qdrant::collections_server::CollectionsServer;
use qdrant_client::qdrant::points_server::PointsServer;
use qdrant_edge::EdgeShard;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Status};

/// Answer of a stub, as its trait spells it.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<tonic::Response<T>, Status>> + Send + 'a>>;

/// Answers `unimplemented` for requests that the index does not send.
macro_rules! unimplemented_requests {
    ($($name:ident($request:ty) -> $reply:ty;)*) => {$(
        fn $name<'life0, 'async_trait>(
            &'life0 self,
            _request: tonic::Request<$request>,
        ) -> $crate::qdrant_double::Answer<'async_trait, $reply>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            Box::pin(async { Err(tonic::Status::unimplemented(stringify!($name))) })
        }
    )*};
}
use unimplemented_requests;

/// What a server holds. The collections go before the folder that they lie in, so it stands after them.
#[derive(Clone)]
struct State {
    collections: Arc<Mutex<HashMap<String, Arc<EdgeShard>>>>,
    dir: Arc<tempfile::TempDir>,
    aliases: Arc<Mutex<HashMap<String, String>>>,
}

impl State {
    fn shard(&self, collection: &str) -> Result<Arc<EdgeShard>, Status> {
        let collections = self.collections.lock().unwrap();
        collections
            .get(collection)
            .cloned()
            .ok_or_else(|| Status::not_found(collection.to_owned()))
    }
}

/// A running double. It ends with [`QdrantDouble::stop`] or when it is dropped.
pub struct QdrantDouble {
    address: SocketAddr,
    state: State,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl QdrantDouble {
    /// Starts one on a free port of loopback; with a key, it refuses requests without it.
    pub async fn start(api_key: Option<&'static str>) -> Self {
        let state = State {
            dir: Arc::new(tempfile::tempdir().unwrap()),
            collections: Arc::default(),
            aliases: Arc::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let check = move |request: Request<()>| {
            let sent = request.metadata().get("api-key").and_then(|key| key.to_str().ok());
            if api_key.is_none() || sent == api_key {
                Ok(request)
            } else {
                Err(Status::unauthenticated("wrong API key"))
            }
        };
        let router = tonic::transport::Server::builder()
            .add_service(CollectionsServer::with_interceptor(state.clone(), check))
            .add_service(PointsServer::with_interceptor(state.clone(), check));
        let serving = router.serve_with_incoming(TcpListenerStream::new(listener));
        let server = tokio::spawn(async move {
            tokio::select! {
                served = serving => served.unwrap(),
                _ = stopped => {}
            }
        });
        Self {
            address,
            state,
            stop,
            server,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The collection that an alias names.
    pub fn alias(&self, name: &str) -> Option<String> {
        self.state.aliases.lock().unwrap().get(name).cloned()
    }

    /// Closes the port and every connection, as a killed server does.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap();
    }
}
