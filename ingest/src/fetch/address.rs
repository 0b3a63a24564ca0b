//! The address of a host in; whether the program may connect to it out.
//!
//! A page can lead anywhere, and a name can be made to point anywhere: at this machine, at the municipality's inner network,
//! at the address where a cloud hands out its keys. So the addresses themselves are checked, and the connection is made to
//! the very addresses that were checked: a name that answers differently the next time gains nothing.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Who may be connected to beside the public internet.
#[derive(Debug, Clone, Default)]
pub(super) struct Leave {
    /// Names of hosts that may lie on the municipality's own network.
    pub private: HashSet<String>,
    /// True where a test serves pages on this machine.
    pub loopback: bool,
}

impl Leave {
    /// Whether the host may be at this address.
    pub(super) fn check(&self, host: &str, ip: IpAddr) -> Result<(), Refused> {
        let allowed = match reach(ip) {
            Reach::Public => true,
            Reach::Private => self.private.contains(host),
            Reach::Loopback => self.loopback,
            Reach::Never => false,
        };
        if allowed {
            return Ok(());
        }
        Err(Refused {
            host: host.to_owned(),
            ip,
            reach: reach(ip),
        })
    }
}

/// An address that may not be connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refused {
    host: String,
    ip: IpAddr,
    reach: Reach,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, ip, reach } = self;
        match reach {
            Reach::Private => write!(
                f,
                "{host} is at {ip}, an address of an inner network: name the host in `private_hosts` under [web] if it is your own"
            ),
            _ => write!(
                f,
                "{host} is at {ip}, which is not on the public internet: nothing is fetched from there"
            ),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Public,
    /// Networks that an organisation has for itself (RFC 1918, RFC 4193).
    Private,
    Loopback,
    /// Link-local, cloud metadata, multicast, documentation, and every way to write an older address as a newer one.
    Never,
}

fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => reach_v6(ip),
    }
}

fn reach_v4(ip: Ipv4Addr) -> Reach {
    let [a, b, c, _] = ip.octets();
    match (a, b, c) {
        (127, ..) => Reach::Loopback,
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => Reach::Private,
        (0 | 224.., ..)
        | (100, 64..=127, _)
        | (169, 254, _)
        | (192, 0, 0 | 2)
        | (192, 88, 99)
        | (198, 18 | 19, _)
        | (198, 51, 100)
        | (203, 0, 113) => Reach::Never,
        _ => Reach::Public,
    }
}

/// Where Amazon's machines find their keys, inside the range for networks of one's own.
const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

fn reach_v6(ip: Ipv6Addr) -> Reach {
    if let Some(older) = ip.to_ipv4_mapped() {
        return reach_v4(older);
    }
    let segments = ip.segments();
    match (segments[0], segments[1]) {
        _ if ip == Ipv6Addr::LOCALHOST => Reach::Loopback,
        _ if ip == METADATA => Reach::Never,
        (0xfc00..=0xfdff, _) => Reach::Private,
        (0x2001, 0..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, 0..=0x0fff) => Reach::Never,
        (0x2000..=0x3fff, _) => Reach::Public,
        _ => Reach::Never,
    }
}

/// Finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;

/// The system's own way to find them.
pub(super) fn system() -> Lookup {
    Arc::new(|name| Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect()))
}

/// Finds the addresses of a name for a connection, and gives none of them out unless all may be connected to.
pub(super) struct Guarded {
    pub lookup: Lookup,
    pub leave: Leave,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, leave) = (Arc::clone(&self.lookup), self.leave.clone());
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let name = host.clone();
            let found = tokio::task::spawn_blocking(move || lookup(&name)).await??;
            for ip in &found {
                leave.check(&host, *ip)?;
            }
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_reached() {
        let public = [
            "194.14.7.1",
            "8.8.8.8",
            "2001:6b0::1",
            "2a00:1450:4001::1",
            "::ffff:8.8.8.8",
        ];
        let private = [
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "fd12::1",
            "::ffff:10.0.0.1",
        ];
        let loopback = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"];
        let never = [
            "0.0.0.0",
            "169.254.169.254",
            "100.100.100.200",
            "192.0.0.8",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001::1",
            "fe80::1",
            "ff02::1",
            "fd00:ec2::254",
        ];
        for (addresses, expected) in [
            (&public[..], Reach::Public),
            (&private[..], Reach::Private),
            (&loopback[..], Reach::Loopback),
            (&never[..], Reach::Never),
        ] {
            for address in addresses {
                assert_eq!(reach(address.parse().unwrap()), expected, "{address}");
            }
        }
    }

    #[test]
    fn a_host_of_ones_own_may_be_on_ones_own_network_and_nowhere_else() {
        let leave = Leave {
            private: ["intranat.storaker.se".to_owned()].into(),
            loopback: false,
        };
        assert!(leave.check("intranat.storaker.se", "10.1.2.3".parse().unwrap()).is_ok());
        assert!(
            leave
                .check("intranat.storaker.se", "127.0.0.1".parse().unwrap())
                .is_err()
        );
        assert!(
            leave
                .check("intranat.storaker.se", "169.254.169.254".parse().unwrap())
                .is_err()
        );
        assert!(leave.check("www.storaker.se", "10.1.2.3".parse().unwrap()).is_err());
    }

    #[test]
    fn a_name_that_answers_differently_the_next_time_gains_nothing() {
        let times = std::sync::atomic::AtomicUsize::new(0);
        let guarded = Guarded {
            leave: Leave::default(),
            lookup: Arc::new(move |_| {
                let first = times.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
                let ip = if first { "194.14.7.1" } else { "169.254.169.254" };
                Ok(vec![ip.parse().unwrap()])
            }),
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let resolve = || runtime.block_on(guarded.resolve("storaker.se".parse().unwrap()));
        let addresses: Vec<SocketAddr> = resolve().map(Iterator::collect).ok().unwrap();
        assert_eq!(
            addresses,
            ["194.14.7.1:0".parse().unwrap()],
            "what was checked is what is connected to"
        );
        assert!(resolve().err().unwrap().downcast_ref::<Refused>().is_some());
    }
}
