//! How Go reads numbers, booleans and durations out of text: `strconv` with
//! base 0, and `time.ParseDuration`. The flags of etcd and etcdctl are read
//! with these.

use crate::quote::quote;
use crate::version::GoBuild;

/// `strconv.ParseBool`
#[must_use]
pub fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// `strconv.ErrSyntax`
    #[error("invalid syntax")]
    Syntax,
    /// `strconv.ErrRange`
    #[error("value out of range")]
    Range,
}

impl NumberError {
    /// The words of the `flag` package for it.
    #[must_use]
    pub const fn flag_text(self) -> &'static str {
        match self {
            Self::Syntax => "parse error",
            Self::Range => "value out of range",
        }
    }
}

/// `strconv.ParseUint` with base 0: `0x`, `0b`, `0o` and `0` choose the base,
/// and single underscores may stand between digits.
///
/// # Errors
///
/// It is no number, or has more than `bits` bits.
pub fn parse_unsigned(text: &str, bits: u32) -> Result<u64, NumberError> {
    let lower = text.to_ascii_lowercase();
    let (base, digits, prefixed) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..], true),
        [b'0', b'b', ..] => (2, &lower[2..], true),
        [b'0', b'o', ..] => (8, &lower[2..], true),
        [b'0', _, ..] => (8, &lower[1..], true),
        _ => (10, lower.as_str(), false),
    };
    // `underscoreOK`: each stands between digits, a prefix counts as one.
    let mut after_digit = prefixed;
    let mut value: u64 = 0;
    let mut any = false;
    let mut too_big = false;
    for character in digits.chars() {
        if character == '_' {
            if !after_digit {
                return Err(NumberError::Syntax);
            }
            after_digit = false;
            continue;
        }
        let digit = character.to_digit(base).ok_or(NumberError::Syntax)?;
        after_digit = true;
        any = true;
        let next = value
            .checked_mul(u64::from(base))
            .and_then(|value| value.checked_add(u64::from(digit)));
        too_big |= next.is_none();
        value = next.unwrap_or(u64::MAX);
    }
    if !any || !after_digit {
        return Err(NumberError::Syntax);
    }
    if too_big || bits < 64 && value >> bits != 0 {
        return Err(NumberError::Range);
    }
    Ok(value)
}

/// `strconv.ParseInt` with base 0 and 64 bits.
///
/// # Errors
///
/// As [`parse_unsigned`].
pub fn parse_signed(text: &str) -> Result<i64, NumberError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = i128::from(parse_unsigned(digits, 64)?);
    let value = if negative { -magnitude } else { magnitude };
    i64::try_from(value).map_err(|_| NumberError::Range)
}

/// `strconv.Atoi`: decimal, without underscores.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// The text of a failed `strconv.ParseUint` or `strconv.ParseInt`.
#[must_use]
pub fn number_text(function: &str, text: &str, error: NumberError) -> String {
    format!("strconv.{function}: parsing {}: {error}", quote(text))
}

/// Why a text is no duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// No number, or too big a one.
    Invalid,
    /// A number without a unit.
    MissingUnit,
    /// A unit that Go doesn't have.
    UnknownUnit(String),
}

impl DurationError {
    /// Go's text: since Go 1.15 with the duration in quotes.
    #[must_use]
    pub fn text(&self, duration: &str, go: GoBuild) -> String {
        let quoted = |text: &str| {
            if go.quotes_durations() {
                quote(text)
            } else {
                text.to_owned()
            }
        };
        let whole = quoted(duration);
        match self {
            Self::Invalid => format!("time: invalid duration {whole}"),
            Self::MissingUnit => format!("time: missing unit in duration {whole}"),
            Self::UnknownUnit(unit) => {
                format!("time: unknown unit {} in duration {whole}", quoted(unit))
            }
        }
    }
}

/// The units with their nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// `time.ParseDuration`, in nanoseconds.
///
/// # Errors
///
/// See [`DurationError`].
pub fn parse_duration(text: &str) -> Result<i64, DurationError> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(DurationError::Invalid);
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let limit = 1_u128 << 63;
    let mut total: u128 = 0;
    while !rest.is_empty() {
        let (whole, after) = rest.split_at(digits(rest));
        let fraction = after.strip_prefix('.');
        let (part, after) = fraction.map_or(("", after), |after| after.split_at(digits(after)));
        if whole.is_empty() && part.is_empty() {
            return Err(DurationError::Invalid);
        }
        let value: u128 = match whole {
            "" => 0,
            whole => whole
                .parse()
                .ok()
                .filter(|value| *value <= limit)
                .ok_or(DurationError::Invalid)?,
        };
        let end = after
            .find(|character: char| character == '.' || character.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        if unit.is_empty() {
            return Err(DurationError::MissingUnit);
        }
        let (_, nanoseconds) = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or_else(|| DurationError::UnknownUnit(unit.to_owned()))?;
        // A fraction is cut off where its digits stop to matter.
        let kept = &part[..part.len().min(18)];
        let fraction: u128 = kept.parse().unwrap_or(0) * u128::from(*nanoseconds)
            / 10_u128.pow(u32::try_from(kept.len()).unwrap_or(0));
        total = value
            .checked_mul(u128::from(*nanoseconds))
            .and_then(|value| value.checked_add(fraction))
            .and_then(|value| total.checked_add(value))
            .filter(|total| *total <= limit)
            .ok_or(DurationError::Invalid)?;
        rest = next;
    }
    let signed = i128::try_from(total).map_err(|_| DurationError::Invalid)?;
    i64::try_from(if negative { -signed } else { signed }).map_err(|_| DurationError::Invalid)
}

#[cfg(test)]
mod tests {
    use super::{DurationError, NumberError, parse_duration, parse_signed, parse_unsigned};

    #[test]
    fn numbers_are_read_with_the_base_that_their_prefix_names() {
        assert_eq!(parse_unsigned("0x1F", 64), Ok(31));
        assert_eq!(parse_unsigned("017", 64), Ok(15));
        assert_eq!(parse_unsigned("0o17", 64), Ok(15));
        assert_eq!(parse_unsigned("0b11", 64), Ok(3));
        assert_eq!(parse_unsigned("10_000", 64), Ok(10_000));
        assert_eq!(parse_unsigned("0_7", 64), Ok(7));
        assert_eq!(parse_unsigned("0", 64), Ok(0));
        for wrong in ["", "_1", "1_", "1__0", "08", "0x", "1e3", "+1", " 1", "-1"] {
            assert_eq!(
                parse_unsigned(wrong, 64),
                Err(NumberError::Syntax),
                "{wrong}"
            );
        }
        assert_eq!(parse_unsigned("4294967296", 32), Err(NumberError::Range));
        assert_eq!(parse_signed("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(parse_signed("9223372036854775808"), Err(NumberError::Range));
        assert_eq!(parse_signed("+5"), Ok(5));
    }

    #[test]
    fn durations_have_a_unit_behind_each_number() {
        assert_eq!(parse_duration("1h30m"), Ok(5_400_000_000_000));
        assert_eq!(parse_duration(".5s"), Ok(500_000_000));
        assert_eq!(parse_duration("-1.5µs"), Ok(-1_500));
        assert_eq!(parse_duration("0"), Ok(0));
        assert_eq!(parse_duration("5"), Err(DurationError::MissingUnit));
        assert_eq!(
            parse_duration("1d"),
            Err(DurationError::UnknownUnit("d".to_owned()))
        );
        // Too big a number is no duration, with a unit or without.
        assert_eq!(
            parse_duration("99999999999999999999"),
            Err(DurationError::Invalid)
        );
        for wrong in ["", "-", ".s", "foo", "1.2.3s", "1h-5m", "9999999999h"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
