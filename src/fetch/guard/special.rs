//! What is not an ordinary place on the public web: addresses, names and ports, as
//! tables with their reasons.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why `ip` is not an ordinary address of the public internet.
pub(super) fn special(ip: IpAddr) -> Option<&'static str> {
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

/// Whether `ip` lies in the network of `prefix` bits.
pub(super) fn within(ip: IpAddr, network: IpAddr, prefix: u8) -> bool {
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

/// Addresses that a gateway translates to the IPv4 address in their last 32 bits.
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// `2000::/3`: all of IPv6 that is assigned to the public internet.
const GLOBAL_UNICAST: Ipv6Addr = Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0);

/// After IANA's registry of special-purpose addresses, sorted.
const SPECIAL_V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::UNSPECIFIED, 8, "it means this machine"),
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

/// Why `name` leads to a cloud's secrets.
pub(super) fn metadata_name(name: &str) -> Option<&'static str> {
    METADATA_NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, why)| *why)
}

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

/// Why `name` is known only inside a network.
pub(super) fn local_name(name: &str) -> Option<&'static str> {
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

/// Why `port` is none of a web server. Those listen on 80, 443 and high ports; below
/// 1024 are the services of operating systems, and among the high ports some take
/// commands from strangers.
pub(super) fn unsafe_port(port: u16) -> Option<&'static str> {
    let other = match port {
        80 | 443 => false,
        0..1024 => true,
        _ => SERVICE_PORTS.iter().any(|(known, _)| *known == port),
    };
    other.then_some("its port belongs to another service than the web")
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
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(SPECIAL_V4.is_sorted());
        assert!(SPECIAL_V6.is_sorted());
        assert!(METADATA_NAMES.is_sorted());
        assert!(LOCAL_ENDINGS.is_sorted());
        assert!(SERVICE_PORTS.is_sorted());
    }
}
