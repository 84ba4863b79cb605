//! etcd's configuration from its command line, environment or config file, as
//! `etcdmain/config.go` reads them and `embed/config.go` checks them. A config
//! file makes etcd ignore every other flag and variable.

use std::collections::{BTreeMap, BTreeSet};

use crate::etcd::facts::option::{EtcdOption, Kind, Word};
use crate::etcd::facts::release::{EtcdBuild, EtcdVersion};
use crate::etcd::judge::reading::command_line::CommandLine;
use crate::etcd::judge::reading::config_file;
use crate::etcd::judge::reading::files::FileError;
use crate::etcd::judge::reading::server_settings::{self, OtherSettings};
use go_x509::quote::quote;
use go_x509::strconv::{
    NumberError, number_text, parse_bool, parse_duration, parse_signed, parse_unsigned,
};
use go_x509::url::{self, Url};

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
    /// Whether `--initial-cluster-state` is `existing`.
    pub joins_existing: bool,
    /// `--discovery`
    pub discovery: String,
    /// `--discovery-srv`
    pub discovery_srv: String,
    /// What has nothing to do with certificates or the cluster.
    pub other: OtherSettings,
    /// The config file, if there is one.
    pub config_file: Option<String>,
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
    NotAFlag(String),
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
            Self::NotAFlag(word) => format!("'{word}' is not a valid flag"),
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

/// Options that were set, by flag or variable.
#[derive(Default)]
struct Settings {
    values: BTreeMap<EtcdOption, String>,
    given: BTreeSet<EtcdOption>,
}

impl Settings {
    fn value(&self, option: EtcdOption) -> Option<&String> {
        self.values.get(&option)
    }

    fn text(&self, option: EtcdOption) -> String {
        self.value(option).cloned().unwrap_or_default()
    }

    fn is_true(&self, option: EtcdOption) -> bool {
        self.value(option)
            .is_some_and(|value| parse_bool(value) == Some(true))
    }

    /// A list, whose empty text is one of one empty name.
    fn list(&self, option: EtcdOption) -> Vec<String> {
        self.value(option)
            .map(|text| text.split(',').map(str::to_owned).collect())
            .unwrap_or_default()
    }

    /// The URLs of an option; an empty text is none.
    fn urls(&self, option: EtcdOption, default: &str) -> Vec<Url> {
        let text = self.value(option).map_or(default, String::as_str);
        parse_urls(text).unwrap_or_default()
    }

    fn number(&self, option: EtcdOption, default: u64) -> u64 {
        self.value(option)
            .and_then(|text| parse_unsigned(text, 64).ok())
            .unwrap_or(default)
    }
}

/// `types.NewURLs`
pub(crate) fn parse_urls(text: &str) -> Result<Vec<Url>, String> {
    let mut urls = text
        .split(',')
        .map(|part| {
            let part = part.trim();
            let url = url::parse(part).map_err(|error| error.to_string())?;
            match url.scheme.as_str() {
                "http" | "https" => {
                    if split_host_port(&url.host).is_none() {
                        return Err(format!(
                            "URL address does not have the form \"host:port\": {part}"
                        ));
                    }
                    if !url.path.is_empty() {
                        return Err(format!("URL must not contain a path: {part}"));
                    }
                }
                "unix" | "unixs" => {}
                _ => {
                    return Err(format!(
                        "URL scheme must be http, https, unix, or unixs: {part}"
                    ));
                }
            }
            Ok(url)
        })
        .collect::<Result<Vec<_>, String>>()?;
    urls.sort_by(|one, other| one.text.cmp(&other.text));
    Ok(urls)
}

/// `net.SplitHostPort`
#[must_use]
pub fn split_host_port(text: &str) -> Option<(&str, &str)> {
    let (host, port) = text.rsplit_once(':')?;
    if let Some(inner) = host.strip_prefix('[') {
        return inner.strip_suffix(']').map(|host| (host, port));
    }
    (!host.contains(':') && !host.contains(['[', ']'])).then_some((host, port))
}

/// What `flag.Value.Set` says of a value, if it refuses.
fn refusal(option: EtcdOption, value: &str, version: EtcdVersion) -> Option<String> {
    let words = |error: NumberError| error.flag_text().to_owned();
    let takes = |words: &[Word]| {
        let mut words = words.iter();
        words.any(|word| word.text == value && word.since.includes(version))
    };
    match option.kind() {
        Kind::Urls if !value.is_empty() => parse_urls(value).err(),
        Kind::Origins if value != "*" => parse_urls(value).err(),
        Kind::Unsigned => parse_unsigned(value, 64).err().map(words),
        Kind::Unsigned32 => parse_unsigned(value, 32)
            .err()
            .map(|error| number_text("ParseUint", value, error)),
        Kind::Signed => parse_signed(value).err().map(words),
        Kind::Duration if parse_duration(value).is_err() => Some("parse error".to_owned()),
        Kind::Choice(words) if !takes(words) => Some("invalid value".to_owned()),
        Kind::QuotedChoice(words) if !takes(words) => {
            Some(format!("invalid value {}", quote(value)))
        }
        Kind::Boolean if parse_bool(value).is_none() => Some("parse error".to_owned()),
        _ => None,
    }
}

/// Go's `flag.FlagSet.Parse` over etcd's flags.
fn parse_flags(arguments: &[String], build: &EtcdBuild) -> Result<Settings, ConfigurationError> {
    let mut settings = Settings::default();
    let refused = |flag: &str, text: String| ConfigurationError::Flag {
        flag: flag.to_owned(),
        text,
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word.len() < 2 || !word.starts_with('-') {
            return Err(ConfigurationError::NotAFlag(word.clone()));
        }
        if word == "--" {
            return words
                .next()
                .map_or(Ok(()), |word| {
                    Err(ConfigurationError::NotAFlag(word.clone()))
                })
                .map(|()| settings);
        }
        let name = word.strip_prefix("--").unwrap_or(&word[1..]);
        if name.is_empty() || name.starts_with(['-', '=']) {
            return Err(refused(word, format!("bad flag syntax: {word}")));
        }
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (name, None),
        };
        let Some(option) = EtcdOption::named(name, build.version) else {
            if matches!(name, "help" | "h") {
                return Err(ConfigurationError::OnlyPrints);
            }
            return Err(refused(
                name,
                format!("flag provided but not defined: -{name}"),
            ));
        };
        let value = match (option.kind(), value) {
            (Kind::Boolean | Kind::Ignored, None) => "true".to_owned(),
            (_, Some(value)) => value,
            (_, None) => words
                .next()
                .cloned()
                .ok_or_else(|| refused(name, format!("flag needs an argument: -{name}")))?,
        };
        if let Some(reason) = refusal(option, &value, build.version) {
            let text = if option.kind() == Kind::Boolean {
                format!(
                    "invalid boolean value {} for -{name}: {reason}",
                    quote(&value)
                )
            } else {
                format!("invalid value {} for flag -{name}: {reason}", quote(&value))
            };
            return Err(refused(name, text));
        }
        settings.given.insert(option);
        settings.values.insert(option, value);
    }
    Ok(settings)
}

/// `flags.SetFlagsFromEnv`
fn add_environment(
    settings: &mut Settings,
    environment: &BTreeMap<String, String>,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let options: BTreeMap<String, EtcdOption> = EtcdOption::of(build.version)
        .map(|option| (option.variable(), option))
        .collect();
    let mut complaint = None;
    for (name, value) in environment {
        let Some(&option) = options.get(name) else {
            continue;
        };
        if settings.given.contains(&option) {
            return Err(ConfigurationError::Shadowed {
                variable: name.clone(),
            });
        }
        if value.is_empty() {
            continue;
        }
        if let Some(reason) = refusal(option, value, build.version) {
            let text = format!("invalid value {} for {name}: {reason}", quote(value));
            complaint = Some(ConfigurationError::Variable {
                variable: name.clone(),
                text,
            });
            continue;
        }
        settings.values.insert(option, value.clone());
    }
    for (name, value) in environment {
        if let Some(&option) = options.get(name).filter(|_| !value.is_empty()) {
            settings.given.insert(option);
        }
    }
    complaint.map_or(Ok(()), Err)
}

/// The default of `--listen-client-urls` and `--advertise-client-urls`.
pub(crate) const DEFAULT_CLIENT_URL: &str = "http://localhost:2379";
/// The default of the peer URLs.
pub(crate) const DEFAULT_PEER_URL: &str = "http://localhost:2380";

pub(crate) const DEFAULT_NAME: &str = "default";
pub(crate) const DEFAULT_HEARTBEAT: u64 = 100;
pub(crate) const DEFAULT_ELECTION: u64 = 1000;
impl ServerConfiguration {
    /// Reads the command line of etcd.
    ///
    /// # Errors
    ///
    /// See [`ConfigurationError`].
    pub fn read(
        line: &CommandLine,
        files: &dyn Fn(&str) -> Result<Vec<u8>, FileError>,
        build: &EtcdBuild,
    ) -> Result<Self, ConfigurationError> {
        let mut settings = parse_flags(&line.arguments, build)?;
        if settings.is_true(EtcdOption::Version) {
            return Err(ConfigurationError::OnlyPrints);
        }
        let path = settings
            .value(EtcdOption::ConfigurationFile)
            .or_else(|| {
                let variable = EtcdOption::ConfigurationFile.variable();
                line.environment.get(&variable)
            })
            .filter(|path| !path.is_empty())
            .cloned();
        let configuration = if let Some(path) = path {
            let content = files(&path).map_err(ConfigurationError::ConfigFileUnreadable)?;
            config_file::read(&path, &content, build)?
        } else {
            add_environment(&mut settings, &line.environment, build)?;
            Self::from_settings(&settings, build)
        };
        server_settings::check(&configuration, build)?;
        Ok(configuration)
    }

    fn from_settings(settings: &Settings, build: &EtcdBuild) -> Self {
        use EtcdOption as O;
        let allowed = |option| {
            if build.takes_lists_of_allowed_names() {
                settings.list(option)
            } else {
                Some(settings.text(option))
                    .filter(|text| !text.is_empty())
                    .into_iter()
                    .collect()
            }
        };
        let client = TlsSettings {
            cert_file: settings.text(O::CertificateFile),
            key_file: settings.text(O::KeyFile),
            client_cert_file: settings.text(O::ClientCertificateFile),
            client_key_file: settings.text(O::ClientKeyFile),
            trusted_ca_file: settings.text(O::TrustedCaFile),
            client_cert_auth: settings.is_true(O::ClientCertificateAuthentication),
            crl_file: settings.text(O::ClientRevocationListFile),
            allowed_hostnames: allowed(O::ClientCertificateAllowedHostname),
            allowed_common_names: Vec::new(),
            auto_tls: settings.is_true(O::AutoTls),
            skip_address_check: false,
        };
        let peer = TlsSettings {
            cert_file: settings.text(O::PeerCertificateFile),
            key_file: settings.text(O::PeerKeyFile),
            client_cert_file: settings.text(O::PeerClientCertificateFile),
            client_key_file: settings.text(O::PeerClientKeyFile),
            trusted_ca_file: settings.text(O::PeerTrustedCaFile),
            client_cert_auth: settings.is_true(O::PeerClientCertificateAuthentication),
            crl_file: settings.text(O::PeerRevocationListFile),
            allowed_hostnames: allowed(O::PeerCertificateAllowedHostname),
            allowed_common_names: allowed(O::PeerCertificateAllowedCommonName),
            auto_tls: settings.is_true(O::PeerAutoTls),
            skip_address_check: settings.is_true(O::PeerSkipClientSanVerification)
                || settings.is_true(O::ExperimentalPeerSkipClientSanVerification),
        };
        let listens = settings.given.contains(&O::ListenClientUrls);
        let advertises = settings.given.contains(&O::AdvertiseClientUrls);
        Self {
            client,
            peer,
            listen_client_urls: settings.urls(O::ListenClientUrls, DEFAULT_CLIENT_URL),
            advertise_client_urls: (advertises || !listens)
                .then(|| settings.urls(O::AdvertiseClientUrls, DEFAULT_CLIENT_URL)),
            listen_peer_urls: settings.urls(O::ListenPeerUrls, DEFAULT_PEER_URL),
            advertise_peer_urls: settings.urls(O::InitialAdvertisePeerUrls, DEFAULT_PEER_URL),
            listen_metrics_urls: settings.urls(O::ListenMetricsUrls, ""),
            listen_http_urls: settings.urls(O::ListenClientHttpUrls, ""),
            cipher_suites: settings.list(O::CipherSuites),
            tls_min_version: settings
                .value(O::TlsMinimumVersion)
                .cloned()
                .unwrap_or_else(|| "TLS1.2".to_owned()),
            tls_max_version: settings.text(O::TlsMaximumVersion),
            grpc_gateway: settings
                .value(O::EnableGrpcGateway)
                .is_none_or(|value| parse_bool(value) == Some(true)),
            self_signed_validity: settings
                .value(O::SelfSignedCertificateValidity)
                .map_or(1, |years| parse_unsigned(years, 64).unwrap_or(0)),
            name: settings
                .value(O::Name)
                .cloned()
                .unwrap_or_else(|| DEFAULT_NAME.to_owned()),
            initial_cluster: settings.value(O::InitialCluster).cloned().or_else(|| {
                // Who wants to discover the cluster has no default of it.
                let discovers = [O::Discovery, O::DiscoverySrv, O::DiscoverySrvName]
                    .into_iter()
                    .any(|option| !settings.text(option).is_empty());
                discovers.then(String::new)
            }),
            joins_existing: settings.text(O::InitialClusterState) == "existing",
            discovery: settings.text(O::Discovery),
            discovery_srv: settings.text(O::DiscoverySrv),
            other: other_settings(settings),
            config_file: None,
        }
    }
}

/// The settings that have nothing to do with certificates.
fn other_settings(settings: &Settings) -> OtherSettings {
    use EtcdOption as O;
    OtherSettings {
        logger: settings.value(O::Logger).cloned(),
        log_level: settings.value(O::LogLevel).cloned(),
        log_outputs: settings.list(O::LogOutputs),
        log_rotation: settings
            .is_true(O::EnableLogRotation)
            .then(|| settings.text(O::LogRotationConfigurationJson)),
        heartbeat_interval: settings.number(O::HeartbeatInterval, DEFAULT_HEARTBEAT),
        election_timeout: settings.number(O::ElectionTimeout, DEFAULT_ELECTION),
        auto_compaction_mode: settings
            .value(O::AutoCompactionMode)
            .cloned()
            .unwrap_or_else(|| "periodic".to_owned()),
        auto_compaction_retention: settings.text(O::AutoCompactionRetention),
        auth_token: settings.text(O::AuthenticationToken),
        data_dir: settings.text(O::DataDirectory),
        tracing_rate: [
            (
                O::ExperimentalEnableDistributedTracing,
                O::ExperimentalDistributedTracingSamplingRate,
            ),
            (
                O::EnableDistributedTracing,
                O::DistributedTracingSamplingRate,
            ),
        ]
        .into_iter()
        .find(|(on, _)| settings.is_true(*on))
        .map(|(_, rate)| parse_signed(&settings.text(rate)).unwrap_or(0)),
        checkpoint: settings.is_true(O::ExperimentalEnableLeaseCheckpoint),
        checkpoint_persist: settings.is_true(O::ExperimentalEnableLeaseCheckpointPersist),
        hash_check_is_off: [O::ExperimentalCompactHashCheckTime, O::CompactHashCheckTime]
            .into_iter()
            .find(|option| {
                let given = settings.value(*option);
                given.is_some_and(|text| parse_duration(text).is_ok_and(|time| time <= 0))
            }),
    }
}
