//! The anatomy of a certificate, CSR, CRL or public key: its DER as a tree of
//! elements, each with its place among the bytes, its name in the standard, and what
//! it says. The headers are read by `der`; which element is which follows from
//! [`Field::child`]. Whatever does not fit is an element too. Private keys have
//! none: their bytes are shown nowhere.

mod field;
mod value;

use std::ops::Range;

use der::{Decode, Header, Reader, SliceReader, Tag, asn1::ObjectIdentifier};
use serde::{Deserialize, Serialize};

pub use self::field::{Concern, Field};

use self::value::{summary, value};
use crate::pki::pem;

/// The most bytes that are shown. A certificate has one or two thousand, one signed
/// by ML-DSA-87 somewhat above seven.
pub const MAXIMUM_BYTES: usize = 8 << 10;

/// The most elements that are shown.
pub const MAXIMUM_ELEMENTS: usize = 400;

/// Elements that are nested deeper are shown as bytes.
const DEEPEST: usize = 20;

/// A thing, taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anatomy {
    /// Its PEM label.
    pub label: String,
    /// How many bytes it has.
    pub length: usize,
    /// Those that are shown: all of them, where they are not too many.
    pub bytes: Vec<u8>,
    /// Its elements, each before what is in it.
    pub elements: Vec<Element>,
}

/// An element of DER: a tag, a length, and contents (X.690 section 8.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Where it begins.
    pub offset: usize,
    /// How many bytes its tag and length take.
    pub header: usize,
    /// How many bytes its contents take.
    pub length: usize,
    /// How many elements it is in.
    pub depth: usize,
    /// Its type, as ASN.1 writes it: `SEQUENCE`, `[3]`.
    pub tag: String,
    /// What it is.
    pub field: Field,
    /// What it says, where that is worth a line.
    pub value: String,
}

impl Element {
    /// Where it begins and ends in the PEM, both included.
    #[must_use]
    pub fn in_pem(&self) -> (PemPosition, PemPosition) {
        let last = (self.end() * 4).div_ceil(3).saturating_sub(1);
        (pem_place(base64_character(self.offset)), pem_place(last))
    }

    /// The first byte behind it.
    #[must_use]
    pub fn end(&self) -> usize {
        self.offset + self.header + self.length
    }
}

/// A place in PEM as people find it, both counted from 1; the `BEGIN` line is the
/// first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PemPosition {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Characters of base64 in a line of PEM (RFC 7468 section 2).
pub const PEM_WIDTH: usize = 64;

/// The character of base64 in which a byte begins: four of them hold three bytes, so
/// that one character may hold the end of a byte and the beginning of the next.
#[must_use]
pub const fn base64_character(byte: usize) -> usize {
    byte * 4 / 3
}

/// Where a character of base64 stands.
fn pem_place(character: usize) -> PemPosition {
    PemPosition {
        line: 2 + character / PEM_WIDTH,
        column: 1 + character % PEM_WIDTH,
    }
}

impl Anatomy {
    /// Takes a PEM block apart; nothing if it is damaged, or a kind that is not shown.
    #[must_use]
    pub fn of_pem(text: &str) -> Option<Self> {
        let [block] = <[_; 1]>::try_from(pem::blocks(text).ok()?).ok()?;
        let root = match block.label.as_str() {
            "CERTIFICATE" => Field::Certificate,
            "CERTIFICATE REQUEST" => Field::Request,
            "X509 CRL" => Field::RevocationList,
            "PUBLIC KEY" => Field::PublicKeyInfo,
            "RSA PUBLIC KEY" => Field::RsaPublicKey,
            _ => return None,
        };
        Some(Self::of_der(root, &block.label, &block.der))
    }

    fn of_der(root: Field, label: &str, der: &[u8]) -> Self {
        let mut walk = Walk {
            der,
            elements: Vec::new(),
            behind: None,
        };
        walk.series(0..der.len(), 0, &mut |_, _| root);
        let shown = walk.behind.unwrap_or(der.len()).min(MAXIMUM_BYTES);
        let bytes = der.get(..shown).unwrap_or(der).to_vec();
        Self {
            label: label.to_owned(),
            length: der.len(),
            bytes,
            elements: walk.elements,
        }
    }

    /// Whether only its beginning is shown.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.bytes.len() < self.length
    }
}

/// A walk through DER.
struct Walk<'a> {
    der: &'a [u8],
    elements: Vec<Element>,
    /// Where the first element begins that is not shown.
    behind: Option<usize>,
}

impl Walk<'_> {
    /// Walks through elements that follow each other. `field` says what each is, by
    /// the one before it and its tag.
    fn series(
        &mut self,
        range: Range<usize>,
        depth: usize,
        field: &mut dyn FnMut(Option<Field>, Tag) -> Field,
    ) {
        let mut start = range.start;
        let mut before = None;
        while start < range.end {
            if self.elements.len() >= MAXIMUM_ELEMENTS || start >= MAXIMUM_BYTES {
                self.behind.get_or_insert(start);
                return;
            }
            let rest = self.der.get(start..range.end).unwrap_or_default();
            let Some((tag, header, length)) = head(rest) else {
                self.elements.push(Element {
                    offset: start,
                    header: 0,
                    length: rest.len(),
                    depth,
                    tag: "bytes".to_owned(),
                    field: Field::NoDer,
                    value: String::new(),
                });
                return;
            };
            let here = field(before, tag);
            before = Some(here);
            self.element(start, (tag, header, length), depth, here);
            start += header + length;
        }
    }

    /// Enters an element, and what is in it.
    fn element(&mut self, offset: usize, (tag, header, length): Head, depth: usize, field: Field) {
        let inside = offset + header..offset + header + length;
        let whole = self.der.get(offset..inside.end).unwrap_or_default();
        let contents = whole.get(header..).unwrap_or_default();
        let place = self.elements.len();
        self.elements.push(Element {
            offset,
            header,
            length,
            depth,
            tag: written(tag),
            field,
            value: value(field, tag, whole, contents),
        });
        if depth >= DEEPEST {
            return;
        }
        // Some strings hold DER of their own; the first byte of a BIT STRING says how
        // many bits of the last one do not count (X.690 section 8.6.2).
        let (begin, holds_der) = match tag {
            Tag::OctetString => (inside.start, field.holds_der() && is_der(contents)),
            Tag::BitString => {
                let bits = contents.get(1..).unwrap_or_default();
                (inside.start + 1, field.holds_der() && is_der(bits))
            }
            tag => (inside.start, tag.is_constructed()),
        };
        if holds_der {
            let identifier = self.identifier_before(place, field);
            self.series(begin..inside.end, depth + 1, &mut |before, tag| {
                field.child(before, tag, identifier)
            });
        }
        let (above, within) = self.elements.split_at_mut(place + 1);
        if let Some(element) = above.last_mut()
            && element.value.is_empty()
        {
            element.value = summary(field, within);
        }
    }

    /// The object identifier that says what a string holds: the last one in the
    /// extension or key before it.
    fn identifier_before(&self, place: usize, field: Field) -> Option<ObjectIdentifier> {
        let wanted = field.named_by()?;
        let before = self.elements.get(..place)?;
        let named = before
            .iter()
            .rev()
            .find(|element| element.field == wanted)?;
        ObjectIdentifier::from_der(self.der.get(named.offset..named.end())?).ok()
    }
}

/// A tag, and how many bytes header and contents take.
type Head = (Tag, usize, usize);

/// The head of the first element; nothing if its contents are not all there.
fn head(bytes: &[u8]) -> Option<Head> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let read = Header::decode(&mut reader).ok()?;
    let header = usize::try_from(u32::from(reader.position())).ok()?;
    let length = usize::try_from(u32::from(read.length())).ok()?;
    (header.checked_add(length)? <= bytes.len()).then_some((read.tag(), header, length))
}

/// Whether bytes are exactly one element.
fn is_der(bytes: &[u8]) -> bool {
    head(bytes).is_some_and(|(_, header, length)| header + length == bytes.len())
}

/// A tag as ASN.1 writes it.
fn written(tag: Tag) -> String {
    match tag {
        Tag::ContextSpecific { number, .. } => format!("[{}]", number.value()),
        tag => tag.to_string(),
    }
}

#[cfg(test)]
mod tests;
