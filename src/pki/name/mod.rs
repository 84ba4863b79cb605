//! Distinguished names: from the two spellings people write to X.501, and
//! back. It does not compare names (etcd compares their bytes) and it does
//! not read names out of certificates.
//!
//! `/CN=client/O=team` is OpenSSL's spelling: the attributes are encoded in
//! the order in which they are written (`parse_name` in OpenSSL's
//! `apps/lib/apps.c`). `CN=client,O=team` is RFC 4514's: the *last* one
//! written is encoded first, which is also what NSS, GnuTLS, Java and
//! `openssl x509 -nameopt RFC2253` mean by it. A name alone, `client`, is taken for
//! the common name.

mod attribute;
#[cfg(test)]
mod tests;
mod written;

use std::fmt;

use der::{
    Encode,
    asn1::{Any, Ia5StringRef, PrintableStringRef, Utf8StringRef},
};
use x509_cert::name::Name;

use self::attribute::{ATTRIBUTE_TYPES, COMMON_NAME, ORGANIZATION};
use super::unseen::Unseen;

/// A subject or issuer that X.509 can hold, with at least one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName(Name);

impl DistinguishedName {
    /// The name as `x509-cert` has it.
    #[must_use]
    pub fn as_name(&self) -> &Name {
        &self.0
    }

    /// The name in OpenSSL's spelling, `/CN=client/O=team`, as `-subj` takes
    /// it: `/`, `+` and `\` in a value stand behind a backslash, and so does a
    /// space at its end, which would be lost where the text is read again.
    #[must_use]
    pub fn to_openssl(&self) -> String {
        openssl_spelling(&self.0)
    }
}

/// Any X.501 name in OpenSSL's spelling. A value that is no text is shown as
/// the hexadecimal of its DER, as RFC 4514 section 2.4 has it.
#[must_use]
pub fn openssl_spelling(name: &Name) -> String {
    let mut spelled = String::new();
    for relative in name.iter_rdn() {
        for (index, attribute) in relative.iter().enumerate() {
            spelled.push(if index == 0 { '/' } else { '+' });
            match ATTRIBUTE_TYPES
                .iter()
                .find(|known| known.oid == attribute.oid)
            {
                Some(known) => spelled.push_str(known.short),
                None => spelled.push_str(&attribute.oid.to_string()),
            }
            spelled.push('=');
            if let Some(text) = text_of(&attribute.value) {
                let mut characters = text.chars().peekable();
                while let Some(character) = characters.next() {
                    let ends = characters.peek().is_none();
                    if matches!(character, '/' | '+' | '\\') || (character == ' ' && ends) {
                        spelled.push('\\');
                    }
                    spelled.push(character);
                }
            } else {
                spelled.push('#');
                let der = attribute.value.to_der().unwrap_or_default();
                spelled.push_str(&hexadecimal(&der, ""));
            }
        }
    }
    spelled
}

/// Bytes as upper-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8], separator: &str) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect::<Vec<_>>()
        .join(separator)
}

/// The last common name, which is the one etcd takes for the user's name
/// (Go's `pkix.Name.FillFromRDNSequence` lets a later one win).
#[must_use]
pub fn common_name(name: &Name) -> Option<String> {
    name.iter()
        .filter(|attribute| attribute.oid == COMMON_NAME)
        .last()
        .and_then(|attribute| text_of(&attribute.value))
        .map(str::to_owned)
}

/// The organizations, which Kubernetes takes for groups.
#[must_use]
pub fn organizations(name: &Name) -> Vec<String> {
    name.iter()
        .filter(|attribute| attribute.oid == ORGANIZATION)
        .filter_map(|attribute| text_of(&attribute.value))
        .map(str::to_owned)
        .collect()
}

/// The text of an attribute's value, where its type is one that is UTF-8 by
/// construction.
pub(super) fn text_of(value: &Any) -> Option<&str> {
    value
        .decode_as::<Utf8StringRef<'_>>()
        .ok()
        .map(|text| text.as_str())
        .or_else(|| {
            value
                .decode_as::<PrintableStringRef<'_>>()
                .ok()
                .map(|text| text.as_str())
        })
        .or_else(|| {
            value
                .decode_as::<Ia5StringRef<'_>>()
                .ok()
                .map(|text| text.as_str())
        })
}

impl fmt::Display for DistinguishedName {
    /// RFC 4514: `CN=client,O=team`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Why a text is no distinguished name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was written.
    #[error("the subject is empty; write a name such as CN=client")]
    Empty,
    /// A part between two separators has no `=`, and is not all there is.
    #[error("“{part}” has no “=”; write TYPE=value, such as CN={part}")]
    MissingEquals {
        /// The part, as written.
        part: String,
    },
    /// The text before `=` is no attribute type that this program knows.
    #[error(
        "“{name}” is no attribute of a subject; use CN, O, OU, C, ST, L, DC, UID or emailAddress"
    )]
    UnknownAttribute {
        /// The text before `=`.
        name: String,
    },
    /// Nothing stands behind `=`.
    #[error("{attribute} has no value; write one behind “{attribute}=”, or leave {attribute} out")]
    EmptyValue {
        /// The attribute's short name.
        attribute: &'static str,
    },
    /// The value is longer than X.509 allows.
    #[error("{attribute} has {length} characters; X.509 allows at most {limit} (RFC 5280)")]
    TooLong {
        /// The attribute's short name.
        attribute: &'static str,
        /// The value's length in characters.
        length: usize,
        /// The longest value, in characters.
        limit: usize,
    },
    /// The value holds a character that nobody sees: a new line, a NUL, a space
    /// without width.
    #[error("{attribute} holds {unseen}; remove it")]
    Unseen {
        /// The attribute's short name.
        attribute: &'static str,
        /// The character.
        unseen: Unseen,
    },
    /// The value holds a character that the attribute's string type lacks.
    #[error("{attribute} cannot hold “{character}”; use plain ASCII letters and digits")]
    Unencodable {
        /// The attribute's short name.
        attribute: &'static str,
        /// The first such character.
        character: char,
    },
    /// A country is not two letters (ISO 3166).
    #[error("C is a country of two letters, such as C=DE, not “{value}”")]
    Country {
        /// The value, as written.
        value: String,
    },
    /// The text ends behind a backslash.
    #[error("the subject ends in a backslash; write \\\\ for a backslash itself")]
    DanglingEscape,
    /// A backslash and two hexadecimal digits do not give UTF-8.
    #[error("the escaped bytes (\\XX) are not UTF-8; write the character itself")]
    BadHexadecimal,
    /// A quoted value has no closing quotation mark, or text behind it.
    #[error("a quotation mark is left open, or has text behind it; write \\\" for the mark itself")]
    Quotation,
    /// RFC 4514's `#` form, a value given as DER, is not taken.
    #[error(
        "{attribute}=#… gives a value as DER, which is not taken here; write the text, or \\# for a “#”"
    )]
    HexadecimalValue {
        /// The text before `=`.
        attribute: String,
    },
    /// An attribute stands twice in one relative name, joined by `+`. Each may
    /// stand there once (X.501 section 9.3), whatever the values.
    #[error(
        "{attribute} stands twice around a “+”, where X.501 allows each attribute once; part the two with a comma or a slash, or leave one out"
    )]
    Repeated {
        /// The attribute's short name.
        attribute: &'static str,
    },
    /// The name can't be encoded, which none does that could be read.
    #[error("the subject could not be encoded: {0}; please report this")]
    Encoding(#[source] der::Error),
}
