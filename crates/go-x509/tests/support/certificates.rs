//! Certificates assembled byte by byte, so that a test can make any mistake
//! it wants: every part is given as DER, with P-256 keys made from a number.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

/// A DER element.
pub(crate) fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    match contents.len() {
        length @ 0..=127 => der.push(length as u8),
        length @ 128..=255 => der.extend([0x81, length as u8]),
        length @ 256..=65_535 => der.extend([0x82, (length >> 8) as u8, length as u8]),
        length => der.extend([
            0x83,
            (length >> 16) as u8,
            (length >> 8) as u8,
            length as u8,
        ]),
    }
    der.extend_from_slice(contents);
    der
}

/// A SEQUENCE of elements.
pub(crate) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    element(0x30, &elements.concat())
}

/// An object identifier from dotted text.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    element(
        6,
        const_oid::ObjectIdentifier::new_unwrap(dotted).as_bytes(),
    )
}

/// An INTEGER from its contents.
pub(crate) fn integer(contents: &[u8]) -> Vec<u8> {
    element(2, contents)
}

/// A name with one attribute.
pub(crate) fn name_with(kind: &str, tag: u8, value: &[u8]) -> Vec<u8> {
    sequence(&[&element(
        0x31,
        &sequence(&[&oid(kind), &element(tag, value)]),
    )])
}

/// `CN=text` as `UTF8String`.
pub(crate) fn common_name(text: &str) -> Vec<u8> {
    name_with("2.5.4.3", 12, text.as_bytes())
}

/// A `UTCTime`.
pub(crate) fn utc_time(text: &str) -> Vec<u8> {
    element(0x17, text.as_bytes())
}

/// An extension.
pub(crate) fn extension(identifier: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag = if critical {
        element(1, &[0xff])
    } else {
        Vec::new()
    };
    sequence(&[&oid(identifier), &flag, &element(4, value)])
}

/// Basic constraints.
pub(crate) fn basic_constraints(authority: bool, length: Option<u8>) -> Vec<u8> {
    let flag = if authority {
        element(1, &[0xff])
    } else {
        Vec::new()
    };
    let length = length.map(|length| integer(&[length])).unwrap_or_default();
    extension("2.5.29.19", true, &sequence(&[&flag, &length]))
}

/// A key usage with these bits in the first byte.
pub(crate) fn key_usage(bits: u8) -> Vec<u8> {
    extension(
        "2.5.29.15",
        true,
        &element(3, &[bits.trailing_zeros().min(7) as u8, bits]),
    )
}

/// Extended key usages.
pub(crate) fn extended_key_usage(usages: &[&str]) -> Vec<u8> {
    let usages: Vec<Vec<u8>> = usages.iter().map(|usage| oid(usage)).collect();
    let usages: Vec<&[u8]> = usages.iter().map(Vec::as_slice).collect();
    extension("2.5.29.37", false, &sequence(&usages))
}

/// serverAuth
pub(crate) const SERVER: &str = "1.3.6.1.5.5.7.3.1";
/// clientAuth
pub(crate) const CLIENT: &str = "1.3.6.1.5.5.7.3.2";

/// A SAN of general names: tag number and contents.
pub(crate) fn alternative_names(names: &[(u8, &[u8])]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = names
        .iter()
        .map(|(number, value)| element(0x80 | number, value))
        .collect();
    let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    extension("2.5.29.17", false, &sequence(&names))
}

/// Name constraints: permitted and excluded general names.
pub(crate) fn name_constraints(permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]) -> Vec<u8> {
    let side = |number: u8, names: &[(u8, &[u8])]| {
        if names.is_empty() {
            return Vec::new();
        }
        let names: Vec<Vec<u8>> = names
            .iter()
            .map(|(number, value)| sequence(&[&element(0x80 | number, value)]))
            .collect();
        element(0xa0 | number, &names.concat())
    };
    extension(
        "2.5.29.30",
        true,
        &sequence(&[&side(0, permitted), &side(1, excluded)]),
    )
}

/// ecdsa-with-SHA256
pub(crate) fn ecdsa_sha256() -> Vec<u8> {
    sequence(&[&oid("1.2.840.10045.4.3.2")])
}

/// A P-256 key, the same for the same number.
pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[number.max(1); 32]).expect("a scalar in range")
}

/// The subject public key info of a key.
pub(crate) fn public_key(key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_sec1_point(false);
    let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]);
    sequence(&[&algorithm, &element(3, &[&[0], point.as_bytes()].concat())])
}

/// The key as PEM, SEC1.
pub(crate) fn private_key_pem(key: &SigningKey) -> Vec<u8> {
    let scalar = key.to_bytes();
    let der = sequence(&[
        &integer(&[1]),
        &element(4, &scalar),
        &element(0xa0, &oid("1.2.840.10045.3.1.7")),
    ]);
    pem("EC PRIVATE KEY", &der)
}

/// A PEM block.
pub(crate) fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, der)
        .expect("a label of letters")
        .into_bytes()
}

/// A certificate in parts, each DER.
#[derive(Clone)]
pub(crate) struct Parts {
    /// `[0]` with the version; empty for version 1.
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) inner_algorithm: Vec<u8>,
    pub(crate) outer_algorithm: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) not_before: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    /// Extensions; `None` leaves `[3]` out.
    pub(crate) extensions: Option<Vec<Vec<u8>>>,
}

impl Parts {
    /// A certificate of version 3 for `subject`, by `issuer`.
    pub(crate) fn new(
        subject: &str,
        subject_key: &SigningKey,
        issuer: &str,
        extensions: Vec<Vec<u8>>,
    ) -> Self {
        Self {
            version: element(0xa0, &integer(&[2])),
            serial: integer(&[0x30, subject.len() as u8]),
            inner_algorithm: ecdsa_sha256(),
            outer_algorithm: ecdsa_sha256(),
            issuer: common_name(issuer),
            not_before: utc_time("250101000000Z"),
            not_after: utc_time("360101000000Z"),
            subject: common_name(subject),
            public_key: public_key(subject_key),
            extensions: Some(extensions),
        }
    }

    /// What is signed.
    pub(crate) fn to_be_signed(&self) -> Vec<u8> {
        let extensions = self
            .extensions
            .as_ref()
            .map(|list| element(0xa3, &element(0x30, &list.concat())));
        sequence(&[
            &self.version,
            &self.serial,
            &self.inner_algorithm,
            &self.issuer,
            &sequence(&[&self.not_before, &self.not_after]),
            &self.subject,
            &self.public_key,
            &extensions.unwrap_or_default(),
        ])
    }

    /// The certificate, signed.
    pub(crate) fn sign(&self, issuer: &SigningKey) -> Vec<u8> {
        sign(&self.to_be_signed(), &self.outer_algorithm, issuer)
    }
}

/// Any to-be-signed part, signed.
pub(crate) fn sign(to_be_signed: &[u8], algorithm: &[u8], issuer: &SigningKey) -> Vec<u8> {
    let signature: Signature = issuer.sign(to_be_signed);
    let bits = element(3, &[&[0], signature.to_der().as_bytes()].concat());
    sequence(&[to_be_signed, algorithm, &bits])
}
