//! Distinguished names as Go's `crypto/x509` reads them: which string types
//! and characters it takes (`parser.go`, `parseName`, `parseASN1String`), and
//! the common name and organization that it prints.

use std::error::Error;
use std::fmt;

use const_oid::ObjectIdentifier;

use crate::der::{Reader, tag};
use crate::version::GoBuild;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// What Go keeps of a name (`pkix.Name.FillFromRDNSequence`), as far as it
/// matters to etcd.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The whole encoding; issuer and subject are compared by it.
    pub raw: Vec<u8>,
    /// The last common name that is a string; empty if there is none. It is
    /// etcd's user.
    pub common_name: String,
    /// The organizations, in their order.
    pub organizations: Vec<String>,
}

/// Why a name can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It is no list of sets.
    #[error("invalid RDNSequence")]
    Sequence,
    /// A set holds something else than attributes.
    #[error("invalid RDNSequence: invalid attribute")]
    Attribute,
    /// An attribute's type is no object identifier.
    #[error("invalid RDNSequence: invalid attribute type")]
    AttributeType,
    /// An attribute has no value; Go up to 1.26 says no more.
    #[error("invalid RDNSequence: invalid attribute value")]
    AttributeValue,
    /// An attribute's value can't be read.
    #[error("invalid RDNSequence: invalid attribute value: {0}")]
    Value(#[source] ValueError),
}

/// Why the value of an attribute can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// It is no DER.
    Element,
    /// It is of this type, and its contents don't fit it.
    Malformed {
        /// The tag of DER.
        tag: u8,
    },
    /// It is of this type, which Go takes for no string.
    UnsupportedType {
        /// The tag of DER.
        tag: u8,
    },
}

impl fmt::Display for ValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Element => "invalid ASN.1 element",
            Self::UnsupportedType { tag } => {
                return write!(formatter, "unsupported string type: {tag}");
            }
            Self::Malformed { tag } => match *tag {
                tag::BOOLEAN => "invalid ASN.1 BOOLEAN",
                tag::INTEGER => "invalid ASN.1 integer",
                tag::BIT_STRING => "invalid ASN.1 BIT STRING",
                tag::OBJECT_IDENTIFIER => "invalid ASN.1 OBJECT IDENTIFIER",
                tag::UTC_TIME => "x509: malformed UTCTime",
                tag::GENERALIZED_TIME => "x509: malformed GeneralizedTime",
                tag::PRINTABLE_STRING => "invalid PrintableString",
                tag::IA5_STRING => "invalid IA5String",
                tag::NUMERIC_STRING => "invalid NumericString",
                tag::BMP_STRING => "invalid BMPString",
                _ => "invalid UTF-8 string",
            },
        })
    }
}

impl Error for ValueError {}

/// Go's set for `PrintableString`: RFC 5280's and `*` and `&`.
#[must_use]
pub(crate) const fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'\''..=b')' | b'+'..=b'/' | b' ' | b':' | b'=' | b'?' | b'*' | b'&')
}

impl Name {
    fn remember(&mut self, kind: &[u8], value: String) {
        if kind == COMMON_NAME.as_bytes() {
            self.common_name = value;
        } else if kind == ORGANIZATION.as_bytes() {
            self.organizations.push(value);
        }
    }

    /// `parseName` of an encoded SEQUENCE.
    ///
    /// # Errors
    ///
    /// See [`NameError`].
    pub(crate) fn parse(raw: &[u8], go: GoBuild) -> Result<Self, NameError> {
        let mut name = Self {
            raw: raw.to_vec(),
            ..Self::default()
        };
        let mut sequence = Reader(raw)
            .contents(tag::SEQUENCE)
            .ok_or(NameError::Sequence)?;
        while !sequence.is_empty() {
            let mut set = sequence.contents(tag::SET).ok_or(NameError::Sequence)?;
            while !set.is_empty() {
                let mut attribute = set.contents(tag::SEQUENCE).ok_or(NameError::Attribute)?;
                let kind = attribute
                    .object_identifier()
                    .ok_or(NameError::AttributeType)?;
                let value = attribute_value(&mut attribute, go)?;
                if let Some(value) = value {
                    name.remember(kind, value);
                }
            }
        }
        Ok(name)
    }

    /// The name of values that `encoding/asn1` has accepted.
    #[must_use]
    pub(crate) fn from_checked(raw: &[u8], go: GoBuild) -> Self {
        let mut name = Self {
            raw: raw.to_vec(),
            ..Self::default()
        };
        let Some(mut sequence) = Reader(raw).contents(tag::SEQUENCE) else {
            return name;
        };
        while let Some(set) = sequence.any() {
            let mut set = Reader(set.contents);
            while let Some(attribute) = set.any() {
                let mut attribute = Reader(attribute.contents);
                let (Some(kind), Some(value)) = (attribute.object_identifier(), attribute.any())
                else {
                    continue;
                };
                if let Ok(text) = string(value.tag, value.contents, go) {
                    name.remember(kind, text);
                }
            }
        }
        name
    }
}

/// The value of an attribute: text, or nothing for other types where those
/// are allowed.
fn attribute_value(attribute: &mut Reader<'_>, go: GoBuild) -> Result<Option<String>, NameError> {
    let any = go.reads_any_attribute_value();
    let Some(value) = attribute.any() else {
        return Err(if any {
            NameError::Value(ValueError::Element)
        } else {
            NameError::AttributeValue
        });
    };
    let is_string = matches!(
        value.tag,
        tag::T61_STRING
            | tag::PRINTABLE_STRING
            | tag::UTF8_STRING
            | tag::BMP_STRING
            | tag::IA5_STRING
            | tag::NUMERIC_STRING
    );
    if !any || is_string {
        return string(value.tag, value.contents, go)
            .map(Some)
            .map_err(NameError::Value);
    }
    let mut whole = Reader(value.whole);
    let fits = match value.tag {
        tag::INTEGER => whole.small_integer().is_some(),
        tag::BIT_STRING => whole.bit_string().is_some(),
        tag::OBJECT_IDENTIFIER => whole.object_identifier().is_some(),
        tag::UTC_TIME => whole.utc_time().is_some(),
        tag::GENERALIZED_TIME => whole.generalized_time().is_some(),
        tag::BOOLEAN => whole.boolean().is_some(),
        _ => true,
    };
    if fits {
        Ok(None)
    } else {
        Err(NameError::Value(ValueError::Malformed { tag: value.tag }))
    }
}

/// `parseASN1String`
fn string(kind: u8, value: &[u8], go: GoBuild) -> Result<String, ValueError> {
    let text = || Some(String::from_utf8_lossy(value).into_owned());
    let is_numeric = |byte: &u8| byte.is_ascii_digit() || *byte == b' ';
    let read = match kind {
        tag::T61_STRING if go.reads_strings_strictly() => {
            Some(value.iter().map(|&byte| char::from(byte)).collect())
        }
        tag::T61_STRING => text(),
        tag::PRINTABLE_STRING if value.iter().copied().all(is_printable) => text(),
        tag::UTF8_STRING => String::from_utf8(value.to_vec()).ok(),
        tag::BMP_STRING => bmp_string(value, go),
        tag::IA5_STRING if value.is_ascii() => text(),
        tag::NUMERIC_STRING if value.iter().all(is_numeric) => text(),
        tag::PRINTABLE_STRING | tag::IA5_STRING | tag::NUMERIC_STRING => None,
        tag => return Err(ValueError::UnsupportedType { tag }),
    };
    read.ok_or(ValueError::Malformed { tag: kind })
}

fn bmp_string(value: &[u8], go: GoBuild) -> Option<String> {
    if !value.len().is_multiple_of(2) {
        return None;
    }
    let value = value.strip_suffix(&[0, 0]).unwrap_or(value);
    let units: Vec<u16> = value
        .as_chunks()
        .0
        .iter()
        .map(|&pair| u16::from_be_bytes(pair))
        .collect();
    let reserved = |unit: &u16| matches!(unit, 0xfffe | 0xffff | 0xfdd0..=0xfdef | 0xd800..=0xdfff);
    if go.reads_strings_strictly() && units.iter().any(reserved) {
        return None;
    }
    Some(String::from_utf16_lossy(&units))
}
