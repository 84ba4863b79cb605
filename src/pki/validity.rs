//! How long a certificate is valid: a checked number of days, and the two
//! instants that come of it. The clock is an argument.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use x509_cert::time::Time;

/// How far `notBefore` lies behind the clock, so that a certificate works at
/// once on a machine whose clock is a little behind.
pub const BACKDATED: SignedDuration = SignedDuration::from_mins(5);

/// A number of days from 1 to 36,500, a hundred years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(u32);

impl Days {
    /// The most days that are taken.
    pub const MAXIMUM: u32 = 36_500;

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }

    /// The same as a span of time. A day has 86,400 seconds, as for
    /// `openssl x509 -days`.
    pub(super) fn duration(self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.0))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Why a text is no number of days.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// Nothing was written.
    #[error("write a number of days, such as 60")]
    Empty,
    /// Not a whole number.
    #[error("“{text}” is not a whole number; write days such as 60")]
    NotANumber {
        /// The text.
        text: String,
    },
    /// Zero or less.
    #[error("{text} days would have ended already; write 1 or more")]
    NotPositive {
        /// The text.
        text: String,
    },
    /// More than [`Days::MAXIMUM`].
    #[error(
        "{text} days is more than a hundred years; write at most {}",
        Days::MAXIMUM
    )]
    TooMany {
        /// The text.
        text: String,
    },
}

impl FromStr for Days {
    type Err = DaysError;

    fn from_str(text: &str) -> Result<Self, DaysError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DaysError::Empty);
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DaysError::NotANumber {
                text: text.to_owned(),
            });
        }
        if text.starts_with('-') || digits.bytes().all(|byte| byte == b'0') {
            return Err(DaysError::NotPositive {
                text: text.to_owned(),
            });
        }
        match digits.parse() {
            Ok(days) if days <= Self::MAXIMUM => Ok(Self(days)),
            _ => Err(DaysError::TooMany {
                text: text.to_owned(),
            }),
        }
    }
}

/// The two ends of a certificate's life, both included (RFC 5280 section
/// 4.1.2.5), to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first instant.
    pub not_before: Timestamp,
    /// The last second.
    pub not_after: Timestamp,
}

impl Validity {
    /// From [`BACKDATED`] before `now` until `days` after it.
    #[must_use]
    pub fn starting(now: Timestamp, days: Days) -> Self {
        Self::between(now, -BACKDATED, days.duration())
    }

    /// From one span of time after `now` until another; before it, if negative.
    pub(super) fn between(now: Timestamp, begins: SignedDuration, ends: SignedDuration) -> Self {
        let now = whole_second(now);
        Self {
            not_before: now.saturating_add(begins).unwrap_or(now),
            not_after: now.saturating_add(ends).unwrap_or(Timestamp::MAX),
        }
    }

    /// The part of this validity that lies within `outer`.
    #[must_use]
    pub(crate) fn within(self, outer: Self) -> Self {
        Self {
            not_before: self.not_before.max(outer.not_before),
            not_after: self.not_after.min(outer.not_after),
        }
    }

    /// The whole days from `now` to the end, never negative.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> i64 {
        (self.not_after.as_second() - whole_second(now).as_second()).max(0) / 86_400
    }

    pub(crate) fn to_x509(self) -> der::Result<x509_cert::time::Validity> {
        Ok(x509_cert::time::Validity::new(
            to_time(self.not_before)?,
            to_time(self.not_after)?,
        ))
    }

    pub(crate) fn from_x509(validity: &x509_cert::time::Validity) -> Self {
        Self {
            not_before: from_time(validity.not_before),
            not_after: from_time(validity.not_after),
        }
    }
}

/// The same instant without the fraction of its second.
pub(super) fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

pub(super) fn to_time(time: Timestamp) -> der::Result<Time> {
    let seconds = u64::try_from(time.as_second()).unwrap_or_default();
    der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).map(Time::from)
}

pub(super) fn from_time(time: Time) -> Timestamp {
    i64::try_from(time.to_unix_duration().as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}

/// The calendar day of an instant, in UTC: `2026-03-01`.
#[must_use]
pub fn calendar_day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_within_a_hundred_years() {
        assert_eq!("60".parse::<Days>().unwrap().get(), 60);
        assert_eq!(" +60 ".parse::<Days>().unwrap().get(), 60);
        let refused = |text: &str| text.parse::<Days>().unwrap_err();
        assert_eq!(refused(""), DaysError::Empty);
        assert_eq!(
            refused("soon"),
            DaysError::NotANumber {
                text: "soon".into()
            }
        );
        assert_eq!(refused("1.5"), DaysError::NotANumber { text: "1.5".into() });
        assert_eq!(refused("0"), DaysError::NotPositive { text: "0".into() });
        assert_eq!(refused("-3"), DaysError::NotPositive { text: "-3".into() });
        for text in ["36501", "1000000000", "99999999999999999999999"] {
            assert_eq!(refused(text), DaysError::TooMany { text: text.into() });
        }
    }

    #[test]
    fn a_validity_begins_five_minutes_back_and_ends_to_the_second() {
        let now: Timestamp = "2026-11-23T10:00:00.9Z".parse().unwrap();
        let validity = Validity::starting(now, "60".parse().unwrap());
        assert_eq!(validity.not_before.to_string(), "2026-11-23T09:55:00Z");
        assert_eq!(validity.not_after.to_string(), "2027-01-22T10:00:00Z");
        assert_eq!(validity.days_left(now), 60);
        assert_eq!(calendar_day(validity.not_after), "2027-01-22");
    }
}
