//! An OpenAI-compatible server made of axum on a real socket, which records what it was sent and answers as told.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use futures::{StreamExt, stream};
use lotsen_corpus::models::{ModelFolder, ModelList};
use lotsen_server::generator::{EndpointFault, Generator, GeneratorError, GeneratorKind, GeneratorSettings};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{QUESTION, quotes, settings};

/// What the server does with a request.
enum Answer {
    /// Streams this text in pieces of a few bytes, as chat completions.
    Text(&'static str),
    /// Sends these bytes as they are.
    Raw(&'static str),
    Status(StatusCode),
    Redirect,
    /// Sends one piece and then nothing more; says when the connection is gone.
    Hang(Mutex<Option<oneshot::Sender<()>>>),
    /// Never ends.
    Flood,
}

struct Server {
    answer: Answer,
    seen: Mutex<Vec<(HeaderMap, Value)>>,
}

fn event(text: &str) -> String {
    format!(
        "data: {}\n\n",
        json!({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": text}}]})
    )
}

async fn complete(State(server): State<Arc<Server>>, headers: HeaderMap, body: String) -> Response {
    server
        .seen
        .lock()
        .unwrap()
        .push((headers, serde_json::from_str(&body).unwrap()));
    let body = match &server.answer {
        Answer::Text(text) => {
            let role = "data: {\"choices\": [{\"delta\": {\"role\": \"assistant\"}}]}\n\n: a comment\n\n".to_owned();
            let events: String = text.chars().map(|piece| event(&piece.to_string())).collect();
            let end = "data: {\"choices\": []}\n\ndata: [DONE]\n\ndata: this is not read\n\n";
            // Seven bytes at a time: lines, and letters such as å, come in parts.
            let bytes = (role + &events + end).into_bytes();
            let parts: Vec<_> = bytes.chunks(7).map(|part| Ok::<_, Infallible>(part.to_vec())).collect();
            Body::from_stream(stream::iter(parts))
        }
        Answer::Raw(text) => Body::from(*text),
        Answer::Status(status) => return status.into_response(),
        Answer::Redirect => return Redirect::temporary("/elsewhere").into_response(),
        Answer::Hang(gone) => {
            let guard = gone.lock().unwrap().take().map(TellOnDrop);
            let first = stream::once(async { Ok::<_, Infallible>(event("Nämnden")) });
            Body::from_stream(first.chain(stream::pending()).inspect(move |_| {
                let _held = &guard;
            }))
        }
        Answer::Flood => Body::from_stream(stream::repeat_with(|| Ok::<_, Infallible>(event("ord ord ord ")))),
    };
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

struct TellOnDrop(oneshot::Sender<()>);

impl Drop for TellOnDrop {
    fn drop(&mut self) {
        let (unused, _) = oneshot::channel();
        let _ = std::mem::replace(&mut self.0, unused).send(());
    }
}

async fn serve(answer: Answer) -> (SocketAddr, Arc<Server>) {
    let server = Arc::new(Server {
        answer,
        seen: Mutex::default(),
    });
    let router = Router::new()
        .route("/v1/chat/completions", post(complete))
        .route(
            "/elsewhere",
            post(async || -> StatusCode { panic!("a redirection was followed") }),
        )
        .with_state(Arc::clone(&server));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, server)
}

fn settings_for(address: SocketAddr) -> GeneratorSettings {
    let mut settings = settings(GeneratorKind::Endpoint);
    settings.endpoint.base_url = Some(format!("http://{address}/"));
    settings.endpoint.model = Some("test-model".to_owned());
    settings
}

async fn try_start(settings: &GeneratorSettings) -> Result<Generator, GeneratorError> {
    let models = ModelList::built_in().unwrap();
    Generator::start(settings, &models, &ModelFolder::new("models")).await
}

async fn start(settings: &GeneratorSettings) -> Generator {
    try_start(settings).await.unwrap()
}

async fn choose(answer: Answer) -> Result<Vec<usize>, GeneratorError> {
    let (address, _) = serve(answer).await;
    let sentences: Vec<String> = quotes().into_iter().map(|quote| quote.text).collect();
    start(&settings_for(address))
        .await
        .choose(QUESTION, &sentences, 2)
        .await
}

#[tokio::test]
async fn a_choice_is_asked_for_and_read() {
    let (address, server) = serve(Answer::Text("3, 1")).await;
    let mut settings = settings_for(address);
    settings.endpoint.api_key_env = Some("CARGO_PKG_NAME".to_owned());
    settings.endpoint.send_grammar = true;
    let generator = start(&settings).await;
    let sentences: Vec<String> = quotes().into_iter().map(|quote| quote.text).collect();
    assert_eq!(generator.choose(QUESTION, &sentences, 2).await.unwrap(), [2, 0]);
    assert_eq!(generator.model_name(), Some("test-model"));

    let seen = server.seen.lock().unwrap();
    let (headers, body) = &seen[0];
    assert_eq!(headers[header::AUTHORIZATION], "Bearer lotsen-server");
    assert_eq!(
        (&body["model"], &body["stream"], &body["temperature"]),
        (&json!("test-model"), &json!(true), &json!(0.0))
    );
    assert_eq!(
        (&body["messages"][0]["role"], &body["messages"][1]["role"]),
        (&json!("system"), &json!("user"))
    );
    let user = body["messages"][1]["content"].as_str().unwrap();
    assert!(user.contains(QUESTION) && user.contains(&format!("2. {}", sentences[1])));
    assert!(body["grammar"].as_str().unwrap().starts_with("root ::="));
}

#[tokio::test]
async fn a_summary_comes_sentence_by_sentence() {
    let text = "En utredning får ta fyra månader [2]. Nämnden ska först ta ställning. [1]\nDu får yttra dig [7].";
    let (address, server) = serve(Answer::Text(text)).await;
    let generator = start(&settings_for(address)).await;
    let drafts: Vec<_> = generator.summarise(QUESTION, &quotes()).collect::<Vec<_>>().await;
    let drafts: Vec<_> = drafts
        .into_iter()
        .map(|draft| draft.map(|d| (d.text, d.cites)).unwrap())
        .collect();
    assert_eq!(
        drafts,
        [
            ("En utredning får ta fyra månader.".to_owned(), vec![2]),
            ("Nämnden ska först ta ställning.".to_owned(), vec![1]),
            ("Du får yttra dig.".to_owned(), vec![]),
        ]
    );
    assert_eq!(server.seen.lock().unwrap()[0].1.get("grammar"), None);
}

#[tokio::test]
async fn every_wrong_answer_has_its_error() {
    let status = |code| EndpointFault::Status(code);
    for (answer, expected) in [
        (Answer::Status(StatusCode::INTERNAL_SERVER_ERROR), status(500)),
        (Answer::Status(StatusCode::UNAUTHORIZED), status(401)),
        (Answer::Redirect, status(307)),
        (Answer::Raw("data: not json\n\n"), EndpointFault::Protocol),
        (
            Answer::Raw("data: \u{FFFD}{\"choices\": 1}\n\n"),
            EndpointFault::Protocol,
        ),
    ] {
        let error = choose(answer).await.unwrap_err();
        assert!(
            matches!(error, GeneratorError::Endpoint(fault) if fault == expected),
            "{error:?}, not {expected:?}"
        );
    }
    assert!(matches!(
        choose(Answer::Status(StatusCode::SERVICE_UNAVAILABLE)).await,
        Err(GeneratorError::Busy)
    ));
    assert!(matches!(
        choose(Answer::Text("Jag väljer mening 2.")).await,
        Err(GeneratorError::Unusable)
    ));
    assert!(matches!(choose(Answer::Text("4")).await, Err(GeneratorError::Unusable)));
    assert!(matches!(choose(Answer::Flood).await, Err(GeneratorError::Unusable)));
    // An HTML page with status 200 has no events at all.
    assert!(matches!(
        choose(Answer::Raw("<html></html>")).await,
        Err(GeneratorError::Unusable)
    ));
}

#[tokio::test]
async fn nobody_at_the_address_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = start(&settings_for(address))
        .await
        .choose(QUESTION, &[QUESTION.to_owned()], 1)
        .await
        .unwrap_err();
    assert!(
        matches!(error, GeneratorError::Endpoint(EndpointFault::Unreachable)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_silent_server_is_left_when_the_time_is_up() {
    let (address, _) = serve(Answer::Hang(Mutex::default())).await;
    let mut settings = settings_for(address);
    settings.time_limit_s = 1;
    let error = start(&settings)
        .await
        .choose(QUESTION, &[QUESTION.to_owned()], 1)
        .await
        .unwrap_err();
    assert!(matches!(error, GeneratorError::TimedOut), "{error:?}");
}

#[tokio::test]
async fn a_caller_who_leaves_closes_the_connection_and_gives_the_place_back() {
    let (gone, left) = oneshot::channel();
    let (address, _) = serve(Answer::Hang(Mutex::new(Some(gone)))).await;
    let generator = start(&settings_for(address)).await;
    let mut running = Box::pin(generator.summarise(QUESTION, &quotes()));
    assert!(timeout(Duration::from_millis(200), running.next()).await.is_err());
    let waiting = generator.summarise(QUESTION, &quotes());
    let mut refused = Box::pin(generator.summarise(QUESTION, &quotes()));
    assert!(matches!(refused.next().await, Some(Err(GeneratorError::Busy))));
    drop(running);
    timeout(Duration::from_millis(250), left)
        .await
        .expect("the connection stayed open")
        .unwrap();
    drop(waiting);
}

#[tokio::test]
async fn settings_that_cannot_work_are_named() {
    let with = |change: fn(&mut GeneratorSettings)| {
        let mut settings = settings_for(SocketAddr::from(([127, 0, 0, 1], 1)));
        change(&mut settings);
        settings
    };
    for (settings, name) in [
        (with(|s| s.endpoint.base_url = None), "endpoint.base_url"),
        (
            with(|s| s.endpoint.base_url = Some("ftp://host".to_owned())),
            "endpoint.base_url",
        ),
        (with(|s| s.endpoint.model = None), "endpoint.model"),
        (
            with(|s| s.endpoint.api_key_env = Some("LOTSEN_NO_SUCH_KEY".to_owned())),
            "endpoint.api_key_env",
        ),
        (with(|s| s.time_limit_s = 0), "time_limit_s"),
        (with(|s| s.max_tokens = 5000), "max_tokens"),
    ] {
        let error = try_start(&settings).await.err().unwrap();
        assert!(
            matches!(error, GeneratorError::Setting { name: named, .. } if named == name),
            "{error:?}"
        );
    }
}
