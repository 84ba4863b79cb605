//! Go's `%q`: text in double quotes, with Go's escapes. Many of Go's and
//! etcd's messages quote names this way.

/// `strconv.Quote` of bytes that may not be UTF-8.
#[must_use]
pub(crate) fn quote_bytes(bytes: &[u8]) -> String {
    let mut quoted = String::with_capacity(bytes.len() + 2);
    quoted.push('"');
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_escaped(&mut quoted, character);
        }
        for byte in chunk.invalid() {
            push_escape(&mut quoted, 'x', u32::from(*byte), 2);
        }
    }
    quoted.push('"');
    quoted
}

/// `strconv.Quote`.
#[must_use]
pub fn quote(text: &str) -> String {
    quote_bytes(text.as_bytes())
}

fn push_escaped(quoted: &mut String, character: char) {
    match character {
        '"' => quoted.push_str("\\\""),
        '\\' => quoted.push_str("\\\\"),
        '\u{7}' => quoted.push_str("\\a"),
        '\u{8}' => quoted.push_str("\\b"),
        '\u{c}' => quoted.push_str("\\f"),
        '\n' => quoted.push_str("\\n"),
        '\r' => quoted.push_str("\\r"),
        '\t' => quoted.push_str("\\t"),
        '\u{b}' => quoted.push_str("\\v"),
        ' '..='~' => quoted.push(character),
        '\0'..='\u{7f}' => push_escape(quoted, 'x', u32::from(character), 2),
        _ if is_printed(character) => quoted.push(character),
        _ if u32::from(character) < 0x1_0000 => {
            push_escape(quoted, 'u', u32::from(character), 4);
        }
        _ => push_escape(quoted, 'U', u32::from(character), 8),
    }
}

/// An approximation of `unicode.IsPrint` outside of ASCII: controls, spaces
/// other than U+0020, private use and noncharacters are escaped.
fn is_printed(character: char) -> bool {
    !(character.is_control()
        || character.is_whitespace()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
            | '\u{e0000}'..='\u{10ffff}'))
}

/// A backslash, a letter, and a number in hexadecimal with so many digits.
fn push_escape(quoted: &mut String, letter: char, value: u32, digits: u32) {
    quoted.extend(['\\', letter]);
    for position in (0..digits).rev() {
        quoted.push(digit(value >> (4 * position) & 0xf));
    }
}

fn digit(value: u32) -> char {
    char::from_digit(value, 16).unwrap_or('0')
}

/// Bytes in hexadecimal, as Go's `%x` writes them.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|&byte| [digit(u32::from(byte >> 4)), digit(u32::from(byte & 0xf))])
        .collect()
}
