//! Internet addresses as Go's `net.IP` reads, compares and writes them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::version::GoBuild;

/// `net.ParseIP`: no zone, no leading zeros in IPv4.
#[must_use]
pub fn parse(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// The same of a certain Go: before 1.17 an byte could have leading zeros.
#[must_use]
pub fn parse_as(text: &str, go: GoBuild) -> Option<IpAddr> {
    if go.refuses_leading_zeros_in_addresses() || text.contains(':') {
        return parse(text);
    }
    let bytes: Vec<&str> = text
        .split('.')
        .map(|byte| match byte.trim_start_matches('0') {
            "" if !byte.is_empty() => "0",
            trimmed => trimmed,
        })
        .collect();
    parse(&bytes.join("."))
}

/// The address in four or sixteen bytes.
#[must_use]
pub fn from_bytes(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes)
            .ok()
            .map(|bytes| IpAddr::V4(Ipv4Addr::from(bytes))),
        16 => <[u8; 16]>::try_from(bytes)
            .ok()
            .map(|bytes| IpAddr::V6(Ipv6Addr::from(bytes))),
        _ => None,
    }
}

/// `net.IP.Equal`: an IPv4 address equals its IPv4-mapped IPv6 form.
#[must_use]
pub fn equal(one: IpAddr, other: IpAddr) -> bool {
    one.to_canonical() == other.to_canonical()
}

/// `net.IP.String`: IPv4-mapped addresses as IPv4, IPv6 in its short form.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    match from_bytes(bytes) {
        Some(address) => text_of(address),
        None if bytes.is_empty() => "<nil>".to_owned(),
        None => bytes
            .iter()
            .fold("?".to_owned(), |text, byte| text + &format!("{byte:02x}")),
    }
}

/// The same, of an address.
#[must_use]
pub(crate) fn text_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => ipv6_text(address),
    }
}

/// Rust writes `::ffff:0:1` forms and IPv4-compatible addresses with dots;
/// Go writes groups only.
fn ipv6_text(address: Ipv6Addr) -> String {
    let groups = address.segments();
    let mut longest = 0..0;
    let mut start = 0;
    while start < groups.len() {
        let end = groups[start..]
            .iter()
            .position(|&group| group != 0)
            .map_or(groups.len(), |length| start + length);
        if end - start > longest.len() && end - start >= 2 {
            longest = start..end;
        }
        start = end + 1;
    }
    let join = |groups: &[u16]| {
        groups
            .iter()
            .map(|group| format!("{group:x}"))
            .collect::<Vec<_>>()
            .join(":")
    };
    if longest.is_empty() {
        join(&groups)
    } else {
        format!(
            "{}::{}",
            join(&groups[..longest.start]),
            join(&groups[longest.end..])
        )
    }
}
