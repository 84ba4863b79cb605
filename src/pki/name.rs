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

use std::{fmt, str::FromStr};

use const_oid::ObjectIdentifier;
use der::{
    Encode,
    asn1::{Any, Ia5StringRef, PrintableStringRef, Utf8StringRef},
};
use x509_cert::{
    attr::AttributeTypeAndValue,
    name::{Name, RdnSequence, RelativeDistinguishedName},
};

use super::unseen::Unseen;

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
struct AttributeType {
    /// OpenSSL's and RFC 4514's short name: `CN`.
    short: &'static str,
    /// The long name: `commonName`.
    long: &'static str,
    oid: ObjectIdentifier,
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

const COMMON_NAME: ObjectIdentifier = oid("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = oid("2.5.4.10");

/// The attribute types of RFC 5280 section 4.1.2.4 and RFC 4514 section 3.
const ATTRIBUTE_TYPES: &[AttributeType] = &[
    attribute("CN", "commonName", COMMON_NAME, Encoding::Utf8, 64),
    attribute("O", "organizationName", ORGANIZATION, Encoding::Utf8, 64),
    attribute(
        "OU",
        "organizationalUnitName",
        oid("2.5.4.11"),
        Encoding::Utf8,
        64,
    ),
    attribute("C", "countryName", oid("2.5.4.6"), Encoding::Printable, 2),
    attribute(
        "ST",
        "stateOrProvinceName",
        oid("2.5.4.8"),
        Encoding::Utf8,
        128,
    ),
    attribute("L", "localityName", oid("2.5.4.7"), Encoding::Utf8, 128),
    attribute(
        "street",
        "streetAddress",
        oid("2.5.4.9"),
        Encoding::Utf8,
        128,
    ),
    attribute(
        "postalCode",
        "postalCode",
        oid("2.5.4.17"),
        Encoding::Utf8,
        40,
    ),
    attribute("title", "title", oid("2.5.4.12"), Encoding::Utf8, 64),
    attribute("SN", "surname", oid("2.5.4.4"), Encoding::Utf8, 64),
    attribute("GN", "givenName", oid("2.5.4.42"), Encoding::Utf8, 64),
    attribute(
        "serialNumber",
        "serialNumber",
        oid("2.5.4.5"),
        Encoding::Printable,
        64,
    ),
    attribute(
        "UID",
        "userId",
        oid("0.9.2342.19200300.100.1.1"),
        Encoding::Utf8,
        256,
    ),
    attribute(
        "DC",
        "domainComponent",
        oid("0.9.2342.19200300.100.1.25"),
        Encoding::Ia5,
        63,
    ),
    attribute(
        "emailAddress",
        "emailAddress",
        oid("1.2.840.113549.1.9.1"),
        Encoding::Ia5,
        255,
    ),
];

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

/// One `TYPE=value` as written, escapes taken away, and whether it belongs to
/// the same relative name as the one before it (`+`).
struct Written {
    attribute: String,
    value: String,
    joined: bool,
}

impl FromStr for DistinguishedName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let text = text.trim_start_matches(' ');
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let (written, most_specific_first) = match text.strip_prefix('/') {
            Some(rest) => (split(rest, '/')?, false),
            None if is_bare(text) => (vec![Written::common_name(text)], false),
            None => (split(text, ',')?, true),
        };
        let mut relative_names: Vec<Vec<AttributeTypeAndValue>> = Vec::new();
        for part in written {
            let known = part.attribute_type()?;
            let encoded = encode(known, &part.value)?;
            match relative_names.last_mut() {
                Some(last) if part.joined => {
                    if last.iter().any(|other| other.oid == known.oid) {
                        return Err(NameError::Repeated {
                            attribute: known.short,
                        });
                    }
                    last.push(encoded);
                }
                _ => relative_names.push(vec![encoded]),
            }
        }
        if most_specific_first {
            relative_names.reverse();
        }
        let mut sequence = RdnSequence::default();
        for attributes in relative_names {
            let relative =
                RelativeDistinguishedName::try_from(attributes).map_err(NameError::Encoding)?;
            sequence.push(relative);
        }
        Ok(Self(Name::hazmat_from_rdn_sequence(sequence)))
    }
}

/// Cuts a name into its attributes at `separator` and at `+`, minding escapes
/// (RFC 4514 section 2.4) and quoted values (RFC 2253 section 4).
fn split(text: &str, separator: char) -> Result<Vec<Written>, NameError> {
    let mut parts = Vec::new();
    let mut characters = text.chars().peekable();
    let mut joined = false;
    loop {
        let mut attribute = String::new();
        let mut has_equals = false;
        while let Some(&character) = characters.peek() {
            if character == separator || character == '+' {
                break;
            }
            characters.next();
            if character == '=' {
                has_equals = true;
                break;
            }
            attribute.push(character);
        }
        let attribute = attribute.trim().to_owned();
        if !has_equals {
            return Err(NameError::MissingEquals { part: attribute });
        }
        let (value, end) = read_value(&mut characters, separator, &attribute)?;
        parts.push(Written {
            attribute,
            value,
            joined,
        });
        match end {
            None => return Ok(parts),
            Some(character) => joined = character == '+',
        }
    }
}

/// Reads one value up to a separator, and gives that separator.
fn read_value(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    separator: char,
    attribute: &str,
) -> Result<(String, Option<char>), NameError> {
    let comma_spelling = separator == ',';
    let mut bytes: Vec<u8> = Vec::new();
    // Up to this length the value was escaped, and is not trimmed.
    let mut kept = 0;
    let push = |bytes: &mut Vec<u8>, character: char| {
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    };
    let mut end = None;
    if comma_spelling {
        while characters.next_if_eq(&' ').is_some() {}
    }
    let quoted = comma_spelling && characters.next_if_eq(&'"').is_some();
    let mut open = quoted;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let escaped = characters.next().ok_or(NameError::DanglingEscape)?;
                match (
                    escaped.to_digit(16),
                    characters.peek().and_then(|next| next.to_digit(16)),
                ) {
                    (Some(high), Some(low)) if comma_spelling => {
                        characters.next();
                        bytes.extend(u8::try_from(high * 16 + low));
                    }
                    _ => push(&mut bytes, escaped),
                }
                kept = bytes.len();
            }
            '"' if open => {
                open = false;
                kept = bytes.len();
            }
            _ if open => push(&mut bytes, character),
            _ if character == separator || character == '+' => {
                end = Some(character);
                break;
            }
            ' ' if quoted => {}
            _ if quoted => return Err(NameError::Quotation),
            _ => push(&mut bytes, character),
        }
    }
    if open {
        return Err(NameError::Quotation);
    }
    // A space at the end is nearly always a slip; behind a backslash it stays.
    while bytes.len() > kept && bytes.last() == Some(&b' ') {
        bytes.pop();
    }
    let value = String::from_utf8(bytes).map_err(|_| NameError::BadHexadecimal)?;
    if comma_spelling && !quoted && kept == 0 && value.starts_with('#') {
        return Err(NameError::HexadecimalValue {
            attribute: attribute.to_owned(),
        });
    }
    Ok((value, end))
}

/// Whether a text is a name alone, as people say it: `client`. What has a mark of
/// either spelling is read as that spelling.
fn is_bare(text: &str) -> bool {
    !text.contains(['=', ',', '+', '/', '\\', '"', '#', ';', '<', '>'])
}

impl Written {
    /// A name alone, which is taken for the common one.
    fn common_name(text: &str) -> Self {
        Self {
            attribute: "CN".to_owned(),
            value: text.trim_end_matches(' ').to_owned(),
            joined: false,
        }
    }

    fn attribute_type(&self) -> Result<&'static AttributeType, NameError> {
        ATTRIBUTE_TYPES
            .iter()
            .find(|known| {
                known.short.eq_ignore_ascii_case(&self.attribute)
                    || known.long.eq_ignore_ascii_case(&self.attribute)
                    || (known.short == "emailAddress" && self.attribute == "E")
            })
            .ok_or_else(|| NameError::UnknownAttribute {
                name: self.attribute.clone(),
            })
    }
}

/// Checks one attribute against RFC 5280 appendix A.1 and encodes it.
fn encode(known: &AttributeType, value: &str) -> Result<AttributeTypeAndValue, NameError> {
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
        Encoding::Utf8 => Utf8StringRef::new(value)
            .and_then(|text| Any::encode_from(&text))
            .map_err(|_| unencodable(|_| true)),
        Encoding::Printable => PrintableStringRef::new(value)
            .and_then(|text| Any::encode_from(&text))
            .map_err(|_| unencodable(is_printable)),
        Encoding::Ia5 => Ia5StringRef::new(value)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn openssl(text: &str) -> String {
        text.parse::<DistinguishedName>().unwrap().to_openssl()
    }

    fn refused(text: &str) -> NameError {
        text.parse::<DistinguishedName>().unwrap_err()
    }

    #[test]
    fn the_slash_spelling_keeps_its_order_and_the_comma_spelling_is_rfc_4514() {
        assert_eq!(openssl("/CN=client/O=team"), "/CN=client/O=team");
        assert_eq!(openssl("CN=client,O=team"), "/O=team/CN=client");
        assert_eq!(openssl(" CN = client , O = team "), "/O=team/CN=client");
        assert_eq!(openssl("CN=client"), "/CN=client");
    }

    #[test]
    fn a_name_alone_is_the_common_name_and_keeps_to_its_limits() {
        assert_eq!(openssl("client"), "/CN=client");
        assert_eq!(openssl("  etcd client "), "/CN=etcd client");
        assert_eq!(openssl("10.0.0.11"), "/CN=10.0.0.11");
        assert_eq!(openssl("système:nœuds"), "/CN=système:nœuds");
        let too_long = NameError::TooLong {
            attribute: "CN",
            length: 65,
            limit: 64,
        };
        assert_eq!(refused(&"x".repeat(65)), too_long);
        for text in ["a,b", "a+b", "a/b", "/a", r"a\,b", "\"a\""] {
            let NameError::MissingEquals { .. } = refused(text) else {
                panic!("{text} has a mark of a spelling");
            };
        }
    }

    #[test]
    fn escapes_are_taken_in_both_spellings() {
        assert_eq!(openssl(r"/CN=a\/b\\c\+d"), r"/CN=a\/b\\c\+d");
        assert_eq!(openssl(r"CN=a\,b\=c/d"), r"/CN=a,b=c\/d");
        assert_eq!(openssl(r"CN=Lu\C4\8Di\C4\87"), "/CN=Lučić");
        assert_eq!(openssl("CN=\"a, b\",O=x"), "/O=x/CN=a, b");
        assert_eq!(openssl(r"CN=a\ "), r"/CN=a\ ");
    }

    #[test]
    fn several_values_in_one_relative_name_stay_together() {
        assert_eq!(openssl("/CN=a+UID=b/O=c"), "/CN=a+UID=b/O=c");
    }

    #[test]
    fn an_attribute_twice_in_one_relative_name_is_said_to_be_there_twice() {
        for text in ["CN=a+CN=a", "CN=a+CN=b", "/O=x/CN=a+UID=c+commonName=b"] {
            assert_eq!(refused(text), NameError::Repeated { attribute: "CN" });
        }
        assert!(refused("CN=a+CN=a").to_string().contains("twice"));
        assert_eq!(openssl("CN=a,CN=a"), "/CN=a/CN=a");
    }

    #[test]
    fn a_value_given_as_der_is_refused_by_its_attributes_name() {
        assert_eq!(
            refused("O=#0c0161"),
            NameError::HexadecimalValue {
                attribute: "O".into()
            }
        );
    }

    #[test]
    fn markup_is_only_text() {
        assert_eq!(
            openssl("CN=<img src=x onerror=alert(1)>"),
            "/CN=<img src=x onerror=alert(1)>"
        );
    }

    #[test]
    fn what_x509_cannot_hold_is_refused_with_the_reason() {
        assert_eq!(refused(""), NameError::Empty);
        assert_eq!(refused("  "), NameError::Empty);
        assert_eq!(
            refused("client,O=team"),
            NameError::MissingEquals {
                part: "client".into()
            }
        );
        assert_eq!(refused("CN="), NameError::EmptyValue { attribute: "CN" });
        assert_eq!(
            refused("XX=1"),
            NameError::UnknownAttribute { name: "XX".into() }
        );
        assert_eq!(
            refused(&format!("CN={}", "x".repeat(65))),
            NameError::TooLong {
                attribute: "CN",
                length: 65,
                limit: 64
            }
        );
        for (text, character) in [
            ("CN=a\nb", '\n'),
            (r"CN=a\00b", '\0'),
            ("CN=ro\u{200b}ot", '\u{200b}'),
            (r"CN=ro\E2\80\8Bot", '\u{200b}'),
            ("/CN=\u{202e}toor", '\u{202e}'),
            ("O=\u{f8ff}", '\u{f8ff}'),
        ] {
            let NameError::Unseen { unseen, .. } = refused(text) else {
                panic!("{text:?}");
            };
            assert_eq!(unseen.character(), character, "{text:?}");
        }
        assert_eq!(
            refused("C=Germany"),
            NameError::Country {
                value: "Germany".into()
            }
        );
        assert_eq!(refused("CN=a\\"), NameError::DanglingEscape);
        assert_eq!(refused("CN=\"a"), NameError::Quotation);
        assert_eq!(
            refused("emailAddress=ü@example.com"),
            NameError::Unencodable {
                attribute: "emailAddress",
                character: 'ü'
            }
        );
        assert!(matches!(
            refused("/CN=a//O=b"),
            NameError::MissingEquals { .. }
        ));
        assert!(matches!(refused("CN=a,"), NameError::MissingEquals { .. }));
    }

    #[test]
    fn sixty_four_characters_are_counted_not_bytes() {
        assert!(
            format!("CN={}", "ü".repeat(64))
                .parse::<DistinguishedName>()
                .is_ok()
        );
    }

    #[test]
    fn the_last_common_name_is_the_users() {
        let name: DistinguishedName = "/CN=first/CN=second".parse().unwrap();
        assert_eq!(common_name(name.as_name()).as_deref(), Some("second"));
    }
}
