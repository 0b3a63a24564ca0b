//! In: the address of a model hub. Out: the model's files, continued where an earlier run broke off (HTTP Range).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{CONTENT_RANGE, RANGE};

use super::SourceError;
use super::fetch::Attempt;
use crate::fetch::chain;

/// A site without a way out should learn so in seconds and go on to the next source.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest wait for the next bytes.
const STALLED: Duration = Duration::from_secs(60);
/// How often a connection that broke off after giving something is taken up again.
const RESUMES: usize = 5;

/// Downloads every file of the model from `address` joined with the file's path.
pub(super) fn gather(attempt: &Attempt<'_>, address: &str) -> Result<(), SourceError> {
    let client = client(address)?;
    for file in &attempt.model.files {
        let url = format!("{address}{}", file.path);
        let target = attempt.ready(file);
        let download = Download {
            client: &client,
            url: &url,
            target: &target,
            bytes: file.bytes,
            attempt,
        };
        download.run()?;
    }
    Ok(())
}

fn client(address: &str) -> Result<Client, SourceError> {
    // An error here means that a provider was installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .https_only(address.starts_with("https:"))
        .connect_timeout(CONNECT)
        .timeout(STALLED)
        .user_agent(concat!("lotsen-ingest/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| SourceError::Hub {
            address: address.to_owned(),
            reason: chain(&error),
        })
}

struct Download<'a> {
    client: &'a Client,
    url: &'a str,
    target: &'a Path,
    bytes: u64,
    attempt: &'a Attempt<'a>,
}

impl Download<'_> {
    fn run(&self) -> Result<(), SourceError> {
        let mut have = self.have();
        self.attempt.bar.inc(have);
        for resumes_left in (0..RESUMES).rev() {
            if have >= self.bytes {
                break;
            }
            let result = self.once(have);
            let now = self.have();
            // Only a connection that gave something is worth another try; a refusal stays a refusal.
            match result {
                Err(error) if now <= have || resumes_left == 0 => return Err(error),
                _ => have = now,
            }
        }
        Ok(())
    }

    fn have(&self) -> u64 {
        fs::metadata(self.target).map_or(0, |metadata| metadata.len())
    }

    /// One request; what comes is appended at once, so that it counts even if the connection breaks.
    fn once(&self, have: u64) -> Result<(), SourceError> {
        let mut request = self.client.get(self.url);
        if have > 0 {
            request = request.header(RANGE, format!("bytes={have}-"));
        }
        let answer = request.send().map_err(|error| self.failed(chain(&error)))?;
        let mut file = self.open(&answer, have)?;
        // One byte more than expected is enough to know that it is the wrong file.
        let left = self.bytes.saturating_sub(have) + 1;
        let mut body = self.attempt.bar.wrap_read(answer.take(left));
        io::copy(&mut body, &mut file).map_err(|error| self.failed(error.to_string()))?;
        file.flush().map_err(|error| self.failed(error.to_string()))
    }

    fn open(&self, answer: &Response, have: u64) -> Result<File, SourceError> {
        let mut options = OpenOptions::new();
        match answer.status() {
            StatusCode::PARTIAL_CONTENT => {
                let range = answer
                    .headers()
                    .get(CONTENT_RANGE)
                    .and_then(|range| range.to_str().ok())
                    .unwrap_or_default();
                if !range.starts_with(&format!("bytes {have}-")) {
                    return Err(self.failed(format!("asked for bytes from {have}, got \"{range}\"")));
                }
                options.append(true)
            }
            // The hub cannot continue: the file comes from its beginning.
            StatusCode::OK => {
                self.attempt.bar.dec(have);
                options.write(true).create(true).truncate(true)
            }
            status => return Err(self.failed(format!("HTTP {status}"))),
        };
        options.open(self.target).map_err(|source| SourceError::Io {
            path: self.target.to_owned(),
            source,
        })
    }

    fn failed(&self, reason: String) -> SourceError {
        SourceError::Hub {
            address: self.url.to_owned(),
            reason,
        }
    }
}
