//! The inspector: bytes of any kind in, facts out. It tells what
//! `openssl x509 -text` and its siblings would tell, of certificates, CSRs,
//! CRLs, keys and PKCS#12 files, as PEM or DER, many at once, and how they
//! belong together. It decides nothing: who is trusted, and what etcd or Go
//! say, is for `etcd`. What can't be read is a fact too, with its reason; no
//! input makes it panic, and none makes it slow (see [`MAXIMUM_LENGTH`],
//! [`MAXIMUM_ITEMS`]). A private key's numbers never become part of the facts.

pub mod algorithm;
pub mod anatomy;
pub mod certificate;
pub mod certification_request;
pub mod extension;
mod finding;
pub mod general_name;
pub mod key;
mod opening;
pub mod relation;
pub mod remark;
mod review;
pub mod revocation_list;
pub mod signed;
pub mod unreadable;

use der::Decode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use spki::SubjectPublicKeyInfoRef;
use zeroize::Zeroizing;

use self::{
    certificate::CertificateFacts,
    certification_request::RequestFacts,
    finding::{Found, Substance},
    key::{LockedFacts, PrivateKeyFacts, PublicKeyFacts},
    revocation_list::RevocationListFacts,
    unreadable::{DataKind, Unreadable},
};
use super::{file::GivenFile, pem};

/// The most bytes that are looked at in all: forty times the certificates that
/// a Linux distribution trusts.
pub const MAXIMUM_LENGTH: usize = 8 << 20;

/// The most things that are read. What is beyond is counted, and said.
pub const MAXIMUM_ITEMS: usize = 200;

/// Everything that was found, and how it belongs together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// What was found, in the order in which it was given.
    pub items: Vec<Item>,
    /// The number of things that were not read because there are too many.
    pub left_out: usize,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Where it stands: more than once if it was given more than once.
    pub locations: Vec<Location>,
    /// What it is.
    pub content: Content,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The file's name; empty for what was pasted.
    pub file: String,
    /// The line of `-----BEGIN`, counted from 1, where it is PEM.
    pub line: Option<usize>,
    /// The PEM label, where it is PEM.
    pub label: Option<String>,
    /// What kept others from changing it, where it lay in a PKCS#12 file.
    pub in_pkcs12: Option<Pkcs12Integrity>,
}

/// What keeps a PKCS#12 file from being changed by whoever holds it (RFC 7292
/// section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pkcs12Integrity {
    /// A MAC under the passphrase, which held.
    Mac,
    /// Nothing.
    Nothing,
}

/// What something is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// A certificate.
    Certificate(Box<CertificateFacts>),
    /// A CSR.
    Request(Box<RequestFacts>),
    /// A CRL.
    RevocationList(Box<RevocationListFacts>),
    /// A private key that could be read.
    PrivateKey(PrivateKeyFacts),
    /// A public key on its own, and the whole as PEM.
    PublicKey(PublicKeyFacts, String),
    /// Something under a passphrase that could not be opened.
    Locked(LockedFacts),
    /// Something that can't be read.
    Unreadable(Unreadable),
}

impl Content {
    /// The public key that it has, or whose private half it is.
    #[must_use]
    pub fn public_key(&self) -> Option<&PublicKeyFacts> {
        match self {
            Self::Certificate(facts) => Some(&facts.key),
            Self::Request(facts) => Some(&facts.key),
            Self::PrivateKey(facts) => facts.public_key.as_ref(),
            Self::PublicKey(facts, _) => Some(facts),
            Self::RevocationList(_) | Self::Locked(_) | Self::Unreadable(_) => None,
        }
    }

    /// It as PEM, where that may be shown: a private key's is not, and neither is a
    /// CRL's that is too long.
    #[must_use]
    pub fn pem(&self) -> Option<&str> {
        match self {
            Self::Certificate(facts) => Some(&facts.pem),
            Self::Request(facts) => Some(&facts.pem),
            Self::RevocationList(facts) => facts.pem.as_deref(),
            Self::PublicKey(_, pem) => Some(pem),
            Self::PrivateKey(_) | Self::Locked(_) | Self::Unreadable(_) => None,
        }
    }

    /// The certificate, if it is one.
    #[must_use]
    pub fn certificate(&self) -> Option<&CertificateFacts> {
        match self {
            Self::Certificate(facts) => Some(facts),
            _ => None,
        }
    }
}

impl Inspection {
    /// The certificate at a place among the items, if it is one.
    fn certificate(&self, place: usize) -> Option<&CertificateFacts> {
        self.items.get(place)?.content.certificate()
    }
}

/// Reads everything that is given. `passphrase` is tried on whatever is
/// encrypted; `now` decides what has ended.
#[must_use]
pub fn inspect(given: &[GivenFile], passphrase: Option<&str>, now: Timestamp) -> Inspection {
    let (found, left_out) = finding::find(given, passphrase);
    let mut read: Vec<(Item, Zeroizing<Vec<u8>>)> = Vec::new();
    for Found {
        location,
        der,
        substance,
    } in found
    {
        let content = match substance {
            Substance::Read(content) => content,
            Substance::Der(kind) => read_der(kind, &der, now),
        };
        // The same thing given twice is one thing in two places.
        let twin = read.iter_mut().find(|(item, known)| {
            !der.is_empty()
                && **known == *der
                && !matches!(item.content, Content::Locked(_) | Content::Unreadable(_))
        });
        match twin {
            Some((item, _)) => item.locations.push(location),
            None => read.push((
                Item {
                    locations: vec![location],
                    content,
                },
                der,
            )),
        }
    }
    relation::relate(&mut read);
    let mut inspection = Inspection {
        items: read.into_iter().map(|(item, _)| item).collect(),
        left_out,
    };
    review::review(&mut inspection, now);
    inspection
}

/// A public key as PEM: as a `SubjectPublicKeyInfo` where it is one, else in PKCS#1
/// (RFC 8017 appendix A.1.1).
fn public_key_as_pem(der: &[u8]) -> String {
    let label = match SubjectPublicKeyInfoRef::from_der(der) {
        Ok(_) => "PUBLIC KEY",
        Err(_) => "RSA PUBLIC KEY",
    };
    pem::encode(label, der).unwrap_or_default()
}

/// Reads one thing whose kind is known.
fn read_der(kind: DataKind, der: &[u8], now: Timestamp) -> Content {
    let read = match kind {
        DataKind::Certificate => CertificateFacts::read(der, now)
            .map(|facts| Content::Certificate(Box::new(facts)))
            .map_err(|error| Unreadable::damaged(kind, &error)),
        DataKind::Request => RequestFacts::read(der)
            .map(|facts| Content::Request(Box::new(facts)))
            .map_err(|error| Unreadable::damaged(kind, &error)),
        DataKind::RevocationList => RevocationListFacts::read(der, now)
            .map(|facts| Content::RevocationList(Box::new(facts)))
            .map_err(|error| Unreadable::damaged(kind, &error)),
        DataKind::PrivateKey => PrivateKeyFacts::read(der).map(Content::PrivateKey),
        DataKind::PublicKey => PublicKeyFacts::read(der)
            .map(|facts| Content::PublicKey(facts, public_key_as_pem(der)))
            .map_err(|error| Unreadable::damaged(kind, &error)),
        DataKind::EncryptedPrivateKey | DataKind::Pkcs12 => Err(Unreadable::UnknownKind),
    };
    read.unwrap_or_else(Content::Unreadable)
}
