//! etcdctl's configuration from its command line and environment
//! (`etcdctl/ctlv3/ctl.go` and `command/global.go`): which files it reads and
//! where it connects, with TLS or without.

use super::command_line::CommandLine;
use super::server_configuration::{is_duration, split_host_port};
use super::version::EtcdBuild;
use crate::etcd::go::quote::quote;
use crate::etcd::go::url;

/// What etcdctl was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientConfiguration {
    /// `--endpoints`
    pub endpoints: Vec<String>,
    /// `--cacert`
    pub ca_file: String,
    /// `--cert`
    pub cert_file: String,
    /// `--key`
    pub key_file: String,
    /// `--insecure-skip-tls-verify`
    pub skip_verification: bool,
    /// `--insecure-transport`
    pub insecure_transport: bool,
    /// `--discovery-srv`, which also names the server to check for.
    pub server_name: String,
    /// `--user`
    pub user: String,
    /// The command and its arguments.
    pub command: Vec<String>,
}

/// Why etcdctl ends before it connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientConfigurationError {
    /// `ETCDCTL_API=2` with flags that the v2 client doesn't have.
    Api2 {
        /// The flag.
        flag: String,
    },
    /// `ETCDCTL_API` is neither 2 nor 3.
    UnknownApi(String),
    /// A flag that etcdctl doesn't have.
    UnknownFlag(String),
    /// A flag with a value that it doesn't take: pflag's text.
    Flag {
        /// The flag.
        flag: String,
        /// pflag's text.
        text: String,
    },
    /// The same option as flag and as environment variable.
    Shadowed {
        /// The variable.
        variable: String,
    },
    /// An empty value for `--cert`, `--key` or `--cacert`.
    Empty {
        /// The flag.
        flag: &'static str,
    },
    /// No command.
    NoCommand,
}

impl ClientConfigurationError {
    /// etcdctl's own words.
    #[must_use]
    pub fn text(&self, build: &EtcdBuild) -> String {
        match self {
            Self::Api2 { flag } => format!("flag provided but not defined: -{flag}"),
            Self::UnknownApi(version) => format!("unsupported API version: {version}"),
            Self::UnknownFlag(flag) => format!("unknown flag: --{flag}"),
            Self::Flag { text, .. } => text.clone(),
            Self::Shadowed { variable } if build.logs_plain_lines() => format!(
                "conflicting environment variable \"{variable}\" is shadowed by corresponding \
                 command-line flag (either unset environment variable or disable flag)"
            ),
            Self::Shadowed { .. } => {
                "conflicting environment variable is shadowed by corresponding \
                 command-line flag (either unset environment variable or disable flag))"
                    .to_owned()
            }
            Self::Empty { flag } => format!("empty string is passed to --{flag} option"),
            Self::NoCommand => "etcdctl [command]".to_owned(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Boolean,
    Text,
    Duration,
    Number,
}

/// etcdctl's global flags, and those of `put` and `get`.
const FLAGS: &[(&str, Option<char>, Kind)] = &[
    ("endpoints", None, Kind::Text),
    ("debug", None, Kind::Boolean),
    ("write-out", Some('w'), Kind::Text),
    ("hex", None, Kind::Boolean),
    ("dial-timeout", None, Kind::Duration),
    ("command-timeout", None, Kind::Duration),
    ("keepalive-time", None, Kind::Duration),
    ("keepalive-timeout", None, Kind::Duration),
    ("insecure-transport", None, Kind::Boolean),
    ("insecure-discovery", None, Kind::Boolean),
    ("insecure-skip-tls-verify", None, Kind::Boolean),
    ("cert", None, Kind::Text),
    ("key", None, Kind::Text),
    ("cacert", None, Kind::Text),
    ("user", None, Kind::Text),
    ("password", None, Kind::Text),
    ("discovery-srv", Some('d'), Kind::Text),
    ("discovery-srv-name", None, Kind::Text),
    ("lease", None, Kind::Text),
    ("prev-kv", None, Kind::Boolean),
    ("ignore-value", None, Kind::Boolean),
    ("ignore-lease", None, Kind::Boolean),
    ("consistency", None, Kind::Text),
    ("order", None, Kind::Text),
    ("sort-by", None, Kind::Text),
    ("limit", None, Kind::Number),
    ("prefix", None, Kind::Boolean),
    ("from-key", None, Kind::Boolean),
    ("rev", None, Kind::Number),
    ("keys-only", None, Kind::Boolean),
    ("count-only", None, Kind::Boolean),
    ("print-value-only", None, Kind::Boolean),
    ("cluster", None, Kind::Boolean),
    ("no-password", None, Kind::Boolean),
    ("interactive", Some('i'), Kind::Boolean),
    ("max-request-bytes", None, Kind::Number),
    ("max-recv-bytes", None, Kind::Number),
    ("help", Some('h'), Kind::Boolean),
];

/// Flags of the v2 client that also exist in the v3 client.
const V2_FLAGS: &[&str] = &[
    "debug",
    "endpoints",
    "discovery-srv",
    "insecure-discovery",
    "version",
    "help",
];

fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// What pflag says of a value, if it refuses.
fn refusal(flag: &str, kind: Kind, value: &str) -> Option<String> {
    let reason = match kind {
        Kind::Boolean if parse_bool(value).is_none() => {
            format!(
                "strconv.ParseBool: parsing {}: invalid syntax",
                quote(value)
            )
        }
        Kind::Duration if !is_duration(value) => {
            let unit = value.trim_start_matches(|character: char| {
                character.is_ascii_digit() || character == '.'
            });
            if value.starts_with(|character: char| character.is_ascii_digit()) && unit.is_empty() {
                format!("time: missing unit in duration {}", quote(value))
            } else {
                format!("time: invalid duration {}", quote(value))
            }
        }
        Kind::Number if value.parse::<i64>().is_err() => {
            format!("strconv.ParseInt: parsing {}: invalid syntax", quote(value))
        }
        _ => return None,
    };
    Some(format!(
        "invalid argument {} for \"--{flag}\" flag: {reason}",
        quote(value)
    ))
}

/// Whether etcdctl uses TLS with an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// No TLS.
    Plain,
    /// TLS with what the flags say.
    Tls,
    /// TLS with Go's defaults: `https://` without any TLS option.
    DefaultTls,
}

impl ClientConfiguration {
    /// Reads the command line of etcdctl.
    ///
    /// # Errors
    ///
    /// See [`ClientConfigurationError`].
    pub fn read(line: &CommandLine, build: &EtcdBuild) -> Result<Self, ClientConfigurationError> {
        let api = line
            .environment
            .get("ETCDCTL_API")
            .map_or("", String::as_str);
        let api_2 = build.has_api_2() && api == "2";
        if build.has_api_2() && !matches!(api, "" | "2" | "3") {
            return Err(ClientConfigurationError::UnknownApi(api.to_owned()));
        }
        let mut given: Vec<(String, String)> = Vec::new();
        let mut command = Vec::new();
        let mut words = line.arguments.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                command.extend(words.cloned());
                break;
            }
            let (found, value) = if let Some(long) = word.strip_prefix("--") {
                let (name, value) = long
                    .split_once('=')
                    .map_or((long, None), |(name, value)| (name, Some(value.to_owned())));
                if api_2 && !V2_FLAGS.contains(&name) && command.is_empty() {
                    return Err(ClientConfigurationError::Api2 {
                        flag: name.to_owned(),
                    });
                }
                let found = FLAGS.iter().find(|(known, _, _)| *known == name);
                (
                    found.ok_or_else(|| ClientConfigurationError::UnknownFlag(name.to_owned()))?,
                    value,
                )
            } else if let Some(short) = word.strip_prefix('-').filter(|short| !short.is_empty()) {
                let letter = short.chars().next();
                let found = FLAGS
                    .iter()
                    .find(|(_, known, _)| known.is_some() && *known == letter);
                let rest = short.get(1..).unwrap_or_default();
                let rest = rest.strip_prefix('=').unwrap_or(rest);
                let value = (!rest.is_empty()).then(|| rest.to_owned());
                (
                    found.ok_or_else(|| ClientConfigurationError::UnknownFlag(short.to_owned()))?,
                    value,
                )
            } else {
                command.push(word.clone());
                continue;
            };
            let (name, _, kind) = *found;
            let value = match (kind, value) {
                (_, Some(value)) => value,
                (Kind::Boolean, None) => "true".to_owned(),
                (_, None) => {
                    words
                        .next()
                        .cloned()
                        .ok_or_else(|| ClientConfigurationError::Flag {
                            flag: name.to_owned(),
                            text: format!("flag needs an argument: --{name}"),
                        })?
                }
            };
            if let Some(text) = refusal(name, kind, &value) {
                return Err(ClientConfigurationError::Flag {
                    flag: name.to_owned(),
                    text,
                });
            }
            given.push((name.to_owned(), value));
        }
        Self::assemble(line, given, command)
    }

    fn assemble(
        line: &CommandLine,
        mut given: Vec<(String, String)>,
        command: Vec<String>,
    ) -> Result<Self, ClientConfigurationError> {
        if command.is_empty() {
            return Err(ClientConfigurationError::NoCommand);
        }
        let explicit: Vec<String> = given.iter().map(|(name, _)| name.clone()).collect();
        for (name, _, kind) in FLAGS {
            let variable = format!("ETCDCTL_{}", name.to_ascii_uppercase().replace('-', "_"));
            let Some(value) = line.environment.get(&variable) else {
                continue;
            };
            if explicit.iter().any(|flag| flag == name) {
                return Err(ClientConfigurationError::Shadowed { variable });
            }
            if !value.is_empty() && refusal(name, *kind, value).is_none() {
                given.push(((*name).to_owned(), value.clone()));
            }
        }
        let last = |name: &str| {
            given
                .iter()
                .rev()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        };
        for flag in ["cert", "key", "cacert"] {
            if last(flag).is_some_and(|value| value.is_empty()) {
                return Err(ClientConfigurationError::Empty { flag });
            }
        }
        let is_true = |name: &str, default: bool| {
            last(name).map_or(default, |value| parse_bool(&value).unwrap_or(default))
        };
        let endpoints = last("endpoints").unwrap_or_else(|| "127.0.0.1:2379".to_owned());
        Ok(Self {
            endpoints: endpoints
                .split(',')
                .map(|endpoint| endpoint.trim().to_owned())
                .collect(),
            ca_file: last("cacert").unwrap_or_default(),
            cert_file: last("cert").unwrap_or_default(),
            key_file: last("key").unwrap_or_default(),
            skip_verification: is_true("insecure-skip-tls-verify", false),
            insecure_transport: is_true("insecure-transport", true),
            server_name: last("discovery-srv").unwrap_or_default(),
            user: last("user").unwrap_or_default(),
            command,
        })
    }

    /// Whether any TLS option was given, or TLS asked for.
    #[must_use]
    pub const fn has_tls(&self) -> bool {
        !self.cert_file.is_empty()
            || !self.key_file.is_empty()
            || !self.ca_file.is_empty()
            || !self.server_name.is_empty()
            || !self.insecure_transport
    }

    /// How etcdctl talks to its first endpoint (`credentialsForEndpoint`).
    #[must_use]
    pub fn transport(&self) -> Transport {
        let endpoint = self.endpoints.first().map_or("", String::as_str);
        if endpoint.starts_with("http://") {
            Transport::Plain
        } else if self.has_tls() {
            Transport::Tls
        } else if endpoint.starts_with("https://") || endpoint.starts_with("unixs:") {
            Transport::DefaultTls
        } else {
            Transport::Plain
        }
    }

    /// Host and port of the first endpoint, and the host that the server's
    /// certificate must be for.
    #[must_use]
    pub fn first_address(&self) -> (String, String) {
        let endpoint = self.endpoints.first().map_or("", String::as_str);
        let address = if endpoint.contains("://") {
            url::parse(endpoint).map_or_else(|_| endpoint.to_owned(), |url| url.host)
        } else {
            endpoint.to_owned()
        };
        let host = split_host_port(&address)
            .map_or(address.as_str(), |(host, _)| host)
            .to_owned();
        let name = if self.server_name.is_empty() {
            host
        } else {
            self.server_name.clone()
        };
        (address, name)
    }
}
