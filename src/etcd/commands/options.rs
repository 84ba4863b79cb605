//! etcd's options: how each is spelled as a flag, as an environment variable
//! and in the config file, and which release has it; and the options that a
//! member of a deployment is started with. Every form that etcd is run in
//! renders that one list.
//!
//! The table is etcd's own `embed/config.go` and `etcdmain/config.go` from 3.4
//! to 3.7; `tests/forms.rs` holds it against `etcd --help` of real builds.

use crate::etcd::deployment::{ClusterState, Deployment, Member, Tls};
use crate::etcd::facts::release::Series;

/// An option of etcd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EtcdOption {
    /// `--name`.
    Name,
    /// `--data-dir`.
    DataDirectory,
    /// `--cert-file`.
    CertificateFile,
    /// `--key-file`.
    KeyFile,
    /// `--advertise-client-urls`.
    AdvertiseClientUrls,
    /// `--client-cert-auth`.
    ClientCertificateAuthentication,
    /// `--trusted-ca-file`.
    TrustedCaFile,
    /// `--listen-client-urls`.
    ListenClientUrls,
    /// `--client-crl-file`.
    ClientRevocationListFile,
    /// `--client-cert-file`: what etcd shows where it is a client of itself.
    ClientCertificateFile,
    /// `--client-key-file`.
    ClientKeyFile,
    /// `--client-cert-allowed-hostname`.
    ClientCertificateAllowedHostname,
    /// `--auto-tls`.
    AutoTls,
    /// `--listen-peer-urls`.
    ListenPeerUrls,
    /// `--initial-advertise-peer-urls`.
    InitialAdvertisePeerUrls,
    /// `--peer-cert-file`.
    PeerCertificateFile,
    /// `--peer-key-file`.
    PeerKeyFile,
    /// `--peer-client-cert-auth`.
    PeerClientCertificateAuthentication,
    /// `--peer-trusted-ca-file`.
    PeerTrustedCaFile,
    /// `--peer-crl-file`.
    PeerRevocationListFile,
    /// `--peer-client-cert-file`.
    PeerClientCertificateFile,
    /// `--peer-client-key-file`.
    PeerClientKeyFile,
    /// `--peer-cert-allowed-cn`.
    PeerCertificateAllowedCommonName,
    /// `--peer-cert-allowed-hostname`.
    PeerCertificateAllowedHostname,
    /// `--peer-auto-tls`.
    PeerAutoTls,
    /// `--peer-skip-client-san-verification`.
    PeerSkipClientSanVerification,
    /// `--experimental-peer-skip-client-san-verification`, its name before 3.6.
    ExperimentalPeerSkipClientSanVerification,
    /// `--initial-cluster`.
    InitialCluster,
    /// `--initial-cluster-token`.
    InitialClusterToken,
    /// `--initial-cluster-state`.
    InitialClusterState,
    /// `--listen-metrics-urls`.
    ListenMetricsUrls,
    /// `--snapshot-count`.
    SnapshotCount,
    /// `--tls-min-version`.
    TlsMinimumVersion,
    /// `--tls-max-version`.
    TlsMaximumVersion,
    /// `--cipher-suites`.
    CipherSuites,
    /// `--self-signed-cert-validity`.
    SelfSignedCertificateValidity,
}

/// Where an option stands in etcd's config file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigKey {
    /// At the top, under the flag's own name.
    Top,
    /// In `client-transport-security`, under this name.
    ClientTransport(&'static str),
    /// In `peer-transport-security`, under this name.
    PeerTransport(&'static str),
    /// Nowhere: flag and environment variable only.
    Nowhere,
}

/// Which releases of a series have an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// None.
    Absent,
    /// From this patch release on.
    FromPatch(u8),
    /// All.
    Always,
}

/// What is known of an option.
struct Facts {
    flag: &'static str,
    config: ConfigKey,
    /// By series, 3.4 first.
    releases: [Availability; 4],
}

impl EtcdOption {
    /// All options of the table.
    pub const ALL: [Self; 36] = [
        Self::Name,
        Self::DataDirectory,
        Self::CertificateFile,
        Self::KeyFile,
        Self::AdvertiseClientUrls,
        Self::ClientCertificateAuthentication,
        Self::TrustedCaFile,
        Self::ListenClientUrls,
        Self::ClientRevocationListFile,
        Self::ClientCertificateFile,
        Self::ClientKeyFile,
        Self::ClientCertificateAllowedHostname,
        Self::AutoTls,
        Self::ListenPeerUrls,
        Self::InitialAdvertisePeerUrls,
        Self::PeerCertificateFile,
        Self::PeerKeyFile,
        Self::PeerClientCertificateAuthentication,
        Self::PeerTrustedCaFile,
        Self::PeerRevocationListFile,
        Self::PeerClientCertificateFile,
        Self::PeerClientKeyFile,
        Self::PeerCertificateAllowedCommonName,
        Self::PeerCertificateAllowedHostname,
        Self::PeerAutoTls,
        Self::PeerSkipClientSanVerification,
        Self::ExperimentalPeerSkipClientSanVerification,
        Self::InitialCluster,
        Self::InitialClusterToken,
        Self::InitialClusterState,
        Self::ListenMetricsUrls,
        Self::SnapshotCount,
        Self::TlsMinimumVersion,
        Self::TlsMaximumVersion,
        Self::CipherSuites,
        Self::SelfSignedCertificateValidity,
    ];

    fn facts(self) -> Facts {
        use Availability::{Absent, Always, FromPatch};
        use ConfigKey::{ClientTransport, Nowhere, PeerTransport, Top};
        const EVER: [Availability; 4] = [Always; 4];
        const FROM_3_5: [Availability; 4] = [Absent, Always, Always, Always];
        const TLS_VERSIONS: [Availability; 4] = [FromPatch(25), FromPatch(8), Always, Always];
        let (flag, config, releases) = match self {
            Self::Name => ("name", Top, EVER),
            Self::DataDirectory => ("data-dir", Top, EVER),
            Self::CertificateFile => ("cert-file", ClientTransport("cert-file"), EVER),
            Self::KeyFile => ("key-file", ClientTransport("key-file"), EVER),
            Self::AdvertiseClientUrls => ("advertise-client-urls", Top, EVER),
            Self::ClientCertificateAuthentication => (
                "client-cert-auth",
                ClientTransport("client-cert-auth"),
                EVER,
            ),
            Self::TrustedCaFile => ("trusted-ca-file", ClientTransport("trusted-ca-file"), EVER),
            Self::ListenClientUrls => ("listen-client-urls", Top, EVER),
            Self::ClientRevocationListFile => ("client-crl-file", Nowhere, EVER),
            Self::ClientCertificateFile => (
                "client-cert-file",
                ClientTransport("client-cert-file"),
                FROM_3_5,
            ),
            Self::ClientKeyFile => (
                "client-key-file",
                ClientTransport("client-key-file"),
                FROM_3_5,
            ),
            // The config file's keys for names came with 3.5.14: of no use to
            // who knows the series only.
            Self::ClientCertificateAllowedHostname => {
                ("client-cert-allowed-hostname", Nowhere, EVER)
            }
            Self::AutoTls => ("auto-tls", ClientTransport("auto-tls"), EVER),
            Self::ListenPeerUrls => ("listen-peer-urls", Top, EVER),
            Self::InitialAdvertisePeerUrls => ("initial-advertise-peer-urls", Top, EVER),
            Self::PeerCertificateFile => ("peer-cert-file", PeerTransport("cert-file"), EVER),
            Self::PeerKeyFile => ("peer-key-file", PeerTransport("key-file"), EVER),
            Self::PeerClientCertificateAuthentication => (
                "peer-client-cert-auth",
                PeerTransport("client-cert-auth"),
                EVER,
            ),
            Self::PeerTrustedCaFile => (
                "peer-trusted-ca-file",
                PeerTransport("trusted-ca-file"),
                EVER,
            ),
            Self::PeerRevocationListFile => ("peer-crl-file", Nowhere, EVER),
            Self::PeerClientCertificateFile => (
                "peer-client-cert-file",
                PeerTransport("client-cert-file"),
                FROM_3_5,
            ),
            Self::PeerClientKeyFile => (
                "peer-client-key-file",
                PeerTransport("client-key-file"),
                FROM_3_5,
            ),
            Self::PeerCertificateAllowedCommonName => ("peer-cert-allowed-cn", Nowhere, EVER),
            Self::PeerCertificateAllowedHostname => ("peer-cert-allowed-hostname", Nowhere, EVER),
            Self::PeerAutoTls => ("peer-auto-tls", PeerTransport("auto-tls"), EVER),
            Self::PeerSkipClientSanVerification => (
                "peer-skip-client-san-verification",
                PeerTransport("skip-client-san-verification"),
                [Absent, Absent, Always, Always],
            ),
            Self::ExperimentalPeerSkipClientSanVerification => (
                "experimental-peer-skip-client-san-verification",
                Nowhere,
                // 3.6 takes it still, and warns.
                [Always, Always, Always, Absent],
            ),
            Self::InitialCluster => ("initial-cluster", Top, EVER),
            Self::InitialClusterToken => ("initial-cluster-token", Top, EVER),
            Self::InitialClusterState => ("initial-cluster-state", Top, EVER),
            Self::ListenMetricsUrls => ("listen-metrics-urls", Top, EVER),
            Self::SnapshotCount => ("snapshot-count", Top, EVER),
            Self::TlsMinimumVersion => ("tls-min-version", Top, TLS_VERSIONS),
            Self::TlsMaximumVersion => ("tls-max-version", Top, TLS_VERSIONS),
            Self::CipherSuites => ("cipher-suites", Top, EVER),
            Self::SelfSignedCertificateValidity => ("self-signed-cert-validity", Top, FROM_3_5),
        };
        Facts {
            flag,
            config,
            releases,
        }
    }

    /// The flag's name without its two hyphens.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().flag
    }

    /// The flag: `--cert-file`.
    #[must_use]
    pub fn flag(self) -> String {
        format!("--{}", self.name())
    }

    /// The environment variable: `ETCD_CERT_FILE` (etcd's `pkg/flags`).
    #[must_use]
    pub fn variable(self) -> String {
        format!("ETCD_{}", self.name().to_uppercase().replace('-', "_"))
    }

    /// Where it stands in the config file.
    #[must_use]
    pub fn config_key(self) -> ConfigKey {
        self.facts().config
    }

    /// Which releases of a series have it.
    #[must_use]
    pub fn availability(self, series: Series) -> Availability {
        let [v3_4, v3_5, v3_6, v3_7] = self.facts().releases;
        match series {
            Series::V3_4 => v3_4,
            Series::V3_5 => v3_5,
            Series::V3_6 => v3_6,
            Series::V3_7 => v3_7,
        }
    }

    /// Whether it can be written for a series of which the patch release is not
    /// known. etcd ends over a flag that it does not know.
    #[must_use]
    pub fn is_in(self, series: Series) -> bool {
        self.availability(series) == Availability::Always
    }
}

/// What an option is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// On. The flag stands alone; the environment says `true`.
    On,
    /// A number.
    Number(u32),
    /// A name, a path, or a list that etcd wants joined by commas.
    Text(String),
}

impl Value {
    /// The value as one word.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::On => "true".to_owned(),
            Self::Number(number) => number.to_string(),
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
        Value::On => option.flag(),
        value => format!("{}={}", option.flag(), value.text()),
    });
    std::iter::once("etcd".to_owned()).chain(flags).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etcd::commands::examples;

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
        // A flag of some patch releases is not in the series.
        assert!(!EtcdOption::TlsMinimumVersion.is_in(Series::V3_5));
        assert!(EtcdOption::TlsMinimumVersion.is_in(Series::V3_6));
        assert!(!EtcdOption::ClientCertificateFile.is_in(Series::V3_4));
    }

    #[test]
    fn a_variable_is_the_flag_in_capitals() {
        assert_eq!(
            EtcdOption::PeerTrustedCaFile.variable(),
            "ETCD_PEER_TRUSTED_CA_FILE"
        );
        let mut flags: Vec<String> = EtcdOption::ALL.iter().map(|option| option.flag()).collect();
        flags.sort();
        flags.dedup();
        assert_eq!(flags.len(), EtcdOption::ALL.len());
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
