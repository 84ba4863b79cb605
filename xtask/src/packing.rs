//! How a module of wasm becomes text that any server and editor leaves alone: packed,
//! and then in 91 of ASCII's printable characters. `www/start.js` turns it back.

use std::io::Write as _;
use std::num::NonZeroU64;

use anyhow::{Context as _, Result};
use lzma_rust2::{LzmaOptions, LzmaWriter};
use zopfli::{Format, Options};

/// The characters of Joachim Henke's basE91 (2000), <https://base91.sourceforge.net>.
/// There is no `-` in it, so that no text begins a comment of HTML's, and neither `\`
/// nor `'`. Thirteen or fourteen bits are two characters: 23 % more than the bytes,
/// where base64 takes 33 %.
const CHARACTERS: &[u8; 91] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;<=>?@[]^_`{|}~\"";

/// Bytes as text.
pub(crate) fn to_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 5 / 4);
    let (mut queue, mut bits) = (0_usize, 0);
    let mut push = |value: usize| {
        for place in [value % 91, value / 91] {
            text.push(char::from(CHARACTERS[place]));
        }
    };
    for byte in bytes {
        queue |= usize::from(*byte) << bits;
        bits += 8;
        if bits > 13 {
            // Two characters have 8,281 values: the 89 above thirteen bits carry one
            // bit more.
            let width = if queue & 0x1fff > 88 { 13 } else { 14 };
            push(queue & ((1 << width) - 1));
            queue >>= width;
            bits -= width;
        }
    }
    // What is left of a byte at most fits one character, unless it is large.
    if bits > 7 || queue > 90 {
        push(queue);
    } else if bits > 0 {
        text.push(char::from(CHARACTERS[queue]));
    }
    text
}

/// Bytes as gzip, a twentieth shorter than the usual encoders make it. Nothing of the
/// clock, the file system or the machine goes into the header, so the same bytes give
/// the same.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let options = Options {
        iteration_count: ITERATIONS,
        ..Options::default()
    };
    let mut file = Vec::new();
    zopfli::compress(options, Format::Gzip, bytes, &mut file)?;
    Ok(file)
}

/// More find a few hundredths of a percent.
const ITERATIONS: NonZeroU64 = NonZeroU64::new(5).unwrap();

/// Bytes as an LZMA file, behind others that whoever unpacks it has.
pub(crate) fn lzma(bytes: &[u8], behind: &[u8]) -> Result<Vec<u8>> {
    let options = LzmaOptions {
        dict_size: 1 << 23,
        // Instructions are of any length: nothing is aligned.
        lc: 4,
        lp: 0,
        pb: 0,
        nice_len: 273,
        preset_dict: (!behind.is_empty()).then(|| behind.to_vec()),
        ..LzmaOptions::with_preset(9)
    };
    // The header of an LZMA file. The library writes none where something stands
    // before, and reads one all the same.
    let mut file = vec![options.get_props()];
    file.extend(options.dict_size.to_le_bytes());
    file.extend(u64::try_from(bytes.len())?.to_le_bytes());
    let mut writer = LzmaWriter::new_no_header(file, &options, false)?;
    writer.write_all(bytes)?;
    writer.finish().context("the module cannot be packed")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use lzma_rust2::LzmaReader;

    use super::*;

    fn from_text(text: &str) -> Vec<u8> {
        let place = |character: u8| CHARACTERS.iter().position(|known| *known == character);
        let mut bytes = Vec::new();
        let (mut queue, mut bits) = (0, 0);
        for pair in text.as_bytes().chunks(2) {
            let [low, high] = *pair else {
                bytes.push((queue | place(pair[0]).unwrap() << bits).to_le_bytes()[0]);
                break;
            };
            let value = place(low).unwrap() + 91 * place(high).unwrap();
            queue |= value << bits;
            bits += if value & 0x1fff > 88 { 13 } else { 14 };
            while bits > 7 {
                bytes.push(queue.to_le_bytes()[0]);
                queue >>= 8;
                bits -= 8;
            }
        }
        bytes
    }

    #[test]
    fn what_is_written_as_text_is_read_as_the_same_bytes() {
        let mut seed = 1_u32;
        for length in 0..600 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 24) as u8
                })
                .collect();
            assert_eq!(from_text(&to_text(&bytes)), bytes, "{length} bytes");
        }
    }

    #[test]
    fn a_text_cannot_end_its_element_or_begin_a_comment() {
        assert!(!CHARACTERS.contains(&b'-'));
        let mut sorted = CHARACTERS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 91);
    }

    #[test]
    fn compression_leaves_out_the_clock_and_the_machine() {
        let bytes = gzip(b"core").unwrap();
        assert_eq!(&bytes[4..8], [0; 4], "modification time");
        assert_eq!(bytes[9], 3, "operating system, the same on every one");
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(bytes.as_slice())
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, b"core");
    }

    #[test]
    fn what_stands_behind_the_same_takes_hardly_any_room() {
        let bytes: Vec<u8> = (0_u32..4096)
            .flat_map(|place| (place * place).to_be_bytes())
            .collect();
        let packed = lzma(&bytes, &bytes).unwrap();
        assert!(packed.len() < 100, "{}", packed.len());
        let mut plain = Vec::new();
        LzmaReader::new_mem_limit(packed.as_slice(), u32::MAX, Some(&bytes))
            .unwrap()
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, bytes);
    }
}
