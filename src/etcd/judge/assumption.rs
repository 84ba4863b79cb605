//! What a verdict takes for granted, because no command line, file or
//! certificate can tell it: what DNS answers, and whether others run.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::etcd::judge::reading::client_configuration::ClientConfiguration;
use crate::etcd::judge::reading::server_configuration::ServerConfiguration;
use go_x509::address::{self, split_host_port};

/// Something that must hold for the verdict to be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Assumption {
    /// `--discovery`: the service lets the member in.
    DiscoveryService {
        /// Its URL.
        url: String,
    },
    /// `--discovery-srv` of etcd: DNS names the members.
    MembersByDns {
        /// The domain.
        domain: String,
    },
    /// `--discovery-srv` of etcdctl: DNS names the endpoints.
    EndpointsByDns {
        /// The domain.
        domain: String,
    },
    /// The other members of the cluster run.
    OtherMembers {
        /// Their names.
        names: Vec<String>,
    },
    /// A proxy: etcd lets it in, and nobody is asked what the proxy's clients meet.
    ProxyAlone,
    /// With authentication on: the password is the user's.
    Password {
        /// The user.
        user: String,
    },
    /// A host name leads to the machine on which etcd listens.
    HostName {
        /// The name.
        host: String,
    },
}

sentences! { Assumption {
    Self::DiscoveryService { url } => "the discovery service at {url} lets the member in";
    Self::MembersByDns { domain } => "DNS has _etcd-server-ssl._tcp.{domain} or _etcd-server._tcp.{domain} records that name this member";
    Self::EndpointsByDns { domain } => "DNS has _etcd-client-ssl._tcp.{domain} records that lead to this etcd";
    Self::OtherMembers { names } => "the other members answer: {}", names.join(", ");
    Self::ProxyAlone => "the etcd that the proxy dials lets it in; what the proxy's own clients meet is not judged";
    Self::Password { user } => "where authentication is on, the password is {user}'s";
    Self::HostName { host } => "{host} leads to the machine of this etcd";
} }

/// What is taken for granted of a server that starts.
#[must_use]
pub fn of_server(configuration: &ServerConfiguration) -> Vec<Assumption> {
    let mut assumptions = Vec::new();
    if !configuration.discovery.is_empty() {
        let url = configuration.discovery.clone();
        assumptions.push(Assumption::DiscoveryService { url });
    }
    if !configuration.discovery_srv.is_empty() {
        let domain = configuration.discovery_srv.clone();
        assumptions.push(Assumption::MembersByDns { domain });
    }
    let cluster = configuration.initial_cluster.as_deref().unwrap_or_default();
    let names: BTreeSet<&str> = cluster
        .split(',')
        .filter_map(|member| member.split_once('='))
        .map(|(name, _)| name)
        .filter(|name| *name != configuration.name)
        .collect();
    if !names.is_empty() {
        let names = names.into_iter().map(str::to_owned).collect();
        assumptions.push(Assumption::OtherMembers { names });
    }
    assumptions
}

/// What is taken for granted of a client that connects.
#[must_use]
pub fn of_client(configuration: &ClientConfiguration) -> Vec<Assumption> {
    let mut assumptions = Vec::new();
    if !configuration.server_name.is_empty() {
        let domain = configuration.server_name.clone();
        assumptions.push(Assumption::EndpointsByDns { domain });
    }
    let (address, _) = configuration.first_address();
    let host = split_host_port(&address).map_or("", |(host, _)| host);
    let plain = host.strip_suffix('.').unwrap_or(host);
    if !plain.is_empty()
        && address::parse(plain).is_none()
        && !plain.eq_ignore_ascii_case("localhost")
        && configuration.dial_error().is_none()
    {
        let host = host.to_owned();
        assumptions.push(Assumption::HostName { host });
    }
    if let Some(user) = configuration.logs_in_as() {
        let user = user.to_owned();
        assumptions.push(Assumption::Password { user });
    }
    assumptions
}
