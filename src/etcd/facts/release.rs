//! etcd's versions, the Go that each was built with, and what else differs
//! between them. The one place for such differences on etcd's side; Go's own
//! are in [`go_x509::version`].

use std::fmt;

use go_x509::revocation_list::RevocationListReader;
use go_x509::version::{GoBuild, GoVersion};

/// An etcd or etcdctl release: `3.minor.patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EtcdVersion {
    /// The 5 of 3.5.16.
    pub minor: u16,
    /// The 16 of 3.5.16.
    pub patch: u16,
}

/// A version text that is none, or outside of 3.4 to 3.7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError {
    /// What was given.
    pub text: String,
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "etcd version {:?}: not one of 3.4.0 to 3.7; write it as 3.5.30",
            self.text
        )
    }
}

impl std::error::Error for VersionError {}

impl EtcdVersion {
    /// Reads `3.5.30`, `v3.5.30`, or `3.6` (its first release).
    ///
    /// # Errors
    ///
    /// Versions other than 3.4 to 3.7 are not known.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let unknown = || VersionError {
            text: text.to_owned(),
        };
        let digits = text.trim().trim_start_matches('v');
        let digits = digits.split(['-', '+']).next().unwrap_or_default();
        let mut parts = digits.split('.');
        if parts.next() != Some("3") {
            return Err(unknown());
        }
        let minor = parts
            .next()
            .and_then(|part| part.parse().ok())
            .ok_or_else(unknown)?;
        let patch = match parts.next() {
            Some(part) => part.parse().map_err(|_| unknown())?,
            None => 0,
        };
        if !(4..=7).contains(&minor) || parts.next().is_some() {
            return Err(unknown());
        }
        Ok(Self { minor, patch })
    }

    const fn new(minor: u16, patch: u16) -> Self {
        Self { minor, patch }
    }
}

impl fmt::Display for EtcdVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}.{}", self.minor, self.patch)
    }
}

/// Who built it: distributions take another Go than the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packager {
    /// The binaries of the etcd project.
    Upstream,
    /// Debian's packages of 3.4.23, 3.5.16 and 3.5.30.
    Debian,
}

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

/// Go toolchain and `go` line of the project's releases: each row holds from
/// its patch release on (`.go-version` and `go.mod` of the tags; before 3.4.19
/// and 3.5.5 the CI's configuration and measured builds).
const UPSTREAM: &[(u16, u16, GoBuild)] = &[
    (4, 0, GoBuild::new(GoVersion::new(12, 9), 12)),
    (4, 3, GoBuild::new(GoVersion::new(12, 12), 12)),
    (4, 16, GoBuild::new(GoVersion::new(12, 17), 12)),
    (4, 19, GoBuild::new(GoVersion::new(16, 15), 16)),
    (4, 23, GoBuild::new(GoVersion::new(17, 13), 17)),
    (4, 25, GoBuild::new(GoVersion::new(19, 8), 19)),
    (4, 26, GoBuild::new(GoVersion::new(19, 9), 19)),
    (4, 27, GoBuild::new(GoVersion::new(19, 10), 19)),
    (4, 28, GoBuild::new(GoVersion::new(20, 11), 20)),
    (4, 30, GoBuild::new(GoVersion::new(20, 13), 20)),
    (4, 31, GoBuild::new(GoVersion::new(21, 8), 21)),
    (4, 33, GoBuild::new(GoVersion::new(21, 11), 21)),
    (4, 34, GoBuild::new(GoVersion::new(22, 7), 22)),
    (4, 35, GoBuild::new(GoVersion::new(22, 9), 22)),
    (4, 36, GoBuild::new(GoVersion::new(23, 6), 23)),
    (4, 37, GoBuild::new(GoVersion::new(23, 8), 23)),
    (4, 38, GoBuild::new(GoVersion::new(24, 9), 24)),
    (4, 39, GoBuild::new(GoVersion::new(24, 10), 24)),
    (4, 40, GoBuild::new(GoVersion::new(24, 11), 24)),
    (4, 41, GoBuild::new(GoVersion::new(24, 13), 24)),
    (4, 42, GoBuild::new(GoVersion::new(25, 8), 25)),
    (4, 44, GoBuild::new(GoVersion::new(25, 9), 25)),
    (4, 45, GoBuild::new(GoVersion::new(25, 10), 25)),
    (5, 0, GoBuild::new(GoVersion::new(16, 3), 16)),
    (5, 5, GoBuild::new(GoVersion::new(16, 15), 16)),
    (5, 7, GoBuild::new(GoVersion::new(17, 13), 17)),
    (5, 8, GoBuild::new(GoVersion::new(19, 8), 19)),
    (5, 9, GoBuild::new(GoVersion::new(19, 9), 19)),
    (5, 10, GoBuild::new(GoVersion::new(20, 10), 20)),
    (5, 11, GoBuild::new(GoVersion::new(20, 12), 20)),
    (5, 13, GoBuild::new(GoVersion::new(21, 8), 21)),
    (5, 14, GoBuild::new(GoVersion::new(21, 10), 21)),
    (5, 15, GoBuild::new(GoVersion::new(21, 12), 21)),
    (5, 16, GoBuild::new(GoVersion::new(22, 7), 22)),
    (5, 17, GoBuild::new(GoVersion::new(22, 9), 22)),
    (5, 18, GoBuild::new(GoVersion::new(22, 11), 22)),
    (5, 19, GoBuild::new(GoVersion::new(23, 7), 23)),
    (5, 22, GoBuild::new(GoVersion::new(23, 11), 23)),
    (5, 23, GoBuild::new(GoVersion::new(24, 7), 24)),
    (5, 24, GoBuild::new(GoVersion::new(24, 9), 24)),
    (5, 25, GoBuild::new(GoVersion::new(24, 10), 24)),
    (5, 26, GoBuild::new(GoVersion::new(24, 11), 24)),
    (5, 27, GoBuild::new(GoVersion::new(24, 13), 24)),
    (5, 28, GoBuild::new(GoVersion::new(25, 8), 25)),
    (5, 30, GoBuild::new(GoVersion::new(25, 9), 25)),
    (5, 31, GoBuild::new(GoVersion::new(25, 10), 25)),
    (5, 32, GoBuild::new(GoVersion::new(25, 11), 25)),
    (5, 33, GoBuild::new(GoVersion::new(25, 12), 25)),
    (6, 0, GoBuild::new(GoVersion::new(23, 9), 23)),
    (6, 1, GoBuild::new(GoVersion::new(23, 10), 23)),
    (6, 2, GoBuild::new(GoVersion::new(23, 11), 23)),
    (6, 5, GoBuild::new(GoVersion::new(24, 7), 24)),
    (6, 6, GoBuild::new(GoVersion::new(24, 10), 24)),
    (6, 7, GoBuild::new(GoVersion::new(24, 11), 24)),
    (6, 8, GoBuild::new(GoVersion::new(24, 13), 24)),
    (6, 9, GoBuild::new(GoVersion::new(25, 8), 25)),
    (6, 11, GoBuild::new(GoVersion::new(25, 9), 25)),
    (6, 12, GoBuild::new(GoVersion::new(25, 10), 25)),
    (6, 13, GoBuild::new(GoVersion::new(25, 11), 25)),
    (6, 14, GoBuild::new(GoVersion::new(25, 12), 25)),
    (7, 0, GoBuild::new(GoVersion::new(26, 5), 26)),
];

/// Debian's builds that were measured (`etcd --version`). They are built
/// outside of a module, so that Go's defaults of 1.20 hold.
const DEBIAN: &[(EtcdVersion, GoBuild)] = &[
    (
        EtcdVersion::new(4, 23),
        GoBuild::new(GoVersion::new(19, 8), 20),
    ),
    (
        EtcdVersion::new(5, 16),
        GoBuild::new(GoVersion::new(24, 0), 20),
    ),
    (
        EtcdVersion::new(5, 30),
        GoBuild::new(GoVersion::new(26, 4), 20),
    ),
];

impl EtcdBuild {
    /// The project's own build of a version.
    #[must_use]
    pub fn upstream(version: EtcdVersion) -> Self {
        let go = UPSTREAM
            .iter()
            .rev()
            .find(|(minor, patch, _)| *minor == version.minor && *patch <= version.patch)
            .map_or(GoBuild::new(GoVersion::new(12, 9), 12), |(_, _, go)| *go);
        Self {
            version,
            packager: Packager::Upstream,
            go,
        }
    }

    /// Debian's build of a version, where there is one that was measured.
    #[must_use]
    pub fn debian(version: EtcdVersion) -> Option<Self> {
        DEBIAN
            .iter()
            .find(|(known, _)| *known == version)
            .map(|(_, go)| Self {
                version,
                packager: Packager::Debian,
                go: *go,
            })
    }

    /// Debian's build where it was measured, else the project's own.
    #[must_use]
    pub fn measured(version: EtcdVersion) -> Self {
        Self::debian(version).unwrap_or_else(|| Self::upstream(version))
    }

    /// Reads a version as [`EtcdVersion::parse`], with `-upstream` or
    /// `-debian` after it to choose the builder.
    ///
    /// # Errors
    ///
    /// An unknown version, or one that Debian doesn't have.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let version = EtcdVersion::parse(text)?;
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

    /// Lists of allowed names: 3.5.14 and 3.4.34 made lists of the single
    /// values (measured: 3.5.15+, 3.6+).
    #[must_use]
    pub const fn takes_lists_of_allowed_names(&self) -> bool {
        self.version.minor > 5 || self.version.minor == 5 && self.version.patch >= 14
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

    /// Up to 3.5 etcdctl still contains the v2 client behind `ETCDCTL_API=2`.
    #[must_use]
    pub const fn has_api_2(&self) -> bool {
        self.version.minor <= 5
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "etcd {} ({})", self.version, self.go.toolchain)
    }
}
