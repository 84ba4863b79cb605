//! etcd's releases: their numbers, the Go that each was built with, and what
//! else differs between them. The one place for such differences on etcd's side;
//! Go's own are in [`go_x509::version`]. What is known of each release stands in
//! one row of `table.rs`.

use std::fmt;
use std::str::FromStr;

use go_x509::revocation_list::RevocationListReader;
use go_x509::version::{GoBuild, GoVersion};
use serde::{Deserialize, Serialize};

mod next;
mod table;

/// A series of etcd releases. Flags and config file keys are alike within one,
/// but for what a patch release added.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Series {
    /// etcd 3.4.
    #[serde(rename = "3.4")]
    V3_4,
    /// etcd 3.5, which most distributions and Kubernetes releases ship.
    #[default]
    #[serde(rename = "3.5")]
    V3_5,
    /// etcd 3.6.
    #[serde(rename = "3.6")]
    V3_6,
    /// etcd 3.7.
    #[serde(rename = "3.7")]
    V3_7,
}

impl Series {
    /// All series, oldest first.
    pub const ALL: [Self; 4] = [Self::V3_4, Self::V3_5, Self::V3_6, Self::V3_7];

    /// The 5 of 3.5.
    #[must_use]
    pub const fn minor(self) -> u16 {
        match self {
            Self::V3_4 => 4,
            Self::V3_5 => 5,
            Self::V3_6 => 6,
            Self::V3_7 => 7,
        }
    }

    /// Its newest release.
    #[must_use]
    pub fn newest(self) -> EtcdVersion {
        newest(self).map_or(EtcdVersion::new(self.minor(), 0), |row| row.version)
    }

    /// The day on which its support ended, where it has: `2026-06-01`.
    #[must_use]
    pub fn ended(self) -> Option<&'static str> {
        table::ENDED
            .iter()
            .find(|(series, _)| *series == self)
            .map(|(_, day)| *day)
    }

    /// The build that stands for it where a reader chose none.
    #[must_use]
    pub fn offer(self) -> Offer {
        let stands = table::STANDS.iter().find(|(series, _)| *series == self);
        let mut offers = offers().into_iter();
        stands
            .and_then(|(_, version)| offers.find(|offer| offer.version == *version))
            .unwrap_or(Offer::upstream(self.newest()))
    }

    /// The container image that etcd's project makes of its newest release.
    #[must_use]
    pub fn image(self) -> String {
        format!("gcr.io/etcd-development/etcd:v{}", self.newest())
    }
}

fn newest(series: Series) -> Option<&'static Release> {
    let mut rows = table::RELEASES.iter();
    rows.rfind(|row| row.version.minor == series.minor())
}

impl fmt::Display for Series {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "3.{}", self.minor())
    }
}

/// A series that is not known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("etcd “{}” is not known here; choose 3.4, 3.5, 3.6 or 3.7", .text)]
pub struct UnknownSeries {
    /// What was given.
    pub text: String,
}

impl FromStr for Series {
    type Err = UnknownSeries;

    fn from_str(text: &str) -> Result<Self, UnknownSeries> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|series| series.to_string() == text)
            .ok_or_else(|| UnknownSeries {
                text: text.to_owned(),
            })
    }
}

/// The releases in which something holds: in each series from a patch release
/// on, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since([u16; Series::ALL.len()]);

/// In no release of a series.
pub const NEVER: u16 = u16::MAX;

impl Since {
    /// The first patch release of each series with it, 3.4's first.
    #[must_use]
    pub const fn new(patches: [u16; Series::ALL.len()]) -> Self {
        Self(patches)
    }

    /// The first patch release of a series that has it, if any has.
    #[must_use]
    pub const fn first(self, series: Series) -> Option<u16> {
        let [v3_4, v3_5, v3_6, v3_7] = self.0;
        let first = match series {
            Series::V3_4 => v3_4,
            Series::V3_5 => v3_5,
            Series::V3_6 => v3_6,
            Series::V3_7 => v3_7,
        };
        if first == NEVER { None } else { Some(first) }
    }

    /// Whether this release has it.
    #[must_use]
    pub const fn includes(self, version: EtcdVersion) -> bool {
        match self.first(version.series()) {
            Some(first) => first <= version.patch,
            None => false,
        }
    }
}

/// An etcd or etcdctl release: `3.minor.patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EtcdVersion {
    /// The 5 of 3.5.16.
    pub minor: u16,
    /// The 16 of 3.5.16.
    pub patch: u16,
}

/// A version text that is none, or outside of 3.4 to 3.7.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("etcd version {:?}: not one of 3.4.0 to 3.7; write it as 3.5.30, or as 3.7.3-go1.27.3 where another Go built it", .text)]
pub struct VersionError {
    /// What was given.
    pub text: String,
}

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

    /// Its series.
    #[must_use]
    pub const fn series(self) -> Series {
        match self.minor {
            ..=4 => Series::V3_4,
            5 => Series::V3_5,
            6 => Series::V3_6,
            7.. => Series::V3_7,
        }
    }

    /// The row that holds for it: its own, else that of the release before.
    fn row(self) -> Option<&'static Release> {
        let mut rows = table::RELEASES.iter();
        rows.rfind(|row| row.version.minor == self.minor && row.version.patch <= self.patch)
    }

    /// The day of its tag, where it is a release that is known here.
    #[must_use]
    pub fn date(self) -> Option<&'static str> {
        self.row()
            .filter(|row| row.version == self)
            .map(|row| row.date)
    }
}

impl fmt::Display for EtcdVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "3.{}.{}", self.minor, self.patch)
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

/// A gRPC release, `1.minor.patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GrpcVersion {
    /// The 83 of 1.83.2.
    pub minor: u16,
    /// The 2 of 1.83.2.
    pub patch: u16,
}

/// A row of the releases.
struct Release {
    version: EtcdVersion,
    /// The tag's day, `2026-10-22`.
    date: &'static str,
    go: GoBuild,
    grpc: GrpcVersion,
}

/// A package of somebody else's that was measured.
struct Package {
    packager: Packager,
    version: EtcdVersion,
    go: GoBuild,
    /// Where it is found.
    from: &'static str,
}

/// Where in its source a build logs from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLines {
    /// `embed/config_logging.go`: a connection that is refused.
    pub rejected: u16,
    /// `retry_interceptor.go`: etcdctl tries again.
    pub retry: u16,
    /// `etcdmain/etcd.go`: etcd ends.
    pub ended: u16,
    /// The same: its flags don't fit.
    pub verified: u16,
}

/// A build that a reader can ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its version.
    pub version: EtcdVersion,
    /// Who built it.
    pub packager: Packager,
    /// Who has it.
    pub from: &'static str,
    /// The Go, where it is not the one that its builder takes.
    pub go: Option<GoVersion>,
}

impl Offer {
    /// The project's own build.
    const fn upstream(version: EtcdVersion) -> Self {
        Self {
            version,
            packager: Packager::Upstream,
            from: "upstream",
            go: None,
        }
    }

    /// As [`EtcdBuild::parse`] reads it.
    #[must_use]
    pub fn spelling(&self) -> String {
        if let Some(go) = self.go {
            return format!("{}-{go}", self.version);
        }
        let packager = match self.packager {
            Packager::Upstream => "upstream",
            Packager::Debian => "debian",
        };
        format!("{}-{packager}", self.version)
    }
}

/// The builds that a reader can ask about, oldest first: the packages, those
/// releases of the project that the table names, and the newest with the next Go.
#[must_use]
pub fn offers() -> Vec<Offer> {
    let mut offers: Vec<Offer> = table::OFFERED
        .iter()
        .copied()
        .map(Offer::upstream)
        .collect();
    offers.extend(table::PACKAGES.iter().map(|package| Offer {
        version: package.version,
        packager: package.packager,
        from: package.from,
        go: None,
    }));
    offers.push(Offer::of_next_go());
    offers.sort_by_key(|offer| offer.version);
    offers
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

    /// The oldest and the newest build whose reading was measured, for whoever
    /// asks what any etcd says.
    #[must_use]
    pub fn oldest_and_newest() -> Vec<Self> {
        let packages = [table::PACKAGES.first(), table::PACKAGES.last()];
        packages
            .into_iter()
            .flatten()
            .map(|package| Self {
                version: package.version,
                packager: package.packager,
                go: package.go,
            })
            .collect()
    }

    /// Debian's build where it was measured, else the project's own.
    #[must_use]
    pub fn measured(version: EtcdVersion) -> Self {
        Self::debian(version).unwrap_or_else(|| Self::upstream(version))
    }

    /// Reads a version as [`EtcdVersion::parse`], with `-upstream` or
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

    /// The gRPC that the release was built with.
    fn grpc(&self) -> Option<GrpcVersion> {
        self.version.row().map(|row| row.grpc)
    }

    /// Since 3.7 a complaint about an advertised client URL names Unix sockets
    /// too (`embed/config.go`, `Validate`).
    #[must_use]
    pub const fn names_unix_sockets(&self) -> bool {
        self.version.minor >= 7
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
    /// again.
    #[must_use]
    pub const fn logs_the_peer(&self) -> bool {
        Since::new([NEVER, 30, NEVER, NEVER]).includes(self.version)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_read_with_the_go_that_somebody_built_it_with() {
        let build = EtcdBuild::parse("3.7.3-go1.27.3").unwrap();
        assert_eq!(build.to_string(), "etcd 3.7.3 (go1.27.3)");
        assert_eq!(build.go.language, 26, "the go line is the release's");
        assert_eq!(
            EtcdBuild::parse("3.7.3").unwrap().to_string(),
            "etcd 3.7.3 (go1.26.10)"
        );
        assert!(EtcdBuild::parse("3.7.3-go").is_err());
        assert!(EtcdBuild::parse("3.7.3-gone").is_err());
    }

    #[test]
    fn a_series_is_read_back_as_it_is_written() {
        for series in Series::ALL {
            assert_eq!(series.to_string().parse(), Ok(series));
            let json = serde_json::to_string(&series).unwrap();
            assert_eq!(json, format!("\"{series}\""));
        }
        assert!("3.3".parse::<Series>().is_err());
    }

    #[test]
    fn every_release_has_one_row_in_its_order() {
        let rows = table::RELEASES;
        for (before, after) in rows.iter().zip(&rows[1..]) {
            assert!(before.version < after.version, "{}", after.version);
            if before.version.minor == after.version.minor {
                assert_eq!(before.version.patch + 1, after.version.patch);
                assert!(before.date <= after.date, "{}", after.version);
            } else {
                assert_eq!(after.version.patch, 0);
            }
        }
        for series in Series::ALL {
            assert_eq!(series.newest().series(), series);
        }
    }

    #[test]
    fn a_release_that_is_newer_than_the_table_is_built_as_the_newest_in_it() {
        let newest = EtcdBuild::upstream(Series::V3_7.newest());
        let unknown = EtcdBuild::parse("3.7.99").unwrap();
        assert_eq!(unknown.go, newest.go);
        assert_eq!(unknown.version.date(), None);
        assert!(newest.version.date().is_some());
    }

    #[test]
    fn every_offered_build_is_read_by_its_spelling() {
        for offer in offers() {
            let build = EtcdBuild::parse(&offer.spelling()).unwrap();
            assert_eq!(build.version, offer.version);
            assert_eq!(build.packager, offer.packager);
        }
    }
}
