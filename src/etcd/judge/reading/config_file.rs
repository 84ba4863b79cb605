//! etcd's config file (`embed.ConfigFromFile`): YAML that is turned into JSON
//! and read into Go's structures, so that keys match in any letter case,
//! unknown ones are left alone, and a value of another type ends etcd.

use saphyr::Yaml;

use crate::etcd::facts::option::{EtcdOption, FieldType, Key, Section};
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::reading::feature_gates;
use crate::etcd::judge::reading::go_yaml;
use crate::etcd::judge::reading::server_configuration::{
    ConfigurationError, DEFAULT_CLIENT_URL, DEFAULT_ELECTION, DEFAULT_HEARTBEAT, DEFAULT_NAME,
    DEFAULT_PEER_URL, NEW_CLUSTER, OtherSettings, ServerConfiguration, TlsSettings,
};
use crate::etcd::judge::reading::server_settings;
use crate::etcd::judge::reading::urls::parse_urls;
use go_x509::url::Url;

/// Whether `encoding/json` takes the value for a field; a null leaves any field
/// alone.
fn takes(wanted: FieldType, value: &Yaml<'_>) -> bool {
    let at_most = |most: u64| {
        let number = value.as_integer();
        number.is_some_and(|number| u64::try_from(number).is_ok_and(|number| number <= most))
    };
    value.is_null()
        || match wanted {
            FieldType::Text | FieldType::Deprecation => value.as_str().is_some(),
            FieldType::Boolean => value.as_bool().is_some(),
            FieldType::Texts => value.as_sequence().is_some(),
            FieldType::Unsigned | FieldType::Unsigned64 => at_most(u64::MAX),
            FieldType::Unsigned32 => at_most(u64::from(u32::MAX)),
            FieldType::Signed | FieldType::Signed64 | FieldType::Duration => {
                value.as_integer().is_some()
            }
        }
}

/// Whether a refusal names the number itself, which is out of the field's range.
const fn is_number(wanted: FieldType) -> bool {
    !matches!(
        wanted,
        FieldType::Text | FieldType::Deprecation | FieldType::Boolean | FieldType::Texts
    )
}

/// What `encoding/json` calls the kind of a value.
fn kind(value: &Yaml<'_>) -> &'static str {
    if value.as_str().is_some() {
        "string"
    } else if value.as_bool().is_some() {
        "bool"
    } else if value.as_sequence().is_some() {
        "array"
    } else if value.as_mapping().is_some() {
        "object"
    } else {
        "number"
    }
}

/// `securityConfig`, a structure that both sections have.
const SECTIONS: [&str; 2] = ["client-transport-security", "peer-transport-security"];

/// The options whose keys this etcd's file has at the top or, named as the
/// peers' are, in either of [`SECTIONS`].
fn options(build: &EtcdBuild) -> impl Iterator<Item = (EtcdOption, Key)> {
    let version = build.version;
    let all = EtcdOption::ALL.iter().copied();
    all.filter(move |option| option.has_key(version))
        .filter_map(|option| Some((option, option.key()?)))
}

/// The value of a key: the one in the same letters, else in any letter case,
/// as `encoding/json` looks for it. A null counts as absent.
fn named<'a, 'input>(node: &'a Yaml<'input>, name: &str) -> Option<&'a Yaml<'input>> {
    node.as_mapping_get(name)
        .or_else(|| {
            let (_, value) = node.as_mapping()?.iter().find(|(key, _)| {
                key.as_str()
                    .is_some_and(|key| key.eq_ignore_ascii_case(name))
            })?;
            Some(value)
        })
        .filter(|value| !value.is_null())
}

/// The value of an option's key, if this etcd has the key.
fn field<'a, 'input>(
    node: &'a Yaml<'input>,
    option: EtcdOption,
    build: &EtcdBuild,
) -> Option<&'a Yaml<'input>> {
    named(node, option.key_name()).filter(|_| option.has_key(build.version))
}

fn text(node: &Yaml<'_>, option: EtcdOption, build: &EtcdBuild) -> Option<String> {
    field(node, option, build)?.as_str().map(str::to_owned)
}

fn boolean(node: &Yaml<'_>, option: EtcdOption, build: &EtcdBuild) -> Option<bool> {
    field(node, option, build)?.as_bool()
}

fn is_true(node: &Yaml<'_>, option: EtcdOption, build: &EtcdBuild) -> bool {
    boolean(node, option, build) == Some(true)
}

fn texts(node: &Yaml<'_>, option: EtcdOption, build: &EtcdBuild) -> Vec<String> {
    field(node, option, build)
        .and_then(Yaml::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// The structures inside of the file's own: the path of each, Go's name for it, and
/// its type.
#[rustfmt::skip]
const STRUCTURES: [(&str, &str, &str); 9] = [
    ("client-transport-security", "securityConfig", "embed.securityConfig"),
    ("peer-transport-security", "securityConfig", "embed.securityConfig"),
    ("socket-options", "SocketOpts", "transport.SocketOpts"),
    ("discovery-config", "DiscoveryConfig", "v3discovery.DiscoveryConfig"),
    ("discovery-config/client", "ConfigSpec", "clientv3.ConfigSpec"),
    ("discovery-config/client/auth", "AuthConfig", "clientv3.AuthConfig"),
    ("discovery-config/client/secure", "SecureConfig", "clientv3.SecureConfig"),
    ("ClientTLSInfo", "TLSInfo", "transport.TLSInfo"),
    ("PeerTLSInfo", "TLSInfo", "transport.TLSInfo"),
];

/// The fields of `transport.TLSInfo`, which stands in the file under Go's own names.
const TLS_FIELDS: [&str; 5] = [
    "CRLFile",
    "CertFile",
    "KeyFile",
    "ServerName",
    "TrustedCAFile",
];

/// The keys that this etcd's file has in a structure, and their types; at the top,
/// also what embeds them.
fn keys(path: &str, build: &EtcdBuild) -> Vec<(&'static str, FieldType, &'static str)> {
    if path.ends_with("TLSInfo") {
        return TLS_FIELDS.map(|name| (name, FieldType::Text, "")).to_vec();
    }
    let stands = |section: Section| match section {
        Section::Top => path.is_empty().then_some("Config."),
        Section::TopJson => path.is_empty().then_some("configJSON."),
        // Both are one structure, named as the peers' options are.
        Section::PeerTransport => SECTIONS.contains(&path).then_some(""),
        Section::ClientTransport => None,
        Section::SocketOptions => (path == "socket-options").then_some(""),
        Section::Discovery(section) => (path == section).then_some(""),
    };
    let mut keys: Vec<_> = options(build)
        .filter_map(|(option, key)| Some((option.key_name(), key.field_type, stands(key.section)?)))
        .collect();
    // It came with etcdctl's `--auth-jwt-token`, and etcd has no flag for it.
    if path == "discovery-config/client/auth" && build.version.minor >= 7 {
        keys.push(("token", FieldType::Text, ""));
    }
    keys
}

/// Whether this etcd's file has a structure.
fn has_structure(path: &str, build: &EtcdBuild) -> bool {
    let below = format!("{path}/");
    path.ends_with("TLSInfo")
        || STRUCTURES
            .iter()
            .filter(|(inner, ..)| *inner == path || inner.starts_with(&below))
            .any(|(inner, ..)| !keys(inner, build).is_empty())
}

/// The first field, in the order of JSON's keys, with a value of a wrong type.
fn type_error(document: &Yaml<'_>, build: &EtcdBuild) -> Option<String> {
    let cannot = |kind: &str, place: &str, wanted: &str| {
        format!("json: cannot unmarshal {kind} into Go struct field {place} of type {wanted}")
    };
    let wrong = |value: &Yaml<'_>, place: &str, wanted: FieldType| {
        let literal = value
            .as_integer()
            .map(|number| number.to_string())
            .or_else(|| value.as_floating_point().map(|number| number.to_string()))
            .filter(|_| is_number(wanted));
        let kind = literal.map_or_else(
            || kind(value).to_owned(),
            |literal| format!("number {literal}"),
        );
        cannot(&kind, place, wanted.go_name())
    };
    // Since Go 1.24 the structure that a field is embedded with is named.
    let embedded = |path: &str| match path {
        _ if !build.go.names_embedded_structures() => "",
        path if SECTIONS.contains(&path) => "configJSON.",
        _ => "Config.",
    };
    let mut found: Vec<(String, String)> = Vec::new();
    for (name, field_type, embeds) in keys("", build) {
        let embeds = if build.go.names_embedded_structures() {
            embeds
        } else {
            ""
        };
        if let Some(value) = named(document, name).filter(|value| !takes(field_type, value)) {
            let place = format!("configYAML.{embeds}{name}");
            found.push((name.to_owned(), wrong(value, &place, field_type)));
        }
    }
    for (path, structure, its_type) in STRUCTURES {
        let top = path.split('/').next().unwrap_or(path);
        let embeds = embedded(top);
        let mut parts = path.split('/');
        let node = parts.try_fold(document, |node, name| named(node, name));
        let Some(node) = node.filter(|_| has_structure(path, build)) else {
            continue;
        };
        let dotted = path.replace('/', ".");
        if node.as_mapping().is_none() {
            let parent = path.rsplit_once('/').map_or("configYAML", |(parent, _)| {
                let mut all = STRUCTURES.iter();
                all.find(|(path, ..)| *path == parent)
                    .map_or("configYAML", |(_, structure, _)| structure)
            });
            let place = format!("{parent}.{embeds}{dotted}");
            found.push((dotted.clone(), cannot(kind(node), &place, its_type)));
        }
        for (name, field_type, _) in keys(path, build) {
            if let Some(value) = named(node, name).filter(|value| !takes(field_type, value)) {
                let place = format!("{structure}.{embeds}{dotted}.{name}");
                found.push((format!("{dotted}.{name}"), wrong(value, &place, field_type)));
            }
        }
    }
    found.sort();
    let (_, text) = found.into_iter().next()?;
    Some(format!(
        "error unmarshaling JSON: while decoding JSON: {text}"
    ))
}

/// One side's files: its section, and of Go's own structure what the section has no
/// key for.
fn side(document: &Yaml<'_>, section: &str, info: &str, build: &EtcdBuild) -> TlsSettings {
    use EtcdOption as O;
    let crl_file = named(document, info)
        .and_then(|info| named(info, "CRLFile"))
        .and_then(Yaml::as_str)
        .unwrap_or_default()
        .to_owned();
    let Some(node) = named(document, section) else {
        return TlsSettings {
            crl_file,
            ..TlsSettings::default()
        };
    };
    let path = |option| text(node, option, build).unwrap_or_default();
    TlsSettings {
        cert_file: path(O::PeerCertificateFile),
        key_file: path(O::PeerKeyFile),
        client_cert_file: path(O::PeerClientCertificateFile),
        client_key_file: path(O::PeerClientKeyFile),
        trusted_ca_file: path(O::PeerTrustedCaFile),
        client_cert_auth: is_true(node, O::PeerClientCertificateAuthentication, build),
        crl_file,
        allowed_hostnames: texts(node, O::PeerCertificateAllowedHostname, build),
        allowed_common_names: texts(node, O::PeerCertificateAllowedCommonName, build),
        auto_tls: is_true(node, O::PeerAutoTls, build),
        skip_address_check: is_true(node, O::PeerSkipClientSanVerification, build),
    }
}

/// A number that is not negative.
fn number(document: &Yaml<'_>, option: EtcdOption, default: u64, build: &EtcdBuild) -> u64 {
    field(document, option, build)
        .and_then(Yaml::as_integer)
        .and_then(|number| u64::try_from(number).ok())
        .unwrap_or(default)
}

/// The settings that have nothing to do with certificates.
fn other_settings(document: &Yaml<'_>, gates: &str, build: &EtcdBuild) -> OtherSettings {
    use EtcdOption as O;
    let flag = |option| boolean(document, option, build);
    // `FlagsExplicitlySet`: keys in the letters of the flags, whatever stands behind
    // them; those of the peers' section with the section's prefix.
    let has = |node: &Yaml<'_>, key: &str| node.as_mapping_get(key).is_some();
    let of_peers = document.as_mapping_get(SECTIONS[1]);
    let given = |option: &EtcdOption| {
        let inner = option.name().strip_prefix("peer-").zip(of_peers);
        has(document, option.name())
            || inner.is_some_and(|(key, section)| has(section, key))
            || field(document, *option, build).is_some_and(|_| has(document, option.key_name()))
    };
    let both = |old: &EtcdOption, new: &EtcdOption| given(old) && given(new);
    OtherSettings {
        clash: server_settings::clash(gates, &flag, &both, build),
        log_format: text(document, O::LogFormat, build),
        maximum_learners: field(document, O::MaximumLearners, build).and_then(Yaml::as_integer),
        logger: text(document, O::Logger, build),
        log_level: text(document, O::LogLevel, build),
        log_outputs: texts(document, O::LogOutputs, build),
        log_rotation: is_true(document, O::EnableLogRotation, build)
            .then(|| text(document, O::LogRotationConfigurationJson, build).unwrap_or_default()),
        heartbeat_interval: number(document, O::HeartbeatInterval, DEFAULT_HEARTBEAT, build),
        election_timeout: number(document, O::ElectionTimeout, DEFAULT_ELECTION, build),
        auto_compaction_mode: text(document, O::AutoCompactionMode, build)
            .unwrap_or_else(|| "periodic".to_owned()),
        auto_compaction_retention: text(document, O::AutoCompactionRetention, build)
            .unwrap_or_default(),
        auth_token: text(document, O::AuthenticationToken, build).unwrap_or_default(),
        data_dir: text(document, O::DataDirectory, build).unwrap_or_default(),
        tracing_rate: None,
        checkpoint: is_true(document, O::ExperimentalEnableLeaseCheckpoint, build),
        checkpoint_persist: is_true(document, O::ExperimentalEnableLeaseCheckpointPersist, build),
        hash_check_is_off: None,
    }
}

/// Reads the config file at `path`.
///
/// # Errors
///
/// It is no YAML, a value has a wrong type, or a URL can't be read.
pub fn read(
    path: &str,
    content: &[u8],
    build: &EtcdBuild,
) -> Result<ServerConfiguration, ConfigurationError> {
    use EtcdOption as O;
    let wrong = |text: String| ConfigurationError::ConfigFile {
        path: path.to_owned(),
        text,
    };
    let content = String::from_utf8_lossy(content);
    let content = go_yaml::spaced(&content);
    let documents = go_yaml::load(&content)
        .map_err(|reason| wrong(format!("error converting YAML to JSON: yaml: {reason}")))?;
    let null = Yaml::value_from_str("~");
    let document = documents.first().unwrap_or(&null);
    if !document.is_null() && document.as_mapping().is_none() {
        return Err(wrong(format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value of type embed.configYAML",
            kind(document)
        )));
    }
    if let Some(text) = type_error(document, build) {
        return Err(wrong(text));
    }
    let urls = |option: EtcdOption, default: &str| -> Result<Vec<Url>, ConfigurationError> {
        let given = text(document, option, build).filter(|text| !text.is_empty());
        let given = given.as_deref().unwrap_or(default);
        if given.is_empty() {
            return Ok(Vec::new());
        }
        parse_urls(given, build).map_err(|reason| ConfigurationError::ConfigFileUrl {
            path: path.to_owned(),
            text: format!(
                "unexpected error setting up {}: {reason}",
                option.key_name()
            ),
        })
    };
    let gates = text(document, O::FeatureGates, build).unwrap_or_default();
    feature_gates::check(&gates, build.version).map_err(|error| wrong(error.to_string()))?;
    let section = document.as_mapping_get(SECTIONS[1]);
    if build.refuses_an_empty_section() && section.is_some_and(Yaml::is_null) {
        return Err(wrong(format!("invalid {}", SECTIONS[1])));
    }
    let client_of_discovery = named(document, "discovery-config");
    let discovery_endpoints = client_of_discovery
        .and_then(|node| named(node, "client"))
        .map(|node| texts(node, O::DiscoveryEndpoints, build))
        .unwrap_or_default();
    Ok(ServerConfiguration {
        client: side(document, SECTIONS[0], "ClientTLSInfo", build),
        peer: side(document, SECTIONS[1], "PeerTLSInfo", build),
        listen_client_urls: urls(O::ListenClientUrls, DEFAULT_CLIENT_URL)?,
        // A config file leaves the default of advertise-client-urls.
        advertise_client_urls: Some(urls(O::AdvertiseClientUrls, DEFAULT_CLIENT_URL)?),
        listen_peer_urls: urls(O::ListenPeerUrls, DEFAULT_PEER_URL)?,
        advertise_peer_urls: urls(O::InitialAdvertisePeerUrls, DEFAULT_PEER_URL)?,
        listen_metrics_urls: urls(O::ListenMetricsUrls, "")?,
        listen_http_urls: urls(O::ListenClientHttpUrls, "")?,
        cipher_suites: texts(document, O::CipherSuites, build),
        tls_min_version: text(document, O::TlsMinimumVersion, build)
            .unwrap_or_else(|| "TLS1.2".to_owned()),
        tls_max_version: text(document, O::TlsMaximumVersion, build).unwrap_or_default(),
        grpc_gateway: field(document, O::EnableGrpcGateway, build)
            .map_or(build.has_gateway_by_config_file(), |value| {
                value.as_bool() == Some(true)
            }),
        self_signed_validity: number(document, O::SelfSignedCertificateValidity, 1, build).max(1),
        name: text(document, O::Name, build).unwrap_or_else(|| DEFAULT_NAME.to_owned()),
        initial_cluster: text(document, O::InitialCluster, build).or_else(|| {
            let discovers = [O::Discovery, O::DiscoverySrv]
                .into_iter()
                .any(|option| text(document, option, build).is_some_and(|text| !text.is_empty()));
            (discovers || !discovery_endpoints.is_empty()).then(String::new)
        }),
        cluster_state: text(document, O::InitialClusterState, build)
            .filter(|state| !state.is_empty())
            .unwrap_or_else(|| NEW_CLUSTER.to_owned()),
        falls_back_to_proxy: false,
        discovery_token: client_of_discovery
            .and_then(|node| text(node, O::DiscoveryToken, build))
            .unwrap_or_default(),
        discovery_endpoints,
        discovery: text(document, O::Discovery, build).unwrap_or_default(),
        discovery_srv: text(document, O::DiscoverySrv, build).unwrap_or_default(),
        other: other_settings(document, &gates, build),
        config_file: Some(path.to_owned()),
    })
}
