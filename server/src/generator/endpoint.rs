//! Completions in, their text in pieces out, from any server that speaks OpenAI's `/v1/chat/completions`.

use std::sync::Arc;
use std::time::Duration;

use futures::future;
use futures::stream::{self, Stream, TryStreamExt};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};
use tokio_util::io::StreamReader;

use super::GeneratorError;
use super::prompt::Completion;
use super::settings::GeneratorSettings;

/// Time for a connection; a server on the same network answers in milliseconds.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Longest line of the reply, in bytes. One piece of text with its frame is some hundred.
const MAX_LINE_BYTES: usize = 64 * 1024;
/// Characters that a token of Swedish has at most, generously: more text than this was not asked for.
const MAX_BYTES_PER_TOKEN: usize = 32;

/// What went wrong at the address. It holds neither the request nor the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointFault {
    /// No connection, or it broke.
    #[error("no connection to generator.endpoint.base_url, or it broke")]
    Unreachable,
    /// It answered with an error, or a redirection, which is never followed.
    #[error("it answered with status {0}")]
    Status(u16),
    /// It answered with something that is not an event stream of chat completions.
    #[error("its reply is not a stream of chat completions")]
    Protocol,
}

/// A client for one model at one address.
pub struct Endpoint {
    client: Client,
    address: Url,
    model: String,
    places: Arc<Semaphore>,
    max_tokens: u32,
    send_grammar: bool,
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    max_tokens: u32,
    temperature: f32,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    grammar: Option<&'a str>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Deserialize)]
struct Chunk {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Delta,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
}

impl Endpoint {
    /// Prepares the client; nothing is sent yet.
    pub(super) fn new(settings: &GeneratorSettings) -> Result<Self, GeneratorError> {
        // Several parts of the process may do this; the first one decides, and all choose the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let bad_address = GeneratorError::Setting {
            name: "endpoint.base_url",
            why: "give the server's http(s) address without /v1, for example http://gpu-node:8000",
        };
        let base = settings
            .endpoint
            .base_url
            .as_deref()
            .unwrap_or_default()
            .trim_end_matches('/');
        let address = match Url::parse(&format!("{base}/v1/chat/completions")) {
            Ok(address) if matches!(address.scheme(), "http" | "https") => address,
            _ => return Err(bad_address),
        };
        let model = settings.endpoint.model.clone().ok_or(GeneratorError::Setting {
            name: "endpoint.model",
            why: "give the model's name at the server",
        })?;
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_LIMIT)
            .timeout(settings.time_limit())
            .default_headers(headers(settings.endpoint.api_key_env.as_deref())?)
            .build()
            .map_err(|_| bad_address)?;
        Ok(Self {
            client,
            address,
            model,
            places: Arc::new(Semaphore::new(settings.queue + 1)),
            max_tokens: settings.max_tokens,
            send_grammar: settings.endpoint.send_grammar,
        })
    }

    pub(super) fn model_name(&self) -> &str {
        &self.model
    }

    /// Takes a place now; the request is sent when the stream is first polled. Dropping it closes the connection.
    pub(super) fn complete(
        &self,
        completion: Completion,
    ) -> impl Stream<Item = Result<String, GeneratorError>> + Send + use<> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let max_tokens = completion.max_tokens.unwrap_or(self.max_tokens);
        let request = self.client.post(self.address.clone()).json(&Request {
            model: &self.model,
            messages: [
                Message {
                    role: "system",
                    content: &completion.system,
                },
                Message {
                    role: "user",
                    content: &completion.user,
                },
            ],
            max_tokens,
            temperature: 0.0,
            stream: true,
            grammar: self.send_grammar.then_some(completion.grammar.as_str()),
        });
        let opened = async move {
            let place = place.map_err(|_| GeneratorError::Busy)?;
            let response = request.send().await.map_err(|error| fault(&error))?;
            match response.status() {
                StatusCode::OK => Ok(pieces(response, max_tokens).inspect_ok(move |_| {
                    let _held = &place;
                })),
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Err(GeneratorError::Busy),
                status => Err(EndpointFault::Status(status.as_u16()).into()),
            }
        };
        stream::once(opened).try_flatten()
    }
}

/// The reply's events up to `[DONE]`, as text. More text than `max_tokens` can be is an error.
fn pieces(response: Response, max_tokens: u32) -> impl Stream<Item = Result<String, GeneratorError>> + Send {
    let body = response.bytes_stream().map_err(std::io::Error::other);
    let lines = FramedRead::new(StreamReader::new(body), LinesCodec::new_with_max_length(MAX_LINE_BYTES));
    let mut room = max_tokens as usize * MAX_BYTES_PER_TOKEN;
    lines
        .map_err(|error| match error {
            LinesCodecError::MaxLineLengthExceeded => EndpointFault::Protocol.into(),
            LinesCodecError::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(error) => fault(error),
                None => EndpointFault::Protocol.into(),
            },
        })
        .try_filter_map(|line| future::ready(Ok(line.strip_prefix("data:").map(|data| data.trim().to_owned()))))
        .try_take_while(|data| future::ready(Ok(data != "[DONE]")))
        .and_then(move |data| {
            let text = match serde_json::from_str::<Chunk>(&data) {
                Ok(chunk) => chunk
                    .choices
                    .into_iter()
                    .filter_map(|choice| choice.delta.content)
                    .collect::<String>(),
                Err(_) => return future::ready(Err(EndpointFault::Protocol.into())),
            };
            future::ready(match room.checked_sub(text.len()) {
                Some(left) => {
                    room = left;
                    Ok(text)
                }
                None => Err(GeneratorError::Unusable),
            })
        })
}

fn fault(error: &reqwest::Error) -> GeneratorError {
    if error.is_timeout() {
        GeneratorError::TimedOut
    } else {
        EndpointFault::Unreachable.into()
    }
}

/// The key as a header that no log shows.
fn headers(api_key_env: Option<&str>) -> Result<HeaderMap, GeneratorError> {
    let mut headers = HeaderMap::new();
    if let Some(name) = api_key_env {
        let missing = GeneratorError::Setting {
            name: "endpoint.api_key_env",
            why: "the environment variable that it names is not set, or cannot stand in a header",
        };
        let key = std::env::var(name)
            .ok()
            .and_then(|key| HeaderValue::from_str(&format!("Bearer {key}")).ok());
        let Some(mut key) = key else { return Err(missing) };
        key.set_sensitive(true);
        headers.insert(AUTHORIZATION, key);
    }
    Ok(headers)
}
