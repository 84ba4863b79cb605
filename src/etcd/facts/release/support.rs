//! Until when a series is supported, and which published notices a release lacks
//! the mend for: those that touch certificates, revocation lists, names or roles.

use std::fmt;

use super::{EtcdVersion, Series, newest, row::SecurityNotice, table};

/// How long a series is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Nobody mends it since this day, `2026-06-01`.
    Ended(&'static str),
    /// Older than the two series that etcd's policy names, and yet mended: the
    /// day of its newest release.
    Beyond(&'static str),
    /// Until the first release of this series.
    Until(EtcdVersion),
}

impl fmt::Display for Support {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(day) => write!(formatter, "support ended on {day}"),
            Self::Beyond(day) => write!(
                formatter,
                "older than the two series that etcd promises to mend; its newest release is of {day}"
            ),
            Self::Until(version) => write!(formatter, "supported until etcd {version}"),
        }
    }
}

impl Series {
    /// How long it is mended: etcd keeps release branches for the newest series
    /// and the one before (etcd's `op-guide/versioning`).
    #[must_use]
    pub fn support(self) -> Support {
        if let Some(day) = self.ended() {
            return Support::Ended(day);
        }
        let newest_minor = Self::ALL.last().map_or(0, |series| series.minor());
        if self.minor() + 1 >= newest_minor {
            return Support::Until(EtcdVersion::new(self.minor() + 2, 0));
        }
        Support::Beyond(newest(self).map_or("", |row| row.date))
    }
}

impl SecurityNotice {
    /// All of them, the newest first.
    #[must_use]
    pub fn all() -> &'static [Self] {
        table::NOTICES
    }

    /// Whether a release lacks the mend.
    #[must_use]
    pub const fn concerns(&self, version: EtcdVersion) -> bool {
        self.since.includes(version) && !self.mended.includes(version)
    }

    /// The release of a series that mends it, where there is one.
    #[must_use]
    pub fn mended_in(&self, series: Series) -> Option<EtcdVersion> {
        let patch = self.mended.first(series)?;
        Some(EtcdVersion::new(series.minor(), patch))
    }
}

impl EtcdVersion {
    /// The notices that it lacks the mend for, the newest first.
    #[must_use]
    pub fn notices(self) -> Vec<&'static SecurityNotice> {
        let all = SecurityNotice::all().iter();
        all.filter(|notice| notice.concerns(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_two_series_are_supported_and_the_oldest_is_not() {
        assert_eq!(Series::V3_4.support(), Support::Ended("2026-06-01"));
        assert_eq!(Series::V3_5.support(), Support::Beyond("2026-10-22"));
        let until = |series: Series| series.support().to_string();
        assert_eq!(until(Series::V3_6), "supported until etcd 3.8.0");
        assert_eq!(until(Series::V3_7), "supported until etcd 3.9.0");
    }

    #[test]
    fn the_newest_release_of_a_series_that_is_mended_lacks_no_mend() {
        for series in Series::ALL {
            let is_ended = matches!(series.support(), Support::Ended(_));
            assert_eq!(!series.newest().notices().is_empty(), is_ended, "{series}");
        }
    }

    #[test]
    fn a_release_before_the_mend_lacks_it_and_the_next_does_not() {
        let numbers = |text: &str| -> Vec<&str> {
            let notices = EtcdVersion::parse(text).unwrap().notices();
            notices.iter().map(|notice| notice.number).collect()
        };
        let list = "GHSA-3wh4-j44w-pg92";
        for (before, mended) in [("3.5.31", "3.5.32"), ("3.6.12", "3.6.13")] {
            assert!(numbers(before).contains(&list), "{before}");
            assert!(!numbers(mended).contains(&list), "{mended}");
        }
        // The flag that it needs came later.
        assert!(!numbers("3.5.7").contains(&list));
        assert!(numbers("3.7.0").contains(&"GHSA-xg4h-6gfc-h4m8"));
        assert!(numbers("3.4.24").contains(&"CVE-2021-28235"));
        assert!(!numbers("3.4.25").contains(&"CVE-2021-28235"));
    }

    #[test]
    fn every_notice_is_a_number_and_one_sentence() {
        for notice in SecurityNotice::all() {
            assert!(notice.number.starts_with("CVE-") || notice.number.starts_with("GHSA-"));
            assert!(notice.words.ends_with('.'), "{}", notice.number);
            let mends = Series::ALL.map(|series| notice.mended_in(series));
            assert!(mends.iter().any(Option::is_some), "{}", notice.number);
        }
    }
}
