//! What a site can answer, and what can go wrong on the way to it.

use std::time::Duration;

use reqwest::{StatusCode, Url};
use serde::{Deserialize, Serialize};

use super::address::Refused;

/// How many redirects are followed from one address.
pub(super) const MOST_REDIRECTS: usize = 5;
/// After so many addresses in a row that were out of reach, a host is not asked again in the run.
pub(super) const GIVE_UP: u32 = 3;

/// What bounds a single request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of an answer.
    pub bytes: u64,
    /// Time from asking to the answer's last byte.
    pub time: Duration,
}

impl Default for Limits {
    /// The size of the largest file that is read, and two minutes.
    fn default() -> Self {
        Self {
            bytes: 100 << 20,
            time: Duration::from_secs(120),
        }
    }
}

/// Why an address gave nothing. None of these says that the page is gone.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Trouble {
    /// The address is not one for https.
    #[error("{0}: only https is fetched")]
    NotHttps(String),
    /// The host is named by no source.
    #[error("{address}: no source names the host {host}; add it to `hosts` under [web] if it is meant")]
    HostNotNamed {
        /// Where the program was to go.
        address: String,
        /// Which host that is.
        host: String,
    },
    /// The host is at an address that may not be connected to.
    #[error(transparent)]
    Address(#[from] Refused),
    /// The site does not want the page to be fetched.
    #[error(
        "robots.txt of {0} does not allow it; ask the site's owner, and name the host in `ignore_robots` if they agree"
    )]
    Robots(String),
    /// The site could not say what it allows.
    #[error("robots.txt of {host} could not be read, so nothing was fetched from there: {reason}")]
    RobotsUnknown {
        /// Which site.
        host: String,
        /// Why its file could not be read.
        reason: String,
    },
    /// It leads from one address to the next without end.
    #[error("more than {MOST_REDIRECTS} redirects")]
    Redirects,
    /// The answer is too large.
    #[error("larger than {0} bytes, the limit for one file")]
    TooLarge(u64),
    /// The site answered with an error.
    #[error("the site answered {0}")]
    Status(StatusCode),
    /// There was no answer, or only a part of one.
    #[error("out of reach: {0}")]
    Unreachable(String),
    /// The host was out of reach several times in a row.
    #[error("{0} was out of reach {GIVE_UP} times in a row and is left alone until the next run")]
    HostDown(String),
    /// It answered, but with something else than what is behind the address.
    #[error("{0}")]
    NotIt(String),
}

/// What a site said about a page, to ask next time whether it has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// Its name for the version (`ETag`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When it was changed (`Last-Modified`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// What a site answered.
#[derive(Debug)]
pub enum Reply {
    /// The page.
    Page(Answer),
    /// The page is as it was.
    Same,
    /// There is no such page, by this status.
    Missing(StatusCode),
}

/// A page as it came.
#[derive(Debug)]
pub struct Answer {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where it was in the end.
    pub address: Url,
    /// What to ask with next time.
    pub validators: Validators,
}
