//! One request in; one answer out, or why there was none.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{ACCEPT, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION};
use reqwest::{Method, StatusCode, Url};

use super::address::Refused;
use super::chain;
use super::reply::{Answer, Reply, Trouble, Validators};
use super::retry;

/// What we can read, and anything else rather than nothing.
const READABLE: &str = "text/html, application/pdf, application/json, application/xhtml+xml, */*;q=0.8";

/// One request, until it succeeds or is given up.
pub(super) struct Request<'a> {
    pub address: &'a Url,
    pub known: Option<&'a Validators>,
    pub body: Option<&'a serde_json::Value>,
    pub limit: u64,
    /// Whether a longer answer is cut off at the limit, not refused.
    pub cut: bool,
}

/// What one answer says to do.
pub(super) enum Step {
    Redirect(Url),
    Reply(Reply),
}

/// A try that failed, and whether another may succeed.
pub(super) struct Failure {
    pub trouble: Trouble,
    pub again: bool,
    /// How long the site asks to be left alone.
    pub asked: Option<Duration>,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self {
            trouble,
            again: false,
            asked: None,
        }
    }
}

/// Asks once.
pub(super) async fn once(http: &reqwest::Client, request: &Request<'_>) -> Result<Step, Failure> {
    let method = if request.body.is_some() {
        Method::POST
    } else {
        Method::GET
    };
    let mut builder = http.request(method, request.address.clone()).header(ACCEPT, READABLE);
    if let Some(body) = request.body {
        builder = builder.json(body);
    }
    if let Some(etag) = request.known.and_then(|known| known.etag.as_ref()) {
        builder = builder.header(IF_NONE_MATCH, etag);
    }
    if let Some(day) = request.known.and_then(|known| known.last_modified.as_ref()) {
        builder = builder.header(IF_MODIFIED_SINCE, day);
    }
    let mut response = builder.send().await.map_err(broken)?;
    let status = response.status();
    match status {
        StatusCode::OK => {}
        StatusCode::NOT_MODIFIED if request.known.is_some() => return Ok(Step::Reply(Reply::Same)),
        StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Step::Reply(Reply::Missing(status))),
        _ if status.is_redirection() => return Ok(Step::Redirect(target(request.address, response.headers())?)),
        _ => {
            return Err(Failure {
                trouble: Trouble::Status(status),
                again: retry::may_help(status),
                asked: retry::asked(response.headers(), jiff::Timestamp::now()),
            });
        }
    }
    let too_large = || Failure::from(Trouble::TooLarge(request.limit));
    if !request.cut && response.content_length().is_some_and(|length| length > request.limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > request.limit {
            if request.cut {
                break;
            }
            return Err(too_large());
        }
    }
    let header = |name| header(response.headers(), name);
    Ok(Step::Reply(Reply::Page(Answer {
        bytes,
        address: request.address.clone(),
        validators: Validators {
            etag: header(ETAG),
            last_modified: header(LAST_MODIFIED),
        },
    })))
}

/// A host as sources name it: with its port where that is not the usual one.
pub(super) fn host_of(address: &Url) -> Option<String> {
    let host = address.host_str()?;
    Some(match address.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// The host's address where it is given as one, in whatever way: the parser of addresses has turned `0x7f.1` and
/// `2130706433` into `127.0.0.1`, and it is the one that the connection uses.
pub(super) fn host_ip(address: &Url) -> Option<IpAddr> {
    address
        .host_str()?
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// The part of an address that one site has to itself.
pub(super) fn origin(address: &Url) -> String {
    address.origin().ascii_serialization()
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Where a redirect leads.
fn target(from: &Url, headers: &HeaderMap) -> Result<Url, Trouble> {
    let place = header(headers, LOCATION).ok_or_else(|| Trouble::NotIt("a redirect that leads nowhere".to_owned()))?;
    from.join(&place)
        .map_err(|error| Trouble::NotIt(format!("a redirect that leads nowhere: {error}")))
}

/// A connection that failed. That its address is refused is final, everything else may pass.
fn broken(error: reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<Refused>() {
            return Trouble::Address(refused.clone()).into();
        }
        cause = inner.source();
    }
    Failure {
        trouble: Trouble::Unreachable(chain(&error.without_url())),
        again: true,
        asked: None,
    }
}
