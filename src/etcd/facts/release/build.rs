//! A build of etcd or etcdctl: a version, who built it and with which Go, and
//! what follows from that for what it reads, says and logs.

use std::fmt;

use go_x509::revocation_list::RevocationListReader;
use go_x509::version::{GoBuild, GoVersion};

use super::{
    EtcdVersion, NEVER, Since, VersionError, offers,
    row::{GrpcVersion, LogLines, Packager},
    table,
};

/// An etcd or etcdctl as it is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EtcdBuild {
    /// Its version.
    pub version: EtcdVersion,
    /// Who built it.
    pub packager: Packager,
    /// The Go it was built with.
    pub go: GoBuild,
}

/// What gRPC's balancer puts before the reason of a lost connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BalancerWording {
    /// Nothing: 3.4's own balancer.
    Bare,
    /// `last connection error: connection error: desc = …`
    LastConnectionError,
    /// `connection error: desc = …`
    Described,
}

/// How a gRPC client of that age words a lost connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionWording {
    /// gRPC 1.23 to 1.26 behind etcd 3.4's balancer: the reason is not shown.
    SubConnections,
    /// gRPC 1.38 and 1.41: `connection closed`.
    ConnectionClosed,
    /// gRPC 1.58 and newer: `error reading server preface: …`.
    ServerPreface,
}

impl EtcdBuild {
    /// The project's own build of a version.
    #[must_use]
    pub fn upstream(version: EtcdVersion) -> Self {
        let oldest = GoBuild::new(GoVersion::new(12, 9), 12);
        let go = version.row().map_or(oldest, |row| row.go);
        Self {
            version,
            packager: Packager::Upstream,
            go,
        }
    }

    /// Debian's build of a version, where there is one that was measured.
    #[must_use]
    pub fn debian(version: EtcdVersion) -> Option<Self> {
        table::PACKAGES
            .iter()
            .find(|package| package.packager == Packager::Debian && package.version == version)
            .map(|package| Self {
                version,
                packager: package.packager,
                go: package.go,
            })
    }

    /// The oldest and the newest build that a reader can ask about, for whoever
    /// asks what any etcd says.
    #[must_use]
    pub fn oldest_and_newest() -> Vec<Self> {
        let offers = offers();
        let ends = [offers.first(), offers.last()];
        let builds = ends.into_iter().flatten();
        builds.map(|offer| Self::measured(offer.version)).collect()
    }

    /// Debian's build where it was measured, else the project's own.
    #[must_use]
    pub fn measured(version: EtcdVersion) -> Self {
        Self::debian(version).unwrap_or_else(|| Self::upstream(version))
    }

    /// Reads a version as `3.6.14`, with `-upstream` or
    /// `-debian` after it to choose the builder, or with a Go: `3.7.3-go1.27.3`
    /// is that release as somebody else builds it with that Go.
    ///
    /// # Errors
    ///
    /// An unknown version, one that Debian doesn't have, or a Go that is none.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let version = EtcdVersion::parse(text)?;
        if let Some((_, go)) = text.trim().split_once("-go") {
            let toolchain = GoVersion::parse(go).ok_or_else(|| VersionError {
                text: text.to_owned(),
            })?;
            let build = Self::upstream(version);
            return Ok(Self {
                go: GoBuild::new(toolchain, build.go.language),
                ..build
            });
        }
        if text.ends_with("-upstream") {
            Ok(Self::upstream(version))
        } else if text.ends_with("-debian") {
            Self::debian(version).ok_or_else(|| VersionError {
                text: text.to_owned(),
            })
        } else {
            Ok(Self::measured(version))
        }
    }

    /// etcd 3.5.0 to 3.5.7 set `MaxVersion` to TLS 1.2 wherever it makes a
    /// TLS configuration (`listener.go`, `ServerConfig` and `ClientConfig`).
    #[must_use]
    pub const fn limits_tls_to_12(&self) -> bool {
        self.version.minor == 5 && self.version.patch < 8
    }

    /// Up to 3.6 the gateway dials etcd at its start, since 3.7 at the first
    /// request (measured on 3.6.16 and 3.7.3): until then nothing is logged of it.
    #[must_use]
    pub const fn gateway_dials_when_asked(&self) -> bool {
        self.version.minor >= 7
    }

    /// 3.4 logs `etcdmain: …` lines, 3.5 and newer JSON.
    #[must_use]
    pub const fn logs_plain_lines(&self) -> bool {
        self.version.minor == 4
    }

    /// Up to Go 1.16 the HTTP/2 server inside of `net/http` wants suites that
    /// HTTP/2 approves of in front of the others. etcd 3.4.20 and 3.5.5 brought
    /// a newer one of their own, without that wish (`embed/serve.go`).
    #[must_use]
    pub const fn checks_order_of_cipher_suites(&self) -> bool {
        let own = match self.version.minor {
            4 => self.version.patch >= 20,
            5 => self.version.patch >= 5,
            _ => true,
        };
        !own && self.go.toolchain.minor < 17
    }

    /// Whether an allowed name may be a list of them. 3.5.14 knows the keys of the
    /// config file for one name each.
    #[must_use]
    pub fn takes_lists_of_allowed_names(&self) -> bool {
        self.version >= EtcdVersion::LISTS_OF_ALLOWED_NAMES
    }

    /// `--client-cert-file` and its siblings came with 3.5.
    #[must_use]
    pub const fn has_client_key_pair(&self) -> bool {
        self.version.minor >= 5
    }

    /// 3.6 reads CRLs with `x509.ParseRevocationList`.
    #[must_use]
    pub const fn revocation_list_reader(&self) -> RevocationListReader {
        if self.version.minor >= 6 {
            RevocationListReader::ParseRevocationList
        } else {
            RevocationListReader::ParseCrl
        }
    }

    /// Since 3.7, with zap 1.27.1, `--log-level=warning` is `warn` (zap's `level.go`).
    #[must_use]
    pub const fn takes_warning_for_a_level(&self) -> bool {
        self.version.minor >= 7
    }

    /// Since 3.6 a word that is no flag is quoted as Go does (`etcdmain/config.go`).
    #[must_use]
    pub const fn quotes_words_that_are_no_flags(&self) -> bool {
        self.version.minor >= 6
    }

    /// Up to 3.5 etcdctl still contains the v2 client behind `ETCDCTL_API=2`.
    #[must_use]
    pub const fn has_api_2(&self) -> bool {
        self.version.minor <= 5
    }

    /// The gRPC that the release was built with.
    fn grpc(&self) -> Option<GrpcVersion> {
        self.version.row().map(|row| row.grpc)
    }

    /// Since 3.6 `defrag` says how long it took (`etcdctl/ctlv3/command/defrag_command.go`).
    #[must_use]
    pub const fn times_defragmentation(&self) -> bool {
        self.version.minor >= 6
    }

    /// Since 3.7 etcdctl draws its tables with box characters
    /// (`etcdctl/ctlv3/command/printer_table.go`).
    #[must_use]
    pub const fn draws_tables(&self) -> bool {
        self.version.minor >= 7
    }

    /// In 3.4 the refusal of a stream is not put into gRPC's code
    /// (`api/v3rpc/maintenance.go`, `authMaintenanceServer`).
    #[must_use]
    pub const fn words_of_streams_are_bare(&self) -> bool {
        self.version.minor <= 4
    }

    /// Since 3.5.13 the URL of a Unix socket is any path; before, it has the form
    /// of `host:port` like the others (`client/pkg/types/urls.go`, `NewURLs`).
    #[must_use]
    pub const fn takes_any_path_of_a_socket(&self) -> bool {
        Since::new([NEVER, 13, 0, 0]).includes(self.version)
    }

    /// Since 3.7 a Unix socket can be advertised, and a complaint about an advertised
    /// client URL names it too (`embed/config.go`, `checkHostURLs`, `Validate`).
    #[must_use]
    pub const fn names_unix_sockets(&self) -> bool {
        self.version.minor >= 7
    }

    /// Since 3.6 a `peer-transport-security` without anything below it ends etcd
    /// (`embed/config.go`, `configFromFile`).
    #[must_use]
    pub const fn refuses_an_empty_section(&self) -> bool {
        self.version.minor >= 6
    }

    /// Since 3.6 `--insecure-skip-tls-verify` alone makes etcdctl use TLS with an
    /// endpoint without scheme, even beside `--insecure-transport=true`
    /// (`client/v3/config.go`, `newTLSConfig`).
    #[must_use]
    pub const fn takes_skipping_for_tls(&self) -> bool {
        self.version.minor >= 6
    }

    /// Commands that went to etcdutl in 3.6: etcdctl prints its help, and ends
    /// well.
    #[must_use]
    pub fn only_helps_with(&self, command: &[String]) -> bool {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        self.version.minor >= 6
            && matches!(words.as_slice(), ["snapshot", "status" | "restore", ..])
    }

    /// Where in its source it logs from, in builds that were measured.
    #[must_use]
    pub fn log_lines(&self) -> Option<LogLines> {
        table::LOG_LINES
            .iter()
            .find(|(version, packager, _)| *version == self.version && *packager == self.packager)
            .map(|(_, _, lines)| *lines)
    }

    /// The times of its log have milliseconds; since 3.5.2 microseconds.
    #[must_use]
    pub const fn logs_milliseconds(&self) -> bool {
        !Since::new([NEVER, 2, 0, 0]).includes(self.version)
    }

    /// Since 3.5.15 a refused connection is logged with the endpoint that
    /// refused it: `rejected connection on client endpoint`.
    #[must_use]
    pub const fn names_the_endpoint_that_refuses(&self) -> bool {
        Since::new([NEVER, 15, 0, 0]).includes(self.version)
    }

    /// Whether etcdctl logs the peer that it was connected with when it tries
    /// again (`client/v3/retry_interceptor.go`).
    #[must_use]
    pub const fn logs_the_peer(&self) -> bool {
        Since::new([NEVER, 28, 9, 0]).includes(self.version)
    }

    /// Whether etcdctl logs the method that it called when it tries again
    /// (`client/v3/retry_interceptor.go`).
    #[must_use]
    pub const fn logs_the_method(&self) -> bool {
        Since::new([NEVER, NEVER, 0, 0]).includes(self.version)
    }

    /// The file that etcdctl logs from when it tries again. The project's builds
    /// take the client as a module, and its version is part of the path.
    #[must_use]
    pub fn retry_file(&self) -> String {
        let module = match self.packager {
            Packager::Upstream => Since::new([NEVER, 2, 0, 0]),
            Packager::Debian => Since::new([NEVER, NEVER, 0, 0]),
        };
        if self.logs_plain_lines() {
            "clientv3/retry_interceptor.go".to_owned()
        } else if module.includes(self.version) {
            format!("v3@v{}/retry_interceptor.go", self.version)
        } else {
            "v3/retry_interceptor.go".to_owned()
        }
    }

    /// What gRPC's balancer puts before the reason of a lost connection. Since
    /// gRPC 1.71 `round_robin` has a balancer for each endpoint, and its own
    /// words are gone (`balancer/roundrobin`, `balancer/base`).
    #[must_use]
    pub fn balancer_wording(&self) -> BalancerWording {
        let described = self.grpc().is_none_or(|grpc| grpc.minor >= 71);
        match self.connection_wording() {
            ConnectionWording::SubConnections => BalancerWording::Bare,
            _ if described => BalancerWording::Described,
            _ => BalancerWording::LastConnectionError,
        }
    }

    /// How etcdctl words a connection that is lost.
    #[must_use]
    pub const fn connection_wording(&self) -> ConnectionWording {
        match (self.version.minor, self.version.patch) {
            (4, 0..31) => ConnectionWording::SubConnections,
            (5, 0..10) => ConnectionWording::ConnectionClosed,
            _ => ConnectionWording::ServerPreface,
        }
    }
}

impl fmt::Display for EtcdBuild {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "etcd {} ({})", self.version, self.go.toolchain)
    }
}
