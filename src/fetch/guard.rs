//! Which addresses may be asked: the public web, and what the settings open.
//!
//! An address comes from a feed, a page or a redirect, so it may be an attempt to
//! reach what only this machine can reach. [`Guard::check`] judges the address as
//! written; [`Guard::addr_allowed`] judges what its name resolved to, inside the
//! resolver, so that the address judged is the address connected to. Neither asks
//! the network.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use url::{Host, Url};

use super::{FetchError, redact};

/// What the settings open beyond the public web.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    opened: Vec<Opening>,
    hosts: BTreeMap<String, SocketAddr>,
}

impl Guard {
    /// Opens the addresses of `allow_private`: each an address or a network in CIDR
    /// notation, with a port if only that one is opened, such as `10.1.2.3`,
    /// `127.0.0.0/8:8970` or `[::1]:80`.
    pub fn new(allow_private: &[String]) -> Result<Self, BadEntry> {
        let opened = allow_private
            .iter()
            .map(|entry| {
                Opening::parse(entry).map_err(|why| BadEntry {
                    entry: entry.clone(),
                    why,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            opened,
            hosts: BTreeMap::new(),
        })
    }

    /// Sends requests for these host names to these addresses, whatever the name
    /// server says, and opens them. A port in the URL takes precedence over the
    /// address's own.
    #[must_use]
    pub fn with_hosts(mut self, hosts: BTreeMap<String, SocketAddr>) -> Self {
        self.hosts = hosts
            .into_iter()
            .map(|(name, address)| (name.to_lowercase(), address))
            .collect();
        self
    }

    /// Whether `url` may be asked, as far as its spelling tells.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        self.verdict(url)
            .map_err(|(why, can_open)| FetchError::BlockedAddress {
                url: redact::shown(url),
                why: why.to_owned(),
                can_open,
            })
    }

    /// Whether a connection to `ip` may be made for a URL of this port.
    pub fn addr_allowed(&self, ip: IpAddr, port: u16) -> bool {
        special(ip).is_none() || self.opened.iter().any(|opening| opening.covers(ip, port))
    }

    /// Where requests for `host` go instead of where its name points.
    pub(super) fn host(&self, host: &str) -> Option<SocketAddr> {
        self.hosts.get(host).copied()
    }

    fn verdict(&self, url: &Url) -> Result<(), (&'static str, bool)> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(("only http and https are fetched", false));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(("it carries a user name or password", false));
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(("it names no host", false));
        };
        let ip = match host {
            Host::Ipv4(ip) => IpAddr::V4(ip),
            Host::Ipv6(ip) => IpAddr::V6(ip),
            Host::Domain(name) => return self.name_verdict(name, port),
        };
        if self.opened.iter().any(|opening| opening.covers(ip, port)) {
            return Ok(());
        }
        match special(ip) {
            Some(why) => Err((why, true)),
            None => port_verdict(port),
        }
    }

    fn name_verdict(&self, name: &str, port: u16) -> Result<(), (&'static str, bool)> {
        if self.hosts.contains_key(name) {
            return Ok(());
        }
        let name = name.trim_end_matches('.');
        if let Some((_, why)) = METADATA_NAMES.iter().find(|(known, _)| *known == name) {
            return Err((why, false));
        }
        if let Some(why) = local_name(name) {
            // What a local name stands for is known only to the resolver, which
            // then judges each address by the same entries.
            return if self.opened.iter().any(|opening| opening.has_port(port)) {
                Ok(())
            } else {
                Err((why, true))
            };
        }
        port_verdict(port)
    }
}

/// An entry of `allow_private` that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{entry}` opens no address: {why}")]
pub struct BadEntry {
    /// The entry as written.
    pub entry: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl BadEntry {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(
            "write an address or a network, and a port after a colon, such as `10.1.2.3`, \
             `127.0.0.0/8:8970` or `[::1]:80`"
                .to_owned(),
        )
    }
}

/// One entry of `allow_private`.
#[derive(Clone, Copy, Debug)]
struct Opening {
    network: IpAddr,
    prefix: u8,
    port: Option<u16>,
}

impl Opening {
    fn parse(entry: &str) -> Result<Self, &'static str> {
        let entry = entry.trim();
        // The port is what follows the last colon, unless that colon is inside an
        // IPv6 address.
        let (network, port) = match entry.rsplit_once(':') {
            Some((network, port))
                if network.ends_with(']') || network.contains('/') || !network.contains(':') =>
            {
                (network, Some(port))
            }
            _ => (entry, None),
        };
        let port = match port.map(str::parse) {
            None => None,
            Some(Ok(0)) => return Err("port 0 does not exist"),
            Some(Ok(port)) => Some(port),
            Some(Err(_)) => return Err("the port is no number up to 65535"),
        };
        let network: String = network.chars().filter(|c| !"[]".contains(*c)).collect();
        let (address, prefix) = match network.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (network.as_str(), None),
        };
        let network: IpAddr = address
            .parse()
            .map_err(|_| "it does not begin with an IP address")?;
        let longest = if network.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix.map(str::parse) {
            None => longest,
            Some(Ok(prefix)) if prefix <= longest => prefix,
            Some(_) => return Err("the length of the network is out of range"),
        };
        Ok(Self {
            network,
            prefix,
            port,
        })
    }

    fn has_port(self, port: u16) -> bool {
        self.port.is_none_or(|own| own == port)
    }

    fn covers(self, ip: IpAddr, port: u16) -> bool {
        self.has_port(port) && within(ip.to_canonical(), self.network, self.prefix)
    }
}

fn within(ip: IpAddr, network: IpAddr, prefix: u8) -> bool {
    let prefix = u32::from(prefix);
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            let differing = u32::from(ip) ^ u32::from(network);
            differing.checked_shr(32 - prefix).unwrap_or(0) == 0
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => {
            let differing = u128::from(ip) ^ u128::from(network);
            differing.checked_shr(128 - prefix).unwrap_or(0) == 0
        }
        _ => false,
    }
}

/// Why `ip` is not an ordinary address of the public internet.
fn special(ip: IpAddr) -> Option<&'static str> {
    match ip.to_canonical() {
        IpAddr::V4(ip) => SPECIAL_V4
            .iter()
            .find(|(network, prefix, _)| within(ip.into(), (*network).into(), *prefix))
            .map(|(_, _, why)| *why),
        IpAddr::V6(ip) => {
            if within(ip.into(), NAT64.into(), 96) {
                let [.., a, b, c, d] = ip.octets();
                return special(Ipv4Addr::new(a, b, c, d).into());
            }
            SPECIAL_V6
                .iter()
                .find(|(network, prefix, _)| within(ip.into(), (*network).into(), *prefix))
                .map(|(_, _, why)| *why)
                .or_else(|| {
                    let global = within(ip.into(), GLOBAL_UNICAST.into(), 3);
                    (!global).then_some("it is no address of the public internet")
                })
        }
    }
}

/// Addresses that a gateway translates to the IPv4 address in their last 32 bits.
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// `2000::/3`: all of IPv6 that is assigned to the public internet.
const GLOBAL_UNICAST: Ipv6Addr = Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0);

/// After IANA's registry of special-purpose addresses, sorted.
const SPECIAL_V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "it means this machine"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "it is a private address"),
    (
        Ipv4Addr::new(100, 64, 0, 0),
        10,
        "it is an address inside a provider's network",
    ),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "it is a loopback address"),
    // Not in the registry: the virtual server inside each Azure machine.
    (
        Ipv4Addr::new(168, 63, 129, 16),
        32,
        "it is a cloud's metadata server",
    ),
    (
        Ipv4Addr::new(169, 254, 0, 0),
        16,
        "it is a link-local or metadata address",
    ),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "it is a private address"),
    (
        Ipv4Addr::new(192, 0, 0, 0),
        24,
        "it is reserved for protocols",
    ),
    (
        Ipv4Addr::new(192, 0, 2, 0),
        24,
        "it is reserved for documentation",
    ),
    (
        Ipv4Addr::new(192, 88, 99, 0),
        24,
        "it is a reserved relay address",
    ),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "it is a private address"),
    (
        Ipv4Addr::new(198, 18, 0, 0),
        15,
        "it is reserved for benchmarks",
    ),
    (
        Ipv4Addr::new(198, 51, 100, 0),
        24,
        "it is reserved for documentation",
    ),
    (
        Ipv4Addr::new(203, 0, 113, 0),
        24,
        "it is reserved for documentation",
    ),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "it is a multicast address"),
    (
        Ipv4Addr::new(240, 0, 0, 0),
        4,
        "it is a reserved or broadcast address",
    ),
];

/// What is special inside `2000::/3`, and what deserves a better reason than that it
/// lies outside, sorted. Tunnels are refused whole: the addresses inside them reach
/// networks that this table cannot see, and nobody serves news from there.
const SPECIAL_V6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "it means this machine"),
    (Ipv6Addr::LOCALHOST, 128, "it is a loopback address"),
    (
        Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0),
        23,
        "it is reserved for protocols such as Teredo",
    ),
    (
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0),
        32,
        "it is reserved for documentation",
    ),
    (
        Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0),
        16,
        "it is a 6to4 tunnel",
    ),
    (
        Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0),
        20,
        "it is reserved for documentation",
    ),
    (
        Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0),
        7,
        "it is a private address",
    ),
    (
        Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0),
        10,
        "it is a link-local address",
    ),
    (
        Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0),
        8,
        "it is a multicast address",
    ),
];

const METADATA: &str = "it is a cloud's metadata server";

/// Names under which clouds serve secrets to the machines inside them, sorted.
const METADATA_NAMES: &[(&str, &str)] = &[
    ("instance-data.ec2.internal", METADATA),
    ("metadata", METADATA),
    ("metadata.azure.internal", METADATA),
    ("metadata.goog", METADATA),
    ("metadata.google.internal", METADATA),
    ("metadata.tencentyun.com", METADATA),
];

/// Endings of names that no public name server knows, sorted.
const LOCAL_ENDINGS: &[(&str, &str)] = &[
    ("corp", "its name is one of a private network"),
    ("home", "its name is one of a private network"),
    ("home.arpa", "its name is one of a private network"),
    ("internal", "its name is one of a private network"),
    ("intranet", "its name is one of a private network"),
    ("lan", "its name is one of a private network"),
    ("local", "its name is one of a private network"),
    ("localdomain", "its name is one of this machine"),
    ("localhost", "its name is one of this machine"),
    ("private", "its name is one of a private network"),
];

fn local_name(name: &str) -> Option<&'static str> {
    let ending = LOCAL_ENDINGS.iter().find(|(ending, _)| {
        name.strip_suffix(ending)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    match ending {
        Some((_, why)) => Some(why),
        None if !name.contains('.') => Some("its name has no domain"),
        None => None,
    }
}

/// Web servers listen on 80, 443 and high ports. Below 1024 are the services of
/// operating systems; among the high ports, these take commands from strangers.
fn port_verdict(port: u16) -> Result<(), (&'static str, bool)> {
    match port {
        80 | 443 => Ok(()),
        0..1024 => Err(("its port belongs to another service than the web", false)),
        _ if SERVICE_PORTS.iter().any(|(known, _)| *known == port) => {
            Err(("its port belongs to another service than the web", false))
        }
        _ => Ok(()),
    }
}

/// High ports of services that are no web servers, with the service, sorted.
const SERVICE_PORTS: &[(u16, &str)] = &[
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (1719, "H.323"),
    (1720, "H.323"),
    (1723, "PPTP"),
    (2049, "NFS"),
    (2181, "ZooKeeper"),
    (2375, "Docker"),
    (2376, "Docker"),
    (2379, "etcd"),
    (2380, "etcd"),
    (3306, "MySQL"),
    (3389, "remote desktop"),
    (4045, "NFS lock"),
    (5060, "SIP"),
    (5061, "SIP"),
    (5432, "PostgreSQL"),
    (5672, "AMQP"),
    (5900, "VNC"),
    (5984, "CouchDB"),
    (6000, "X11"),
    (6379, "Redis"),
    (6443, "Kubernetes"),
    (6566, "SANE"),
    (6665, "IRC"),
    (6666, "IRC"),
    (6667, "IRC"),
    (6668, "IRC"),
    (6669, "IRC"),
    (6679, "OSAUT"),
    (6697, "IRC"),
    (9042, "Cassandra"),
    (9092, "Kafka"),
    (9200, "Elasticsearch"),
    (9300, "Elasticsearch"),
    (10080, "Amanda"),
    (10250, "kubelet"),
    (11211, "memcached"),
    (27017, "MongoDB"),
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// A line of `fixtures/addresses.jsonl`.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        url: String,
        /// Entries of `allow_private`.
        #[serde(default)]
        open: Vec<String>,
        allow: bool,
        /// Part of the reason for a refusal.
        #[serde(default)]
        why: String,
    }

    #[test]
    fn addresses_are_judged_as_the_table_says() {
        let table = include_str!("../../fixtures/addresses.jsonl");
        for line in table.lines() {
            let case: Case = serde_json::from_str(line).unwrap();
            let Ok(url) = Url::parse(&case.url) else {
                assert!(
                    !case.allow && case.why == "no url",
                    "does not parse: {line}"
                );
                continue;
            };
            let guard = Guard::new(&case.open).unwrap();
            match guard.check(&url) {
                Ok(()) => assert!(case.allow, "passed: {line}"),
                Err(error) => {
                    assert!(!case.allow, "refused: {line}: {error}");
                    assert!(error.to_string().contains(&case.why), "{line}: {error}");
                }
            }
        }
    }

    #[test]
    fn openings_are_read_and_wrong_ones_named() {
        for (entry, inside, port) in [
            ("127.0.0.0/8:8970", "127.9.9.9", 8970),
            ("127.0.0.1/8", "127.9.9.9", 1),
            ("10.1.2.3", "10.1.2.3", 65535),
            ("10.1.2.3:80", "::ffff:10.1.2.3", 80),
            ("[::1]:80", "::1", 80),
            ("[::1]", "::1", 81),
            ("::1", "::1", 81),
            ("fd00::/8", "fdab::1", 443),
            ("fd00::/8:443", "fdab::1", 443),
            ("[fd00::/8]:443", "fdab::1", 443),
            ("[fd00::]/8:443", "fdab::1", 443),
            ("0.0.0.0/0", "192.168.1.1", 80),
        ] {
            let guard = Guard::new(&[entry.to_owned()]).unwrap();
            assert!(guard.addr_allowed(inside.parse().unwrap(), port), "{entry}");
            assert!(
                !guard.addr_allowed("169.254.169.254".parse().unwrap(), port)
                    || entry == "0.0.0.0/0"
            );
        }
        for entry in [
            "",
            "localhost",
            "10.0.0.0/33",
            "10.0.0.0/x",
            "10.1.2.3:0",
            "10.1.2.3:http",
            "10.1.2.3:70000",
            "::1:",
            "fd00::/129",
        ] {
            assert!(Guard::new(&[entry.to_owned()]).is_err(), "{entry}");
        }
    }

    #[test]
    fn a_host_of_the_settings_is_open_on_every_port() {
        let hosts = BTreeMap::from([("News.example".to_owned(), "127.0.0.1:9".parse().unwrap())]);
        let guard = Guard::default().with_hosts(hosts);
        assert!(
            guard
                .check(&Url::parse("http://news.example:25/").unwrap())
                .is_ok()
        );
        assert!(
            guard
                .check(&Url::parse("http://127.0.0.1:9/").unwrap())
                .is_err()
        );
        assert_eq!(
            guard.host("news.example"),
            Some("127.0.0.1:9".parse().unwrap())
        );
    }

    #[test]
    fn tables_are_sorted() {
        assert!(SPECIAL_V4.is_sorted());
        assert!(SPECIAL_V6.is_sorted());
        assert!(METADATA_NAMES.is_sorted());
        assert!(LOCAL_ENDINGS.is_sorted());
        assert!(SERVICE_PORTS.is_sorted());
    }
}
