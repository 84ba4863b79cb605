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

/// A host and its port (`net.SplitHostPort`).
///
/// # Errors
///
/// See [`HostPortError`].
pub fn split_host_port(text: &str) -> Result<(&str, &str), HostPortError> {
    let refused = |fault| HostPortError {
        text: text.to_owned(),
        fault,
    };
    let (before, port) = text
        .rsplit_once(':')
        .ok_or_else(|| refused(HostPortFault::MissingPort))?;
    let (host, before, after) = if let Some(literal) = text.strip_prefix('[') {
        let (host, after) = literal
            .split_once(']')
            .ok_or_else(|| refused(HostPortFault::MissingBracket))?;
        if after.strip_prefix(':') != Some(port) {
            return Err(refused(if after.starts_with(':') {
                HostPortFault::TooManyColons
            } else {
                HostPortFault::MissingPort
            }));
        }
        (host, literal, after)
    } else {
        if before.contains(':') {
            return Err(refused(HostPortFault::TooManyColons));
        }
        (before, text, text)
    };
    if before.contains('[') {
        return Err(refused(HostPortFault::Unexpected('[')));
    }
    if after.contains(']') {
        return Err(refused(HostPortFault::Unexpected(']')));
    }
    Ok((host, port))
}

/// Why a text is no host with a port (`net.AddrError`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("address {text}: {fault}")]
pub struct HostPortError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub fault: HostPortFault,
}

/// What is wrong with a host and its port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostPortFault {
    /// There is no colon with a port behind it.
    #[error("missing port in address")]
    MissingPort,
    /// A host without brackets has colons.
    #[error("too many colons in address")]
    TooManyColons,
    /// A bracket is not closed.
    #[error("missing ']' in address")]
    MissingBracket,
    /// A bracket stands where none can be.
    #[error("unexpected '{0}' in address")]
    Unexpected(char),
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
        let zeros = groups.iter().skip(start).take_while(|&&group| group == 0);
        let end = start + zeros.count();
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
    match (groups.get(..longest.start), groups.get(longest.end..)) {
        (Some(before), Some(after)) if !longest.is_empty() => {
            format!("{}::{}", join(before), join(after))
        }
        _ => join(&groups),
    }
}
