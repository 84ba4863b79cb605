//! etcd's command line and environment, as `etcdmain/config.go` reads them. A
//! config file makes etcd ignore every other flag and variable.

use std::collections::{BTreeMap, BTreeSet};

use crate::etcd::facts::option::{EtcdOption, FlagKind, Word};
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::reading::command_line::CommandLine;
use crate::etcd::judge::reading::config_file;
use crate::etcd::judge::reading::feature_gates;
use crate::etcd::judge::reading::files::FileError;
use crate::etcd::judge::reading::server_configuration::{
    ConfigurationError, DEFAULT_CLIENT_URL, DEFAULT_ELECTION, DEFAULT_HEARTBEAT, DEFAULT_NAME,
    DEFAULT_PEER_URL, EXISTING_CLUSTER, NEW_CLUSTER, OtherSettings, ServerConfiguration,
    TlsSettings,
};
use crate::etcd::judge::reading::server_settings;
use crate::etcd::judge::reading::urls::parse_urls;
use go_x509::quote::quote;
use go_x509::strconv::{
    NumberError, number_text, parse_bool, parse_duration, parse_signed, parse_unsigned,
};
use go_x509::url::Url;

/// Options that were set, by flag or variable.
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
    fn urls(&self, option: EtcdOption, default: &str, build: &EtcdBuild) -> Vec<Url> {
        let text = self.value(option).map_or(default, String::as_str);
        parse_urls(text, build).unwrap_or_default()
    }

    fn number(&self, option: EtcdOption, default: u64) -> u64 {
        self.value(option)
            .and_then(|text| parse_unsigned(text, 64).ok())
            .unwrap_or(default)
    }
}

/// What `flag.Value.Set` says of a value, if it refuses.
fn refusal(option: EtcdOption, value: &str, build: &EtcdBuild) -> Option<String> {
    let urls = |value| {
        parse_urls(value, build)
            .err()
            .map(|error| error.to_string())
    };
    let words = |error: NumberError| error.flag_text().to_owned();
    let takes = |words: &[Word]| {
        let mut words = words.iter();
        words.any(|word| word.text == value && word.since.includes(build.version))
    };
    match option.kind() {
        FlagKind::Urls if !value.is_empty() => urls(value),
        FlagKind::Origins if value != "*" => urls(value),
        FlagKind::FeatureGates => {
            let checked = feature_gates::check(value, build.version);
            checked.err().map(|error| error.to_string())
        }
        FlagKind::Unsigned => parse_unsigned(value, 64).err().map(words),
        FlagKind::Unsigned32 => parse_unsigned(value, 32)
            .err()
            .map(|error| number_text("ParseUint", value, error)),
        FlagKind::Signed => parse_signed(value).err().map(words),
        FlagKind::Duration if parse_duration(value).is_err() => Some("parse error".to_owned()),
        FlagKind::Choice(words) if !takes(words) => Some("invalid value".to_owned()),
        FlagKind::QuotedChoice(words) if !takes(words) => {
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
    let no_flag = |word: &String| ConfigurationError::NotAFlag {
        word: word.clone(),
        quoted: build.quotes_words_that_are_no_flags(),
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word.len() < 2 || !word.starts_with('-') {
            return Err(no_flag(word));
        }
        if word == "--" {
            return words
                .next()
                .map_or(Ok(()), |word| Err(no_flag(word)))
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
            (FlagKind::Boolean | FlagKind::Ignored, None) => "true".to_owned(),
            (_, Some(value)) => value,
            (_, None) => words
                .next()
                .cloned()
                .ok_or_else(|| refused(name, format!("flag needs an argument: -{name}")))?,
        };
        if let Some(reason) = refusal(option, &value, build) {
            let text = if option.kind() == FlagKind::Boolean {
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
        if let Some(reason) = refusal(option, value, build) {
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

impl ServerConfiguration {
    /// Whether it joins a cluster that is there.
    #[must_use]
    pub fn joins_existing(&self) -> bool {
        self.cluster_state == EXISTING_CLUSTER
    }

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
        let urls = |option, default| settings.urls(option, default, build);
        let listens = settings.given.contains(&O::ListenClientUrls);
        let advertises = settings.given.contains(&O::AdvertiseClientUrls);
        Self {
            client,
            peer,
            listen_client_urls: urls(O::ListenClientUrls, DEFAULT_CLIENT_URL),
            advertise_client_urls: (advertises || !listens)
                .then(|| urls(O::AdvertiseClientUrls, DEFAULT_CLIENT_URL)),
            listen_peer_urls: urls(O::ListenPeerUrls, DEFAULT_PEER_URL),
            advertise_peer_urls: urls(O::InitialAdvertisePeerUrls, DEFAULT_PEER_URL),
            listen_metrics_urls: urls(O::ListenMetricsUrls, ""),
            listen_http_urls: urls(O::ListenClientHttpUrls, ""),
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
                let discovers = [
                    O::Discovery,
                    O::DiscoverySrv,
                    O::DiscoverySrvName,
                    O::DiscoveryEndpoints,
                ]
                .into_iter()
                .any(|option| !settings.text(option).is_empty());
                discovers.then(String::new)
            }),
            cluster_state: settings
                .value(O::InitialClusterState)
                .cloned()
                .unwrap_or_else(|| NEW_CLUSTER.to_owned()),
            discovery: settings.text(O::Discovery),
            discovery_srv: settings.text(O::DiscoverySrv),
            discovery_token: settings.text(O::DiscoveryToken),
            discovery_endpoints: settings
                .value(O::DiscoveryEndpoints)
                .filter(|text| !text.is_empty())
                .map(|_| settings.list(O::DiscoveryEndpoints))
                .unwrap_or_default(),
            falls_back_to_proxy: settings.text(O::DiscoveryFallback) == "proxy",
            other: other_settings(settings, build),
            config_file: None,
        }
    }
}

/// The settings that have nothing to do with certificates.
fn other_settings(settings: &Settings, build: &EtcdBuild) -> OtherSettings {
    use EtcdOption as O;
    let flag = |option| settings.value(option).and_then(|text| parse_bool(text));
    let both = |old: &EtcdOption, new: &EtcdOption| {
        settings.given.contains(old) && settings.given.contains(new)
    };
    let gates = settings.text(O::FeatureGates);
    OtherSettings {
        clash: server_settings::clash(&gates, &flag, &both, build),
        log_format: settings.value(O::LogFormat).cloned(),
        maximum_learners: settings
            .value(O::MaximumLearners)
            .and_then(|text| parse_signed(text).ok()),
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
