//! A name as people write it, in either spelling, cut into its attributes.

use std::str::FromStr;

use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

use super::attribute::{ATTRIBUTE_TYPES, AttributeType, encode};
use super::{DistinguishedName, NameError};

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
                    // As others write it, and `x509-cert` in a name with commas.
                    || (known.short == "emailAddress"
                        && ["E", "email"]
                            .iter()
                            .any(|name| name.eq_ignore_ascii_case(&self.attribute)))
            })
            .ok_or_else(|| NameError::UnknownAttribute {
                name: self.attribute.clone(),
            })
    }
}
