//! Go's `net/netip.ParseAddr`: addresses that may have a zone, and the words
//! in which Go refuses the others. `net/url` and, since Go 1.27, host name
//! verification read addresses this way.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use crate::quote::quote;

/// Why a text is no address (`netip.parseAddrError`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressError {
    /// The whole text.
    pub text: String,
    /// Go's explanation.
    pub reason: &'static str,
    /// What was left to read, where Go says so.
    pub rest: Option<String>,
}

impl fmt::Display for AddressError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "ParseAddr({}): {}",
            quote(&self.text),
            self.reason
        )?;
        match self.rest.as_deref().filter(|rest| !rest.is_empty()) {
            Some(rest) => write!(formatter, " (at {})", quote(rest)),
            None => Ok(()),
        }
    }
}

impl Error for AddressError {}

/// A reason, and what was left to read.
type Fault<'a> = (&'static str, &'a str);

/// The address of a text, without its zone.
///
/// # Errors
///
/// See [`AddressError`].
pub(crate) fn parse(text: &str) -> Result<IpAddr, AddressError> {
    let fault = match text.find(['.', ':', '%']) {
        None => Some(("unable to parse IP", "")),
        Some(position) => match text.as_bytes().get(position) {
            Some(b'.') => ipv4_fault(text).err(),
            Some(b':') => ipv6_fault(text).err(),
            _ => Some(("missing IPv6 address", "")),
        },
    };
    let refused = |(reason, rest): Fault<'_>| AddressError {
        text: text.to_owned(),
        reason,
        rest: Some(rest.to_owned()),
    };
    if let Some(fault) = fault {
        return Err(refused(fault));
    }
    let (plain, _) = text.split_once('%').unwrap_or((text, ""));
    plain
        .parse()
        .map_err(|_| refused(("unable to parse IP", "")))
}

/// `parseIPv4Fields`
fn ipv4_fault(fields: &str) -> Result<(), Fault<'_>> {
    let bytes = fields.as_bytes();
    let (mut value, mut digits, mut position) = (0_u32, 0, 0);
    for (index, byte) in bytes.iter().enumerate() {
        let rest = fields.get(index..).unwrap_or_default();
        if byte.is_ascii_digit() {
            if digits == 1 && value == 0 {
                return Err(("IPv4 field has octet with leading zero", ""));
            }
            value = value * 10 + u32::from(byte - b'0');
            digits += 1;
            if value > 255 {
                return Err(("IPv4 field has value >255", ""));
            }
        } else if *byte == b'.' {
            if digits == 0 || index + 1 == bytes.len() {
                return Err(("IPv4 field must have at least one digit", rest));
            }
            if position == 3 {
                return Err(("IPv4 address too long", ""));
            }
            position += 1;
            (value, digits) = (0, 0);
        } else {
            return Err(("unexpected character", rest));
        }
    }
    if position < 3 {
        return Err(("IPv4 address too short", ""));
    }
    Ok(())
}

/// `parseIPv6`
fn ipv6_fault(text: &str) -> Result<(), Fault<'_>> {
    let mut rest = text;
    if let Some((plain, zone)) = text.split_once('%') {
        if zone.is_empty() {
            return Err(("zone must be a non-empty string", ""));
        }
        rest = plain;
    }
    let mut ellipsis = None;
    if let Some(after) = rest.strip_prefix("::") {
        ellipsis = Some(0);
        rest = after;
        if rest.is_empty() {
            return Ok(());
        }
    }
    let mut written = 0;
    while written < 16 {
        let length = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        if length > 4 {
            return Err(("each group must have 4 or less digits", rest));
        }
        if length == 0 {
            return Err((
                "each colon-separated field must have at least one digit",
                rest,
            ));
        }
        let after = rest.get(length..).unwrap_or_default();
        if after.starts_with('.') {
            if ellipsis.is_none() && written != 12 {
                return Err((
                    "embedded IPv4 address must replace the final 2 fields of the address",
                    rest,
                ));
            }
            if written + 4 > 16 {
                return Err((
                    "too many hex fields to fit an embedded IPv4 at the end of the address",
                    rest,
                ));
            }
            ipv4_fault(rest)?;
            rest = "";
            written += 4;
            break;
        }
        written += 2;
        rest = after;
        if rest.is_empty() {
            break;
        }
        let Some(next) = rest.strip_prefix(':') else {
            return Err(("unexpected character, want colon", rest));
        };
        if next.is_empty() {
            return Err(("colon must be followed by more characters", rest));
        }
        rest = next;
        if let Some(next) = rest.strip_prefix(':') {
            if ellipsis.is_some() {
                return Err(("multiple :: in address", rest));
            }
            ellipsis = Some(written);
            rest = next;
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() {
        return Err(("trailing garbage after address", rest));
    }
    match ellipsis {
        None if written < 16 => Err(("address string too short", "")),
        Some(_) if written == 16 => Err(("the :: must expand to at least one field of zeros", "")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_address_is_refused_in_the_words_of_netip() {
        for (text, words) in [
            (
                "v1.fe",
                "ParseAddr(\"v1.fe\"): unexpected character (at \"v1.fe\")",
            ),
            (
                "fe80::1%",
                "ParseAddr(\"fe80::1%\"): zone must be a non-empty string",
            ),
            ("%eth0", "ParseAddr(\"%eth0\"): missing IPv6 address"),
            ("localhost", "ParseAddr(\"localhost\"): unable to parse IP"),
            ("1:2", "ParseAddr(\"1:2\"): address string too short"),
            (
                "::12345",
                "ParseAddr(\"::12345\"): each group must have 4 or less digits (at \"12345\")",
            ),
        ] {
            assert_eq!(
                parse(text).map_err(|error| error.to_string()),
                Err(words.to_owned())
            );
        }
        assert!(parse("fe80::1%lo").is_ok());
        assert!(parse("::ffff:10.0.0.1").is_ok());
    }
}
