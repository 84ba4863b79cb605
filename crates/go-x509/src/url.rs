//! Go's `net/url.Parse` and `URL.String`, as far as a server's flags and the
//! URI names of certificates need them: the parts, how Go writes the whole,
//! and the texts of its errors.

use std::net::IpAddr;

use crate::netip::{self, AddressError};
use crate::quote::{quote, quote_bytes};
use crate::version::{GoBuild, GoVersion};

/// The parts of a URL that `crypto/x509` and Go's servers look at.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Url {
    /// The scheme in lower case; empty if there is none.
    pub scheme: String,
    /// Host and port, unescaped; empty if there is none.
    pub host: String,
    /// The path, as written.
    pub path: String,
    /// The URL as Go writes it (`URL.String`).
    pub text: String,
    /// What follows the scheme when no slash does (`localhost:2379`).
    pub opaque: String,
}

impl Url {
    /// The host without its port and brackets (`(*URL).Hostname`).
    #[must_use]
    pub fn host_name(&self) -> &str {
        let host = self
            .host
            .rfind(':')
            .and_then(|colon| self.host.split_at_checked(colon))
            .filter(|(_, port)| is_port(port))
            .map_or(self.host.as_str(), |(host, _)| host);
        host.strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host)
    }
}

/// Why a text is no URL (`url.Error`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parse {}: {}", quote(.text), .fault)]
pub struct UrlError {
    /// The text, up to its fragment unless that is at fault.
    pub text: String,
    /// What is wrong with it.
    #[source]
    pub fault: UrlFault,
}

/// What is wrong with a URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// It has an ASCII control character.
    #[error("net/url: invalid control character in URL")]
    ControlCharacter,
    /// It begins with a colon.
    #[error("missing protocol scheme")]
    MissingScheme,
    /// Without a scheme, its first part has a colon.
    #[error("first path segment in URL cannot contain colon")]
    ColonInFirstSegment,
    /// Before the `@` stands what can't be there.
    #[error("net/url: invalid userinfo")]
    UserInformation,
    /// A bracket is not closed.
    #[error("missing ']' in host")]
    MissingBracket,
    /// Brackets stand around an IPv4 address, or not at the begin.
    #[error("invalid IP-literal")]
    NoAddressLiteral,
    /// Brackets stand around an IPv4 address, mapped into IPv6 or not: so Go 1.24.8,
    /// 1.24.9, 1.25.2 and 1.25.3.
    #[error("invalid IPv6 host")]
    NoIpv6Literal,
    /// Brackets stand around no address.
    #[error("invalid host: {0}")]
    Address(#[source] AddressError),
    /// What follows the host is no port.
    #[error("invalid port {} after host", quote(.0))]
    Port(String),
    /// A percent sign begins no escape, or one that can't be there.
    #[error("invalid URL escape {}", quote_bytes(.0))]
    Escape(Vec<u8>),
    /// The host has such a character.
    #[error("invalid character {} in host name", quote(&.0.to_string()))]
    HostCharacter(char),
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `url.Parse`, as far as every Go agrees: what only some refuse is taken.
///
/// # Errors
///
/// See [`UrlError`].
pub fn parse(text: &str) -> Result<Url, UrlError> {
    const MILD: GoBuild = GoBuild::new(GoVersion::new(23, 0), 20);
    parse_as(text, MILD)
}

/// The same of a certain Go.
///
/// # Errors
///
/// See [`UrlError`].
pub fn parse_as(text: &str, go: GoBuild) -> Result<Url, UrlError> {
    let (start, fragment) = text.split_once('#').unwrap_or((text, ""));
    let refused = |text: &str, fault| UrlError {
        text: text.to_owned(),
        fault,
    };
    let mut url = parse_parts(start, go).map_err(|fault| refused(start, fault))?;
    if !fragment.is_empty() {
        let written = written(fragment, Part::Fragment).map_err(|fault| refused(text, fault))?;
        url.text.push('#');
        url.text += &written;
    }
    Ok(url)
}

fn parse_parts(text: &str, go: GoBuild) -> Result<Url, UrlFault> {
    if text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return Err(UrlFault::ControlCharacter);
    }
    if text == "*" {
        return Ok(Url {
            path: text.to_owned(),
            text: text.to_owned(),
            ..Url::default()
        });
    }
    let (scheme, rest) = scheme(text)?;
    let mut url = Url {
        scheme: scheme.to_ascii_lowercase(),
        ..Url::default()
    };
    if !scheme.is_empty() {
        url.text = format!("{}:", url.scheme);
    }
    // A question mark alone at the end stays, too.
    let (rest, query) = match rest.find('?') {
        Some(mark) => rest.split_at(mark),
        None => (rest, ""),
    };
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            rest.clone_into(&mut url.opaque);
            url.text += rest;
            url.text += query;
            return Ok(url);
        }
        if rest
            .split('/')
            .next()
            .is_some_and(|part| part.contains(':'))
        {
            return Err(UrlFault::ColonInFirstSegment);
        }
    }
    let mut path = rest;
    let authority = rest
        .strip_prefix("//")
        .filter(|rest| !scheme.is_empty() || !rest.starts_with('/'));
    if let Some(rest) = authority {
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, after) = rest.split_at(end);
        path = after;
        let (user, host) = authority_parts(&url.scheme, authority, go)?;
        if !scheme.is_empty() || !host.is_empty() || user.is_some() {
            if !host.is_empty() || !path.is_empty() || user.is_some() {
                url.text += "//";
            }
            if let Some(user) = user {
                url.text += &user;
                url.text.push('@');
            }
            url.text += &escape(&host, Part::Host);
        }
        url.host = String::from_utf8_lossy(&host).into_owned();
    }
    url.text += &written(path, Part::Path)?;
    url.text += query;
    path.clone_into(&mut url.path);
    Ok(url)
}

/// `getScheme`
fn scheme(text: &str) -> Result<(&str, &str), UrlFault> {
    let end = text.find(|character: char| {
        !character.is_ascii_alphanumeric() && !matches!(character, '+' | '-' | '.')
    });
    let Some((before, after)) = end.and_then(|end| text.split_at_checked(end)) else {
        return Ok(("", text));
    };
    let Some(after) = after.strip_prefix(':') else {
        return Ok(("", text));
    };
    match before.chars().next() {
        None => Err(UrlFault::MissingScheme),
        Some(first) if first.is_ascii_alphabetic() => Ok((before, after)),
        Some(_) => Ok(("", text)),
    }
}

/// `parseAuthority`: the user information as Go writes it, and the host.
fn authority_parts(
    scheme: &str,
    authority: &str,
    go: GoBuild,
) -> Result<(Option<String>, Vec<u8>), UrlFault> {
    let Some((user, rest)) = authority.rsplit_once('@') else {
        return Ok((None, host(scheme, authority, go)?));
    };
    let host = host(scheme, rest, go)?;
    let valid = user
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte));
    if !valid {
        return Err(UrlFault::UserInformation);
    }
    let again = |text| unescape(text, Part::User).map(|plain| escape(&plain, Part::User));
    let user = match user.split_once(':') {
        None => again(user)?,
        Some((name, password)) => format!("{}:{}", again(name)?, again(password)?),
    };
    Ok((Some(user), host))
}

/// `parseHost`
fn host(scheme: &str, text: &str, go: GoBuild) -> Result<Vec<u8>, UrlFault> {
    let bracket = if go.checks_address_literals() {
        text.rfind('[')
    } else {
        text.starts_with('[').then_some(0)
    };
    if bracket.is_some_and(|bracket| bracket > 0) && go.refuses_inner_brackets() {
        return Err(UrlFault::NoAddressLiteral);
    }
    if let Some((_, literal)) = bracket.and_then(|bracket| text.split_at_checked(bracket)) {
        let (name, port) = literal.rsplit_once(']').ok_or(UrlFault::MissingBracket)?;
        if !is_port(port) {
            return Err(UrlFault::Port(port.to_owned()));
        }
        let name = name.strip_prefix('[').unwrap_or_default();
        // RFC 6874: a percent sign, written %25, begins the zone.
        let name = match name.find("%25").map(|zone| name.split_at(zone)) {
            None => unescape(name, Part::Host)?,
            Some((name, zone)) => {
                [unescape(name, Part::Host)?, unescape(zone, Part::Zone)?].concat()
            }
        };
        if go.checks_address_literals() {
            let name = String::from_utf8_lossy(&name);
            let address = netip::parse(&name).map_err(UrlFault::Address)?;
            let strict = go.refuses_mapped_address_literals();
            match address.to_canonical() {
                IpAddr::V4(_) if strict => return Err(UrlFault::NoIpv6Literal),
                IpAddr::V4(_) if address.is_ipv4() => return Err(UrlFault::NoAddressLiteral),
                _ => {}
            }
        }
        return Ok([b"[", name.as_slice(), b"]", port.as_bytes()].concat());
    }
    let strict = go.refuses_two_ports(scheme);
    let colon = if strict {
        text.find(':')
    } else {
        text.rfind(':')
    };
    if let Some((_, port)) = colon.and_then(|colon| text.split_at_checked(colon))
        && !is_port(port)
    {
        return Err(UrlFault::Port(port.to_owned()));
    }
    unescape(text, Part::Host)
}

/// The part of a URL, which decides what is escaped in it (`encoding`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

/// `shouldEscape`
fn is_escaped(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    !match part {
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Path => b"$&+,/:;=@".contains(&byte),
        Part::User => b"$&+,;=".contains(&byte),
        Part::Fragment => b"$&+,/:;=?@!()*".contains(&byte),
    }
}

/// A path or fragment as `URL.String` writes it: as given where that is a
/// valid encoding, else encoded anew (`EscapedPath`, `validEncoded`).
fn written(given: &str, part: Part) -> Result<String, UrlFault> {
    let plain = unescape(given, part)?;
    let valid = given
        .bytes()
        .all(|byte| b"!$&'()*+,;=:@[]%".contains(&byte) || !is_escaped(byte, part));
    Ok(if valid {
        given.to_owned()
    } else {
        escape(&plain, part)
    })
}

/// `escape`
fn escape(plain: &[u8], part: Part) -> String {
    use std::fmt::Write as _;
    plain.iter().fold(String::new(), |mut text, &byte| {
        if is_escaped(byte, part) {
            let _ = write!(text, "%{byte:02X}");
        } else {
            text.push(char::from(byte));
        }
        text
    })
}

/// `unescape`: percent signs, and which characters a host may have.
fn unescape(text: &str, part: Part) -> Result<Vec<u8>, UrlFault> {
    let is_host = matches!(part, Part::Host | Part::Zone);
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        if *byte != b'%' {
            if is_host && byte.is_ascii() && is_escaped(*byte, part) {
                return Err(UrlFault::HostCharacter(char::from(*byte)));
            }
            plain.push(*byte);
            rest = after;
            continue;
        }
        let wrong = || {
            let end = rest.len().min(3);
            UrlFault::Escape(rest.get(..end).unwrap_or(rest).to_vec())
        };
        let [high, low, after @ ..] = after else {
            return Err(wrong());
        };
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        let (Some(high), Some(low)) = (digit(*high), digit(*low)) else {
            return Err(wrong());
        };
        let value = high << 4 | low;
        let forbidden = match part {
            Part::Host => value.is_ascii() && value != b'%',
            Part::Zone => value != b'%' && value != b' ' && is_escaped(value, Part::Host),
            _ => false,
        };
        if forbidden {
            return Err(wrong());
        }
        plain.push(value);
        rest = after;
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::parse_as;
    use crate::version::{GoBuild, GoVersion};

    const NEW: GoBuild = GoBuild::new(GoVersion::new(27, 3), 26);

    fn answer(text: &str, go: GoBuild) -> String {
        match parse_as(text, go) {
            Ok(url) => url.text,
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_url_is_written_as_go_writes_it() {
        for (given, written) in [
            ("HTTPS://Example.COM/%7ea", "https://Example.COM/%7ea"),
            ("http://a/b c#d e", "http://a/b%20c#d%20e"),
            ("http://a:b@c/?", "http://a:b@c/?"),
            ("http://u%40x:p%3a@h", "http://u%40x:p%3A@h"),
            ("mailto:A?b", "mailto:A?b"),
            ("http://[fe80::1%25lo]:1/", "http://[fe80::1%25lo]:1/"),
            ("file:///a", "file:///a"),
            ("x:/a", "x:/a"),
            ("//h/p", "//h/p"),
        ] {
            assert_eq!(answer(given, NEW), written);
        }
    }

    #[test]
    fn two_ports_are_refused_where_the_program_is_of_go_1_26() {
        let refused = "parse \"https://a:1:2/\": invalid port \":1:2\" after host";
        assert_eq!(answer("https://a:1:2/", NEW), refused);
        let old_program = GoBuild::new(GoVersion::new(27, 3), 25);
        assert_eq!(answer("https://a:1:2/", old_program), "https://a:1:2/");
        assert_eq!(answer("etcd://a:1:2/", NEW), "etcd://a:1:2/");
    }

    #[test]
    fn brackets_stand_around_an_ipv6_address_since_go_1_24_8() {
        let future = "https://[v1.fe]/";
        let refused = "parse \"https://[v1.fe]/\": invalid host: ParseAddr(\"v1.fe\"): \
                       unexpected character (at \"v1.fe\")";
        for (minor, patch, words) in [
            (24, 7, future),
            (24, 8, refused),
            (25, 1, future),
            (25, 2, refused),
            (27, 3, refused),
        ] {
            let go = GoBuild::new(GoVersion::new(minor, patch), 20);
            assert_eq!(answer(future, go), words, "{minor}.{patch}");
        }
    }
}
