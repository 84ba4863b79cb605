//! etcd's config file (`embed.ConfigFromFile`): YAML that is turned into JSON
//! and read into Go's structures, so that keys match in any letter case,
//! unknown ones are left alone, and a value of another type ends etcd.

use saphyr::{ScanError, Yaml, YamlLoader};
use saphyr_parser::Parser;

use crate::etcd::facts::etcd_flags;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::reading::server_configuration::{
    ConfigurationError, DEFAULT_CLIENT_URL, DEFAULT_ELECTION, DEFAULT_HEARTBEAT, DEFAULT_NAME,
    DEFAULT_PEER_URL, ServerConfiguration, TlsSettings, parse_urls,
};
use crate::etcd::judge::reading::server_settings::OtherSettings;
use go_x509::url::Url;

/// The type of a field in Go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FieldType {
    Text,
    Boolean,
    Texts,
    Unsigned(&'static str),
}

impl FieldType {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Boolean => "bool",
            Self::Texts => "[]string",
            Self::Unsigned(name) => name,
        }
    }

    /// Whether `encoding/json` takes the value; a null leaves any field alone.
    fn takes(self, value: &Yaml<'_>) -> bool {
        value.is_null()
            || match self {
                Self::Text => value.as_str().is_some(),
                Self::Boolean => boolean(value).is_some(),
                Self::Texts => value.as_sequence().is_some(),
                Self::Unsigned(_) => value.as_integer().is_some_and(|number| number >= 0),
            }
    }
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

/// Fields of the whole file, as far as they are read here or often mistaken.
const TOP: &[(&str, FieldType)] = &[
    ("advertise-client-urls", FieldType::Text),
    ("auth-token", FieldType::Text),
    ("auto-compaction-mode", FieldType::Text),
    ("auto-compaction-retention", FieldType::Text),
    ("cipher-suites", FieldType::Texts),
    ("data-dir", FieldType::Text),
    ("discovery", FieldType::Text),
    ("discovery-srv", FieldType::Text),
    ("election-timeout", FieldType::Unsigned("uint")),
    ("enable-grpc-gateway", FieldType::Boolean),
    ("enable-pprof", FieldType::Boolean),
    ("heartbeat-interval", FieldType::Unsigned("uint")),
    ("initial-advertise-peer-urls", FieldType::Text),
    ("initial-cluster", FieldType::Text),
    ("initial-cluster-state", FieldType::Text),
    ("initial-cluster-token", FieldType::Text),
    ("listen-client-urls", FieldType::Text),
    ("listen-metrics-urls", FieldType::Text),
    ("listen-peer-urls", FieldType::Text),
    ("log-level", FieldType::Text),
    ("log-outputs", FieldType::Texts),
    ("logger", FieldType::Text),
    ("name", FieldType::Text),
    ("pre-vote", FieldType::Boolean),
    ("self-signed-cert-validity", FieldType::Unsigned("uint")),
    ("snapshot-count", FieldType::Unsigned("uint64")),
    ("strict-reconfig-check", FieldType::Boolean),
    ("tls-max-version", FieldType::Text),
    ("tls-min-version", FieldType::Text),
];

/// Those that stand in the structure `configJSON`, not in `Config`.
const URL_FIELDS: [&str; 5] = [
    "advertise-client-urls",
    "initial-advertise-peer-urls",
    "listen-client-urls",
    "listen-metrics-urls",
    "listen-peer-urls",
];

/// Fields of `client-transport-security` and `peer-transport-security`.
const SECURITY: &[(&str, FieldType)] = &[
    ("allowed-cn", FieldType::Texts),
    ("allowed-hostname", FieldType::Texts),
    ("auto-tls", FieldType::Boolean),
    ("cert-file", FieldType::Text),
    ("client-cert-auth", FieldType::Boolean),
    ("client-cert-file", FieldType::Text),
    ("client-key-file", FieldType::Text),
    ("key-file", FieldType::Text),
    ("skip-client-san-verification", FieldType::Boolean),
    ("trusted-ca-file", FieldType::Text),
];

const SECTIONS: [&str; 2] = ["client-transport-security", "peer-transport-security"];

/// Whether this etcd's structure has the field.
fn has_field(name: &str, build: &EtcdBuild) -> bool {
    match name {
        "allowed-cn" | "allowed-hostname" => build.takes_lists_of_allowed_names(),
        "client-cert-file" | "client-key-file" => build.has_client_key_pair(),
        "skip-client-san-verification" => build.version.minor >= 6,
        "tls-min-version"
        | "tls-max-version"
        | "self-signed-cert-validity"
        | "listen-client-http-urls" => etcd_flags::kind(name, build.version).is_some(),
        _ => true,
    }
}

/// The value of a key: the one in the same letters, else in any letter case,
/// as `encoding/json` looks for it. A null counts as absent.
fn field<'a, 'input>(node: &'a Yaml<'input>, name: &str) -> Option<&'a Yaml<'input>> {
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

fn text(node: &Yaml<'_>, name: &str) -> Option<String> {
    field(node, name)?.as_str().map(str::to_owned)
}

fn is_true(node: &Yaml<'_>, name: &str) -> bool {
    field(node, name).and_then(boolean) == Some(true)
}

fn texts(node: &Yaml<'_>, name: &str) -> Vec<String> {
    field(node, name)
        .and_then(Yaml::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// The documents of a text. Of a key that stands twice the last value counts:
/// so did every etcd that was measured (3.4.23, 3.5.1, 3.5.16, 3.5.30).
fn load(content: &str) -> Result<Vec<Yaml<'_>>, ScanError> {
    let mut loader = YamlLoader::default();
    loader.allow_duplicate_keys(true);
    Parser::new_from_str(content).load(&mut loader, true)?;
    match loader.error() {
        Some(error) => Err(error.clone()),
        None => Ok(loader.into_documents()),
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
        // A number that is out of range is named itself.
        let literal = value
            .as_integer()
            .map(|number| number.to_string())
            .or_else(|| value.as_floating_point().map(|number| number.to_string()))
            .filter(|_| matches!(wanted, FieldType::Unsigned(_)));
        let kind = literal.map_or_else(
            || kind(value).to_owned(),
            |literal| format!("number {literal}"),
        );
        format!(
            "json: cannot unmarshal {} into Go struct field {place} of type {}",
            kind,
            wanted.name()
        )
    };
    let embeds = build.go.names_embedded_structures();
    let mut found: Vec<(String, String)> = Vec::new();
    for (name, wanted) in TOP.iter().filter(|(name, _)| has_field(name, build)) {
        if let Some(value) = field(document, name).filter(|value| !wanted.takes(value)) {
            let place = match (embeds, URL_FIELDS.contains(name)) {
                (false, _) => format!("configYAML.{name}"),
                (true, true) => format!("configYAML.configJSON.{name}"),
                (true, false) => format!("configYAML.Config.{name}"),
            };
            found.push(((*name).to_owned(), wrong(value, &place, *wanted)));
        }
    }
    for section in SECTIONS {
        let Some(node) = field(document, section) else {
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
        for (name, wanted) in SECURITY.iter().filter(|(name, _)| has_field(name, build)) {
            if let Some(value) = field(node, name).filter(|value| !wanted.takes(value)) {
                let place = format!("securityConfig.{embedded}{section}.{name}");
                found.push((format!("{section}.{name}"), wrong(value, &place, *wanted)));
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
    let Some(node) = field(document, section) else {
        return TlsSettings::default();
    };
    let path = |name: &str| {
        has_field(name, build)
            .then(|| text(node, name))
            .flatten()
            .unwrap_or_default()
    };
    let names = |name: &str| {
        if has_field(name, build) {
            texts(node, name)
        } else {
            Vec::new()
        }
    };
    TlsSettings {
        cert_file: path("cert-file"),
        key_file: path("key-file"),
        client_cert_file: path("client-cert-file"),
        client_key_file: path("client-key-file"),
        trusted_ca_file: path("trusted-ca-file"),
        client_cert_auth: is_true(node, "client-cert-auth"),
        // There is no key for it.
        crl_file: String::new(),
        allowed_hostnames: names("allowed-hostname"),
        allowed_common_names: names("allowed-cn"),
        auto_tls: is_true(node, "auto-tls"),
        skip_address_check: has_field("skip-client-san-verification", build)
            && is_true(node, "skip-client-san-verification"),
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
    let urls = |name: &str, default: &str| -> Result<Vec<Url>, ConfigurationError> {
        let given = text(document, name).filter(|text| !text.is_empty());
        let given = given.as_deref().unwrap_or(default);
        if given.is_empty() {
            return Ok(Vec::new());
        }
        parse_urls(given).map_err(|reason| ConfigurationError::ConfigFileUrl {
            path: path.to_owned(),
            text: format!("unexpected error setting up {name}: {reason}"),
        })
    };
    let version = |name: &str| {
        has_field(name, build)
            .then(|| text(document, name))
            .flatten()
    };
    let number = |name: &str, default: u64| {
        field(document, name)
            .and_then(Yaml::as_integer)
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or(default)
    };
    Ok(ServerConfiguration {
        client: side(document, SECTIONS[0], build),
        peer: side(document, SECTIONS[1], build),
        listen_client_urls: urls("listen-client-urls", DEFAULT_CLIENT_URL)?,
        // A config file leaves the default of advertise-client-urls.
        advertise_client_urls: Some(urls("advertise-client-urls", DEFAULT_CLIENT_URL)?),
        listen_peer_urls: urls("listen-peer-urls", DEFAULT_PEER_URL)?,
        advertise_peer_urls: urls("initial-advertise-peer-urls", DEFAULT_PEER_URL)?,
        listen_metrics_urls: urls("listen-metrics-urls", "")?,
        listen_http_urls: if has_field("listen-client-http-urls", build) {
            urls("listen-client-http-urls", "")?
        } else {
            Vec::new()
        },
        cipher_suites: texts(document, "cipher-suites"),
        tls_min_version: version("tls-min-version").unwrap_or_else(|| "TLS1.2".to_owned()),
        tls_max_version: version("tls-max-version").unwrap_or_default(),
        // In 3.4 a config file turns the gateway off unless it turns it on.
        grpc_gateway: field(document, "enable-grpc-gateway")
            .map_or(build.version.minor > 4, |value| {
                value.as_bool() == Some(true)
            }),
        self_signed_validity: number("self-signed-cert-validity", 1).max(1),
        name: text(document, "name").unwrap_or_else(|| DEFAULT_NAME.to_owned()),
        initial_cluster: text(document, "initial-cluster").or_else(|| {
            let discovers = ["discovery", "discovery-srv"]
                .iter()
                .any(|name| text(document, name).is_some_and(|text| !text.is_empty()));
            discovers.then(String::new)
        }),
        joins_existing: text(document, "initial-cluster-state").as_deref() == Some("existing"),
        discovery: text(document, "discovery").unwrap_or_default(),
        discovery_srv: text(document, "discovery-srv").unwrap_or_default(),
        other: OtherSettings {
            logger: text(document, "logger"),
            log_level: text(document, "log-level"),
            log_outputs: texts(document, "log-outputs"),
            log_rotation: is_true(document, "enable-log-rotation")
                .then(|| text(document, "log-rotation-config-json").unwrap_or_default()),
            heartbeat_interval: number("heartbeat-interval", DEFAULT_HEARTBEAT),
            election_timeout: number("election-timeout", DEFAULT_ELECTION),
            auto_compaction_mode: text(document, "auto-compaction-mode")
                .unwrap_or_else(|| "periodic".to_owned()),
            auto_compaction_retention: text(document, "auto-compaction-retention")
                .unwrap_or_default(),
            auth_token: text(document, "auth-token").unwrap_or_default(),
            data_dir: text(document, "data-dir").unwrap_or_default(),
            tracing_rate: None,
            checkpoint: is_true(document, "experimental-enable-lease-checkpoint"),
            checkpoint_persist: is_true(document, "experimental-enable-lease-checkpoint-persist"),
            hash_check_is_off: None,
        },
        config_file: Some(path.to_owned()),
    })
}
