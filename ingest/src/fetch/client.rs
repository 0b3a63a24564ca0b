//! An address in; what the site answers, or why it was not asked, out. Polite to sites, and closed to everything that no
//! source names.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use reqwest::{Url, redirect};
use tokio::time::Instant;

use super::address::{self, Guarded, Leave, Lookup};
use super::chain;
use super::exchange::{Request, Step, host_ip, host_of, once, origin};
use super::reply::{Answer, GIVE_UP, Limits, MOST_REDIRECTS, Reply, Trouble, Validators};
use super::retry;
use super::robots::{self, Rules};
use crate::sources::web::WebSettings;

/// A site without a way out should learn so in seconds and go on to the next.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest wait for the next bytes.
const STALLED: Duration = Duration::from_secs(30);

/// Fetches pages for one run.
pub struct Client {
    http: reqwest::Client,
    leave: Leave,
    named: HashSet<String>,
    ignore_robots: HashSet<String>,
    pause: Duration,
    limits: Limits,
    hosts: HashMap<String, Host>,
}

/// What is known about a host during a run.
struct Host {
    next: Instant,
    pause: Duration,
    rules: Option<Rules>,
    failures: u32,
}

impl Client {
    /// A client that goes to the hosts of these addresses and to those that the settings name.
    pub fn new<'a>(
        settings: &WebSettings,
        addresses: impl IntoIterator<Item = &'a Url>,
        limits: Limits,
    ) -> Result<Self, Trouble> {
        Self::with_lookup(settings, addresses, limits, address::system())
    }

    /// The same with another way to find the addresses of names.
    pub fn with_lookup<'a>(
        settings: &WebSettings,
        addresses: impl IntoIterator<Item = &'a Url>,
        limits: Limits,
        lookup: Lookup,
    ) -> Result<Self, Trouble> {
        // An error here means that a provider was installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let leave = Leave {
            private: settings.private_hosts.iter().map(|host| bare(host)).collect(),
            loopback: settings.loopback,
        };
        let mut builder = reqwest::Client::builder()
            .user_agent(settings.user_agent())
            .redirect(redirect::Policy::none())
            .referer(false)
            .https_only(!settings.loopback)
            .connect_timeout(CONNECT.min(limits.time))
            .read_timeout(STALLED.min(limits.time))
            .timeout(limits.time);
        if !settings.proxy_from_environment {
            // With a proxy it is the proxy that looks names up, and that has to guard what it reaches.
            builder = builder.no_proxy().dns_resolver(Guarded {
                lookup,
                leave: leave.clone(),
            });
        }
        let mut named: HashSet<String> = addresses.into_iter().filter_map(host_of).collect();
        named.extend(
            settings
                .hosts
                .iter()
                .chain(&settings.private_hosts)
                .map(|host| normal(host)),
        );
        Ok(Self {
            http: builder.build().map_err(|error| Trouble::Unreachable(chain(&error)))?,
            leave,
            named,
            ignore_robots: settings.ignore_robots.iter().map(|host| normal(host)).collect(),
            pause: settings.pause(),
            limits,
            hosts: HashMap::new(),
        })
    }

    /// Whether a source or the settings name the host of an address.
    pub fn names(&self, address: &Url) -> bool {
        host_of(address).is_some_and(|host| self.named.contains(&host))
    }

    /// Asks for a page; with `known`, only for one that has changed since.
    pub async fn get(&mut self, address: &Url, known: Option<&Validators>) -> Result<Reply, Trouble> {
        let mut at = address.clone();
        for _ in 0..=MOST_REDIRECTS {
            self.permits(&at)?;
            self.ask_robots(&at).await?;
            let request = Request {
                address: &at,
                known,
                body: None,
                limit: self.limits.bytes,
                cut: false,
            };
            match self.persist(&request).await? {
                Step::Redirect(to) => at = to,
                Step::Reply(reply) => return Ok(reply),
            }
        }
        Err(Trouble::Redirects)
    }

    /// Asks a question in JSON.
    pub async fn post(&mut self, address: &Url, question: &serde_json::Value) -> Result<Answer, Trouble> {
        self.permits(address)?;
        self.ask_robots(address).await?;
        let request = Request {
            address,
            known: None,
            body: Some(question),
            limit: self.limits.bytes,
            cut: false,
        };
        match self.persist(&request).await? {
            Step::Reply(Reply::Page(answer)) => Ok(answer),
            Step::Reply(Reply::Missing(status)) => Err(Trouble::Status(status)),
            Step::Reply(Reply::Same) | Step::Redirect(_) => Err(Trouble::NotIt("no answer to the question".to_owned())),
        }
    }

    /// Looks at an address before anything is sent. The host's name is looked up, and checked, when it is connected to.
    fn permits(&self, address: &Url) -> Result<(), Trouble> {
        let host = host_of(address).unwrap_or_default();
        if !self.named.contains(&host) {
            return Err(Trouble::HostNotNamed {
                address: address.to_string(),
                host,
            });
        }
        let literal = host_ip(address);
        if let Some(ip) = literal {
            self.leave.check(&bare(&host), ip)?;
        }
        let on_this_machine = self.leave.loopback && literal.is_some_and(|ip| ip.is_loopback());
        if address.scheme() != "https" && !on_this_machine {
            return Err(Trouble::NotHttps(address.to_string()));
        }
        Ok(())
    }

    /// Reads the site's robots.txt the first time, and holds to it from then on.
    async fn ask_robots(&mut self, address: &Url) -> Result<(), Trouble> {
        let name = origin(address);
        if self.ignore_robots.contains(&host_of(address).unwrap_or_default()) {
            return Ok(());
        }
        if self.hosts.get(&name).is_none_or(|host| host.rules.is_none()) {
            let rules = self.robots(address).await?;
            let pause = self.pause;
            let host = self.host(&name);
            host.pause = Duration::from_secs_f64(rules.delay().unwrap_or_default()).max(pause);
            host.rules = Some(rules);
        }
        let path = match address.query() {
            Some(query) => format!("{}?{query}", address.path()),
            None => address.path().to_owned(),
        };
        match &self.host(&name).rules {
            Some(Rules::Unknown(reason)) => Err(Trouble::RobotsUnknown {
                reason: reason.clone(),
                host: name,
            }),
            Some(rules) if !rules.allow(&path) => Err(Trouble::Robots(name)),
            _ => Ok(()),
        }
    }

    /// A file that is not there allows everything, one that cannot be had allows nothing (RFC 9309, 2.3.1).
    async fn robots(&mut self, address: &Url) -> Result<Rules, Trouble> {
        let mut at = address.join("/robots.txt").map_err(|e| Trouble::NotIt(e.to_string()))?;
        for _ in 0..=MOST_REDIRECTS {
            if let Err(trouble) = self.permits(&at) {
                return Ok(Rules::Unknown(trouble.to_string()));
            }
            let request = Request {
                address: &at,
                known: None,
                body: None,
                limit: robots::MOST_BYTES,
                cut: true,
            };
            match self.persist(&request).await {
                Ok(Step::Redirect(to)) => at = to,
                Ok(Step::Reply(Reply::Page(answer))) => {
                    return Ok(Rules::parse(&String::from_utf8_lossy(&answer.bytes)));
                }
                Ok(Step::Reply(_)) => return Ok(Rules::None),
                Err(Trouble::Status(status)) if status.is_client_error() && !retry::may_help(status) => {
                    return Ok(Rules::None);
                }
                Err(Trouble::Address(refused)) => return Err(refused.into()),
                Err(trouble) => return Ok(Rules::Unknown(trouble.to_string())),
            }
        }
        Ok(Rules::None)
    }

    fn host(&mut self, name: &str) -> &mut Host {
        let pause = self.pause;
        self.hosts.entry(name.to_owned()).or_insert_with(|| Host {
            next: Instant::now(),
            pause,
            rules: None,
            failures: 0,
        })
    }

    /// Asks until there is an answer, with growing pauses.
    async fn persist(&mut self, request: &Request<'_>) -> Result<Step, Trouble> {
        let name = origin(request.address);
        if self.host(&name).failures >= GIVE_UP {
            return Err(Trouble::HostDown(name));
        }
        let mut tried = 0;
        loop {
            self.wait_for_turn(&name).await;
            let failure = match once(&self.http, request).await {
                Ok(step) => {
                    self.host(&name).failures = 0;
                    return Ok(step);
                }
                Err(failure) => failure,
            };
            tried += 1;
            let pause =
                retry::pause(self.pause, tried, failure.asked).filter(|_| failure.again && tried < retry::TRIES);
            let Some(pause) = pause else {
                self.host(&name).failures += u32::from(failure.again);
                return Err(failure.trouble);
            };
            tracing::debug!(address = %request.address, trouble = %failure.trouble, ?pause, "asking again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits until the host may be asked again.
    async fn wait_for_turn(&mut self, name: &str) {
        let host = self.host(name);
        let turn = host.next.max(Instant::now());
        host.next = turn + host.pause;
        tokio::time::sleep_until(turn).await;
    }
}

/// A host as addresses have it, from what an operator has written: in small letters, and å as addresses write it.
fn normal(host: &str) -> String {
    let address = Url::parse(&format!("https://{host}")).ok();
    address.as_ref().and_then(host_of).unwrap_or_else(|| host.to_owned())
}

/// The same without its port, as names are looked up.
fn bare(host: &str) -> String {
    let address = Url::parse(&format!("https://{host}")).ok();
    let name = address.as_ref().and_then(Url::host_str);
    name.unwrap_or(host).to_owned()
}
