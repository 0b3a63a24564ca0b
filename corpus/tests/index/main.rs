//! One suite for every engine behind [`lotsen_corpus::index::Index`]: embedded directly, and the client over real gRPC.
//!
//! Without a Qdrant server the client speaks with a double on loopback. With `LOTSEN_QDRANT_URL` set the same suite runs
//! against that server as well (its collections are named `lotsen-test-...` and removed afterwards).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod qdrant_double;
mod suite;

use lotsen_corpus::ReleaseStore;
use lotsen_corpus::index::{Index, IndexError, IndexSettings, ServerSettings};
use qdrant_double::QdrantDouble;

fn server(url: String) -> ServerSettings {
    ServerSettings {
        url,
        api_key_env: None,
        name: format!("lotsen-test-{}", std::process::id()),
        allow_plaintext: true,
        replicas: 1,
    }
}

#[tokio::test]
async fn the_embedded_engine_passes_the_suite() {
    suite::run(&IndexSettings::Embedded).await;
}

#[tokio::test]
async fn the_client_passes_the_suite_over_grpc() {
    let double = QdrantDouble::start(None).await;
    suite::run(&IndexSettings::Server(server(double.url()))).await;
}

#[tokio::test]
async fn a_real_server_passes_the_suite() {
    match std::env::var("LOTSEN_QDRANT_URL") {
        Ok(url) => suite::run(&IndexSettings::Server(server(url))).await,
        Err(_) => eprintln!("SKIPPED: set LOTSEN_QDRANT_URL to run the suite against a real Qdrant server"),
    }
}

#[tokio::test]
async fn both_engines_give_the_same_hits() {
    let double = QdrantDouble::start(None).await;
    let embedded = suite::hits(&IndexSettings::Embedded).await;
    let remote = suite::hits(&IndexSettings::Server(server(double.url()))).await;
    assert_eq!(embedded, remote);
}

#[tokio::test]
async fn the_alias_moves_to_the_release_that_serves() {
    let double = QdrantDouble::start(None).await;
    let settings = server(double.url());
    let (store, engine) = (ReleaseStore::new("unused"), IndexSettings::Server(settings.clone()));
    for release in ["one", "two"] {
        let index = Index::create(&engine, &store, release, suite::DIMENSIONS)
            .await
            .unwrap();
        index.activate().await.unwrap();
        assert_eq!(double.alias(&settings.name), Some(index.stamp().to_owned()));
    }
}

#[tokio::test]
async fn the_api_key_is_sent_and_a_wrong_one_is_a_clear_error() {
    let double = QdrantDouble::start(Some("lotsen-corpus")).await;
    let store = ReleaseStore::new("unused");
    // Cargo sets this variable for every test, to "lotsen-corpus".
    let with_key = ServerSettings {
        api_key_env: Some("CARGO_PKG_NAME".into()),
        ..server(double.url())
    };
    let without = server(double.url());
    Index::create(&IndexSettings::Server(with_key), &store, "r", suite::DIMENSIONS)
        .await
        .unwrap();
    let refused = Index::open(&IndexSettings::Server(without), &store, "r")
        .await
        .err()
        .unwrap();
    assert!(matches!(refused, IndexError::Refused { .. }), "{refused}");
}

#[tokio::test]
async fn a_server_that_goes_away_is_a_clear_error_within_two_seconds() {
    let double = QdrantDouble::start(None).await;
    let store = ReleaseStore::new("unused");
    let engine = IndexSettings::Server(server(double.url()));
    let index = Index::create(&engine, &store, "r", suite::DIMENSIONS).await.unwrap();
    index.insert(&suite::points()).await.unwrap();
    index.search(&suite::search("hemtjänst")).await.unwrap();
    double.stop().await;
    let begun = std::time::Instant::now();
    let gone = index.search(&suite::search("hemtjänst")).await.unwrap_err();
    assert!(matches!(gone, IndexError::Unreachable { .. }), "{gone}");
    assert!(
        begun.elapsed() < std::time::Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn a_folder_that_another_has_open_is_a_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    let store = ReleaseStore::new(dir.path());
    let _open = Index::create(&IndexSettings::Embedded, &store, "r", suite::DIMENSIONS)
        .await
        .unwrap();
    let locked = Index::open(&IndexSettings::Embedded, &store, "r").await.err().unwrap();
    assert!(matches!(locked, IndexError::Locked(_)), "{locked}");
}
