//! etcdctl's configuration from its command line and environment
//! (`etcdctl/ctlv3/ctl.go` and `command/global.go`): which files it reads and
//! where it connects, with TLS or without.

mod dialling;
mod error;

use crate::etcd::facts::etcdctl_option::{self, ClientFlagKind, EtcdctlOption};
use crate::etcd::facts::etcdctl_v2;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::facts::variable::ETCDCTL_API;
use crate::etcd::judge::reading::command_line::CommandLine;
use crate::etcd::judge::reading::host::is_never_found;
use go_x509::quote::quote;
use go_x509::strconv::{number_text, parse_bool, parse_duration, parse_signed};
use go_x509::version::GoBuild;

pub(crate) use self::dialling::DEFAULT_ENDPOINT;
pub use self::dialling::{Endpoint, Transport};
pub use self::error::ClientConfigurationError;

/// What etcdctl was told.
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags are independent of each other"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientConfiguration {
    /// `--endpoints`
    pub endpoints: Vec<Endpoint>,
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
    /// `--help`, or a command that does no more in this release.
    pub help: bool,
    /// Whether `--insecure-skip-tls-verify` alone asks for TLS, as since 3.6.
    pub skipping_means_tls: bool,
    /// The Go that reads its URLs.
    pub go: Option<GoBuild>,
}

/// The v2 client's part: it always ends before it could be of use.
fn read_v2(arguments: &[String]) -> ClientConfigurationError {
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix('-') else {
            let command = word.clone();
            return if etcdctl_v2::COMMANDS.contains(&word.as_str()) {
                ClientConfigurationError::Api2Command
            } else {
                ClientConfigurationError::UnknownCommand {
                    command,
                    api_2: true,
                }
            };
        };
        let flag = flag.strip_prefix('-').unwrap_or(flag);
        let name = flag.split('=').next().unwrap_or_default();
        match etcdctl_v2::FLAGS.iter().find(|(known, _)| *known == name) {
            Some((_, true)) if !flag.contains('=') => {
                words.next();
            }
            Some(_) => {}
            None => {
                return ClientConfigurationError::Api2 {
                    flag: name.to_owned(),
                };
            }
        }
    }
    ClientConfigurationError::Api2Command
}

/// The first word that cobra takes for the command (`stripFlags`): an unknown
/// flag without `=` swallows the word after it.
fn first_command<'a>(arguments: &'a [String], build: &EtcdBuild) -> Option<&'a str> {
    let switches = || {
        EtcdctlOption::of(None, build.version.minor)
            .filter(|option| option.kind() == ClientFlagKind::Boolean)
    };
    let takes_no_value = |name: &str| switches().any(|option| option.name() == name);
    let short_takes_no_value = |letters: &str| {
        switches().any(|option| {
            option
                .letter()
                .is_some_and(|letter| letters.starts_with(letter))
        })
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            return None;
        }
        let swallows = !word.contains('=')
            && match word.strip_prefix("--") {
                Some(name) => !takes_no_value(name),
                None => word
                    .strip_prefix('-')
                    .is_some_and(|letter| letter.len() == 1 && !short_takes_no_value(letter)),
            };
        if swallows {
            words.next();
        } else if !word.is_empty() && !word.starts_with('-') {
            return Some(word);
        }
    }
    None
}

/// What `--write-out` takes.
const OUTPUT_FORMATS: &[&str] = &["fields", "json", "protobuf", "simple", "table"];

/// What pflag says of a value, if it refuses.
fn refusal(option: EtcdctlOption, value: &str, build: &EtcdBuild) -> Option<String> {
    let reason = match option.kind() {
        ClientFlagKind::Boolean if parse_bool(value).is_none() => {
            format!(
                "strconv.ParseBool: parsing {}: invalid syntax",
                quote(value)
            )
        }
        ClientFlagKind::Duration => parse_duration(value).err()?.text(value, build.go),
        ClientFlagKind::Number => number_text("ParseInt", value, parse_signed(value).err()?),
        ClientFlagKind::Boolean | ClientFlagKind::Text => return None,
    };
    let name = option.letter().map_or_else(
        || option.flag().to_owned(),
        |letter| format!("-{letter}, {}", option.flag()),
    );
    Some(format!(
        "invalid argument {} for {} flag: {reason}",
        quote(value),
        quote(&name)
    ))
}

/// What a command itself says of its words and flags, before it connects
/// (`getPutOp`, `getGetOp`, `getDelOp`).
fn complaint(
    command: &[String],
    last: &dyn Fn(EtcdctlOption) -> Option<String>,
) -> Option<ClientConfigurationError> {
    use EtcdctlOption as O;
    let missing = |command| Some(ClientConfigurationError::MissingArgument { command });
    let argument = |option: EtcdctlOption, text| {
        let flag = option.flag();
        Some(ClientConfigurationError::Argument { flag, text })
    };
    let is_set = |option| last(option).as_deref().and_then(parse_bool) == Some(true);
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    match words.as_slice() {
        // The value would come from standard input.
        ["put"] | ["put", _] if !is_set(O::IgnoreValue) => missing("put"),
        ["put"] => missing("put"),
        ["put", ..] => {
            let lease = last(O::Lease).filter(|lease| i64::from_str_radix(lease, 16).is_err())?;
            let reason = format!(
                "strconv.ParseInt: parsing {}: invalid syntax",
                quote(&lease)
            );
            argument(
                O::Lease,
                format!("bad lease ID ({reason}), expecting ID in Hex"),
            )
        }
        ["get"] => missing("get"),
        ["del"] | ["del", _, _, _, ..] => missing("del"),
        ["get" | "del", ..] if is_set(O::Prefix) && is_set(O::FromKey) => {
            let text = "`--prefix` and `--from-key` cannot be set at the same time, choose one";
            argument(O::FromKey, text.to_owned())
        }
        ["get" | "del", _, _, ..] if is_set(O::Prefix) || is_set(O::FromKey) => {
            let text = "too many arguments, only accept one argument when `--prefix` or \
                        `--from-key` is set";
            argument(O::Prefix, text.to_owned())
        }
        ["get", ..] => {
            let unknown = |option, known: &[&str]| {
                last(option)
                    .filter(|value| !known.iter().any(|known| value.eq_ignore_ascii_case(known)))
            };
            let consistency = last(O::Consistency);
            if let Some(value) = consistency.filter(|value| !["l", "s"].contains(&value.as_str())) {
                let text = format!("unknown consistency flag {}", quote(&value));
                return argument(O::Consistency, text);
            }
            if let Some(value) = unknown(O::Order, &["", "ASCEND", "DESCEND"]) {
                return argument(O::Order, format!("bad sort order {value}"));
            }
            let targets = ["", "CREATE", "KEY", "MODIFY", "VALUE", "VERSION"];
            let target = unknown(O::SortBy, &targets)?;
            argument(O::SortBy, format!("bad sort target {target}"))
        }
        ["member", "add"] => missing("member"),
        _ => None,
    }
}

impl ClientConfiguration {
    /// Reads the command line of etcdctl.
    ///
    /// # Errors
    ///
    /// See [`ClientConfigurationError`].
    pub fn read(line: &CommandLine, build: &EtcdBuild) -> Result<Self, ClientConfigurationError> {
        let api = line.environment.get(ETCDCTL_API).map_or("", String::as_str);
        let api_2 = build.has_api_2() && api == "2";
        if build.has_api_2() && !matches!(api, "" | "2" | "3") {
            return Err(ClientConfigurationError::UnknownApi(api.to_owned()));
        }
        if api_2 {
            return Err(read_v2(&line.arguments));
        }
        let first = first_command(&line.arguments, build);
        let minor = build.version.minor;
        let known = |name: &&str| etcdctl_option::has_command(name, minor);
        if let Some(first) = first.filter(|first| !known(first)) {
            return Err(ClientConfigurationError::UnknownCommand {
                command: first.to_owned(),
                api_2: false,
            });
        }
        let options = || EtcdctlOption::of(first, minor);
        let mut given: Vec<(EtcdctlOption, String)> = Vec::new();
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
                let found = options().find(|option| option.name() == name);
                (
                    found.ok_or_else(|| ClientConfigurationError::UnknownFlag(name.to_owned()))?,
                    value,
                )
            } else if let Some(short) = word.strip_prefix('-').filter(|short| !short.is_empty()) {
                let letter = short.chars().next();
                let found =
                    options().find(|option| option.letter().is_some() && option.letter() == letter);
                let rest = short.get(1..).unwrap_or_default();
                let rest = rest.strip_prefix('=').unwrap_or(rest);
                let value = (!rest.is_empty()).then(|| rest.to_owned());
                (
                    found.ok_or_else(|| ClientConfigurationError::UnknownFlag(word.clone()))?,
                    value,
                )
            } else {
                command.push(word.clone());
                continue;
            };
            let name = found.name();
            let value = match (found.kind(), value) {
                (_, Some(value)) => value,
                (ClientFlagKind::Boolean, None) => "true".to_owned(),
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
            if let Some(text) = refusal(found, &value, build) {
                return Err(ClientConfigurationError::Flag {
                    flag: name.to_owned(),
                    text,
                });
            }
            given.push((found, value));
        }
        Self::assemble(line, given, command, build)
    }

    fn assemble(
        line: &CommandLine,
        mut given: Vec<(EtcdctlOption, String)>,
        command: Vec<String>,
        build: &EtcdBuild,
    ) -> Result<Self, ClientConfigurationError> {
        use EtcdctlOption as O;
        let explicit: Vec<EtcdctlOption> = given.iter().map(|(option, _)| *option).collect();
        for option in EtcdctlOption::of(None, build.version.minor) {
            let variable = option.variable();
            let Some(value) = line.environment.get(&variable) else {
                continue;
            };
            if explicit.contains(&option) {
                return Err(ClientConfigurationError::Shadowed { variable });
            }
            if !value.is_empty() && refusal(option, value, build).is_none() {
                given.push((option, value.clone()));
            }
        }
        let last = |wanted: EtcdctlOption| {
            given
                .iter()
                .rev()
                .find(|(option, _)| *option == wanted)
                .map(|(_, value)| value.clone())
        };
        // With --help the command doesn't run.
        let asks_for_help = last(O::Help).as_deref().and_then(parse_bool) == Some(true);
        if let Some(error) = complaint(&command, &last).filter(|_| !asks_for_help) {
            return Err(error);
        }
        let domain = last(O::DiscoverySrv).unwrap_or_default();
        if is_never_found(&domain) {
            return Err(ClientConfigurationError::NotDiscovered { domain });
        }
        for option in [O::Certificate, O::Key, O::AuthorityCertificate] {
            if last(option).is_some_and(|value| value.is_empty()) {
                return Err(ClientConfigurationError::Empty {
                    flag: option.name(),
                });
            }
        }
        let format = last(O::WriteOut);
        if format.is_some_and(|format| !OUTPUT_FORMATS.contains(&format.as_str())) {
            return Err(ClientConfigurationError::OutputFormat);
        }
        let is_true = |option, default: bool| {
            last(option).map_or(default, |value| parse_bool(&value).unwrap_or(default))
        };
        let endpoints = last(O::Endpoints).unwrap_or_else(|| DEFAULT_ENDPOINT.to_owned());
        Ok(Self {
            endpoints: endpoints
                .split(',')
                .map(|endpoint| Endpoint::read(endpoint.trim(), build.go))
                .collect(),
            ca_file: last(O::AuthorityCertificate).unwrap_or_default(),
            cert_file: last(O::Certificate).unwrap_or_default(),
            key_file: last(O::Key).unwrap_or_default(),
            skip_verification: is_true(O::InsecureSkipTlsVerify, false),
            insecure_transport: is_true(O::InsecureTransport, true),
            server_name: domain,
            user: last(O::User).unwrap_or_default(),
            help: is_true(O::Help, false) || build.only_helps_with(&command),
            skipping_means_tls: build.takes_skipping_for_tls(),
            go: Some(build.go),
            command,
        })
    }

    /// Whether etcdctl only prints about itself: it is asked for nothing, for
    /// help, or for its version.
    #[must_use]
    pub fn needs_no_server(&self) -> bool {
        self.help
            || matches!(
                self.command.first().map(String::as_str),
                None | Some("help" | "version" | "completion")
            )
    }

    /// The name with which it logs in, where it does: a colon ends it, and the password
    /// follows, if it isn't given or asked for elsewhere.
    #[must_use]
    pub fn logs_in_as(&self) -> Option<&str> {
        let name = self.user.split(':').next().unwrap_or_default();
        (!self.user.is_empty()).then_some(name)
    }
}
