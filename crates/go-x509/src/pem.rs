//! Go's `encoding/pem`. Both of its generations: the one that looks for BEGIN
//! first, and the one of Go 1.24.8, 1.25.2 and later that looks for END first.
//! What counts is which blocks of a file are seen at all: everything that does
//! not parse is skipped in silence.

use crate::version::GoBuild;

/// A PEM block that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The text between `BEGIN ` and the dashes; bytes that are not UTF-8
    /// are replaced.
    pub label: String,
    /// `Key: value` lines before the data.
    pub headers: Vec<(String, String)>,
    /// What the base64 text says.
    pub bytes: Vec<u8>,
}

impl Block {
    fn new(label: &[u8], headers: Vec<(String, String)>, bytes: Vec<u8>) -> Self {
        Self {
            label: String::from_utf8_lossy(label).into_owned(),
            headers,
            bytes,
        }
    }
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const END_ON_A_NEW_LINE: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// All blocks of a file, in their order, as a loop over `pem.Decode` finds
/// them.
#[must_use]
pub fn blocks(data: &[u8], go: GoBuild) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = data;
    while let Some((block, after)) = decode(rest, go) {
        blocks.push(block);
        rest = after;
    }
    blocks
}

/// `pem.Decode`: the first block, and what follows it.
#[must_use]
pub fn decode(data: &[u8], go: GoBuild) -> Option<(Block, &[u8])> {
    if go.pem_searches_end_first() {
        decode_from_end(data)
    } else {
        decode_from_begin(data)
    }
}

/// The first place at or after `from` where `pattern` stands.
fn find(data: &[u8], pattern: &[u8], from: usize) -> Option<usize> {
    let first = *pattern.first()?;
    let mut position = from;
    loop {
        position += data
            .get(position..)?
            .iter()
            .position(|&byte| byte == first)?;
        if data.get(position..)?.starts_with(pattern) {
            return Some(position);
        }
        position += 1;
    }
}

fn find_last(data: &[u8], pattern: &[u8]) -> Option<usize> {
    (0..=data.len().checked_sub(pattern.len())?)
        .rev()
        .find(|&position| {
            data.get(position..)
                .is_some_and(|rest| rest.starts_with(pattern))
        })
}

/// What stands before and after the first such byte.
fn split_once(data: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let position = data.iter().position(|&byte| byte == separator)?;
    Some((data.get(..position)?, data.get(position + 1..)?))
}

/// `getLine`: a line without its end and trailing blanks, and the rest.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    let (mut content, rest) = match split_once(data, b'\n') {
        None => (data, [].as_slice()),
        // Only a line that ends in LF may lose a CR before it.
        Some((content, rest)) => (content.strip_suffix(b"\r").unwrap_or(content), rest),
    };
    while let [start @ .., b' ' | b'\t'] = content {
        content = start;
    }
    (content, rest)
}

fn label_of(line: &[u8]) -> Option<&[u8]> {
    line.strip_suffix(DASHES)
}

/// `bytes.TrimSpace`, close enough for headers.
fn trimmed(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// The header lines; `None` when the data ends before a line without colon.
#[expect(
    clippy::type_complexity,
    reason = "a pair of what was read and what is left"
)]
fn headers(mut rest: &[u8]) -> Option<(Vec<(String, String)>, &[u8])> {
    let mut headers = Vec::new();
    loop {
        if rest.is_empty() {
            return None;
        }
        let (content, next) = line(rest);
        let Some((key, value)) = split_once(content, b':') else {
            return Some((headers, rest));
        };
        headers.push((trimmed(key), trimmed(value)));
        rest = next;
    }
}

/// Whether `trailer`, what follows the words `-----END `, closes `label`.
fn closes(trailer: &[u8], label: &[u8]) -> bool {
    trailer
        .strip_prefix(label)
        .and_then(|rest| rest.strip_prefix(DASHES))
        .is_some_and(|rest| line(rest).0.is_empty())
}

fn decode_from_begin(data: &[u8]) -> Option<(Block, &[u8])> {
    let begin_on_a_new_line = [b"\n", BEGIN].concat();
    let mut position = 0;
    // Where the next END line was seen, so that many BEGIN lines without an
    // END don't search the whole text each.
    let mut next_end = None;
    loop {
        position = if data.get(position..)?.starts_with(BEGIN) {
            position + BEGIN.len()
        } else {
            find(data, &begin_on_a_new_line, position)? + begin_on_a_new_line.len()
        };
        let (type_line, after) = line(data.get(position..)?);
        position = data.len() - after.len();
        let Some(label) = label_of(type_line) else {
            continue;
        };
        let (headers, after) = headers(after)?;
        position = data.len() - after.len();
        // Without headers the END line may follow at once.
        let (end, trailer) = if headers.is_empty() && after.starts_with(END) {
            (position, position + END.len())
        } else {
            let end = match next_end.filter(|&end| end >= position) {
                Some(end) => end,
                None => find(data, END_ON_A_NEW_LINE, position)?,
            };
            next_end = Some(end);
            (end, end + END_ON_A_NEW_LINE.len())
        };
        if !closes(data.get(trailer..)?, label) {
            continue;
        }
        let Some(bytes) = base64(data.get(position..end)?) else {
            continue;
        };
        let (_, after) = line(data.get(end + END_ON_A_NEW_LINE.len() - 1..)?);
        return Some((Block::new(label, headers, bytes), after));
    }
}

fn decode_from_end(data: &[u8]) -> Option<(Block, &[u8])> {
    // All positions are absolute; `from` is where the next search begins.
    let mut from = 0;
    loop {
        let end = find(data, END_ON_A_NEW_LINE, from)?;
        let trailer = end + END_ON_A_NEW_LINE.len();
        let begin = find_last(data.get(from..end)?, BEGIN).map(|position| position + from);
        let start = from;
        from = trailer;
        let Some(begin) = begin else { continue };
        let before = data.get(start..begin)?;
        if before.last().is_some_and(|&last| last != b'\n') {
            continue;
        }
        let body = data.get(begin + BEGIN.len()..)?;
        let (type_line, after) = line(body);
        let Some(label) = label_of(type_line) else {
            continue;
        };
        let (headers, after) = headers(after)?;
        let position = data.len() - after.len();
        // The END line may follow at once, its newline being the one that
        // ended the line before: then `end` lies before `position`.
        if !headers.is_empty() && end < position {
            // Go searches on from the END line that it has passed already,
            // and gives up.
            return None;
        }
        if !closes(data.get(trailer..)?, label) {
            continue;
        }
        let bytes = if end > position {
            match base64(data.get(position..end)?) {
                Some(bytes) => bytes,
                None => continue,
            }
        } else {
            Vec::new()
        };
        let (_, after) = line(data.get(end + END_ON_A_NEW_LINE.len() - 1..)?);
        return Some((Block::new(label, headers, bytes), after));
    }
}

/// `base64.StdEncoding`: CR and LF are ignored anywhere, blanks and tabs were
/// taken out by `encoding/pem`; padding is demanded, its bits are not checked.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut symbols = text
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    loop {
        let mut quantum = [0_u8; 4];
        let mut count = 0;
        while count < 4 {
            let Some(symbol) = symbols.next() else {
                // A quantum that ends early lacks its padding.
                return (count == 0).then_some(bytes);
            };
            if symbol == b'=' {
                let complete = match count {
                    2 => symbols.next() == Some(b'='),
                    3 => true,
                    _ => false,
                };
                if !complete || symbols.next().is_some() {
                    return None;
                }
                bytes.push(quantum[0] << 2 | quantum[1] >> 4);
                if count == 3 {
                    bytes.push(quantum[1] << 4 | quantum[2] >> 2);
                }
                return Some(bytes);
            }
            *quantum.get_mut(count)? = sextet(symbol)?;
            count += 1;
        }
        bytes.push(quantum[0] << 2 | quantum[1] >> 4);
        bytes.push(quantum[1] << 4 | quantum[2] >> 2);
        bytes.push(quantum[2] << 6 | quantum[3]);
    }
}

const fn sextet(symbol: u8) -> Option<u8> {
    Some(match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
