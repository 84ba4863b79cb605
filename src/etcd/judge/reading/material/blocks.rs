//! PEM in whatever form it is pasted: as it should be, indented, quoted, on one
//! line, with `\n` for its lines' ends.

use std::ops::Range;

use base64ct::{Base64, Encoding};

use zeroize::Zeroizing;

use super::page::Page;
use super::reader::Reader;
use super::{FileCoat, FoundFile, Source, Unused, Use};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
/// The longest block: a list of revoked certificates has many lines.
const MOST_LINES: usize = 200_000;

/// The bytes that base64 stands for; blanks were taken out before.
pub(super) fn decoded(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    Base64::decode_vec(text).ok().map(Zeroizing::new)
}

/// The blocks of a text as PEM should be. Those without an end, or with other
/// letters in between, are left out.
pub(super) fn normalised(text: &str) -> Vec<Zeroizing<String>> {
    let text = Zeroizing::new(
        text.replace("\\r", "")
            .replace("\\n", "\n")
            .replace("\\/", "/"),
    );
    let mut blocks = Vec::new();
    let mut rest = text.as_str();
    while let Some((_, behind)) = rest.split_once(BEGIN) {
        let Some((label, behind)) = behind.split_once("-----") else {
            break;
        };
        let Some((body, after)) = behind.split_once(END) else {
            break;
        };
        rest = after;
        if label.len() > 64 || body.contains(BEGIN) {
            continue;
        }
        // Headers of an encrypted key stay on lines of their own.
        let headed = body.contains("Proc-Type:");
        if headed {
            let lines: Vec<&str> = body.lines().map(str::trim).collect();
            blocks.push(Zeroizing::new(format!(
                "{BEGIN}{label}-----\n{}\n{END}{label}-----\n",
                lines.join("\n").trim_start_matches('\n').trim_end()
            )));
            continue;
        }
        let body: Zeroizing<String> = body
            .chars()
            .filter(|letter| {
                !letter.is_whitespace() && !"\"',+|>\\".contains(*letter) || *letter == '+'
            })
            .collect::<String>()
            .into();
        if let Some(bytes) = decoded(&body)
            && let Ok(block) =
                pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, &bytes)
        {
            let mut block = Zeroizing::new(block);
            if !block.ends_with('\n') {
                block.push('\n');
            }
            blocks.push(block);
        }
    }
    blocks
}

/// Blocks as one file.
pub(super) fn together(blocks: &[Zeroizing<String>]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::new());
    for block in blocks {
        bytes.extend_from_slice(block.as_bytes());
    }
    bytes
}

/// Reads a block that begins on a line; the line behind it.
pub(super) fn read(reader: &mut Reader, page: &mut Page, number: usize) -> Option<usize> {
    let line = page.free(number)?;
    let mut end = number + 1;
    if !line.contains(END) {
        loop {
            let Some(next) = page.free(end).filter(|_| end - number < MOST_LINES) else {
                let lines = number..end;
                let place = page.place(&lines);
                reader.material.unused.push((place, Unused::BrokenBlock));
                return Some(end);
            };
            end += 1;
            if next.contains(END) {
                break;
            }
            if next.contains(BEGIN) {
                let lines = number..end - 1;
                let place = page.place(&lines);
                reader.material.unused.push((place, Unused::BrokenBlock));
                return Some(end - 1);
            }
        }
    }
    let lines = number..end;
    let mut text = Zeroizing::new(page.text(&lines).to_owned());
    let plain = text.starts_with(BEGIN)
        && text.lines().count() > 2
        && text
            .lines()
            .all(|line| line.trim_end() == line || line.trim().is_empty());
    let elided = text.contains("...") || text.contains('…') || text.contains("REDACTED");
    if plain && !elided {
        text.push('\n');
        add(reader, page, &lines, text.as_bytes(), FileCoat::Blocks);
        return Some(end);
    }
    let blocks = normalised(&text);
    if blocks.is_empty() {
        let place = page.place(&lines);
        page.take(&lines);
        reader.material.unused.push((place, Unused::BrokenBlock));
        return Some(end);
    }
    if page.line(number).is_some_and(is_one_line) && blocks.len() > 1 {
        // One value of a file's: it stays one file.
        let bytes = together(&blocks);
        add(reader, page, &lines, &bytes, FileCoat::OneLine);
    } else {
        for block in blocks {
            add(reader, page, &lines, block.as_bytes(), FileCoat::OneLine);
        }
    }
    Some(end)
}

fn is_one_line(line: &str) -> bool {
    line.contains(BEGIN) && line.contains(END)
}

fn add(reader: &mut Reader, page: &mut Page, lines: &Range<usize>, bytes: &[u8], coat: FileCoat) {
    let place = page.place(lines);
    let name = name(page, lines.start);
    page.take(lines);
    reader.material.used.push((place.clone(), Use::File));
    // A file that was given is what it is.
    let given = matches!(place.source, Source::File { .. }) && page.origin.fixed.is_none();
    if given && coat == FileCoat::Blocks {
        return;
    }
    // Blocks that follow each other below a name are one file.
    if let Some(last) = reader.material.files.last_mut()
        && last.name.is_some()
        && name.is_none()
        && last.coat == coat
        && page
            .place(&(lines.start.saturating_sub(1)..lines.start))
            .bytes
            .start
            < last.place.bytes.end
        && last.place.source == place.source
    {
        last.bytes.extend_from_slice(bytes);
        last.place.bytes.end = place.bytes.end;
        return;
    }
    reader.material.files.push(FoundFile {
        name,
        bytes: Zeroizing::new(bytes.to_vec()),
        coat,
        place,
    });
}

/// The name that stands before a block, in its line or above it.
fn name(page: &Page, number: usize) -> Option<String> {
    let line = page.line(number)?;
    let before = line.split(BEGIN).next().unwrap_or_default();
    let key = before
        .trim()
        .trim_end_matches(['"', '\'', ' ', ':', '='])
        .trim_start_matches(['"', '\'', '{', ' ', ',']);
    if key.len() > 2 && key.len() < 80 && !key.contains(char::is_whitespace) {
        return Some(key.to_owned());
    }
    if before.trim().is_empty() {
        page.name_above(number)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn one_block_is_read_in_every_form() {
        let wanted = ["-----BEGIN CERTIFICATE-----\nMIIB+g==\n-----END CERTIFICATE-----\n"];
        for text in [
            "-----BEGIN CERTIFICATE-----\nMIIB+g==\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\\nMIIB+g==\\n-----END CERTIFICATE-----\\n",
            "-----BEGIN CERTIFICATE----- MIIB+g== -----END CERTIFICATE-----",
            "  -----BEGIN CERTIFICATE-----\n  MIIB\n  +g==\n  -----END CERTIFICATE-----",
            "\"-----BEGIN CERTIFICATE-----\",\n\"MIIB+g==\",\n\"-----END CERTIFICATE-----\"",
            "> -----BEGIN CERTIFICATE-----\n> MIIB+g==\n> -----END CERTIFICATE-----",
        ] {
            let blocks = normalised(text);
            let blocks: Vec<&str> = blocks.iter().map(|it| it.as_str()).collect();
            assert_eq!(blocks, wanted, "{text}");
        }
        for text in [
            "-----BEGIN CERTIFICATE-----\nMII",
            "-----BEGIN X-----\nMII...\n-----END X-----",
        ] {
            assert!(normalised(text).is_empty());
        }
    }
}
