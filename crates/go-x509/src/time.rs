//! Points in time as Go reads them from certificates and writes them into
//! messages: `time.Parse` for the three layouts of `UTCTime` and
//! `GeneralizedTime`, with the zone they were written in, and RFC 3339. The
//! years 0 to 9999 are all there: `99991231235959Z` is what certificates
//! without an end say.

use jiff::Timestamp;

use crate::quote;

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Whole seconds since 1970, rounded down.
    seconds: i64,
    /// What is left, 0 to 999,999,999.
    nanoseconds: i32,
}

/// An instant, and the zone in which Go prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The instant.
    pub instant: Instant,
    /// Seconds east of UTC of the zone it was written in.
    pub offset: i32,
}

/// Why `encoding/asn1` (up to Go 1.16) could not read a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// `time.Parse` refused.
    #[error("parsing time {}{fault}", quote(.given))]
    Parse {
        /// What was given.
        given: Vec<u8>,
        /// What is wrong with it.
        #[source]
        fault: TimeFault,
    },
    /// It was read but would be written differently.
    #[error(
        "asn1: time did not serialize back to the original value and may be invalid: given {}, but serialized as {}",
        quote::quote(.given), quote::quote(.written)
    )]
    NotCanonical {
        /// What was given.
        given: String,
        /// How it would be written.
        written: String,
    },
}

/// What `time.Parse` refuses (`time/format.go`, `ParseError`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeFault {
    /// An element of the layout is not there.
    #[error(" as {}: cannot parse {} as {}", quote(.layout.as_bytes()), quote(.rest), quote(.element.as_bytes()))]
    Element {
        /// The layout, as Go writes those.
        layout: &'static str,
        /// What stands in its place.
        rest: Vec<u8>,
        /// The element, as Go writes those: `2006` is the year.
        element: &'static str,
    },
    /// A number that this can't be.
    #[error(": {what} out of range")]
    OutOfRange {
        /// Which: `month`, `day`, `hour`…
        what: &'static str,
    },
    /// There is more behind it.
    #[error(": extra text: {}", quote(.rest))]
    ExtraText {
        /// What there is.
        rest: Vec<u8>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    UtcMinutes,
    UtcSeconds,
    Generalized,
}

impl Layout {
    const fn text(self) -> &'static str {
        match self {
            Self::UtcMinutes => "0601021504Z0700",
            Self::UtcSeconds => "060102150405Z0700",
            Self::Generalized => "20060102150405Z0700",
        }
    }
}

/// What stands in a time, before it is checked to be written canonically.
struct Parsed {
    time: Time,
    serialized: String,
}

impl Time {
    /// An instant in UTC.
    #[must_use]
    pub fn utc(time: Timestamp) -> Self {
        let (seconds, nanoseconds) = (time.as_second(), time.subsec_nanosecond());
        let instant = if nanoseconds < 0 {
            Instant {
                seconds: seconds - 1,
                nanoseconds: nanoseconds + 1_000_000_000,
            }
        } else {
            Instant {
                seconds,
                nanoseconds,
            }
        };
        Self { instant, offset: 0 }
    }

    /// `ReadASN1UTCTime` of cryptobyte: seconds first, then minutes only.
    #[must_use]
    pub(crate) fn from_utc_time(contents: &[u8]) -> Option<Self> {
        let parsed = parse(contents, Layout::UtcSeconds)
            .or_else(|_| parse(contents, Layout::UtcMinutes))
            .ok()?;
        (parsed.serialized.as_bytes() == contents).then_some(parsed.time.in_the_twentieth_century())
    }

    /// `ReadASN1GeneralizedTime` of cryptobyte.
    #[must_use]
    pub(crate) fn from_generalized_time(contents: &[u8]) -> Option<Self> {
        let parsed = parse(contents, Layout::Generalized).ok()?;
        (parsed.serialized.as_bytes() == contents).then_some(parsed.time)
    }

    /// `parseUTCTime` of `encoding/asn1`, with its error texts.
    ///
    /// # Errors
    ///
    /// See [`TimeError`].
    pub(crate) fn from_utc_time_explained(contents: &[u8]) -> Result<Self, TimeError> {
        let parsed = parse(contents, Layout::UtcMinutes)
            .or_else(|_| parse(contents, Layout::UtcSeconds))
            .map_err(refused(contents))?;
        parsed
            .canonical(contents)
            .map(Self::in_the_twentieth_century)
    }

    /// `parseGeneralizedTime` of `encoding/asn1`, with its error texts.
    ///
    /// # Errors
    ///
    /// See [`TimeError`].
    pub(crate) fn from_generalized_time_explained(contents: &[u8]) -> Result<Self, TimeError> {
        parse(contents, Layout::Generalized)
            .map_err(refused(contents))?
            .canonical(contents)
    }

    /// Years of a `UTCTime` from 50 on belong to the twentieth century; Go has
    /// read those from 50 to 68 as 20xx before.
    fn in_the_twentieth_century(self) -> Self {
        let local = self.local();
        if local.year < 2050 {
            return self;
        }
        // The 29th of February of a leap year may become the 1st of March.
        at_offset(
            Civil {
                year: local.year - 100,
                ..local
            },
            self.offset,
        )
    }

    fn local(&self) -> Civil {
        Civil::from_seconds(self.instant.seconds + i64::from(self.offset))
    }

    /// `2006-01-02T15:04:05Z07:00`, in the time's own zone.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        let local = self.local();
        let zone = if self.offset == 0 {
            "Z".to_owned()
        } else {
            zone_digits(self.offset, ":")
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
            local.year,
            local.month,
            local.day,
            local.second_of_day / 3600,
            local.second_of_day / 60 % 60,
            local.second_of_day % 60
        )
    }
}

/// A date of the Gregorian calendar and the seconds of its day.
#[derive(Clone, Copy)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    second_of_day: i64,
}

impl Civil {
    /// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level
    /// Date Algorithms", `days_from_civil`).
    const fn days(self) -> i64 {
        let year = if self.month <= 2 {
            self.year - 1
        } else {
            self.year
        };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The same back (`civil_from_days`).
    const fn from_seconds(seconds: i64) -> Self {
        let days = seconds.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: year_of_era + era * 400 + if month <= 2 { 1 } else { 0 },
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            second_of_day: seconds.rem_euclid(86_400),
        }
    }

    /// Whether the month has such a day.
    const fn exists(self) -> bool {
        let same = Self::from_seconds(self.days() * 86_400);
        same.month == self.month && same.day == self.day
    }
}

impl Parsed {
    fn canonical(self, contents: &[u8]) -> Result<Time, TimeError> {
        if self.serialized.as_bytes() == contents {
            Ok(self.time)
        } else {
            Err(TimeError::NotCanonical {
                given: String::from_utf8_lossy(contents).into_owned(),
                written: self.serialized,
            })
        }
    }
}

fn zone_digits(offset: i32, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

fn at_offset(local: Civil, offset: i32) -> Time {
    let seconds = local.days() * 86_400 + local.second_of_day - i64::from(offset);
    Time {
        instant: Instant {
            seconds,
            nanoseconds: 0,
        },
        offset,
    }
}

fn refused(given: &[u8]) -> impl FnOnce(TimeFault) -> TimeError {
    |fault| TimeError::Parse {
        given: given.to_vec(),
        fault,
    }
}

/// The `time` package's own quotes: bytes outside of ASCII and controls in
/// hexadecimal.
fn quote(text: &[u8]) -> String {
    let mut quoted = "\"".to_owned();
    for &byte in text {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=b'~' | 0x7f => quoted.push(char::from(byte)),
            _ => {
                quoted.push_str("\\x");
                quoted.push_str(&quote::hexadecimal(&[byte]));
            }
        }
    }
    quoted + "\""
}

/// `time.Parse`, as far as the three layouts need it, with its error texts
/// (`time/format.go`, `ParseError`).
#[expect(
    clippy::too_many_lines,
    reason = "one function of Go, in its order, so that the first complaint is the same"
)]
fn parse(contents: &[u8], layout: Layout) -> Result<Parsed, TimeFault> {
    let mut rest = contents;
    let failed = |rest: &[u8], element| TimeFault::Element {
        layout: layout.text(),
        rest: rest.to_vec(),
        element,
    };
    let out_of_range = |what| TimeFault::OutOfRange { what };

    let year = if layout == Layout::Generalized {
        let Some(year) = take_digits(&mut rest, 4) else {
            return Err(failed(rest, "2006"));
        };
        year
    } else {
        let Some(year) = take_digits(&mut rest, 2) else {
            return Err(failed(rest, "06"));
        };
        if year >= 69 { year + 1900 } else { year + 2000 }
    };
    let Some(month) = take_digits(&mut rest, 2) else {
        return Err(failed(rest, "01"));
    };
    if !(1..=12).contains(&month) {
        return Err(out_of_range("month"));
    }
    let Some(day) = take_digits(&mut rest, 2) else {
        return Err(failed(rest, "02"));
    };
    // Go takes an hour of one digit here; written back it has two.
    let hour = take_digits(&mut rest, 2).or_else(|| take_digits(&mut rest, 1));
    let Some(hour) = hour else {
        return Err(failed(rest, "15"));
    };
    if hour >= 24 {
        return Err(out_of_range("hour"));
    }
    let Some(minute) = take_digits(&mut rest, 2) else {
        return Err(failed(rest, "04"));
    };
    if minute >= 60 {
        return Err(out_of_range("minute"));
    }
    let mut second = 0;
    if layout != Layout::UtcMinutes {
        let Some(value) = take_digits(&mut rest, 2) else {
            return Err(failed(rest, "05"));
        };
        if value >= 60 {
            return Err(out_of_range("second"));
        }
        second = value;
        // Go takes a fraction after the seconds even where the layout has
        // none; it will not be written back, so the time is refused later.
        if let [b'.' | b',', digits @ ..] = rest {
            let count = digits
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if count > 0 {
                rest = digits.get(count..).unwrap_or_default();
            }
        }
    }
    let offset = match rest.split_first() {
        Some((b'Z', after)) => {
            rest = after;
            0
        }
        Some((sign @ (b'+' | b'-'), after)) => {
            let mut digits = after;
            let (Some(hours), Some(minutes)) =
                (take_digits(&mut digits, 2), take_digits(&mut digits, 2))
            else {
                return Err(failed(rest, "Z0700"));
            };
            if hours > 24 || minutes > 60 {
                return Err(out_of_range("time zone offset"));
            }
            rest = digits;
            let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return Err(failed(rest, "Z0700")),
    };
    if !rest.is_empty() {
        return Err(TimeFault::ExtraText {
            rest: rest.to_vec(),
        });
    }
    let local = Civil {
        year: i64::from(year),
        month: i64::from(month),
        day: i64::from(day),
        second_of_day: i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second),
    };
    if !local.exists() {
        return Err(out_of_range("day"));
    }
    let time = at_offset(local, offset);

    let zone = if offset == 0 {
        "Z".to_owned()
    } else {
        zone_digits(offset, "")
    };
    let year_text = if layout == Layout::Generalized {
        format!("{year:04}")
    } else {
        format!("{:02}", year % 100)
    };
    let second_text = if layout == Layout::UtcMinutes {
        String::new()
    } else {
        format!("{second:02}")
    };
    let serialized =
        format!("{year_text}{month:02}{day:02}{hour:02}{minute:02}{second_text}{zone}");
    Ok(Parsed { time, serialized })
}

fn take_digits(rest: &mut &[u8], count: usize) -> Option<i16> {
    let digits = rest.get(..count)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    *rest = rest.get(count..)?;
    Some(
        digits
            .iter()
            .fold(0, |value, digit| value * 10 + i16::from(digit - b'0')),
    )
}
