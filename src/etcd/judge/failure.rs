//! A program that ends before it connects: why, and with which words.

use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::cause::Cause;
use crate::etcd::judge::phrase;
use crate::etcd::judge::reading::files::FileError;
use crate::etcd::judge::reading::server_configuration::ConfigurationError;

/// Something that ended a program before it connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartFailure {
    /// Why.
    pub cause: Box<Cause>,
    /// Its own words.
    pub text: String,
    /// The file at fault, by the path that was given.
    pub file: Option<String>,
}

impl StartFailure {
    pub(super) fn new(cause: Cause, text: impl Into<String>, file: Option<&str>) -> Self {
        Self {
            cause: Box::new(cause),
            text: text.into(),
            file: file.map(str::to_owned),
        }
    }

    /// The words of an etcd that ends at its start.
    #[must_use]
    pub fn words(&self, build: &EtcdBuild) -> Vec<String> {
        let Cause::ServerConfiguration(error) = self.cause.as_ref() else {
            return vec![phrase::server_start(build, &self.text)];
        };
        match error {
            ConfigurationError::OnlyPrints => Vec::new(),
            // The flag package writes these itself, without a logger.
            ConfigurationError::Flag { .. } | ConfigurationError::ConfigFileUrl { .. } => {
                vec![self.text.clone()]
            }
            ConfigurationError::Shadowed { variable } if build.logs_plain_lines() => {
                vec![format!(
                    "pkg/flags: conflicting environment variable \"{variable}\" is shadowed by corresponding \
                     command-line flag (either unset environment variable or disable flag)"
                )]
            }
            ConfigurationError::LateSetting { text, .. } => vec![phrase::server_start(build, text)],
            ConfigurationError::Setting { text, .. } if text.starts_with("panic: ") => {
                vec![text.clone()]
            }
            _ if build.logs_plain_lines() => {
                let mut words = vec![format!(
                    "etcdmain: error verifying flags, {}. See 'etcd --help'.",
                    self.text
                )];
                if *error == ConfigurationError::AdvertiseMissing {
                    words.push(
                        "etcdmain: When listening on specific address(es), this etcd process must advertise \
                         accessible url(s) to each connected client."
                            .to_owned(),
                    );
                }
                words
            }
            _ => vec![self.text.clone()],
        }
    }

    pub(super) fn unreadable(error: FileError) -> Self {
        let path = error.path().to_owned();
        let text = error.to_string();
        Self::new(Cause::FileUnreadable(error), text, Some(&path))
    }

    pub(super) fn configuration(error: &ConfigurationError) -> Self {
        let file = match error {
            ConfigurationError::ConfigFile { path, .. }
            | ConfigurationError::ConfigFileUrl { path, .. } => Some(path.as_str()),
            ConfigurationError::ConfigFileUnreadable(error) => Some(error.path()),
            _ => None,
        };
        let cause = Cause::ServerConfiguration(error.clone());
        Self::new(cause, error.text(), file)
    }

    pub(super) fn setting(error: ConfigurationError) -> Self {
        let text = error.text();
        Self::new(Cause::ServerConfiguration(error), text, None)
    }
}
