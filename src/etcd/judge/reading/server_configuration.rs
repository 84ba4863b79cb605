//! etcd's configuration, as its command line, environment or config file have told
//! it, and why etcd ends instead. It is read by `server_flags` and `config_file`
//! and checked by `server_settings`.

use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::reading::files::FileError;
use go_x509::quote::quote;
use go_x509::url::Url;

/// The default of `--listen-client-urls` and `--advertise-client-urls`.
pub(crate) const DEFAULT_CLIENT_URL: &str = "http://localhost:2379";
/// The default of the peer URLs.
pub(crate) const DEFAULT_PEER_URL: &str = "http://localhost:2380";

/// A cluster that is made anew (`ClusterStateFlagNew`), which is the default.
pub(crate) const NEW_CLUSTER: &str = "new";
/// A cluster that is there (`ClusterStateFlagExisting`).
pub(crate) const EXISTING_CLUSTER: &str = "existing";
pub(crate) const DEFAULT_NAME: &str = "default";
pub(crate) const DEFAULT_HEARTBEAT: u64 = 100;
pub(crate) const DEFAULT_ELECTION: u64 = 1000;

/// The files and rules of one listener, client or peer (`transport.TLSInfo`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsSettings {
    /// `--cert-file`
    pub cert_file: String,
    /// `--key-file`
    pub key_file: String,
    /// `--client-cert-file`
    pub client_cert_file: String,
    /// `--client-key-file`
    pub client_key_file: String,
    /// `--trusted-ca-file`
    pub trusted_ca_file: String,
    /// `--client-cert-auth`
    pub client_cert_auth: bool,
    /// `--client-crl-file`
    pub crl_file: String,
    /// `--client-cert-allowed-hostname`, as a list where the version has one.
    pub allowed_hostnames: Vec<String>,
    /// `--peer-cert-allowed-cn`, likewise.
    pub allowed_common_names: Vec<String>,
    /// `--auto-tls`
    pub auto_tls: bool,
    /// `--peer-skip-client-san-verification`
    pub skip_address_check: bool,
}

impl TlsSettings {
    /// `TLSInfo.Empty`: neither a certificate nor a key is named.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.cert_file.is_empty() && self.key_file.is_empty()
    }
}

/// etcd's configuration, as far as certificates go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerConfiguration {
    /// The client side.
    pub client: TlsSettings,
    /// The peer side.
    pub peer: TlsSettings,
    /// `--listen-client-urls`
    pub listen_client_urls: Vec<Url>,
    /// `--advertise-client-urls`; `None` if it was not given though needed.
    pub advertise_client_urls: Option<Vec<Url>>,
    /// `--listen-peer-urls`
    pub listen_peer_urls: Vec<Url>,
    /// `--listen-metrics-urls`
    pub listen_metrics_urls: Vec<Url>,
    /// `--listen-client-http-urls`
    pub listen_http_urls: Vec<Url>,
    /// `--initial-advertise-peer-urls`
    pub advertise_peer_urls: Vec<Url>,
    /// `--cipher-suites`
    pub cipher_suites: Vec<String>,
    /// `--tls-min-version`
    pub tls_min_version: String,
    /// `--tls-max-version`
    pub tls_max_version: String,
    /// `--enable-grpc-gateway`
    pub grpc_gateway: bool,
    /// `--self-signed-cert-validity`, years.
    pub self_signed_validity: u64,
    /// `--name`
    pub name: String,
    /// `--initial-cluster`, if it was given.
    pub initial_cluster: Option<String>,
    /// `--initial-cluster-state`
    pub cluster_state: String,
    /// `--discovery`
    pub discovery: String,
    /// `--discovery-srv`
    pub discovery_srv: String,
    /// `--discovery-token`
    pub discovery_token: String,
    /// `--discovery-endpoints`
    pub discovery_endpoints: Vec<String>,
    /// Whether `--discovery-fallback` is `proxy`.
    pub falls_back_to_proxy: bool,
    /// What has nothing to do with certificates or the cluster.
    pub other: OtherSettings,
    /// The config file, if there is one.
    pub config_file: Option<String>,
}

impl ServerConfiguration {
    /// Whether no flag forbids TLS 1.3.
    #[must_use]
    pub fn allows_tls13(&self) -> bool {
        self.tls_max_version != "TLS1.2"
    }

    /// Whether an etcd of this build, told so, speaks no TLS 1.3 where it dials.
    #[must_use]
    pub fn is_limited_to_tls12(&self, build: &EtcdBuild) -> bool {
        build.limits_tls_to_12() || !self.allows_tls13()
    }
}

/// Options that don't go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The one at fault.
    pub option: EtcdOption,
    /// etcd's words.
    pub text: String,
    /// Whether it is looked for before anything else.
    pub comes_first: bool,
}

/// Settings that have nothing to do with certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherSettings {
    /// Options that this etcd doesn't take together, and what it says of them.
    pub clash: Option<Clash>,
    /// `--log-format`, if it was given.
    pub log_format: Option<String>,
    /// `--max-learners`, if it was given.
    pub maximum_learners: Option<i64>,
    /// `--logger`, if it was given.
    pub logger: Option<String>,
    /// `--log-level`, if it was given.
    pub log_level: Option<String>,
    /// `--log-outputs`, if it was given.
    pub log_outputs: Vec<String>,
    /// `--log-rotation-config-json`, with `--enable-log-rotation`.
    pub log_rotation: Option<String>,
    /// `--heartbeat-interval`, milliseconds.
    pub heartbeat_interval: u64,
    /// `--election-timeout`, milliseconds.
    pub election_timeout: u64,
    /// `--auto-compaction-mode`
    pub auto_compaction_mode: String,
    /// `--auto-compaction-retention`; empty is none.
    pub auto_compaction_retention: String,
    /// `--auth-token`
    pub auth_token: String,
    /// `--data-dir`
    pub data_dir: String,
    /// `--experimental-distributed-tracing-sampling-rate`, if tracing is on.
    pub tracing_rate: Option<i64>,
    /// `--experimental-enable-lease-checkpoint`
    pub checkpoint: bool,
    /// `--experimental-enable-lease-checkpoint-persist`
    pub checkpoint_persist: bool,
    /// The option of the hash check's interval, if it was set to zero or less.
    pub hash_check_is_off: Option<EtcdOption>,
}

/// Why etcd ends before it listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigurationError {
    /// The `flag` package refuses: Go's text.
    Flag {
        /// The flag.
        flag: String,
        /// Go's text.
        text: String,
    },
    /// A word that is no flag.
    NotAFlag {
        /// The word.
        word: String,
        /// Whether etcd writes it as Go does, as since 3.6.
        quoted: bool,
    },
    /// `--version` or `--help`: etcd prints, and ends.
    OnlyPrints,
    /// The same option as flag and as environment variable.
    Shadowed {
        /// The variable.
        variable: String,
    },
    /// An environment variable with a value that its flag doesn't take.
    Variable {
        /// The variable.
        variable: String,
        /// etcd's text.
        text: String,
    },
    /// `--listen-client-urls` without `--advertise-client-urls`.
    AdvertiseMissing,
    /// A URL to listen on must have an IP address.
    NotAnAddress {
        /// etcd's text.
        text: String,
    },
    /// An advertised URL must have a host.
    NoHost {
        /// etcd's text.
        text: String,
    },
    /// TLS versions that don't exist or don't fit.
    TlsVersion {
        /// etcd's text.
        text: String,
    },
    /// The config file is not there, or is a directory.
    ConfigFileUnreadable(FileError),
    /// More than one way to find the cluster: `--initial-cluster`,
    /// `--discovery`, `--discovery-srv`.
    TwoWaysToTheCluster {
        /// etcd's text.
        text: String,
    },
    /// A setting that has nothing to do with certificates, but ends etcd.
    Setting {
        /// Which.
        option: EtcdOption,
        /// etcd's text.
        text: String,
    },
    /// Such a setting that etcd only looks at while it starts.
    LateSetting {
        /// Which.
        option: EtcdOption,
        /// etcd's text.
        text: String,
    },
    /// A URL in the config file.
    ConfigFileUrl {
        /// The file's path.
        path: String,
        /// etcd's text.
        text: String,
    },
    /// The config file is no YAML, or has values of the wrong kind.
    ConfigFile {
        /// Its path.
        path: String,
        /// What is wrong.
        text: String,
    },
}

impl ConfigurationError {
    /// etcd's own words, without a log line around them.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Flag { text, .. }
            | Self::Variable { text, .. }
            | Self::NotAnAddress { text }
            | Self::NoHost { text }
            | Self::TlsVersion { text }
            | Self::TwoWaysToTheCluster { text }
            | Self::Setting { text, .. }
            | Self::LateSetting { text, .. }
            | Self::ConfigFileUrl { text, .. }
            | Self::ConfigFile { text, .. } => text.clone(),
            Self::OnlyPrints => String::new(),
            Self::NotAFlag { word, quoted: true } => {
                format!("{} is not a valid flag", quote(word))
            }
            Self::NotAFlag { word, .. } => format!("'{word}' is not a valid flag"),
            Self::Shadowed { .. } => {
                "conflicting environment variable is shadowed by corresponding \
                 command-line flag (either unset environment variable or disable flag))"
                    .to_owned()
            }
            Self::AdvertiseMissing => {
                "--advertise-client-urls is required when --listen-client-urls is set explicitly"
                    .to_owned()
            }
            Self::ConfigFileUnreadable(error) => error.to_string(),
        }
    }
}
