//! Why etcdctl ends before it connects, in its own words.

use crate::etcd::facts::release::EtcdBuild;
use go_x509::quote::quote;

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
    /// A command of version 3 to the v2 client, or one that nobody knows.
    UnknownCommand {
        /// The command.
        command: String,
        /// Whether the v2 client was asked.
        api_2: bool,
    },
    /// A command of the v2 client, whose API no etcd answers by default.
    Api2Command,
    /// A command without the words that it needs.
    MissingArgument {
        /// The command.
        command: &'static str,
    },
    /// A value that only the command itself looks at.
    Argument {
        /// The flag.
        flag: &'static str,
        /// etcdctl's text.
        text: String,
    },
    /// `--discovery-srv` names a domain that DNS never has.
    NotDiscovered {
        /// The domain.
        domain: String,
    },
    /// `--write-out` with a format that etcdctl doesn't have.
    OutputFormat,
    /// `--endpoints` without any.
    NoEndpoints,
}

impl ClientConfigurationError {
    /// etcdctl's own words.
    #[must_use]
    pub fn text(&self, build: &EtcdBuild) -> String {
        match self {
            Self::Api2 { flag } => format!("flag provided but not defined: -{flag}"),
            Self::UnknownApi(version) if build.logs_plain_lines() => {
                format!("unsupported API version {version}")
            }
            Self::UnknownApi(version) => format!("unsupported API version: {version}"),
            Self::UnknownFlag(flag) => match flag.strip_prefix('-') {
                Some(short) => {
                    let letter = short.chars().next().unwrap_or_default();
                    format!("unknown shorthand flag: '{letter}' in -{short}")
                }
                None => format!("unknown flag: --{flag}"),
            },
            Self::Flag { text, .. } | Self::Argument { text, .. } => text.clone(),
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
            Self::UnknownCommand {
                command,
                api_2: true,
            } => format!("No help topic for '{command}'"),
            Self::UnknownCommand { command, .. } => {
                format!("unknown command {} for \"etcdctl\"", quote(command))
            }
            Self::Api2Command => "client: response is invalid json. The endpoint is probably not \
                                  valid etcd cluster endpoint"
                .to_owned(),
            Self::MissingArgument { command: "put" } => {
                "put command needs 1 argument and input from stdin or 2 arguments".to_owned()
            }
            Self::MissingArgument { command: "member" } => "member name not provided".to_owned(),
            Self::MissingArgument { command } => format!(
                "{command} command needs one argument as key and an optional argument as range_end"
            ),
            // Go says in the middle which server it asked.
            Self::NotDiscovered { domain } => {
                format!("dns lookup errors: lookup _etcd-client-ssl._tcp.{domain}")
            }
            Self::OutputFormat => "unsupported output format".to_owned(),
            Self::NoEndpoints => "etcdclient: no available endpoints".to_owned(),
        }
    }
}
