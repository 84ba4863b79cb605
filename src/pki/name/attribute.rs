//! The attributes that a subject may have: how each is called, how long it may be, and
//! how its value is written in DER.

use const_oid::ObjectIdentifier;
use der::asn1::{Any, Ia5StringRef, PrintableStringRef, Utf8StringRef};
use x509_cert::attr::AttributeTypeAndValue;

use super::NameError;
use crate::pki::unseen::Unseen;
use Encoding::{Ia5, Printable, Utf8};

/// How the value of an attribute is written in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// `UTF8String`, which RFC 5280 section 4.1.2.4 asks for in new names, and
    /// which OpenSSL writes (`string_mask = utf8only`).
    Utf8,
    /// `PrintableString`: letters, digits, space and `'()+,-./:=?`.
    Printable,
    /// `IA5String`: ASCII.
    Ia5,
}

/// An attribute type that a subject may have.
#[derive(Debug)]
pub(super) struct AttributeType {
    /// OpenSSL's and RFC 4514's short name: `CN`.
    pub(super) short: &'static str,
    /// The long name: `commonName`.
    pub(super) long: &'static str,
    pub(super) oid: ObjectIdentifier,
    encoding: Encoding,
    /// The longest value, in characters (the `ub-` limits of RFC 5280
    /// appendix A.1).
    upper_bound: usize,
}

const fn attribute(
    short: &'static str,
    long: &'static str,
    oid: ObjectIdentifier,
    encoding: Encoding,
    upper_bound: usize,
) -> AttributeType {
    AttributeType {
        short,
        long,
        oid,
        encoding,
        upper_bound,
    }
}

const fn oid(numbers: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(numbers)
}

pub(super) const COMMON_NAME: ObjectIdentifier = oid("2.5.4.3");
pub(super) const ORGANIZATION: ObjectIdentifier = oid("2.5.4.10");

/// The attribute types of RFC 5280 section 4.1.2.4 and RFC 4514 section 3.
#[rustfmt::skip]
pub(super) const ATTRIBUTE_TYPES: &[AttributeType] = &[
    attribute("CN", "commonName", COMMON_NAME, Utf8, 64),
    attribute("O", "organizationName", ORGANIZATION, Utf8, 64),
    attribute("OU", "organizationalUnitName", oid("2.5.4.11"), Utf8, 64),
    attribute("C", "countryName", oid("2.5.4.6"), Printable, 2),
    attribute("ST", "stateOrProvinceName", oid("2.5.4.8"), Utf8, 128),
    attribute("L", "localityName", oid("2.5.4.7"), Utf8, 128),
    attribute("street", "streetAddress", oid("2.5.4.9"), Utf8, 128),
    attribute("postalCode", "postalCode", oid("2.5.4.17"), Utf8, 40),
    attribute("title", "title", oid("2.5.4.12"), Utf8, 64),
    attribute("SN", "surname", oid("2.5.4.4"), Utf8, 64),
    attribute("GN", "givenName", oid("2.5.4.42"), Utf8, 64),
    attribute("serialNumber", "serialNumber", oid("2.5.4.5"), Printable, 64),
    attribute("UID", "userId", oid("0.9.2342.19200300.100.1.1"), Utf8, 256),
    attribute("DC", "domainComponent", oid("0.9.2342.19200300.100.1.25"), Ia5, 63),
    attribute("emailAddress", "emailAddress", oid("1.2.840.113549.1.9.1"), Ia5, 255),
];

/// Checks one attribute against RFC 5280 appendix A.1 and encodes it.
pub(super) fn encode(
    known: &AttributeType,
    value: &str,
) -> Result<AttributeTypeAndValue, NameError> {
    let attribute = known.short;
    if value.trim().is_empty() {
        return Err(NameError::EmptyValue { attribute });
    }
    if let Some(unseen) = Unseen::first_in(value) {
        return Err(NameError::Unseen { attribute, unseen });
    }
    if attribute == "C"
        && !(value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic()))
    {
        return Err(NameError::Country {
            value: value.to_owned(),
        });
    }
    let length = value.chars().count();
    if length > known.upper_bound {
        return Err(NameError::TooLong {
            attribute,
            length,
            limit: known.upper_bound,
        });
    }
    let unencodable = |accepts: fn(char) -> bool| NameError::Unencodable {
        attribute,
        character: value
            .chars()
            .find(|character| !accepts(*character))
            .unwrap_or(' '),
    };
    let encoded = match known.encoding {
        Utf8 => Utf8StringRef::new(value)
            .and_then(|text| Any::encode_from(&text))
            .map_err(|_| unencodable(|_| true)),
        Printable => PrintableStringRef::new(value)
            .and_then(|text| Any::encode_from(&text))
            .map_err(|_| unencodable(is_printable)),
        Ia5 => Ia5StringRef::new(value)
            .and_then(|text| Any::encode_from(&text))
            .map_err(|_| unencodable(|character| character.is_ascii())),
    }?;
    Ok(AttributeTypeAndValue {
        oid: known.oid,
        value: encoded,
    })
}

/// A character of `PrintableString` (X.680 section 41.4).
fn is_printable(character: char) -> bool {
    character.is_ascii_alphanumeric() || " '()+,-./:=?".contains(character)
}
