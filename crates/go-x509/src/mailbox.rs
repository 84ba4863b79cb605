//! Mail addresses and domain names as `crypto/x509` reads them to apply name
//! constraints (`verify.go`, `parseRFC2821Mailbox`, `domainToReverseLabels`;
//! `parser.go`, `domainNameValid`).

use crate::version::GoBuild;

/// A mail address in two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mailbox {
    /// Before the `@`, without quotes.
    pub(crate) local: String,
    /// After it.
    pub(crate) domain: String,
}

impl Mailbox {
    /// `parseRFC2821Mailbox`
    #[must_use]
    pub(crate) fn parse(address: &str, go: GoBuild) -> Option<Self> {
        let bytes = address.as_bytes();
        let mut local = Vec::new();
        let mut position = 0;
        if bytes.first()? == &b'"' {
            position = 1;
            loop {
                let byte = *bytes.get(position)?;
                position += 1;
                match byte {
                    b'"' => break,
                    b'\\' => {
                        let escaped = *bytes.get(position)?;
                        position += 1;
                        if !matches!(escaped, 1..=9 | 11 | 12 | 14..=127) {
                            return None;
                        }
                        local.push(escaped);
                    }
                    11 | 12 | 32 | 33 | 127 | 1..=8 | 14..=31 | 35..=91 | 93..=126 => {
                        local.push(byte);
                    }
                    _ => return None,
                }
            }
        } else {
            while let Some(&byte) = bytes.get(position) {
                let byte = if byte == b'\\' {
                    position += 1;
                    *bytes.get(position)?
                } else if byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte) {
                    byte
                } else {
                    break;
                };
                local.push(byte);
                position += 1;
            }
            let dots = local.windows(2).any(|pair| pair == b"..");
            if local.first()? == &b'.' || local.last()? == &b'.' || dots {
                return None;
            }
        }
        if bytes.get(position)? != &b'@' {
            return None;
        }
        let domain = address.get(position + 1..)?.to_owned();
        if !is_domain(&domain, go) || go.refuses_second_at_sign() && domain.contains('@') {
            return None;
        }
        Some(Self {
            local: String::from_utf8_lossy(&local).into_owned(),
            domain,
        })
    }
}

/// `domainToReverseLabels`: the labels from right to left; `None` for empty
/// labels, a final dot, and characters outside of printable ASCII. The empty
/// name has no labels.
#[must_use]
pub(crate) fn reverse_labels(domain: &str, go: GoBuild) -> Option<Vec<&str>> {
    if domain.is_empty() {
        return Some(Vec::new());
    }
    let mut labels: Vec<&str> = domain.rsplit('.').collect();
    if !go.refuses_leading_dots() && labels.last().is_some_and(|label| label.is_empty()) {
        labels.pop();
    }
    let valid = labels.iter().all(|label| {
        !label.is_empty()
            && label
                .chars()
                .all(|character| ('!'..='~').contains(&character))
    });
    valid.then_some(labels)
}

/// Whether a name in a SAN or a mail address is a domain to this Go.
#[must_use]
pub(crate) fn is_domain(domain: &str, go: GoBuild) -> bool {
    if go.scans_domain_names() {
        scan(domain, false)
    } else {
        reverse_labels(domain, go).is_some()
    }
}

/// Whether a name constraint is a domain, with or without a dot in front.
#[must_use]
pub(crate) fn is_domain_constraint(domain: &str, go: GoBuild) -> bool {
    if go.scans_domain_names() {
        scan(domain, true)
    } else {
        reverse_labels(domain.strip_prefix('.').unwrap_or(domain), go).is_some()
    }
}

/// `domainNameValid`
fn scan(name: &str, constraint: bool) -> bool {
    if name.is_empty() {
        return true;
    }
    if name.ends_with('.') {
        return false;
    }
    let name = if constraint {
        name.strip_prefix('.').unwrap_or(name)
    } else {
        name
    };
    name.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(|byte| (33..=126).contains(&byte)))
}
