//! How text stands in a fragment: as web forms write it (WHATWG URL,
//! `application/x-www-form-urlencoded`), but with every character as it is that
//! browsers, shells and mails leave alone there.

/// The signs that stand for themselves, beside letters and digits.
const PLAIN: &[u8] = b"-._~:@/;=*!?[]{}";

/// A text for a fragment: a space is `+`, and what a link could lose is `%` and two
/// digits.
pub(super) fn encode(text: &str, is_in_list: bool) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => written.push('+'),
            b',' if !is_in_list => written.push(','),
            byte if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) => {
                written.push(char::from(byte));
            }
            byte => {
                written.push('%');
                for digit in [byte >> 4, byte & 15] {
                    let digit = char::from_digit(u32::from(digit), 16).unwrap_or_default();
                    written.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
    written
}

/// The text that was meant; nothing where it is none.
pub(super) fn decode(text: &str) -> Option<String> {
    String::from_utf8(percent_decode(&text.replace('+', " "))?).ok()
}

/// Undoes percent-encoding (RFC 3986 section 2.1).
pub(super) fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    Some(bytes)
}
