//! A reader of DER that accepts and refuses exactly what Go's
//! `golang.org/x/crypto/cryptobyte` does (`asn1.go`, `(*String).readASN1` and
//! the functions on top of it). It never allocates more than it is given and
//! answers `None` for anything malformed: the caller knows what was expected.

use crate::time::Time;

/// Identifier bytes of the types that certificates are made of.
pub mod tag {
    /// `BOOLEAN`
    pub const BOOLEAN: u8 = 0x01;
    /// `INTEGER`
    pub const INTEGER: u8 = 0x02;
    /// `BIT STRING`
    pub const BIT_STRING: u8 = 0x03;
    /// `OCTET STRING`
    pub const OCTET_STRING: u8 = 0x04;
    /// `NULL`
    pub const NULL: u8 = 0x05;
    /// `OBJECT IDENTIFIER`
    pub const OBJECT_IDENTIFIER: u8 = 0x06;
    /// `ENUMERATED`
    pub const ENUMERATED: u8 = 0x0a;
    /// `UTF8String`
    pub const UTF8_STRING: u8 = 0x0c;
    /// `NumericString`
    pub const NUMERIC_STRING: u8 = 0x12;
    /// `PrintableString`
    pub const PRINTABLE_STRING: u8 = 0x13;
    /// `T61String`
    pub const T61_STRING: u8 = 0x14;
    /// `IA5String`
    pub const IA5_STRING: u8 = 0x16;
    /// `UTCTime`
    pub const UTC_TIME: u8 = 0x17;
    /// `GeneralizedTime`
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// `BMPString`
    pub const BMP_STRING: u8 = 0x1e;
    /// `SEQUENCE`
    pub const SEQUENCE: u8 = 0x30;
    /// `SET`
    pub const SET: u8 = 0x31;

    /// `[number]`, primitive.
    #[must_use]
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]`, constructed.
    #[must_use]
    pub const fn constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// The not yet read part of some DER.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(pub &'a [u8]);

/// One element: its identifier byte, contents, and whole encoding.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The identifier byte.
    pub tag: u8,
    /// The contents.
    pub contents: &'a [u8],
    /// Identifier, length and contents.
    pub whole: &'a [u8],
}

/// A BIT STRING: the bytes, and how many bits at the end don't count.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BitString {
    /// The bytes, without the count of unused bits.
    pub bytes: Vec<u8>,
    /// Unused bits in the last byte, 0 to 7.
    pub unused: u8,
}

impl BitString {
    /// The bit with this number, 0 being the first; false past the end.
    #[must_use]
    pub fn bit(&self, number: usize) -> bool {
        number < self.bytes.len() * 8 - usize::from(self.unused)
            && self
                .bytes
                .get(number / 8)
                .is_some_and(|byte| byte >> (7 - number % 8) & 1 == 1)
    }

    /// The bytes, shifted so that the unused bits stand in front
    /// (`asn1.BitString.RightAlign`).
    #[must_use]
    pub(crate) fn right_aligned(&self) -> Vec<u8> {
        let shift = u32::from(self.unused);
        if shift == 0 {
            return self.bytes.clone();
        }
        let mut previous = 0_u8;
        self.bytes
            .iter()
            .map(|&byte| {
                let shifted = (u16::from(previous) << 8 | u16::from(byte)) >> shift;
                previous = byte;
                u8::try_from(shifted & 0xff).unwrap_or_default()
            })
            .collect()
    }
}

impl<'a> Reader<'a> {
    /// Whether everything was read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the next element has this identifier byte.
    #[must_use]
    pub fn next_is(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// The next element, of any type. Tag numbers above 30, indefinite and
    /// non-minimal lengths are malformed.
    pub fn any(&mut self) -> Option<Element<'a>> {
        let (&tag, &length) = (self.0.first()?, self.0.get(1)?);
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (header, length) = if length & 0x80 == 0 {
            (2, usize::from(length))
        } else {
            let count = usize::from(length & 0x7f);
            if count == 0 || count > 4 {
                return None;
            }
            let bytes = self.0.get(2..2 + count)?;
            let value = bytes
                .iter()
                .fold(0_u64, |value, &byte| value << 8 | u64::from(byte));
            if value < 128 || bytes.first() == Some(&0) {
                return None;
            }
            (2 + count, usize::try_from(value).ok()?)
        };
        let total = header.checked_add(length)?;
        let whole = self.0.get(..total)?;
        self.0 = self.0.get(total..)?;
        Some(Element {
            tag,
            contents: whole.get(header..)?,
            whole,
        })
    }

    /// The next element, which must have this identifier byte.
    pub fn element(&mut self, tag: u8) -> Option<Element<'a>> {
        self.any().filter(|element| element.tag == tag)
    }

    /// The contents of the next element, which must have this identifier.
    pub fn contents(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.element(tag).map(|element| Reader(element.contents))
    }

    /// The contents of the next element if it has this identifier:
    /// `Some(None)` when another one or none follows, `None` when malformed.
    pub fn optional(&mut self, tag: u8) -> Option<Option<Reader<'a>>> {
        if self.next_is(tag) {
            self.contents(tag).map(Some)
        } else {
            Some(None)
        }
    }

    /// A BOOLEAN, which DER writes as 00 or FF.
    pub fn boolean(&mut self) -> Option<bool> {
        match self.contents(tag::BOOLEAN)?.0 {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// The bytes of a minimally encoded INTEGER (or of another type with
    /// the same contents).
    pub fn integer_bytes(&mut self, tag: u8) -> Option<&'a [u8]> {
        let bytes = self.contents(tag)?.0;
        is_minimal_integer(bytes).then_some(bytes)
    }

    /// An INTEGER that fits into 64 bits.
    pub fn small_integer(&mut self) -> Option<i64> {
        integer_value(self.integer_bytes(tag::INTEGER)?)
    }

    /// An OBJECT IDENTIFIER's contents, each arc below 2³¹ and minimal.
    pub fn object_identifier(&mut self) -> Option<&'a [u8]> {
        let bytes = self.contents(tag::OBJECT_IDENTIFIER)?.0;
        is_object_identifier(bytes).then_some(bytes)
    }

    /// A BIT STRING whose unused bits are zero.
    pub fn bit_string(&mut self) -> Option<BitString> {
        let (&unused, bytes) = self.contents(tag::BIT_STRING)?.0.split_first()?;
        let padded = match bytes.last() {
            None => unused == 0,
            Some(last) => unused <= 7 && last & ((1_u8 << unused) - 1) == 0,
        };
        padded.then(|| BitString {
            bytes: bytes.to_vec(),
            unused,
        })
    }

    /// A `UTCTime` (`ReadASN1UTCTime`).
    pub fn utc_time(&mut self) -> Option<Time> {
        Time::from_utc_time(self.contents(tag::UTC_TIME)?.0)
    }

    /// A `GeneralizedTime` (`ReadASN1GeneralizedTime`).
    pub fn generalized_time(&mut self) -> Option<Time> {
        Time::from_generalized_time(self.contents(tag::GENERALIZED_TIME)?.0)
    }

    /// Either of both (`parseTime` of `crypto/x509`).
    ///
    /// # Errors
    ///
    /// See [`NoTime`].
    pub fn time(&mut self) -> Result<Time, NoTime> {
        if self.next_is(tag::UTC_TIME) {
            self.utc_time().ok_or(NoTime::Utc)
        } else if self.next_is(tag::GENERALIZED_TIME) {
            self.generalized_time().ok_or(NoTime::Generalized)
        } else {
            Err(NoTime::OtherType)
        }
    }
}

/// Why there is no time to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTime {
    /// A malformed `UTCTime`.
    #[error("malformed UTCTime")]
    Utc,
    /// A malformed `GeneralizedTime`.
    #[error("malformed GeneralizedTime")]
    Generalized,
    /// It is of another type.
    #[error("unsupported time format")]
    OtherType,
}

/// Whether the contents of an INTEGER are there and have no superfluous
/// byte in front (`checkASN1Integer`).
#[must_use]
pub(crate) fn is_minimal_integer(bytes: &[u8]) -> bool {
    match bytes {
        [] => false,
        [0, second, ..] => second & 0x80 != 0,
        [0xff, second, ..] => second & 0x80 == 0,
        _ => true,
    }
}

/// The value of an INTEGER's contents if it fits into 64 bits.
#[must_use]
pub(crate) fn integer_value(bytes: &[u8]) -> Option<i64> {
    if bytes.len() > 8 {
        return None;
    }
    let start = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) {
        -1
    } else {
        0
    };
    Some(
        bytes
            .iter()
            .fold(start, |value: i64, &byte| value << 8 | i64::from(byte)),
    )
}

/// Whether these are the contents of an object identifier that Go can hold.
#[must_use]
pub(crate) fn is_object_identifier(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        match read_base128(&mut rest) {
            Some(_) => {}
            None => return false,
        }
    }
    true
}

/// One base-128 number of at most 31 bits (`readBase128Int`).
fn read_base128(rest: &mut &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for position in 0..5 {
        if value >= 1 << (31 - 7) {
            return None;
        }
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        if position == 0 && byte == 0x80 {
            return None;
        }
        value = value << 7 | u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// An object identifier in dotted form; empty for malformed contents.
#[must_use]
pub(crate) fn dotted(bytes: &[u8]) -> String {
    let mut rest = bytes;
    let mut arcs = Vec::new();
    while !rest.is_empty() {
        let Some(value) = read_base128(&mut rest) else {
            break;
        };
        if arcs.is_empty() {
            let (first, second) = if value < 80 {
                (value / 40, value % 40)
            } else {
                (2, value - 80)
            };
            arcs.push(first.to_string());
            arcs.push(second.to_string());
        } else {
            arcs.push(value.to_string());
        }
    }
    arcs.join(".")
}
