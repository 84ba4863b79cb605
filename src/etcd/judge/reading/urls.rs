//! Lists of URLs, as etcd takes them for its flags, its config file and the members
//! of a cluster (`pkg/types/urls.go`).

use go_x509::address::split_host_port;
use go_x509::url::{self, Url, UrlError};

use crate::etcd::facts::release::EtcdBuild;

/// Why a text is no list of URLs (`types.NewURLs`), in etcd's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlsError {
    /// Go can't read one.
    #[error(transparent)]
    Url(UrlError),
    /// One has no port.
    #[error("URL address does not have the form \"host:port\": {url}")]
    NoPort {
        /// As it was given.
        url: String,
    },
    /// One has a path.
    #[error("URL must not contain a path: {url}")]
    Path {
        /// As it was given.
        url: String,
    },
    /// One has another scheme than etcd's four.
    #[error("URL scheme must be http, https, unix, or unixs: {url}")]
    Scheme {
        /// As it was given.
        url: String,
    },
}

/// `types.NewURLs`, of this build.
pub(crate) fn parse_urls(text: &str, build: &EtcdBuild) -> Result<Vec<Url>, UrlsError> {
    let mut urls = text
        .split(',')
        .map(|part| parse_url(part.trim(), build))
        .collect::<Result<Vec<_>, _>>()?;
    urls.sort_by(|one, other| one.text.cmp(&other.text));
    Ok(urls)
}

fn parse_url(text: &str, build: &EtcdBuild) -> Result<Url, UrlsError> {
    let url = url::parse_as(text, build.go).map_err(UrlsError::Url)?;
    let given = || text.to_owned();
    let is_socket = match url.scheme.as_str() {
        "http" | "https" => false,
        "unix" | "unixs" => true,
        _ => return Err(UrlsError::Scheme { url: given() }),
    };
    if is_socket && build.takes_any_path_of_a_socket() {
        return Ok(url);
    }
    if split_host_port(&url.host).is_err() {
        return Err(UrlsError::NoPort { url: given() });
    }
    if !url.path.is_empty() {
        return Err(UrlsError::Path { url: given() });
    }
    Ok(url)
}
