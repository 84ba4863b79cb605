//! What etcd checks of its settings before it reads a certificate
//! (`embed/config.go`, `(*Config).Validate`), in its order.

use crate::etcd::facts::feature_gate;
use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::reading::feature_gates;
use crate::etcd::judge::reading::server_configuration::{
    Clash, ConfigurationError, EXISTING_CLUSTER, NEW_CLUSTER, OtherSettings, ServerConfiguration,
};
use go_x509::address::{self, split_host_port};
use go_x509::quote::quote;
use go_x509::strconv::{parse_decimal, parse_duration};
use go_x509::url::Url;

/// The longest `--election-timeout`, milliseconds (`maxElectionMs`).
const LONGEST_ELECTION: u64 = 50_000;

/// What `--log-format` can be.
const FORMATS: [&str; 2] = ["json", "console"];
/// The highest sampling rate, per million spans (`maxSamplingRatePerMillion`).
const MOST_SAMPLES: i64 = 1_000_000;

/// Options that this etcd doesn't take together: a flag under its old name and
/// under its new one (`experimentalFlagMigrationMap`), or a flag and a feature gate.
/// `flag` is a boolean flag's value where it is given, `both` whether both are.
#[must_use]
pub fn clash(
    gates: &str,
    flag: &dyn Fn(EtcdOption) -> Option<bool>,
    both: &dyn Fn(&EtcdOption, &EtcdOption) -> bool,
    build: &EtcdBuild,
) -> Option<Clash> {
    let has = |option: &EtcdOption| option.since().includes(build.version);
    let renamed = feature_gate::RENAMED.iter();
    let mut renamed = renamed.filter(|(old, new)| has(old) && has(new));
    if let Some((old, new)) = renamed.find(|(old, new)| both(old, new)) {
        let text = format!(
            "cannot set {} and {} at the same time, please use {} only",
            old.flag(),
            new.flag(),
            new.flag()
        );
        let option = *old;
        return Some(Clash {
            option,
            text,
            comes_first: true,
        });
    }
    let (option, text) = feature_gates::clash(gates, flag, build.version)?;
    let comes_first = text.starts_with("cannot");
    Some(Clash {
        option,
        text,
        comes_first,
    })
}

fn refused(option: EtcdOption, text: String) -> ConfigurationError {
    ConfigurationError::Setting { option, text }
}

fn late(option: EtcdOption, text: String) -> ConfigurationError {
    ConfigurationError::LateSetting { option, text }
}

/// `identifyDataDirOrDie`: a file is no data directory.
///
/// # Errors
///
/// `--data-dir` names a file.
pub fn check_data_dir(
    configuration: &ServerConfiguration,
    is_file: &dyn Fn(&str) -> bool,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let path = &configuration.other.data_dir;
    if path.is_empty() || !is_file(path) {
        return Ok(());
    }
    let text = if build.logs_plain_lines() {
        format!("error listing data dir: {path}")
    } else {
        format!("readdirent {path}: not a directory")
    };
    Err(late(EtcdOption::DataDirectory, text))
}

/// `(*Config).Validate`
///
/// # Errors
///
/// The first setting that etcd refuses.
pub fn check(
    configuration: &ServerConfiguration,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let other = &configuration.other;
    // etcd's `main` looks at this one before it asks its configuration.
    if configuration.falls_back_to_proxy && build.version.minor >= 6 {
        let text = "v2 proxy is deprecated, and --discovery-fallback can't be configured as \
                    \"proxy\"";
        return Err(refused(EtcdOption::DiscoveryFallback, text.to_owned()));
    }
    let clash = other.clash.as_ref();
    let complain = |clash: &Clash| Err(refused(clash.option, clash.text.clone()));
    if let Some(clash) = clash.filter(|clash| clash.comes_first) {
        return complain(clash);
    }
    check_logging(other, build)?;
    check_listeners(configuration, build)?;
    check_advertised(configuration, build)?;
    check_ways_to_the_cluster(configuration, build)?;
    check_intervals(other)?;
    if configuration.advertise_client_urls.is_none() {
        return Err(ConfigurationError::AdvertiseMissing);
    }
    match other.auto_compaction_mode.as_str() {
        "periodic" | "revision" => {}
        "" if !build.needs_a_compaction_mode() => {}
        "" => {
            let text = "undefined auto-compaction-mode".to_owned();
            return Err(refused(EtcdOption::AutoCompactionMode, text));
        }
        mode => {
            let text = format!("unknown auto-compaction-mode {}", quote(mode));
            return Err(refused(EtcdOption::AutoCompactionMode, text));
        }
    }
    if let Some(clash) = clash {
        return complain(clash);
    }
    if other.checkpoint_persist && !other.checkpoint && build.wants_checkpoints_to_persist() {
        let text = "setting experimental-enable-lease-checkpoint-persist requires \
                    experimental-enable-lease-checkpoint";
        return Err(refused(
            EtcdOption::ExperimentalEnableLeaseCheckpointPersist,
            text.to_owned(),
        ));
    }
    if let Some(option) = other.hash_check_is_off {
        let text = format!("{} must be >0 (set to 0s)", option.flag());
        return Err(refused(EtcdOption::ExperimentalCompactHashCheckTime, text));
    }
    check_tls_versions(configuration, build)?;
    let complaint = match other.tracing_rate {
        Some(..0) => "tracing sampling rate must be positive".to_owned(),
        Some(rate) if rate > MOST_SAMPLES => {
            format!("tracing sampling rate must be less than {MOST_SAMPLES}")
        }
        _ => return Ok(()),
    };
    let text = format!("distributed tracing configurition is not valid: ({complaint})");
    Err(refused(
        EtcdOption::ExperimentalDistributedTracingSamplingRate,
        text,
    ))
}

/// `setupLogging`
fn check_logging(other: &OtherSettings, build: &EtcdBuild) -> Result<(), ConfigurationError> {
    const LEVELS: [&str; 7] = ["debug", "info", "warn", "error", "dpanic", "panic", "fatal"];
    let old = build.logs_plain_lines();
    let known: &[&str] = if old { &["capnslog", "zap"] } else { &["zap"] };
    if let Some(logger) = other
        .logger
        .as_deref()
        .filter(|logger| !known.contains(logger))
    {
        let text = format!("unknown logger option {}", quote(logger));
        return Err(refused(EtcdOption::Logger, text));
    }
    // `ConvertToZapLevel` panics; before 3.5 it minds letter case.
    if let Some(level) = other.log_level.as_deref() {
        let plain = level.to_ascii_lowercase();
        if old && !LEVELS.contains(&level) {
            let text = format!("panic: unknown level {}", quote(level));
            return Err(refused(EtcdOption::LogLevel, text));
        }
        let takes = LEVELS.contains(&plain.as_str())
            || plain == "warning" && build.takes_warning_for_a_level();
        if !old && !level.is_empty() && !takes {
            let text = format!("panic: unrecognized level: {}", quote(level));
            return Err(refused(EtcdOption::LogLevel, text));
        }
    }
    let format = other.log_format.as_deref();
    if let Some(format) = format.filter(|format| !format.is_empty() && !FORMATS.contains(format)) {
        let text = format!(
            "unknown log format: {format}, supported values {}",
            FORMATS.join(", ")
        );
        return Err(refused(EtcdOption::LogFormat, text));
    }
    let outputs = &other.log_outputs;
    if outputs.len() > 1 {
        let plain = old && other.logger.as_deref() != Some("zap");
        if plain {
            let list: Vec<String> = outputs.iter().map(|output| quote(output)).collect();
            let text = format!(
                "--logger=capnslog supports only 1 value in '--log-outputs', got [{}]",
                list.join(" ")
            );
            return Err(refused(EtcdOption::LogOutputs, text));
        }
        if outputs.iter().any(|output| output == "default") {
            let text = "multi logoutput for \"default\" is not supported yet".to_owned();
            return Err(refused(EtcdOption::LogOutputs, text));
        }
    }
    if let Some(rotation) = &other.log_rotation {
        let is_file = |output: &String| !["default", "stderr", "stdout"].contains(&output.as_str());
        if outputs.len() != 1 || !outputs.iter().all(is_file) {
            let text = "--log-outputs requires a single file path when --log-rotate-config-json \
                        is defined";
            return Err(refused(EtcdOption::LogOutputs, text.to_owned()));
        }
        if !rotation.is_empty() && serde_json::from_str::<serde_json::Value>(rotation).is_err() {
            // Go says behind it which character it could not read.
            let text = "improperly formatted log rotation config: ".to_owned();
            return Err(refused(EtcdOption::LogRotationConfigurationJson, text));
        }
    }
    Ok(())
}

/// `checkBindURLs`
fn check_listeners(
    configuration: &ServerConfiguration,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let urls = configuration
        .listen_peer_urls
        .iter()
        .chain(&configuration.listen_client_urls)
        .chain(&configuration.listen_http_urls)
        .chain(&configuration.listen_metrics_urls);
    for url in urls.filter(|url| !url.scheme.starts_with("unix")) {
        let host = split_host_port(&url.host).map_or("", |(host, _)| host);
        if host != "localhost" && address::parse_as(host, build.go).is_none() {
            let text = format!("expected IP in URL for binding ({})", url.text);
            return Err(ConfigurationError::NotAnAddress { text });
        }
    }
    Ok(())
}

/// `checkHostURLs`
fn check_advertised(
    configuration: &ServerConfiguration,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let peers: &[Url] = &configuration.advertise_peer_urls;
    let clients = configuration.advertise_client_urls.as_deref();
    let sides = [
        (EtcdOption::InitialAdvertisePeerUrls, peers),
        (EtcdOption::AdvertiseClientUrls, clients.unwrap_or_default()),
    ];
    for (option, urls) in sides {
        let is_asked = |url: &&Url| !build.names_unix_sockets() || !url.scheme.starts_with("unix");
        for url in urls.iter().filter(is_asked) {
            let reason = match split_host_port(&url.host) {
                Ok(("", _)) => Some(format!("unexpected empty host ({})", url.text)),
                Ok(_) => None,
                Err(error) => Some(error.to_string()),
            };
            if let Some(reason) = reason {
                let all: Vec<&str> = urls.iter().map(|url| url.text.as_str()).collect();
                let demand =
                    if build.names_unix_sockets() && option == EtcdOption::AdvertiseClientUrls {
                        "must be in the format \"host:port\", \"unix:/path/to/socket\" or \
                     \"unixs:/path/to/socket\""
                    } else {
                        "must be \"host:port\""
                    };
                let text = format!(
                    "{} {} {demand} ({reason})",
                    option.flag(),
                    quote(&all.join(","))
                );
                return Err(ConfigurationError::NoHost { text });
            }
        }
    }
    Ok(())
}

/// `ErrConflictBootstrapFlags`
fn check_ways_to_the_cluster(
    configuration: &ServerConfiguration,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let state = configuration.cluster_state.as_str();
    if ![NEW_CLUSTER, EXISTING_CLUSTER].contains(&state) {
        let text = format!("unexpected clusterState {}", quote(state));
        return Err(refused(EtcdOption::InitialClusterState, text));
    }
    let cluster = configuration.initial_cluster.as_deref();
    let endpoints = &configuration.discovery_endpoints;
    // A cluster that isn't named is the default, unless it is to be discovered.
    let ways = [
        cluster != Some(""),
        !configuration.discovery.is_empty(),
        !configuration.discovery_srv.is_empty(),
        !endpoints.is_empty(),
    ];
    if ways.into_iter().filter(|way| *way).count() < 2 {
        let has_token = !configuration.discovery_token.is_empty();
        let option = EtcdOption::DiscoveryEndpoints;
        if has_token == endpoints.is_empty() {
            let text = "both --discovery-token and --discovery-endpoints must be set";
            return Err(refused(option, text.to_owned()));
        }
        if endpoints.iter().any(|endpoint| endpoint.trim().is_empty()) {
            let text = "--discovery-endpoints must not contain empty endpoints";
            return Err(refused(option, text.to_owned()));
        }
        return Ok(());
    }
    Err(ConfigurationError::TwoWaysToTheCluster {
        text: format!(
            "multiple discovery or bootstrap flags are set. Choose one of \"initial-cluster\", \
             {} or \"discovery-srv\"",
            build.ways_of_discovery()
        ),
    })
}

fn check_tls_versions(
    configuration: &ServerConfiguration,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let tls = |text: String| Err(ConfigurationError::TlsVersion { text });
    let number = |text: &str| match text {
        "" => Some(0),
        "TLS1.2" => Some(2),
        "TLS1.3" => Some(3),
        _ => None,
    };
    let unknown = |text: &str| {
        tls(format!(
            "unexpected TLS version {} (must be one of: TLS1.2, TLS1.3)",
            quote(text)
        ))
    };
    let Some(min) = number(&configuration.tls_min_version) else {
        return unknown(&configuration.tls_min_version);
    };
    let Some(max) = number(&configuration.tls_max_version) else {
        return unknown(&configuration.tls_max_version);
    };
    if max != 0 && min > max {
        return tls(format!(
            "min version ({}) is greater than max version ({})",
            configuration.tls_min_version, configuration.tls_max_version
        ));
    }
    let has_versions = EtcdOption::TlsMinimumVersion
        .since()
        .includes(build.version);
    if has_versions && min == 3 && !configuration.cipher_suites.is_empty() {
        return tls("cipher suites cannot be configured when only TLS1.3 is enabled".to_owned());
    }
    Ok(())
}

fn check_intervals(other: &OtherSettings) -> Result<(), ConfigurationError> {
    let (heartbeat, election) = (other.heartbeat_interval, other.election_timeout);
    let (option, text) = if heartbeat == 0 {
        (
            EtcdOption::HeartbeatInterval,
            "--heartbeat-interval must be >0 (set to 0ms)".to_owned(),
        )
    } else if election == 0 {
        (
            EtcdOption::ElectionTimeout,
            "--election-timeout must be >0 (set to 0ms)".to_owned(),
        )
    } else if heartbeat.saturating_mul(5) > election {
        (
            EtcdOption::ElectionTimeout,
            format!(
                "--election-timeout[{election}ms] should be at least as 5 times as \
                     --heartbeat-interval[{heartbeat}ms]"
            ),
        )
    } else if election > LONGEST_ELECTION {
        (
            EtcdOption::ElectionTimeout,
            format!(
                "--election-timeout[{election}ms] is too long, and should be set less than \
                     {LONGEST_ELECTION}ms"
            ),
        )
    } else {
        return Ok(());
    };
    Err(refused(option, text))
}

/// `parseCompactionRetention`: hours or revisions as a number, else a duration.
///
/// # Errors
///
/// It is neither.
pub fn check_retention(
    configuration: &ServerConfiguration,
    build: &EtcdBuild,
) -> Result<(), ConfigurationError> {
    let retention = configuration.other.auto_compaction_retention.as_str();
    if retention.is_empty() || parse_decimal(retention).is_some_and(|number| number >= 0) {
        return Ok(());
    }
    parse_duration(retention).map(|_| ()).map_err(|error| {
        let reason = error.text(retention, build.go);
        let text = format!("error parsing CompactionRetention: {reason}");
        late(EtcdOption::AutoCompactionRetention, text)
    })
}

/// `membership.ValidateClusterAndAssignIDs`: fewer than no learners are too few for
/// any cluster.
///
/// # Errors
///
/// `--max-learners` is negative.
pub fn check_learners(configuration: &ServerConfiguration) -> Result<(), ConfigurationError> {
    if configuration.other.maximum_learners.unwrap_or(0) >= 0 {
        return Ok(());
    }
    let text = "membership: too many learner members in cluster".to_owned();
    Err(late(EtcdOption::MaximumLearners, text))
}

/// How `--auth-token=jwt` may sign.
const SIGNING_METHODS: [&str; 13] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
    "ES384", "ES512", "EdDSA",
];

/// `auth.NewTokenProvider`, up to the files of `jwt`: whether they are there.
///
/// # Errors
///
/// An unknown kind of token, or options that don't fit.
pub fn check_auth_token(
    configuration: &ServerConfiguration,
    is_there: &dyn Fn(&str) -> bool,
) -> Result<(), ConfigurationError> {
    let mut words = configuration.other.auth_token.split(',');
    let kind = words.next().unwrap_or_default();
    let options: Vec<Option<(&str, &str)>> = words
        .map(|word| {
            let (name, value) = word.split_once('=')?;
            (!value.contains('=')).then_some((name, value))
        })
        .collect();
    let option = |wanted: &str| {
        let mut known = options.iter().flatten();
        known
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| *value)
    };
    let signs = || option("sign-method").is_some_and(|method| SIGNING_METHODS.contains(&method));
    let has_keys = || {
        let mut keys = ["pub-key", "priv-key"].into_iter().filter_map(option);
        keys.all(is_there)
    };
    let fits = match kind {
        "" | "simple" => options.iter().all(Option::is_some),
        "jwt" => options.iter().all(Option::is_some) && signs() && has_keys(),
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(late(
            EtcdOption::AuthenticationToken,
            "auth: invalid auth options".to_owned(),
        ))
    }
}
