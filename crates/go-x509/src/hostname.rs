//! Whether a certificate is for a host (`crypto/x509` verify.go,
//! `VerifyHostname`): IP addresses match IP addresses only, names match DNS
//! names, and the common name never counts.

use std::net::IpAddr;

use crate::address;
use crate::certificate::Certificate;
use crate::version::GoBuild;

/// Why a certificate is not for a host (`x509.HostnameError`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostnameError {
    /// There is no SAN at all, and the common name would have matched.
    #[error("x509: certificate relies on legacy Common Name field, use SANs {}", if *.names_override { "or temporarily enable Common Name matching with GODEBUG=x509ignoreCN=0" } else { "instead" })]
    CommonNameOnly {
        /// Whether Go names `GODEBUG=x509ignoreCN=0`.
        names_override: bool,
    },
    /// An address was wanted, and there are no IP addresses.
    #[error("x509: cannot validate certificate for {host} because it doesn't contain any IP SANs")]
    NoAddresses {
        /// The host that was wanted.
        host: String,
    },
    /// There are no names of the kind that was wanted.
    #[error("x509: certificate is not valid for any names, but wanted to match {host}")]
    NoNames {
        /// The host that was wanted.
        host: String,
    },
    /// There are names, but not this one.
    #[error("x509: certificate is valid for {}, not {host}", .names.join(", "))]
    Other {
        /// The host that was wanted.
        host: String,
        /// The names of that kind that are there.
        names: Vec<String>,
    },
    /// There are a hundred names or more, which Go counts since 1.24.11.
    #[error("x509: certificate is valid for {count} {}, but none matched {host}", if *.addresses { "IP SANs" } else { "names" })]
    Many {
        /// The host that was wanted.
        host: String,
        /// How many names there are.
        count: usize,
        /// Whether they are addresses.
        addresses: bool,
    },
}

/// `netip.ParseAddr` or `net.ParseIP`: the address, and how Go writes it in
/// the error. Brackets around it are taken off.
fn host_address(host: &str, go: GoBuild) -> Option<(IpAddr, String)> {
    let candidate = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .filter(|candidate| !candidate.is_empty())
        .unwrap_or(host);
    if go.reads_scoped_addresses() {
        let (plain, zone) = candidate.split_once('%').unwrap_or((candidate, "0"));
        let address = address::parse(plain)?;
        let scoped = candidate.contains('%');
        if scoped && (address.is_ipv4() || zone.is_empty()) {
            return None;
        }
        return Some((address, address::text_of(address)));
    }
    Some((address::parse(candidate)?, candidate.to_owned()))
}

/// `(*Certificate).VerifyHostname`
///
/// # Errors
///
/// See [`HostnameError`].
pub fn verify(certificate: &Certificate, host: &str, go: GoBuild) -> Result<(), HostnameError> {
    if let Some((wanted, text)) = host_address(host, go) {
        let matches = certificate
            .addresses
            .iter()
            .filter_map(|bytes| address::from_bytes(bytes))
            .any(|candidate| address::equal(candidate, wanted));
        return if matches {
            Ok(())
        } else {
            Err(explain(certificate, &text, go))
        };
    }
    let wanted = host.to_ascii_lowercase();
    let valid_input = is_host_name(&wanted, false, go);
    let matches = certificate.dns_names.iter().any(|pattern| {
        if valid_input && is_host_name(pattern, true, go) {
            matches_pattern(pattern, &wanted)
        } else {
            matches_exactly(pattern, &wanted)
        }
    });
    if matches {
        Ok(())
    } else {
        Err(explain(certificate, host, go))
    }
}

/// The text of `HostnameError`.
fn explain(certificate: &Certificate, host: &str, go: GoBuild) -> HostnameError {
    let common_name = &certificate.subject.common_name;
    let host = host.to_owned();
    if certificate.subject_alternative_name().is_none() {
        // Up to Go 1.16 the common name must look like a host name.
        let relies = matches_pattern(common_name, &host.to_ascii_lowercase())
            && (!go.names_the_common_name_override() || is_host_name(common_name, true, go));
        if relies {
            return HostnameError::CommonNameOnly {
                names_override: go.names_the_common_name_override(),
            };
        }
    }
    if address::parse(&host).is_some() {
        if certificate.addresses.is_empty() {
            return HostnameError::NoAddresses { host };
        }
        let count = certificate.addresses.len();
        if go.counts_many_names() && count >= 100 {
            return HostnameError::Many {
                host,
                count,
                addresses: true,
            };
        }
        let names = certificate
            .addresses
            .iter()
            .map(|bytes| address::text(bytes))
            .collect();
        return HostnameError::Other { host, names };
    }
    let names = certificate.dns_names.clone();
    if go.counts_many_names() && names.len() >= 100 {
        return HostnameError::Many {
            host,
            count: names.len(),
            addresses: false,
        };
    }
    if names.join(", ").is_empty() {
        return HostnameError::NoNames { host };
    }
    HostnameError::Other { host, names }
}

/// `validHostname`
fn is_host_name(host: &str, pattern: bool, go: GoBuild) -> bool {
    let host = if pattern {
        host
    } else {
        host.strip_suffix('.').unwrap_or(host)
    };
    if host.is_empty() || host == "*" && go.refuses_lone_star() {
        return false;
    }
    host.split('.').enumerate().all(|(position, label)| {
        if label.is_empty() {
            return false;
        }
        if pattern && position == 0 && label == "*" {
            return true;
        }
        !label.starts_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

/// `matchExactly`
fn matches_exactly(one: &str, other: &str) -> bool {
    !matches!(one, "" | ".") && !matches!(other, "" | ".") && one.eq_ignore_ascii_case(other)
}

/// `matchHostnames`: `*` as the leftmost label stands for one label.
fn matches_pattern(pattern: &str, host: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    if pattern.is_empty() || host.is_empty() {
        return false;
    }
    let pattern: Vec<&str> = pattern.split('.').collect();
    let host: Vec<&str> = host.split('.').collect();
    pattern.len() == host.len()
        && pattern
            .iter()
            .zip(&host)
            .enumerate()
            .all(|(position, (wanted, label))| position == 0 && *wanted == "*" || wanted == label)
}
