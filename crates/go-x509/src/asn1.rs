//! Go's `encoding/asn1`, which fills Go types by reflection: here a type is a
//! [`ValueKind`]. Up to Go 1.16 certificates were read this way, and private keys
//! and CRLs still are; its error texts reach etcd's log unchanged
//! (`asn1.go`, `parseField`).

use crate::der::{BitString, is_minimal_integer, is_object_identifier};
use crate::time::{Time, TimeError};

/// Why `asn1.Unmarshal` refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Asn1Error {
    /// The data is valid ASN.1 but doesn't fit the type.
    #[error("asn1: structure error: {0}")]
    Structure(String),
    /// The data is not valid ASN.1.
    #[error("asn1: syntax error: {0}")]
    Syntax(&'static str),
    /// A time that can't be read, or would be written differently.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// A `UTF8String` that isn't UTF-8.
    #[error("asn1: invalid UTF-8 string")]
    NotUtf8,
    /// A `BMPString` of an odd length.
    #[error("pkcs12: odd-length BMP string")]
    OddBmpString,
}

fn structure(message: &str) -> Asn1Error {
    Asn1Error::Structure(message.to_owned())
}

/// A Go type, as far as `encoding/asn1` cares.
#[derive(Debug)]
pub(crate) enum ValueKind {
    /// `interface{}`: strings, numbers and times are checked, others skipped.
    Any,
    /// `asn1.RawValue`: anything.
    Raw,
    /// `asn1.ObjectIdentifier`.
    ObjectIdentifier,
    /// `asn1.BitString`.
    BitString,
    /// `time.Time`.
    Time,
    /// `*big.Int`.
    BigInteger,
    /// `int`.
    Integer,
    /// `bool`.
    Boolean,
    /// `[]byte`.
    Bytes,
    /// A struct: a SEQUENCE with these fields; more may follow them.
    Structure(&'static Structure),
    /// A slice: its type name (if it has one), and that of its elements. A
    /// name that ends in `SET` makes it a SET OF.
    List(&'static str, &'static ValueKind),
}

/// A Go struct.
#[derive(Debug)]
pub(crate) struct Structure {
    /// Its type name.
    pub(crate) name: &'static str,
    /// Its fields, in order.
    pub(crate) fields: &'static [Field],
}

/// A field with its `asn1:"…"` tag.
#[derive(Debug)]
pub(crate) struct Field {
    kind: ValueKind,
    optional: bool,
    explicit: bool,
    default: Option<i64>,
    tag: Option<u8>,
}

impl Field {
    /// A field that must be there.
    #[must_use]
    pub(crate) const fn new(kind: ValueKind) -> Self {
        Self {
            kind,
            optional: false,
            explicit: false,
            default: None,
            tag: None,
        }
    }

    /// The same, `optional`.
    #[must_use]
    pub(crate) const fn optional(kind: ValueKind) -> Self {
        Self {
            kind,
            optional: true,
            explicit: false,
            default: None,
            tag: None,
        }
    }

    /// The same, with `default:value`.
    #[must_use]
    pub(crate) const fn or(mut self, value: i64) -> Self {
        self.default = Some(value);
        self
    }

    /// The same, with `tag:number`.
    #[must_use]
    pub(crate) const fn tagged(mut self, number: u8) -> Self {
        self.tag = Some(number);
        self
    }

    /// The same, with `explicit,tag:number`.
    #[must_use]
    pub(crate) const fn explicitly_tagged(mut self, number: u8) -> Self {
        self.tag = Some(number);
        self.explicit = true;
        self
    }
}

/// What was read.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    /// An optional field that isn't there.
    Absent,
    /// An element as it stands: identifier class, tag number, contents, and
    /// the whole encoding.
    Raw {
        /// 0 universal, 1 application, 2 context-specific, 3 private.
        class: u8,
        /// The tag number.
        tag: u32,
        /// The contents.
        contents: &'a [u8],
        /// The whole encoding.
        whole: &'a [u8],
    },
    /// An object identifier's contents.
    ObjectIdentifier(&'a [u8]),
    /// A bit string.
    BitString(BitString),
    /// A time.
    Time(Time),
    /// An integer's contents.
    BigInteger(&'a [u8]),
    /// A number.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A struct's whole encoding and fields.
    Structure(&'a [u8], Vec<Value<'a>>),
    /// A slice's elements.
    List(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// The fields of a struct; none for other values.
    #[must_use]
    pub(crate) fn fields(&self) -> &[Value<'a>] {
        match self {
            Self::Structure(_, fields) | Self::List(fields) => fields,
            _ => &[],
        }
    }

    /// The field with this number, [`Value::Absent`] when there is none.
    #[must_use]
    pub(crate) fn field(&self, number: usize) -> &Value<'a> {
        self.fields().get(number).unwrap_or(&Value::Absent)
    }

    /// Contents, bytes, or a struct's whole encoding; empty for others.
    #[must_use]
    pub(crate) fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Raw { whole: bytes, .. }
            | Self::ObjectIdentifier(bytes)
            | Self::BigInteger(bytes)
            | Self::Bytes(bytes)
            | Self::Structure(bytes, _) => bytes,
            _ => &[],
        }
    }

    /// A number; 0 for other values, as Go's zero value.
    #[must_use]
    pub(crate) const fn number(&self) -> i64 {
        if let Self::Integer(number) = self {
            *number
        } else {
            0
        }
    }

    /// A truth value; false for other values.
    #[must_use]
    pub(crate) const fn is_true(&self) -> bool {
        matches!(self, Self::Boolean(true))
    }

    /// A bit string; an empty one for other values.
    #[must_use]
    pub(crate) fn bit_string(&self) -> BitString {
        if let Self::BitString(bits) = self {
            bits.clone()
        } else {
            BitString::default()
        }
    }
}

/// `asn1.Unmarshal`: the value, and the bytes after it.
///
/// # Errors
///
/// See [`Asn1Error`].
pub(crate) fn unmarshal<'a>(
    data: &'a [u8],
    kind: &ValueKind,
) -> Result<(Value<'a>, &'a [u8]), Asn1Error> {
    let (value, offset) = parse_field(data, 0, kind, None, 0)?;
    Ok((value, data.get(offset..).unwrap_or_default()))
}

#[derive(Clone, Copy)]
struct Header {
    class: u8,
    tag: u32,
    length: usize,
    compound: bool,
}

/// `parseBase128Int`
fn base128(data: &[u8], mut offset: usize) -> Result<(u32, usize), Asn1Error> {
    let mut value = 0_u64;
    for shifted in 0.. {
        let Some(&byte) = data.get(offset) else {
            break;
        };
        if shifted == 5 {
            return Err(structure("base 128 integer too large"));
        }
        value <<= 7;
        if shifted == 0 && byte == 0x80 {
            return Err(Asn1Error::Syntax("integer is not minimally encoded"));
        }
        value |= u64::from(byte & 0x7f);
        offset += 1;
        if byte & 0x80 == 0 {
            return match u32::try_from(value) {
                Ok(value) if value <= i32::MAX.unsigned_abs() => Ok((value, offset)),
                _ => Err(structure("base 128 integer too large")),
            };
        }
    }
    Err(Asn1Error::Syntax("truncated base 128 integer"))
}

/// `parseTagAndLength`
fn header(data: &[u8], mut offset: usize) -> Result<(Header, usize), Asn1Error> {
    let truncated = || Asn1Error::Syntax("truncated tag or length");
    let first = *data.get(offset).ok_or_else(truncated)?;
    offset += 1;
    let mut tag = u32::from(first & 0x1f);
    if tag == 0x1f {
        (tag, offset) = base128(data, offset)?;
        if tag < 0x1f {
            return Err(Asn1Error::Syntax("non-minimal tag"));
        }
    }
    let byte = *data.get(offset).ok_or_else(truncated)?;
    offset += 1;
    let length = if byte & 0x80 == 0 {
        usize::from(byte)
    } else {
        let count = usize::from(byte & 0x7f);
        if count == 0 {
            return Err(Asn1Error::Syntax("indefinite length found (not DER)"));
        }
        let mut length = 0_usize;
        for _ in 0..count {
            let byte = *data.get(offset).ok_or_else(truncated)?;
            offset += 1;
            if length >= 1 << 23 {
                return Err(structure("length too large"));
            }
            length = length << 8 | usize::from(byte);
            if length == 0 {
                return Err(structure("superfluous leading zeros in length"));
            }
        }
        if length < 0x80 {
            return Err(structure("non-minimal length"));
        }
        length
    };
    Ok((
        Header {
            class: first >> 6,
            tag,
            length,
            compound: first & 0x20 != 0,
        },
        offset,
    ))
}

const NO_TAG: u32 = u32::MAX;

impl ValueKind {
    /// `getUniversalType`: the tag (none matches any), whether constructed.
    fn universal(&self) -> (u32, bool) {
        match self {
            Self::Any | Self::Raw => (NO_TAG, false),
            Self::Boolean => (1, false),
            Self::Integer | Self::BigInteger => (2, false),
            Self::BitString => (3, false),
            Self::Bytes => (4, false),
            Self::ObjectIdentifier => (6, false),
            Self::Time => (23, false),
            Self::Structure(_) => (16, true),
            Self::List(name, _) => (if name.ends_with("SET") { 17 } else { 16 }, true),
        }
    }

    const fn type_name(&self) -> &'static str {
        match self {
            Self::Any | Self::BigInteger | Self::Bytes => "",
            Self::Raw => "RawValue",
            Self::ObjectIdentifier => "ObjectIdentifier",
            Self::BitString => "BitString",
            Self::Time => "Time",
            Self::Integer => "int",
            Self::Boolean => "bool",
            Self::Structure(structure) => structure.name,
            Self::List(name, _) => name,
        }
    }
}

/// `parseSequenceOf`
fn parse_list<'a>(
    data: &'a [u8],
    element: &ValueKind,
    depth: usize,
) -> Result<Value<'a>, Asn1Error> {
    let (expected, compound) = element.universal();
    let mut count = 0;
    let mut offset = 0;
    while offset < data.len() {
        let (mut found, after) = header(data, offset)?;
        offset = after;
        if found.tag == 24 || found.tag == 23 {
            found.tag = 23;
        }
        if expected != NO_TAG
            && (found.class != 0 || found.compound != compound || found.tag != expected)
        {
            return Err(structure("sequence tag mismatch"));
        }
        offset = offset
            .checked_add(found.length)
            .filter(|&end| end <= data.len())
            .ok_or(Asn1Error::Syntax("truncated sequence"))?;
        count += 1;
    }
    let mut values = Vec::new();
    let mut offset = 0;
    for _ in 0..count {
        let (value, after) = parse_field(data, offset, element, None, depth + 1)?;
        offset = after;
        values.push(value);
    }
    Ok(Value::List(values))
}

fn absent<'a>(field: Option<&Field>, offset: usize) -> Option<(Value<'a>, usize)> {
    let field = field.filter(|field| field.optional)?;
    let value = match (field.default, &field.kind) {
        (Some(value), ValueKind::Integer) => Value::Integer(value),
        _ => Value::Absent,
    };
    Some((value, offset))
}

/// `parseField`
#[expect(
    clippy::too_many_lines,
    reason = "one function of Go, in its order, so that the first complaint is the same"
)]
fn parse_field<'a>(
    data: &'a [u8],
    initial: usize,
    kind: &ValueKind,
    field: Option<&Field>,
    depth: usize,
) -> Result<(Value<'a>, usize), Asn1Error> {
    if initial == data.len() {
        return absent(field, initial).ok_or(Asn1Error::Syntax("sequence truncated"));
    }
    if matches!(kind, ValueKind::Any) {
        let (found, offset) = header(data, initial)?;
        let contents = slice(data, offset, found.length)?;
        check_any(found, contents)?;
        let end = offset + found.length;
        let whole = data.get(initial..end).unwrap_or_default();
        return Ok((
            Value::Raw {
                class: found.class,
                tag: found.tag,
                contents,
                whole,
            },
            end,
        ));
    }
    let (mut found, mut offset) = header(data, initial)?;
    if let Some(tag) = field
        .filter(|field| field.explicit)
        .and_then(|field| field.tag)
    {
        if offset == data.len() {
            return Err(structure("explicit tag has no child"));
        }
        if found.class == 2 && found.tag == u32::from(tag) && (found.length == 0 || found.compound)
        {
            if !matches!(kind, ValueKind::Raw) {
                if found.length == 0 {
                    return Err(structure("zero length explicit tag was not an asn1.Flag"));
                }
                (found, offset) = header(data, offset)?;
            }
        } else {
            return absent(field, initial)
                .ok_or_else(|| structure("explicitly tagged member didn't match"));
        }
    }
    let (mut universal, compound) = kind.universal();
    let match_any = universal == NO_TAG;
    if universal == 23 && found.tag == 24 && found.class == 0 {
        universal = 24;
    }
    let implicit = field
        .filter(|field| !field.explicit)
        .and_then(|field| field.tag);
    let (any_tag, expected_class, expected_tag) = match implicit {
        Some(tag) => (false, 2, u32::from(tag)),
        None => (match_any, 0, universal),
    };
    if !any_tag && (found.class != expected_class || found.tag != expected_tag)
        || !match_any && found.compound != compound
    {
        return absent(field, initial).ok_or_else(|| {
            Asn1Error::Structure(format!(
                "tags don't match ({expected_tag} vs {{class:{} tag:{} length:{} isCompound:{}}}) \
                 {{optional:{} explicit:{} application:false private:false defaultValue:{} tag:{} \
                 stringType:0 timeType:0 set:false omitEmpty:false}} {} @{offset}",
                found.class,
                found.tag,
                found.length,
                found.compound,
                field.is_some_and(|field| field.optional),
                field.is_some_and(|field| field.explicit),
                "<nil>",
                "<nil>",
                kind.type_name(),
            ))
        });
    }
    let contents = slice(data, offset, found.length)?;
    let end = offset + found.length;
    let whole = data.get(initial..end).unwrap_or_default();
    let value = match kind {
        ValueKind::Any | ValueKind::Raw => Value::Raw {
            class: found.class,
            tag: found.tag,
            contents,
            whole,
        },
        ValueKind::ObjectIdentifier => Value::ObjectIdentifier(object_identifier(contents)?),
        ValueKind::BitString => Value::BitString(bit_string(contents)?),
        ValueKind::Time if universal == 24 => {
            Value::Time(Time::from_generalized_time_explained(contents)?)
        }
        ValueKind::Time => Value::Time(Time::from_utc_time_explained(contents)?),
        ValueKind::BigInteger => {
            check_integer(contents)?;
            Value::BigInteger(contents)
        }
        ValueKind::Integer => Value::Integer(integer(contents)?),
        ValueKind::Boolean => Value::Boolean(match contents {
            [0] => false,
            [0xff] => true,
            _ => return Err(Asn1Error::Syntax("invalid boolean")),
        }),
        ValueKind::Bytes => Value::Bytes(contents),
        ValueKind::Structure(description) => {
            let mut inner = 0;
            let mut values = Vec::with_capacity(description.fields.len());
            for field in description.fields {
                let (value, after) =
                    parse_field(contents, inner, &field.kind, Some(field), depth + 1)?;
                inner = after;
                values.push(value);
            }
            Value::Structure(whole, values)
        }
        ValueKind::List(_, element) => parse_list(contents, element, depth)?,
    };
    Ok((value, end))
}

fn slice(data: &[u8], offset: usize, length: usize) -> Result<&[u8], Asn1Error> {
    offset
        .checked_add(length)
        .and_then(|end| data.get(offset..end))
        .ok_or(Asn1Error::Syntax("data truncated"))
}

fn check_integer(contents: &[u8]) -> Result<(), Asn1Error> {
    if contents.is_empty() {
        Err(structure("empty integer"))
    } else if is_minimal_integer(contents) {
        Ok(())
    } else {
        Err(structure("integer not minimally-encoded"))
    }
}

fn integer(contents: &[u8]) -> Result<i64, Asn1Error> {
    check_integer(contents)?;
    super::der::integer_value(contents).ok_or_else(|| structure("integer too large"))
}

fn object_identifier(contents: &[u8]) -> Result<&[u8], Asn1Error> {
    if contents.is_empty() {
        return Err(Asn1Error::Syntax("zero length OBJECT IDENTIFIER"));
    }
    let mut offset = 0;
    while offset < contents.len() {
        (_, offset) = base128(contents, offset)?;
    }
    debug_assert!(is_object_identifier(contents) || contents.len() > 4);
    Ok(contents)
}

fn bit_string(contents: &[u8]) -> Result<BitString, Asn1Error> {
    let Some((&unused, bytes)) = contents.split_first() else {
        return Err(Asn1Error::Syntax("zero length BIT STRING"));
    };
    let padded = match bytes.last() {
        None => unused == 0,
        Some(last) => unused <= 7 && last & ((1_u8 << unused) - 1) == 0,
    };
    if padded {
        Ok(BitString {
            bytes: bytes.to_vec(),
            unused,
        })
    } else {
        Err(Asn1Error::Syntax("invalid padding bits in BIT STRING"))
    }
}

/// The checks that a value of type `interface{}` goes through.
fn check_any(found: Header, contents: &[u8]) -> Result<(), Asn1Error> {
    if found.compound || found.class != 0 {
        return Ok(());
    }
    match found.tag {
        2 => integer(contents).map(|_| ()),
        3 => bit_string(contents).map(|_| ()),
        6 => object_identifier(contents).map(|_| ()),
        12 if std::str::from_utf8(contents).is_err() => Err(Asn1Error::NotUtf8),
        18 if !contents
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b' ') =>
        {
            Err(Asn1Error::Syntax(
                "NumericString contains invalid character",
            ))
        }
        19 if !contents.iter().copied().all(super::name::is_printable) => Err(Asn1Error::Syntax(
            "PrintableString contains invalid character",
        )),
        22 if !contents.is_ascii() => {
            Err(Asn1Error::Syntax("IA5String contains invalid character"))
        }
        23 => Time::from_utc_time_explained(contents)
            .map(|_| ())
            .map_err(Into::into),
        24 => Time::from_generalized_time_explained(contents)
            .map(|_| ())
            .map_err(Into::into),
        30 if !contents.len().is_multiple_of(2) => Err(Asn1Error::OddBmpString),
        _ => Ok(()),
    }
}

/// `pkix.AlgorithmIdentifier`
pub(crate) static ALGORITHM_IDENTIFIER: Structure = Structure {
    name: "AlgorithmIdentifier",
    fields: &[
        Field::new(ValueKind::ObjectIdentifier),
        Field::optional(ValueKind::Raw),
    ],
};

/// `pkix.RDNSequence`
pub(crate) static RDN_SEQUENCE: ValueKind = ValueKind::List("RDNSequence", &RELATIVE_NAME);

static RELATIVE_NAME: ValueKind = ValueKind::List("RelativeDistinguishedNameSET", &ATTRIBUTE);

static ATTRIBUTE: ValueKind = ValueKind::Structure(&Structure {
    name: "AttributeTypeAndValue",
    fields: &[
        Field::new(ValueKind::ObjectIdentifier),
        Field::new(ValueKind::Any),
    ],
});

/// `pkix.Extension`
pub(crate) static EXTENSION: ValueKind = ValueKind::Structure(&Structure {
    name: "Extension",
    fields: &[
        Field::new(ValueKind::ObjectIdentifier),
        Field::optional(ValueKind::Boolean),
        Field::new(ValueKind::Bytes),
    ],
});
