//! Finding things in bytes: PEM blocks with whatever stands around them, DER
//! one after the other, base64 without its boundary lines. Nothing is read
//! here; what a thing seems to be is told from its label or its outline.

use base64ct::{Base64, Encoding};
use const_oid::db;
use der::{
    Decode, Header, Reader, SliceReader, Tag, Tagged,
    asn1::{AnyRef, ObjectIdentifier},
};
use zeroize::Zeroizing;

use super::{
    Content, Location, MAXIMUM_ITEMS, MAXIMUM_LENGTH,
    key::{Attempt, LockedFacts, LockedKind},
    opening,
    unreadable::{DataKind, Unreadable},
};
use crate::pki::{
    file::GivenFile,
    password_encryption::Budget,
    pem::{self, PemError},
};

/// One thing that was found.
pub(super) struct Found {
    /// Where.
    pub(super) location: Location,
    /// Its DER; empty where there is none.
    pub(super) der: Zeroizing<Vec<u8>>,
    /// What it is.
    pub(super) substance: Substance,
}

/// What a thing is, as far as finding it tells.
pub(super) enum Substance {
    /// DER of a kind that is still to be read.
    Der(DataKind),
    /// Known already.
    Read(Content),
}

/// Finds everything, and counts what is beyond [`MAXIMUM_ITEMS`].
pub(super) fn find(given: &[GivenFile], passphrase: Option<&str>) -> (Vec<Found>, usize) {
    let length: usize = given.iter().map(|given| given.contents.len()).sum();
    let mut search = Search {
        passphrase,
        attempts: 0,
        budget: Budget::of_several(),
        found: Vec::new(),
        left_out: 0,
    };
    let blank = |given: &GivenFile| given.contents.iter().all(u8::is_ascii_whitespace);
    if length > MAXIMUM_LENGTH {
        search.unreadable(&Location::of(""), Unreadable::TooLarge { length });
    } else if given.iter().all(blank) {
        search.unreadable(&Location::of(""), Unreadable::Empty);
    } else {
        for given in given.iter().filter(|given| !blank(given)) {
            search.bytes(&Location::of(&given.name), &given.contents, true);
        }
    }
    (search.found, search.left_out)
}

impl Location {
    fn of(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            label: None,
            in_pkcs12: None,
        }
    }
}

struct Search<'a> {
    passphrase: Option<&'a str>,
    /// How often the passphrase was tried.
    attempts: usize,
    /// The work that all attempts together may be.
    budget: Budget,
    found: Vec<Found>,
    left_out: usize,
}

impl<'a> Search<'a> {
    /// Whether there is room for one more; if not, it is counted.
    fn has_room(&mut self) -> bool {
        let room = self.found.len() < MAXIMUM_ITEMS;
        self.left_out += usize::from(!room);
        room
    }

    fn push(&mut self, location: &Location, der: &[u8], substance: Substance) {
        if self.has_room() {
            self.found.push(Found {
                location: location.clone(),
                der: Zeroizing::new(der.to_vec()),
                substance,
            });
        }
    }

    fn unreadable(&mut self, location: &Location, why: Unreadable) {
        self.push(location, &[], Substance::Read(Content::Unreadable(why)));
    }

    /// Looks through a file. `base64_may_be` is false within base64.
    fn bytes(&mut self, location: &Location, bytes: &[u8], base64_may_be: bool) {
        const JAVA_KEY_STORE: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
        let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
        if text.contains("-----BEGIN ") {
            self.pem(location, &text);
        } else if bytes.first() == Some(&0x30) && !is_base64(bytes) {
            self.der(location, bytes);
        } else if bytes.starts_with(&JAVA_KEY_STORE) {
            self.unreadable(location, Unreadable::JavaKeyStore);
        } else if base64_may_be && let Some(decoded) = base64(bytes) {
            self.bytes(location, &decoded, false);
        } else {
            self.unreadable(location, Unreadable::NotRecognised);
        }
    }

    /// Looks through a text with `-----BEGIN` in it. A fault in one block does
    /// not keep the others from being read.
    fn pem(&mut self, location: &Location, text: &str) {
        let segments = segments(text);
        if segments.is_empty() {
            self.unreadable(location, Unreadable::NotRecognised);
        }
        for (line, block) in segments {
            let mut location = location.clone();
            location.line = Some(line);
            if self.found.len() >= MAXIMUM_ITEMS {
                self.left_out += 1;
                continue;
            }
            match pem::blocks(block) {
                Ok(blocks) => {
                    for block in blocks {
                        let mut location = location.clone();
                        location.label = Some(block.label.clone());
                        self.block(&location, &block.label, &block.der);
                    }
                }
                Err(PemError::EncryptedTraditional { label }) => {
                    let mut location = location.clone();
                    location.label = Some(label.clone());
                    self.traditional(&location, block);
                }
                Err(error) => self.unreadable(&location, shifted(error, line - 1).into()),
            }
        }
    }

    fn block(&mut self, location: &Location, label: &str, der: &[u8]) {
        let kind = match label {
            "CERTIFICATE" | "X509 CERTIFICATE" => DataKind::Certificate,
            // OpenSSL's own, with what it trusts the certificate for behind it.
            "TRUSTED CERTIFICATE" => {
                let first = series(der).next().and_then(Result::ok).unwrap_or(der);
                return self.push(location, first, Substance::Der(DataKind::Certificate));
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => DataKind::Request,
            "X509 CRL" => DataKind::RevocationList,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => DataKind::PublicKey,
            "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => DataKind::PrivateKey,
            "ENCRYPTED PRIVATE KEY" => DataKind::EncryptedPrivateKey,
            "PKCS12" => DataKind::Pkcs12,
            "PKCS7" => return self.unreadable(location, Unreadable::Pkcs7),
            // OpenSSL writes EC keys behind their curve's parameters.
            "EC PARAMETERS" => return,
            label => {
                let label = label.to_owned();
                return self.unreadable(location, Unreadable::UnknownLabel { label });
            }
        };
        self.kind(location, kind, der);
    }

    /// Looks through DER, one thing after the other.
    fn der(&mut self, location: &Location, bytes: &[u8]) {
        let mut first = true;
        for element in series(bytes) {
            // What is only counted need not be known.
            if self.found.len() >= MAXIMUM_ITEMS {
                self.left_out += 1;
                continue;
            }
            match element {
                Ok(element) => match kind(element) {
                    Ok(kind) => self.kind(location, kind, element),
                    Err(why) => self.unreadable(location, why),
                },
                Err(why) if first => self.unreadable(location, why),
                Err(_) => self.unreadable(location, Unreadable::NotRecognised),
            }
            first = false;
        }
    }

    fn kind(&mut self, location: &Location, kind: DataKind, der: &[u8]) {
        match kind {
            DataKind::EncryptedPrivateKey => {
                let opened = self.attempt().and_then(|passphrase| {
                    opening::encrypted_private_key(der, passphrase, &mut self.budget)
                });
                self.opened(location, LockedKind::Pkcs8, der, opened);
            }
            DataKind::Pkcs12 => {
                if !self.has_room() {
                    return;
                }
                let opened = match self.attempt() {
                    Ok(passphrase) => opening::pkcs12(der, passphrase, &mut self.budget),
                    Err(attempt) => Err(Box::new(Content::Locked(opening::locked_pkcs12(attempt)))),
                };
                match opened {
                    Err(content) => self.push(location, &[], Substance::Read(*content)),
                    Ok((integrity, contents)) => {
                        let mut inside = location.clone();
                        inside.in_pkcs12 = Some(integrity);
                        for (kind, der) in &contents {
                            self.push(&inside, der, Substance::Der(*kind));
                        }
                    }
                }
            }
            kind => self.push(location, der, Substance::Der(kind)),
        }
    }

    /// The passphrase for one more attempt.
    fn attempt(&mut self) -> Result<Option<&'a str>, Attempt> {
        self.attempts += 1;
        if self.attempts > opening::MAXIMUM_ATTEMPTS {
            return Err(Attempt::NotPossible {
                reason: format!(
                    "only {} are tried at a time; give fewer",
                    opening::MAXIMUM_ATTEMPTS
                ),
            });
        }
        Ok(self.passphrase)
    }

    fn traditional(&mut self, location: &Location, block: &str) {
        let opened = self
            .attempt()
            .and_then(|passphrase| opening::traditional(block, passphrase));
        self.opened(location, LockedKind::Traditional, &[], opened);
    }

    fn opened(
        &mut self,
        location: &Location,
        kind: LockedKind,
        der: &[u8],
        opened: Result<Zeroizing<Vec<u8>>, Attempt>,
    ) {
        match opened {
            Ok(key) => self.push(location, &key, Substance::Der(DataKind::PrivateKey)),
            Err(attempt) => self.locked(location, kind, opening::scheme(der), attempt),
        }
    }

    fn locked(&mut self, location: &Location, kind: LockedKind, scheme: String, attempt: Attempt) {
        let facts = LockedFacts {
            kind,
            scheme,
            attempt,
        };
        self.push(location, &[], Substance::Read(Content::Locked(facts)));
    }
}

/// The blocks of a text, each with the line of its `-----BEGIN`, counted from
/// 1. A block ends with its `-----END` line, or where the next one begins.
fn segments(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut line = 1;
    let mut offset = 0;
    for piece in text.split_inclusive(['\n', '\r']) {
        let end = offset + piece.len();
        let trimmed = piece.trim().trim_start_matches('\u{feff}');
        if trimmed.starts_with("-----BEGIN ") {
            if let Some((line, start)) = open {
                found.push((line, &text[start..offset]));
            }
            open = Some((line, offset));
        } else if trimmed.starts_with("-----END ")
            && let Some((line, start)) = open.take()
        {
            found.push((line, &text[start..end]));
        }
        offset = end;
        // CRLF ends one line, not two.
        if piece.ends_with('\n') || piece.ends_with('\r') && !text[end..].starts_with('\n') {
            line += 1;
        }
    }
    if let Some((line, start)) = open {
        found.push((line, &text[start..]));
    }
    found
}

/// An error about a part of a text, with the lines of the whole.
fn shifted(error: PemError, by: usize) -> PemError {
    match error {
        PemError::Truncated { label, line } => PemError::Truncated {
            label,
            line: line + by,
        },
        PemError::LabelMismatch { begin, end, line } => PemError::LabelMismatch {
            begin,
            end,
            line: line + by,
        },
        PemError::Base64 { label, line } => PemError::Base64 {
            label,
            line: line + by,
        },
        error => error,
    }
}

/// Whether bytes are nothing but base64, of a length that is worth looking at.
fn is_base64(bytes: &[u8]) -> bool {
    (40..=2 * pem::MAXIMUM_LENGTH).contains(&bytes.len())
        && bytes.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || byte.is_ascii_whitespace()
                || matches!(byte, b'+' | b'/' | b'=')
        })
}

/// Base64 without boundary lines, as Kubernetes keeps files in a Secret.
fn base64(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if !is_base64(bytes) {
        return None;
    }
    let text: Zeroizing<Vec<u8>> = Zeroizing::new(
        bytes
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect(),
    );
    let text = std::str::from_utf8(&text).ok()?;
    Base64::decode_vec(text).ok().map(Zeroizing::new)
}

/// The elements of a series of DER, up to the first that is none.
fn series(bytes: &[u8]) -> impl Iterator<Item = Result<&[u8], Unreadable>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let element = first_element(rest);
        rest = match &element {
            Ok(element) => rest.get(element.len()..).unwrap_or_default(),
            Err(_) => &[],
        };
        Some(element)
    })
}

/// The first element of some DER, header and all.
fn first_element(bytes: &[u8]) -> Result<&[u8], Unreadable> {
    if bytes.starts_with(&[0x30, 0x80]) {
        return Err(Unreadable::IndefiniteLength);
    }
    let mut reader = SliceReader::new(bytes).map_err(|_| Unreadable::NotRecognised)?;
    let header = Header::decode(&mut reader).map_err(|_| Unreadable::NotRecognised)?;
    let contents = usize::try_from(u32::from(header.length())).unwrap_or(usize::MAX);
    let start = usize::try_from(u32::from(reader.position())).unwrap_or(usize::MAX);
    let end = start.saturating_add(contents);
    if header.tag() != Tag::Sequence {
        return Err(Unreadable::NotRecognised);
    }
    bytes.get(..end).ok_or_else(|| Unreadable::BreaksOff {
        missing: end.saturating_sub(bytes.len()),
    })
}

/// The children of an element.
fn children(element: &[u8]) -> Vec<AnyRef<'_>> {
    let mut children = Vec::new();
    let Ok(outer) = AnyRef::from_der(element) else {
        return children;
    };
    let Ok(mut reader) = SliceReader::new(outer.value()) else {
        return children;
    };
    // No outline needs more than the first ten.
    while children.len() < 10 && !reader.is_finished() {
        match AnyRef::decode(&mut reader) {
            Ok(child) => children.push(child),
            Err(_) => break,
        }
    }
    children
}

/// What an element seems to be, by its outline.
fn kind(element: &[u8]) -> Result<DataKind, Unreadable> {
    let outer = children(element);
    let tags: Vec<Tag> = outer.iter().map(Tagged::tag).collect();
    let Some(first) = outer.first() else {
        return Err(Unreadable::UnknownKind);
    };
    match tags.as_slice() {
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => Ok(signed_kind(*first)),
        [Tag::Sequence, Tag::OctetString] => Ok(DataKind::EncryptedPrivateKey),
        [Tag::Sequence, Tag::BitString] | [Tag::Integer, Tag::Integer] => Ok(DataKind::PublicKey),
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..]
        | [Tag::Integer, Tag::OctetString, ..]
        | [Tag::Integer, Tag::Integer, Tag::Integer, ..] => Ok(DataKind::PrivateKey),
        [Tag::Integer, Tag::Sequence, ..] => Ok(DataKind::Pkcs12),
        [Tag::ObjectIdentifier, ..]
            if first.decode_as::<ObjectIdentifier>() == Ok(db::rfc5911::ID_SIGNED_DATA) =>
        {
            Err(Unreadable::Pkcs7)
        }
        _ => Err(Unreadable::UnknownKind),
    }
}

/// Which of the three signed things has these contents: a certificate begins
/// with its version `[0]`, or, in version 1, with a serial number that six
/// more elements follow; a CSR with a version that a name follows.
fn signed_kind(contents: AnyRef<'_>) -> DataKind {
    let mut tags = Vec::new();
    if let Ok(mut reader) = SliceReader::new(contents.value()) {
        while tags.len() < 4 && !reader.is_finished() {
            match AnyRef::decode(&mut reader) {
                Ok(child) => tags.push(child.tag()),
                Err(_) => break,
            }
        }
    }
    match tags.as_slice() {
        [Tag::Sequence, ..] | [_, _, _, Tag::UtcTime | Tag::GeneralizedTime] => {
            DataKind::RevocationList
        }
        [Tag::Integer, _, _] => DataKind::Request,
        [Tag::Integer, _, _, fourth] if fourth.is_context_specific() => DataKind::Request,
        _ => DataKind::Certificate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let text = "a\r\nb\r-----BEGIN X-----\nx\n-----END X-----\r\n\n-----BEGIN Y-----\ny";
        let found = segments(text);
        assert_eq!(found[0], (3, "-----BEGIN X-----\nx\n-----END X-----\r"));
        assert_eq!(found[1], (7, "-----BEGIN Y-----\ny"));
    }

    #[test]
    fn der_that_breaks_off_says_how_much_is_missing() {
        assert_eq!(
            first_element(&[0x30, 0x82, 0x01, 0x00, 0x30]),
            Err(Unreadable::BreaksOff { missing: 255 })
        );
        assert_eq!(
            first_element(&[0x30, 0x80, 0, 0]),
            Err(Unreadable::IndefiniteLength)
        );
    }
}
