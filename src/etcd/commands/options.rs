//! The options that a member of a deployment is started with. Every form that
//! etcd is run in renders that one list.

use crate::etcd::deployment::{ClusterState, Deployment, Member, Tls};
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::Series;

/// What an option is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// On. The flag stands alone; the environment says `true`.
    On,
    /// Off, where on is etcd's default.
    Off,
    /// A number.
    Number(u32),
    /// A duration, in seconds.
    Seconds(u32),
    /// A name, a path, or a list that etcd wants joined by commas.
    Text(String),
}

impl Value {
    /// The value as one word.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::On => "true".to_owned(),
            Self::Off => "false".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Seconds(seconds) => format!("{seconds}s"),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The options that a member is started with, in the order they are written.
/// None that its series lacks.
#[must_use]
pub fn options(deployment: &Deployment, member: &Member) -> Vec<(EtcdOption, Value)> {
    use EtcdOption as O;
    let mut options = Vec::new();
    let mut set = |option: O, value: Value| {
        if option.is_in(deployment.series) {
            options.push((option, value));
        }
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let list = |list: &[String]| Value::Text(list.join(","));
    if let Some(name) = &member.name {
        set(O::Name, text(name));
    }
    if let Some(directory) = &member.data_directory {
        set(O::DataDirectory, text(directory));
    }
    let Tls {
        certificate,
        key,
        trusted_ca,
        revocation_list,
    } = &member.client_tls;
    set(O::CertificateFile, text(certificate));
    set(O::KeyFile, text(key));
    set(O::AdvertiseClientUrls, list(&member.advertise_client_urls));
    set(O::ClientCertificateAuthentication, Value::On);
    set(O::TrustedCaFile, text(trusted_ca));
    if let Some(own) = &member.gateway {
        set(O::ClientCertificateFile, text(&own.certificate));
        set(O::ClientKeyFile, text(&own.key));
    }
    if member.without_gateway {
        set(O::EnableGrpcGateway, Value::Off);
    }
    set(O::ListenClientUrls, list(&member.listen_client_urls));
    if let Some(revoked) = revocation_list {
        set(O::ClientRevocationListFile, text(revoked));
    }
    if let Some(peer) = &member.peer {
        set(O::ListenPeerUrls, list(&peer.listen_urls));
        set(O::InitialAdvertisePeerUrls, list(&peer.advertise_urls));
        set(O::PeerCertificateFile, text(&peer.tls.certificate));
        set(O::PeerKeyFile, text(&peer.tls.key));
        set(O::PeerClientCertificateAuthentication, Value::On);
        set(O::PeerTrustedCaFile, text(&peer.tls.trusted_ca));
        if let Some(revoked) = &peer.tls.revocation_list {
            set(O::PeerRevocationListFile, text(revoked));
        }
    }
    if let Some(cluster) = &deployment.cluster {
        set(O::InitialCluster, Value::Text(initial_cluster(deployment)));
        if let Some(token) = &cluster.token {
            set(O::InitialClusterToken, text(token));
        }
        // `new` is etcd's default. kubeadm leaves it out, and has no token
        // either; who names a token says `new` as well.
        match cluster.state {
            ClusterState::Existing => set(O::InitialClusterState, text("existing")),
            ClusterState::New if cluster.token.is_some() => {
                set(O::InitialClusterState, text("new"));
            }
            ClusterState::New => {}
        }
    }
    if !member.metrics_urls.is_empty() {
        set(O::ListenMetricsUrls, list(&member.metrics_urls));
    }
    if let Some(count) = member.snapshot_count {
        set(O::SnapshotCount, Value::Number(count));
    }
    if deployment.kubeadm {
        let gate = text("InitialCorruptCheck=true");
        set(O::FeatureGates, gate);
        set(O::WatchProgressNotifyInterval, Value::Seconds(5));
        // Before 3.6 kubeadm gives both under their names of then, and none to 3.4.
        if deployment.series == Series::V3_5 {
            set(O::ExperimentalInitialCorruptCheck, Value::On);
            let interval = Value::Seconds(5);
            set(O::ExperimentalWatchProgressNotifyInterval, interval);
        }
    }
    options
}

/// `--initial-cluster`: each member's name and where it is found by the others,
/// once for each URL.
fn initial_cluster(deployment: &Deployment) -> String {
    let entries = deployment.members.iter().flat_map(|member| {
        let name = member.name.as_deref().unwrap_or(DEFAULT_NAME);
        let urls = member.peer.iter().flat_map(|peer| &peer.advertise_urls);
        urls.map(move |url| format!("{name}={url}"))
    });
    entries.collect::<Vec<_>>().join(",")
}

/// etcd's own `--name`.
pub(super) const DEFAULT_NAME: &str = "default";

/// A list of options as words for a program: `etcd` and its flags, not quoted
/// for anybody.
pub(super) fn words(options: &[(EtcdOption, Value)]) -> Vec<String> {
    let flags = options.iter().map(|(option, value)| match value {
        Value::On => option.flag().to_owned(),
        value => format!("{}={}", option.flag(), value.text()),
    });
    std::iter::once("etcd".to_owned()).chain(flags).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::{commands::examples, deployment::Pair};

    #[test]
    fn a_flag_that_a_series_lacks_is_never_among_its_options() {
        for series in Series::ALL {
            for mut deployment in examples::all() {
                deployment.series = series;
                for member in &deployment.members {
                    for (option, _) in options(&deployment, member) {
                        assert!(option.is_in(series), "{series} {}", option.flag());
                    }
                }
            }
        }
    }

    #[test]
    fn a_gateway_with_a_certificate_of_its_own_gets_it_where_etcd_has_the_flags() {
        let pair = |name: &str| Pair {
            certificate: format!("/pki/{name}.crt"),
            key: format!("/pki/{name}.key"),
        };
        for series in Series::ALL {
            let mut deployment = examples::tutorial();
            deployment.series = series;
            deployment.members[0].gateway = Some(pair("gateway"));
            deployment.members[0].without_gateway = series == Series::V3_4;
            let words = words(&options(&deployment, &deployment.members[0]));
            let has = |word: &str| words.iter().any(|one| one == word);
            let flags = series != Series::V3_4;
            assert_eq!(
                has("--client-cert-file=/pki/gateway.crt"),
                flags,
                "{series}"
            );
            assert_eq!(has("--client-key-file=/pki/gateway.key"), flags, "{series}");
            assert_eq!(has("--enable-grpc-gateway=false"), !flags, "{series}");
        }
    }

    #[test]
    fn the_initial_cluster_names_every_member() {
        let deployment = examples::cluster();
        let options = options(&deployment, &deployment.members[0]);
        let cluster = options
            .iter()
            .find(|(option, _)| *option == EtcdOption::InitialCluster)
            .map(|(_, value)| value.text());
        assert_eq!(
            cluster.as_deref(),
            Some("n1=https://10.0.0.1:2380,n2=https://10.0.0.2:2380,n3=https://10.0.0.3:2380")
        );
    }
}
