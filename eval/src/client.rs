//! The service as a program outside sees it: the contract's requests, and only the reply fields that are scored.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::cases::Case;

/// How many passages a search asks for: the largest k that recall is reported for.
pub const SEARCH_LIMIT: usize = 20;

/// The most passages that the service gives.
const MOST: usize = 50;

/// A connection to one service.
pub struct Client {
    http: reqwest::Client,
    base: String,
}

/// A document as replies show it.
#[derive(Debug, Clone, Deserialize)]
pub struct Card {
    pub id: String,
    pub valid_to: Option<jiff::civil::Date>,
    pub status: String,
}

/// A passage that a search found, or that a link leads to.
#[derive(Debug, Clone, Deserialize)]
pub struct Passage {
    pub document: Card,
    pub reference: String,
    pub heading_path: Vec<String>,
    pub text: String,
}

/// A place that an answer rests on.
#[derive(Debug, Clone, Deserialize)]
pub struct Source {
    pub passage_id: String,
    pub document: Card,
    pub quote: String,
    pub url: String,
}

/// A sentence of an answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Sentence {
    pub text: String,
    pub kind: String,
}

/// A notice beside an answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Notice {
    pub code: String,
}

/// The reply to a question.
#[derive(Debug, Clone, Deserialize)]
pub struct Answer {
    pub status: String,
    pub sentences: Vec<Sentence>,
    pub sources: Vec<Source>,
    #[serde(default)]
    pub nearest: Vec<Source>,
    pub notices: Vec<Notice>,
    pub dropped_sentences: usize,
    #[serde(default)]
    pub diagnostics: Diagnostics,
}

/// What the service tells of how it came to an answer.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Diagnostics {
    /// How much speaks for there being an answer; below 0 it is declined.
    pub support: Option<f64>,
}

/// A reply with the time it took.
pub struct Timed<T> {
    pub value: T,
    pub took: Duration,
}

/// What became of a question: the final reply, or the kind of problem that stopped it.
pub enum Outcome {
    Answer {
        answer: Box<Answer>,
        until_sources: Option<Duration>,
    },
    Problem(String),
}

#[derive(Deserialize)]
struct SearchReply {
    results: Vec<Passage>,
}

impl Client {
    /// Prepares a client; nothing is sent yet.
    pub fn new(base: &str) -> Result<Self> {
        // Fails only when a provider is there already, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(300)).build()?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
        })
    }

    /// The name of the release that serves.
    pub async fn release(&self) -> Result<String> {
        let reply: Value = self
            .post("/v1/search", &json!({"query": "bistånd", "limit": 1}))
            .await?
            .value;
        Ok(reply["release"].as_str().unwrap_or("?").to_owned())
    }

    /// The best passages for the case's question.
    pub async fn search(&self, case: &Case) -> Result<Timed<Vec<Passage>>> {
        let mut body = json!({"query": case.question, "limit": SEARCH_LIMIT, "history": case.history});
        if let Some(day) = case.as_of {
            body["as_of"] = json!(day);
        }
        let reply: Timed<SearchReply> = self.post("/v1/search", &body).await?;
        Ok(Timed {
            value: reply.value.results,
            took: reply.took,
        })
    }

    /// The best passages for a query of its own.
    pub async fn find(&self, query: &str) -> Result<Vec<Passage>> {
        let body = json!({"query": query, "limit": SEARCH_LIMIT});
        let reply: Timed<SearchReply> = self.post("/v1/search", &body).await?;
        Ok(reply.value.results)
    }

    /// The best passages of one issuer; `None` where the guard takes something in the query for personal data.
    pub async fn find_among(&self, query: &str, issuer: &str) -> Result<Option<Vec<Passage>>> {
        let body = json!({"query": query, "limit": MOST, "issuers": [issuer]});
        let url = format!("{}/v1/search", self.base);
        let response = self.http.post(url).json(&body).send().await?;
        if response.status() == StatusCode::UNPROCESSABLE_ENTITY {
            return Ok(None);
        }
        let reply: SearchReply = response.error_for_status()?.json().await?;
        Ok(Some(reply.results))
    }

    /// Asks the case's question as the page does: as an event stream.
    pub async fn ask(&self, case: &Case, mode: &str) -> Result<Timed<Outcome>> {
        let mut body = json!({"question": case.question, "mode": mode, "history": case.history});
        if let Some(day) = case.as_of {
            body["as_of"] = json!(day);
        }
        let start = Instant::now();
        let url = format!("{}/v1/ask", self.base);
        let mut response = self
            .http
            .post(&url)
            .header("accept", "text/event-stream")
            .json(&body)
            .send()
            .await?;
        if !response.status().is_success() {
            let problem: Value = response.json().await.context("problem+json")?;
            let kind = problem["type"].as_str().unwrap_or("?").to_owned();
            return Ok(Timed {
                value: Outcome::Problem(kind),
                took: start.elapsed(),
            });
        }
        let (mut buffer, mut until_sources) = (Vec::new(), None);
        while let Some(chunk) = response.chunk().await? {
            buffer.extend_from_slice(&chunk);
            while let Some(end) = buffer.windows(2).position(|w| w == b"\n\n") {
                let event: Vec<u8> = buffer.drain(..end + 2).collect();
                let (name, data) = parse_event(&String::from_utf8_lossy(&event));
                match name.as_str() {
                    "sources" => {
                        until_sources.get_or_insert(start.elapsed());
                    }
                    "done" => {
                        let answer = serde_json::from_str(&data).with_context(|| format!("{}: done event", case.id))?;
                        let value = Outcome::Answer {
                            answer: Box::new(answer),
                            until_sources,
                        };
                        return Ok(Timed {
                            value,
                            took: start.elapsed(),
                        });
                    }
                    "error" => {
                        let problem: Value = serde_json::from_str(&data)?;
                        let kind = problem["type"].as_str().unwrap_or("?").to_owned();
                        return Ok(Timed {
                            value: Outcome::Problem(kind),
                            took: start.elapsed(),
                        });
                    }
                    _ => {}
                }
            }
        }
        bail!("{}: the stream ended without `done` or `error`", case.id)
    }

    /// The passage behind a citation.
    pub async fn passage(&self, id: &str) -> Result<Passage> {
        let response = self
            .http
            .get(format!("{}/v1/passages/{id}", self.base))
            .send()
            .await?
            .error_for_status()?;
        Ok(response.json().await?)
    }

    /// The readable page behind a citation's link, as text without mark-up.
    pub async fn page_text(&self, url: &str) -> Result<String> {
        let path = url.split('#').next().unwrap_or(url);
        let address = if path.starts_with('/') {
            format!("{}{path}", self.base)
        } else {
            path.to_owned()
        };
        Ok(visible_text(
            &self.http.get(address).send().await?.error_for_status()?.text().await?,
        ))
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<Timed<T>> {
        let start = Instant::now();
        let response = self.http.post(format!("{}{path}", self.base)).json(body).send().await?;
        let status = response.status();
        anyhow::ensure!(status.is_success(), "{path}: {status}");
        Ok(Timed {
            value: response.json().await?,
            took: start.elapsed(),
        })
    }
}

fn parse_event(event: &str) -> (String, String) {
    let field = |name: &str| {
        let lines = event
            .lines()
            .filter_map(|line| line.strip_prefix(name))
            .map(|v| v.strip_prefix(' ').unwrap_or(v));
        lines.collect::<Vec<_>>().join("\n")
    };
    (field("event:"), field("data:"))
}

/// Mark-up out, entities resolved, white space collapsed.
fn visible_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside_tag = false;
    for c in html.chars() {
        match c {
            '<' => inside_tag = true,
            '>' if inside_tag => {
                inside_tag = false;
                text.push(' ');
            }
            _ if !inside_tag => text.push(c),
            _ => {}
        }
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    let resolved = entities.iter().fold(text, |text, (from, to)| text.replace(from, to));
    crate::measure::collapse(&resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_a_name_and_joined_data() {
        let (name, data) = parse_event("event: done\ndata: {\"a\":\ndata: 1}\n\n");
        assert_eq!((name.as_str(), data.as_str()), ("done", "{\"a\":\n1}"));
    }

    #[test]
    fn a_page_is_read_as_a_person_reads_it() {
        assert_eq!(
            visible_text("<p>Den som <mark>inte</mark>\n kan &amp; vill</p>"),
            "Den som inte kan & vill"
        );
    }
}
