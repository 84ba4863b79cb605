//! The cluster that a member is started into: what `--initial-cluster` says,
//! and whether it fits the member's own name and URLs (`embed/config.go`,
//! `PeerURLsMapAndToken`; `server/config/config.go`, `VerifyBootstrap`).
//! Names are looked up nowhere.

use std::collections::BTreeMap;

use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::failure::StartFailure;
use crate::etcd::judge::reading::host::is_never_found;
use crate::etcd::judge::reading::server_configuration::{
    DEFAULT_NAME, DEFAULT_PEER_URL, ServerConfiguration,
};
use crate::etcd::judge::reading::urls::parse_urls;
use go_x509::address::{self, split_host_port};
use go_x509::quote::quote;
use go_x509::url::Url;

/// What `--initial-cluster` says, or what etcd makes of its absence
/// (`InitialClusterFromName`, `UpdateDefaultClusterFromName`).
fn text(configuration: &ServerConfiguration) -> String {
    if let Some(given) = &configuration.initial_cluster {
        return given.clone();
    }
    if configuration.name == DEFAULT_NAME {
        return format!("{DEFAULT_NAME}={DEFAULT_PEER_URL}");
    }
    let name = if configuration.name.is_empty() {
        DEFAULT_NAME
    } else {
        &configuration.name
    };
    let members: Vec<String> = configuration
        .advertise_peer_urls
        .iter()
        .map(|url| format!("{name}={}", url.text))
        .collect();
    members.join(",")
}

fn refused(cause: Cause, words: impl Into<String>) -> StartFailure {
    StartFailure::new(cause, words, None)
}

/// `types.NewURLsMap`: the URLs of each name, sorted.
fn members(text: &str, build: &EtcdBuild) -> Result<BTreeMap<String, Vec<Url>>, StartFailure> {
    let mut members: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for member in text.split(',').filter(|member| !member.is_empty()) {
        let (name, url) = member.split_once('=').unwrap_or((member, ""));
        members.entry(name.to_owned()).or_default().push(url);
    }
    let read = |(name, urls): (String, Vec<&str>)| {
        let urls = parse_urls(&urls.join(","), build).map_err(|reason| {
            let words = format!("error setting up initial cluster: {reason}");
            let text = text.to_owned();
            refused(Cause::InitialCluster { text }, words)
        })?;
        Ok((name, urls))
    };
    members.into_iter().map(read).collect()
}

/// The URLs with what can be told of their hosts without asking: an address in
/// its usual spelling, a name in its own letters (`netutil.resolveURL`).
fn resolved(urls: &[Url]) -> Vec<String> {
    let mut resolved: Vec<String> = urls
        .iter()
        .map(|url| {
            let address = split_host_port(&url.host)
                .ok()
                .and_then(|(host, port)| Some((address::parse(host)?, port)));
            address.map_or_else(
                || url.text.clone(),
                |(address, port)| format!("{}://{address}:{port}", url.scheme),
            )
        })
        .collect();
    resolved.sort();
    resolved
}

/// Whether two lists of URLs may mean the same: a name other than `localhost`
/// could have any address.
fn may_be_equal(one: &[Url], other: &[Url]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let (one, other) = (resolved(one), resolved(other));
    let could_be = |text: &str| {
        let host = text
            .split_once("://")
            .and_then(|(_, host)| split_host_port(host).ok())
            .map_or("", |(host, _)| host);
        host != "localhost" && address::parse(host).is_none() && !is_never_found(host)
    };
    let port_and_scheme = |text: &str| {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_owned());
        (
            scheme,
            text.rsplit_once(':').map(|(_, port)| port.to_owned()),
        )
    };
    one == other
        || one.iter().zip(&other).all(|(one, other)| {
            one == other
                || (could_be(one) || could_be(other))
                    && port_and_scheme(one) == port_and_scheme(other)
        })
}

/// Holds the cluster against the member.
///
/// # Errors
///
/// etcd ends: no such member, other URLs, or a cluster that can't be read.
pub fn check(configuration: &ServerConfiguration, build: &EtcdBuild) -> Result<(), StartFailure> {
    if !configuration.discovery.is_empty() || !configuration.discovery_endpoints.is_empty() {
        return Ok(());
    }
    if !configuration.discovery_srv.is_empty() {
        return check_discovery(configuration);
    }
    let text = text(configuration);
    let members = members(&text, build)?;
    let name = &configuration.name;
    let Some(urls) = members.get(name) else {
        let words = format!(
            "couldn't find local name {} in the initial cluster configuration",
            quote(name)
        );
        return Err(refused(
            Cause::NameNotInCluster { name: name.clone() },
            words,
        ));
    };
    if configuration.joins_existing() {
        let others = members.keys().any(|member| member != name);
        return if others {
            Ok(())
        } else {
            let words = "cannot fetch cluster info from peer urls: could not retrieve cluster \
                         information from the given URLs";
            Err(refused(Cause::NobodyToJoin, words))
        };
    }
    let advertised = &configuration.advertise_peer_urls;
    if !may_be_equal(advertised, urls) {
        let cause = Cause::AdvertisedNotInCluster { name: name.clone() };
        return Err(refused(cause, mismatch(name, advertised, urls)));
    }
    let mut all: Vec<&str> = members
        .values()
        .flatten()
        .map(|url| url.text.as_str())
        .collect();
    all.sort_unstable();
    if all
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one == other))
    {
        let mut pairs: Vec<String> = members
            .iter()
            .flat_map(|(name, urls)| urls.iter().map(move |url| format!("{name}={}", url.text)))
            .collect();
        pairs.sort();
        let words = format!("initial cluster {} has duplicate url", pairs.join(","));
        return Err(refused(Cause::InitialCluster { text }, words));
    }
    Ok(())
}

/// The name under which the cluster has the URLs that this member advertises, where that
/// is another one than the member's own.
#[must_use]
pub fn name_of_advertised(
    configuration: &ServerConfiguration,
    build: &EtcdBuild,
) -> Option<String> {
    let members = members(&text(configuration), build).ok()?;
    let advertised: Vec<&str> = texts(&configuration.advertise_peer_urls);
    let own = |(name, urls): (String, Vec<Url>)| {
        (name != configuration.name && texts(&urls) == advertised).then_some(name)
    };
    members.into_iter().find_map(own)
}

/// URLs as Go writes them, in one order.
fn texts(urls: &[Url]) -> Vec<&str> {
    let mut texts: Vec<&str> = urls.iter().map(|url| url.text.as_str()).collect();
    texts.sort_unstable();
    texts
}

/// `--discovery-srv`: what DNS would answer can't be told, but for a domain
/// that it never has.
fn check_discovery(configuration: &ServerConfiguration) -> Result<(), StartFailure> {
    let domain = &configuration.discovery_srv;
    if !is_never_found(domain) {
        return Ok(());
    }
    let cause = Cause::NotDiscovered {
        domain: domain.clone(),
    };
    Err(refused(cause, "error setting up initial cluster: "))
}

/// etcd's words for URLs that are not the cluster's. What it says of the
/// comparison stands behind, in parentheses.
fn mismatch(name: &str, advertised: &[Url], cluster: &[Url]) -> String {
    let texts = |urls: &[Url]| -> Vec<String> { urls.iter().map(|url| url.text.clone()).collect() };
    let (advertised, cluster) = (texts(advertised), texts(cluster));
    let missing: Vec<String> = cluster
        .iter()
        .filter(|url| !advertised.contains(url))
        .map(|url| format!("{name}={url}"))
        .collect();
    if !missing.is_empty() {
        return format!(
            "--initial-cluster has {} but missing from --initial-advertise-peer-urls={}",
            missing.join(","),
            advertised.join(",")
        );
    }
    let missing: Vec<&str> = advertised
        .iter()
        .filter(|url| !cluster.contains(url))
        .map(String::as_str)
        .collect();
    let own: Vec<String> = advertised
        .iter()
        .map(|url| format!("{name}={url}"))
        .collect();
    format!(
        "--initial-advertise-peer-urls has {} but missing from --initial-cluster={}",
        missing.join(","),
        own.join(",")
    )
}
