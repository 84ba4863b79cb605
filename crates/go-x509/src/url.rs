//! Go's `net/url.Parse`, as far as etcd's flags and the URI names of
//! certificates need it: scheme, host, path, and the texts of its errors.

use crate::quote::quote;

/// The parts of a URL that etcd and `crypto/x509` look at.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Url {
    /// The scheme in lower case; empty if there is none.
    pub scheme: String,
    /// Host and port as written, unescaped; empty if there is none.
    pub host: String,
    /// The path, as written.
    pub path: String,
    /// The URL as Go prints it.
    pub text: String,
    /// What follows the scheme when no slash does (`localhost:2379`).
    pub opaque: String,
}

impl Url {
    /// The host without its port and brackets (`(*URL).Hostname`).
    #[must_use]
    pub fn host_name(&self) -> &str {
        let host = match self.host.rfind(':') {
            Some(colon) if is_port(&self.host[colon..]) => &self.host[..colon],
            _ => &self.host,
        };
        host.strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host)
    }
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `url.Parse`.
///
/// # Errors
///
/// Go's text: `parse "…": …`.
pub fn parse(text: &str) -> Result<Url, String> {
    parse_parts(text).map_err(|reason| format!("parse {}: {reason}", quote(text)))
}

fn parse_parts(text: &str) -> Result<Url, String> {
    let without_fragment = text.split_once('#').map_or(text, |(start, _)| start);
    if without_fragment
        .bytes()
        .any(|byte| byte < 0x20 || byte == 0x7f)
    {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let mut url = Url {
        text: text.to_owned(),
        ..Url::default()
    };
    if without_fragment == "*" {
        "*".clone_into(&mut url.path);
        return Ok(url);
    }
    let (scheme, rest) = scheme(without_fragment)?;
    url.scheme = scheme.to_ascii_lowercase();
    let rest = rest.split_once('?').map_or(rest, |(start, _)| start);
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            rest.clone_into(&mut url.opaque);
            return Ok(url);
        }
        let segment = rest.split('/').next().unwrap_or_default();
        if segment.contains(':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    let mut path = rest;
    if (!scheme.is_empty() || !rest.starts_with("///")) && rest.starts_with("//") {
        let authority_and_path = &rest[2..];
        let (authority, after) = match authority_and_path.find('/') {
            Some(slash) => authority_and_path.split_at(slash),
            None => (authority_and_path, ""),
        };
        url.host = authority_host(authority)?;
        path = after;
    }
    unescape(path, false)?;
    path.clone_into(&mut url.path);
    Ok(url)
}

fn scheme(text: &str) -> Result<(&str, &str), String> {
    for (position, character) in text.char_indices() {
        match character {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if position > 0 => {}
            ':' if position == 0 => return Err("missing protocol scheme".to_owned()),
            ':' => return Ok((&text[..position], &text[position + 1..])),
            _ => return Ok(("", text)),
        }
    }
    Ok(("", text))
}

fn authority_host(authority: &str) -> Result<String, String> {
    let Some(at) = authority.rfind('@') else {
        return host(authority);
    };
    let found = host(&authority[at + 1..])?;
    let user = &authority[..at];
    let valid = user
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte));
    if valid {
        Ok(found)
    } else {
        Err("net/url: invalid userinfo".to_owned())
    }
}

fn host(text: &str) -> Result<String, String> {
    if text.starts_with('[') {
        let Some(end) = text.rfind(']') else {
            return Err("missing ']' in host".to_owned());
        };
        let port = &text[end + 1..];
        if !is_port(port) {
            return Err(format!("invalid port {} after host", quote(port)));
        }
    } else if let Some(colon) = text.rfind(':') {
        let port = &text[colon..];
        if !is_port(port) {
            return Err(format!("invalid port {} after host", quote(port)));
        }
    }
    unescape(text, true)
}

/// `unescape`: percent signs, and which characters a host may have.
fn unescape(text: &str, host: bool) -> Result<String, String> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        if byte == b'%' {
            let digits = bytes.get(position + 1..position + 3).and_then(|digits| {
                let text = std::str::from_utf8(digits).ok()?;
                digits
                    .iter()
                    .all(u8::is_ascii_hexdigit)
                    .then(|| u8::from_str_radix(text, 16).ok())?
            });
            let Some(value) = digits else {
                let end = bytes.len().min(position + 3);
                let wrong = String::from_utf8_lossy(&bytes[position..end]);
                return Err(format!("invalid URL escape {}", quote(&wrong)));
            };
            if host && value < 0x80 && &bytes[position..position + 3] != b"%25" {
                let wrong = String::from_utf8_lossy(&bytes[position..position + 3]);
                return Err(format!("invalid URL escape {}", quote(&wrong)));
            }
            plain.push(value);
            position += 3;
            continue;
        }
        let allowed = byte.is_ascii_alphanumeric()
            || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte)
            || byte >= 0x80;
        if host && !allowed {
            return Err(format!(
                "invalid character {} in host name",
                quote(&char::from(byte).to_string())
            ));
        }
        plain.push(byte);
        position += 1;
    }
    Ok(String::from_utf8_lossy(&plain).into_owned())
}
