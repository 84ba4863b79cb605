//! An etcd that has started: where it listens, and with what.

use go_x509::address::{self, split_host_port};
use go_x509::time::Time;
use go_x509::url::Url;

use super::case::Case;
use super::connection::{AllowedNames, Listener};
use super::reading::server_configuration::ServerConfiguration;
use super::start::{Loaded, is_secure};
use crate::etcd::facts::release::EtcdBuild;

/// A running etcd.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) configuration: &'a ServerConfiguration,
    /// The files of its client port; `None` where that has no TLS, or etcd made
    /// the certificate itself.
    pub(super) loaded: Option<&'a Loaded>,
}

impl<'a> Running<'a> {
    pub(super) fn now(&self) -> Time {
        Time::utc(self.case.now)
    }

    pub(super) const fn build(&self) -> &'a EtcdBuild {
        &self.case.etcd.build
    }

    /// Its client port.
    pub(super) fn listener(&self, loaded: &'a Loaded) -> Listener<'a> {
        let settings = &self.configuration.client;
        Listener {
            build: self.build(),
            allowed: AllowedNames::of(settings),
            address_check: None,
            key_pair: &loaded.key_pair,
            client_roots: loaded.client_roots.as_ref(),
            revocation_list: (!settings.crl_file.is_empty())
                .then(|| self.case.etcd.files.open(&settings.crl_file)),
            allows_tls13: self.configuration.allows_tls13(),
            allows_tls12: self.configuration.tls_min_version != "TLS1.3",
            cipher_suites: &self.configuration.cipher_suites,
        }
    }

    /// The listener with the port of an endpoint. One port can serve both, with
    /// TLS and without: then the one that fits is taken.
    pub(super) fn listener_at(&self, address: &str, secure: bool) -> Option<&'a Url> {
        at(&self.configuration.listen_client_urls, address, secure)
    }

    /// The listener, whatever it answers.
    pub(super) fn any_listener_at(&self, address: &str, secure: bool) -> Option<&'a Url> {
        self.listener_at(address, secure)
            .or_else(|| self.http_listener_at(address, secure))
    }

    /// The listener at a Unix socket, whose path is the URL's host and path
    /// (`embed/etcd.go`, `configureClientListeners`).
    pub(super) fn listener_at_socket(&self, path: &str) -> Option<&'a Url> {
        let mut urls = self.configuration.listen_client_urls.iter();
        urls.find(|url| {
            url.scheme.starts_with("unix")
                && path.strip_prefix(url.host.as_str()) == Some(url.path.as_str())
        })
    }

    /// The listener that answers HTTP alone.
    pub(super) fn http_listener_at(&self, address: &str, secure: bool) -> Option<&'a Url> {
        at(&self.configuration.listen_http_urls, address, secure)
    }
}

fn at<'u>(urls: &'u [Url], address: &str, secure: bool) -> Option<&'u Url> {
    let (host, port) = split_host_port(address).ok()?;
    // An address with a zone is one of a link's; those to listen on have none.
    if host.contains(':') && host.contains('%') {
        return None;
    }
    let there = |url: &&Url| {
        let Ok((listens, its_port)) = split_host_port(&url.host) else {
            return false;
        };
        let number = |port: &str| port.parse::<u16>().ok();
        if number(port).is_none() || number(port) != number(its_port) {
            return false;
        }
        match (address::parse(host), address::parse(listens)) {
            (Some(wanted), Some(listens)) => {
                // Who dials 0.0.0.0 gets to the own machine.
                listens.is_unspecified()
                    || wanted.is_unspecified() && listens.to_canonical().is_loopback()
                    || address::equal(wanted, listens)
            }
            _ => true,
        }
    };
    let urls = || urls.iter().filter(there);
    urls()
        .find(|url| is_secure(&url.scheme) == secure)
        .or_else(|| urls().next())
}
