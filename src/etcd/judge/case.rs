//! A case: both command lines, the files they name, the builds and the time, read
//! once. Who judges it and who tells of it take what was read from here, and
//! parse nothing again.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::etcd::facts::option::EtcdOption;
use crate::etcd::facts::release::EtcdBuild;
use crate::etcd::judge::reading::client_configuration::{
    ClientConfiguration, ClientConfigurationError,
};
use crate::etcd::judge::reading::command_line::{CommandLine, CommandLineError};
use crate::etcd::judge::reading::files::Files;
use crate::etcd::judge::reading::proxy::Proxy;
use crate::etcd::judge::reading::server_configuration::{ConfigurationError, ServerConfiguration};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// etcd's command line.
    pub server: &'a str,
    /// etcdctl's command line; empty to ask about etcd's start only.
    pub client: &'a str,
    /// The files.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// The etcd.
    pub server_build: EtcdBuild,
    /// The etcdctl.
    pub client_build: EtcdBuild,
    /// The time on both sides.
    pub now: Timestamp,
    /// With authentication on: the users that may write. `None`: it is off.
    pub users: Option<&'a [String]>,
}

impl<'a> Question<'a> {
    /// An etcd and an etcdctl of the same build, with authentication off.
    #[must_use]
    pub const fn new(
        server: &'a str,
        client: &'a str,
        files: &'a BTreeMap<String, Vec<u8>>,
        build: EtcdBuild,
        now: Timestamp,
    ) -> Self {
        Self {
            server,
            client,
            files,
            server_build: build,
            client_build: build,
            now,
            users: None,
        }
    }
}

/// An etcd with its command line and files, read.
#[derive(Clone, Debug)]
pub struct Etcd<'a> {
    /// Its command line.
    pub line: CommandLine,
    /// The files on its machine.
    pub files: Files<'a>,
    /// The etcd.
    pub build: EtcdBuild,
    /// What it makes of its command line and config file.
    pub configuration: Result<ServerConfiguration, ConfigurationError>,
}

impl<'a> Etcd<'a> {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// It is no command line of etcd.
    pub fn told(text: &str, files: Files<'a>, build: EtcdBuild) -> Result<Self, CommandLineError> {
        let line = CommandLine::parse(text, "etcd")?;
        Ok(Self::read(line, files, build))
    }

    /// Whether it is started as a proxy of the v2 API: then it is no member, and asks
    /// for no URL to advertise (etcd up to 3.5 `etcdmain/config.go`, `mayBeProxy`).
    #[must_use]
    pub fn is_old_proxy(&self) -> bool {
        let option = EtcdOption::Proxy;
        let version = self.build.version;
        let has_it = EtcdOption::named(option.name(), version).is_some();
        let variable = || self.line.environment.get(&option.variable());
        let told = self.line.flag(option.name());
        let told = told.or_else(|| variable().map(String::as_str));
        has_it && matches!(told, Some("on" | "readonly"))
    }

    /// Reads what the command line and the config file say. The other files are
    /// opened when etcd is started.
    #[must_use]
    pub fn read(line: CommandLine, files: Files<'a>, build: EtcdBuild) -> Self {
        let open = |path: &str| files.open(path).map(<[u8]>::to_vec);
        let configuration = ServerConfiguration::read(&line, &open, &build);
        Self {
            line,
            files,
            build,
            configuration,
        }
    }

    /// Whether it answers gRPC and HTTP at URLs apart from each other.
    #[must_use]
    pub fn answers_http_apart(&self) -> bool {
        let configuration = self.configuration.as_ref();
        configuration.is_ok_and(|it| !it.listen_http_urls.is_empty())
    }

    /// The files that it names for its client and peer ports, and its config file; or
    /// those with which a proxy dials.
    pub fn named_files(&self) -> impl Iterator<Item = &str> {
        let configuration = self.configuration.as_ref().ok();
        let sides = configuration.map(|it| [&it.client, &it.peer]);
        let of_sides = sides.into_iter().flatten().flat_map(|side| {
            [
                &side.cert_file,
                &side.key_file,
                &side.client_cert_file,
                &side.client_key_file,
                &side.trusted_ca_file,
                &side.crl_file,
            ]
        });
        of_sides
            .chain(configuration.and_then(|it| it.config_file.as_ref()))
            .map(String::as_str)
            .filter(|path| !path.is_empty())
            .chain(
                Proxy::of(&self.line)
                    .into_iter()
                    .flat_map(Proxy::named_files),
            )
    }
}

/// Why an etcdctl can't be asked anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EtcdctlError {
    /// The text is none of its command lines.
    Line(CommandLineError),
    /// etcdctl itself ends before it connects.
    Configuration(ClientConfigurationError),
}

/// An etcdctl with its command line, read.
#[derive(Clone, Debug)]
pub struct Etcdctl {
    /// Its command line; as good as empty if it is none.
    pub line: CommandLine,
    /// The etcdctl.
    pub build: EtcdBuild,
    /// What it makes of its command line.
    pub configuration: Result<ClientConfiguration, EtcdctlError>,
}

impl Etcdctl {
    /// Reads a command line that was taken apart.
    #[must_use]
    pub fn of(line: CommandLine, build: EtcdBuild) -> Self {
        let configuration =
            ClientConfiguration::read(&line, &build).map_err(EtcdctlError::Configuration);
        Self {
            line,
            build,
            configuration,
        }
    }

    /// Reads a text; an empty one asks nothing.
    #[must_use]
    pub fn asked(text: &str, build: EtcdBuild) -> Option<Self> {
        if text.trim().is_empty() {
            return None;
        }
        Some(match CommandLine::parse(text, "etcdctl") {
            Ok(line) => Self::of(line, build),
            Err(error) => Self {
                line: CommandLine::default(),
                build,
                configuration: Err(EtcdctlError::Line(error)),
            },
        })
    }

    /// The files that it names.
    pub fn named_files(&self) -> impl Iterator<Item = &str> {
        let configuration = self.configuration.as_ref().ok();
        let files = configuration.map(|it| [&it.ca_file, &it.cert_file, &it.key_file]);
        let paths = files.into_iter().flatten().map(String::as_str);
        paths.filter(|path| !path.is_empty())
    }
}

/// What is asked, read.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// etcd's side.
    pub etcd: Etcd<'a>,
    /// etcdctl's side; `None` where only etcd's start is asked about.
    pub etcdctl: Option<Etcdctl>,
    /// The time on both sides.
    pub now: Timestamp,
    /// With authentication on: the users that may write. `None`: it is off.
    pub users: Option<&'a [String]>,
}

impl<'a> Case<'a> {
    /// Reads a question.
    ///
    /// # Errors
    ///
    /// The server's text is no command line of etcd. That the client's is none of
    /// etcdctl stays to be said until etcd is known to start.
    pub fn read(question: &Question<'a>) -> Result<Self, CommandLineError> {
        let files = Files::from(question.files);
        Ok(Self {
            etcd: Etcd::told(question.server, files, question.server_build)?,
            etcdctl: Etcdctl::asked(question.client, question.client_build),
            now: question.now,
            users: question.users,
        })
    }

    /// What etcd makes of its command line, if it makes anything of it.
    #[must_use]
    pub fn server(&self) -> Option<&ServerConfiguration> {
        self.etcd.configuration.as_ref().ok()
    }

    /// What etcdctl makes of its command line, if it makes anything of it.
    #[must_use]
    pub fn client(&self) -> Option<&ClientConfiguration> {
        self.etcdctl.as_ref()?.configuration.as_ref().ok()
    }
}
