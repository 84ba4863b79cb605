//! etcd's releases: their numbers, the Go that each was built with, and what
//! else differs between them. The one place for such differences on etcd's side;
//! Go's own are in [`go_x509::version`]. What is known of each release stands in
//! one row of `table.rs`.

use std::fmt;
use std::str::FromStr;

use go_x509::version::GoVersion;
use serde::{Deserialize, Serialize};

mod build;
mod next;
mod row;
mod support;
mod table;

pub use build::{BalancerWording, ConnectionWording, EtcdBuild};
pub use row::{Packager, SecurityNotice};

use row::Release;

/// A series of etcd releases. Flags and config file keys are alike within one,
/// but for what a patch release added.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Series {
    /// etcd 3.4.
    #[serde(rename = "3.4")]
    V3_4,
    /// etcd 3.5.
    #[serde(rename = "3.5")]
    V3_5,
    /// etcd 3.6.
    #[serde(rename = "3.6")]
    V3_6,
    /// etcd 3.7, the newest that is supported.
    #[default]
    #[serde(rename = "3.7")]
    V3_7,
}

impl Series {
    /// All series, oldest first.
    pub const ALL: [Self; 4] = [Self::V3_4, Self::V3_5, Self::V3_6, Self::V3_7];

    /// The newest one.
    pub const LATEST: Self = Self::ALL[Self::ALL.len() - 1];

    /// Whether etcdutl comes with it, which looks at snapshots and restores them, since 3.6
    /// as the only one (etcd's `etcdctl/ctlv3/command/snapshot_command.go`).
    #[must_use]
    pub const fn has_etcdutl(self) -> bool {
        self.minor() >= 5
    }

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

    /// The build that stands for it where a reader chose none: the newest
    /// release, or the one that the table names.
    #[must_use]
    pub fn offer(self) -> Offer {
        let stands = table::STANDS.iter().find(|(series, _)| *series == self);
        let version = stands.map_or_else(|| self.newest(), |(_, version)| *version);
        let mut offers = offers().into_iter();
        offers
            .find(|offer| offer.version == version)
            .unwrap_or(Offer::upstream(version))
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
#[error("etcd version {:?}: not one of 3.4.0 to 3.7; write it as 3.7.3, or as 3.7.3-go1.27.3 where another Go built it", .text)]
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

    /// The first release of its own that takes lists of allowed names, with
    /// `--client-cert-allowed-hostname` and its siblings (etcd's pull request 18160).
    pub const LISTS_OF_ALLOWED_NAMES: Self = Self {
        minor: 5,
        patch: 15,
    };

    /// The last release that was built with a Go that doesn't know Ed25519 (1.12).
    pub const LAST_WITHOUT_ED25519: Self = Self {
        minor: 4,
        patch: 18,
    };

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

/// The builds that a reader can ask about, oldest first: the newest release of each
/// series that is mended, the packages, the older releases that the table names, and
/// the newest with the next Go.
#[must_use]
pub fn offers() -> Vec<Offer> {
    let mended = Series::ALL
        .into_iter()
        .filter(|series| series.ended().is_none());
    let releases = mended
        .map(Series::newest)
        .chain(table::OFFERED.iter().copied());
    let mut offers: Vec<Offer> = releases.map(Offer::upstream).collect();
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
    fn the_default_is_the_newest_series_and_each_supported_ones_newest_release_is_offered() {
        assert_eq!(Some(&Series::default()), Series::ALL.last());
        for series in Series::ALL {
            let offer = series.offer();
            assert!(offers().contains(&offer), "{series}");
            if series.ended().is_none() {
                assert_eq!(offer.version, series.newest());
            }
        }
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
