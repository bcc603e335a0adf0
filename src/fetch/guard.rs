//! Which addresses may be asked: the public web, and what the settings open.
//!
//! An address comes from a feed, a page or a redirect, so it may be an attempt to
//! reach what only this machine can reach. [`Guard::check`] judges the address as
//! written; [`Guard::addr_allowed`] judges what its name resolved to, inside the
//! resolver, so that the address judged is the address connected to. Neither asks
//! the network.

mod special;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

use url::{Host, Url};

use self::special::{local_name, metadata_name, special, unsafe_port, within};
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
        if let Some(why) = metadata_name(name) {
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

fn port_verdict(port: u16) -> Result<(), (&'static str, bool)> {
    match unsafe_port(port) {
        Some(why) => Err((why, false)),
        None => Ok(()),
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
}
