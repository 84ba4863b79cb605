//! Distinguished names as Go's `crypto/x509` reads them: which string types
//! and characters it takes (`parser.go`, `parseName`, `parseASN1String`), and
//! the common name and organization that it prints.

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
    /// Go's text without the leading `x509: `.
    pub(crate) fn parse(raw: &[u8], go: GoBuild) -> Result<Self, String> {
        let invalid = || "invalid RDNSequence".to_owned();
        let mut name = Self {
            raw: raw.to_vec(),
            ..Self::default()
        };
        let mut sequence = Reader(raw).contents(tag::SEQUENCE).ok_or_else(invalid)?;
        while !sequence.is_empty() {
            let mut set = sequence.contents(tag::SET).ok_or_else(invalid)?;
            while !set.is_empty() {
                let mut attribute = set
                    .contents(tag::SEQUENCE)
                    .ok_or("invalid RDNSequence: invalid attribute")?;
                let kind = attribute
                    .object_identifier()
                    .ok_or("invalid RDNSequence: invalid attribute type")?;
                let value = attribute_value(&mut attribute, go).map_err(|reason| {
                    format!("invalid RDNSequence: invalid attribute value{reason}")
                })?;
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
/// are allowed. The error is what follows `invalid attribute value`.
fn attribute_value(attribute: &mut Reader<'_>, go: GoBuild) -> Result<Option<String>, String> {
    let any = go.reads_any_attribute_value();
    let Some(value) = attribute.any() else {
        return Err(if any {
            ": invalid ASN.1 element".to_owned()
        } else {
            String::new()
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
            .map_err(|reason| format!(": {reason}"));
    }
    let mut whole = Reader(value.whole);
    let complaint = match value.tag {
        tag::INTEGER => whole
            .small_integer()
            .is_none()
            .then_some("invalid ASN.1 integer"),
        tag::BIT_STRING => whole
            .bit_string()
            .is_none()
            .then_some("invalid ASN.1 BIT STRING"),
        tag::OBJECT_IDENTIFIER => whole
            .object_identifier()
            .is_none()
            .then_some("invalid ASN.1 OBJECT IDENTIFIER"),
        tag::UTC_TIME => whole
            .utc_time()
            .is_none()
            .then_some("x509: malformed UTCTime"),
        tag::GENERALIZED_TIME => whole
            .generalized_time()
            .is_none()
            .then_some("x509: malformed GeneralizedTime"),
        tag::BOOLEAN => whole.boolean().is_none().then_some("invalid ASN.1 BOOLEAN"),
        _ => None,
    };
    complaint.map_or(Ok(None), |reason| Err(format!(": {reason}")))
}

/// `parseASN1String`
fn string(kind: u8, value: &[u8], go: GoBuild) -> Result<String, String> {
    let text = || String::from_utf8_lossy(value).into_owned();
    match kind {
        tag::T61_STRING if go.reads_strings_strictly() => {
            Ok(value.iter().map(|&byte| char::from(byte)).collect())
        }
        tag::T61_STRING => Ok(text()),
        tag::PRINTABLE_STRING if value.iter().copied().all(is_printable) => Ok(text()),
        tag::PRINTABLE_STRING => Err("invalid PrintableString".to_owned()),
        tag::UTF8_STRING => {
            String::from_utf8(value.to_vec()).map_err(|_| "invalid UTF-8 string".to_owned())
        }
        tag::BMP_STRING => bmp_string(value, go),
        tag::IA5_STRING if value.is_ascii() => Ok(text()),
        tag::IA5_STRING => Err("invalid IA5String".to_owned()),
        tag::NUMERIC_STRING
            if value
                .iter()
                .all(|byte| byte.is_ascii_digit() || *byte == b' ') =>
        {
            Ok(text())
        }
        tag::NUMERIC_STRING => Err("invalid NumericString".to_owned()),
        other => Err(format!("unsupported string type: {other}")),
    }
}

fn bmp_string(value: &[u8], go: GoBuild) -> Result<String, String> {
    let invalid = || Err("invalid BMPString".to_owned());
    if !value.len().is_multiple_of(2) {
        return invalid();
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
        return invalid();
    }
    Ok(String::from_utf16_lossy(&units))
}
