//! Where etcdctl connects, of all endpoints the first: with TLS or without, at which
//! address, and for which name the server's certificate must be.

use super::ClientConfiguration;
use crate::etcd::judge::reading::host::is_never_found;
use go_x509::address::{self, split_host_port};
use go_x509::url;
use go_x509::version::GoBuild;

/// What etcdctl dials where it is told nothing.
pub(crate) const DEFAULT_ENDPOINT: &str = "127.0.0.1:2379";

/// Where etcdctl is to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// As it was given.
    pub text: String,
    /// Host and port, as etcdctl's Go takes them out of it.
    pub address: String,
}

impl Endpoint {
    pub(super) fn read(text: &str, go: GoBuild) -> Self {
        let url = text.contains("://").then(|| url::parse_as(text, go).ok());
        Self {
            text: text.to_owned(),
            address: url
                .flatten()
                .map_or_else(|| text.to_owned(), |url| url.host),
        }
    }
}

/// Whether etcdctl uses TLS with an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// No TLS.
    Plain,
    /// TLS with what the flags say.
    Tls,
    /// TLS with Go's defaults: `https://` without any TLS option.
    DefaultTls,
}

impl ClientConfiguration {
    /// Whether any TLS option was given, or TLS asked for.
    #[must_use]
    pub const fn has_tls(&self) -> bool {
        !self.cert_file.is_empty()
            || !self.key_file.is_empty()
            || !self.ca_file.is_empty()
            || !self.server_name.is_empty()
            || !self.insecure_transport
            || self.skip_verification && self.skipping_means_tls
    }

    /// The first endpoint, as it was given.
    #[must_use]
    pub fn first_endpoint(&self) -> &str {
        let first = self.endpoints.first();
        first.map_or("", |endpoint| endpoint.text.as_str())
    }

    /// How etcdctl talks to its first endpoint (`credentialsForEndpoint`).
    #[must_use]
    pub fn transport(&self) -> Transport {
        let endpoint = self.first_endpoint();
        if endpoint.starts_with("http://") {
            Transport::Plain
        } else if self.has_tls() {
            Transport::Tls
        } else if endpoint.starts_with("https://") || endpoint.starts_with("unixs:") {
            Transport::DefaultTls
        } else {
            Transport::Plain
        }
    }

    /// The path of the Unix socket that the first endpoint is
    /// (`client/v3/internal/endpoint`, `translateEndpoint`).
    #[must_use]
    pub fn socket(&self) -> Option<&str> {
        let endpoint = self.first_endpoint();
        let mut schemes = ["unix:", "unixs:"].iter();
        let path = schemes.find_map(|scheme| endpoint.strip_prefix(scheme))?;
        Some(path.strip_prefix("//").unwrap_or(path))
    }

    /// What keeps the first endpoint from being dialled by TCP, whatever listens:
    /// Go's words (`client/v3/internal/endpoint`, `net.Dial`). Names are looked up
    /// nowhere; only what can be no name is refused.
    #[must_use]
    pub fn dial_error(&self) -> Option<String> {
        let endpoint = self.first_endpoint();
        let scheme = endpoint.split_once("://").map(|(scheme, _)| scheme);
        if scheme.is_some_and(|scheme| {
            !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https")
        }) {
            return Some(format!(
                "dial tcp: address {endpoint}: too many colons in address"
            ));
        }
        let (address, _) = self.first_address();
        if let Some(text) = address_error(&address) {
            return Some(text);
        }
        let (host, port) = split_host_port(&address).ok()?;
        let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && port.trim_start_matches('0').parse::<u16>().is_err() {
            return Some(format!("dial tcp: address {port}: invalid port"));
        }
        // `net.parseIPZone`: an IPv6 address with a zone is no name either.
        let plain = match host.split_once('%') {
            Some((address, zone)) if address.contains(':') && !zone.is_empty() => address,
            _ => host,
        };
        let unknown = !host.is_empty()
            && address::parse(plain).is_none()
            && (is_no_name(host) || is_never_found(host));
        unknown.then(|| format!("dial tcp: lookup {host}: no such host"))
    }

    /// Host and port of the first endpoint, and the host that the server's
    /// certificate must be for: of a Unix socket the name of its file, up to what
    /// gRPC takes for a port.
    #[must_use]
    pub fn first_address(&self) -> (String, String) {
        if let Some(path) = self.socket() {
            let file = path.rsplit('/').next().unwrap_or(path);
            let name = file.rsplit_once(':').map_or(file, |(name, _)| name);
            let name = if self.server_name.is_empty() {
                name
            } else {
                &self.server_name
            };
            return (path.to_owned(), name.to_owned());
        }
        let first = self.endpoints.first();
        let address = first.map_or_else(String::new, |endpoint| endpoint.address.clone());
        let host = split_host_port(&address)
            .map_or(address.as_str(), |(host, _)| host)
            .to_owned();
        let name = if self.server_name.is_empty() {
            host
        } else {
            self.server_name.clone()
        };
        (address, name)
    }
}

/// Go's words for an address without host and port (`net.SplitHostPort`).
fn address_error(address: &str) -> Option<String> {
    let reason = if split_host_port(address).is_ok() {
        return None;
    } else if address
        .rsplit_once(':')
        .is_some_and(|(host, _)| host.contains(':'))
        && !address.starts_with('[')
    {
        "too many colons in address"
    } else {
        "missing port in address"
    };
    Some(format!("dial tcp: address {address}: {reason}"))
}

/// Whether Go asks no resolver for such a name (`net.isDomainName`).
fn is_no_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let odd = |byte: u8| !(byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    name.split('.').any(str::is_empty)
        || name.bytes().any(odd)
        || name
            .split('.')
            .all(|label| label.bytes().all(|byte| byte.is_ascii_digit()))
}
