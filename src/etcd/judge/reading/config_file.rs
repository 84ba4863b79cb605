//! etcd's config file (`embed.ConfigFromFile`): YAML that is turned into JSON
//! and read into Go's structures, so that keys match in any letter case,
//! unknown ones are left alone, and a value of another type ends etcd.

use std::collections::BTreeMap;

use saphyr::{ScanError, Yaml, YamlLoader};
use saphyr_parser::{Event, Parser, Span, SpannedEventReceiver as _};

use crate::etcd::facts::option::{EtcdOption, FieldType, Key, Section};
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::reading::server_configuration::{
    ConfigurationError, DEFAULT_CLIENT_URL, DEFAULT_ELECTION, DEFAULT_HEARTBEAT, DEFAULT_NAME,
    DEFAULT_PEER_URL, OtherSettings, ServerConfiguration, TlsSettings,
};
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
            FieldType::Boolean => boolean(value).is_some(),
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

/// A boolean in the words of YAML 1.1, which go-yaml reads. (The quoted words
/// would be texts to it.)
fn boolean(value: &Yaml<'_>) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()? {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    })
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

fn is_true(node: &Yaml<'_>, option: EtcdOption, build: &EtcdBuild) -> bool {
    field(node, option, build).and_then(boolean) == Some(true)
}

fn texts(node: &Yaml<'_>, option: EtcdOption, build: &EtcdBuild) -> Vec<String> {
    field(node, option, build)
        .and_then(Yaml::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// The documents of a text. Of a key that stands twice the last value counts:
/// so did every etcd that was measured (3.4.23, 3.5.1, 3.5.16, 3.5.30).
///
/// What lies deeper than any of etcd's keys is passed over, so that no nesting
/// takes the stack and no key of it is looked at in vain.
fn load(content: &str) -> Result<Vec<Yaml<'_>>, ScanError> {
    let mut loader = YamlLoader::default();
    loader.allow_duplicate_keys(true);
    let mut depth = 0_usize;
    let mut nodes = Nodes::default();
    for event in Parser::new_from_str(content) {
        let (event, span) = event?;
        let (begins, ends) = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => (true, false),
            Event::SequenceEnd | Event::MappingEnd => (false, true),
            _ => (false, false),
        };
        if begins && depth >= MOST_LEVELS {
            return Err(ScanError::new(
                span.start,
                format!("exceeded max depth of {MOST_LEVELS}"),
            ));
        }
        depth -= usize::from(ends);
        nodes.count(&event, &span)?;
        // At the deepest level that is kept a collection is an empty one.
        if depth <= DEEPEST {
            loader.on_event(event, span);
        }
        depth += usize::from(begins);
    }
    match loader.error() {
        Some(error) => Err(error.clone()),
        None => Ok(loader.into_documents()),
    }
}

/// So deep is what is kept: a list in a section lies in the third level.
const DEEPEST: usize = 8;

/// go-yaml's own limit (`max_flow_level` and `max_indents` of its `scannerc.go`).
const MOST_LEVELS: usize = 10_000;

/// So many nodes at most, aliases counted as often as they are used: as many as
/// go-yaml decodes without a look at what part of them is aliases
/// (`alias_ratio_range_low` of its `decode.go`).
const MOST_NODES: usize = 400_000;

/// Counts nodes, and those that stand behind each anchor.
#[derive(Default)]
struct Nodes {
    all: usize,
    sizes: BTreeMap<usize, usize>,
    /// The collections that are open: their anchors, and how many nodes were
    /// there before.
    open: Vec<(usize, usize)>,
}

impl Nodes {
    fn count(&mut self, event: &Event<'_>, span: &Span) -> Result<(), ScanError> {
        match event {
            Event::Scalar(_, _, anchor, _) => {
                self.all += 1;
                self.sizes.insert(*anchor, 1);
            }
            Event::Alias(anchor) => {
                self.all += self.sizes.get(anchor).copied().unwrap_or(1);
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                self.open.push((*anchor, self.all));
                self.all += 1;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, before)) = self.open.pop() {
                    self.sizes.insert(anchor, self.all - before);
                }
            }
            _ => {}
        }
        if self.all > MOST_NODES {
            return Err(ScanError::new_str(
                span.start,
                "document contains excessive aliasing",
            ));
        }
        Ok(())
    }
}

/// go-yaml's words for what saphyr found: without what was being read, and with
/// the parser's lines, unlike the scanner's, counted from zero.
fn syntax_text(error: &ScanError) -> String {
    let line = error.marker().line();
    let info = error.info();
    let parsed = info.strip_prefix("while parsing ");
    let reason = parsed
        .and_then(|rest| rest.split_once(", "))
        .map_or(info, |(_, reason)| reason);
    let (line, reason) = if info.contains("tab") {
        (line, "found character that cannot start any token")
    } else if parsed.is_some() {
        (line.saturating_sub(1), reason)
    } else {
        (line, reason)
    };
    format!("error converting YAML to JSON: yaml: line {line}: {reason}")
}

/// The first field, in the order of JSON's keys, with a value of a wrong type.
fn type_error(document: &Yaml<'_>, build: &EtcdBuild) -> Option<String> {
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
        format!(
            "json: cannot unmarshal {} into Go struct field {place} of type {}",
            kind,
            wanted.go_name()
        )
    };
    let embeds = build.go.names_embedded_structures();
    let mut found: Vec<(String, String)> = Vec::new();
    for (option, key) in options(build) {
        let name = option.key_name();
        let place = match (embeds, key.section) {
            (false, Section::Top | Section::TopJson) => format!("configYAML.{name}"),
            (true, Section::Top) => format!("configYAML.Config.{name}"),
            (true, Section::TopJson) => format!("configYAML.configJSON.{name}"),
            _ => continue,
        };
        if let Some(value) = named(document, name).filter(|value| !takes(key.field_type, value)) {
            found.push((name.to_owned(), wrong(value, &place, key.field_type)));
        }
    }
    for section in SECTIONS {
        let Some(node) = named(document, section) else {
            continue;
        };
        let embedded = if embeds { "configJSON." } else { "" };
        if node.as_mapping().is_none() {
            let text = format!(
                "json: cannot unmarshal {} into Go struct field configYAML.{embedded}{section} of type embed.securityConfig",
                kind(node)
            );
            found.push((section.to_owned(), text));
        }
        for (option, key) in options(build).filter(|(_, key)| key.section == Section::PeerTransport)
        {
            let name = option.key_name();
            if let Some(value) = named(node, name).filter(|value| !takes(key.field_type, value)) {
                let place = format!("securityConfig.{embedded}{section}.{name}");
                found.push((
                    format!("{section}.{name}"),
                    wrong(value, &place, key.field_type),
                ));
            }
        }
    }
    found.sort();
    let (_, text) = found.into_iter().next()?;
    Some(format!(
        "error unmarshaling JSON: while decoding JSON: {text}"
    ))
}

fn side(document: &Yaml<'_>, section: &str, build: &EtcdBuild) -> TlsSettings {
    use EtcdOption as O;
    let Some(node) = named(document, section) else {
        return TlsSettings::default();
    };
    let path = |option| text(node, option, build).unwrap_or_default();
    TlsSettings {
        cert_file: path(O::PeerCertificateFile),
        key_file: path(O::PeerKeyFile),
        client_cert_file: path(O::PeerClientCertificateFile),
        client_key_file: path(O::PeerClientKeyFile),
        trusted_ca_file: path(O::PeerTrustedCaFile),
        client_cert_auth: is_true(node, O::PeerClientCertificateAuthentication, build),
        // There is no key for it.
        crl_file: String::new(),
        allowed_hostnames: texts(node, O::PeerCertificateAllowedHostname, build),
        allowed_common_names: texts(node, O::PeerCertificateAllowedCommonName, build),
        auto_tls: is_true(node, O::PeerAutoTls, build),
        skip_address_check: is_true(node, O::PeerSkipClientSanVerification, build),
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
    let documents = load(&content).map_err(|error| wrong(syntax_text(&error)))?;
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
        parse_urls(given, build.go).map_err(|reason| ConfigurationError::ConfigFileUrl {
            path: path.to_owned(),
            text: format!(
                "unexpected error setting up {}: {reason}",
                option.key_name()
            ),
        })
    };
    let number = |option: EtcdOption, default: u64| {
        field(document, option, build)
            .and_then(Yaml::as_integer)
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or(default)
    };
    Ok(ServerConfiguration {
        client: side(document, SECTIONS[0], build),
        peer: side(document, SECTIONS[1], build),
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
        self_signed_validity: number(O::SelfSignedCertificateValidity, 1).max(1),
        name: text(document, O::Name, build).unwrap_or_else(|| DEFAULT_NAME.to_owned()),
        initial_cluster: text(document, O::InitialCluster, build).or_else(|| {
            let discovers = [O::Discovery, O::DiscoverySrv]
                .into_iter()
                .any(|option| text(document, option, build).is_some_and(|text| !text.is_empty()));
            discovers.then(String::new)
        }),
        joins_existing: text(document, O::InitialClusterState, build).as_deref()
            == Some("existing"),
        discovery: text(document, O::Discovery, build).unwrap_or_default(),
        discovery_srv: text(document, O::DiscoverySrv, build).unwrap_or_default(),
        other: OtherSettings {
            logger: text(document, O::Logger, build),
            log_level: text(document, O::LogLevel, build),
            log_outputs: texts(document, O::LogOutputs, build),
            log_rotation: is_true(document, O::EnableLogRotation, build).then(|| {
                text(document, O::LogRotationConfigurationJson, build).unwrap_or_default()
            }),
            heartbeat_interval: number(O::HeartbeatInterval, DEFAULT_HEARTBEAT),
            election_timeout: number(O::ElectionTimeout, DEFAULT_ELECTION),
            auto_compaction_mode: text(document, O::AutoCompactionMode, build)
                .unwrap_or_else(|| "periodic".to_owned()),
            auto_compaction_retention: text(document, O::AutoCompactionRetention, build)
                .unwrap_or_default(),
            auth_token: text(document, O::AuthenticationToken, build).unwrap_or_default(),
            data_dir: text(document, O::DataDirectory, build).unwrap_or_default(),
            tracing_rate: None,
            checkpoint: is_true(document, O::ExperimentalEnableLeaseCheckpoint, build),
            checkpoint_persist: is_true(
                document,
                O::ExperimentalEnableLeaseCheckpointPersist,
                build,
            ),
            hash_check_is_off: None,
        },
        config_file: Some(path.to_owned()),
    })
}
