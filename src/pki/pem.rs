//! PEM as files have it: several blocks, text around them, any line width,
//! either line ending. The blocks themselves are decoded by `pem-rfc7468`;
//! here they are found, and what is wrong with one is said with its line.
//! This is what *this program* reads; what etcd reads is in `etcd`.

use der::pem::LineEnding;
use zeroize::Zeroizing;

/// The largest text that is looked at, in bytes. A PEM file of an etcd PKI is
/// a few thousand bytes long.
pub const MAXIMUM_LENGTH: usize = 1 << 20;

/// One block of a PEM file.
#[derive(Clone)]
pub struct Block {
    /// The type label: `CERTIFICATE`, `PRIVATE KEY`.
    pub label: String,
    /// What stands between the lines, decoded. Zeroized on drop: it may be a
    /// key.
    pub der: Zeroizing<Vec<u8>>,
    /// What stands behind `DEK-Info:` where OpenSSL's older encryption is used
    /// (RFC 1421 section 4.6.1.3): `der` is then encrypted.
    pub(super) dek_info: Option<String>,
}

/// Why a text is not the PEM that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// Nothing was given.
    #[error("nothing was given; paste the PEM text or choose its file")]
    Empty,
    /// More than [`MAXIMUM_LENGTH`].
    #[error("{} is far too large for a PEM file; choose the certificate, key or CSR itself", size(*.length))]
    TooLarge {
        /// The text's length in bytes.
        length: usize,
    },
    /// No `-----BEGIN` line, but bytes that begin like DER.
    #[error(
        "this is DER (binary); make it PEM first, for a certificate with: openssl x509 -inform DER -in FILE"
    )]
    Der,
    /// No `-----BEGIN` line.
    #[error(
        "there is no “-----BEGIN …-----” line; paste the whole PEM text, boundary lines included"
    )]
    NotPem,
    /// A `-----BEGIN` without its `-----END`.
    #[error(
        "the {label} that begins on line {line} has no “-----END {label}-----” line; copy it again, whole"
    )]
    Truncated {
        /// The block's label.
        label: String,
        /// The line of `-----BEGIN`.
        line: usize,
    },
    /// The two boundary lines name different labels.
    #[error("line {line} ends “{end}”, but “{begin}” was begun; copy the text again, whole")]
    LabelMismatch {
        /// The label behind `BEGIN`.
        begin: String,
        /// The label behind `END`.
        end: String,
        /// The line of `-----END`.
        line: usize,
    },
    /// The text between the boundaries is no base64.
    #[error(
        "the {label} that begins on line {line} is damaged: it is not base64; copy it again, whole"
    )]
    Base64 {
        /// The block's label.
        label: String,
        /// The line of `-----BEGIN`.
        line: usize,
    },
    /// A key in OpenSSL's older encrypted form (`DEK-Info`).
    #[error(
        "this {label} is encrypted, and no passphrase is asked for here; take it off first, with: openssl pkey -in FILE -out NEWFILE"
    )]
    EncryptedTraditional {
        /// The block's label.
        label: String,
    },
    /// Another kind of block than the one that was asked for.
    #[error("this is {}, not {wanted}{}", describe(.found, .wanted), keep_it(.found, .wanted))]
    UnexpectedLabel {
        /// What was asked for, in words.
        wanted: &'static str,
        /// The labels that are there.
        found: Vec<String>,
    },
    /// More blocks than the one that was asked for.
    #[error("there are {count} PEM blocks; give {wanted} alone")]
    TooMany {
        /// What was asked for, in words.
        wanted: &'static str,
        /// The number of blocks.
        count: usize,
    },
}

/// A length in bytes for people.
pub(crate) fn size(length: usize) -> String {
    match length {
        0..1_000 => format!("{length} bytes"),
        1_000..1_000_000 => format!("{} kB", length / 1_000),
        _ => format!("{} MB", length / 1_000_000),
    }
}

/// What is asked for where a key belongs.
pub(super) const PRIVATE_KEY: &str = "a private key";

/// The labels for people: “a certificate and a private key”.
fn describe(labels: &[String], wanted: &str) -> String {
    labels
        .iter()
        .map(|label| match label.as_str() {
            "CERTIFICATE" => "a certificate".to_owned(),
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => "a CSR".to_owned(),
            "PUBLIC KEY" => "a public key".to_owned(),
            "X509 CRL" => "a CRL".to_owned(),
            "ENCRYPTED PRIVATE KEY" => "an encrypted private key".to_owned(),
            label if label.ends_with("PRIVATE KEY") && wanted != PRIVATE_KEY => {
                PRIVATE_KEY.to_owned()
            }
            label => format!("“{label}”"),
        })
        .collect::<Vec<_>>()
        .join(" and ")
}

/// What is said where a private key stands among what was given by mistake.
fn keep_it(labels: &[String], wanted: &str) -> &'static str {
    if wanted != PRIVATE_KEY && labels.iter().any(|label| label.ends_with("PRIVATE KEY")) {
        "; a private key does not belong here, keep it to yourself"
    } else {
        ""
    }
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Finds and decodes every block of a text.
///
/// # Errors
///
/// The first fault, with its line. A text with no block at all is a fault, and so
/// is a block that is encrypted in OpenSSL's older form.
pub fn blocks(text: &str) -> Result<Vec<Block>, PemError> {
    let blocks = blocks_maybe_encrypted(text)?;
    blocks.iter().try_for_each(plain)?;
    Ok(blocks)
}

/// Refuses a block that is encrypted in OpenSSL's older form.
fn plain(block: &Block) -> Result<(), PemError> {
    match block.dek_info {
        Some(_) => Err(PemError::EncryptedTraditional {
            label: block.label.clone(),
        }),
        None => Ok(()),
    }
}

/// Finds and decodes every block, encrypted ones too.
fn blocks_maybe_encrypted(text: &str) -> Result<Vec<Block>, PemError> {
    if text.len() > MAXIMUM_LENGTH {
        return Err(PemError::TooLarge { length: text.len() });
    }
    if text.trim().is_empty() {
        return Err(PemError::Empty);
    }
    let mut found = Vec::new();
    let mut open: Option<(String, usize, Zeroizing<String>)> = None;
    // A lone CR, LF or CRLF ends a line: the LF of a CRLF is a piece of its own,
    // and no line.
    let mut number = 0;
    let mut behind_return = false;
    for line in text.split_inclusive(['\n', '\r']) {
        number += usize::from(!(behind_return && line == "\n"));
        behind_return = line.ends_with('\r');
        let trimmed = line.trim().trim_start_matches('\u{feff}');
        if let Some(label) = boundary(trimmed, BEGIN) {
            if let Some((label, line, _)) = open {
                return Err(PemError::Truncated { label, line });
            }
            open = Some((label.to_owned(), number, Zeroizing::default()));
        } else if let Some(end) = boundary(trimmed, END) {
            let Some((label, begin_line, body)) = open.take() else {
                continue;
            };
            if label != end {
                return Err(PemError::LabelMismatch {
                    begin: label,
                    end: end.to_owned(),
                    line: number,
                });
            }
            found.push(decode(label, begin_line, &body)?);
        } else if let Some((_, _, body)) = &mut open {
            body.push_str(trimmed);
            body.push('\n');
        }
    }
    if let Some((label, line, _)) = open {
        return Err(PemError::Truncated { label, line });
    }
    if found.is_empty() {
        // 0x30 is a SEQUENCE, and a byte beyond ASCII was replaced when the
        // file was read as text.
        let looks_like_der = text.starts_with('0') && text.contains('\u{fffd}');
        return Err(if looks_like_der {
            PemError::Der
        } else {
            PemError::NotPem
        });
    }
    Ok(found)
}

/// Reads the only block of a text.
///
/// # Errors
///
/// Any fault of [`blocks`], another label than one of `labels`, or a second
/// block.
pub fn single(text: &str, wanted: &'static str, labels: &[&str]) -> Result<Block, PemError> {
    // A key where none belongs is a key in the first place, encrypted or not.
    let block = only(blocks_maybe_encrypted(text)?, wanted, labels)?;
    plain(&block)?;
    Ok(block)
}

/// The same, where the block may be encrypted in OpenSSL's older form.
pub(super) fn single_maybe_encrypted(
    text: &str,
    wanted: &'static str,
    labels: &[&str],
) -> Result<Block, PemError> {
    only(blocks_maybe_encrypted(text)?, wanted, labels)
}

fn only(mut blocks: Vec<Block>, wanted: &'static str, labels: &[&str]) -> Result<Block, PemError> {
    // OpenSSL writes EC keys behind their curve's parameters.
    blocks.retain(|block| block.label != "EC PARAMETERS");
    if blocks
        .iter()
        .all(|block| !labels.contains(&block.label.as_str()))
    {
        return Err(PemError::UnexpectedLabel {
            wanted,
            found: blocks.into_iter().map(|block| block.label).collect(),
        });
    }
    if blocks.len() > 1 {
        return Err(PemError::TooMany {
            wanted,
            count: blocks.len(),
        });
    }
    blocks.pop().ok_or(PemError::NotPem)
}

/// Reads every block of a text that holds blocks of one kind, and at least one.
///
/// # Errors
///
/// Any fault of [`blocks`], or a block with another label than one of `labels`.
pub fn several(text: &str, wanted: &'static str, labels: &[&str]) -> Result<Vec<Block>, PemError> {
    let blocks = blocks_maybe_encrypted(text)?;
    if blocks
        .iter()
        .any(|block| !labels.contains(&block.label.as_str()))
    {
        return Err(PemError::UnexpectedLabel {
            wanted,
            found: blocks.into_iter().map(|block| block.label).collect(),
        });
    }
    blocks.iter().try_for_each(plain)?;
    Ok(blocks)
}

/// Writes one block, 64 characters a line, with `\n` line endings, as RFC 7468
/// section 2 has it.
pub(crate) fn encode(label: &str, der: &[u8]) -> Result<String, pem_rfc7468::Error> {
    pem_rfc7468::encode_string(label, LineEnding::LF, der)
}

fn boundary<'a>(line: &'a str, kind: &str) -> Option<&'a str> {
    line.strip_prefix(kind)?.strip_suffix(DASHES)
}

fn decode(label: String, line: usize, body: &str) -> Result<Block, PemError> {
    // Header fields are the lines with a colon, which base64 lacks (RFC 1421
    // section 4.4).
    let (headers, body): (Vec<&str>, Vec<&str>) = body.lines().partition(|line| line.contains(':'));
    let field = |name: &str| {
        headers
            .iter()
            .find_map(|line| line.strip_prefix(name))
            .map(|value| value.trim().to_owned())
    };
    let encrypted = field("Proc-Type:").is_some() || field("DEK-Info:").is_some();
    let dek_info = encrypted.then(|| field("DEK-Info:").unwrap_or_default());
    if !headers.is_empty() && !encrypted {
        return Err(PemError::Base64 { label, line });
    }
    // `pem-rfc7468` wants lines of one width: give it those.
    let base64: Zeroizing<String> = Zeroizing::new(
        body.iter()
            .flat_map(|line| line.chars())
            .filter(|character| !character.is_whitespace())
            .collect(),
    );
    let mut normal = Zeroizing::new(String::with_capacity(
        base64.len() + base64.len() / 32 + 128,
    ));
    normal.extend([BEGIN, &label, DASHES, "\n"]);
    for (index, character) in base64.chars().enumerate() {
        if index > 0 && index % pem_rfc7468::BASE64_WRAP_WIDTH == 0 {
            normal.push('\n');
        }
        normal.push(character);
    }
    normal.extend(["\n", END, &label, DASHES, "\n"]);
    match pem_rfc7468::decode_vec(normal.as_bytes()) {
        Ok((_, der)) => Ok(Block {
            label,
            der: Zeroizing::new(der),
            dek_info,
        }),
        Err(_) => Err(PemError::Base64 { label, line }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "-----BEGIN TEST-----\nAAEC\nAwQF\n-----END TEST-----\n";

    fn fault(text: &str) -> PemError {
        blocks(text).err().unwrap()
    }

    #[test]
    fn text_around_blocks_and_any_line_ending_or_width_is_fine() {
        for text in [
            BLOCK.to_owned(),
            BLOCK.replace('\n', "\r\n"),
            BLOCK.replace('\n', "\r"),
            BLOCK.trim_end().to_owned(),
            format!("Bag Attributes\n  x\n{BLOCK}tail"),
            BLOCK.replace("AAEC\n", "AAEC"),
            format!("\u{feff}{BLOCK}"),
            BLOCK.replace('\n', "  \n  "),
        ] {
            let found = blocks(&text).unwrap();
            assert_eq!(found.len(), 1, "{text:?}");
            assert_eq!(found[0].der.as_slice(), [0, 1, 2, 3, 4, 5], "{text:?}");
        }
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(fault(""), PemError::Empty);
        assert_eq!(fault("hello"), PemError::NotPem);
        assert_eq!(
            fault(&format!("{BLOCK}-----BEGIN X-----\nAAEC\n")),
            PemError::Truncated {
                label: "X".into(),
                line: 5
            }
        );
        assert_eq!(
            fault(&format!("{BLOCK}-----BEGIN X-----\nAAEC\n").replace('\n', "\r\n")),
            PemError::Truncated {
                label: "X".into(),
                line: 5
            }
        );
        assert_eq!(
            fault("-----BEGIN A-----\nAAEC\n-----END B-----\n"),
            PemError::LabelMismatch {
                begin: "A".into(),
                end: "B".into(),
                line: 3
            }
        );
        assert_eq!(
            fault("\n-----BEGIN A-----\nA!EC\n-----END A-----\n"),
            PemError::Base64 {
                label: "A".into(),
                line: 2
            }
        );
        assert_eq!(
            fault(&"x".repeat(50_000_000)),
            PemError::TooLarge { length: 50_000_000 }
        );
    }

    #[test]
    fn a_second_block_or_another_kind_is_refused() {
        assert_eq!(
            single(&BLOCK.repeat(2), "one test", &["TEST"]).err(),
            Some(PemError::TooMany {
                wanted: "one test",
                count: 2
            })
        );
        let error = single(
            &BLOCK.replace("TEST", "RSA PRIVATE KEY"),
            "a CSR",
            &["TEST"],
        )
        .err()
        .unwrap();
        assert_eq!(
            error.to_string(),
            "this is a private key, not a CSR; a private key does not belong here, keep it to yourself"
        );
    }

    #[test]
    fn an_encrypted_key_where_none_belongs_is_a_key_in_the_first_place() {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
                   DEK-Info: AES-128-CBC,00\n\nAAEC\n-----END RSA PRIVATE KEY-----\n";
        let kept = "a private key does not belong here, keep it to yourself";
        let alone = single(key, "a CSR", &["CERTIFICATE REQUEST"]);
        assert!(alone.err().unwrap().to_string().contains(kept));
        let several = several(key, "a certificate", &["CERTIFICATE"]);
        assert!(several.err().unwrap().to_string().contains(kept));
        let wanted = single(key, "a private key", &["RSA PRIVATE KEY"]);
        assert!(matches!(
            wanted.err(),
            Some(PemError::EncryptedTraditional { .. })
        ));
    }
}
