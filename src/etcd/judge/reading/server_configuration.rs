//! etcd's configuration from its command line, environment or config file, as
//! `etcdmain/config.go` reads them and `embed/config.go` checks them. A config
//! file makes etcd ignore every other flag and variable.

use std::collections::{BTreeMap, BTreeSet};

use crate::etcd::facts::etcd_flags::{self, FlagKind};
use crate::etcd::facts::release::EtcdBuild;
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
        /// Its flag.
        flag: &'static str,
        /// etcd's text.
        text: String,
    },
    /// Such a setting that etcd only looks at while it starts.
    LateSetting {
        /// Its flag.
        flag: &'static str,
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

/// The name of the variable for a flag.
fn variable(flag: &str) -> String {
    format!("ETCD_{}", flag.to_ascii_uppercase().replace('-', "_"))
}

/// Flags and variables that were set, by flag name.
struct Settings {
    values: BTreeMap<String, String>,
    given: BTreeSet<String>,
}

impl Settings {
    fn text(&self, name: &str) -> String {
        self.values.get(name).cloned().unwrap_or_default()
    }

    fn is_true(&self, name: &str) -> bool {
        self.values
            .get(name)
            .is_some_and(|value| parse_bool(value) == Some(true))
    }

    /// A list, whose empty text is one of one empty name.
    fn list(&self, name: &str) -> Vec<String> {
        let given = self.values.get(name);
        given
            .map(|text| text.split(',').map(str::to_owned).collect())
            .unwrap_or_default()
    }

    /// The URLs of a flag; an empty text is none.
    fn urls(&self, name: &str, default: &str) -> Vec<Url> {
        let text = self.values.get(name).map_or(default, String::as_str);
        parse_urls(text).unwrap_or_default()
    }

    fn number(&self, name: &str, default: u64) -> u64 {
        let given = self.values.get(name);
        given
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
fn refusal(kind: FlagKind, value: &str) -> Option<String> {
    let words = |error: NumberError| error.flag_text().to_owned();
    match kind {
        FlagKind::Urls if !value.is_empty() => parse_urls(value).err(),
        FlagKind::Origins if value != "*" => parse_urls(value).err(),
        FlagKind::Unsigned => parse_unsigned(value, 64).err().map(words),
        FlagKind::Unsigned32 => parse_unsigned(value, 32)
            .err()
            .map(|error| number_text("ParseUint", value, error)),
        FlagKind::Signed => parse_signed(value).err().map(words),
        FlagKind::Duration if parse_duration(value).is_err() => Some("parse error".to_owned()),
        FlagKind::Choice(words) if !words.contains(&value) => Some("invalid value".to_owned()),
        FlagKind::QuotedChoice(words) if !words.contains(&value) => {
            Some(format!("invalid value {}", quote(value)))
        }
        FlagKind::Boolean if parse_bool(value).is_none() => Some("parse error".to_owned()),
        _ => None,
    }
}

/// Go's `flag.FlagSet.Parse` over etcd's flags.
fn parse_flags(arguments: &[String], build: &EtcdBuild) -> Result<Settings, ConfigurationError> {
    let mut settings = Settings {
        values: BTreeMap::new(),
        given: BTreeSet::new(),
    };
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
        let Some(kind) = etcd_flags::kind(name, build.version) else {
            if matches!(name, "help" | "h") {
                return Err(ConfigurationError::OnlyPrints);
            }
            return Err(refused(
                name,
                format!("flag provided but not defined: -{name}"),
            ));
        };
        let value = match (kind, value) {
            (FlagKind::Boolean | FlagKind::Ignored, None) => "true".to_owned(),
            (_, Some(value)) => value,
            (_, None) => words
                .next()
                .cloned()
                .ok_or_else(|| refused(name, format!("flag needs an argument: -{name}")))?,
        };
        if let Some(reason) = refusal(kind, &value) {
            let text = if kind == FlagKind::Boolean {
                format!(
                    "invalid boolean value {} for -{name}: {reason}",
                    quote(&value)
                )
            } else {
                format!("invalid value {} for flag -{name}: {reason}", quote(&value))
            };
            return Err(refused(name, text));
        }
        settings.given.insert(name.to_owned());
        settings.values.insert(name.to_owned(), value);
    }
    Ok(settings)
}

/// `flags.SetFlagsFromEnv`
fn add_environment(
    settings: &mut Settings,
    environment: &BTreeMap<String, String>,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let flags: BTreeMap<String, &str> = etcd_flags::names(build.version)
        .map(|name| (variable(name), name))
        .collect();
    let mut complaint = None;
    for (name, value) in environment {
        let Some(&flag) = flags.get(name) else {
            continue;
        };
        if settings.given.contains(flag) {
            return Err(ConfigurationError::Shadowed {
                variable: name.clone(),
            });
        }
        if value.is_empty() {
            continue;
        }
        let kind = etcd_flags::kind(flag, build.version).unwrap_or(FlagKind::Text);
        if let Some(reason) = refusal(kind, value) {
            let text = format!("invalid value {} for {name}: {reason}", quote(value));
            complaint = Some(ConfigurationError::Variable {
                variable: name.clone(),
                text,
            });
            continue;
        }
        settings.values.insert(flag.to_owned(), value.clone());
    }
    for (name, value) in environment {
        if let Some(&flag) = flags.get(name).filter(|_| !value.is_empty()) {
            settings.given.insert(flag.to_owned());
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
        if settings.is_true("version") {
            return Err(ConfigurationError::OnlyPrints);
        }
        let path = settings
            .values
            .get("config-file")
            .or_else(|| line.environment.get("ETCD_CONFIG_FILE"))
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
        let allowed = |name: &str| {
            if build.takes_lists_of_allowed_names() {
                settings.list(name)
            } else {
                Some(settings.text(name))
                    .filter(|text| !text.is_empty())
                    .into_iter()
                    .collect()
            }
        };
        let side = |prefix: &str| TlsSettings {
            cert_file: settings.text(&format!("{prefix}cert-file")),
            key_file: settings.text(&format!("{prefix}key-file")),
            client_cert_file: settings.text(&format!("{prefix}client-cert-file")),
            client_key_file: settings.text(&format!("{prefix}client-key-file")),
            trusted_ca_file: settings.text(&format!("{prefix}trusted-ca-file")),
            client_cert_auth: settings.is_true(&format!("{prefix}client-cert-auth")),
            crl_file: settings.text(if prefix.is_empty() {
                "client-crl-file"
            } else {
                "peer-crl-file"
            }),
            allowed_hostnames: allowed(if prefix.is_empty() {
                "client-cert-allowed-hostname"
            } else {
                "peer-cert-allowed-hostname"
            }),
            allowed_common_names: if prefix.is_empty() {
                Vec::new()
            } else {
                allowed("peer-cert-allowed-cn")
            },
            auto_tls: settings.is_true(&format!("{prefix}auto-tls")),
            skip_address_check: settings.is_true("peer-skip-client-san-verification")
                || settings.is_true("experimental-peer-skip-client-san-verification"),
        };
        let listens = settings.given.contains("listen-client-urls");
        let advertises = settings.given.contains("advertise-client-urls");
        Self {
            client: side(""),
            peer: side("peer-"),
            listen_client_urls: settings.urls("listen-client-urls", DEFAULT_CLIENT_URL),
            advertise_client_urls: (advertises || !listens)
                .then(|| settings.urls("advertise-client-urls", DEFAULT_CLIENT_URL)),
            listen_peer_urls: settings.urls("listen-peer-urls", DEFAULT_PEER_URL),
            advertise_peer_urls: settings.urls("initial-advertise-peer-urls", DEFAULT_PEER_URL),
            listen_metrics_urls: settings.urls("listen-metrics-urls", ""),
            listen_http_urls: settings.urls("listen-client-http-urls", ""),
            cipher_suites: settings.list("cipher-suites"),
            tls_min_version: settings
                .values
                .get("tls-min-version")
                .cloned()
                .unwrap_or_else(|| "TLS1.2".to_owned()),
            tls_max_version: settings.text("tls-max-version"),
            grpc_gateway: settings
                .values
                .get("enable-grpc-gateway")
                .is_none_or(|value| parse_bool(value) == Some(true)),
            self_signed_validity: settings
                .values
                .get("self-signed-cert-validity")
                .map_or(1, |years| parse_unsigned(years, 64).unwrap_or(0)),
            name: settings
                .values
                .get("name")
                .cloned()
                .unwrap_or_else(|| DEFAULT_NAME.to_owned()),
            initial_cluster: settings.values.get("initial-cluster").cloned().or_else(|| {
                // Who wants to discover the cluster has no default of it.
                let discovers = ["discovery", "discovery-srv", "discovery-srv-name"]
                    .iter()
                    .any(|name| !settings.text(name).is_empty());
                discovers.then(String::new)
            }),
            joins_existing: settings.text("initial-cluster-state") == "existing",
            discovery: settings.text("discovery"),
            discovery_srv: settings.text("discovery-srv"),
            other: other_settings(settings),
            config_file: None,
        }
    }
}

/// The settings that have nothing to do with certificates.
fn other_settings(settings: &Settings) -> OtherSettings {
    OtherSettings {
        logger: settings.values.get("logger").cloned(),
        log_level: settings.values.get("log-level").cloned(),
        log_outputs: settings.list("log-outputs"),
        log_rotation: settings
            .is_true("enable-log-rotation")
            .then(|| settings.text("log-rotation-config-json")),
        heartbeat_interval: settings.number("heartbeat-interval", DEFAULT_HEARTBEAT),
        election_timeout: settings.number("election-timeout", DEFAULT_ELECTION),
        auto_compaction_mode: settings
            .values
            .get("auto-compaction-mode")
            .cloned()
            .unwrap_or_else(|| "periodic".to_owned()),
        auto_compaction_retention: settings.text("auto-compaction-retention"),
        auth_token: settings.text("auth-token"),
        data_dir: settings.text("data-dir"),
        tracing_rate: ["experimental-", ""].into_iter().find_map(|prefix| {
            let on = settings.is_true(&format!("{prefix}enable-distributed-tracing"));
            let rate = format!("{prefix}distributed-tracing-sampling-rate");
            on.then(|| parse_signed(&settings.text(&rate)).unwrap_or(0))
        }),
        checkpoint: settings.is_true("experimental-enable-lease-checkpoint"),
        checkpoint_persist: settings.is_true("experimental-enable-lease-checkpoint-persist"),
        hash_check_is_off: [
            "experimental-compact-hash-check-time",
            "compact-hash-check-time",
        ]
        .into_iter()
        .find(|name| {
            let given = settings.values.get(*name);
            given.is_some_and(|text| parse_duration(text).is_ok_and(|time| time <= 0))
        }),
    }
}
