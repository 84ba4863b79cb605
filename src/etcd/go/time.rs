//! Points in time as Go reads them from certificates and writes them into
//! messages: `time.Parse` for the three layouts of UTCTime and
//! GeneralizedTime, with the zone they were written in, and RFC 3339.

use super::quote::quote;
use jiff::{SignedDuration, Timestamp, civil, tz::Offset};

/// An instant, and the zone in which Go prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The instant.
    pub instant: Timestamp,
    /// Seconds east of UTC of the zone it was written in.
    pub offset: i32,
}

/// Why `encoding/asn1` (up to Go 1.16) could not read a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// `time.Parse` refused: its text.
    Parse(String),
    /// It was read but would be written differently: what was given, and how
    /// it would be written.
    NotCanonical(String, String),
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
    pub const fn utc(instant: Timestamp) -> Self {
        Self { instant, offset: 0 }
    }

    /// `ReadASN1UTCTime` of cryptobyte: seconds first, then minutes only.
    #[must_use]
    pub fn from_utc_time(contents: &[u8]) -> Option<Self> {
        let parsed = parse(contents, Layout::UtcSeconds)
            .or_else(|_| parse(contents, Layout::UtcMinutes))
            .ok()?;
        (parsed.serialized.as_bytes() == contents).then_some(parsed.time.in_the_twentieth_century())
    }

    /// `ReadASN1GeneralizedTime` of cryptobyte.
    #[must_use]
    pub fn from_generalized_time(contents: &[u8]) -> Option<Self> {
        let parsed = parse(contents, Layout::Generalized).ok()?;
        (parsed.serialized.as_bytes() == contents).then_some(parsed.time)
    }

    /// `parseUTCTime` of `encoding/asn1`, with its error texts.
    ///
    /// # Errors
    ///
    /// See [`TimeError`].
    pub fn from_utc_time_explained(contents: &[u8]) -> Result<Self, TimeError> {
        let parsed = parse(contents, Layout::UtcMinutes)
            .or_else(|_| parse(contents, Layout::UtcSeconds))
            .map_err(TimeError::Parse)?;
        parsed.canonical(contents).map(Self::in_the_twentieth_century)
    }

    /// `parseGeneralizedTime` of `encoding/asn1`, with its error texts.
    ///
    /// # Errors
    ///
    /// See [`TimeError`].
    pub fn from_generalized_time_explained(contents: &[u8]) -> Result<Self, TimeError> {
        parse(contents, Layout::Generalized).map_err(TimeError::Parse)?.canonical(contents)
    }

    /// Years of a UTCTime from 50 on belong to the twentieth century; Go has
    /// read those from 50 to 68 as 20xx before.
    fn in_the_twentieth_century(self) -> Self {
        let zoned = Offset::from_seconds(self.offset).unwrap_or(Offset::UTC).to_datetime(self.instant);
        if zoned.year() < 2050 {
            return self;
        }
        let Some(earlier) = civil_time(
            zoned.year() - 100,
            zoned.month(),
            zoned.day(),
            zoned.hour(),
            zoned.minute(),
            zoned.second(),
        ) else {
            return self;
        };
        at_offset(earlier, self.offset).unwrap_or(self)
    }

    /// `2006-01-02T15:04:05Z07:00`, in the time's own zone.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        let local = Offset::from_seconds(self.offset).unwrap_or(Offset::UTC).to_datetime(self.instant);
        let zone = if self.offset == 0 {
            "Z".to_owned()
        } else {
            zone_digits(self.offset, ":")
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second()
        )
    }
}

impl Parsed {
    fn canonical(self, contents: &[u8]) -> Result<Time, TimeError> {
        if self.serialized.as_bytes() == contents {
            Ok(self.time)
        } else {
            Err(TimeError::NotCanonical(
                String::from_utf8_lossy(contents).into_owned(),
                self.serialized,
            ))
        }
    }
}

fn zone_digits(offset: i32, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

/// A civil time; Go refuses days that a month doesn't have.
fn civil_time(year: i16, month: i8, day: i8, hour: i8, minute: i8, second: i8) -> Option<civil::DateTime> {
    civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

fn at_offset(local: civil::DateTime, offset: i32) -> Option<Time> {
    let utc = Offset::UTC.to_timestamp(local).ok()?;
    let instant = utc.checked_sub(SignedDuration::from_secs(i64::from(offset))).ok()?;
    Some(Time { instant, offset })
}

/// `time.Parse`, as far as the three layouts need it, with its error texts
/// (`time/format.go`, `ParseError`).
fn parse(contents: &[u8], layout: Layout) -> Result<Parsed, String> {
    let whole = String::from_utf8_lossy(contents).into_owned();
    let mut rest = contents;
    let failed = |rest: &[u8], element: &str| {
        format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quote(&whole),
            quote(layout.text()),
            quote(&String::from_utf8_lossy(rest)),
            quote(element)
        )
    };
    let out_of_range =
        |what: &str| format!("parsing time {}: {what} out of range", quote(&whole));

    let year = if layout == Layout::Generalized {
        let Some(year) = take_digits(&mut rest, 4) else { return Err(failed(rest, "2006")) };
        year
    } else {
        let Some(year) = take_digits(&mut rest, 2) else { return Err(failed(rest, "06")) };
        if year >= 69 { year + 1900 } else { year + 2000 }
    };
    let Some(month) = take_digits(&mut rest, 2) else { return Err(failed(rest, "01")) };
    if !(1..=12).contains(&month) {
        return Err(out_of_range("month"));
    }
    let Some(day) = take_digits(&mut rest, 2) else { return Err(failed(rest, "02")) };
    let Some(hour) = take_digits(&mut rest, 2) else { return Err(failed(rest, "15")) };
    if hour >= 24 {
        return Err(out_of_range("hour"));
    }
    let Some(minute) = take_digits(&mut rest, 2) else { return Err(failed(rest, "04")) };
    if minute >= 60 {
        return Err(out_of_range("minute"));
    }
    let mut second = 0;
    if layout != Layout::UtcMinutes {
        let Some(value) = take_digits(&mut rest, 2) else { return Err(failed(rest, "05")) };
        if value >= 60 {
            return Err(out_of_range("second"));
        }
        second = value;
        // Go takes a fraction after the seconds even where the layout has
        // none; it will not be written back, so the time is refused later.
        if let [b'.' | b',', digits @ ..] = rest {
            let count = digits.iter().take_while(|octet| octet.is_ascii_digit()).count();
            if count > 0 {
                rest = &digits[count..];
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
            let (Some(hours), Some(minutes)) = (take_digits(&mut digits, 2), take_digits(&mut digits, 2))
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
        return Err(format!(
            "parsing time {}: extra text: {}",
            quote(&whole),
            quote(&String::from_utf8_lossy(rest))
        ));
    }
    let local = civil_time(
        year,
        i8::try_from(month).unwrap_or(0),
        i8::try_from(day).unwrap_or(0),
        i8::try_from(hour).unwrap_or(0),
        i8::try_from(minute).unwrap_or(0),
        i8::try_from(second).unwrap_or(0),
    )
    .ok_or_else(|| out_of_range("day"))?;
    let time = at_offset(local, offset).ok_or_else(|| out_of_range("day"))?;

    let zone = if offset == 0 { "Z".to_owned() } else { zone_digits(offset, "") };
    let year_text = if layout == Layout::Generalized { format!("{year:04}") } else { format!("{:02}", year % 100) };
    let second_text = if layout == Layout::UtcMinutes { String::new() } else { format!("{second:02}") };
    let serialized = format!("{year_text}{month:02}{day:02}{hour:02}{minute:02}{second_text}{zone}");
    Ok(Parsed { time, serialized })
}

fn take_digits(rest: &mut &[u8], count: usize) -> Option<i16> {
    let digits = rest.get(..count)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    *rest = &rest[count..];
    Some(digits.iter().fold(0, |value, digit| value * 10 + i16::from(digit - b'0')))
}
